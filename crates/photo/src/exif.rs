//! EXIF: what the camera wrote beside the picture.
//!
//! Many cameras write one entry wrongly and the rest well, so each entry is read
//! for itself, and what cannot be so is noted instead of believed.

use std::io::Cursor;

use ::exif::{DateTime, Exif, Field, In, Reader, Tag, Value};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use domain::evidence::{Facts, Oddity, PhotoPlace};
use domain::geo::{Point, System};

use crate::Format;

/// No camera, program or zone has a longer name, in characters.
const LONGEST: usize = 80;

/// What came of looking for EXIF.
#[derive(Default)]
pub(crate) struct Read {
    exif: Option<Exif>,
    /// Whether there is EXIF that could not be read at all.
    pub(crate) damaged: bool,
    /// The picture's size as EXIF gives it.
    pub(crate) dimensions: Option<(u32, u32)>,
}

/// Looks for EXIF in a picture of this format.
pub(crate) fn read(bytes: &[u8], format: Format) -> Read {
    if matches!(format, Format::Gif | Format::Bmp) {
        return Read::default();
    }
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let (exif, damaged) = match reader.read_from_container(&mut Cursor::new(bytes)) {
        Ok(exif) => (Some(exif), false),
        Err(::exif::Error::NotFound(_)) => (None, false),
        // One entry that is wrong is nothing odd; what it would have said is missing.
        Err(error @ ::exif::Error::PartialResult(_)) => (error.distill_partial_result(|_| ()).ok(), false),
        Err(_) => (None, has_mark(bytes)),
    };
    let side = |exif: &Exif, tags: [Tag; 2]| {
        let first = tags.iter().find_map(|tag| exif.get_field(*tag, In::PRIMARY)?.value.get_uint(0));
        first.filter(|side| (1..=crate::LARGEST_SIDE).contains(side))
    };
    let dimensions = exif.as_ref().and_then(|exif| {
        let width = side(exif, [Tag::PixelXDimension, Tag::ImageWidth])?;
        Some((width, side(exif, [Tag::PixelYDimension, Tag::ImageLength])?))
    });
    Read { exif, damaged, dimensions }
}

/// Whether a file that cannot be read for EXIF says that it has some.
fn has_mark(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(64 << 10)].windows(6).any(|window| window == b"Exif\0\0")
}

/// Fills the facts from EXIF.
pub(crate) fn fill(read: &Read, facts: &mut Facts) {
    let Some(exif) = &read.exif else { return };
    facts.exif = exif.fields().len() > 0;
    let field = |tag| exif.get_field(tag, In::PRIMARY);
    let text = |tag| field(tag).and_then(plain);
    facts.orientation = field(Tag::Orientation)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|way| u8::try_from(way).ok())
        .filter(|way| (1..=8).contains(way))
        .unwrap_or(1);
    let original = field(Tag::DateTimeOriginal).or_else(|| field(Tag::DateTimeDigitized));
    facts.taken = time(original, &mut facts.odd);
    facts.changed = time(field(Tag::DateTime), &mut facts.odd);
    facts.offset = text(Tag::OffsetTimeOriginal).or_else(|| text(Tag::OffsetTime)).filter(|zone| is_zone(zone));
    facts.camera = camera(text(Tag::Make), text(Tag::Model));
    facts.software = text(Tag::Software).or_else(|| text(Tag(::exif::Context::Tiff, 0x000b)));
    facts.satellite = satellite(exif);
    facts.place = place(exif, &mut facts.odd);
}

/// A picture's own small JPEG, as its camera made it.
pub(crate) fn embedded(read: &Read) -> Option<&[u8]> {
    let exif = read.exif.as_ref()?;
    let number = |tag| usize::try_from(exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0)?).ok();
    let from = number(Tag::JPEGInterchangeFormat)?;
    let end = from.checked_add(number(Tag::JPEGInterchangeFormatLength)?)?;
    exif.buf().get(from..end).filter(|small| Format::of(small) == Some(Format::Jpeg))
}

/// The text of an entry, without what cannot be shown.
fn plain(field: &Field) -> Option<String> {
    let Value::Ascii(parts) = &field.value else { return None };
    let bytes = parts.iter().find(|part| !part.is_empty())?;
    let text: String = String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => {
            Some(format!("{make} {model}"))
        }
        (make, model) => model.or(make),
    }
}

/// `+08:00`; what else stands there is no zone.
fn is_zone(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, below: u8| {
        let digits = bytes.get(from..from + 2).filter(|digits| digits.iter().all(u8::is_ascii_digit));
        digits.is_some_and(|digits| (digits[0] - b'0') * 10 + digits[1] - b'0' < below)
    };
    bytes.len() == 6 && matches!(bytes[0], b'+' | b'-') && bytes[3] == b':' && digits(1, 15) && digits(4, 60)
}

/// A moment of the camera's clock; one that no calendar has is noted.
fn time(field: Option<&Field>, odd: &mut Vec<Oddity>) -> Option<String> {
    let Value::Ascii(parts) = &field?.value else { return None };
    let bytes = parts.first()?;
    // Blanks and zeros are how a camera says that it does not know.
    if bytes.iter().all(|byte| matches!(byte, b' ' | b':' | b'0' | b'\0' | b'-')) {
        return None;
    }
    let moment = DateTime::from_ascii(bytes).ok().and_then(|read| {
        let day = NaiveDate::from_ymd_opt(read.year.into(), read.month.into(), read.day.into())?;
        Some(day.and_time(NaiveTime::from_hms_opt(read.hour.into(), read.minute.into(), read.second.into())?))
    });
    if moment.is_none() {
        odd.push(Oddity::TimeImpossible);
    }
    moment.map(|moment: NaiveDateTime| moment.format("%Y-%m-%dT%H:%M:%S").to_string())
}

/// When the satellites say that it was taken.
fn satellite(exif: &Exif) -> Option<String> {
    let day = plain(exif.get_field(Tag::GPSDateStamp, In::PRIMARY)?)?;
    let day = NaiveDate::parse_from_str(&day.replace('-', ":"), "%Y:%m:%d").ok()?;
    let parts = numbers(exif.get_field(Tag::GPSTimeStamp, In::PRIMARY)?)?;
    let part = |at: usize, below: f64| parts.get(at).copied().filter(|part| (0.0..below).contains(part));
    let (hours, minutes) = (part(0, 24.0)?, part(1, 60.0)?);
    let seconds = hours * 3_600.0 + minutes * 60.0 + part(2, 61.0).unwrap_or_default();
    // Below a day's seconds, and not below zero: exact as a whole number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
    let time = NaiveTime::from_num_seconds_from_midnight_opt((seconds as u32).min(86_399), 0)?;
    Some(day.and_time(time).and_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

fn numbers(field: &Field) -> Option<Vec<f64>> {
    let Value::Rational(parts) = &field.value else { return None };
    parts.iter().take(3).map(|part| (part.denom != 0).then(|| part.to_f64())).collect()
}

/// Where it was taken, if that is a place at all.
fn place(exif: &Exif, odd: &mut Vec<Oddity>) -> Option<PhotoPlace> {
    let field = |tag| exif.get_field(tag, In::PRIMARY);
    let (lat, lon) = (field(Tag::GPSLatitude)?, field(Tag::GPSLongitude)?);
    let side = |tag| field(tag).and_then(plain).and_then(|side| side.chars().next());
    let (north, east) = (side(Tag::GPSLatitudeRef), side(Tag::GPSLongitudeRef));
    let sign = |side: Option<char>, minus: char| {
        if side.is_some_and(|side| side.eq_ignore_ascii_case(&minus)) { -1.0 } else { 1.0 }
    };
    let found = degrees(lat).zip(degrees(lon)).map(|(lat, lon)| (lat * sign(north, 'S'), lon * sign(east, 'W')));
    let datum = field(Tag::GPSMapDatum).and_then(plain);
    let stated = datum.as_deref().and_then(system);
    let system = stated.unwrap_or(System::Wgs84);
    let Some((lat, lon)) = found.filter(|(lat, lon)| Point::new(*lon, *lat, system).is_some()) else {
        odd.push(Oddity::PositionBroken);
        return None;
    };
    // Off the coast of Africa, and nowhere near any township: what is written before the first fix.
    if lat.abs() < 1e-6 && lon.abs() < 1e-6 {
        odd.push(Oddity::PositionZero);
        return None;
    }
    let accuracy = field(Tag::GPSHPositioningError).and_then(numbers).and_then(|parts| parts.first().copied());
    let accuracy = accuracy.filter(|metres| (0.0..1e6).contains(metres));
    Some(PhotoPlace { lon, lat, accuracy, system, stated: stated.is_some() })
}

fn degrees(field: &Field) -> Option<f64> {
    let parts = numbers(field)?;
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let inside = !parts.is_empty() && part(1) < 60.001 && part(2) < 60.001;
    inside.then(|| part(0) + part(1) / 60.0 + part(2) / 3_600.0)
}

fn system(datum: &str) -> Option<System> {
    let datum: String = datum.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    match datum.as_str() {
        "wgs84" | "wgs1984" => Some(System::Wgs84),
        "gcj02" | "gcj2002" => Some(System::Gcj02),
        "cgcs2000" | "cgcs" => Some(System::Cgcs2000),
        _ => None,
    }
}
