//! One transaction, the same to every table file whatever database lies behind it.
//!
//! SQL is written once, in the part of the language that SQLite and PostgreSQL
//! share, with `?1`, `?2` … for what is given and no other question mark. A sum
//! is cast to BIGINT, for PostgreSQL's is wider. Statements are prepared once
//! for each connection, so a table file may simply say what it wants.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::cell::{Cell, FromCell};
use super::scope_head::Moved;
use super::{Lock, postgres, scope_head};
use crate::error::{DistrictError, Result};

/// A transaction of the district's database.
pub(crate) struct Tx<'t> {
    inner: Inner<'t>,
    /// The logs that it has written to.
    pub(super) moved: Moved,
}

enum Inner<'t> {
    Sqlite(rusqlite::Transaction<'t>),
    Postgres(postgres::Transaction<'t>),
}

impl<'t> From<rusqlite::Transaction<'t>> for Tx<'t> {
    fn from(tx: rusqlite::Transaction<'t>) -> Self {
        Self { inner: Inner::Sqlite(tx), moved: Moved::default() }
    }
}

impl<'t> From<postgres::Transaction<'t>> for Tx<'t> {
    fn from(tx: postgres::Transaction<'t>) -> Self {
        Self { inner: Inner::Postgres(tx), moved: Moved::default() }
    }
}

impl Tx<'_> {
    /// Brings everything to disk; also says whether another transaction got in the way.
    pub(super) fn commit(self) -> (Result<()>, bool) {
        if let Err(error) = scope_head::settle(&self) {
            return (Err(error), self.collided());
        }
        match self.inner {
            Inner::Sqlite(tx) => (tx.commit().map_err(DistrictError::from), false),
            Inner::Postgres(tx) => tx.commit(),
        }
    }

    /// Runs a statement that answers nothing; how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, given: &[Cell<'_>]) -> Result<u64> {
        match &self.inner {
            Inner::Sqlite(tx) => {
                let touched = tx.prepare_cached(sql)?.execute(rusqlite::params_from_iter(given))?;
                Ok(u64::try_from(touched).unwrap_or(u64::MAX))
            }
            Inner::Postgres(tx) => tx.execute(sql, given),
        }
    }

    /// The first row of an answer, if it has one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        given: &[Cell<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &self.inner {
            Inner::Sqlite(tx) => {
                let mut select = tx.prepare_cached(sql)?;
                let mut rows = select.query(rusqlite::params_from_iter(given))?;
                rows.next()?.map(|row| read(&Row(Found::Sqlite(row)))).transpose()
            }
            Inner::Postgres(tx) => {
                let rows = tx.query(sql, given)?;
                rows.first().map(|row| read(&Row(Found::Postgres(row)))).transpose()
            }
        }
    }

    /// As [`Tx::one`], in a writing transaction that will change the row: nobody
    /// else changes it, or reads it with this, until the transaction ends.
    pub(crate) fn one_locked<T>(
        &self,
        sql: &str,
        given: &[Cell<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &self.inner {
            Inner::Sqlite(_) => self.one(sql, given, read), // Only one transaction writes at a time.
            // Others may still refer to the row: its key stays as it is.
            Inner::Postgres(_) => self.one(&format!("{sql} FOR NO KEY UPDATE"), given, read),
        }
    }

    /// Waits until no other transaction holds `lock`, and holds it until this one ends.
    pub(crate) fn lock(&self, lock: Lock<'_>) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(_) => Ok(()), // Only one transaction writes at a time.
            Inner::Postgres(tx) => {
                let sql = "SELECT pg_advisory_xact_lock(hashtextextended(?1, 0))";
                tx.execute(sql, &[Cell::Text(lock.name().into())]).map(drop)
            }
        }
    }

    /// What to answer where another transaction got in the way although all
    /// locks were taken: [`Database::write`](super::Database::write) starts again.
    pub(crate) fn collision(&self) -> DistrictError {
        if let Inner::Postgres(tx) = &self.inner {
            tx.note_collision();
        }
        DistrictError::DatabaseBusy
    }

    /// Whether another transaction got in the way.
    pub(super) fn collided(&self) -> bool {
        match &self.inner {
            Inner::Sqlite(_) => false,
            Inner::Postgres(tx) => tx.collided(),
        }
    }

    /// The one row of an answer that always has one, such as a count.
    pub(crate) fn only<T>(&self, sql: &str, given: &[Cell<'_>], read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T> {
        self.one(sql, given, read)?
            .ok_or_else(|| DistrictError::Unreadable { reason: format!("no row where there is always one: {sql}") })
    }

    /// All rows of an answer that is known to be short.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        given: &[Cell<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, given, |row| {
            found.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// The rows of an answer one by one, until `read` has enough: memory holds
    /// few of them at a time.
    pub(crate) fn each(
        &self,
        sql: &str,
        given: &[Cell<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(tx) => {
                let mut select = tx.prepare_cached(sql)?;
                let mut rows = select.query(rusqlite::params_from_iter(given))?;
                while let Some(row) = rows.next()? {
                    if read(&Row(Found::Sqlite(row)))?.is_break() {
                        break;
                    }
                }
                Ok(())
            }
            Inner::Postgres(tx) => tx.each(sql, given, |row| read(&Row(Found::Postgres(row)))),
        }
    }
}

/// One row of an answer; its columns are counted from 0.
pub(crate) struct Row<'r>(Found<'r>);

enum Found<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// What stands in a column.
    pub(crate) fn get<T: FromCell>(&self, column: usize) -> Result<T> {
        let cell = self.cell(column)?;
        let found = cell.name();
        T::from_cell(cell).ok_or_else(|| unreadable(column, found))
    }

    /// A column's text, where it is: for what is long and only read.
    pub(crate) fn text(&self, column: usize) -> Result<Cow<'_, str>> {
        match self.cell(column)? {
            Cell::Text(text) => Ok(text),
            other => Err(unreadable(column, other.name())),
        }
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>> {
        match &self.0 {
            Found::Sqlite(row) => {
                use rusqlite::types::ValueRef;
                Ok(match row.get_ref(column)? {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(number) => Cell::Number(number),
                    ValueRef::Text(text) => Cell::Text(
                        std::str::from_utf8(text).map_err(|_| unreadable(column, "text that is none"))?.into(),
                    ),
                    ValueRef::Blob(bytes) => Cell::Bytes(bytes.into()),
                    ValueRef::Real(_) => return Err(unreadable(column, "a fraction")),
                })
            }
            Found::Postgres(row) => row.try_get(column).map_err(|error| unreadable(column, &error.to_string())),
        }
    }
}

fn unreadable(column: usize, found: &str) -> DistrictError {
    DistrictError::Unreadable { reason: format!("column {column} holds {found}") }
}
