//! One transaction, the same to every table file whatever database lies behind it.
//!
//! SQL is written once, in the part of the language that SQLite and PostgreSQL
//! share, with `?1`, `?2` … for what is given. Values are text, whole numbers,
//! bytes and nothing; yes and no are kept as 1 and 0. Statements are prepared
//! once for each connection, so a table file may simply say what it wants.

use std::borrow::Cow;
use std::ops::ControlFlow;

use domain::{ChangeId, DeviceId, RecordId, Scope};

use super::Lock;
use crate::error::{DistrictError, Result};

/// A transaction of the district's database.
pub(crate) struct Tx<'t>(Inner<'t>);

enum Inner<'t> {
    Sqlite(rusqlite::Transaction<'t>),
}

impl<'t> Tx<'t> {
    pub(super) fn sqlite(tx: rusqlite::Transaction<'t>) -> Self {
        Self(Inner::Sqlite(tx))
    }

    pub(super) fn commit(self) -> Result<()> {
        match self.0 {
            Inner::Sqlite(tx) => Ok(tx.commit()?),
        }
    }

    /// Runs a statement that answers nothing; how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, given: &[Cell<'_>]) -> Result<u64> {
        match &self.0 {
            Inner::Sqlite(tx) => {
                let touched = tx.prepare_cached(sql)?.execute(rusqlite::params_from_iter(given))?;
                Ok(u64::try_from(touched).unwrap_or(u64::MAX))
            }
        }
    }

    /// The first row of an answer, if it has one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        given: &[Cell<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &self.0 {
            Inner::Sqlite(tx) => {
                let mut select = tx.prepare_cached(sql)?;
                let mut rows = select.query(rusqlite::params_from_iter(given))?;
                rows.next()?.map(|row| read(&Row(Found::Sqlite(row)))).transpose()
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
        match &self.0 {
            Inner::Sqlite(_) => self.one(sql, given, read), // Only one transaction writes at a time.
        }
    }

    /// Waits until no other transaction holds `lock`, and holds it until this one ends.
    pub(crate) fn lock(&self, _lock: Lock<'_>) -> Result<()> {
        match &self.0 {
            Inner::Sqlite(_) => Ok(()), // Only one transaction writes at a time.
        }
    }

    /// What to answer where another transaction got in the way although all
    /// locks were taken: [`Database::write`](super::Database::write) starts again.
    pub(crate) fn collision(&self) -> DistrictError {
        DistrictError::DatabaseBusy
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
        match &self.0 {
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
        }
    }
}

/// One value, on its way into a statement or out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Null,
    Number(i64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

impl Cell<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef;
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// What is given to a statement, in the order of `?1`, `?2` …
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::database::tx::ToCell::to_cell(&$value)),*] };
}
pub(crate) use params;

/// What can be given to a statement.
pub(crate) trait ToCell {
    fn to_cell(&self) -> Cell<'_>;
}

impl ToCell for str {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(self.into())
    }
}

impl ToCell for String {
    fn to_cell(&self) -> Cell<'_> {
        self.as_str().to_cell()
    }
}

impl ToCell for [u8] {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Bytes(self.into())
    }
}

impl ToCell for Vec<u8> {
    fn to_cell(&self) -> Cell<'_> {
        self.as_slice().to_cell()
    }
}

impl ToCell for i64 {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Number(*self)
    }
}

impl ToCell for u32 {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Number(i64::from(*self))
    }
}

impl ToCell for u64 {
    /// The numbers of a log and the sizes of files stay far below 2⁶³; a limit
    /// of more than that is none.
    fn to_cell(&self) -> Cell<'_> {
        Cell::Number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl ToCell for usize {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl ToCell for bool {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Number(i64::from(*self))
    }
}

impl ToCell for Scope {
    fn to_cell(&self) -> Cell<'_> {
        self.as_str().to_cell()
    }
}

impl ToCell for RecordId {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(self.to_string().into())
    }
}

impl ToCell for ChangeId {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(self.to_string().into())
    }
}

impl ToCell for DeviceId {
    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(self.to_string().into())
    }
}

impl<T: ToCell> ToCell for Option<T> {
    fn to_cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, ToCell::to_cell)
    }
}

impl<T: ToCell + ?Sized> ToCell for &T {
    fn to_cell(&self) -> Cell<'_> {
        (**self).to_cell()
    }
}

/// One row of an answer; its columns are counted from 0.
pub(crate) struct Row<'r>(Found<'r>);

enum Found<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
}

impl Row<'_> {
    /// What stands in a column.
    pub(crate) fn get<T: FromCell>(&self, column: usize) -> Result<T> {
        let cell = self.cell(column)?;
        let found = cell.name();
        T::from_cell(cell).ok_or_else(|| DistrictError::Unreadable { reason: format!("column {column} holds {found}") })
    }

    /// A column's text, where it is: for what is long and only read.
    pub(crate) fn text(&self, column: usize) -> Result<Cow<'_, str>> {
        match self.cell(column)? {
            Cell::Text(text) => Ok(text),
            other => {
                let reason = format!("column {column} holds {} where text was due", other.name());
                Err(DistrictError::Unreadable { reason })
            }
        }
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>> {
        match &self.0 {
            Found::Sqlite(row) => {
                use rusqlite::types::ValueRef;
                let unreadable = |what| DistrictError::Unreadable { reason: format!("column {column} holds {what}") };
                Ok(match row.get_ref(column)? {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(number) => Cell::Number(number),
                    ValueRef::Text(text) => {
                        Cell::Text(std::str::from_utf8(text).map_err(|_| unreadable("text that is none"))?.into())
                    }
                    ValueRef::Blob(bytes) => Cell::Bytes(bytes.into()),
                    ValueRef::Real(_) => return Err(unreadable("a fraction")),
                })
            }
        }
    }
}

/// What a column can be read as; nothing where it holds something else.
pub(crate) trait FromCell: Sized {
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Number(number) = cell { Some(number) } else { None }
    }
}

impl FromCell for u64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell)?.try_into().ok()
    }
}

impl FromCell for u32 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell)?.try_into().ok()
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Number(0) => Some(false),
            Cell::Number(1) => Some(true),
            _ => None,
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.into_owned()) } else { None }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { Some(bytes.into_owned()) } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}
