//! Settlement of rewards: what each village of an application is due, what it was
//! paid already, and what is payable now.
//!
//! The amounts are those of the programme's own steps, so that settlement and
//! application can never disagree. Where a step is for the application as a whole
//! and there are several villages, it is divided by their audited investment, to
//! the last 分, and that it was divided is said: no rule that was found says how.

use std::collections::BTreeMap;

use crate::funds::{Books, Effect, Papers, Sort};
use crate::indicator::reference;
use crate::programme::{Amount, Programme, Step, Unit};
use crate::submission::Submission;
use crate::views::replaced;
use crate::{Record, RecordId, money};

/// What one village comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The village.
    pub village: RecordId,
    /// 应奖补, in 分.
    pub due: i64,
    /// The programme's steps for it and its works.
    pub steps: Vec<Step>,
    /// Part of it is its share of what the application as a whole is due.
    pub divided: bool,
    /// 审定投资: the settled prices of its works, in 分; nothing where none is settled.
    pub audited: Option<i64>,
    /// Advances and payments of the budgets above, in 分.
    pub prepaid: i64,
    /// Part of that is its share of what was paid for the application as a whole.
    pub prepaid_divided: bool,
    /// 完成量: of each item so much, as the newest entries say.
    pub quantities: Vec<Quantity>,
}

/// So much of something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    /// Of what; empty where the entry does not say.
    pub item: String,
    /// The unit's name in data.
    pub unit: String,
    /// How much, as a decimal.
    pub amount: String,
}

impl Due {
    /// 本次应拨 after `deduction`: below zero it is to be paid back.
    #[must_use]
    pub fn payable(&self, deduction: i64) -> i64 {
        self.due.saturating_sub(deduction).saturating_sub(self.prepaid)
    }
}

/// What each village of the submission comes to, in the order of the submission.
#[must_use]
pub fn settle(submission: &Submission, programme: &Programme, amount: &Amount) -> Vec<Due> {
    let villages: Vec<RecordId> = submission.villages.iter().map(|village| village.id).collect();
    let village_of: BTreeMap<RecordId, RecordId> =
        submission.works.iter().filter_map(|works| Some((works.id, reference(works, "village")?))).collect();
    let audited: Vec<Option<i64>> = villages.iter().map(|village| audited(submission, *village)).collect();
    let known: Vec<i64> = audited.iter().map(|audited| audited.unwrap_or_default().max(0)).collect();
    let weights = if known.iter().any(|weight| *weight > 0) { known } else { vec![1; villages.len()] };
    let mut dues: Vec<Due> = villages
        .iter()
        .zip(audited)
        .map(|(village, audited)| Due {
            village: *village,
            due: 0,
            steps: Vec::new(),
            divided: false,
            audited,
            prepaid: 0,
            prepaid_divided: false,
            quantities: quantities(submission, *village),
        })
        .collect();
    for step in &amount.steps {
        let counts = programme.result.total.contains(&step.rule);
        let id = step.of.id.parse::<RecordId>().ok();
        let home = match step.of.unit {
            Unit::Application => None,
            Unit::Village => id,
            Unit::Works => id.and_then(|works| village_of.get(&works).copied()),
        };
        match home.and_then(|home| dues.iter_mut().find(|due| due.village == home)) {
            Some(due) => {
                due.due = due.due.saturating_add(if counts { step.result } else { 0 });
                due.steps.push(step.clone());
            }
            None if counts => {
                let several = dues.len() > 1;
                for (due, part) in dues.iter_mut().zip(money::apportion(step.result, &weights).unwrap_or_default()) {
                    due.due = due.due.saturating_add(part);
                    due.divided |= several && step.result != 0;
                    due.steps.push(step.clone());
                }
            }
            None => {}
        }
    }
    pay(submission, &village_of, &mut dues);
    dues
}

/// Adds to each what it was paid: what names its works or a contract of them, and
/// its share, by what is due, of what only names the application.
fn pay(submission: &Submission, village_of: &BTreeMap<RecordId, RecordId>, dues: &mut [Due]) {
    let papers = Papers {
        entries: &submission.funds,
        applications: std::slice::from_ref(&submission.application),
        works: &submission.works,
        contracts: &submission.contracts,
        ..Papers::default()
    };
    let mut shared = 0_i64;
    for line in Books::of(&papers).lines {
        let paid = line.sort == Some(Sort::Advance) || (line.sort == Some(Sort::Payment) && line.level.is_above());
        if !paid || line.effect == Effect::Unknown || line.application != Some(submission.application.id) {
            continue;
        }
        let home = line.works.and_then(|works| village_of.get(&works).copied());
        match home.and_then(|home| dues.iter_mut().find(|due| due.village == home)) {
            Some(due) => due.prepaid = due.prepaid.saturating_add(line.amount),
            None => shared = shared.saturating_add(line.amount),
        }
    }
    let by_due: Vec<i64> = dues.iter().map(|due| due.due.max(0)).collect();
    let weights = if by_due.iter().any(|weight| *weight > 0) { by_due } else { vec![1; dues.len()] };
    let several = dues.len() > 1;
    for (due, part) in dues.iter_mut().zip(money::apportion(shared, &weights).unwrap_or_default()) {
        due.prepaid = due.prepaid.saturating_add(part);
        due.prepaid_divided = several && shared != 0;
    }
}

fn audited(submission: &Submission, village: RecordId) -> Option<i64> {
    let of_works = |works: &Record| {
        works.integer("settled_amount").or_else(|| {
            let own = |contract: &&Record| reference(contract, "works") == Some(works.id);
            let settled: Vec<i64> =
                submission.contracts.iter().filter(own).filter_map(|one| one.integer("settled_amount")).collect();
            if settled.is_empty() { None } else { money::sum(settled) }
        })
    };
    let there = submission.works.iter().filter(|works| reference(works, "village") == Some(village));
    let settled: Vec<i64> = there.filter_map(of_works).collect();
    if settled.is_empty() { None } else { money::sum(settled) }
}

/// The newest entry of each works counts for each of its items; works are added up where they can be.
fn quantities(submission: &Submission, village: RecordId) -> Vec<Quantity> {
    const PLACES: i64 = 1_000_000;
    let gone = replaced(&submission.progress);
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for works in submission.works.iter().filter(|works| reference(works, "village") == Some(village)) {
        let mut entries: Vec<&Record> = submission
            .progress
            .iter()
            .filter(|entry| reference(entry, "works") == Some(works.id) && !gone.contains_key(&entry.id))
            .collect();
        entries.sort_by_key(|entry| (entry.text("date"), entry.id));
        let mut newest: BTreeMap<(String, String), i64> = BTreeMap::new();
        for entry in entries {
            let text = |field: &str| entry.text(field).unwrap_or_default().to_owned();
            let amount = entry.text("amount").and_then(|amount| money::parse_scaled(amount, PLACES));
            if let Some(amount) = amount {
                newest.insert((text("item"), text("unit")), amount);
            }
        }
        for (of, amount) in newest {
            let sum = sums.entry(of).or_default();
            *sum = sum.saturating_add(amount);
        }
    }
    let print = |amount: i64| {
        let text = format!("{}.{:06}", amount / PLACES, amount % PLACES);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    sums.into_iter().map(|((item, unit), amount)| Quantity { item, unit, amount: print(amount) }).collect()
}
