//! Pictures decoded: a small upright JPEG of one, and what it looks like.

use std::io::Cursor;

use domain::evidence::Likeness;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use image_hasher::{HashAlg, HasherConfig};

use crate::{Format, LARGEST_PIXELS, LARGEST_SIDE, PhotoError, exif, facts};

/// The memory that a decoder may ask for, in bytes.
const MEMORY: u64 = 512 << 20;

/// How small a picture is made before it is compared, in pixels a side.
const COMPARED: u32 = 128;

/// How well the small picture is kept, out of 100.
const QUALITY: u8 = 80;

/// By how much the shape of an embedded picture may differ from its picture's, in parts of a thousand.
const SHAPE: u64 = 30;

/// A picture that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What it looks like; nothing where it shows nothing, as a lens cap does, and
    /// would be like any other that shows nothing.
    pub likeness: Option<Likeness>,
    /// A small JPEG of it, upright.
    pub thumbnail: Vec<u8>,
}

/// Decodes a picture once: what it looks like, and a JPEG of at most `edge` pixels a side.
///
/// # Errors
/// [`PhotoError`], for what is no picture, is not shown here, too large or damaged.
pub fn look(bytes: &[u8], edge: u32) -> Result<Look, PhotoError> {
    let picture = decode(bytes, edge.max(COMPARED))?;
    Ok(Look { likeness: likeness(&picture), thumbnail: jpeg(&shrink(picture, edge))? })
}

/// A JPEG of at most `edge` pixels a side, turned upright.
///
/// Where the camera put a small picture of the same shape beside the large one,
/// it is taken if it is large enough: that is a hundred times quicker.
///
/// # Errors
/// As [`look`].
pub fn thumbnail(bytes: &[u8], edge: u32) -> Result<Vec<u8>, PhotoError> {
    let format = Format::of(bytes).ok_or(PhotoError::NotAPicture)?;
    let read = exif::read(bytes, format);
    let small = exif::embedded(&read).and_then(|small| own_small(bytes, format, small, edge));
    match small {
        Some(small) => jpeg(&small),
        None => jpeg(&shrink(decode(bytes, edge)?, edge)),
    }
}

/// The camera's own small picture, if it shows the same and is large enough; of a
/// format that is not shown it is better than nothing.
fn own_small(bytes: &[u8], format: Format, small: &[u8], edge: u32) -> Option<DynamicImage> {
    let (width, height) = Format::Jpeg.dimensions(small)?;
    let shown = format.decoder().is_some();
    if shown {
        let (whole_width, whole_height) = format.dimensions(bytes)?;
        let one = u64::from(width) * u64::from(whole_height) * 1_000;
        let other = u64::from(whole_width) * u64::from(height) * 1_000;
        // Another shape: black bars, or a picture that was turned and its small one was not.
        if one.abs_diff(other) > one.max(other) / 1_000 * SHAPE || width.max(height) < edge {
            return None;
        }
    }
    // Both lie as the camera was held, and are turned alike.
    let way = facts(bytes).orientation;
    let mut picture = upright(small, Format::Jpeg, Some(way)).ok()?;
    picture = shrink(picture, edge);
    Some(picture)
}

pub(crate) fn decode(bytes: &[u8], edge: u32) -> Result<DynamicImage, PhotoError> {
    let format = Format::of(bytes).ok_or(PhotoError::NotAPicture)?;
    let picture = upright(bytes, format, None)?;
    // Twice what is asked for: the last step is then a fine one.
    Ok(shrink(picture, edge.saturating_mul(2)))
}

/// Decodes a picture within its limits and turns it as `way`, or its own EXIF, says.
fn upright(bytes: &[u8], format: Format, way: Option<u8>) -> Result<DynamicImage, PhotoError> {
    let decoder = format.decoder().ok_or(PhotoError::NotShown(format))?;
    if let Some((width, height)) = format.dimensions(bytes) {
        within(width, height)?;
    }
    let mut reader = ImageReader::new(Cursor::new(bytes));
    reader.set_format(decoder);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let damaged = |error: ImageError| PhotoError::Damaged(error.to_string());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    within(width, height)?;
    let own = match way {
        Some(way) => Orientation::from_exif(way),
        None => decoder.orientation().ok(),
    };
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    // Turned when it is small: a quarter turn of 50 megapixels takes longer than to decode them.
    let mut picture = if width.max(height) > 2_048 { picture.thumbnail(2_048, 2_048) } else { picture };
    picture.apply_orientation(own.unwrap_or(Orientation::NoTransforms));
    Ok(picture)
}

pub(crate) fn within(width: u32, height: u32) -> Result<(), PhotoError> {
    let sides = width <= LARGEST_SIDE && height <= LARGEST_SIDE;
    if sides && u64::from(width) * u64::from(height) <= LARGEST_PIXELS {
        Ok(())
    } else {
        Err(PhotoError::TooLarge { width, height })
    }
}

pub(crate) fn shrink(picture: DynamicImage, edge: u32) -> DynamicImage {
    let edge = edge.clamp(1, 2_048);
    if picture.width().max(picture.height()) > edge { picture.thumbnail(edge, edge) } else { picture }
}

pub(crate) fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut out = Vec::new();
    let written = picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY));
    written.map_err(|error| PhotoError::Damaged(error.to_string()))?;
    Ok(out)
}

/// By how much the greys of a picture must differ from each other (standard
/// deviation of 0 to 255) for it to show anything.
const SHOWS: f64 = 3.0;

/// Which of the lowest 16 × 16 waves of the picture are stronger than their
/// median: what stays when a picture is made smaller, compressed again, or
/// brightened, and changes when something else is in it.
fn likeness(picture: &DynamicImage) -> Option<Likeness> {
    let small = picture.resize_exact(COMPARED, COMPARED, FilterType::Triangle).to_luma8();
    let count = f64::from(COMPARED * COMPARED);
    let greys = || small.as_raw().iter().map(|grey| f64::from(*grey));
    let mean = greys().sum::<f64>() / count;
    if (greys().map(|grey| (grey - mean).powi(2)).sum::<f64>() / count).sqrt() < SHOWS {
        return None;
    }
    let hasher = HasherConfig::new()
        .hash_size(16, 16)
        .hash_alg(HashAlg::Median)
        .preproc_dct()
        .resize_filter(FilterType::Triangle)
        .to_hasher();
    let bits = hasher.hash_image(&small);
    Likeness::from_bytes(bits.as_bytes())
}
