//! Search over everything on the laptop.

use crate::types::Hit;
use crate::{Laptop, Result};

/// How many records one pass of indexing takes; a pass holds the database for some milliseconds.
const BATCH: u32 = 500;

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

    /// Lets search know what was saved since it last looked. Called after every
    /// save and exchange, never inside one.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn index(&mut self) -> Result<()> {
        while self.store.index_due(BATCH)? > 0 {}
        Ok(())
    }
}
