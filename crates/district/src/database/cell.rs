//! The values that go into statements and come out of rows: text, whole
//! numbers, bytes and nothing, the same on every database.

use std::borrow::Cow;

use domain::{ChangeId, DeviceId, RecordId, Scope};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// One value, on its way into a statement or out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Null,
    Number(i64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

impl Cell<'_> {
    pub(super) fn name(&self) -> &'static str {
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

type Mismatch = Box<dyn std::error::Error + Send + Sync>;

impl ToSql for Cell<'_> {
    fn to_sql(&self, column: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Mismatch> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Number(number) if *column == Type::INT8 => number.to_sql(column, out),
            Self::Number(number) if *column == Type::INT4 => i32::try_from(*number)?.to_sql(column, out),
            // A text without its NULs, which PostgreSQL cannot keep: no text of a person has one.
            Self::Text(text) if text.contains('\0') => text.replace('\0', "\u{fffd}").to_sql(column, out),
            Self::Text(text) if <&str as ToSql>::accepts(column) => text.as_ref().to_sql(column, out),
            Self::Bytes(bytes) if *column == Type::BYTEA => bytes.as_ref().to_sql(column, out),
            other => Err(format!("{} where the statement wants {column}", other.name()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(column: &Type, raw: &'a [u8]) -> Result<Self, Mismatch> {
        Ok(match *column {
            Type::INT8 => Self::Number(i64::from_sql(column, raw)?),
            Type::INT4 => Self::Number(i32::from_sql(column, raw)?.into()),
            Type::BYTEA => Self::Bytes(raw.into()),
            _ => Self::Text(<&str>::from_sql(column, raw)?.into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Mismatch> {
        Ok(Self::Null)
    }

    fn accepts(column: &Type) -> bool {
        matches!(*column, Type::INT8 | Type::INT4 | Type::BYTEA) || <&str as FromSql>::accepts(column)
    }
}

/// What is given to a statement, in the order of `?1`, `?2` …
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::database::cell::ToCell::to_cell(&$value)),*] };
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
