//! Drafts: what was typed into a form and not saved yet outlives the window,
//! encrypted like everything else on the laptop.

use domain::{Fields, Value};

use crate::types::Draft;
use crate::{Laptop, Result};

impl Laptop {
    /// Every draft of this laptop.
    ///
    /// # Errors
    /// When the database cannot be read, or a draft is not what this program writes.
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        let read = |row: store::DraftRow| {
            let fields = serde_json::from_str(&row.body).map_err(store::Error::from)?;
            Ok(Draft { name: row.name, at: row.at, fields })
        };
        self.store.drafts()?.into_iter().map(read).collect()
    }

    /// Keeps the edits of the form called `name`, in the place of its last ones.
    ///
    /// Nothing is checked: a draft may be half a thought, and the rules are asked when it is saved.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_draft(&self, name: &str, fields: Fields) -> Result<()> {
        let body = Value::from_iter(fields).to_string();
        Ok(self.store.keep_draft(name, &Self::now(), &body)?)
    }

    /// Lets the draft of the form called `name` go; whether there is one makes no difference.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_draft(&self, name: &str) -> Result<()> {
        Ok(self.store.drop_draft(name)?)
    }
}
