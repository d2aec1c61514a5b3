//! The parts of a form, and when they belong to a record: a works has the block
//! of its category and of no other.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Label;
use crate::Value;

/// A part of a form, with its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name in data.
    pub name: String,
    /// Its heading.
    pub label: Label,
    /// Belongs to a record only then; always when absent.
    #[serde(default)]
    pub when: Option<When>,
}

/// A condition on another field of the same record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// A choice or a yes/no that itself always belongs to a record.
    pub field: String,
    /// The values that it may have; `true` and `false` for yes and no.
    pub is: Vec<String>,
}

impl When {
    /// Whether the field's `value` is one of those; an empty field has none.
    #[must_use]
    pub fn holds(&self, value: Option<&Value>) -> bool {
        let is = |text: &str| self.is.iter().any(|one| one == text);
        match value {
            Some(Value::String(text)) => is(text),
            Some(Value::Bool(yes)) => is(if *yes { "true" } else { "false" }),
            _ => false,
        }
    }
}
