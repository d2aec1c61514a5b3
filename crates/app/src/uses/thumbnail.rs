//! Thumbnail: a small JPEG of a picture, made on this laptop.

use std::io::Cursor;

use image::{ImageDecoder, ImageReader, Limits};

use crate::{Laptop, Result, Trouble};

/// More pixels on one side than any camera has; a picture that claims more is a trap.
const LARGEST_SIDE: u32 = 30_000;

/// The memory that decoding one picture may take, in bytes.
const MEMORY: u64 = 512 << 20;

impl Laptop {
    /// The attachment as a JPEG of at most `edge` pixels a side, turned upright.
    ///
    /// # Errors
    /// [`Trouble::AttachmentAbsent`] while its bytes are not here;
    /// [`Trouble::FileUnreadable`] when they are no picture that can be shown.
    pub fn thumbnail(&self, sha256: &str, edge: u32) -> Result<Vec<u8>> {
        let known = self.store.attachment(sha256)?.filter(|known| known.here);
        let known = known.ok_or_else(|| Trouble::AttachmentAbsent { name: sha256.to_owned() })?;
        let bytes = self.files.read(sha256).map_err(|error| Trouble::storage(&error))?;
        let unreadable = |reason: String| Trouble::FileUnreadable { path: known.file.name.clone(), reason };
        Ok(shrink(&bytes, edge).map_err(|error| unreadable(error.to_string()))?)
    }
}

fn shrink(bytes: &[u8], edge: u32) -> image::ImageResult<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = image::DynamicImage::from_decoder(decoder)?;
    if picture.width().max(picture.height()) > edge {
        picture = picture.thumbnail(edge, edge);
    }
    picture.apply_orientation(orientation);
    let mut out = Cursor::new(Vec::new());
    picture.to_rgb8().write_to(&mut out, image::ImageFormat::Jpeg)?;
    Ok(out.into_inner())
}
