//! Amount: what an application comes to under the programme version that it is
//! made under, with every step, beside what it asks for.

use chrono::NaiveDate;
use domain::RecordId;
use domain::programme::{Differs, Share, Stage, Step, recompute};
use domain::submission::Submission;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::programmes::views;
use crate::types::ErrorView;
use crate::{Laptop, Result, Trouble};

/// What an application comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AmountView {
    /// The application.
    pub application: RecordId,
    /// The record of the programme version.
    pub policy: RecordId,
    /// Its code, version and name, for a heading.
    pub programme: String,
    /// Its version.
    pub version: u32,
    /// Hex SHA-256 of its text.
    pub digest: String,
    /// The day on which it was computed; dates that have passed by then count.
    pub date: String,
    /// All that is paid, in 分; nothing where it cannot be computed.
    #[ts(type = "number | null")]
    pub total: Option<i64>,
    /// What of it the application may ask for, in 分.
    #[ts(type = "number | null")]
    pub asked: Option<i64>,
    /// From whom.
    pub shares: Vec<Share>,
    /// When.
    pub stages: Vec<Stage>,
    /// How it was computed.
    pub trace: Vec<Step>,
    /// What is missing for steps beside the total, which are left out.
    pub open: Vec<ErrorView>,
    /// Why it cannot be computed.
    pub problems: Vec<ErrorView>,
    /// What stands in the application and is not what was computed.
    pub differences: Vec<Differs>,
}

impl Laptop {
    /// What the application `id` comes to on `as_of` (`YYYY-MM-DD`), or today.
    ///
    /// # Errors
    /// [`Trouble::NoProgramme`], [`Trouble::ProgrammeWrong`] for one that this program
    /// cannot read; when there is no such application or day.
    pub fn amount(&self, id: RecordId, as_of: Option<&str>) -> Result<AmountView> {
        let date = match as_of {
            Some(text) => self.date(text)?,
            None => Self::today(),
        };
        self.amount_of(&self.submission(id)?, date)
    }

    /// The same for an application that is gathered already.
    pub(crate) fn amount_of(&self, submission: &Submission, date: String) -> Result<AmountView> {
        let day: NaiveDate = date.parse().map_err(|_| Trouble::Storage { reason: date.clone() })?;
        let title = || store::title(self.catalog(), &submission.application);
        let none = || Trouble::NoProgramme { title: title() };
        let policy = submission.programme.as_ref().ok_or_else(none)?;
        let computed = recompute(submission, day).ok_or_else(none)?;
        let computed = computed.map_err(|problems| super::programmes::wrong(&problems))?;
        let text = |field: &str| policy.text(field).unwrap_or_default().to_owned();
        let amount = computed.amount;
        Ok(AmountView {
            application: submission.application.id,
            policy: policy.id,
            programme: text("name"),
            version: super::programmes::version(policy),
            digest: text("digest"),
            date,
            total: amount.as_ref().map(|amount| amount.total),
            asked: amount.as_ref().map(|amount| amount.asked),
            open: amount.as_ref().map(|amount| views(&amount.open)).unwrap_or_default(),
            problems: views(&computed.problems),
            differences: computed.differences,
            shares: amount.as_ref().map(|amount| amount.shares.clone()).unwrap_or_default(),
            stages: amount.as_ref().map(|amount| amount.stages.clone()).unwrap_or_default(),
            trace: amount.map(|amount| amount.steps).unwrap_or_default(),
        })
    }
}
