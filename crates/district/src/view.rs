//! Records as the terminal shows them.

use domain::change::DELETED_GROUP;
use domain::record::Conflict;
use domain::{Fields, Record, RecordId, Scope, Value};
use serde::Serialize;

/// A record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its scope.
    pub scope: Scope,
    /// Where in its lifecycle it stands; `null` for kinds without one.
    pub state: Option<String>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Values by field; empty fields are left out.
    pub fields: Fields,
    /// Values that wait for a person's decision.
    pub conflicts: Vec<ConflictView>,
    /// How many changes of it wait for their attachments.
    pub waiting: usize,
}

/// One open conflict: what stands, and what arrived too late to be applied.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictView {
    /// The conflict's id.
    pub id: String,
    /// The record.
    pub record: RecordId,
    /// The fields that differ. `@state` is the lifecycle, `@deleted` the deletion.
    pub fields: Vec<String>,
    /// What stands.
    pub standing: Side,
    /// What was parked.
    pub parked: Side,
}

/// One side of a conflict.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Values by field.
    pub values: Fields,
    /// Who wrote them.
    pub by: String,
    /// The writer's wall time.
    pub at: String,
}

/// A page of a kind's living records.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// How many there are in all.
    pub total: u64,
    /// Those of the page.
    pub records: Vec<RecordView>,
}

impl From<&Record> for RecordView {
    fn from(record: &Record) -> Self {
        Self {
            id: record.id,
            kind: record.kind.clone(),
            scope: record.scope.clone(),
            state: record.state.clone(),
            deleted: record.deleted,
            fields: record.fields.clone(),
            conflicts: record.conflicts.iter().map(|conflict| conflict_view(record, conflict)).collect(),
            waiting: record.waiting.len(),
        }
    }
}

fn conflict_view(record: &Record, conflict: &Conflict) -> ConflictView {
    let (standing, parked) = (record.standing(conflict), conflict.parked());
    let differs =
        |field: &String| standing.get(field).unwrap_or(&Value::Null) != parked.get(field).unwrap_or(&Value::Null);
    let fields = conflict.fields().into_iter().filter(differs).collect();
    // An edit that met a deletion collided with that, not with a value of its group.
    let group = if record.deleted { DELETED_GROUP } else { &conflict.group };
    let last = record.stamps.get(group).or_else(|| record.stamps.values().max_by_key(|stamp| stamp.seq));
    let (by, at) = last.map(|stamp| (stamp.author.clone(), stamp.at.clone())).unwrap_or_default();
    ConflictView {
        id: conflict.id.clone(),
        record: record.id,
        fields,
        standing: Side { values: standing, by, at },
        parked: Side { values: parked, by: conflict.stamp.author.clone(), at: conflict.stamp.at.clone() },
    }
}
