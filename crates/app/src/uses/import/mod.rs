//! Import: a table from Excel or CSV, checked first, written only when asked to.
//!
//! The check makes a plan: every row's verdict, and what would be written. The
//! import makes the same plan again and carries it out in one transaction, or not
//! at all where it is no longer the one that the person agreed to. So nothing is
//! kept between the two but the person's word, a process killed half way has
//! written nothing, and the same file imported twice changes nothing.

mod identity;
mod names;
mod plan;
mod report;
mod templates;
mod undo;

use std::sync::Arc;

use chrono::Datelike;
use store::Batch;
use uuid::Uuid;

pub use report::{
    ImportAsked, ImportBatch, ImportChange, ImportHeading, ImportLeft, ImportMatch, ImportOffer, ImportQuestion,
    ImportReport, ImportRow, ImportTemplate, ImportUndone,
};

use crate::{AppError, Laptop, Result, Trouble};

impl Laptop {
    /// What an import of the table `name` with content `bytes` would do, row by row. Nothing is written.
    ///
    /// # Errors
    /// A file that is no table of this kind, as a whole, or a template that there is not.
    pub fn check_import(&self, name: &str, bytes: &[u8], asked: &ImportAsked) -> Result<ImportReport> {
        Ok(self.plan(name, bytes, asked)?.report)
    }

    /// Writes what the check of the same table says, as one step that can be taken back.
    ///
    /// A row that cannot be taken is named with its reason; the others go on.
    ///
    /// # Errors
    /// As [`Laptop::check_import`]; [`Trouble::PlanChanged`] where the person agreed
    /// to another plan; a full disk. Nothing is written then.
    pub fn import_table(&mut self, name: &str, bytes: &[u8], asked: &ImportAsked) -> Result<ImportReport> {
        let plan = self.plan(name, bytes, asked)?;
        let mut report = plan.report;
        if asked.agreed.as_ref().is_some_and(|agreed| *agreed != report.plan) {
            return Err(Trouble::PlanChanged { name: name.to_owned() }.into());
        }
        if let Some(template) = &asked.save_template {
            self.keep_import_template(&asked.kind, template, &plan.wishes)?;
        }
        if plan.drafts.is_empty() {
            return Ok(report);
        }
        let batch = Batch {
            id: Uuid::now_v7(),
            at: Self::now(),
            person: self.identity.person.clone(),
            file: name.to_owned(),
            kind: asked.kind.clone(),
            undone_at: None,
            standing: 0,
        };
        let (catalog, post) = (Arc::clone(&self.rules), self.post()?);
        let mut admit = |before: Option<&domain::Record>, change: &domain::Change| {
            domain::rules::admit(&catalog, &post, before, change)
        };
        for (row, refusal) in self.store.save_batch(&batch, plan.drafts, &mut admit)? {
            report.refuse(row, &refusal.into());
        }
        report.batch = Some(batch.id.to_string());
        self.index();
        Ok(report)
    }

    /// Reads the table `name` with content `bytes` as records of `kind`, without more words about it.
    ///
    /// With `dry_run` it is only checked.
    ///
    /// # Errors
    /// As [`Laptop::import_table`].
    pub fn import(&mut self, name: &str, bytes: &[u8], kind: &str, dry_run: bool) -> Result<ImportReport> {
        let asked = ImportAsked { kind: kind.to_owned(), ..ImportAsked::default() };
        if dry_run { self.check_import(name, bytes, &asked) } else { self.import_table(name, bytes, &asked) }
    }

    /// The template, what was said beside it, and the year that it is.
    fn wishes(&self, asked: &ImportAsked) -> Result<sheet::Wishes> {
        let kept = match &asked.template {
            Some(template) => self.import_template(&asked.kind, template)?.matching.into(),
            None => sheet::Wishes::default(),
        };
        Ok(kept.with(asked.matching.clone().into()))
    }

    fn this_year() -> i32 {
        chrono::Local::now().year()
    }
}

impl ImportReport {
    /// Takes a row's good verdict back: a rule refused it when it was written.
    fn refuse(&mut self, row: u32, error: &AppError) {
        let Some(row) = self.rows.iter_mut().find(|given| given.row == row) else { return };
        let counted = if row.verdict == "new" { &mut self.new } else { &mut self.changed };
        *counted -= 1;
        self.refused += 1;
        self.rejected += 1;
        "refused".clone_into(&mut row.verdict);
        row.reason = Some(error.view());
        row.changes.clear();
    }
}
