//! Join: the same works, recorded twice, becomes one, with nothing lost; and undo.
//!
//! The works that is kept takes over what it lacks, and every file of the other.
//! Where both say something, the kept one's word stands and the other's is written
//! down in a record of the joining, with the score and its reasons. The other says
//! into which it was joined, and stays, as do its contracts and entries: everything
//! that refers to it is found under the kept one from then on (`store::joined`).
//! The three changes are saved together, or none of them.
//!
//! Undoing gives back what was taken over and nobody has edited since.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::catalog::Kind;
use domain::change::item_key;
use domain::{Action, Fields, Record, RecordId, Refusal, Scope, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::ListQuery;
use ts_rs::TS;

use super::duplicates::pair_name;
use crate::saying::same;
use crate::types::Shown;
use crate::{AppError, Laptop, Result, Trouble};

/// What is done to one record.
type Work = (RecordId, Arc<Kind>, Scope, Vec<Action>);

/// The field that says into which works one was joined.
const INTO: &str = domain::catalog::JOINED_INTO;

/// What a joining did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    /// The works that is kept.
    pub kept: Shown,
    /// The record of the joining, with all that differed.
    pub joining: RecordId,
    /// Fields that were taken over.
    pub taken_over: Vec<String>,
    /// Fields in which the two differ; the other's words are in the record.
    pub differing: Vec<String>,
}

/// What was taken over, as undoing needs it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct TakenOver {
    /// Values by field, where the kept works had none.
    fields: Fields,
    /// Keys of the items that it did not have, by field.
    items: std::collections::BTreeMap<String, Vec<String>>,
}

impl Laptop {
    /// Joins `other` into `keep`.
    ///
    /// # Errors
    /// Two works that are not of one township, one that is joined already, or what
    /// the rules refuse; nothing is saved then.
    pub fn join(&mut self, keep: RecordId, other: RecordId) -> Result<Joined> {
        let (kept, given) = (self.works(keep)?, self.works(other)?);
        for one in [&kept, &given] {
            if one.text(INTO).is_some() {
                return Err(Trouble::JoinedAlready { title: self.heading(one.id).unwrap_or_default() }.into());
            }
        }
        if keep == other || kept.scope != given.scope || kept.text("village") != given.text("village") {
            return Err(Trouble::NotOneWorks.into());
        }
        let kind = self.kind("works")?;
        let (edits, mut differing) = meeting(&kind, &kept, &given);
        let edits = self.unlocked(&kind, &kept, edits, &mut differing)?;
        let taken = taken_over(&kind, &kept, &edits);
        let (score, reasons) = self.likeness_of(&kept, &given)?;
        let fields = Fields::from([
            ("name".to_owned(), json!(pair_name(&kept, &given))),
            ("verdict".to_owned(), json!("joined")),
            ("kept".to_owned(), json!(keep.to_string())),
            ("other".to_owned(), json!(other.to_string())),
            ("score".to_owned(), json!(score)),
            ("reasons".to_owned(), json!(reasons)),
            ("taken_over".to_owned(), json!(serde_json::to_string(&taken).unwrap_or_default())),
            ("differences".to_owned(), json!(self.differences(&kind, &kept, &given, &differing)?)),
        ]);
        let joining_kind = self.kind("joining")?;
        let (joining, scope, actions) = self.beginning(&joining_kind, fields)?;
        let into = Fields::from([(INTO.to_owned(), json!(keep.to_string()))]);
        let mut work = vec![(joining, joining_kind, scope, actions)];
        let of_kept = kind.edit(&kept.fields, &edits)?;
        if !of_kept.is_empty() {
            work.push((keep, kind.clone(), kept.scope.clone(), of_kept));
        }
        work.push((other, kind.clone(), given.scope.clone(), kind.edit(&given.fields, &into)?));
        self.save_work(work)?;
        Ok(Joined { kept: self.show(keep)?, joining, taken_over: edits.into_keys().collect(), differing })
    }

    /// Makes `other` a works of its own again, and takes back what the other took
    /// over from it, as far as it still says so.
    ///
    /// # Errors
    /// [`Trouble::NotJoined`], or what the rules refuse; nothing is saved then.
    pub fn unjoin(&mut self, other: RecordId) -> Result<Shown> {
        let given = self.works(other)?;
        let not_joined = || Trouble::NotJoined { title: self.heading(other).unwrap_or_default() };
        let keep: RecordId = given.text(INTO).and_then(|id| id.parse().ok()).ok_or_else(not_joined)?;
        let kind = self.kind("works")?;
        let mut work = Vec::new();
        if let Some(joining) = self.joining_of(keep, other)? {
            let kept = self.row(keep)?.record;
            let text = joining.text("taken_over").unwrap_or_default();
            let taken: TakenOver = serde_json::from_str(text).unwrap_or_default();
            let actions = kind.edit(&kept.fields, &given_back(&kept, &taken))?;
            // What a rule holds by now, such as a contract's price, stays where it is.
            if !actions.is_empty() && self.admissible(keep, &kind, kept.scope.clone(), actions.clone()).is_ok() {
                work.push((keep, kind.clone(), kept.scope.clone(), actions));
            }
            let joining_kind = self.kind("joining")?;
            let undone = Fields::from([("verdict".to_owned(), json!("undone"))]);
            let actions = joining_kind.edit(&joining.fields, &undone)?;
            work.push((joining.id, joining_kind, joining.scope.clone(), actions));
        }
        let alone = Fields::from([(INTO.to_owned(), Value::Null)]);
        work.push((other, kind.clone(), given.scope.clone(), kind.edit(&given.fields, &alone)?));
        self.save_work(work)?;
        self.show(other)
    }

    /// The newest record of this joining, where it is here. Read as it stands: what
    /// is gathered for figures says by now that both are the kept one.
    fn joining_of(&self, keep: RecordId, other: RecordId) -> Result<Option<Record>> {
        let is = |record: &Record, field: &str, id: RecordId| record.text(field) == Some(id.to_string().as_str());
        let kind = self.kind("joining")?;
        let query = ListQuery { kind: &kind, filters: Vec::new(), sort: None, limit: u32::MAX, offset: 0 };
        let mut records = self.store.list(&query)?.1.into_iter().map(|row| row.record);
        Ok(records.find(|record| {
            record.text("verdict") == Some("joined") && is(record, "kept", keep) && is(record, "other", other)
        }))
    }

    /// The edits without those that a rule holds back; they count as differing then.
    fn unlocked(&self, kind: &Kind, kept: &Record, edits: Fields, differing: &mut Vec<String>) -> Result<Fields> {
        let mut edits = edits;
        loop {
            let actions = kind.edit(&kept.fields, &edits)?;
            let refused = match self.admissible(kept.id, kind, kept.scope.clone(), actions) {
                Ok(()) => return Ok(edits),
                Err(AppError::Refused(Refusal::Locked { field, .. } | Refusal::Required { field })) => field,
                Err(other) => return Err(other),
            };
            let group = kind.field(&refused)?.group();
            let of_group = |name: &String| kind.field(name).is_ok_and(|field| field.group() == group);
            let held: Vec<String> = edits.keys().filter(|name| of_group(name)).cloned().collect();
            if held.is_empty() {
                return Err(Refusal::Locked { field: refused, state: kept.state.clone().unwrap_or_default() }.into());
            }
            edits.retain(|name, _| !held.contains(name));
            differing.extend(held);
        }
    }

    /// In words: what the kept one says, and what the other said.
    fn differences(&self, kind: &Kind, kept: &Record, given: &Record, differing: &[String]) -> Result<String> {
        let mut lines = Vec::new();
        for field in kind.fields.iter().filter(|field| differing.contains(&field.name)) {
            let said = |record: &Record| -> Result<String> {
                let said = record.fields.get(&field.name).map(|value| self.said(field, value)).transpose()?;
                Ok(said.filter(|said| !said.is_empty()).unwrap_or_else(|| "（空）".to_owned()))
            };
            lines.push(format!("{}：保留 {}；另一条 {}", field.label.zh, said(kept)?, said(given)?));
        }
        let state = |record: &Record| {
            let state = record.state.as_deref().and_then(|name| kind.state(name).ok());
            state.map(|state| state.label.zh.clone()).unwrap_or_default()
        };
        if kept.state != given.state {
            lines.push(format!("状态：保留 {}；另一条 {}", state(kept), state(given)));
        }
        Ok(lines.join("\n"))
    }

    fn save_work(&mut self, work: Vec<Work>) -> Result<()> {
        let draft = |(record, kind, scope, actions): Work| self.draft_of(record, &kind, scope, actions, None);
        let drafts = work.into_iter().map(draft).collect();
        self.save_together(drafts)?;
        self.index();
        Ok(())
    }
}

/// What the kept works takes over, and the fields in which both say something else.
/// A group is taken over as a whole or not at all: half of one contract beside half
/// of another would be a third.
fn meeting(kind: &Kind, kept: &Record, given: &Record) -> (Fields, Vec<String>) {
    let (mut edits, mut differing) = (Fields::new(), Vec::new());
    let own = |name: &String| name == INTO || kind.key.as_ref() == Some(name);
    let filled = |record: &Record, name: &str| {
        record.fields.get(name).is_some_and(|value| !value.is_null() && value.as_array().is_none_or(|i| !i.is_empty()))
    };
    let mut groups = BTreeSet::new();
    for field in kind.fields.iter().filter(|field| !own(&field.name)) {
        if field.is_set() {
            let mut items = kept.items(&field.name).to_vec();
            let has = |items: &[Value], item: &Value| items.iter().any(|one| item_key(one) == item_key(item));
            let more: Vec<Value> = given.items(&field.name).iter().filter(|item| !has(&items, item)).cloned().collect();
            if !more.is_empty() {
                items.extend(more);
                edits.insert(field.name.clone(), Value::Array(items));
            }
            continue;
        }
        if !groups.insert(field.group()) {
            continue;
        }
        let members: Vec<&str> =
            kind.fields.iter().filter(|f| !f.is_set() && f.group() == field.group()).map(|f| f.name.as_str()).collect();
        let contradicted = members
            .iter()
            .any(|name| filled(kept, name) && filled(given, name) && !same(&kept.fields, &given.fields, name));
        for name in members {
            if same(&kept.fields, &given.fields, name) || !filled(given, name) {
                continue;
            }
            if contradicted || filled(kept, name) {
                differing.push(name.to_owned());
            } else {
                edits.insert(name.to_owned(), given.fields[name].clone());
            }
        }
    }
    (edits, differing)
}

fn taken_over(kind: &Kind, kept: &Record, edits: &Fields) -> TakenOver {
    let mut taken = TakenOver::default();
    for (name, value) in edits {
        if kind.field(name).is_ok_and(domain::catalog::Field::is_set) {
            let had: BTreeSet<String> = kept.items(name).iter().map(item_key).collect();
            let keys = value.as_array().into_iter().flatten().map(item_key).filter(|key| !had.contains(key));
            taken.items.insert(name.clone(), keys.collect());
        } else {
            taken.fields.insert(name.clone(), value.clone());
        }
    }
    taken
}

/// The edits that take back what was taken over and is as it was then.
fn given_back(kept: &Record, taken: &TakenOver) -> Fields {
    let mut edits = Fields::new();
    for name in taken.fields.keys().filter(|name| same(&kept.fields, &taken.fields, name)) {
        edits.insert(name.clone(), Value::Null);
    }
    for (name, keys) in &taken.items {
        let left = kept.items(name).iter().filter(|item| !keys.contains(&item_key(item)));
        edits.insert(name.clone(), Value::Array(left.cloned().collect()));
    }
    edits
}
