//! Conditions: when a rule applies, a paper is asked for, a stage is due.

use chrono::{Months, NaiveDate};
use serde::Deserialize;

use super::figures::Figure;
use super::term::Term;

/// A test of one input or earlier step. All that is said of it must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What is looked at. Seen from a larger unit, numbers are summed, and of a
    /// text it is enough that one of the parts says it.
    pub of: Term,
    /// It is one of these.
    #[serde(default)]
    pub is: Vec<String>,
    /// It is none of these.
    #[serde(default)]
    pub not: Vec<String>,
    /// It is said to be so, or not so.
    pub yes: Option<bool>,
    /// It is filled, or it is not.
    pub given: Option<bool>,
    /// It is this or more.
    pub at_least: Option<Figure>,
    /// It is less than this.
    pub below: Option<Figure>,
    /// The date lies at least so many months back.
    pub months_ago: Option<u32>,
    /// Its score has one of these grades of the programme.
    #[serde(default)]
    pub grade: Vec<String>,
}

impl Condition {
    /// Whether it says anything at all.
    pub(super) fn tests(&self) -> usize {
        usize::from(!self.is.is_empty())
            + usize::from(!self.not.is_empty())
            + usize::from(!self.grade.is_empty())
            + [self.yes.is_some(), self.given.is_some(), self.at_least.is_some(), self.below.is_some()]
                .map(usize::from)
                .iter()
                .sum::<usize>()
            + usize::from(self.months_ago.is_some())
    }

    /// Whether a text, a yes or a no, or a date passes.
    pub(super) fn fits_text(&self, text: &str) -> bool {
        (self.is.is_empty() || self.is.iter().any(|one| one == text)) && !self.not.iter().any(|one| one == text)
    }

    pub(super) fn fits_date(&self, date: NaiveDate, today: Option<NaiveDate>) -> bool {
        let since = |months| date.checked_add_months(Months::new(months)).zip(today);
        self.months_ago.is_none_or(|months| since(months).is_some_and(|(due, today)| due <= today))
    }

    pub(super) fn fits_figure(&self, figure: Figure, grade: Option<&str>) -> bool {
        use std::cmp::Ordering::Less;
        let against = |bound: Figure| figure.compare(bound);
        self.at_least.is_none_or(|bound| against(bound).is_some_and(|order| order != Less))
            && self.below.is_none_or(|bound| against(bound) == Some(Less))
            && (self.grade.is_empty() || grade.is_some_and(|grade| self.grade.iter().any(|one| one == grade)))
    }
}
