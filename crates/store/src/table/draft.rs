//! Edits that nobody saved yet, so that a closed window loses nothing that was
//! typed. They are no records: no rule, no search and no district hears of them.

use rusqlite::params;

use crate::{Result, Store};

/// Unsaved edits, as one form left them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Which form, in the window's own words.
    pub name: String,
    /// Wall time of the last edit (RFC 3339), for display.
    pub at: String,
    /// JSON of the edited fields.
    pub body: String,
}

impl Store {
    /// Every draft, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftRow>> {
        let mut statement = self.conn.prepare_cached("SELECT name, at, body FROM draft ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            let (name, at, body) = (row.get("name")?, row.get("at")?, row.get("body")?);
            Ok(DraftRow { name, at, body })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps what a form holds now, in the place of what it held before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_draft(&self, name: &str, at: &str, body: &str) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO draft (name, at, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET at = excluded.at, body = excluded.body",
        )?;
        statement.execute(params![name, at, body])?;
        Ok(())
    }

    /// Lets a draft go, once it was saved or given up; one that is not there is gone already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_draft(&self, name: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM draft WHERE name = ?1")?.execute([name])?;
        Ok(())
    }
}
