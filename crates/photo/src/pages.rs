//! The pages of a TIFF: a stack of paper as a copier scans it into one file.
//!
//! What copiers write is read: black and white as fax machines pack it (CCITT group 4),
//! greys and colours, packed by LZW, deflate or JPEG. What only studios write is not:
//! printing colours, palettes, sixteen bits.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use crate::picture::{jpeg, shrink, within};
use crate::{Format, LARGEST_PIXELS, PhotoError};

/// The most pages of one file.
const MOST_PAGES: usize = 200;

/// The most pixels of all pages together: two hundred of A4 at 300 to the inch.
const ALL_PIXELS: u64 = 200 * 8_700_000;

/// One page of a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// A small JPEG of it, upright.
    pub jpeg: Vec<u8>,
    /// Whether it is broader than high.
    pub wide: bool,
}

/// Each page of a TIFF, at most `edge` pixels a side. One is decoded at a time.
///
/// # Errors
/// [`PhotoError::NotShown`] for what is no TIFF, and for one that only studios write;
/// [`PhotoError::TooLarge`] for a page of too many pixels, or too many pages;
/// [`PhotoError::Damaged`].
pub fn pages(bytes: &[u8], edge: u32) -> Result<Vec<Page>, PhotoError> {
    let format = Format::of(bytes).ok_or(PhotoError::NotAPicture)?;
    if format != Format::Tiff {
        return Err(PhotoError::NotShown(format));
    }
    let mut limits = Limits::default();
    limits.decoding_buffer_size = usize::try_from(LARGEST_PIXELS * 4).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(fault)?.with_limits(limits);
    let (mut pages, mut pixels) = (Vec::new(), 0);
    loop {
        let (width, height) = decoder.dimensions().map_err(fault)?;
        within(width, height)?;
        pixels += u64::from(width) * u64::from(height);
        if pixels > ALL_PIXELS || pages.len() == MOST_PAGES {
            return Err(PhotoError::TooLarge { width, height });
        }
        let way = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
        let mut page = shrink(picture(&mut decoder, width, height)?, edge);
        page.apply_orientation(way.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms));
        pages.push(Page { wide: page.width() > page.height(), jpeg: jpeg(&page)? });
        if !decoder.more_images() {
            return Ok(pages);
        }
        decoder.next_image().map_err(fault)?;
    }
}

/// The page at which the decoder stands.
fn picture(decoder: &mut Decoder<Cursor<&[u8]>>, width: u32, height: u32) -> Result<DynamicImage, PhotoError> {
    let colours = decoder.colortype().map_err(fault)?;
    let DecodingResult::U8(mut bytes) = decoder.read_image().map_err(fault)? else {
        return Err(PhotoError::NotShown(Format::Tiff));
    };
    let made = match colours {
        ColorType::Gray(1) => GrayImage::from_raw(width, height, unpacked(&bytes, width)).map(Into::into),
        ColorType::Gray(8) => GrayImage::from_raw(width, height, bytes).map(Into::into),
        ColorType::RGB(8) => RgbImage::from_raw(width, height, bytes).map(Into::into),
        ColorType::RGBA(8) => RgbaImage::from_raw(width, height, bytes).map(Into::into),
        ColorType::YCbCr(8) => {
            bytes.chunks_exact_mut(3).for_each(to_rgb);
            RgbImage::from_raw(width, height, bytes).map(Into::into)
        }
        _ => None,
    };
    made.ok_or(PhotoError::NotShown(Format::Tiff))
}

/// A byte for each bit; rows begin at a byte.
fn unpacked(bits: &[u8], width: u32) -> Vec<u8> {
    let width = usize::try_from(width).unwrap_or(usize::MAX);
    let row =
        |row: &[u8]| (0..width).map(|x| if row[x / 8] >> (7 - x % 8) & 1 == 1 { 255 } else { 0 }).collect::<Vec<u8>>();
    bits.chunks_exact(width.div_ceil(8).max(1)).flat_map(row).collect()
}

/// Brightness and two differences of colour, as JPEG keeps them (ITU-T T.871), as red, green and blue.
fn to_rgb(pixel: &mut [u8]) {
    let [y, cb, cr] = [0, 1, 2].map(|at| f32::from(pixel[at]));
    let (cb, cr) = (cb - 128.0, cr - 128.0);
    let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
    for (byte, colour) in pixel.iter_mut().zip(rgb) {
        *byte = colour.round().clamp(0.0, 255.0) as u8;
    }
}

fn fault(error: TiffError) -> PhotoError {
    match error {
        TiffError::UnsupportedError(_) => PhotoError::NotShown(Format::Tiff),
        other => PhotoError::Damaged(other.to_string()),
    }
}
