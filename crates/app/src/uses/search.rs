//! Search over everything on the laptop.

use crate::types::Hit;
use crate::{Laptop, Result};

impl Laptop {
    /// The records in which every word of `text` occurs, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<Hit>> {
        let found = self.store.search(text, limit)?;
        let hit = |found: store::Found| Hit {
            id: found.record.id,
            title: store::title(self.catalog(), &found.record),
            kind: found.record.kind,
            text: found.text,
        };
        Ok(found.into_iter().map(hit).collect())
    }

    /// Lets lists and search know what was saved since they last looked. Called
    /// after every save and exchange, never inside one.
    ///
    /// It cannot fail the save that it follows: what it could not do now (a full
    /// disk) stays due, and is done the next time.
    pub fn index(&mut self) {
        if let Err(error) = self.store.index_all() {
            tracing::warn!(%error, "lists and search are not up to date");
        }
        if let Err(error) = self.store.rest() {
            tracing::warn!(%error, "what was written stays in the write-ahead log");
        }
    }
}
