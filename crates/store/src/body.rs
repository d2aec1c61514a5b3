//! A body: a record or a change as one column holds it. Written in compact form,
//! as a BLOB; the JSON text of version 1 is read as well, and stays until its row
//! is written anew.

use domain::compact::{pack_row, unpack_row};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Error as SqlError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use domain::{Record, Value};

use crate::Result;

/// The bytes of one body.
pub(crate) struct Body(Vec<u8>);

impl Body {
    pub(crate) fn of<T: Serialize>(value: &T) -> Self {
        Self(pack_row(value))
    }

    /// Its bytes, as they are kept.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(unpack_row(&self.0)?)
    }
}

impl FromSql for Body {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) => Ok(Self(bytes.to_vec())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

impl ToSql for Body {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

/// Lets SQL ask for a record's field: `field(shown, 'name')` is the value as a
/// filter would bind it, a set as JSON text, and NULL where the field is empty.
pub(crate) fn teach_field(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function("field", 2, flags, |arguments| {
        let body: Body = arguments.get(0)?;
        let name: String = arguments.get(1)?;
        let record: Record = body.read().map_err(|error| SqlError::UserFunctionError(Box::new(error)))?;
        Ok(record.fields.get(&name).map_or(Sql::Null, plain))
    })?;
    Ok(())
}

/// A field's value as SQLite compares it.
pub(crate) fn plain(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(yes) => Sql::Integer(i64::from(*yes)),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Sql::Real(number.as_f64().unwrap_or_default()), Sql::Integer)
        }
        Value::String(text) => Sql::Text(text.clone()),
        other => Sql::Text(other.to_string()),
    }
}
