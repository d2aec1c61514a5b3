//! An application with everything that it rests on, out of the district's records.
//!
//! What is written for an application or a works lies in its township, so it is
//! looked for there; other applications are looked for in the whole district,
//! since money is paid twice across townships as well. Nothing of this is
//! indexed: an application is reported a few times a year.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::catalog::{JOINED_INTO, Kind};
use domain::submission;
use domain::{Catalog, Record, RecordId, Scope, Value};

use crate::DistrictError;
use crate::database::{Tx, record};
use crate::error::Result;

/// How many joinings are followed before they are taken for a circle.
const JOININGS: usize = 16;

type Part = (String, Option<Scope>);

/// The district's records, each part of them read once.
pub(crate) struct Shelf<'t> {
    tx: &'t Tx<'t>,
    catalog: &'t Catalog,
    parts: RefCell<BTreeMap<Part, Rc<Vec<Record>>>>,
}

impl<'t> Shelf<'t> {
    pub(crate) fn of(tx: &'t Tx<'t>, catalog: &'t Catalog) -> Self {
        Self { tx, catalog, parts: RefCell::default() }
    }

    /// The living records of a kind, of one scope or of all.
    fn part(&self, kind: &str, scope: Option<&Scope>) -> Result<Rc<Vec<Record>>> {
        let name = (kind.to_owned(), scope.cloned());
        if let Some(read) = self.parts.borrow().get(&name) {
            return Ok(Rc::clone(read));
        }
        let read = Rc::new(record::of_kind(self.tx, kind, scope)?);
        self.parts.borrow_mut().insert(name, Rc::clone(&read));
        Ok(read)
    }

    /// The scopes in which records lie that name one of these.
    fn scopes_of(&self, ids: &[RecordId]) -> Result<Vec<Scope>> {
        let mut scopes: Vec<Scope> = Vec::new();
        for id in ids {
            let found = record::read(self.tx, *id)?;
            scopes.extend(found.map(|record| record.scope).filter(|scope| !scopes.contains(scope)));
        }
        Ok(scopes)
    }

    /// What a joined record stands under.
    fn root(&self, id: RecordId) -> Result<Option<Record>> {
        let mut found = record::read(self.tx, id)?;
        for _ in 0..JOININGS {
            let into = found.as_ref().and_then(|record| submission::id_in(record, JOINED_INTO));
            let Some(other) = into.map(|into| record::read(self.tx, into)).transpose()?.flatten() else { break };
            found = Some(other);
        }
        Ok(found.filter(|record| !record.deleted))
    }

    /// The ids under which something may name one of these: their own, and those
    /// of what was joined into them.
    fn names_of(&self, ids: &[RecordId], kind: Option<&Kind>, scopes: &[Scope]) -> Result<Vec<RecordId>> {
        let mut names = ids.to_vec();
        let Some(kind) = kind.filter(|kind| kind.field(JOINED_INTO).is_ok()) else { return Ok(names) };
        for scope in scopes {
            for record in self.part(&kind.name, Some(scope))?.iter() {
                if submission::id_in(record, JOINED_INTO).is_some_and(|into| names.contains(&into)) {
                    names.push(record.id);
                }
            }
        }
        Ok(names)
    }

    /// The record with its references to what was joined naming the other.
    fn followed(&self, mut record: Record, kind: &Kind) -> Result<Record> {
        let joinable = |to: &String| self.catalog.kind(to).is_ok_and(|kind| kind.field(JOINED_INTO).is_ok());
        let refers = kind.fields.iter().filter(|field| field.by.is_none() && field.to.as_ref().is_some_and(joinable));
        for field in refers.filter(|field| !field.is_set()) {
            let Some(id) = submission::id_in(&record, &field.name) else { continue };
            if let Some(root) = self.root(id)?.filter(|root| root.id != id) {
                record.fields.insert(field.name.clone(), Value::from(root.id.to_string()));
            }
        }
        Ok(record)
    }
}

impl submission::Shelf for Shelf<'_> {
    type Error = DistrictError;

    fn record(&self, id: RecordId) -> Result<Option<Record>> {
        self.root(id)
    }

    fn referring(&self, kind: &str, field: &str, to: &[RecordId]) -> Result<Vec<Record>> {
        let Ok(kind) = self.catalog.kind(kind) else { return Ok(Vec::new()) };
        let Ok(field) = kind.field(field) else { return Ok(Vec::new()) };
        if to.is_empty() {
            return Ok(Vec::new());
        }
        let scopes = self.scopes_of(to)?;
        let target = field.to.as_deref().and_then(|to| self.catalog.kind(to).ok());
        let names = self.names_of(to, target, &scopes)?;
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let is_one = |value: &Value| value.as_str().is_some_and(|text| names.iter().any(|name| name == text));
        let parts = match kind.name.as_str() {
            "application" => vec![self.part(&kind.name, None)?],
            _ => scopes.iter().map(|scope| self.part(&kind.name, Some(scope))).collect::<Result<_>>()?,
        };
        let mut found = Vec::new();
        for record in parts.iter().flat_map(|part| part.iter()) {
            let value = record.fields.get(&field.name);
            let refers =
                value.is_some_and(|value| value.as_array().map_or(is_one(value), |all| all.iter().any(is_one)));
            // What was joined into another is found under that.
            if refers && submission::id_in(record, JOINED_INTO).is_none() {
                found.push(self.followed(record.clone(), kind)?);
            }
        }
        found.sort_by_key(|record| record.id);
        Ok(found)
    }

    fn all(&self, kind: &str, scope: &Scope) -> Result<Vec<Record>> {
        Ok(self.part(kind, Some(scope))?.to_vec())
    }
}
