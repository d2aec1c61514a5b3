//! Typed views over the fields of the kinds that have logic. A test holds each
//! view against the catalog, so that neither can change alone.

use std::collections::BTreeMap;

use crate::catalog::{CORRECTS, Limit, Standard};
use crate::indicator::reference;
use crate::{Record, RecordId, money};

/// What the township head and the package need of an application.
pub struct Application<'r>(pub &'r Record);

impl Application<'_> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["name", "year", "programme", "works", "requested"];

    /// The works it bundles, in the order in which they were added.
    pub fn works(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.0.items("works").iter().filter_map(|item| item.as_str()?.parse().ok())
    }

    /// The money asked for, in 分.
    #[must_use]
    pub fn requested(&self) -> Option<i64> {
        self.0.integer("requested")
    }
}

/// What totals, figures and the month report need of a works.
pub struct Works<'r>(pub &'r Record);

impl<'r> Works<'r> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] =
        &["contract_amount", "village", "name", "category", "households", "actual_start", "actual_end", "accepted_on"];
    /// Every state that it knows.
    pub const STATES: &'static [&'static str] = &["completed", "accepted", "handed_over", "stopped", "building"];

    /// The contract price in 分; nothing before there is a contract.
    #[must_use]
    pub fn contract_amount(&self) -> Option<i64> {
        self.0.integer("contract_amount")
    }

    /// The contract prices of `works` together, in 分.
    ///
    /// `None` when the sum leaves what 64 bits hold.
    #[must_use]
    pub fn total(works: impl IntoIterator<Item = &'r Record>) -> Option<i64> {
        money::sum(works.into_iter().filter_map(|record| Works(record).contract_amount()))
    }

    /// The households that it serves.
    #[must_use]
    pub fn households(&self) -> Option<i64> {
        self.0.integer("households")
    }

    /// When work began.
    #[must_use]
    pub fn actual_start(&self) -> Option<&'r str> {
        self.0.text("actual_start")
    }

    /// When it was completed.
    #[must_use]
    pub fn actual_end(&self) -> Option<&'r str> {
        self.0.text("actual_end")
    }

    /// Whether its lifecycle has reached completion.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.is_accepted() || self.stands("completed")
    }

    /// Whether its lifecycle has reached acceptance.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.stands("accepted") || self.stands("handed_over")
    }

    /// Whether work goes on.
    #[must_use]
    pub fn is_building(&self) -> bool {
        self.stands("building")
    }

    /// Whether it was given up.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stands("stopped")
    }

    fn stands(&self, state: &str) -> bool {
        self.0.state.as_deref() == Some(state)
    }
}

/// What a works' progress needs of its dated entries.
pub struct Progress<'r>(pub &'r Record);

impl Progress<'_> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["works", "date", "percent", CORRECTS];

    /// The newest entry of `works` among all `entries` of its township; of two
    /// of one day the later written counts (ids carry their order). An entry
    /// that another corrects does not count, even where that is of another works.
    #[must_use]
    pub fn latest(works: RecordId, entries: &[Record]) -> Option<&Record> {
        let replaced = replaced(entries);
        let of_works = entries.iter().filter(|entry| reference(entry, "works") == Some(works));
        let standing = of_works.filter(|entry| !replaced.contains_key(&entry.id));
        standing.max_by_key(|entry| (entry.text("date").map(str::to_owned), entry.id))
    }
}

/// Of append-only entries those that no longer count, each with the entry that
/// takes its place. Where two correct the same, the later written does, and
/// takes the place of the other as well.
#[must_use]
pub fn replaced<'r>(entries: impl IntoIterator<Item = &'r Record>) -> BTreeMap<RecordId, RecordId> {
    let mut by: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    let mut rivals = Vec::new();
    for entry in entries {
        let Some(corrected) = reference(entry, CORRECTS).filter(|corrected| *corrected != entry.id) else { continue };
        if let Some(other) = by.insert(corrected, entry.id) {
            let (earlier, later) = (other.min(entry.id), other.max(entry.id));
            by.insert(corrected, later);
            rivals.push((earlier, later));
        }
    }
    for (earlier, later) in rivals {
        by.entry(earlier).or_insert(later);
    }
    by
}

/// A contractual or village acceptance.
pub struct Acceptance<'r>(pub &'r Record);

impl Acceptance<'_> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["works", "contract", "held_on", "conclusion", "subject"];
    /// Every state that it knows.
    pub const STATES: &'static [&'static str] = &["passed"];

    /// Whether it was passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.0.state.as_deref() == Some("passed")
    }

    /// The works that was accepted, where it is one works.
    #[must_use]
    pub fn works(&self) -> Option<RecordId> {
        reference(self.0, "works").filter(|_| self.0.text("subject") == Some("works"))
    }

    /// The contract that was accepted, where it is a contract.
    #[must_use]
    pub fn contract(&self) -> Option<RecordId> {
        reference(self.0, "contract").filter(|_| self.0.text("subject") == Some("contract"))
    }
}

/// What an acceptance asked to be mended.
pub struct Rectification<'r>(pub &'r Record);

impl<'r> Rectification<'r> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["recheck_on", "due"];
    /// Every state that it knows.
    pub const STATES: &'static [&'static str] = &["closed"];

    /// When it was found mended.
    #[must_use]
    pub fn closed_on(&self) -> Option<&'r str> {
        self.0.text("recheck_on").filter(|_| self.0.state.as_deref() == Some("closed"))
    }
}

/// A facility in upkeep.
pub struct Facility<'r>(pub &'r Record);

impl<'r> Facility<'r> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["sort", "discharge_standard", "standard_grade"];
    /// Every state that it knows.
    pub const STATES: &'static [&'static str] = &["scrapped"];

    /// Whether it is a sewage facility that is not scrapped.
    #[must_use]
    pub fn treats_sewage(&self) -> bool {
        let sewage = matches!(self.0.text("sort"), Some("station" | "wetland" | "scattered"));
        sewage && self.0.state.as_deref() != Some("scrapped")
    }

    /// The standard of its effluent, with the grade where one is given.
    #[must_use]
    pub fn standard(&self) -> Option<(&'r str, Option<&'r str>)> {
        Some((self.0.text("discharge_standard")?, self.0.text("standard_grade")))
    }
}

/// A sample of a facility's water.
pub struct Sample<'r>(pub &'r Record);

impl<'r> Sample<'r> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &[
        "facility",
        "sampled_on",
        "point",
        "conclusion",
        "cod",
        "ammonia",
        "total_nitrogen",
        "total_phosphorus",
        "suspended",
        "ph",
    ];

    /// When it was taken.
    #[must_use]
    pub fn date(&self) -> Option<&'r str> {
        self.0.text("sampled_on")
    }

    /// Whether it is of the water that leaves; what says nothing is.
    #[must_use]
    pub fn is_effluent(&self) -> bool {
        self.0.text("point") != Some("inlet")
    }

    /// What its report concludes.
    #[must_use]
    pub fn passed(&self) -> Option<bool> {
        match self.0.text("conclusion")? {
            "pass" => Some(true),
            "fail" => Some(false),
            _ => None,
        }
    }

    /// Whether any value lies beyond a limit that `standard` has for `grade`.
    #[must_use]
    pub fn is_beyond(&self, standard: &Standard, grade: Option<&str>) -> bool {
        let asked = |limit: &&Limit| limit.grade.is_none() || limit.grade.as_deref() == grade;
        let value = |limit: &Limit| self.0.text(&limit.item).and_then(thousandths);
        standard.limits.iter().filter(asked).any(|limit| {
            let Some(value) = value(limit) else { return false };
            let bound = |text: &Option<String>| text.as_deref().and_then(thousandths);
            bound(&limit.most).is_some_and(|most| value > most)
                || bound(&limit.least).is_some_and(|least| value < least)
        })
    }
}

/// A decimal as whole thousandths; what is finer is cut off.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    money::parse_scaled(&format!("{whole}.{}", part.get(..3).unwrap_or(part)), 1_000)
}

/// A black-odour water body.
pub struct WaterBody<'r>(pub &'r Record);

impl<'r> WaterBody<'r> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["found_on", "closed_on", "relapsed_on"];
    /// Every state that it knows.
    pub const STATES: &'static [&'static str] = &["closed", "excluded"];

    /// When it was found to be one.
    #[must_use]
    pub fn found_on(&self) -> Option<&'r str> {
        self.0.text("found_on")
    }

    /// Whether it was taken off the list as none.
    #[must_use]
    pub fn is_excluded(&self) -> bool {
        self.0.state.as_deref() == Some("excluded")
    }

    /// Whether a date of closing stands in it.
    #[must_use]
    pub fn says_closed(&self) -> bool {
        self.0.text("closed_on").is_some()
    }

    /// Whether its lifecycle knows of a closing: it is closed, or relapsed after it was.
    #[must_use]
    pub fn was_closed(&self) -> bool {
        self.0.state.as_deref() == Some("closed") || self.0.text("relapsed_on").is_some()
    }

    /// Whether it was closed on `date`, and had not relapsed since.
    #[must_use]
    pub fn closed_by(&self, date: &str) -> bool {
        let Some(closed) = self.0.text("closed_on").filter(|closed| *closed <= date) else { return false };
        match self.0.text("relapsed_on").filter(|relapsed| *relapsed >= closed) {
            Some(relapsed) => date < relapsed,
            None => self.0.state.as_deref() == Some("closed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalog, month};

    #[test]
    fn every_field_and_state_that_a_view_reads_is_in_the_catalog() {
        let catalog = Catalog::shipped();
        let none: &[&str] = &[];
        for (kind, fields, states) in [
            ("application", Application::FIELDS, none),
            ("works", Works::FIELDS, Works::STATES),
            ("works", month::WORKS_FIELDS, none),
            ("progress", Progress::FIELDS, none),
            ("progress", month::PROGRESS_FIELDS, none),
            ("acceptance", Acceptance::FIELDS, Acceptance::STATES),
            ("acceptance", &["benefit", "subject"], none),
            ("acceptance_item", &["acceptance", "score", "full"], none),
            ("rectification", Rectification::FIELDS, Rectification::STATES),
            ("facility", Facility::FIELDS, Facility::STATES),
            ("effluent_sample", Sample::FIELDS, none),
            ("water_body", WaterBody::FIELDS, WaterBody::STATES),
            ("fund_entry", crate::funds::Entry::FIELDS, none),
            (
                "contract",
                &["amount", "settled_amount", "retention_percent", "retention_due", "more_works"],
                &["signed", "performed", "settled"],
            ),
            ("variation", &["contract", "amount"], &["approved"]),
            ("evaluation", &["application", "sort", "held_on", "grade"], &["handed_in", "confirmed"]),
            ("works", &["approved_amount", "accepted_on"], none),
        ] {
            let kind = catalog.kind(kind).expect("the kind ships");
            for field in fields {
                assert!(kind.field(field).is_ok(), "{} lost `{field}`, which the code reads", kind.name);
            }
            for state in states {
                assert!(kind.state(state).is_ok(), "{} lost the state `{state}`, which the code knows", kind.name);
            }
        }
    }
}
