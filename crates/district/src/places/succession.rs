//! What became of a code that ended: said by the district, suggested by name.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::places::{Place, suggestions};
use domain::{Fields, Record, RecordId};
use serde::Serialize;
use serde_json::json;

use super::{PLACE, edit};
use crate::append::Ledger;
use crate::database::record;
use crate::error::{DistrictError, Result};

/// A code that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// The code.
    pub code: String,
    /// Its last name.
    pub name: String,
    /// The first day without it.
    pub until: Option<String>,
    /// Why, where it was said: `renamed`, `recoded`, `merged`, `split`, `abolished`.
    pub change: Option<String>,
    /// What followed it, as the district said.
    pub successors: Vec<Named>,
    /// What may have followed it, by name, best first; only where nobody said it yet.
    pub suggestions: Vec<Named>,
}

/// A code with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
}

/// What the district says about a code that ended.
#[derive(Debug, Clone, Default)]
pub struct Succession {
    /// The code that ended, or ends with this.
    pub old: String,
    /// The codes that follow; none for one that nothing follows.
    pub new: Vec<String>,
    /// The first day without it, where it has not ended yet.
    pub from: Option<NaiveDate>,
    /// Why, where it is not plain from the number of those that follow.
    pub change: Option<String>,
    /// The person.
    pub author: String,
}

/// All codes that ended, by code; first those of which nobody said what became of them.
pub(crate) fn changes(ledger: &Ledger<'_>) -> Result<Vec<Ended>> {
    let records = record::list(ledger.tx, PLACE, u64::MAX, 0)?;
    let by_id: BTreeMap<RecordId, &Record> = records.iter().map(|record| (record.id, record)).collect();
    let present = present(&records);
    let mut ended: Vec<(bool, Ended)> = Vec::new();
    for record in records.iter().filter(|record| Place(record).until().is_some()) {
        ended.push((!Place(record).is_unsettled(), view(record, &by_id, &present)));
    }
    ended.sort_by(|(a, one), (b, other)| (a, &one.code, &one.until).cmp(&(b, &other.code, &other.until)));
    Ok(ended.into_iter().map(|(_, ended)| ended).collect())
}

/// Writes down what became of a code.
///
/// # Errors
/// A code that is not known, one that is still in use where no day is said, or a
/// refusal by the catalog's rules.
pub(crate) fn succeed(ledger: &Ledger<'_>, said: &Succession) -> Result<Ended> {
    let records = record::list(ledger.tx, PLACE, u64::MAX, 0)?;
    let unknown = |code: &str| DistrictError::UnknownPlace { code: code.to_owned() };
    let periods = |code: &str| -> Vec<&Record> { records.iter().filter(|r| Place(r).code() == code).collect() };
    let of_old = periods(&said.old);
    let open = of_old.iter().find(|record| Place(record).until().is_none());
    let latest = of_old.iter().filter(|record| Place(record).until().is_some()).max_by_key(|r| Place(r).until());
    let (old, from) = match (said.from, open, latest) {
        (Some(from), Some(open), _) => (*open, Some(from)),
        (_, None, Some(ended)) => (*ended, said.from),
        (None, Some(_), _) => return Err(DistrictError::PlaceInUse { code: said.old.clone() }),
        (_, None, None) => return Err(unknown(&said.old)),
    };
    let mut follow = Vec::new();
    for code in &said.new {
        let newest = periods(code).into_iter().max_by_key(|r| (Place(r).until().is_none(), Place(r).until(), r.id));
        follow.push(newest.filter(|record| record.id != old.id).ok_or_else(|| unknown(code))?.id);
    }
    let plain = match follow.len() {
        0 => "abolished",
        1 => "merged",
        _ => "split",
    };
    let change = said.change.as_deref().unwrap_or(plain);
    settle(ledger, &said.author, old, from, Some(change), &follow)?;
    let after = record::list(ledger.tx, PLACE, u64::MAX, 0)?;
    let by_id: BTreeMap<RecordId, &Record> = after.iter().map(|record| (record.id, record)).collect();
    by_id.get(&old.id).map(|record| view(record, &by_id, &present(&after))).ok_or_else(|| unknown(&said.old))
}

/// Ends a period on `from`, if it is said, and says why and what follows.
pub(super) fn settle(
    ledger: &Ledger<'_>,
    author: &str,
    standing: &Record,
    from: Option<NaiveDate>,
    change: Option<&str>,
    follow: &[RecordId],
) -> Result<()> {
    let mut edits = Fields::new();
    if let Some(from) = from {
        edits.insert("valid_until".to_owned(), json!(from.to_string()));
    }
    if let Some(change) = change {
        edits.insert("change".to_owned(), json!(change));
    }
    let follow: Vec<String> = follow.iter().map(ToString::to_string).collect();
    edits.insert("successors".to_owned(), json!(follow));
    edit(ledger, author, standing, &edits)
}

/// A code that a list does not have any more, with what of the list may have followed it.
pub(super) fn gone(code: &str, name: &str, until: Option<NaiveDate>, left: &BTreeMap<String, String>) -> Ended {
    Ended {
        code: code.to_owned(),
        name: name.to_owned(),
        until: until.map(|until| until.to_string()),
        change: None,
        successors: Vec::new(),
        suggestions: suggested(code, name, left),
    }
}

fn suggested(code: &str, name: &str, present: &BTreeMap<String, String>) -> Vec<Named> {
    let named = |code: String| Named { name: present.get(&code).cloned().unwrap_or_default(), code };
    suggestions(code, name, present).into_iter().map(named).collect()
}

/// The present names by code.
fn present(records: &[Record]) -> BTreeMap<String, String> {
    let open = records.iter().filter(|record| Place(record).until().is_none());
    open.map(|record| (Place(record).code().to_owned(), Place(record).name().to_owned())).collect()
}

fn view(record: &Record, by_id: &BTreeMap<RecordId, &Record>, present: &BTreeMap<String, String>) -> Ended {
    let place = Place(record);
    let named =
        |record: &&Record| Named { code: Place(record).code().to_owned(), name: Place(record).name().to_owned() };
    let successors = place.successors().filter_map(|id| by_id.get(&id)).map(named).collect();
    let suggestions = if place.is_unsettled() { suggested(place.code(), place.name(), present) } else { Vec::new() };
    Ended {
        code: place.code().to_owned(),
        name: place.name().to_owned(),
        until: record.text("valid_until").map(str::to_owned),
        change: record.text("change").map(str::to_owned),
        successors,
        suggestions,
    }
}
