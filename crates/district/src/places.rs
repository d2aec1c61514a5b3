//! Townships and villages from a list of administrative codes.
//!
//! The file is the national list's form: `code,name,parent,level,kind`, codes of
//! twelve digits. It is read as a whole before anything is written, and written
//! by the district's own changes, like anybody's. Loading it again changes
//! nothing; a newer list changes the names that changed. A place that is not in
//! the file is left alone: a list of one township says nothing about the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::catalog::Kind;
use domain::{Action, Fields, RecordId, Refusal, Scope, Value, Verdict};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::append::Ledger;
use crate::database::{record, scope_head};
use crate::error::{DistrictError, PlaceProblem, Result};

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// With the townships.
    pub townships: Count,
    /// With the villages.
    pub villages: Count,
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

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    #[allow(dead_code, reason = "the column must be there, for a file without it is another file")]
    parent: String,
    level: String,
    #[allow(dead_code, reason = "as `parent`")]
    kind: String,
}

/// A township or a village of the file.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    kind: &'static str,
    code: String,
    name: String,
    scope: Scope,
    line: u64,
}

/// The places of a file, in its order, each checked.
pub(crate) struct Places {
    file: String,
    places: Vec<Place>,
}

impl Places {
    /// Reads the whole file.
    ///
    /// # Errors
    /// [`DistrictError::PlacesWrong`] with the line and what is wrong there.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let shown = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|_| wrong(&shown, 0, PlaceProblem::NoFile))?;
        let text = decode(&bytes).ok_or_else(|| wrong(&shown, 0, PlaceProblem::NoText))?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|_| wrong(&shown, 1, PlaceProblem::NoCsv))?;
        if ["code", "name", "parent", "level", "kind"].iter().any(|name| !headers.iter().any(|found| found == *name)) {
            return Err(wrong(&shown, 1, PlaceProblem::Columns));
        }
        let headers = headers.clone();
        let (mut places, mut codes) = (Vec::new(), BTreeSet::new());
        for found in reader.records() {
            let found = found
                .map_err(|error| wrong(&shown, error.position().map_or(0, csv::Position::line), PlaceProblem::NoCsv))?;
            let line = found.position().map_or(0, csv::Position::line);
            let row: Row = found.deserialize(Some(&headers)).map_err(|_| wrong(&shown, line, PlaceProblem::NoCsv))?;
            if let Some(place) = place(row, line).map_err(|problem| wrong(&shown, line, problem))? {
                if !codes.insert(place.code.clone()) {
                    return Err(wrong(&shown, line, PlaceProblem::Twice));
                }
                places.push(place);
            }
        }
        if places.is_empty() {
            return Err(wrong(&shown, 0, PlaceProblem::Empty));
        }
        places.sort_by_key(|place| place.kind != TOWNSHIP); // A village refers to its township.
        Ok(Self { file: shown, places })
    }

    /// Brings the records in line with the file.
    ///
    /// # Errors
    /// A village without a township, or a refusal by the catalog's rules; the
    /// caller rolls everything back.
    pub(crate) fn load(&self, ledger: &Ledger<'_>, author: &str) -> Result<Loaded> {
        scope_head::lock_all(ledger.tx, self.places.iter().map(|place| &place.scope))?;
        let mut loaded = Loaded::default();
        for place in &self.places {
            if place.kind == VILLAGE && record::with_key(ledger.tx, TOWNSHIP, place.scope.as_str())?.is_none() {
                return Err(wrong(&self.file, place.line, PlaceProblem::NoTownship));
            }
            let count = if place.kind == TOWNSHIP { &mut loaded.townships } else { &mut loaded.villages };
            save(ledger, author, place, count)?;
        }
        Ok(loaded)
    }
}

const TOWNSHIP: &str = "township";
const VILLAGE: &str = "village";

fn place(row: Row, line: u64) -> std::result::Result<Option<Place>, PlaceProblem> {
    if row.code.len() != 12 || !row.code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PlaceProblem::Code);
    }
    let (township, rest) = row.code.split_at(9);
    let (kind, code, fits) = match row.level.as_str() {
        "1" | "2" | "3" => return Ok(None),
        "4" => (TOWNSHIP, township.to_owned(), rest == "000"),
        "5" => (VILLAGE, row.code.clone(), rest != "000"),
        _ => return Err(PlaceProblem::Level),
    };
    if row.name.is_empty() {
        return Err(PlaceProblem::Name);
    }
    let scope = Scope::parse(township).filter(|_| fits).ok_or(PlaceProblem::Code)?;
    Ok(Some(Place { kind, code, name: row.name, scope, line }))
}

fn save(ledger: &Ledger<'_>, author: &str, place: &Place, count: &mut Count) -> Result<()> {
    let kind = ledger.catalog.kind(place.kind)?;
    let id = record::with_key(ledger.tx, place.kind, &place.code)?;
    let standing = id.map(|id| record::read(ledger.tx, id)).transpose()?.flatten();
    match standing {
        Some(standing) if standing.text("name") == Some(&place.name) => count.same += 1,
        Some(standing) => {
            let edits = Fields::from([("name".to_owned(), Value::from(place.name.as_str()))]);
            let actions = kind.edit(&standing.fields, &edits)?;
            settled(ledger.write(standing.id, place.kind, &standing.scope, author, actions)?.verdict)?;
            count.changed += 1;
        }
        None => {
            let id = RecordId(Uuid::now_v7());
            settled(ledger.write(id, place.kind, &place.scope, author, creation(kind, place)?)?.verdict)?;
            count.new += 1;
        }
    }
    Ok(())
}

fn creation(kind: &Kind, place: &Place) -> Result<Vec<Action>> {
    let mut fields = BTreeMap::from([
        ("code".to_owned(), Value::from(place.code.as_str())),
        ("name".to_owned(), Value::from(place.name.as_str())),
    ]);
    if place.kind == VILLAGE {
        fields.insert("township".to_owned(), Value::from(place.scope.as_str()));
    }
    let mut actions = vec![Action::Create { state: kind.states.first().map(|state| state.name.clone()) }];
    actions.extend(kind.edit(&Fields::new(), &fields)?);
    Ok(actions)
}

/// A refusal of the district's own change ends the load: nothing is half loaded.
fn settled(verdict: Verdict) -> std::result::Result<(), Refusal> {
    match verdict {
        Verdict::Refused { refusal } => Err(refusal),
        _ => Ok(()),
    }
}

/// UTF-8 with or without a mark, or GB18030, in which Excel saves CSV in China.
fn decode(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let (text, _, wrong) = encoding_rs::GB18030.decode(bytes);
    (!wrong).then(|| text.into_owned())
}

fn wrong(file: &str, line: u64, problem: PlaceProblem) -> DistrictError {
    DistrictError::PlacesWrong { file: file.to_owned(), line: line.to_string(), problem }
}
