//! The books: every entry with what it does, and to which application, works and
//! contract it belongs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Balance, Entry, Group, Sort, Source, Stage};
use crate::catalog::REVERSES;
use crate::indicator::reference;
use crate::submission::Submission;
use crate::{Record, RecordId};

/// The records that the books are kept from: those of one township, or those
/// around one application.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "the kinds by their names")]
pub struct Papers<'r> {
    pub entries: &'r [Record],
    /// One more entry, which is asked for.
    pub new: Option<&'r Record>,
    pub applications: &'r [Record],
    pub works: &'r [Record],
    pub contracts: &'r [Record],
    pub variations: &'r [Record],
    pub progress: &'r [Record],
    pub acceptances: &'r [Record],
    pub evaluations: &'r [Record],
}

/// What an entry does to the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FundEffect")]
pub enum Effect {
    /// It counts.
    Counts,
    /// It counts, and a later entry undoes it.
    Reversed,
    /// It undoes another.
    Reverses,
    /// A reversal of what is not here, or is itself a reversal: it does nothing.
    ReversesNothing,
    /// A reversal of what was reversed already: it does nothing.
    ReversesAgain,
    /// Of a sort that this program does not know: it does nothing here.
    Unknown,
}

/// An entry in the books.
#[derive(Debug, Clone)]
pub struct Line<'r> {
    /// The entry.
    pub entry: &'r Record,
    /// What it does.
    pub effect: Effect,
    /// Which sum it goes to: of a reversal, that of the entry which it undoes.
    pub sort: Option<Sort>,
    /// What it adds to that sum, in 分; below zero for a reversal.
    pub amount: i64,
    /// Where the money comes from.
    pub level: Source,
    /// The stage that it is paid for.
    pub stage: Option<Stage>,
    /// The application that it belongs to.
    pub application: Option<RecordId>,
    /// The works that it belongs to.
    pub works: Option<RecordId>,
    /// The contract that it belongs to.
    pub contract: Option<RecordId>,
}

impl Line<'_> {
    /// Its date.
    #[must_use]
    pub fn dated(&self) -> &str {
        Entry(self.entry).dated()
    }

    /// Its year, as four digits.
    #[must_use]
    pub fn year(&self) -> &str {
        self.dated().get(..4).unwrap_or_default()
    }

    /// Under what it is summed by `group`: an id, a level's name or a year; empty where it belongs to none.
    #[must_use]
    pub fn key(&self, group: Group) -> String {
        let id = |id: Option<RecordId>| id.map(|id| id.to_string()).unwrap_or_default();
        match group {
            Group::Application => id(self.application),
            Group::Works => id(self.works),
            Group::Contract => id(self.contract),
            Group::Level => self.level.name().to_owned(),
            Group::Year => self.year().to_owned(),
        }
    }

    /// Whose arrivals it must be covered by: the application's, else the works', else the contract's.
    #[must_use]
    pub fn account(&self) -> Option<RecordId> {
        self.application.or(self.works).or(self.contract)
    }
}

/// Every entry in the order of its date; of one day, as written.
#[derive(Debug, Clone)]
pub struct Books<'r> {
    /// The lines.
    pub lines: Vec<Line<'r>>,
    homes: Homes,
}

impl<'r> Papers<'r> {
    /// Those of one application.
    #[must_use]
    pub fn of(submission: &'r Submission) -> Self {
        Self {
            entries: &submission.funds,
            new: None,
            applications: std::slice::from_ref(&submission.application),
            works: &submission.works,
            contracts: &submission.contracts,
            variations: &submission.variations,
            progress: &submission.progress,
            acceptances: &submission.acceptances,
            evaluations: &submission.evaluations,
        }
    }

    /// Every entry.
    pub fn all_entries(&self) -> impl Iterator<Item = &'r Record> + use<'r> {
        self.entries.iter().chain(self.new)
    }
}

impl<'r> Books<'r> {
    /// The books of these papers.
    #[must_use]
    pub fn of(papers: &Papers<'r>) -> Self {
        let homes = Homes::of(papers);
        let by_id: BTreeMap<RecordId, &Record> = papers.all_entries().map(|entry| (entry.id, entry)).collect();
        let undone = undone(&by_id);
        let lines = by_id.values().map(|entry| {
            let (effect, counted) = match Entry(entry).sort() {
                None => (Effect::Unknown, None),
                Some(Sort::Reversal) => reversal(entry, &by_id, &undone),
                Some(_) if undone.contains_key(&entry.id) => (Effect::Reversed, Some(*entry)),
                Some(_) => (Effect::Counts, Some(*entry)),
            };
            // A reversal goes where the entry went that it undoes, whatever it says itself.
            let source = Entry(counted.unwrap_or(entry));
            let (application, works, contract) = homes.of_entry(source.0);
            let amount = if effect == Effect::Reverses { -source.amount() } else { source.amount() };
            Line {
                entry,
                effect,
                sort: counted.and_then(|_| source.sort()),
                amount: if counted.is_some() { amount } else { 0 },
                level: source.level(),
                stage: source.stage(),
                application,
                works,
                contract,
            }
        });
        let mut lines: Vec<Line<'r>> = lines.collect();
        lines.sort_by(|one, other| (one.dated(), one.entry.id).cmp(&(other.dated(), other.entry.id)));
        Self { lines, homes }
    }

    /// All entries up to and with the day `as_of` together.
    #[must_use]
    pub fn balance(&self, as_of: &str) -> Balance {
        self.lines.iter().filter(|line| line.dated() <= as_of).collect()
    }

    /// The same for each application, works, contract, level or year; what belongs
    /// to none is under the empty name.
    #[must_use]
    pub fn balances(&self, group: Group, as_of: &str) -> BTreeMap<String, Balance> {
        let mut found: BTreeMap<String, Balance> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.dated() <= as_of) {
            found.entry(line.key(group)).or_default().take(line);
        }
        found
    }

    /// The application that pays for a contract, where there is one.
    #[must_use]
    pub fn application_of(&self, contract: &Record) -> Option<RecordId> {
        let works = reference(contract, "works")?;
        self.homes.application_of.get(&works).copied().flatten()
    }

    /// The works that a line's money is for: its own, or the only one of its application.
    #[must_use]
    pub fn works_of(&self, line: &Line<'_>) -> Option<RecordId> {
        line.works.or_else(|| self.homes.only_works.get(&line.application?).copied())
    }

    /// The lines of one application, works or contract, and of what hangs on it.
    pub fn of_record(&self, id: RecordId) -> impl Iterator<Item = &Line<'r>> {
        self.lines.iter().filter(move |line| [line.application, line.works, line.contract].contains(&Some(id)))
    }
}

/// The entries that are undone, each with the reversal that does it: the one that
/// was written first, where several do.
fn undone(entries: &BTreeMap<RecordId, &Record>) -> BTreeMap<RecordId, RecordId> {
    let mut undone = BTreeMap::new();
    for reversal in entries.values().filter(|entry| Entry(entry).sort() == Some(Sort::Reversal)) {
        if let Some(target) = reference(reversal, REVERSES).filter(|target| *target != reversal.id) {
            undone.entry(target).or_insert(reversal.id);
        }
    }
    undone
}

/// What a reversal does, and the entry that it undoes.
fn reversal<'r>(
    entry: &Record,
    entries: &BTreeMap<RecordId, &'r Record>,
    undone: &BTreeMap<RecordId, RecordId>,
) -> (Effect, Option<&'r Record>) {
    let target = reference(entry, REVERSES).and_then(|target| entries.get(&target));
    let target = target.filter(|target| Entry(target).sort().is_some_and(|sort| sort != Sort::Reversal));
    match target {
        None => (Effect::ReversesNothing, None),
        Some(target) if undone.get(&target.id) != Some(&entry.id) => (Effect::ReversesAgain, None),
        Some(target) => (Effect::Reverses, Some(target)),
    }
}

/// Where entries belong: a contract leads to its works, a works to the one application that bundles it.
#[derive(Debug, Clone)]
struct Homes {
    works_of: BTreeMap<RecordId, RecordId>,
    application_of: BTreeMap<RecordId, Option<RecordId>>,
    /// The works of each application that bundles just one.
    only_works: BTreeMap<RecordId, RecordId>,
}

impl Homes {
    fn of(papers: &Papers<'_>) -> Self {
        let works_of = papers
            .contracts
            .iter()
            .filter(|contract| contract.items("more_works").is_empty())
            .filter_map(|contract| Some((contract.id, reference(contract, "works")?)))
            .collect();
        let only = |application: &Record| match application.items("works") {
            [one] => Some((application.id, one.as_str()?.parse().ok()?)),
            _ => None,
        };
        let only_works = papers.applications.iter().filter_map(only).collect();
        let mut application_of: BTreeMap<RecordId, Option<RecordId>> = BTreeMap::new();
        for application in papers.applications.iter().filter(|application| is_live(application)) {
            let works = application.items("works").iter().filter_map(|item| item.as_str()?.parse().ok());
            for works in works {
                // Of two that claim one works neither can be said to pay for it.
                let claimed = application_of.insert(works, Some(application.id));
                if claimed.flatten().is_some_and(|other| other != application.id) || claimed == Some(None) {
                    application_of.insert(works, None);
                }
            }
        }
        Self { works_of, application_of, only_works }
    }

    fn of_entry(&self, entry: &Record) -> (Option<RecordId>, Option<RecordId>, Option<RecordId>) {
        let contract = reference(entry, "contract");
        let works = reference(entry, "works").or_else(|| self.works_of.get(&contract?).copied());
        let application =
            reference(entry, "application").or_else(|| self.application_of.get(&works?).copied().flatten());
        (application, works, contract)
    }
}

/// The states in which an application has no money of its own any more, or never had.
const ASIDE: &[&str] = &["withdrawn", "not_supported", "left_library"];

fn is_live(application: &Record) -> bool {
    !application.state.as_deref().is_some_and(|state| ASIDE.contains(&state))
}
