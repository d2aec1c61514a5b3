//! How files move: whether at all, how fast; and which of them this laptop lets go.

use chrono::{DateTime, Days, Local};
use sync::files::{Files, Terms};

use crate::types::Transfers;
use crate::{Laptop, Result, Trouble};

/// The name under which the terms are kept.
const TERMS: &str = "terms";

/// The name under which a pause is kept, and what stands there then.
const PAUSED: &str = "paused";
const YES: &str = "yes";

/// The lowest limit that is taken, in bytes per second.
const SLOWEST: u64 = 1_000;

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

    /// How files move, for window and terminal.
    ///
    /// # Errors
    /// As [`Laptop::terms`].
    pub fn transfers(&self) -> Result<Transfers> {
        let Terms { files, bytes_per_second } = self.terms()?;
        Ok(Transfers { files, bytes_per_second })
    }

    /// Says how files are to move from the next exchange on.
    ///
    /// # Errors
    /// As [`Laptop::set_terms`].
    pub fn set_transfers(&self, transfers: Transfers) -> Result<Transfers> {
        let Transfers { files, bytes_per_second } = transfers;
        // Slower than this a photo takes a day, and nobody means it.
        let bytes_per_second = bytes_per_second.map(|bytes| bytes.max(SLOWEST));
        self.set_terms(Terms { files, bytes_per_second })?;
        self.transfers()
    }

    /// Whether its person paused the exchange.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_paused(&self) -> Result<bool> {
        Ok(self.store.meta(PAUSED)?.is_some_and(|text| text == YES))
    }

    /// Pauses the exchange, or lets it go on: while it is paused nothing moves by
    /// itself. One that is asked for by hand is done all the same.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn pause(&self, paused: bool) -> Result<()> {
        Ok(self.store.set_meta(PAUSED, if paused { YES } else { "" })?)
    }

    /// Lets files go: those of discarded drafts, when nothing has named them for a
    /// month, and those of a township that was withdrawn.
    pub(crate) fn collect_files(&self) -> Result<()> {
        let now = Local::now();
        let is_over = |since: &str| DateTime::parse_from_rfc3339(since).is_ok_and(|since| since + GRACE < now);
        for row in self.store.attachments_to_collect(&is_over)? {
            let gone = self.files.remove(&row.file.sha256).and_then(|()| self.files.forget(&row.file.sha256));
            gone.map_err(|error| Trouble::storage(&error))?;
            self.store.forget_attachment(&row.file.sha256)?;
        }
        Ok(())
    }
}
