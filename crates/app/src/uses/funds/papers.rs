//! The papers behind the books: everything on this laptop that money is held against.

use std::collections::{BTreeMap, BTreeSet};

use domain::funds::{Around, Papers, PaymentTerms};
use domain::{Action, Change, Record, RecordId, Value};
use store::Filter;

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

    /// Puts an entry among them that will be saved with others.
    pub(crate) fn enter(&mut self, entry: Record) {
        self.0.entries.push(entry);
    }

    /// How contracts are paid in stages, for each application whose programme says so.
    pub(crate) fn plans(&self) -> BTreeMap<RecordId, PaymentTerms> {
        self.0.plans()
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
