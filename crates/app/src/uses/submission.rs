//! An application with everything that it rests on, out of the laptop's store.

use domain::submission::{Shelf, Submission};
use domain::{Record, RecordId, Refusal, Scope, Value};
use store::Filter;

use crate::{AppError, Laptop, Result};

impl Laptop {
    /// The application `id` with its villages, works, contracts, notices, money,
    /// text and remarks, and what stands beside it in the same villages.
    ///
    /// # Errors
    /// When there is no such application.
    pub fn submission(&self, id: RecordId) -> Result<Submission> {
        let found = Submission::gather(&Here(self), id)?;
        found.ok_or_else(|| Refusal::UnknownRecord { record: id.to_string() }.into())
    }
}

/// What this laptop holds. What was joined into another record counts as the other.
pub(crate) struct Here<'l>(pub(crate) &'l Laptop);

impl Shelf for Here<'_> {
    type Error = AppError;

    fn record(&self, id: RecordId) -> Result<Option<Record>> {
        let root = self.0.store.root(id)?;
        Ok(self.0.store.record(root)?.map(|row| row.record).filter(|record| !record.deleted))
    }

    fn referring(&self, kind: &str, field: &str, to: &[RecordId]) -> Result<Vec<Record>> {
        let Ok(shape) = self.0.catalog().kind(kind) else { return Ok(Vec::new()) };
        let Ok(field) = shape.field(field) else { return Ok(Vec::new()) };
        let value = |id: &RecordId| Value::from(id.to_string());
        // An index finds what one reference names; a set is looked through once for all.
        let asked: Vec<Value> = match field.is_set() {
            true if to.is_empty() => Vec::new(),
            true => vec![to.iter().map(value).collect()],
            false => to.iter().map(value).collect(),
        };
        let mut found = Vec::new();
        for value in asked {
            found.extend(self.0.gather(kind, &[Filter::Field(field.name.clone(), value)])?);
        }
        found.sort_by_key(|record| record.id);
        found.dedup_by_key(|record| record.id);
        Ok(found)
    }

    fn all(&self, kind: &str, scope: &Scope) -> Result<Vec<Record>> {
        match self.0.catalog().kind(kind) {
            Ok(_) => self.0.gather(kind, &[Filter::Scope(scope.to_string())]),
            Err(_) => Ok(Vec::new()),
        }
    }

    fn everywhere(&self, kind: &str) -> Result<Vec<Record>> {
        match self.0.catalog().kind(kind) {
            Ok(_) => self.0.gather(kind, &[]),
            Err(_) => Ok(Vec::new()),
        }
    }
}
