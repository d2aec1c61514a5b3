//! The papers behind the books: everything on this laptop that money is held against.

use std::collections::{BTreeMap, BTreeSet};

use domain::funds::{Around, Papers, PaymentTerms};
use domain::{Action, Change, Record, RecordId, Value};
use store::Filter;

use crate::uses::submission::Here;
use crate::{Laptop, Result};

/// Papers that are held while they are looked at.
pub(crate) struct FundPapers(Around);

impl FundPapers {
    /// These papers without the entries that the district refused: they are drafts,
    /// and no money has moved by them.
    pub(crate) fn of(laptop: &Laptop, mut around: Around) -> Result<Self> {
        let makes = |change: &Change| matches!(change.actions.first(), Some(Action::Create { .. }));
        let refused = laptop.store.refused()?.into_iter().filter(|row| makes(&row.change));
        let refused: BTreeSet<RecordId> = refused.map(|row| row.change.record).collect();
        around.entries.retain(|entry| !refused.contains(&entry.id));
        Ok(Self(around))
    }

    pub(crate) fn papers(&self) -> Papers<'_> {
        self.0.papers()
    }

    /// Whether `entry` may join them today.
    pub(crate) fn admit(&self, entry: &Record) -> Result<()> {
        Ok(domain::funds::admit(&self.papers(), &self.plans(), entry, &Laptop::today())?)
    }

    /// The records by which an entry says that it is one of theirs.
    fn heads(&self) -> impl Iterator<Item = RecordId> {
        let around = &self.0;
        let lists = [&around.applications, &around.works, &around.contracts, &around.entries];
        lists.into_iter().flatten().map(|record| record.id)
    }

    /// How contracts are paid in stages, for each application whose programme says so.
    pub(crate) fn plans(&self) -> BTreeMap<RecordId, PaymentTerms> {
        self.0.plans()
    }
}

/// What an entry says that it is of.
const HEADS: [&str; 4] = ["application", "works", "contract", domain::catalog::REVERSES];

/// The papers of each account that the rows of a table are of, gathered once: a row
/// is held against its own account, not against the whole ledger.
#[derive(Default)]
pub(crate) struct Accounts {
    papers: Vec<FundPapers>,
    /// Which of them a row's own words lead to.
    named: BTreeMap<[String; 4], usize>,
    /// Which of them a record belongs to.
    of_record: BTreeMap<RecordId, Vec<usize>>,
    /// Rows that will be saved, in their order, and by what they are of.
    entered: Vec<Record>,
    entered_of: BTreeMap<RecordId, Vec<usize>>,
}

impl Accounts {
    /// Takes `entry` in, if the books allow it with the rows before it.
    pub(crate) fn admit(&mut self, laptop: &Laptop, entry: Record) -> Result<()> {
        let words = HEADS.map(|field| entry.text(field).unwrap_or_default().to_owned());
        let account = match self.named.get(&words) {
            Some(account) => *account,
            None => self.open(laptop, words, &entry)?,
        };
        self.papers[account].admit(&entry)?;
        let at = self.entered.len();
        for head in heads_of(&entry) {
            self.entered_of.entry(head).or_default().push(at);
        }
        for account in found(&self.of_record, heads_of(&entry)) {
            self.enter(account, &entry);
        }
        self.entered.push(entry);
        Ok(())
    }

    /// Gathers the papers of one more account, with the rows before this one that are of it.
    fn open(&mut self, laptop: &Laptop, words: [String; 4], entry: &Record) -> Result<usize> {
        let papers = FundPapers::of(laptop, Around::gather(&Here(laptop), entry)?)?;
        let account = self.papers.len();
        let heads: Vec<RecordId> = papers.heads().collect();
        for head in &heads {
            self.of_record.entry(*head).or_default().push(account);
        }
        self.papers.push(papers);
        self.named.insert(words, account);
        for at in found(&self.entered_of, heads.into_iter()) {
            let entered = self.entered[at].clone();
            self.enter(account, &entered);
        }
        Ok(account)
    }

    /// Puts an entry among papers that it is of; later rows may reverse it there.
    fn enter(&mut self, account: usize, entry: &Record) {
        self.papers[account].0.entries.push(entry.clone());
        self.of_record.entry(entry.id).or_default().push(account);
    }
}

fn heads_of(entry: &Record) -> impl Iterator<Item = RecordId> {
    HEADS.into_iter().filter_map(|field| domain::submission::id_in(entry, field))
}

/// What stands under any of these ids, each once and in order.
fn found(under: &BTreeMap<RecordId, Vec<usize>>, ids: impl Iterator<Item = RecordId>) -> BTreeSet<usize> {
    ids.filter_map(|id| under.get(&id)).flatten().copied().collect()
}

impl Laptop {
    /// Everything on this laptop that the books are kept from.
    pub(crate) fn fund_papers(&self) -> Result<FundPapers> {
        let mut applications = self.gather("application", &[])?;
        let mut contracts = self.gather("contract", &[])?;
        applications.iter_mut().try_for_each(|record| self.rooted(record, "works"))?;
        contracts.iter_mut().try_for_each(|record| self.rooted(record, "more_works"))?;
        let around = Around {
            entries: self.gather("fund_entry", &[])?,
            programmes: self.gather("programme", &[])?,
            works: self.gather("works", &[])?,
            variations: self.gather("variation", &[])?,
            progress: self.gather("progress", &[])?,
            acceptances: self.gather("acceptance", &[])?,
            evaluations: self.gather("evaluation", &[])?,
            applications,
            contracts,
        };
        FundPapers::of(self, around)
    }

    /// Makes a set of works name those that joined ones were joined into.
    fn rooted(&self, record: &mut Record, field: &str) -> Result<()> {
        let Some(Value::Array(items)) = record.fields.get_mut(field) else { return Ok(()) };
        for item in items {
            let Some(id) = item.as_str().and_then(|text| text.parse::<RecordId>().ok()) else { continue };
            *item = self.store.root(id)?.to_string().into();
        }
        Ok(())
    }

    pub(crate) fn works_of_village(&self, village: RecordId) -> Result<Vec<RecordId>> {
        let there = [Filter::Field("village".to_owned(), village.to_string().into())];
        Ok(self.gather("works", &there)?.into_iter().map(|works| works.id).collect())
    }
}
