//! Export: every record of a kind as an Excel table that can be read back.

use std::collections::BTreeMap;
use std::path::Path;

use domain::Fields;
use domain::catalog::{FieldType, Kind};
use sheet::Language;
use store::{ListQuery, Row, Sort};

use crate::{Laptop, Result, Trouble};

/// How many records are read at a time.
const BATCH: u32 = 500;

impl Laptop {
    /// Writes every record of `kind` to an xlsx at `path`; how many there were.
    ///
    /// # Errors
    /// An unknown kind, or a file that cannot be written; it is then not there.
    pub fn export(&self, kind: &str, path: &Path) -> Result<u64> {
        let kind = self.kind(kind)?;
        let rows = self.every(&kind)?;
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let bytes = self.table(&kind, rows)?;
        crate::files::write_whole(path, &bytes).map_err(|error| Trouble::writing(path, &error))?;
        Ok(count)
    }

    /// These records as an xlsx in Chinese, with every field that fits into a cell.
    pub(crate) fn table(&self, kind: &Kind, rows: Vec<Row>) -> Result<Vec<u8>> {
        let names: BTreeMap<String, String> = self.names(&rows)?;
        let cell =
            |field: &&domain::catalog::Field| !matches!(field.field_type, FieldType::Attachments | FieldType::Remarks);
        let columns: Vec<String> = kind.fields.iter().filter(cell).map(|field| field.name.clone()).collect();
        let fields = rows.into_iter().map(|row| -> Fields { row.record.fields });
        Ok(sheet::write(kind, &columns, fields, Language::Zh, &|id| names.get(id).cloned())?)
    }

    pub(crate) fn every(&self, kind: &Kind) -> Result<Vec<Row>> {
        let sort = kind.key.clone().map(|field| Sort { field, descending: false });
        let mut rows = Vec::new();
        loop {
            let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let query = ListQuery { kind, filters: Vec::new(), sort: sort.clone(), limit: BATCH, offset };
            let (_, page) = self.store.list(&query)?;
            if page.is_empty() {
                return Ok(rows);
            }
            rows.extend(page);
        }
    }
}
