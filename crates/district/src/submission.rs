//! An application with everything that it rests on, out of the district's records.
//!
//! What is written for an application or a works lies in its township, so it is
//! looked for there; other applications are looked for in the whole district,
//! since money is paid twice across townships as well. No table of the database
//! is kept for this: what a transaction looks at is read once, found by what it
//! names from then on, and follows what the same transaction writes. So a batch
//! of a thousand payments reads its township's ledger once and not a thousand times.

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::catalog::{JOINED_INTO, Kind};
use domain::submission;
use domain::{Catalog, Record, RecordId, Scope, Value};

use crate::DistrictError;
use crate::database::{Tx, record};
use crate::error::Result;

/// How many joinings are followed before they are taken for a circle.
const JOININGS: usize = 16;

type Name = (String, Option<Scope>);

/// The living records of a kind, of one scope or of all.
#[derive(Default)]
struct Part {
    records: BTreeMap<RecordId, Record>,
    /// By a field, and by what it names: filled for a field when it is first asked for.
    by: HashMap<String, HashMap<String, BTreeSet<RecordId>>>,
}

/// What a field of a record names.
fn named<'r>(record: &'r Record, field: &str) -> impl Iterator<Item = &'r str> + use<'r> {
    let value = record.fields.get(field);
    let items = value.and_then(Value::as_array).map(Vec::as_slice);
    items.unwrap_or(value.map(std::slice::from_ref).unwrap_or_default()).iter().filter_map(Value::as_str)
}

impl Part {
    fn of(records: Vec<Record>) -> Self {
        Self { records: records.into_iter().map(|record| (record.id, record)).collect(), by: HashMap::new() }
    }

    fn sort_by(&mut self, field: &str) {
        if self.by.contains_key(field) {
            return;
        }
        let mut sorted: HashMap<String, BTreeSet<RecordId>> = HashMap::new();
        for record in self.records.values() {
            for name in named(record, field) {
                sorted.entry(name.to_owned()).or_default().insert(record.id);
            }
        }
        self.by.insert(field.to_owned(), sorted);
    }

    /// The records whose `field`, by which it is sorted, names one of these.
    fn naming(&self, field: &str, names: &[String]) -> impl Iterator<Item = &Record> {
        let sorted = self.by.get(field);
        let ids: BTreeSet<RecordId> = names.iter().filter_map(|name| sorted?.get(name)).flatten().copied().collect();
        ids.into_iter().filter_map(|id| self.records.get(&id))
    }

    /// Follows what was made of a record.
    fn follow(&mut self, after: &Record) {
        if let Some(before) = self.records.remove(&after.id) {
            for (field, sorted) in &mut self.by {
                for name in named(&before, field) {
                    if let Some(ids) = sorted.get_mut(name) {
                        ids.remove(&before.id);
                    }
                }
            }
        }
        if after.deleted {
            return;
        }
        for (field, sorted) in &mut self.by {
            for name in named(after, field) {
                sorted.entry(name.to_owned()).or_default().insert(after.id);
            }
        }
        self.records.insert(after.id, after.clone());
    }
}

/// The district's records as one transaction sees them, each part of them read once.
pub(crate) struct Shelf<'t> {
    tx: &'t Tx<'t>,
    catalog: &'t Catalog,
    parts: RefCell<BTreeMap<Name, Part>>,
}

impl<'t> Shelf<'t> {
    pub(crate) fn of(tx: &'t Tx<'t>, catalog: &'t Catalog) -> Self {
        Self { tx, catalog, parts: RefCell::default() }
    }

    /// Follows what the transaction made of a record.
    pub(crate) fn follow(&self, after: &Record) {
        let mut parts = self.parts.borrow_mut();
        for scope in [None, Some(after.scope.clone())] {
            if let Some(part) = parts.get_mut(&(after.kind.clone(), scope)) {
                part.follow(after);
            }
        }
    }

    /// The living records of a kind, of one scope or of all; sorted by `field`, where one is named.
    fn part(&self, kind: &str, scope: Option<&Scope>, field: Option<&str>) -> Result<Ref<'_, Part>> {
        let name = (kind.to_owned(), scope.cloned());
        if !self.parts.borrow().contains_key(&name) {
            let read = Part::of(record::of_kind(self.tx, kind, scope)?);
            self.parts.borrow_mut().insert(name.clone(), read);
        }
        let is_sorted = |field: &str| self.parts.borrow()[&name].by.contains_key(field);
        if let Some(field) = field.filter(|field| !is_sorted(field))
            && let Some(part) = self.parts.borrow_mut().get_mut(&name)
        {
            part.sort_by(field);
        }
        Ok(Ref::map(self.parts.borrow(), |parts| &parts[&name]))
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
            let part = self.part(&kind.name, Some(scope), Some(JOINED_INTO))?;
            // What was joined into one that was joined itself is named by the next round.
            for _ in 0..JOININGS {
                let asked: Vec<String> = names.iter().map(ToString::to_string).collect();
                let more: Vec<RecordId> = part.naming(JOINED_INTO, &asked).map(|record| record.id).collect();
                let before = names.len();
                names.extend(more.into_iter().filter(|id| !ids.contains(id)));
                names.sort();
                names.dedup();
                if names.len() == before {
                    break;
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
        let parts: Vec<Option<&Scope>> = match kind.name.as_str() {
            "application" => vec![None],
            _ => scopes.iter().map(Some).collect(),
        };
        let mut found = Vec::new();
        for scope in parts {
            let part = self.part(&kind.name, scope, Some(&field.name))?;
            // What was joined into another is found under that.
            let naming = part.naming(&field.name, &names).filter(|one| submission::id_in(one, JOINED_INTO).is_none());
            for record in naming {
                found.push(self.followed(record.clone(), kind)?);
            }
        }
        found.sort_by_key(|record| record.id);
        Ok(found)
    }

    fn all(&self, kind: &str, scope: &Scope) -> Result<Vec<Record>> {
        Ok(self.part(kind, Some(scope), None)?.records.values().cloned().collect())
    }

    fn everywhere(&self, kind: &str) -> Result<Vec<Record>> {
        Ok(self.part(kind, None, None)?.records.values().cloned().collect())
    }
}
