//! Preview: the pages of a volume one by one, as pictures for a screen, before
//! anything is compiled.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use domain::RecordId;
use package::{Composed, volume};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Progress;
use crate::{Laptop, Result};

/// Pixels of a point, where nothing else is asked for: 108 an inch.
const PIXELS: f64 = 1.5;

/// The last volume that was set, by the digest of its data and its day: turning a
/// page must not set all of them anew.
static LAST: Mutex<Option<(String, Arc<Composed>)>> = Mutex::new(None);

/// A page of a volume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PreviewPage {
    /// Which one, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
    /// A PNG; empty beyond the last page.
    #[serde(skip)]
    #[ts(skip)]
    pub png: Vec<u8>,
    /// Fonts of the standard that this machine does not have, each with what stands in for it.
    pub substitutes: Vec<String>,
}

/// A volume that is set.
pub struct Preview {
    composed: Arc<Composed>,
}

impl Preview {
    /// Page `page`, from 1, with so many pixels a point (1.5 where nothing is said).
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn page(&self, page: u32, pixels: Option<f64>) -> Result<PreviewPage> {
        let number = usize::try_from(page).unwrap_or(usize::MAX);
        let png = self.composed.png(number, pixels.unwrap_or(PIXELS))?.unwrap_or_default();
        let pages = u32::try_from(self.composed.pages()).unwrap_or(u32::MAX);
        Ok(PreviewPage { page, pages, png, substitutes: self.composed.substitutes.clone() })
    }

    /// All pages as a PDF, to be printed without a package.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn pdf(&self) -> Result<Vec<u8>> {
        Ok(self.composed.pdf()?.bytes)
    }

    /// How many pages there are.
    #[must_use]
    pub fn pages(&self) -> u32 {
        u32::try_from(self.composed.pages()).unwrap_or(u32::MAX)
    }
}

impl Laptop {
    /// The volume of an application as it would be compiled on `day`, or today.
    ///
    /// # Errors
    /// What [`Laptop::compile`] refuses, but for writing.
    pub fn set_volume(&self, application: RecordId, day: Option<&str>, progress: Progress<'_>) -> Result<Preview> {
        let made = self.contents(application, day, progress)?;
        let key = format!("{application} {}", made.volume.seal.digest);
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, composed)) = last.as_ref().filter(|(kept, _)| *kept == key) {
            return Ok(Preview { composed: Arc::clone(composed) });
        }
        *last = None; // Two volumes with their pictures would be one too many.
        let composed = Arc::new(volume::compose(&made.volume, made.pictures)?);
        *last = Some((key, Arc::clone(&composed)));
        Ok(Preview { composed })
    }

    /// One page of the volume of an application, for a window that turns pages.
    ///
    /// # Errors
    /// As [`Laptop::set_volume`].
    pub fn preview(&self, application: RecordId, page: u32) -> Result<PreviewPage> {
        self.set_volume(application, None, &mut |_| ControlFlow::Continue(()))?.page(page, None)
    }
}
