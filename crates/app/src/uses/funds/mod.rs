//! Funds: the entries as a running account, what they come to, what may be paid
//! next; and that no entry is saved that would break the books.
//!
//! Adding one is the same save as of any record, so that form, import and terminal
//! are guarded alike; only a reversal has a use of its own, for its amount and
//! belonging are not typed but taken from the entry that it undoes.

mod charts;
mod guard;
mod papers;

use std::collections::BTreeMap;

use domain::funds::{self, Balance, Books, ContractDue, Effect, Entry, Group, Line, Rate, Sort, Source, Stage};
use domain::{Fields, RecordId, Refusal, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::types::Shown;
use crate::uses::findings::FindingView;
use crate::{Laptop, Result};

pub use charts::{FundChart, FundMonth, FundPlan, SourceAmount, SourceMoney, VillageMoney, YearMoney};
pub(crate) use papers::{Accounts, FundPapers};

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct FundAsked {
    /// Those of one application, works, contract or village.
    pub of: Option<RecordId>,
    /// Those up to and with this day.
    pub as_of: Option<String>,
    /// Those dated in this year, as four digits.
    pub year: Option<String>,
    /// Those of this sort, and their reversals.
    pub sort: Option<Sort>,
    /// Those of this level.
    pub level: Option<Source>,
}

/// Entries in the order of their dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FundList {
    /// The entries, each with what was there after it.
    pub entries: Vec<FundLine>,
    /// All of them together.
    pub total: FundSum,
}

/// A record that an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FundHome {
    /// The record.
    pub id: RecordId,
    /// What heads it.
    pub title: String,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields of the entry by their names")]
pub struct FundLine {
    /// The entry.
    pub id: RecordId,
    pub number: String,
    pub dated: String,
    /// Which way its money goes: of a reversal, as with the entry that it undoes.
    pub sort: Option<Sort>,
    pub level: Source,
    pub stage: Option<Stage>,
    /// What it does.
    pub effect: Effect,
    /// What it adds to its sum, in 分; below zero for a reversal.
    #[ts(type = "number")]
    pub amount: i64,
    pub application: Option<FundHome>,
    pub works: Option<FundHome>,
    pub contract: Option<FundHome>,
    pub document_number: String,
    pub invoice: String,
    pub payee: String,
    pub handler: String,
    pub reviewer: String,
    pub note: String,
    /// The entry that it undoes.
    pub reverses: Option<RecordId>,
    /// 累计到位, in 分.
    #[ts(type = "number")]
    pub arrived: i64,
    /// 累计支付, in 分.
    #[ts(type = "number")]
    pub spent: i64,
    /// 结余, in 分.
    #[ts(type = "number")]
    pub left: i64,
}

/// What entries come to, in 分.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FundSum {
    /// By sort.
    #[serde(flatten)]
    pub balance: Balance,
    /// 累计支付: advances, payments and released retention.
    #[ts(type = "number")]
    pub spent: i64,
    /// 结余.
    #[ts(type = "number")]
    pub left: i64,
    /// 执行率.
    pub execution: Rate,
}

impl From<Balance> for FundSum {
    fn from(balance: Balance) -> Self {
        Self { balance, spent: balance.spent(), left: balance.left(), execution: balance.execution() }
    }
}

/// One part of a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FundPart {
    /// The record's id, the level's name or the year; empty for what belongs to none.
    pub key: String,
    /// What heads it; of a level and a year nothing.
    pub title: String,
    /// What it comes to.
    pub sum: FundSum,
}

/// The sums of all entries, or of those of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FundBalances")]
pub struct FundBalances {
    /// The day that they are of.
    pub as_of: String,
    /// All together.
    pub total: FundSum,
    /// By application.
    pub applications: Vec<FundPart>,
    /// By works.
    pub works: Vec<FundPart>,
    /// By contract.
    pub contracts: Vec<FundPart>,
    /// By level.
    pub levels: Vec<FundPart>,
    /// By year.
    pub years: Vec<FundPart>,
    /// What does not hold of the books.
    pub findings: Vec<FindingView>,
}

/// What may be paid on a contract now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaymentDue {
    /// What the contract is called.
    pub title: String,
    /// The application that pays for it.
    pub application: Option<FundHome>,
    /// Its stages, with what was paid.
    #[serde(flatten)]
    pub due: ContractDue,
    /// How much of what may be paid the money covers that is on the account.
    #[ts(type = "number")]
    pub covered: i64,
}

impl Laptop {
    /// The entries that are asked for, in the order of their dates, with running sums over just these.
    ///
    /// # Errors
    /// When there is no such record, or no such date.
    pub fn fund_list(&self, asked: &FundAsked) -> Result<FundList> {
        let papers = self.fund_papers()?;
        let papers = papers.papers();
        let books = Books::of(&papers);
        let mut lines = self.lines_of(&books, asked.of)?;
        let as_of = asked.as_of.as_deref().map(|day| self.date(day)).transpose()?;
        lines.retain(|line| {
            as_of.as_deref().is_none_or(|day| line.dated() <= day)
                && asked.year.as_deref().is_none_or(|year| line.year() == year)
                && asked.sort.is_none_or(|sort| line.sort == Some(sort))
                && asked.level.is_none_or(|level| line.level == level)
        });
        let mut titles = Titles { laptop: self, known: BTreeMap::new() };
        let mut running = Balance::default();
        let mut entries = Vec::with_capacity(lines.len());
        for line in lines {
            running.take(line);
            entries.push(titles.line(line, running));
        }
        Ok(FundList { entries, total: running.into() })
    }

    /// What the entries come to, of one application, works, contract or village, or of all.
    ///
    /// # Errors
    /// When there is no such record, or no such date.
    pub fn fund_balances(&self, of: Option<RecordId>, as_of: Option<&str>) -> Result<FundBalances> {
        let as_of = as_of.map_or_else(|| Ok(Self::today()), |day| self.date(day))?;
        let held = self.fund_papers()?;
        let plans = held.plans();
        let papers = held.papers();
        let books = Books::of(&papers);
        let mut lines = self.lines_of(&books, of)?;
        lines.retain(|line| line.dated() <= as_of.as_str());
        let mut titles = Titles { laptop: self, known: BTreeMap::new() };
        let total: Balance = lines.iter().copied().collect();
        let mut parts = |group: Group| {
            let mut found: BTreeMap<String, Balance> = BTreeMap::new();
            for line in &lines {
                found.entry(line.key(group)).or_default().take(line);
            }
            let part = |(key, balance): (String, Balance)| {
                let title = key.parse().ok().and_then(|id| titles.of(id)).unwrap_or_default();
                FundPart { title, key, sum: balance.into() }
            };
            found.into_iter().map(part).collect::<Vec<_>>()
        };
        let (applications, works) = (parts(Group::Application), parts(Group::Works));
        let (contracts, levels, years) = (parts(Group::Contract), parts(Group::Level), parts(Group::Year));
        let mut found = funds::findings(&papers, &plans, &as_of);
        if of.is_some() {
            let homes = |line: &&Line<'_>| [line.application, line.works, line.contract, Some(line.entry.id)];
            let here: Vec<RecordId> = lines.iter().flat_map(homes).flatten().chain(of).collect();
            found.retain(|finding| finding.records.iter().any(|id| here.contains(id)));
        }
        let findings = self.finding_views(found)?;
        Ok(FundBalances { as_of, total: total.into(), applications, works, contracts, levels, years, findings })
    }

    /// What may be paid on each contract by its stages, of one application, works or contract, or of all.
    ///
    /// # Errors
    /// When there is no such record, or no such date.
    pub fn payments_due(&self, of: Option<RecordId>, as_of: Option<&str>) -> Result<Vec<PaymentDue>> {
        let as_of = as_of.map_or_else(|| Ok(Self::today()), |day| self.date(day))?;
        let held = self.fund_papers()?;
        let plans = held.plans();
        let papers = held.papers();
        let books = Books::of(&papers);
        let mut titles = Titles { laptop: self, known: BTreeMap::new() };
        if let Some(of) = of {
            self.row(of)?;
        }
        let mut found = Vec::new();
        for due in funds::due(&papers, &plans, &as_of) {
            let Some(contract) = papers.contracts.iter().find(|contract| contract.id == due.contract) else { continue };
            let application = books.application_of(contract);
            let works = contract.text("works").and_then(|id| id.parse().ok());
            if of.is_some() && ![Some(due.contract), application, works].contains(&of) {
                continue;
            }
            let account = application.or(works).or(Some(due.contract));
            let on_account: Balance = books.lines.iter().filter(|line| line.account() == account).collect();
            found.push(PaymentDue {
                title: contract.text("name").unwrap_or_default().to_owned(),
                application: application.and_then(|id| titles.home(Some(id))),
                covered: due.payable.min(on_account.left()).max(0),
                due,
            });
        }
        Ok(found)
    }

    /// Undoes the entry `id` by a new one of the day `dated`, which names it and is as large.
    ///
    /// # Errors
    /// When there is no such entry, or it was reversed already; what the rules refuse.
    pub fn reverse_fund(&mut self, id: RecordId, dated: Option<&str>, note: Option<&str>) -> Result<Shown> {
        let entry = self.row(id)?.record;
        if entry.kind != Entry::KIND {
            return Err(Refusal::UnknownRecord { record: id.to_string() }.into());
        }
        let dated = dated.map_or_else(|| Ok(Self::today()), |day| self.date(day))?;
        let mut fields = Fields::from([
            ("sort".to_owned(), Sort::Reversal.name().into()),
            ("dated".to_owned(), dated.into()),
            ("reverses".to_owned(), id.to_string().into()),
            ("handler".to_owned(), self.identity.person.clone().into()),
        ]);
        for name in ["level", "amount", "application", "works", "contract", "stage", "document_number", "payee"] {
            let value = entry.fields.get(name).filter(|value| !value.is_null());
            fields.extend(value.map(|value| (name.to_owned(), value.clone())));
        }
        fields.extend(note.map(|note| ("note".to_owned(), Value::from(note))));
        self.add(Entry::KIND, fields)
    }

    /// The lines of one application, works, contract or village; all of them without one.
    fn lines_of<'b, 'r>(&self, books: &'b Books<'r>, of: Option<RecordId>) -> Result<Vec<&'b Line<'r>>> {
        let Some(of) = of else { return Ok(books.lines.iter().collect()) };
        let record = self.row(of)?.record;
        match record.kind.as_str() {
            "village" => {
                let works = self.works_of_village(of)?;
                Ok(books.lines.iter().filter(|line| line.works.is_some_and(|id| works.contains(&id))).collect())
            }
            _ => Ok(books.of_record(of).collect()),
        }
    }
}

/// What heads records, each read once.
struct Titles<'l> {
    laptop: &'l Laptop,
    known: BTreeMap<RecordId, Option<String>>,
}

impl Titles<'_> {
    fn of(&mut self, id: RecordId) -> Option<String> {
        self.known.entry(id).or_insert_with(|| self.laptop.heading(id)).clone()
    }

    fn home(&mut self, id: Option<RecordId>) -> Option<FundHome> {
        let id = id?;
        Some(FundHome { id, title: self.of(id).unwrap_or_default() })
    }

    fn line(&mut self, line: &Line<'_>, running: Balance) -> FundLine {
        let entry = line.entry;
        let text = |name: &str| entry.text(name).unwrap_or_default().to_owned();
        FundLine {
            id: entry.id,
            number: text("number"),
            dated: text("dated"),
            sort: line.sort,
            level: line.level,
            stage: line.stage,
            effect: line.effect,
            amount: line.amount,
            application: self.home(line.application),
            works: self.home(line.works),
            contract: self.home(line.contract),
            document_number: text("document_number"),
            invoice: text("invoice"),
            payee: text("payee"),
            handler: text("handler"),
            reviewer: text("reviewer"),
            note: text("note"),
            reverses: entry.text("reverses").and_then(|id| id.parse().ok()),
            arrived: running.arrived,
            spent: running.spent(),
            left: running.left(),
        }
    }
}
