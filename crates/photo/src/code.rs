//! QR codes in a picture: what a person photographed or was sent.

use image::DynamicImage;
use rqrr::PreparedImage;

use crate::PhotoError;
use crate::picture::decode;

/// How large a picture is looked at, in pixels a side. A code that is not found
/// in one size is often found in the other: large modules blur less when small.
const SIZES: [u32; 2] = [2_048, 800];

/// The texts of the QR codes in a picture.
///
/// # Errors
/// As [`crate::look`]. A picture without a code is no error.
pub fn codes(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
    let picture = decode(bytes, SIZES[0])?;
    let found = SIZES.iter().map(|size| read(&picture, *size)).find(|texts| !texts.is_empty());
    Ok(found.unwrap_or_default())
}

fn read(picture: &DynamicImage, size: u32) -> Vec<String> {
    let small = picture.width().max(picture.height()) > size;
    let grey = if small { picture.thumbnail(size, size).into_luma8() } else { picture.to_luma8() };
    let [width, height] = [grey.width(), grey.height()].map(|side| usize::try_from(side).unwrap_or_default());
    let pixels = grey.as_raw();
    let at = |x: usize, y: usize| pixels.get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, at);
    prepared.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
}
