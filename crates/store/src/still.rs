//! What stands still: records in a state of which nothing has been said of late.

use domain::catalog::{Field, Kind};
use rusqlite::params;

use crate::list::expression;
use crate::{Error, Result, Row, Store, table};

/// Where it would have been said: entries of `kind`, with the field that names the
/// record and the one that dates the entry.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The kind of the entries.
    pub kind: &'a Kind,
    /// Refers to the record.
    pub of: &'a Field,
    /// The entry's day.
    pub dated: &'a Field,
}

impl Store {
    /// The records of `kind` in `state` that no entry since the day `since` names, and
    /// of which no photo was taken since then: how many, and the first of them, the
    /// oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing_still(
        &self,
        kind: &Kind,
        state: &str,
        said: Said<'_>,
        since: &str,
        limit: usize,
    ) -> Result<(u64, Vec<Row>)> {
        match self.index_all() {
            Err(Error::DiskFull) => {} // As for lists: what was saved last is missing until there is room.
            other => other?,
        }
        let (of, dated) = (expression(said.kind, said.of), expression(said.kind, said.dated));
        let sql = format!(
            "SELECT place FROM listed WHERE kind = '{}' AND state = ?1
             AND lower(hex(id)) NOT IN (SELECT replace({of}, '-', '') FROM listed
                 WHERE listed.kind = '{}' AND {dated} >= ?2 AND {of} IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM photo_use JOIN attachment ON attachment.sha256 = photo_use.sha256
                 WHERE photo_use.record = place AND attachment.taken >= ?2)
             ORDER BY id",
            kind.name, said.kind.name
        );
        let _one_look = self.conn.unchecked_transaction()?;
        let mut statement = self.conn.prepare_cached(&sql)?;
        let places = statement.query_map(params![state, since], |row| row.get(0))?;
        let places = places.collect::<rusqlite::Result<Vec<i64>>>()?;
        let rows = places.iter().take(limit).map(|place| table::record::at(&self.conn, *place));
        Ok((places.len() as u64, rows.collect::<Result<_>>()?))
    }
}
