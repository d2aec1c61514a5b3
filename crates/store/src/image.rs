//! A database as bytes in memory: taken from one store, opened as another.
//!
//! For simulations, which start thousands of laptops from one and set them back
//! to what a backup of them held. An image is **not encrypted**, so it is never
//! written to a disk; what is kept there is a copy of the file, under its key.

use domain::{Catalog, Change, Record, RecordId};
use rusqlite::{Connection, MAIN_DB};

use crate::{Error, Pending, Result, Row, Store, body, migrate, newest_migration, table, version};

/// Where the header says how the file is written to; 1 is the way of a database in memory.
const WAYS_TO_WRITE: std::ops::Range<usize> = 18..20;

/// A record with everything that is kept of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// As it is shown.
    pub shown: Row,
    /// As the district's log has made it, and the last entry that it is told up to;
    /// none while no log has it, or while it waits to be brought again.
    pub confirmed: Option<(Record, u64)>,
}

impl Store {
    /// Every record that is here in whatever form, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn every_record(&self) -> Result<Vec<Kept>> {
        let mut statement = self.conn.prepare_cached("SELECT id FROM record ORDER BY id")?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<uuid::Uuid>>>()?;
        let mut kept = Vec::with_capacity(ids.len());
        for id in ids.into_iter().map(RecordId) {
            let Some(shown) = table::record::shown(&self.conn, id)? else { continue };
            kept.push(Kept {
                shown,
                confirmed: table::record::confirmed(&self.conn, id)?.map(|found| (found.record, found.told)),
            });
        }
        Ok(kept)
    }

    /// Everything in the outbox, also what only waits for its place in the log.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outbox(&self) -> Result<Vec<Pending>> {
        let mut pending = Vec::new();
        for record in self.every_record()? {
            pending.extend(table::outbox::of_record(&self.conn, record.shown.record.id)?);
        }
        Ok(pending)
    }

    /// Every change that is kept until its log brings it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_changes(&self) -> Result<Vec<Change>> {
        let mut kept = Vec::new();
        for row in self.scopes()? {
            kept.extend(table::kept::in_scope(&self.conn, &row.scope)?);
        }
        Ok(kept)
    }

    /// Lets the next `commits` transactions through and none after them, as if the
    /// power had failed there; `None` brings it back.
    ///
    /// # Errors
    /// Never, on a connection of our own.
    pub fn fail_after(&self, commits: Option<u32>) -> Result<()> {
        let hook = commits.map(|mut left| {
            move || {
                let over = left == 0;
                left = left.saturating_sub(1);
                over
            }
        });
        Ok(self.conn.commit_hook(hook)?)
    }

    /// This database at this moment, every page in the open.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn image(&self) -> Result<Vec<u8>> {
        Ok(self.conn.serialize(MAIN_DB)?.to_vec())
    }

    /// A store in memory that begins as `image`; it ends with the program, and no
    /// other program sees it. An image of an older version is brought up to date.
    ///
    /// # Errors
    /// [`Error::Newer`] for an image that a later program made, and whatever else
    /// is wrong with the bytes.
    pub fn from_image(image: &[u8], catalog: Catalog) -> Result<Self> {
        let mut image = image.to_vec();
        let ways = image.get_mut(WAYS_TO_WRITE).ok_or_else(|| Error::Damaged("image: too short".to_owned()))?;
        ways.fill(1);
        let mut conn = Connection::open_in_memory()?;
        conn.deserialize_read_exact(MAIN_DB, image.as_slice(), image.len(), false)?;
        conn.pragma_update(None, "foreign_keys", "ON")?;
        conn.set_prepared_statement_cache_capacity(128);
        body::teach_field(&conn)?;
        let (found, supported) = (version(&conn)?.unwrap_or(0), newest_migration());
        if found > supported {
            return Err(Error::Newer { found, supported });
        }
        if found < supported {
            migrate(&mut conn)?;
        }
        let store = Self { conn, catalog };
        store.index_catalog()?;
        Ok(store)
    }
}
