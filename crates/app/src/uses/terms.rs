//! How files move: whether at all, how fast; and which of them this laptop lets go.

use chrono::{DateTime, Days, Local};
use sync::files::Terms;

use crate::{Laptop, Result, Trouble};

/// The name under which the terms are kept.
const TERMS: &str = "terms";

/// For so many days a file stays here that nothing names.
const GRACE: Days = Days::new(30);

impl Laptop {
    /// How files move; both ways and as fast as the line is, unless said otherwise.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn terms(&self) -> Result<Terms> {
        let kept = self.store.meta(TERMS)?;
        let unreadable = |error: serde_json::Error| Trouble::Storage { reason: error.to_string() };
        Ok(kept.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()?.unwrap_or_default())
    }

    /// Says how files are to move from the next exchange on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_terms(&self, terms: Terms) -> Result<()> {
        let text = serde_json::to_string(&terms).map_err(|error| Trouble::Storage { reason: error.to_string() })?;
        Ok(self.store.set_meta(TERMS, &text)?)
    }

    /// Lets files go that nothing has named for a month: those of discarded drafts.
    pub(crate) fn collect_files(&self) -> Result<()> {
        let now = Local::now();
        let is_over = |since: &str| DateTime::parse_from_rfc3339(since).is_ok_and(|since| since + GRACE < now);
        for row in self.store.attachments_to_collect(&is_over)? {
            self.files.remove(&row.file.sha256).map_err(|error| Trouble::storage(&error))?;
            self.store.forget_attachment(&row.file.sha256)?;
        }
        Ok(())
    }
}
