//! Check: what a reviewer would find in an application, before a reviewer does;
//! the steps that are left; and the gate that every save passes.

use chrono::NaiveDate;
use domain::catalog::Kind;
use domain::finding::Severity;
use domain::submission::Submission;
use domain::{Action, Change, Record, RecordId, Refusal, Scope};
use domain::{gate, review};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::findings::{FindingView, Findings};
use super::submission::Here;
use crate::{Laptop, Result, Trouble};

/// How far an application is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ApplicationSteps {
    /// Its steps, in the order in which people go through them.
    pub steps: Vec<review::Step>,
    /// How many findings block, photos included.
    #[ts(type = "number")]
    pub blocks: usize,
    /// How many warn and are not accepted.
    #[ts(type = "number")]
    pub warns: usize,
    /// The step of its lifecycle.
    pub state: Option<String>,
    /// Where this person may move it now.
    pub moves: Vec<String>,
}

impl Laptop {
    /// What a reviewer would find in the application today: in its records, its
    /// money and its photos.
    ///
    /// # Errors
    /// When there is no such application.
    pub fn check(&self, application: RecordId) -> Result<Findings> {
        self.check_on(application, &Self::today())
    }

    /// The same as it is on the day `today`.
    ///
    /// # Errors
    /// As [`Laptop::check`], or for what is no date.
    pub fn check_on(&self, application: RecordId, today: &str) -> Result<Findings> {
        self.checked_submission(&self.submission(application)?, self.day(today)?)
    }

    /// Accepts a finding of the application with a remark.
    ///
    /// # Errors
    /// [`Trouble::UnknownFinding`] where nothing is found under this key that waits
    /// for an answer, [`Trouble::FindingBlocks`] where it must be mended.
    pub fn accept_of_application(&mut self, application: RecordId, key: &str, remark: &str) -> Result<FindingView> {
        let open = |view: &FindingView| view.key == key && view.accepted.is_none();
        let found = self.check(application)?.findings.into_iter().find(open);
        self.accept(found.ok_or_else(|| Trouble::UnknownFinding { finding: key.to_owned() })?, remark)
    }

    /// The steps of the application: what is done, and what is left in each.
    ///
    /// # Errors
    /// When there is no such application.
    pub fn application_steps(&self, application: RecordId) -> Result<ApplicationSteps> {
        let (submission, today) = (self.submission(application)?, self.day(&Self::today())?);
        let found = review::review(&submission, self.catalog(), today);
        let steps = review::steps(&submission, &found);
        let all = self.checked_submission(&submission, today)?.findings;
        let count = |severity| all.iter().filter(|one| one.severity == severity && one.accepted.is_none()).count();
        Ok(ApplicationSteps {
            steps,
            blocks: count(Severity::Block),
            warns: count(Severity::Warn),
            moves: self.moves(application)?,
            state: submission.application.state,
        })
    }

    fn checked_submission(&self, submission: &Submission, today: NaiveDate) -> Result<Findings> {
        let works: Vec<RecordId> = submission.works.iter().map(|works| works.id).collect();
        let (photos, unseen) = self.photo_findings(&works, submission.records())?;
        let mut found = review::review(submission, self.catalog(), today);
        found.extend(photos);
        self.answered(found, unseen)
    }

    /// Whether the records around this one let these actions be done to it: see [`domain::gate`].
    pub(crate) fn passes_gate(&self, kind: &Kind, record: RecordId, scope: &Scope, actions: &[Action]) -> Result<()> {
        self.keeps_books(kind, record, scope, actions)?;
        let before: Option<Record> = self.store.beyond_drafts(record)?;
        let change = self.change_of(record, kind, scope.clone(), actions.to_vec())?;
        self.gate(before.as_ref(), &change)
    }

    pub(crate) fn gate(&self, before: Option<&Record>, change: &Change) -> Result<()> {
        let today = self.day(&Self::today())?;
        let refusal = gate::refusal(&Here(self), self.catalog(), before, change, today)?;
        refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    fn day(&self, text: &str) -> Result<NaiveDate> {
        let date = self.date(text)?;
        let wrong = || Refusal::NoSuchDate { field: "date".to_owned(), given: date.clone() };
        Ok(date.parse().map_err(|_| wrong())?)
    }
}
