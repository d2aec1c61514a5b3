//! Place codes: an official list brought in, and what a newer one changes.
//!
//! The list becomes records of two sorts, written by the district's own changes
//! like anybody's. A `place` is one code under one name for one period, in the
//! shared scope of its county, so that every laptop knows all of them, also those
//! that are no more (see `domain::places`). A `township` or `village` is the
//! ledger of one that is; it keeps its record whatever becomes of its code.
//!
//! Loading a list again changes nothing. A newer one begins a new period where a
//! name changed; where it does not have a code any more, that period ends, if
//! whoever loads it says for which county or township the list is complete. From
//! which day all that holds is said as well. What became of a code that ended is
//! in no list: the district says so (`succession`).

mod list;
mod succession;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use domain::catalog::Kind;
use domain::places::{Comparison, LEVELS, Listed, Place, compare, level};
use domain::{Action, Fields, Record, RecordId, Refusal, Scope, Value, Verdict};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::append::Ledger;
use crate::database::{record, scope_head};
use crate::error::{DistrictError, PlaceProblem, Result};
use list::{Line, PlaceList};

pub use succession::{Ended, Named, Succession};
pub(crate) use succession::{changes, succeed};

const PLACE: &str = "place";
const TOWNSHIP: &str = "township";
const VILLAGE: &str = "village";

/// What is to be loaded, and what is known of it.
#[derive(Debug, Clone, Default)]
pub struct PlaceLoad {
    /// The file.
    pub file: PathBuf,
    /// The person named in every change.
    pub author: String,
    /// The first day on which the list holds.
    pub from: Option<NaiveDate>,
    /// The codes below which the list has everything that there is.
    pub complete: Vec<String>,
    /// Only what lies in or above this code; everything when empty.
    pub within: String,
    /// Says what would be done, and writes nothing.
    pub dry_run: bool,
}

/// What a load did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// With the townships.
    pub townships: Count,
    /// With the villages.
    pub villages: Count,
    /// With the codes of all levels.
    pub codes: Codes,
    /// The names that changed.
    pub renamed: Vec<Renamed>,
    /// The codes that are no more, each with what may have followed it.
    pub ended: Vec<Ended>,
}

/// Places by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Were not here before.
    pub new: u64,
    /// Had another name.
    pub changed: u64,
    /// Were here just so.
    pub same: u64,
}

/// Codes by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// Were not known before.
    pub new: u64,
    /// Have a new name.
    pub renamed: u64,
    /// Are in the list no more.
    pub ended: u64,
    /// Are known just so.
    pub same: u64,
}

/// A code with a new name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// The code.
    pub code: String,
    /// The name until then.
    pub before: String,
    /// The name from then on.
    pub name: String,
}

/// Brings the records in line with the file.
///
/// # Errors
/// A file or a row that cannot be taken, a day that has to be said, or a refusal
/// by the catalog's rules; the caller rolls everything back.
pub(crate) fn load(ledger: &Ledger<'_>, load: &PlaceLoad) -> Result<Loaded> {
    let list = PlaceList::read(&load.file, &load.within)?;
    let townships = list.lines.iter().filter_map(Line::township);
    let scopes: BTreeSet<Scope> = townships.flat_map(|township| [township.district(), township]).collect();
    scope_head::lock_all(ledger.tx, &scopes)?;
    let mut loading = Loading { ledger, load, loaded: Loaded::default() };
    for county in scopes.iter().filter(|scope| !scope.is_township()) {
        loading.codes(county, &list)?;
    }
    loading.ledgers(&list)?;
    Ok(loading.loaded)
}

struct Loading<'l> {
    ledger: &'l Ledger<'l>,
    load: &'l PlaceLoad,
    loaded: Loaded,
}

impl Loading<'_> {
    /// The codes of one county, and of what stands above it.
    fn codes(&mut self, county: &Scope, list: &PlaceList) -> Result<()> {
        let here = |line: &&Line| {
            line.place.code.starts_with(county.as_str()) || county.as_str().starts_with(&line.place.code)
        };
        let listed: Vec<Listed> = list.lines.iter().filter(here).map(|line| line.place.clone()).collect();
        let standing = Standing::read(self.ledger, county)?;
        let known = standing.names();
        let comparison = compare(&listed, &known, &self.load.complete);
        let Comparison { new, renamed, same, gone } = &comparison;
        self.loaded.codes.same += same;
        self.day_is_said(&standing, renamed.len(), gone.len())?;
        // A first list says nothing about since when; a later one says when its new places began.
        let since = self.load.from.filter(|_| !standing.places.is_empty());
        for place in new {
            self.loaded.codes.new += 1;
            self.begin(county, place, since)?;
        }
        for (before, place) in renamed {
            self.loaded.codes.renamed += 1;
            let (code, before) = (place.code.clone(), before.clone());
            self.loaded.renamed.push(Renamed { code, before: before.clone(), name: place.name.clone() });
            let old = match standing.places.get(&place.code) {
                Some(old) => Some(old.id),
                None => self.begin(county, &Listed { name: before, ..(*place).clone() }, None)?,
            };
            let follows = self.begin(county, place, self.load.from)?;
            self.end(old, "renamed", follows)?;
        }
        for (code, name) in known.iter().filter(|(code, _)| standing.is_unlisted(code)) {
            // Known from before there were codes of their own.
            if let Some(place) = listed.iter().find(|place| place.code == *code && place.name == *name) {
                self.begin(county, place, None)?;
            }
        }
        let left: BTreeMap<String, String> =
            listed.iter().map(|place| (place.code.clone(), place.name.clone())).collect();
        for code in gone {
            self.loaded.codes.ended += 1;
            let name = &known[code];
            let old = match standing.places.get(code) {
                Some(old) => Some(old.id),
                None => {
                    let (code, name, category) = (code.clone(), name.clone(), String::new());
                    self.begin(county, &Listed { code, name, category }, None)?
                }
            };
            self.end(old, "", None)?;
            self.loaded.ended.push(succession::gone(code, name, self.load.from, &left));
        }
        Ok(())
    }

    /// What changes must be said to change on a day, and not before it began.
    fn day_is_said(&self, standing: &Standing, renamed: usize, gone: usize) -> Result<()> {
        if renamed + gone == 0 {
            return Ok(());
        }
        let Some(from) = self.load.from else {
            return Err(DistrictError::PlacesDateNeeded { renamed: renamed.to_string(), ended: gone.to_string() });
        };
        let latest = standing.places.values().filter_map(|record| Place(record).from()).max();
        match latest.filter(|latest| *latest >= from) {
            Some(latest) => Err(DistrictError::PlacesDateEarly { from: from.to_string(), latest: latest.to_string() }),
            None => Ok(()),
        }
    }

    /// A new period of a code; its record, where something is written.
    fn begin(&self, county: &Scope, place: &Listed, from: Option<NaiveDate>) -> Result<Option<RecordId>> {
        let name = level(&place.code).and_then(|level| LEVELS.get(level - 1));
        let mut fields = Fields::from([
            ("code".to_owned(), json!(place.code)),
            ("name".to_owned(), json!(place.name)),
            ("level".to_owned(), json!(name)),
        ]);
        if !place.category.is_empty() {
            fields.insert("category".to_owned(), json!(place.category));
        }
        if let Some(from) = from {
            fields.insert("valid_from".to_owned(), json!(from.to_string()));
        }
        self.create(PLACE, county, &fields)
    }

    /// The end of a period, on the day on which the list begins to hold.
    fn end(&self, old: Option<RecordId>, change: &str, follows: Option<RecordId>) -> Result<()> {
        let Some(old) = old.filter(|_| !self.load.dry_run) else { return Ok(()) };
        let standing =
            record::read(self.ledger.tx, old)?.ok_or_else(|| Refusal::UnknownRecord { record: old.to_string() })?;
        let change = Some(change).filter(|change| !change.is_empty());
        let follows: Vec<RecordId> = follows.into_iter().collect();
        succession::settle(self.ledger, &self.load.author, &standing, self.load.from, change, &follows)
    }

    /// The ledgers of townships and villages.
    fn ledgers(&mut self, list: &PlaceList) -> Result<()> {
        let listed: BTreeSet<&str> = list.lines.iter().map(|line| line.place.code.as_str()).collect();
        for line in &list.lines {
            let Some(scope) = line.township() else { continue };
            let kind = if line.place.code == scope.as_str() { TOWNSHIP } else { VILLAGE };
            let known = |code: &str| -> Result<bool> {
                Ok(listed.contains(code) || record::with_key(self.ledger.tx, TOWNSHIP, code)?.is_some())
            };
            if kind == VILLAGE && !known(scope.as_str())? {
                return Err(list.wrong(line.line, PlaceProblem::NoTownship));
            }
            let what = self.ledger_of(kind, &scope, &line.place)?;
            let count = if kind == TOWNSHIP { &mut self.loaded.townships } else { &mut self.loaded.villages };
            match what {
                Became::New => count.new += 1,
                Became::Changed => count.changed += 1,
                Became::Same => count.same += 1,
            }
        }
        Ok(())
    }

    fn ledger_of(&self, kind: &'static str, scope: &Scope, place: &Listed) -> Result<Became> {
        let id = record::with_key(self.ledger.tx, kind, &place.code)?;
        match id.map(|id| record::read(self.ledger.tx, id)).transpose()?.flatten() {
            Some(standing) if standing.text("name") == Some(&place.name) => Ok(Became::Same),
            Some(standing) => {
                let edits = Fields::from([("name".to_owned(), Value::from(place.name.as_str()))]);
                if !self.load.dry_run {
                    edit(self.ledger, &self.load.author, &standing, &edits)?;
                }
                Ok(Became::Changed)
            }
            None => {
                let mut fields = Fields::from([
                    ("code".to_owned(), Value::from(place.code.as_str())),
                    ("name".to_owned(), Value::from(place.name.as_str())),
                ]);
                if kind == VILLAGE {
                    fields.insert("township".to_owned(), Value::from(scope.as_str()));
                }
                self.create(kind, scope, &fields)?;
                Ok(Became::New)
            }
        }
    }

    fn create(&self, kind: &str, scope: &Scope, fields: &Fields) -> Result<Option<RecordId>> {
        if self.load.dry_run {
            return Ok(None);
        }
        let id = RecordId(Uuid::now_v7());
        let actions = creation(self.ledger.catalog.kind(kind)?, fields)?;
        settled(self.ledger.write(id, kind, scope, &self.load.author, actions)?.verdict)?;
        Ok(Some(id))
    }
}

/// What became of a ledger.
enum Became {
    New,
    Changed,
    Same,
}

/// What is known of a county before the list.
struct Standing {
    /// The period of each code that has not ended.
    places: BTreeMap<String, Record>,
    /// Names of townships and villages whose code was never recorded by itself.
    unlisted: BTreeMap<String, String>,
}

impl Standing {
    fn read(ledger: &Ledger<'_>, county: &Scope) -> Result<Self> {
        let mut places = BTreeMap::new();
        for record in record::list(ledger.tx, PLACE, u64::MAX, 0)? {
            if record.scope == *county && Place(&record).until().is_none() {
                places.insert(Place(&record).code().to_owned(), record);
            }
        }
        let mut unlisted = BTreeMap::new();
        if places.is_empty() {
            for kind in [TOWNSHIP, VILLAGE] {
                for record in record::list(ledger.tx, kind, u64::MAX, 0)? {
                    if let (Some(code), Some(name)) = (record.text("code"), record.text("name"))
                        && code.starts_with(county.as_str())
                    {
                        unlisted.insert(code.to_owned(), name.to_owned());
                    }
                }
            }
        }
        Ok(Self { places, unlisted })
    }

    fn names(&self) -> BTreeMap<String, String> {
        let named = self.places.iter().map(|(code, record)| (code.clone(), Place(record).name().to_owned()));
        self.unlisted.clone().into_iter().chain(named).collect()
    }

    fn is_unlisted(&self, code: &str) -> bool {
        self.unlisted.contains_key(code)
    }
}

fn edit(ledger: &Ledger<'_>, author: &str, standing: &Record, edits: &Fields) -> Result<()> {
    let actions = ledger.catalog.kind(&standing.kind)?.edit(&standing.fields, edits)?;
    if actions.is_empty() {
        return Ok(());
    }
    Ok(settled(ledger.write(standing.id, &standing.kind, &standing.scope, author, actions)?.verdict)?)
}

fn creation(kind: &Kind, fields: &Fields) -> Result<Vec<Action>> {
    let mut actions = vec![Action::Create { state: kind.states.first().map(|state| state.name.clone()) }];
    actions.extend(kind.edit(&Fields::new(), fields)?);
    Ok(actions)
}

/// A refusal of the district's own change ends the load: nothing is half loaded.
fn settled(verdict: Verdict) -> std::result::Result<(), Refusal> {
    match verdict {
        Verdict::Refused { refusal } => Err(refusal),
        _ => Ok(()),
    }
}
