//! Review: what a reviewer would find in an application, found beforehand.
//!
//! Pure functions over a [`Submission`], the catalog and a day: the laptop asks
//! them while somebody writes, and the district asks the same ones when the
//! application is reported. Each group of checks has its file; none of them knows
//! of another. What only a programme can say (which papers, which categories, how
//! much) comes from the version that the application names; where none is chosen,
//! the general rules of the catalog hold.

mod cost;
mod duplicate;
mod eligible;
mod households;
mod inputs;
mod money;
mod notice;
mod papers;
mod payment;
mod people;
mod steps;
mod terms;
mod water;

pub use money::{SOURCES, product};
pub use steps::{Step, StepName, steps};
pub use terms::leaves_library;

use chrono::NaiveDate;

use crate::catalog::Kind;
use crate::finding::Finding;
use crate::programme::{Case, Programme, ProgrammeProblem};
use crate::submission::Submission;
use crate::{Catalog, Record};

/// The state that an application is not brought into while something blocks.
pub const GUARDED: &str = "reported";

/// The states in which an application is not pursued any more.
pub const GIVEN_UP: &[&str] = &["withdrawn", "not_supported", "left_library", "ended"];

/// The states before it is reported, in which the township still writes it.
const WRITING: &[&str] = &["draft", "village_notice", "township_review", "returned"];

/// Everything that a reviewer would find on the day `today`, what blocks first.
#[must_use]
pub fn review(submission: &Submission, catalog: &Catalog, today: NaiveDate) -> Vec<Finding> {
    let review = Review::of(submission, catalog, today);
    let groups = [
        money::check(&review),
        eligible::check(&review),
        duplicate::check(&review),
        people::check(&review),
        households::check(&review),
        cost::check(&review),
        water::check(&review),
        notice::check(&review),
        papers::check(&review),
        payment::check(&review),
        terms::check(&review),
    ];
    let mut found: Vec<Finding> = groups.into_iter().flatten().collect();
    found.sort_by(|one, other| (one.severity, one.rule, &one.key).cmp(&(other.severity, other.rule, &other.key)));
    found.dedup_by(|one, other| one.key == other.key);
    found
}

/// An application under review.
struct Review<'a> {
    submission: &'a Submission,
    catalog: &'a Catalog,
    today: NaiveDate,
    policy: Policy,
}

/// What the application's programme says.
enum Policy {
    /// None is chosen, or it is not here.
    None,
    /// It is read, with the inputs that its rules use.
    Read(Box<(Programme, Case)>),
    /// It cannot be read.
    Broken(Vec<ProgrammeProblem>),
}

impl<'a> Review<'a> {
    fn of(submission: &'a Submission, catalog: &'a Catalog, today: NaiveDate) -> Self {
        let text = submission.programme.as_ref().and_then(|record| record.text("rules"));
        let policy = match text.map(Programme::parse) {
            None => Policy::None,
            Some(Ok(programme)) => {
                let case = Case::of(submission, &programme, today);
                Policy::Read(Box::new((programme, case)))
            }
            Some(Err(problems)) => Policy::Broken(problems),
        };
        Self { submission, catalog, today, policy }
    }

    fn application(&self) -> &'a Record {
        &self.submission.application
    }

    fn programme(&self) -> Option<&Programme> {
        match &self.policy {
            Policy::Read(read) => Some(&read.0),
            _ => None,
        }
    }

    fn kind(&self, name: &str) -> Option<&'a Kind> {
        self.catalog.kind(name).ok()
    }

    /// What people call a record.
    fn name(&self, record: &Record) -> String {
        let title = self.kind(&record.kind).map_or("name", |kind| kind.title.as_str());
        record.text(title).unwrap_or_default().to_owned()
    }

    /// What people call a field of an application.
    fn label(&self, kind: &str, field: &str) -> String {
        let found = self.kind(kind).and_then(|kind| kind.field(field).ok());
        found.map_or_else(|| field.to_owned(), |field| field.label.zh.clone())
    }

    /// Whether the township still writes the application.
    fn is_being_written(&self) -> bool {
        self.application().state.as_deref().is_none_or(|state| WRITING.contains(&state))
    }

    /// Whether an application has come as far as `state`, and not been given up.
    fn has_reached(&self, state: &str) -> bool {
        self.stands_from(self.application(), state)
    }

    fn stands_from(&self, application: &Record, state: &str) -> bool {
        let Some(kind) = self.kind("application") else { return false };
        let place = |name: &str| kind.states.iter().position(|one| one.name == name);
        let here = application.state.as_deref().and_then(place).filter(|at| !kind.states[*at].aside);
        here.zip(place(state)).is_some_and(|(here, there)| here >= there)
    }

    /// Today, as records write a day.
    fn day(&self) -> String {
        self.today.to_string()
    }
}

/// The day that a field holds.
fn date(record: &Record, field: &str) -> Option<NaiveDate> {
    record.text(field)?.parse().ok()
}

/// Whether a field is filled.
fn filled(record: &Record, field: &str) -> bool {
    let text = |text: &str| !text.trim().is_empty();
    record.fields.get(field).is_some_and(|value| match value {
        crate::Value::Null => false,
        crate::Value::String(said) => text(said),
        crate::Value::Array(items) => !items.is_empty(),
        _ => true,
    })
}

/// 分 as a sentence says them, in 元.
fn yuan(fen: i64) -> String {
    crate::money::grouped(fen)
}
