//! The log of exchanges, as people read it: what went, what came, what broke off.

use rusqlite::params;

use crate::{Result, Store};

/// How many are kept.
const KEPT: u32 = 500;

/// One exchange, or several that failed alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeRow {
    /// Wall time (RFC 3339), for display.
    pub at: String,
    /// The same of the last of them.
    pub until: String,
    /// How many there were.
    pub times: u64,
    /// By which way, in the app's words.
    pub way: String,
    /// JSON of what became of it.
    pub body: String,
}

impl Store {
    /// The latest exchanges, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn exchanges(&self, limit: u32) -> Result<Vec<ExchangeRow>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT at, until, times, way, body FROM exchange ORDER BY place DESC LIMIT ?1")?;
        let rows = statement.query_map([limit], |row| {
            let [at, until] = [row.get(0)?, row.get(1)?];
            Ok(ExchangeRow { at, until, times: row.get(2)?, way: row.get(3)?, body: row.get(4)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Notes an exchange. One that is `alike` counts up the last one, where that
    /// says the same: a line that is down for a week is one line of the log.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_exchange(&mut self, at: &str, way: &str, body: &str, alike: bool) -> Result<()> {
        let tx = self.conn.transaction()?;
        let sql = "UPDATE exchange SET times = times + 1, until = ?1
                   WHERE place = (SELECT MAX(place) FROM exchange) AND way = ?2 AND body = ?3";
        if !alike || tx.prepare_cached(sql)?.execute(params![at, way, body])? == 0 {
            tx.prepare_cached("INSERT INTO exchange (at, until, way, body) VALUES (?1, ?1, ?2, ?3)")?
                .execute(params![at, way, body])?;
            tx.prepare_cached("DELETE FROM exchange WHERE place <= (SELECT MAX(place) FROM exchange) - ?1")?
                .execute([KEPT])?;
        }
        Ok(tx.commit()?)
    }
}
