//! The district's own check of an application: what the laptop found, found again
//! over everything that the district holds, and the gate that it stands at. And
//! of a fund entry, which is held against all that others have paid.

use domain::finding::Finding;
use domain::funds::{self, Around, Entry};
use domain::review;
use domain::submission::Submission;
use domain::{Action, Change, Record, RecordId, Refusal, overlay};
use serde::Serialize;

use crate::append::Ledger;
use crate::clock;
use crate::district::District;
use crate::error::Result;
use crate::submission::Shelf;

/// What was found in an application.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// The application.
    pub application: RecordId,
    /// How many findings block.
    pub blocks: usize,
    /// What blocks first.
    pub findings: Vec<Finding>,
}

impl District {
    /// What a reviewer would find in the application, over all that the district holds.
    ///
    /// # Errors
    /// [`Refusal::UnknownRecord`] where there is no such application.
    pub fn check(&self, id: &str) -> Result<Checked> {
        let unknown = || Refusal::UnknownRecord { record: id.to_owned() };
        let application: RecordId = id.parse().map_err(|_| unknown())?;
        self.database.read(|tx| {
            let submission = Submission::gather(&Shelf::of(tx, &self.catalog), application)?;
            let submission = submission.ok_or_else(unknown)?;
            let findings = review::review(&submission, &self.catalog, clock::today());
            let blocks = findings.iter().filter(|finding| finding.blocks()).count();
            Ok(Checked { application, blocks, findings })
        })
    }
}

impl Ledger<'_> {
    /// Why an application is not reported by `change`, if it would be and something blocks.
    pub(crate) fn not_ready(&self, before: Option<&Record>, change: &Change) -> Result<Option<Refusal>> {
        let Some(application) = review::reported_by(before, change) else { return Ok(None) };
        let submission = Submission::of(&Shelf::of(self.tx, self.catalog), application)?;
        Ok(review::ready(&submission, self.catalog, clock::today()).err())
    }

    /// Why a new fund entry may not join the books, over everything that was paid here.
    pub(crate) fn breaks_books(&self, before: Option<&Record>, change: &Change) -> Result<Option<Refusal>> {
        let makes = matches!(change.actions.first(), Some(Action::Create { .. }));
        if before.is_some() || change.kind != Entry::KIND || !makes {
            return Ok(None);
        }
        let entry = overlay(None, change);
        let around = Around::gather(&Shelf::of(self.tx, self.catalog), &entry)?;
        Ok(funds::admit(&around.papers(), &around.plans(), &entry, &clock::today().to_string()).err())
    }
}
