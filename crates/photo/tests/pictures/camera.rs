//! Pictures as cameras, editors and chat programs leave them, made here byte by byte.

use std::io::Cursor;
use std::path::Path;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A photo of the sample district.
pub(crate) fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/tinghu/photos");
    std::fs::read(folder.join(name)).expect("a photo of the sample")
}

/// A picture without EXIF: red at the left, white spot at the upper right.
pub(crate) fn plain(width: u32, height: u32) -> DynamicImage {
    let mut picture = RgbImage::from_fn(width, height, |x, _| Rgb([if x < width / 2 { 220 } else { 20 }, 40, 60]));
    for (x, y) in (0..height / 4).flat_map(|y| (width * 3 / 4..width).map(move |x| (x, y))) {
        picture.put_pixel(x, y, Rgb([250, 250, 250]));
    }
    picture.into()
}

pub(crate) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).expect("a picture");
    out.into_inner()
}

pub(crate) fn text(tag: Tag, words: &str) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![words.as_bytes().to_vec()]) }
}

pub(crate) fn number(tag: Tag, number: u16) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value: Value::Short(vec![number]) }
}

pub(crate) fn parts(tag: Tag, parts: &[(u32, u32)]) -> Field {
    let parts = parts.iter().map(|(num, denom)| Rational { num: *num, denom: *denom }).collect();
    Field { tag, ifd_num: In::PRIMARY, value: Value::Rational(parts) }
}

/// The TIFF structure of these entries.
pub(crate) fn tiff(fields: &[Field]) -> Vec<u8> {
    tiff_with(fields, None)
}

/// The same, with a small picture of its own.
pub(crate) fn tiff_with(fields: &[Field], small: Option<&[u8]>) -> Vec<u8> {
    let mut writer = Writer::new();
    for field in fields {
        writer.push_field(field);
    }
    if let Some(small) = small {
        writer.set_jpeg(small, In::THUMBNAIL);
    }
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).expect("EXIF");
    out.into_inner()
}

/// A JPEG with this EXIF put behind its first mark.
pub(crate) fn with_exif(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    let length = u16::try_from(tiff.len() + 8).expect("a short EXIF").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", tiff, &jpeg[2..]].concat()
}

/// A JPEG that a camera wrote with these entries.
pub(crate) fn photo(fields: &[Field]) -> Vec<u8> {
    with_exif(&encoded(&plain(320, 240), ImageFormat::Jpeg), &tiff(fields))
}

/// The least of a HEIC: its boxes, with this EXIF and no picture that could be shown.
pub(crate) fn heic(tiff: &[u8]) -> Vec<u8> {
    let sized = |name: &[u8], body: &[u8]| {
        let length = u32::try_from(body.len() + 8).expect("short").to_be_bytes();
        [&length, name, body].concat()
    };
    let ftyp = sized(b"ftyp", b"heic\0\0\0\0mif1heic");
    let infe = sized(b"infe", &[&[2, 0, 0, 0, 0, 1, 0, 0], &b"Exif\0"[..]].concat());
    let iinf = sized(b"iinf", &[&[0, 0, 0, 0, 0, 1], infe.as_slice()].concat());
    let ispe = sized(b"ispe", &[&[0; 4][..], &4_032_u32.to_be_bytes(), &3_024_u32.to_be_bytes()].concat());
    let iprp = sized(b"iprp", &sized(b"ipco", &ispe));
    let item = [&0_u32.to_be_bytes(), tiff].concat();
    let meta = |at: u32| {
        let extent = [at.to_be_bytes(), u32::try_from(item.len()).expect("short").to_be_bytes()].concat();
        let iloc = sized(b"iloc", &[&[0, 0, 0, 0, 0x44, 0x00, 0, 1, 0, 1, 0, 0, 0, 1], extent.as_slice()].concat());
        sized(b"meta", &[&[0; 4], iinf.as_slice(), &iprp, &iloc].concat())
    };
    let at = u32::try_from(ftyp.len() + meta(0).len() + 8).expect("short");
    [ftyp, meta(at), sized(b"mdat", &item)].concat()
}
