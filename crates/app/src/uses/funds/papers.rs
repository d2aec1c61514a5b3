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

    /// Puts an entry among them that will be saved with others, where it is of theirs.
    fn enter(&mut self, entry: &Record) {
        let names = |field: &str, list: &[Record]| {
            let named = domain::submission::id_in(entry, field);
            named.is_some_and(|id| list.iter().any(|record| record.id == id))
        };
        let around = &self.0;
        let theirs = names("application", &around.applications)
            || names("works", &around.works)
            || names("contract", &around.contracts)
            || names("reverses", &around.entries);
        if theirs {
            self.0.entries.push(entry.clone());
        }
    }

    /// How contracts are paid in stages, for each application whose programme says so.
    pub(crate) fn plans(&self) -> BTreeMap<RecordId, PaymentTerms> {
        self.0.plans()
    }
}

/// The papers of each account that the rows of a table are of, gathered once: a row
/// is held against its own account, not against the whole ledger.
#[derive(Default)]
pub(crate) struct Accounts {
    papers: BTreeMap<Vec<String>, FundPapers>,
    /// Rows that will be saved, in their order.
    entered: Vec<Record>,
}

impl Accounts {
    /// Takes `entry` in, if the books allow it with the rows before it.
    pub(crate) fn admit(&mut self, laptop: &Laptop, entry: Record) -> Result<()> {
        let belongs = ["application", "works", "contract", "reverses"];
        let account = belongs.map(|field| entry.text(field).unwrap_or_default().to_owned()).to_vec();
        if !self.papers.contains_key(&account) {
            let mut papers = FundPapers::of(laptop, Around::gather(&Here(laptop), &entry)?)?;
            self.entered.iter().for_each(|entered| papers.enter(entered));
            self.papers.insert(account.clone(), papers);
        }
        if let Some(papers) = self.papers.get(&account) {
            papers.admit(&entry)?;
        }
        self.papers.values_mut().for_each(|papers| papers.enter(&entry));
        self.entered.push(entry);
        Ok(())
    }
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
