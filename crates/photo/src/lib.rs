//! Pictures: what their bytes say, and what they look like.
//!
//! Bytes in, values out. [`facts`] reads headers and EXIF and never decodes a
//! picture; [`look`] decodes one, small and within limits. Both take whatever a
//! stranger may have put on a stick: what cannot be read is missing from the
//! facts, or a refusal that says why, and nothing here panics or takes memory by
//! what a file claims to be.
//!
//! HEIC is read for its facts and kept like any original, but not shown: its
//! pictures are HEVC, for which there is no decoder that is well kept, in Rust
//! and under a licence of ours, and the system's own would have to be installed
//! on every laptop.

mod code;
mod exif;
mod format;
mod pages;
mod picture;

pub use code::codes;
pub use format::{Format, LARGEST_PIXELS, LARGEST_SIDE};
pub use pages::{Page, pages};
pub use picture::{Look, look, thumbnail};

use domain::evidence::{Facts, Oddity};

/// The version of what [`facts`] and [`look`] find. One more whenever either
/// would find something else in the same bytes: kept facts of an older one are
/// then read again.
pub const READER: u32 = 2;

/// A file larger than this is no photo that is looked into, in bytes.
pub const LARGEST_FILE: u64 = 64 << 20;

/// Why a picture cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// It is no picture at all.
    #[error("no picture")]
    NotAPicture,
    /// It is a picture of a sort that is not shown here.
    #[error("a {} is not shown", .0.name())]
    NotShown(Format),
    /// It has more pixels than are taken.
    #[error("{width} × {height} pixels")]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// It breaks off, or was damaged.
    #[error("damaged: {0}")]
    Damaged(String),
}

/// What the bytes of a file say of the picture in it, without decoding it.
///
/// Of a file that is no picture the facts are empty.
#[must_use]
pub fn facts(bytes: &[u8]) -> Facts {
    let Some(format) = Format::of(bytes) else { return Facts::default() };
    let mut facts = Facts { format: format.name().to_owned(), orientation: 1, ..Facts::default() };
    let read = exif::read(bytes, format);
    exif::fill(&read, &mut facts);
    let stored = format.dimensions(bytes).or(read.dimensions);
    if let Some((width, height)) = stored {
        let lies = facts.orientation >= 5;
        let (width, height) = if lies { (height, width) } else { (width, height) };
        (facts.width, facts.height) = (Some(width), Some(height));
    }
    if read.damaged && !facts.odd.contains(&Oddity::ExifDamaged) {
        facts.odd.push(Oddity::ExifDamaged);
    }
    if format == Format::Jpeg && format::is_cut_short(bytes) {
        facts.odd.push(Oddity::CutShort);
    }
    facts.odd.sort_unstable();
    facts.odd.dedup();
    facts
}
