//! What a picture says of itself.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::geo::{Point, System};

/// The facts of one file, read from its bytes and from nothing else.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// The picture format by content: `jpeg`, `png`, `webp`, `heic`, `avif`, `tiff`, `gif`, `bmp`; empty for no picture.
    pub format: String,
    /// Pixels across, as it is looked at.
    pub width: Option<u32>,
    /// Pixels down, as it is looked at.
    pub height: Option<u32>,
    /// How the stored pixels lie, as EXIF numbers it: 1 upright, 3 upside down, 6 and 8 on a side …
    pub orientation: u8,
    /// Whether it carries EXIF at all.
    pub exif: bool,
    /// When it was taken, by the camera's own clock: `YYYY-MM-DDTHH:MM:SS`.
    pub taken: Option<String>,
    /// How far that clock's time was from UTC, where the camera says it: `+08:00`.
    pub offset: Option<String>,
    /// When it was taken by the satellites' clock (RFC 3339, UTC).
    pub satellite: Option<String>,
    /// When the file was last written, by EXIF: `YYYY-MM-DDTHH:MM:SS`.
    pub changed: Option<String>,
    /// Where it was taken.
    pub place: Option<PhotoPlace>,
    /// Maker and model.
    pub camera: Option<String>,
    /// The program that wrote the file.
    pub software: Option<String>,
    /// What is written in it and cannot be so.
    pub odd: Vec<Oddity>,
}

/// A position as a camera wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PhotoPlace {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// How far off it may be, in metres, where the camera says so.
    pub accuracy: Option<f64>,
    /// The system of the degrees.
    pub system: System,
    /// Whether the file says so; if not, it is taken for WGS-84, as nearly all cameras write.
    pub stated: bool,
}

/// Something in a file that cannot be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Oddity {
    /// The position is 0°, 0°: what a camera writes before it knows.
    PositionZero,
    /// The position is no place on the globe, or divided by zero.
    PositionBroken,
    /// The time is none that a calendar or a clock has.
    TimeImpossible,
    /// There is EXIF, and it cannot be read.
    ExifDamaged,
    /// The file ends before its picture does.
    CutShort,
}

/// The zone of cameras that do not say theirs: all of China keeps one.
const BEIJING: Duration = Duration::hours(8);

impl Facts {
    /// When it was taken, on the camera's own clock.
    #[must_use]
    pub fn taken_local(&self) -> Option<NaiveDateTime> {
        local(self.taken.as_deref()?)
    }

    /// When the file was last written, on the writer's own clock.
    #[must_use]
    pub fn changed_local(&self) -> Option<NaiveDateTime> {
        local(self.changed.as_deref()?)
    }

    /// When it was taken, in UTC; 北京时间 is taken for the zone of a camera that says none.
    #[must_use]
    pub fn taken_utc(&self) -> Option<DateTime<Utc>> {
        let offset = self.offset.as_deref().and_then(zone).unwrap_or(BEIJING);
        Some(self.taken_local()?.checked_sub_signed(offset)?.and_utc())
    }

    /// When it was taken by the satellites.
    #[must_use]
    pub fn satellite_utc(&self) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(self.satellite.as_deref()?).ok().map(Into::into)
    }
}

impl PhotoPlace {
    /// Where it was taken.
    #[must_use]
    pub fn point(&self) -> Option<Point> {
        Point::new(self.lon, self.lat, self.system)
    }

    /// The way to `other` in metres. A camera that does not name its system may
    /// have written shifted degrees: the shorter way counts then.
    #[must_use]
    pub fn metres_to(&self, other: Point) -> Option<f64> {
        let by = |system| Some(Point::new(self.lon, self.lat, system)?.metres_to(other));
        let metres = by(self.system)?;
        Some(if self.stated { metres } else { metres.min(by(System::Gcj02)?) })
    }
}

fn local(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()
}

/// `+08:00` as a duration.
fn zone(text: &str) -> Option<Duration> {
    let (sign, digits) = text.split_at_checked(1)?;
    let (hours, minutes) = digits.split_once(':')?;
    let minutes = hours.parse::<i64>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)?;
    let minutes = Duration::try_minutes(minutes)?;
    match sign {
        "+" => Some(minutes),
        "-" => Some(-minutes),
        _ => None,
    }
}
