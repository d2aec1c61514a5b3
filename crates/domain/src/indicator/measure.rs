//! How each figure is counted. One function for each [`Measure`]; what they
//! count is said in the indicator's 口径, and the two must agree.

use std::collections::BTreeMap;

use super::{Ledger, LeftOut, Reason, reference};
use crate::catalog::{Indicator, Measure};
use crate::views::{Acceptance, Facility, Rectification, Sample, WaterBody, Works};
use crate::{Catalog, Record, RecordId, Value};

/// A figure before it has its name.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) numerator: i64,
    pub(super) denominator: i64,
    pub(super) oldest: Option<String>,
    pub(super) bases: Vec<String>,
    pub(super) counted: Vec<RecordId>,
    pub(super) among: Vec<RecordId>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Count {
    /// One of the denominator; of the numerator as well where it `counts`.
    fn one(&mut self, record: RecordId, counts: bool) {
        self.denominator += 1;
        self.among.push(record);
        if counts {
            self.numerator += 1;
            self.counted.push(record);
        }
    }

    fn leave_out(&mut self, record: RecordId, reason: Reason) {
        self.left_out.push(LeftOut { record, reason });
    }
}

pub(super) fn count(catalog: &Catalog, indicator: &Indicator, ledger: &Ledger, as_of: &str) -> Count {
    match indicator.measure {
        Measure::Recorded => recorded(ledger, indicator.field.as_deref().unwrap_or_default(), as_of),
        Measure::SewageHouseholds => sewage_households(ledger, as_of),
        Measure::SewageVillages => sewage_villages(ledger, indicator.share.unwrap_or(100), as_of),
        Measure::WaterBodiesClosed => water_bodies_closed(ledger, as_of),
        Measure::FacilitiesRunning => facilities_running(ledger, as_of),
        Measure::EffluentPassed => effluent_passed(catalog, ledger, as_of),
        Measure::WorksCompleted => works_completed(ledger, as_of),
        Measure::WorksAccepted => works_accepted(ledger, as_of),
        Measure::RectificationsClosed => rectifications_closed(ledger, as_of),
    }
}

fn recorded(ledger: &Ledger, field: &str, as_of: &str) -> Count {
    let mut count = Count::default();
    for village in &ledger.villages {
        let rate = village.fields.get(field).filter(|rate| !rate.is_null());
        let Some(rate) = rate else {
            count.leave_out(village.id, Reason::NotRecorded);
            continue;
        };
        let date = rate.get("asOf").and_then(Value::as_str).unwrap_or_default();
        if date > as_of {
            count.leave_out(village.id, Reason::Later);
            continue;
        }
        let number = |name: &str| rate.get(name).and_then(Value::as_i64).unwrap_or_default();
        count.numerator = count.numerator.saturating_add(number("numerator"));
        count.denominator = count.denominator.saturating_add(number("denominator"));
        count.among.push(village.id);
        count.counted.push(village.id);
        if count.oldest.as_deref().is_none_or(|oldest| date < oldest) {
            count.oldest = Some(date.to_owned());
        }
        let basis = rate.get("basis").and_then(Value::as_str).unwrap_or_default();
        if !basis.is_empty() && !count.bases.iter().any(|known| known == basis) {
            count.bases.push(basis.to_owned());
        }
    }
    count
}

/// The accepted sewage works with their dates, and by village the households they serve.
struct Sewage {
    served: BTreeMap<RecordId, (i64, Vec<RecordId>)>,
    left_out: Vec<LeftOut>,
}

fn sewage(ledger: &Ledger, as_of: &str) -> Sewage {
    let mut sewage = Sewage { served: BTreeMap::new(), left_out: Vec::new() };
    for record in ledger.works.iter().filter(|record| record.text("category") == Some("sewage")) {
        let works = Works(record);
        if !works.is_accepted() {
            continue;
        }
        let reason = match accepted_on(ledger, record) {
            None => Reason::Undated,
            Some(date) if date.as_str() > as_of => continue,
            Some(_) => match (works.households(), reference(record, "village")) {
                (Some(households), Some(village)) => {
                    let served = sewage.served.entry(village).or_default();
                    served.0 = served.0.saturating_add(households);
                    served.1.push(record.id);
                    continue;
                }
                _ => Reason::NoHouseholdsServed,
            },
        };
        sewage.left_out.push(LeftOut { record: record.id, reason });
    }
    sewage
}

/// Since when a works is accepted: its own date, or that of the first acceptance
/// that it passed, by itself or with its contract.
fn accepted_on(ledger: &Ledger, works: &Record) -> Option<String> {
    if let Some(date) = works.text("accepted_on") {
        return Some(date.to_owned());
    }
    let contracts: Vec<RecordId> = ledger
        .contracts
        .iter()
        .filter(|contract| {
            let more = contract.items("more_works").iter().filter_map(|item| item.as_str()?.parse().ok());
            reference(contract, "works").into_iter().chain(more).any(|id: RecordId| id == works.id)
        })
        .map(|contract| contract.id)
        .collect();
    let passed = ledger.acceptances.iter().map(Acceptance).filter(|acceptance| {
        acceptance.passed()
            && (acceptance.works() == Some(works.id) || acceptance.contract().is_some_and(|id| contracts.contains(&id)))
    });
    passed.filter_map(|acceptance| acceptance.0.text("held_on")).min().map(str::to_owned)
}

/// A village's registered households and those of them that are served, never more.
fn treated(village: &Record, sewage: &Sewage) -> Option<(i64, i64, Vec<RecordId>)> {
    let households = village.integer("households").filter(|households| *households > 0)?;
    let (served, works) = sewage.served.get(&village.id).cloned().unwrap_or_default();
    Some((served.min(households), households, works))
}

fn sewage_households(ledger: &Ledger, as_of: &str) -> Count {
    let sewage = sewage(ledger, as_of);
    let mut count = Count::default();
    for village in &ledger.villages {
        match treated(village, &sewage) {
            Some((served, households, works)) => {
                count.numerator = count.numerator.saturating_add(served);
                count.denominator = count.denominator.saturating_add(households);
                count.among.push(village.id);
                count.counted.extend(works);
            }
            None => count.leave_out(village.id, Reason::NoHouseholds),
        }
    }
    count.left_out.extend(sewage.left_out);
    count
}

fn sewage_villages(ledger: &Ledger, share: u32, as_of: &str) -> Count {
    let sewage = sewage(ledger, as_of);
    let mut count = Count::default();
    for village in &ledger.villages {
        let reached = treated(village, &sewage).is_some_and(|(served, households, _)| {
            i128::from(served) * 100 >= i128::from(households) * i128::from(share)
        });
        // A village without households is one of all villages, and is said not to be treated for that reason.
        count.one(village.id, reached);
        if treated(village, &sewage).is_none() {
            count.leave_out(village.id, Reason::NoHouseholds);
        }
    }
    count.left_out.extend(sewage.left_out);
    count
}

fn water_bodies_closed(ledger: &Ledger, as_of: &str) -> Count {
    let mut count = Count::default();
    for record in &ledger.water_bodies {
        let body = WaterBody(record);
        if body.is_excluded() {
            continue;
        }
        match body.found_on() {
            None => {
                count.leave_out(record.id, Reason::Undated);
                continue;
            }
            Some(date) if date > as_of => continue,
            Some(_) => {}
        }
        count.one(record.id, body.closed_by(as_of));
        if body.says_closed() && !body.was_closed() {
            count.leave_out(record.id, Reason::NotClosed);
        }
    }
    count
}

fn facilities_running(ledger: &Ledger, as_of: &str) -> Count {
    let mut count = Count::default();
    for record in ledger.facilities.iter().filter(|record| Facility(record).treats_sewage()) {
        let checks = ledger.checks.iter().filter(|check| reference(check, "facility") == Some(record.id));
        let known = checks.filter(|check| check.text("date").is_some_and(|date| date <= as_of));
        match known.max_by_key(|check| (check.text("date").map(str::to_owned), check.id)) {
            Some(latest) => count.one(record.id, latest.fields.get("running").and_then(Value::as_bool) == Some(true)),
            None => count.leave_out(record.id, Reason::NotChecked),
        }
    }
    count
}

fn effluent_passed(catalog: &Catalog, ledger: &Ledger, as_of: &str) -> Count {
    let mut count = Count::default();
    let year = as_of.get(..4).unwrap_or_default();
    for record in &ledger.samples {
        let sample = Sample(record);
        let Some(date) = sample.date().filter(|date| date.starts_with(year) && *date <= as_of) else { continue };
        if !sample.is_effluent() {
            continue;
        }
        let Some(passed) = sample.passed() else {
            count.leave_out(record.id, Reason::NoConclusion);
            continue;
        };
        let facility = ledger.facilities.iter().find(|facility| reference(record, "facility") == Some(facility.id));
        let standard = facility.and_then(|facility| {
            let (name, grade) = Facility(facility).standard()?;
            Some((catalog.standard(name, date)?, grade))
        });
        match standard {
            Some((standard, grade)) if passed && sample.is_beyond(standard, grade) => {
                count.leave_out(record.id, Reason::BeyondLimit);
            }
            _ => count.one(record.id, passed),
        }
    }
    count
}

/// Whether a works is completed by `as_of`; nothing where its state says so without a date.
fn completed(record: &Record, as_of: &str) -> Option<bool> {
    let works = Works(record);
    if !works.is_completed() {
        return Some(false);
    }
    works.actual_end().map(|date| date <= as_of)
}

fn works_completed(ledger: &Ledger, as_of: &str) -> Count {
    let mut count = Count::default();
    for record in ledger.works.iter().filter(|record| !Works(record).is_stopped()) {
        match completed(record, as_of) {
            Some(done) => count.one(record.id, done),
            None => count.leave_out(record.id, Reason::Undated),
        }
    }
    count
}

fn works_accepted(ledger: &Ledger, as_of: &str) -> Count {
    let mut count = Count::default();
    for record in ledger.works.iter().filter(|record| Works(record).is_completed()) {
        let accepted = accepted_on(ledger, record);
        match completed(record, as_of) {
            Some(false) => {}
            None => count.leave_out(record.id, Reason::Undated),
            Some(true) if Works(record).is_accepted() && accepted.is_none() => {
                count.leave_out(record.id, Reason::Undated);
            }
            Some(true) => {
                count
                    .one(record.id, Works(record).is_accepted() && accepted.is_some_and(|date| date.as_str() <= as_of));
            }
        }
    }
    count
}

fn rectifications_closed(ledger: &Ledger, as_of: &str) -> Count {
    let mut count = Count::default();
    for record in &ledger.rectifications {
        count.one(record.id, Rectification(record).closed_on().is_some_and(|date| date <= as_of));
    }
    count
}
