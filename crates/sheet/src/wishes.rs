//! How a person wants a table to be read: which heading is which field, in which
//! unit, and what a text in it means. Kept under a name, it is next month's template.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a person has said about a table. What is not said is found by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Wishes {
    /// The sheet to read; the first with the kind's headings when not said.
    pub sheet: Option<String>,
    /// By heading: its field; an empty name passes the column over.
    pub columns: BTreeMap<String, String>,
    /// By heading: the unit of its numbers.
    pub units: BTreeMap<String, String>,
    /// By field, then by what stands in the cell: what it means. An empty meaning leaves the field alone.
    pub meanings: BTreeMap<String, BTreeMap<String, String>>,
    /// The year of dates that name none, where the table does not say it.
    pub year: Option<i32>,
}

impl Wishes {
    /// These wishes with `other`'s on top.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.sheet = other.sheet.or(self.sheet);
        self.year = other.year.or(self.year);
        self.columns.extend(other.columns);
        self.units.extend(other.units);
        for (field, meanings) in other.meanings {
            self.meanings.entry(field).or_default().extend(meanings);
        }
        self
    }
}
