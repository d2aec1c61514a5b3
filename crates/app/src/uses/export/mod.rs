//! Export: every record of a kind as an Excel table that can be read back, or as
//! the district's own table, from a template that it edits in Excel itself.
//!
//! Mobile and identity numbers are hidden in both, unless somebody asks for them.

mod answers;
mod computed;
mod derived;
mod shipped;

use std::collections::BTreeMap;
use std::path::Path;

use domain::catalog::{FieldType, Kind};
use domain::{Fields, Value};
use serde::{Deserialize, Serialize};
use sheet::Language;
use store::{Filter, ListQuery, Row, Sort};
use ts_rs::TS;

use crate::{Laptop, Result, Trouble};
use answers::Records;

pub use shipped::ExportTemplate;
pub(crate) use shipped::PACKAGE;

/// What is to be written, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct ExportAsked {
    /// The template: its name, or the path of an xlsx.
    pub template: String,
    /// The one record that the table is about: a village, for its file.
    pub of: Option<String>,
    /// The month of a month report, `YYYY-MM`.
    pub month: Option<String>,
    /// The township of a month report, where this laptop has several.
    pub township: Option<String>,
    /// Only records whose field holds this value, where their kind has the field.
    pub filters: BTreeMap<String, String>,
    /// Mobile and identity numbers in full.
    pub personal: bool,
}

/// Names that promise another sort of table than is written.
const OTHER_TABLES: [&str; 7] = ["csv", "txt", "xls", "xlsm", "xlsb", "et", "ods"];

impl Laptop {
    /// Writes every record of `kind` to an xlsx at `path`, with personal numbers hidden; how many there were.
    ///
    /// # Errors
    /// An unknown kind, a name that is not an xlsx's, or a file that cannot be written; it is then not there.
    pub fn export(&self, kind: &str, path: &Path) -> Result<u64> {
        self.export_plain(kind, path, false)
    }

    /// The same; with `personal`, mobile and identity numbers stand there in full.
    ///
    /// # Errors
    /// As [`Laptop::export`].
    pub fn export_plain(&self, kind: &str, path: &Path, personal: bool) -> Result<u64> {
        let kind = self.kind(kind)?;
        let mut rows = self.every(&kind, &[])?;
        if !personal {
            rows.iter_mut().for_each(|row| hide(&kind, &mut row.record.fields));
        }
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let bytes = self.table(&kind, rows)?;
        write(path, &bytes)?;
        Ok(count)
    }

    /// Fills a template and writes it to `path`; how many records stand in its rows.
    ///
    /// # Errors
    /// A template that there is not or that asks for what there is not, with the
    /// cell; a file that cannot be written. It is then not there.
    pub fn export_with(&self, asked: &ExportAsked, path: &Path) -> Result<u64> {
        let (name, bytes) = self.template_bytes(&asked.template)?;
        let mut records = Records::new(self, asked)?;
        let filled = sheet::template::fill(&name, &bytes, &mut records);
        if let Some(error) = records.trouble.take() {
            return Err(error);
        }
        write(path, &filled?)?;
        Ok(records.written())
    }

    /// These records as an xlsx in Chinese, with every field that fits into a cell.
    pub(crate) fn table(&self, kind: &Kind, rows: Vec<Row>) -> Result<Vec<u8>> {
        let names: BTreeMap<String, String> = self.names(&rows)?;
        let cell = |field: &&domain::catalog::Field| {
            !field.hidden && !matches!(field.field_type, FieldType::Attachments | FieldType::Remarks)
        };
        let columns: Vec<String> = kind.fields.iter().filter(cell).map(|field| field.name.clone()).collect();
        let fields = rows.into_iter().map(|row| -> Fields { row.record.fields });
        Ok(sheet::write(kind, &columns, fields, Language::Zh, &|id| names.get(id).cloned())?)
    }

    /// Every record of a kind that answers to `filters`, in the order of its key.
    pub(crate) fn every(&self, kind: &Kind, filters: &[Filter]) -> Result<Vec<Row>> {
        let sort = kind.key.clone().map(|field| Sort { field, descending: false });
        Ok(self.store.list(&ListQuery { kind, filters: filters.to_vec(), sort, limit: u32::MAX, offset: 0 })?.1)
    }
}

/// Writes a table where a person wants it, whole or not at all.
fn write(path: &Path, table: &[u8]) -> Result<()> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if OTHER_TABLES.contains(&ending.as_str()) {
        return Err(Trouble::OtherTable { path: path.display().to_string(), ending }.into());
    }
    Ok(crate::files::write_whole(path, table).map_err(|error| Trouble::writing(path, &error))?)
}

/// Hides personal numbers in the texts of a record.
fn hide(kind: &Kind, fields: &mut Fields) {
    for field in kind.fields.iter().filter(|field| field.field_type == FieldType::Text && field.digits.is_none()) {
        if let Some(Value::String(text)) = fields.get_mut(&field.name) {
            *text = sheet::masked(text);
        }
    }
}
