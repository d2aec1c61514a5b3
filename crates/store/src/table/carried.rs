//! Which bytes of which files are on their way on sticks, or at the district
//! although the whole file is not.

use std::collections::BTreeMap;

use rusqlite::{TransactionBehavior, params};
use uuid::Uuid;

use crate::{Result, Store};

/// The bundle under which stands what the district has.
const AT_DISTRICT: Uuid = Uuid::nil();

/// Bytes of a file: from, and up to but without.
pub type Run = (u64, u64);

/// What the district says to have of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// All of it.
    Whole,
    /// These bytes.
    Runs(Vec<Run>),
}

impl Store {
    /// Which bytes of files are on their way or at the district, by file: in order,
    /// and runs that touch are one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn carried(&self) -> Result<BTreeMap<String, Vec<Run>>> {
        let mut statement =
            self.conn.prepare_cached("SELECT sha256, start, stop FROM carried ORDER BY sha256, start")?;
        let mut rows = statement.query([])?;
        let mut carried: BTreeMap<String, Vec<Run>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (start, stop): Run = (row.get(1)?, row.get(2)?);
            let runs = carried.entry(row.get(0)?).or_default();
            match runs.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(stop),
                _ => runs.push((start, stop)),
            }
        }
        Ok(carried)
    }

    /// Notes what went into a bundle.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_carried(&mut self, bundle: Uuid, files: &[(String, Run)]) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (sha256, (start, stop)) in files {
            let mut statement = tx.prepare_cached("INSERT OR REPLACE INTO carried VALUES (?1, ?2, ?3, ?4)")?;
            statement.execute(params![sha256, bundle, start, stop])?;
        }
        Ok(tx.commit()?)
    }

    /// Forgets what went out, so that all of it goes out once more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_carried(&self) -> Result<()> {
        self.conn.execute("DELETE FROM carried", [])?;
        Ok(())
    }

    /// Takes the district's word on the files that `bundle` offered it: nothing of
    /// them is on its way in that bundle any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_standings(&mut self, bundle: Uuid, files: &[(String, Standing)]) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("DELETE FROM carried WHERE bundle = ?1", [bundle])?;
        for (sha256, standing) in files {
            tx.prepare_cached("DELETE FROM carried WHERE sha256 = ?1 AND bundle = ?2")?
                .execute(params![sha256, AT_DISTRICT])?;
            let Standing::Runs(runs) = standing else {
                tx.prepare_cached("UPDATE attachment SET district = 1 WHERE sha256 = ?1")?.execute([sha256])?;
                continue;
            };
            for (start, stop) in runs {
                tx.prepare_cached("INSERT OR REPLACE INTO carried VALUES (?1, ?2, ?3, ?4)")?.execute(params![
                    sha256,
                    AT_DISTRICT,
                    start,
                    stop
                ])?;
            }
        }
        tx.execute("DELETE FROM carried WHERE sha256 IN (SELECT sha256 FROM attachment WHERE district = 1)", [])?;
        Ok(tx.commit()?)
    }
}
