//! A camera: JPEGs of different scenes, with the EXIF that is asked for.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};

/// What the camera knows when it is pressed.
#[derive(Default)]
pub(crate) struct Snap<'a> {
    /// Which scene stands before it.
    pub(crate) scene: u32,
    /// `2026:05:03 09:12:33`.
    pub(crate) taken: Option<&'a str>,
    /// Longitude and latitude, WGS-84.
    pub(crate) at: Option<(f64, f64)>,
    /// The program that wrote it.
    pub(crate) software: Option<&'a str>,
    /// `2026:05:03`, `01:12:30` in UTC, by the satellites.
    pub(crate) satellite: Option<(&'a str, [u32; 3])>,
}

/// A scene of soft light and dark, as landscapes are: the same for one number and another for the next.
pub(crate) fn scene(number: u32) -> DynamicImage {
    let chance = |nth: u32| {
        let mut state = number.wrapping_add(nth.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
        state ^= state >> 13;
        f64::from(state.wrapping_mul(0xc2b2_ae35) >> 16) / 65_536.0
    };
    let waves: Vec<[f64; 4]> = (0..12).map(|n| [0, 1, 2, 3].map(|part| chance(n * 4 + part))).collect();
    let light = |x: u32, y: u32| -> f64 {
        let (x, y) = (f64::from(x) / 320.0, f64::from(y) / 240.0);
        let wave = |[a, b, c, d]: &[f64; 4]| (6.3 * (a * 5.0 * x + (b - 0.5) * 8.0 * y + c)).sin() * (0.4 + d);
        waves.iter().map(wave).sum::<f64>() / 12.0
    };
    let byte = |light: f64| u8::try_from((128.0 + light * 220.0).clamp(0.0, 255.0) as i64).expect("a byte");
    RgbImage::from_fn(320, 240, |x, y| Rgb([byte(light(x, y)), byte(light(x, y) * 0.7), 90])).into()
}

pub(crate) fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).expect("a JPEG");
    out
}

impl Snap<'_> {
    /// The file that comes of it.
    pub(crate) fn press(&self) -> Vec<u8> {
        with_exif(&jpeg(&scene(self.scene), 85), &self.exif())
    }

    fn exif(&self) -> Vec<Field> {
        let text = |tag, words: &str| Field {
            tag,
            ifd_num: In::PRIMARY,
            value: Value::Ascii(vec![words.as_bytes().to_vec()]),
        };
        let parts = |tag, parts: Vec<(u32, u32)>| {
            let parts = parts.into_iter().map(|(num, denom)| Rational { num, denom }).collect();
            Field { tag, ifd_num: In::PRIMARY, value: Value::Rational(parts) }
        };
        let mut fields = vec![text(Tag::Make, "HUAWEI")];
        fields.extend(self.taken.map(|taken| text(Tag::DateTimeOriginal, taken)));
        fields.extend(self.software.map(|software| text(Tag::Software, software)));
        if let Some((lon, lat)) = self.at {
            let millionths = |degrees: f64| format!("{:.0}", degrees * 1e6).parse().expect("a number");
            fields.push(parts(Tag::GPSLongitude, vec![(millionths(lon), 1_000_000)]));
            fields.push(parts(Tag::GPSLatitude, vec![(millionths(lat), 1_000_000)]));
            fields.push(text(Tag::GPSMapDatum, "WGS-84"));
        }
        if let Some((day, time)) = self.satellite {
            fields.push(text(Tag::GPSDateStamp, day));
            fields.push(parts(Tag::GPSTimeStamp, time.iter().map(|part| (*part, 1)).collect()));
        }
        fields
    }
}

fn with_exif(jpeg: &[u8], fields: &[Field]) -> Vec<u8> {
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).expect("EXIF");
    let tiff = tiff.into_inner();
    let length = u16::try_from(tiff.len() + 8).expect("a short EXIF").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}
