//! The reader of pictures: files of any sort, and any bytes as the EXIF of honest
//! pictures. What it says of them is a time, a place and a size that can be, and
//! it never ends the program.

use domain::evidence::Facts;
use photo::{facts, look, pages, thumbnail};

use crate::source::Source;

/// Reads `data` as a picture, and as what a camera wrote beside one.
///
/// # Panics
/// Where the reader does, or where it says what cannot be.
pub fn one(data: &[u8]) {
    sane(&facts(data));
    let _ = look(data, 64);
    let _ = thumbnail(data, 64);
    let _ = pages(data, 64);
    let mut source = Source::new(data);
    let head = if source.below(2) == 0 { &b"II\x2a\0\x08\0\0\0"[..] } else { b"MM\0\x2a\0\0\0\x08" };
    for exif in [data.to_vec(), [head, data].concat()] {
        let exif = &exif[..exif.len().min(60_000)];
        for whole in [jpeg(exif), png(exif), exif.to_vec()] {
            sane(&facts(&whole));
            let _ = thumbnail(&whole, 64);
        }
    }
}

/// Whether what was read is something that can be.
fn sane(facts: &Facts) {
    assert!(facts.format.is_empty() || (1..=8).contains(&facts.orientation), "{facts:?}");
    assert_eq!(facts.taken.is_some(), facts.taken_local().is_some(), "a time is a time: {facts:?}");
    assert_eq!(facts.changed.is_some(), facts.changed_local().is_some(), "a time is a time: {facts:?}");
    assert_eq!(facts.satellite.is_some(), facts.satellite_utc().is_some(), "a time is a time: {facts:?}");
    if let Some(place) = &facts.place {
        assert!(place.point().is_some(), "a place is on the globe: {place:?}");
        assert!(place.accuracy.is_none_or(|metres| metres.is_finite() && metres >= 0.0), "{place:?}");
    }
    for text in [&facts.camera, &facts.software].into_iter().flatten() {
        assert!(!text.contains(char::is_control) && text.chars().count() < 200, "{text:?} can be shown");
    }
}

/// The least of a JPEG with this EXIF.
fn jpeg(exif: &[u8]) -> Vec<u8> {
    let length = u16::try_from(exif.len() + 8).unwrap_or(u16::MAX).to_be_bytes();
    [&[0xff, 0xd8, 0xff, 0xe1][..], &length, b"Exif\0\0", exif, &[0xff, 0xd9]].concat()
}

/// The least of a PNG with this EXIF; nobody asks for the checksum of such a part.
fn png(exif: &[u8]) -> Vec<u8> {
    let part = |name: &[u8], body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
        [&length, name, body, &[0; 4]].concat()
    };
    let header = part(b"IHDR", &[0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), header, part(b"eXIf", exif), part(b"IEND", b"")].concat()
}
