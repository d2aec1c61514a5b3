//! Thumbnail: a small JPEG of a picture, made on this laptop.

use photo::PhotoError;

use crate::{Laptop, Result, Trouble};

/// How large the small picture is that is kept of each: 300 pixels an inch on a photo sheet.
pub(crate) const SMALL: u32 = 640;

impl Laptop {
    /// The attachment as a JPEG of at most `edge` pixels a side, turned upright.
    ///
    /// What is small enough comes from the small picture that is kept of each, so
    /// that a grid of photos decodes no original twice.
    ///
    /// # Errors
    /// [`Trouble::AttachmentAbsent`] while its bytes are not here; what it is
    /// when they are no picture that can be shown.
    pub fn thumbnail(&self, sha256: &str, edge: u32) -> Result<Vec<u8>> {
        if edge > SMALL {
            return self.drawn(sha256, edge);
        }
        let small = self.small_picture(sha256)?;
        if edge == SMALL {
            return Ok(small);
        }
        Ok(photo::thumbnail(&small, edge).map_err(|error| not_shown(sha256, error))?)
    }

    /// The picture as it stands on photo sheets. It is decoded once in its life: what
    /// comes out is kept, encrypted, beside the originals, and goes with them.
    ///
    /// # Errors
    /// As [`Laptop::thumbnail`].
    pub(crate) fn small_picture(&self, sha256: &str) -> Result<Vec<u8>> {
        if let Some(small) = self.files.small(sha256) {
            return Ok(small);
        }
        let small = self.drawn(sha256, SMALL)?;
        if let Err(error) = self.files.keep_small(sha256, &small) {
            tracing::warn!(%error, "a small picture was not kept"); // It is made anew the next time.
        }
        Ok(small)
    }

    /// The original, decoded and drawn anew.
    fn drawn(&self, sha256: &str, edge: u32) -> Result<Vec<u8>> {
        let known = self.store.attachment(sha256)?.filter(|known| known.here);
        let known = known.ok_or_else(|| Trouble::AttachmentAbsent { name: sha256.to_owned() })?;
        if known.file.bytes > photo::LARGEST_FILE {
            return Err(Trouble::NotAPicture { name: known.file.name }.into());
        }
        let bytes = self.files.read(sha256).map_err(|error| Trouble::storage(&error))?;
        Ok(photo::thumbnail(&bytes, edge).map_err(|error| not_shown(&known.file.name, error))?)
    }
}

/// Why a picture is not shown, in a person's words.
pub(crate) fn not_shown(name: &str, error: PhotoError) -> Trouble {
    let name = name.to_owned();
    match error {
        PhotoError::NotAPicture => Trouble::NotAPicture { name },
        PhotoError::NotShown(format) => Trouble::PictureNotShown { name, format: format.name().to_uppercase() },
        PhotoError::TooLarge { width, height } => {
            Trouble::PictureTooLarge { name, width: width.to_string(), height: height.to_string() }
        }
        PhotoError::Damaged(reason) => Trouble::PictureDamaged { name, reason },
    }
}
