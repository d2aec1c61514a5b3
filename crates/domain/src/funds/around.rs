//! The papers around one entry: everything that says whether it may be made.
//!
//! Laptop and district look on their own shelves and come to the same papers
//! where they hold the same records.

use std::collections::BTreeMap;

use super::{Papers, PaymentTerms};
use crate::programme::Programme;
use crate::submission::{Shelf, each, id_in, ids, merged};
use crate::{Record, RecordId};

/// Papers that are held, not only looked at.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs, reason = "the kinds by their names")]
pub struct Around {
    pub entries: Vec<Record>,
    pub applications: Vec<Record>,
    /// The programme versions of those applications.
    pub programmes: Vec<Record>,
    pub works: Vec<Record>,
    pub contracts: Vec<Record>,
    pub variations: Vec<Record>,
    pub progress: Vec<Record>,
    pub acceptances: Vec<Record>,
    pub evaluations: Vec<Record>,
}

impl Around {
    /// What belongs to the account that `entry` is of.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    pub fn gather<S: Shelf>(shelf: &S, entry: &Record) -> Result<Self, S::Error> {
        // A reversal belongs where the entry belongs that it undoes.
        let undone = match id_in(entry, crate::catalog::REVERSES) {
            Some(id) => shelf.record(id)?,
            None => None,
        };
        let entry = undone.as_ref().unwrap_or(entry);
        let own = each(shelf, id_in(entry, "contract").into_iter(), "contract")?;
        let named = id_in(entry, "works").or_else(|| id_in(own.first()?, "works"));
        let named: Vec<RecordId> = named.into_iter().collect();
        let applications = match id_in(entry, "application") {
            Some(id) => each(shelf, std::iter::once(id), "application")?,
            None => shelf.referring("application", "works", &named)?,
        };
        let bundled = applications.iter().flat_map(|application| ids(application, "works"));
        let works = each(shelf, bundled.chain(named), "works")?;
        let works_ids: Vec<RecordId> = works.iter().map(|works| works.id).collect();
        let villages: Vec<RecordId> = works.iter().filter_map(|works| id_in(works, "village")).collect();
        let of_works = |kind: &str| shelf.referring(kind, "works", &works_ids);
        let contracts = merged([of_works("contract")?, shelf.referring("contract", "more_works", &works_ids)?, own]);
        let contract_ids: Vec<RecordId> = contracts.iter().map(|contract| contract.id).collect();
        let of_contracts = |kind: &str| shelf.referring(kind, "contract", &contract_ids);
        let application_ids: Vec<RecordId> = applications.iter().map(|application| application.id).collect();
        let of_applications = |kind: &str| shelf.referring(kind, "application", &application_ids);
        Ok(Self {
            entries: merged([of_applications("fund_entry")?, of_works("fund_entry")?, of_contracts("fund_entry")?]),
            programmes: each(
                shelf,
                applications.iter().filter_map(|application| id_in(application, "policy")),
                "programme",
            )?,
            variations: of_contracts("variation")?,
            progress: of_works("progress")?,
            acceptances: merged([
                of_works("acceptance")?,
                of_contracts("acceptance")?,
                shelf.referring("acceptance", "village", &villages)?,
            ]),
            evaluations: of_applications("evaluation")?,
            applications,
            works,
            contracts,
        })
    }

    /// How the programme of each application lets money be paid; a programme that
    /// cannot be read says nothing.
    #[must_use]
    pub fn plans(&self) -> BTreeMap<RecordId, PaymentTerms> {
        let read = |record: &Record| Programme::parse(record.text("rules").unwrap_or_default()).ok();
        let terms: BTreeMap<RecordId, PaymentTerms> =
            self.programmes.iter().filter_map(|record| Some((record.id, PaymentTerms::of(&read(record)?)))).collect();
        let of_application =
            |application: &Record| Some((application.id, terms.get(&id_in(application, "policy")?)?.clone()));
        self.applications.iter().filter_map(of_application).collect()
    }

    /// The same to look at.
    #[must_use]
    pub fn papers(&self) -> Papers<'_> {
        Papers {
            entries: &self.entries,
            new: None,
            applications: &self.applications,
            works: &self.works,
            contracts: &self.contracts,
            variations: &self.variations,
            progress: &self.progress,
            acceptances: &self.acceptances,
            evaluations: &self.evaluations,
        }
    }
}
