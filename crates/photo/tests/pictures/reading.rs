//! What is read of pictures, honest and odd ones.

use crate::camera::{encoded, heic, number, parts, photo, plain, sample, text, tiff, tiff_with, with_exif};
use domain::evidence::Oddity;
use domain::geo::System;
use exif::Tag;
use image::{GenericImageView, ImageFormat};
use photo::{Format, PhotoError, facts, look, thumbnail};

#[test]
fn a_phones_photo_says_when_where_and_by_which_camera() {
    let bytes = photo(&[
        text(Tag::Make, "HUAWEI"),
        text(Tag::Model, "ELS-AN00"),
        text(Tag::Software, "ELS-AN00 10.1.0"),
        text(Tag::DateTimeOriginal, "2026:05:03 09:12:33"),
        text(Tag::DateTime, "2026:05:03 09:12:33"),
        text(Tag::OffsetTimeOriginal, "+08:00"),
        number(Tag::Orientation, 6),
        text(Tag::GPSLatitudeRef, "N"),
        parts(Tag::GPSLatitude, &[(33, 1), (23, 1), (240_000, 10_000)]),
        text(Tag::GPSLongitudeRef, "E"),
        parts(Tag::GPSLongitude, &[(120, 1), (27, 1), (0, 1)]),
        text(Tag::GPSMapDatum, "WGS-84"),
        parts(Tag::GPSHPositioningError, &[(8, 1)]),
        text(Tag::GPSDateStamp, "2026:05:03"),
        parts(Tag::GPSTimeStamp, &[(1, 1), (12, 1), (31, 1)]),
    ]);
    let facts = facts(&bytes);
    assert_eq!(
        (facts.format.as_str(), facts.width, facts.height),
        ("jpeg", Some(240), Some(320)),
        "as it is looked at"
    );
    assert_eq!((facts.taken.as_deref(), facts.offset.as_deref()), (Some("2026-05-03T09:12:33"), Some("+08:00")));
    assert_eq!(facts.satellite.as_deref(), Some("2026-05-03T01:12:31Z"));
    assert_eq!(facts.camera.as_deref(), Some("HUAWEI ELS-AN00"));
    let place = facts.place.expect("a place");
    assert!((place.lat - 33.39).abs() < 1e-9 && (place.lon - 120.45).abs() < 1e-9, "{place:?}");
    assert_eq!((place.accuracy, place.system, place.stated), (Some(8.0), System::Wgs84, true));
    assert!(facts.odd.is_empty(), "{:?}", facts.odd);
}

#[test]
fn the_photos_of_the_sample_are_read() {
    for name in ["ditch-before.jpg", "ditch-during.jpg", "ditch-after.jpg", "waste-before.jpg"] {
        let facts = facts(&sample(name));
        assert!(facts.exif && facts.taken.is_some() && facts.odd.is_empty(), "{name}: {facts:?}");
        let place = facts.place.expect("a place");
        assert!((120.2..120.8).contains(&place.lon) && (33.2..33.7).contains(&place.lat), "inside 盐东镇: {place:?}");
    }
}

#[test]
fn what_a_camera_cannot_know_is_noted_and_not_believed() {
    let at = |lat: &[(u32, u32)], lon: &[(u32, u32)]| {
        photo(&[parts(Tag::GPSLatitude, lat), parts(Tag::GPSLongitude, lon), text(Tag::Make, "MI")])
    };
    let zero = [(0, 1), (0, 1), (0, 1)];
    let never = [(0, 0), (0, 0), (0, 0)];
    for (bytes, odd) in [
        (at(&zero, &zero), vec![Oddity::PositionZero]),
        (at(&never, &never), vec![Oddity::PositionBroken]),
        (at(&[(33, 0), (0, 1), (0, 1)], &zero), vec![Oddity::PositionBroken]),
        (at(&[(u32::MAX, 1), (0, 1), (0, 1)], &[(120, 1)]), vec![Oddity::PositionBroken]),
        (at(&[(33, 1), (99, 1), (0, 1)], &[(120, 1)]), vec![Oddity::PositionBroken]),
        (at(&[(91, 1)], &[(120, 1)]), vec![Oddity::PositionBroken]),
        (photo(&[text(Tag::DateTimeOriginal, "2026:02:31 09:12:33")]), vec![Oddity::TimeImpossible]),
        (photo(&[text(Tag::DateTimeOriginal, "昨天下午")]), vec![Oddity::TimeImpossible]),
        (photo(&[text(Tag::DateTimeOriginal, "0000:00:00 00:00:00")]), vec![]),
        (photo(&[text(Tag::DateTimeOriginal, "    :  :     :  :  ")]), vec![]),
    ] {
        let facts = facts(&bytes);
        assert_eq!((facts.place.clone(), facts.taken.clone(), facts.odd.clone()), (None, None, odd), "{facts:?}");
        assert!(facts.exif, "the rest of it is read: {facts:?}");
    }
}

#[test]
fn a_shifted_position_says_so_where_the_camera_does() {
    let place = |datum: &str| {
        let (lat, lon) = (
            parts(Tag::GPSLatitude, &[(332_784_538, 10_000_000)]),
            parts(Tag::GPSLongitude, &[(1_202_048_277, 10_000_000)]),
        );
        facts(&photo(&[lat, lon, text(Tag::GPSMapDatum, datum)])).place.expect("a place")
    };
    let (shifted, plain, unknown) = (place("GCJ-02"), place("WGS84"), place("北京54"));
    assert_eq!((shifted.system, shifted.stated), (System::Gcj02, true));
    assert_eq!((unknown.system, unknown.stated), (System::Wgs84, false), "a datum that is not known is not stated");
    let there = shifted.point().expect("a point");
    assert!(plain.metres_to(there).expect("metres") > 400.0, "as the degrees stand, it is another place");
    assert!(unknown.metres_to(there).expect("metres") < 1.0, "who does not say is given the benefit of the doubt");
}

#[test]
fn damaged_and_foreign_files_have_the_facts_they_have() {
    let whole = photo(&[text(Tag::Make, "HUAWEI"), text(Tag::DateTimeOriginal, "2026:05:03 09:12:33")]);
    for end in 0..whole.len().min(700) {
        let facts = facts(&whole[..end]);
        assert!(facts.format.is_empty() || facts.odd.contains(&Oddity::CutShort), "half a file says so");
        assert!(facts.taken.is_none() || facts.taken.as_deref() == Some("2026-05-03T09:12:33"), "never half a time");
    }
    let film = [whole.as_slice(), b"\0\0\0\x18ftypmp42\0\0\0\0"].concat();
    assert_eq!(facts(&film).odd, [], "a phone's film behind a whole picture is nothing odd");
    let mut bent = whole.clone();
    bent[30] = 0xff; // Inside the first entries.
    assert_eq!(facts(&bent).format, "jpeg");
    for (bytes, name) in
        [(&b"PK\x03\x04"[..], ""), (b"", ""), (b"\xff\xd8\xff", "jpeg"), (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "")]
    {
        assert_eq!(facts(bytes).format, name);
    }
    assert_eq!(look(b"%PDF-1.7", 100), Err(PhotoError::NotAPicture));
    assert!(matches!(look(&whole[..whole.len() / 2], 100), Ok(_) | Err(PhotoError::Damaged(_))));
    assert!(matches!(look(&whole[..300], 100), Err(PhotoError::Damaged(_))), "half a picture is no picture");
}

#[test]
fn a_heic_is_read_and_its_refusal_says_what_it_is() {
    let bytes = heic(&tiff(&[text(Tag::Make, "Apple"), text(Tag::DateTimeOriginal, "2026:05:03 09:12:33")]));
    let facts = facts(&bytes);
    assert_eq!((facts.format.as_str(), facts.width, facts.height), ("heic", Some(4_032), Some(3_024)));
    assert_eq!(facts.taken.as_deref(), Some("2026-05-03T09:12:33"), "the original says when, shown or not");
    assert_eq!(look(&bytes, 100), Err(PhotoError::NotShown(Format::Heic)));
    let small = encoded(&plain(160, 120), ImageFormat::Jpeg);
    let with_small = heic(&tiff_with(&[text(Tag::Make, "HUAWEI")], Some(&small)));
    assert!(thumbnail(&with_small, 160).is_ok(), "the camera's own small JPEG is better than nothing");
}

#[test]
fn a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
    let mut png = encoded(&plain(8, 8), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0x70, 0, 0, 0, 0x70, 0]); // 28,672 × 28,672 in a few hundred bytes.
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(look(&png, 100), Err(PhotoError::TooLarge { width: 28_672, height: 28_672 }));
    assert_eq!((facts(&png).width, facts(&png).height), (Some(28_672), Some(28_672)), "what it claims is said");
    let mut jpeg = encoded(&plain(8, 8), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|mark| mark == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(thumbnail(&jpeg, 100), Err(PhotoError::TooLarge { width: 65_535, height: 65_535 }));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(sum & 1)))
    })
}

#[test]
fn a_small_picture_stands_upright_whatever_it_was_made_of() {
    // The white spot of the upright picture, by each way of lying.
    let jpeg = encoded(&plain(400, 300), ImageFormat::Jpeg);
    let bright = |jpeg: &[u8]| {
        let small = image::load_from_memory(jpeg).expect("a JPEG");
        let (width, height) = small.dimensions();
        let corners = [(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)];
        let white = corners.iter().position(|(x, y)| small.get_pixel(*x, *y).0[1] > 150);
        (white, width > height)
    };
    for (way, corner, wide) in [(1, 1, true), (3, 3, true), (6, 2, false), (8, 0, false)] {
        let turned = with_exif(&jpeg, &tiff(&[number(Tag::Orientation, way)]));
        assert_eq!(bright(&thumbnail(&turned, 100).expect("small")), (Some(corner), wide), "way {way}");
        assert_eq!(bright(&look(&turned, 100).expect("looked at").thumbnail), (Some(corner), wide), "way {way}");
        let own = encoded(&plain(160, 120), ImageFormat::Jpeg);
        let embedded = with_exif(&jpeg, &tiff_with(&[number(Tag::Orientation, way)], Some(&own)));
        assert_eq!(bright(&thumbnail(&embedded, 100).expect("small")), (Some(corner), wide), "its own, way {way}");
    }
}

#[test]
fn an_embedded_picture_of_another_shape_or_too_small_is_not_taken() {
    let jpeg = encoded(&plain(400, 300), ImageFormat::Jpeg);
    let green = image::RgbImage::from_pixel(160, 160, image::Rgb([0, 250, 0])).into();
    let other = with_exif(&jpeg, &tiff_with(&[number(Tag::Orientation, 1)], Some(&encoded(&green, ImageFormat::Jpeg))));
    let small = image::load_from_memory(&thumbnail(&other, 100).expect("small")).expect("a JPEG");
    assert_eq!(small.dimensions(), (100, 75), "the picture itself");
    let tiny = encoded(&plain(80, 60), ImageFormat::Jpeg);
    let coarse = with_exif(&jpeg, &tiff_with(&[number(Tag::Orientation, 1)], Some(&tiny)));
    let small = image::load_from_memory(&thumbnail(&coarse, 200).expect("small")).expect("a JPEG");
    assert_eq!(small.dimensions(), (200, 150), "the picture itself");
}
