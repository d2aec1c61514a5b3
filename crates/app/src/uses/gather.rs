//! Gather: all records of a kind that meet a condition, for what is computed over them.
//!
//! What was joined into another record is not among them, and what refers to it
//! says here that it refers to the other: figures count a thing once, with all
//! that was ever said of it.

use domain::catalog::JOINED_INTO;
use domain::{Record, RecordId};
use store::{Filter, ListQuery};

use crate::{Laptop, Result};

impl Laptop {
    /// Every live record of `kind` that meets `filters`, oldest first.
    pub(crate) fn gather(&self, kind: &str, filters: &[Filter]) -> Result<Vec<Record>> {
        let kind = self.catalog().kind(kind)?;
        // At one go: a page in the middle has to pass over all before it.
        let all = ListQuery { kind, filters: filters.to_vec(), sort: None, limit: u32::MAX, offset: 0 };
        let mut records: Vec<Record> = self.store.list(&all)?.1.into_iter().map(|row| row.record).collect();
        records.sort_by_key(|record| record.id);
        let joinable = |to: &String| self.catalog().kind(to).is_ok_and(|kind| kind.field(JOINED_INTO).is_ok());
        for field in kind.fields.iter().filter(|field| field.by.is_none() && field.to.as_ref().is_some_and(joinable)) {
            for record in &mut records {
                let Some(id) = record.text(&field.name).and_then(|id| id.parse().ok()) else { continue };
                let root: RecordId = self.store.root(id)?;
                if root != id {
                    record.fields.insert(field.name.clone(), root.to_string().into());
                }
            }
        }
        Ok(records)
    }

    /// What heads the record `id`, where it is here.
    pub(crate) fn heading(&self, id: RecordId) -> Option<String> {
        self.store.title(id).ok().flatten()
    }
}
