//! Small facts about this laptop, by name.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store};

/// The counter of the next change.
const NEXT_COUNTER: &str = "nextCounter";

/// This laptop's device and incarnation, as JSON of a writer.
const WRITER: &str = "writer";

impl Store {
    /// The fact called `name`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn meta(&self, name: &str) -> Result<Option<String>> {
        get(&self.conn, name)
    }

    /// Keeps a fact.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        set(&self.conn, name, value)
    }

    /// Says who this laptop is, from its enrolment on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_writer(&self, writer: domain::Writer) -> Result<()> {
        set_writer(&self.conn, writer)
    }

    /// Who this laptop is.
    ///
    /// # Errors
    /// When the database cannot be read, or the laptop was never enrolled.
    pub fn writer(&self) -> Result<domain::Writer> {
        writer(&self.conn)
    }
}

pub(crate) fn writer(conn: &Connection) -> Result<domain::Writer> {
    let text = get(conn, WRITER)?.ok_or_else(|| crate::Error::Damaged("this laptop has no device id".to_owned()))?;
    Ok(serde_json::from_str(&text)?)
}

pub(crate) fn set_writer(conn: &Connection, writer: domain::Writer) -> Result<()> {
    set(conn, WRITER, &serde_json::to_string(&writer)?)
}

/// The counter that the next save will take.
pub(crate) fn next_counter(conn: &Connection) -> Result<u64> {
    Ok(get(conn, NEXT_COUNTER)?.and_then(|text| text.parse().ok()).unwrap_or(1))
}

pub(crate) fn set_next_counter(conn: &Connection, next: u64) -> Result<()> {
    set(conn, NEXT_COUNTER, &next.to_string())
}

/// The counter of the change being saved; the caller's transaction keeps it dense.
pub(crate) fn take_counter(conn: &Connection) -> Result<u64> {
    take(conn, NEXT_COUNTER)
}

/// The next number of a series, from 1.
pub(crate) fn take(conn: &Connection, series: &str) -> Result<u64> {
    let next: u64 = get(conn, series)?.and_then(|text| text.parse().ok()).unwrap_or(1);
    set(conn, series, &(next + 1).to_string())?;
    Ok(next)
}

pub(crate) fn get(conn: &Connection, name: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn set(conn: &Connection, name: &str, value: &str) -> Result<()> {
    let mut statement = conn
        .prepare_cached("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?;
    statement.execute(params![name, value])?;
    Ok(())
}
