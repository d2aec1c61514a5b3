//! The district's own check of an application: what the laptop found, found again
//! over everything that the district holds, and the gate that it stands at. And
//! of a fund entry, which is held against all that others have paid.

use domain::finding::Finding;
use domain::funds::{self, Around, Entry};
use domain::review;
use domain::submission::{Shelf as _, Submission};
use domain::{Action, Change, Fields, Record, RecordId, Refusal, gate, overlay};
use serde::Serialize;
use uuid::Uuid;

use crate::append::{DISTRICT, Ledger};
use crate::clock;
use crate::district::District;
use crate::error::Result;
use crate::reuse;
use crate::submission::Shelf;

/// What was found in an application.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// The application.
    pub application: RecordId,
    /// How many findings block.
    pub blocks: usize,
    /// What blocks first.
    pub findings: Vec<Finding>,
}

impl District {
    /// What a reviewer would find in the application, over all that the district holds.
    ///
    /// # Errors
    /// [`Refusal::UnknownRecord`] where there is no such application.
    pub fn check(&self, id: &str) -> Result<Checked> {
        let unknown = || Refusal::UnknownRecord { record: id.to_owned() };
        let application: RecordId = id.parse().map_err(|_| unknown())?;
        self.database.read(|tx| {
            let shelf = Shelf::of(tx, &self.catalog);
            let submission = Submission::gather(&shelf, application)?.ok_or_else(unknown)?;
            let mut findings = review::review(&submission, &self.catalog, clock::today());
            findings.extend(reuse::check(tx, &shelf, &self.catalog, &submission)?);
            let blocks = findings.iter().filter(|finding| finding.blocks()).count();
            Ok(Checked { application, blocks, findings })
        })
    }
}

impl Ledger<'_> {
    /// Why the records around this one do not let `change` be: see [`domain::gate`].
    pub(crate) fn gate(&self, before: Option<&Record>, change: &Change) -> Result<Option<Refusal>> {
        gate::refusal(&self.shelf, self.catalog, before, change, clock::today())
    }

    /// Why a new fund entry may not join the books, over everything that was paid here.
    pub(crate) fn breaks_books(&self, before: Option<&Record>, change: &Change) -> Result<Option<Refusal>> {
        let makes = matches!(change.actions.first(), Some(Action::Create { .. }));
        if before.is_some() || change.kind != Entry::KIND || !makes {
            return Ok(None);
        }
        let entry = overlay(None, change);
        let around = Around::gather(&self.shelf, &entry)?;
        Ok(funds::admit(&around.papers(), &around.plans(), &entry, &clock::today().to_string()).err())
    }

    /// Returns an application whose files came late, and in which something blocks by
    /// then that did not when it was handed in: with a numbered remark, as a reviewer would.
    pub(crate) fn send_back(&self, application: &Record, refusal: &Refusal) -> Result<()> {
        let Refusal::NotReady { clause, record, count, .. } = refusal else { return Ok(()) };
        let Ok(kind) = self.catalog.kind("review_remark") else { return Ok(()) };
        let remarks = self.shelf.referring(&kind.name, "application", &[application.id])?;
        let place = remarks.iter().filter_map(|remark| remark.integer("place")).max().unwrap_or(0) + 1;
        let text = format!(
            "照片和扫描件到齐时又检查了一遍：有 {count} 处还不能报区。依据：{clause}。请打开检查结果，逐条处理后再报。"
        );
        let fields = Fields::from([
            ("application".to_owned(), application.id.to_string().into()),
            ("place".to_owned(), place.into()),
            ("about".to_owned(), record.clone().into()),
            ("text".to_owned(), text.clone().into()),
            ("clause".to_owned(), clause.clone().into()),
        ]);
        let mut actions = vec![Action::Create { state: kind.states.first().map(|state| state.name.clone()) }];
        actions.extend(kind.edit(&Fields::new(), &fields)?);
        self.write(RecordId(Uuid::now_v7()), &kind.name, &application.scope, DISTRICT, actions)?;
        let returns = vec![Action::Move { to: "returned".to_owned(), remark: Some(text) }];
        self.write(application.id, &application.kind, &application.scope, DISTRICT, returns).map(drop)
    }
}
