//! The month report (月调度): where every works stands at the end of a month, as
//! the records say it.
//!
//! A works that has not begun gives its reason, one under way its stage, one
//! that is built its quantities and effect. Every figure of a row knows the
//! entry or edit it comes from, so a report that was handed in can be held
//! against the next one, and each difference names what brought it about.

mod difference;
mod due;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use difference::{Because, Cause, Difference, differences};
pub use due::{due, last_day};

use crate::catalog::{CORRECTS, Kind};
use crate::funds::{Balance, Books, Line, Papers, Sort};
use crate::indicator::reference;
use crate::views::{Works, replaced};
use crate::{Catalog, Record, RecordId, Refusal, money};

/// What is read of a works.
pub const WORKS_FIELDS: &[&str] = &[
    "number",
    "name",
    "village",
    "fund",
    "granted",
    "contract_amount",
    "planned_start",
    "planned_end",
    "actual_start",
    "actual_end",
    "delay_reason",
    "stop_reason",
    "effect",
];

/// What is read of a progress entry.
pub const PROGRESS_FIELDS: &[&str] = &[
    "date",
    "percent",
    "stage",
    "item",
    "amount",
    "unit",
    "paid",
    "received",
    "spent",
    "problem",
    "next_plan",
    CORRECTS,
];

/// A month's report over the works of one township.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MonthReport")]
pub struct Report {
    /// `YYYY-MM`.
    pub month: String,
    /// The last day of the month: later entries are of the next one.
    pub as_of: String,
    /// One for each works, by fund, village and number.
    pub rows: Vec<Row>,
    /// All rows together.
    pub total: Total,
    /// The same for each fund, in the order of the rows.
    pub funds: Vec<Total>,
    /// Of the entries read, those that another takes the place of.
    pub replaced: BTreeMap<RecordId, RecordId>,
}

/// Where one works stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MonthRow")]
pub struct Row {
    /// The works.
    pub works: RecordId,
    /// Its number.
    pub number: Option<String>,
    /// Its name.
    pub name: String,
    /// Its village, by name where that is known.
    pub village: String,
    /// The fund that pays for it; empty where none is named.
    pub fund: String,
    /// The year of that money. Reports of before it was asked for do not say it.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub fund_year: Option<i64>,
    /// The document that granted it, by its number.
    #[serde(default)]
    pub fund_document: Option<String>,
    /// Whether it has begun, and ended.
    pub status: Status,
    /// Its place in the lifecycle, as it is now.
    pub state: Option<String>,
    /// How far it is built, in percent.
    #[ts(type = "number | null")]
    pub percent: Option<i64>,
    /// 下达金额, in 分.
    #[ts(type = "number | null")]
    pub granted: Option<i64>,
    /// 合同价, in 分.
    #[ts(type = "number | null")]
    pub contract_amount: Option<i64>,
    /// 累计完成投资, in 分.
    #[ts(type = "number | null")]
    pub paid: Option<i64>,
    /// 累计到位, in 分.
    #[ts(type = "number | null")]
    pub received: Option<i64>,
    /// 累计支付, in 分.
    #[ts(type = "number | null")]
    pub spent: Option<i64>,
    /// When work was to begin.
    pub planned_start: Option<String>,
    /// When it was to end.
    pub planned_end: Option<String>,
    /// When it began.
    pub actual_start: Option<String>,
    /// When it ended.
    pub actual_end: Option<String>,
    /// Why it has not begun, or was given up.
    pub reason: Option<String>,
    /// At which stage it is.
    pub stage: Option<String>,
    /// What was built so far.
    pub amounts: Vec<Amount>,
    /// What it does now that it is built.
    pub effect: Option<String>,
    /// Problems.
    pub problem: Option<String>,
    /// The plan for next month.
    pub next_plan: Option<String>,
    /// What the report asks for and the records do not say: `reason`, `stage`,
    /// `entry` (none in this month), `amounts`, `effect`.
    pub missing: Vec<String>,
    /// Where each value comes from, by its name here.
    pub from: BTreeMap<String, Origin>,
}

/// What a report says of works that has not begun, is under way, or is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "WorksStatus")]
pub enum Status {
    /// 未开工.
    NotBegun,
    /// 实施中.
    UnderWay,
    /// 已建成.
    Built,
    /// 终止.
    Stopped,
}

/// So much of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Amount {
    /// Of what; empty where the entry does not say.
    pub item: String,
    /// How much, as a decimal.
    pub amount: String,
    /// The unit's name in data.
    pub unit: String,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// A progress entry, or the works itself.
    pub record: RecordId,
    /// Who wrote it.
    pub by: String,
    /// When, by the writer's clock.
    pub at: String,
    /// The entry that this one corrects, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<RecordId>,
}

/// Rows added up; money in 分.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MonthTotal")]
#[allow(missing_docs, reason = "the columns of a row, summed")]
pub struct Total {
    /// The fund; empty for all, and for rows without one.
    pub fund: String,
    pub works: u32,
    pub not_begun: u32,
    pub under_way: u32,
    pub built: u32,
    pub stopped: u32,
    #[ts(type = "number")]
    pub granted: i64,
    #[ts(type = "number")]
    pub contract_amount: i64,
    #[ts(type = "number")]
    pub paid: i64,
    #[ts(type = "number")]
    pub received: i64,
    #[ts(type = "number")]
    pub spent: i64,
}

/// The report of `month` (`YYYY-MM`) over these works and all their progress
/// entries; villages by the name that `named` gives them. Where money is entered
/// for a works, arrival and payment come from there, and else from its progress.
///
/// # Errors
/// [`Refusal::NoSuchDate`] for what is no month.
pub fn report(
    catalog: &Catalog,
    month: &str,
    works: &[Record],
    entries: &[Record],
    funds: &Papers<'_>,
    named: &dyn Fn(RecordId) -> Option<String>,
) -> Result<Report, Refusal> {
    let wrong = || Refusal::NoSuchDate { field: "month".to_owned(), given: month.to_owned() };
    let as_of = last_day(month).ok_or_else(wrong)?;
    let (of_works, of_entries) = (catalog.kind("works")?, catalog.kind("progress")?);
    let replaced = replaced(entries);
    let mut standing: BTreeMap<RecordId, Vec<&Record>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !replaced.contains_key(&entry.id)) {
        let dated = entry.text("date").is_some_and(|date| date <= as_of.as_str());
        if let Some(works) = reference(entry, "works").filter(|_| dated) {
            standing.entry(works).or_default().push(entry);
        }
    }
    for entries in standing.values_mut() {
        // The newest last; of two of one day the later written (ids carry their order).
        entries.sort_by_key(|entry| (entry.text("date").map(str::to_owned), entry.id));
    }
    let books = Books::of(funds);
    let mut money: BTreeMap<RecordId, Vec<&Line<'_>>> = BTreeMap::new();
    for line in books.lines.iter().filter(|line| line.dated() <= as_of.as_str()) {
        if let Some(works) = books.works_of(line) {
            money.entry(works).or_default().push(line);
        }
    }
    let (none, nothing) = (Vec::new(), Vec::new());
    let mut rows: Vec<Row> = works
        .iter()
        .map(|record| {
            let entries = standing.get(&record.id).unwrap_or(&none);
            let village = reference(record, "village").and_then(named).unwrap_or_default();
            let money = money.get(&record.id).unwrap_or(&nothing);
            Filling { of_works, of_entries, record, entries, money, as_of: &as_of, month }.row(village)
        })
        .collect();
    let key = |row: &Row| (row.fund.clone(), row.village.clone(), row.number.clone(), row.works);
    rows.sort_by_key(key);
    let mut funds: Vec<Total> = Vec::new();
    for row in &rows {
        match funds.last_mut().filter(|total| total.fund == row.fund) {
            Some(total) => total.add(row),
            None => {
                let mut total = Total { fund: row.fund.clone(), ..Total::default() };
                total.add(row);
                funds.push(total);
            }
        }
    }
    let mut total = Total::default();
    rows.iter().for_each(|row| total.add(row));
    Ok(Report { month: month.to_owned(), as_of, rows, total, funds, replaced })
}

impl Total {
    fn add(&mut self, row: &Row) {
        self.works += 1;
        match row.status {
            Status::NotBegun => self.not_begun += 1,
            Status::UnderWay => self.under_way += 1,
            Status::Built => self.built += 1,
            Status::Stopped => self.stopped += 1,
        }
        let add = |sum: &mut i64, value: Option<i64>| *sum = money::sum([*sum, value.unwrap_or(0)]).unwrap_or(i64::MAX);
        add(&mut self.granted, row.granted);
        add(&mut self.contract_amount, row.contract_amount);
        add(&mut self.paid, row.paid);
        add(&mut self.received, row.received);
        add(&mut self.spent, row.spent);
    }
}

/// One row, being filled.
struct Filling<'a> {
    of_works: &'a Kind,
    of_entries: &'a Kind,
    record: &'a Record,
    entries: &'a [&'a Record],
    money: &'a [&'a Line<'a>],
    as_of: &'a str,
    month: &'a str,
}

impl Filling<'_> {
    fn row(&self, village: String) -> Row {
        let record = self.record;
        let text = |field: &str| record.text(field).map(str::to_owned);
        let status = self.status();
        let mut row = Row {
            works: record.id,
            number: text("number"),
            name: text("name").unwrap_or_default(),
            village,
            fund: text("fund").unwrap_or_default(),
            fund_year: record.integer("fund_year"),
            fund_document: text("fund_document"),
            status,
            state: record.state.clone(),
            percent: None,
            granted: record.integer("granted"),
            contract_amount: record.integer("contract_amount"),
            paid: None,
            received: None,
            spent: None,
            planned_start: text("planned_start"),
            planned_end: text("planned_end"),
            actual_start: text("actual_start"),
            actual_end: text("actual_end"),
            reason: match status {
                Status::NotBegun => text("delay_reason"),
                Status::Stopped => text("stop_reason"),
                Status::UnderWay | Status::Built => None,
            },
            stage: None,
            amounts: Vec::new(),
            effect: text("effect").filter(|_| status == Status::Built),
            problem: None,
            next_plan: None,
            missing: Vec::new(),
            from: BTreeMap::new(),
        };
        self.own_origins(&mut row);
        self.read_entries(&mut row);
        row.missing = self.missing(&row);
        row
    }

    /// Where it stood at the end of the month; its dates count before its state,
    /// which may have moved on since.
    fn status(&self) -> Status {
        let works = Works(self.record);
        let by = |date: Option<&str>| date.is_some_and(|date| date <= self.as_of);
        let later = |date: Option<&str>| date.is_some_and(|date| date > self.as_of);
        if works.is_stopped() {
            Status::Stopped
        } else if by(works.actual_end()) || (works.is_completed() && !later(works.actual_end())) {
            Status::Built
        } else if later(works.actual_start()) {
            Status::NotBegun
        } else if works.actual_start().is_some()
            || works.is_building()
            || works.is_completed()
            || self.first_done().is_some()
        {
            Status::UnderWay
        } else {
            Status::NotBegun
        }
    }

    /// The first entry that reports anything as done: nobody does so before he has begun.
    fn first_done(&self) -> Option<&Record> {
        self.entries.iter().find(|entry| entry.integer("percent") > Some(0)).copied()
    }

    fn own_origins(&self, row: &mut Row) {
        let reason = if row.status == Status::Stopped { "stop_reason" } else { "delay_reason" };
        for (name, field) in [
            ("granted", "granted"),
            ("contractAmount", "contract_amount"),
            ("plannedStart", "planned_start"),
            ("plannedEnd", "planned_end"),
            ("actualStart", "actual_start"),
            ("actualEnd", "actual_end"),
            ("effect", "effect"),
            ("fund", "fund"),
            ("name", "name"),
            ("reason", reason),
        ] {
            let group = self.of_works.field(field).map_or(field, |field| field.group());
            row.from.extend(origin(self.record, group).map(|origin| (name.to_owned(), origin)));
        }
        // Whether it has begun is said by a date, an entry or a move, whichever was last.
        let begun = ["actual_end", "actual_start"].into_iter().filter(|field| self.record.text(field).is_some());
        let done = self.of_entries.field("percent").map_or("percent", |field| field.group());
        let done = self.first_done().and_then(|entry| origin(entry, done));
        let begun = begun.filter_map(|field| origin(self.record, field)).chain(done);
        let moved = origin(self.record, crate::change::STATE_GROUP);
        let status = moved.clone().into_iter().chain(begun).max_by(|one, other| one.at.cmp(&other.at));
        row.from.extend(status.map(|origin| ("status".to_owned(), origin)));
        row.from.extend(moved.map(|origin| ("state".to_owned(), origin)));
    }

    /// The newest entry that says something of each; what is said is so far in all.
    fn read_entries(&self, row: &mut Row) {
        let mut from = std::mem::take(&mut row.from);
        let mut latest = |name: &str, field: &str| {
            let entry =
                self.entries.iter().rev().find(|entry| entry.fields.get(field).is_some_and(|v| !v.is_null()))?;
            let group = self.of_entries.field(field).map_or(field, |field| field.group());
            from.extend(origin(entry, group).map(|origin| (name.to_owned(), origin)));
            Some(*entry)
        };
        row.percent = latest("percent", "percent").and_then(|entry| entry.integer("percent"));
        row.paid = latest("paid", "paid").and_then(|entry| entry.integer("paid"));
        row.received = latest("received", "received").and_then(|entry| entry.integer("received"));
        row.spent = latest("spent", "spent").and_then(|entry| entry.integer("spent"));
        let text = |entry: &Record, field: &str| entry.text(field).map(str::to_owned);
        row.stage = latest("stage", "stage").and_then(|entry| text(entry, "stage"));
        row.problem = latest("problem", "problem").and_then(|entry| text(entry, "problem"));
        row.next_plan = latest("nextPlan", "next_plan").and_then(|entry| text(entry, "next_plan"));
        latest("amounts", "amount");
        let mut amounts: BTreeMap<(String, String), String> = BTreeMap::new();
        for entry in self.entries {
            if let Some(amount) = text(entry, "amount") {
                let of = (text(entry, "item").unwrap_or_default(), text(entry, "unit").unwrap_or_default());
                amounts.insert(of, amount);
            }
        }
        row.amounts = amounts.into_iter().map(|((item, unit), amount)| Amount { item, amount, unit }).collect();
        row.from = from;
        self.read_money(row);
    }

    /// What was entered as money counts before what progress entries say of it.
    fn read_money(&self, row: &mut Row) {
        let balance: Balance = self.money.iter().copied().collect();
        let newest = |sorts: &[Sort]| {
            let of_them = self.money.iter().filter(|line| line.sort.is_some_and(|sort| sorts.contains(&sort)));
            of_them.max_by_key(|line| (line.dated(), line.entry.id)).and_then(|line| origin(line.entry, "amount"))
        };
        for (name, sorts, value, sum) in [
            ("granted", &[Sort::Allocated][..], &mut row.granted, balance.allocated),
            ("received", &[Sort::Arrived], &mut row.received, balance.arrived),
            ("spent", &[Sort::Advance, Sort::Payment, Sort::Retention], &mut row.spent, balance.spent()),
        ] {
            if let Some(origin) = newest(sorts) {
                *value = Some(sum);
                row.from.insert(name.to_owned(), origin);
            }
        }
    }

    fn missing(&self, row: &Row) -> Vec<String> {
        let this_month = self.entries.iter().any(|entry| entry.text("date").is_some_and(|d| d.starts_with(self.month)));
        let asked: &[(&str, bool)] = match row.status {
            Status::NotBegun | Status::Stopped => &[("reason", row.reason.is_none())],
            Status::UnderWay => &[("stage", row.stage.is_none()), ("entry", !this_month)],
            Status::Built => &[("amounts", row.amounts.is_empty()), ("effect", row.effect.is_none())],
        };
        asked.iter().filter(|(_, missing)| *missing).map(|(name, _)| (*name).to_owned()).collect()
    }
}

/// Who last wrote `group` of `record`.
fn origin(record: &Record, group: &str) -> Option<Origin> {
    let stamp = record.stamps.get(group)?;
    let (by, at) = (stamp.author.clone(), stamp.at.clone());
    Some(Origin { record: record.id, by, at, corrects: reference(record, CORRECTS) })
}
