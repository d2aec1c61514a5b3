//! The gate before the district: an application in which something blocks is not
//! reported. Asked on the laptop for comfort, and by the district for truth.

use chrono::NaiveDate;

use super::{GUARDED, review};
use crate::change::Action;
use crate::submission::Submission;
use crate::{Catalog, Change, Record, Refusal, overlay};

/// The application that `change` would report, as it stands while it is asked:
/// with everything else that the change writes, and not reported yet. Nothing
/// where the change reports none.
#[must_use]
pub fn reported_by(before: Option<&Record>, change: &Change) -> Option<Record> {
    let reports = |action: &Action| matches!(action, Action::Move { to, .. } if to == GUARDED);
    let standing = before.filter(|_| change.kind == "application" && change.actions.iter().any(reports))?;
    let after = overlay(Some(standing.clone()), change);
    Some(Record { state: standing.state.clone(), ..after })
}

/// Whether nothing in it blocks on the day `today`.
///
/// # Errors
/// [`Refusal::NotReady`] with the first thing that does.
pub fn ready(submission: &Submission, catalog: &Catalog, today: NaiveDate) -> Result<(), Refusal> {
    let found = review(submission, catalog, today);
    let mut blocking = found.iter().filter(|finding| finding.blocks());
    let Some(first) = blocking.next() else { return Ok(()) };
    let record = first.mend.as_ref().map(|mend| mend.record).or_else(|| first.records.first().copied());
    Err(Refusal::NotReady {
        rule: first.rule.name().to_owned(),
        clause: first.clause.clone(),
        record: record.map(|record| record.to_string()).unwrap_or_default(),
        count: (blocking.count() + 1).to_string(),
    })
}
