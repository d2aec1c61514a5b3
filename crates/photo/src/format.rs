//! What sort of picture a file is, by its first bytes; its name may say anything.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

/// More pixels on one side than any camera has.
pub const LARGEST_SIDE: u32 = 30_000;

/// The most pixels that are decoded: a phone's 80 megapixels, some 250 MB while it is worked on.
pub const LARGEST_PIXELS: u64 = 80_000_000;

/// How far into a HEIF file its size is looked for.
const HEIF_HEAD: usize = 64 << 10;

/// A sort of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is called what it is called everywhere")]
pub enum Format {
    Jpeg,
    Png,
    Webp,
    Heic,
    Avif,
    Tiff,
    Gif,
    Bmp,
}

impl Format {
    /// The sort of picture that begins with these bytes; `None` for no picture.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |with: &[u8]| bytes.starts_with(with);
        Some(match bytes {
            _ if begins(&[0xff, 0xd8, 0xff]) => Self::Jpeg,
            _ if begins(b"\x89PNG\r\n\x1a\n") => Self::Png,
            _ if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Self::Webp,
            _ if bytes.get(4..8) == Some(b"ftyp") => Self::of_brands(bytes)?,
            _ if begins(b"II\x2a\0") || begins(b"MM\0\x2a") => Self::Tiff,
            _ if begins(b"GIF87a") || begins(b"GIF89a") => Self::Gif,
            _ if begins(b"BM") && bytes.len() > 26 => Self::Bmp,
            _ => return None,
        })
    }

    /// HEIF and AVIF are told apart by the brands in their first box; a video is neither.
    fn of_brands(bytes: &[u8]) -> Option<Self> {
        let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        let end = usize::try_from(length).ok()?.clamp(16, 256).min(bytes.len());
        let brands = || bytes[8..end].chunks_exact(4);
        if brands().any(|brand| matches!(brand, b"avif" | b"avis")) {
            return Some(Self::Avif);
        }
        brands()
            .any(|brand| matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1"))
            .then_some(Self::Heic)
    }

    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Tiff => "tiff",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
        }
    }

    /// The decoder that it is shown with, where there is one here.
    pub(crate) fn decoder(self) -> Option<ImageFormat> {
        match self {
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::Png => Some(ImageFormat::Png),
            Self::Webp => Some(ImageFormat::WebP),
            _ => None,
        }
    }

    /// Width and height as the header says, before anything is decoded.
    pub(crate) fn dimensions(self, bytes: &[u8]) -> Option<(u32, u32)> {
        let word = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let long = |at: usize| Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        match self {
            Self::Gif => Some((word(6)?.into(), word(8)?.into())),
            Self::Bmp => Some((long(18)?.unsigned_abs(), long(22)?.unsigned_abs())),
            Self::Heic | Self::Avif => heif_size(bytes),
            Self::Jpeg => jpeg_size(bytes),
            Self::Tiff => None,
            Self::Png | Self::Webp => {
                let mut reader = ImageReader::new(Cursor::new(bytes));
                reader.set_format(self.decoder()?);
                reader.into_dimensions().ok()
            }
        }
    }
}

/// Whether a JPEG ends before its picture does. What phones put behind a picture, a
/// short film for one, is no part of it.
pub(crate) fn is_cut_short(bytes: &[u8]) -> bool {
    let scan = segments(bytes).find(|(_, sort)| *sort == 0xda);
    scan.is_none_or(|(at, _)| !bytes[at..].windows(2).any(|mark| mark == [0xff, 0xd9]))
}

/// The size in a JPEG's frame header, past its other segments.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let frame = |sort: u8| matches!(sort, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf);
    let (at, _) = segments(bytes).take_while(|(_, sort)| *sort != 0xda).find(|(_, sort)| frame(*sort))?;
    let half = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    Some((half(at + 7)?.into(), half(at + 5)?.into()))
}

/// Where each segment of a JPEG begins, and its sort, up to the first scan.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (usize, u8)> + '_ {
    let (mut at, mut over) = (2, false);
    std::iter::from_fn(move || {
        while !over && *bytes.get(at)? == 0xff {
            let (begin, sort) = (at, *bytes.get(at + 1)?);
            match sort {
                0xff => at += 1, // Filling.
                0x01 | 0xd0..=0xd9 => at += 2,
                _ => {
                    let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
                    at += 2 + usize::from(length.max(2));
                    over = sort == 0xda;
                    return Some((begin, sort));
                }
            }
        }
        None
    })
}

/// The largest size that a HEIF file's `ispe` boxes give: the picture's own, or
/// that of the grid of tiles which it is made of.
fn heif_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = &bytes[..bytes.len().min(HEIF_HEAD)];
    let long = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let found = head.windows(4).enumerate().filter(|(_, name)| *name == b"ispe");
    let sizes = found.filter_map(|(at, _)| Some((long(at + 8)?, long(at + 12)?)));
    let sane = |(width, height): &(u32, u32)| (1..=LARGEST_SIDE).contains(width) && (1..=LARGEST_SIDE).contains(height);
    sizes.filter(sane).max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}
