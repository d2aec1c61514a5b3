//! Templates: how a person matched a table, under a name, for next month's.

use store::TemplateRow;

use super::ImportTemplate;
use crate::{Laptop, Result, Trouble};

impl Laptop {
    /// Every template of this laptop.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import_templates(&self) -> Result<Vec<ImportTemplate>> {
        self.store.import_templates()?.into_iter().map(read).collect()
    }

    /// Lets a template go; whether it was there makes no difference.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_import_template(&self, kind: &str, name: &str) -> Result<()> {
        self.store.drop_import_template(kind, name)?;
        Ok(())
    }

    pub(super) fn import_template(&self, kind: &str, name: &str) -> Result<ImportTemplate> {
        let unknown = || Trouble::UnknownTemplate { name: name.to_owned() };
        read(self.store.import_template(kind, name)?.ok_or_else(unknown)?)
    }

    pub(super) fn keep_import_template(&self, kind: &str, name: &str, wishes: &sheet::Wishes) -> Result<()> {
        let body = serde_json::to_string(wishes).map_err(store::Error::from)?;
        let row = TemplateRow { kind: kind.to_owned(), name: name.to_owned(), at: Self::now(), body };
        Ok(self.store.keep_import_template(&row)?)
    }
}

fn read(row: TemplateRow) -> Result<ImportTemplate> {
    let wishes: sheet::Wishes = serde_json::from_str(&row.body).map_err(store::Error::from)?;
    Ok(ImportTemplate { kind: row.kind, name: row.name, at: row.at, matching: wishes.into() })
}
