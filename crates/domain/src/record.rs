//! A record: what the log has made of one thing so far.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::change::{Action, DELETED_GROUP, STATE_GROUP};
use crate::stamps::Stamps;
use crate::{Change, ChangeId, Fields, RecordId, Scope, Value, Writer};

/// One thing kept: a village, a works, a progress entry, an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The record's name, given where it was created.
    pub id: RecordId,
    /// Which ledger it belongs to.
    pub kind: String,
    /// Whose log orders it.
    pub scope: Scope,
    /// Values by field, set fields as arrays. Fields of newer peers stay as they came.
    #[serde(deserialize_with = "crate::pairs::map")]
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    /// Where in its lifecycle it stands, for kinds that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Out of every list, yet with all its history.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Who last wrote each group, and each item of a set (`field#key`).
    #[serde(default)]
    #[ts(type = "Record<string, Stamp>")]
    pub stamps: Stamps,
    /// Values that arrived too late to be applied and wait for a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Changes that wait for their attachments to arrive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Change>,
}

/// Who wrote something, and where in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Stamp {
    /// The place in the scope's log.
    #[ts(type = "number")]
    pub seq: u64,
    /// The device and its incarnation.
    pub writer: Writer,
    /// The person.
    pub author: String,
    /// The writer's wall time, for display.
    pub at: String,
}

impl Stamp {
    /// The stamp that `change` leaves at `seq`.
    #[must_use]
    pub fn of(change: &Change, seq: u64) -> Self {
        Self { seq, writer: change.writer, author: change.author.clone(), at: change.at.clone() }
    }
}

/// An arriving action that met one its writer had not seen. The standing value
/// stays; this one is kept beside it until a person decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Conflict {
    /// `change:group`, unique in the district.
    pub id: String,
    /// The group that collided.
    pub group: String,
    /// What was asked for.
    pub action: Action,
    /// The change that asked.
    pub change: ChangeId,
    /// Who asked, and where in the log.
    pub stamp: Stamp,
}

impl Conflict {
    /// The fields in question.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        match &self.action {
            Action::Write { values, .. } => values.keys().cloned().collect(),
            _ => vec![self.group.clone()],
        }
    }

    /// What the late writer wanted, by field.
    #[must_use]
    pub fn parked(&self) -> Fields {
        let one = |value: Value| Fields::from([(self.group.clone(), value)]);
        match &self.action {
            Action::Write { values, .. } => values.clone(),
            Action::Move { to, .. } => one(Value::from(to.clone())),
            Action::Add { items, .. } => one(Value::from(items.clone())),
            Action::Remove { keys, .. } => one(Value::from(keys.clone())),
            Action::Delete => one(Value::Bool(true)),
            Action::Restore => one(Value::Bool(false)),
            Action::Create { .. } | Action::Release { .. } | Action::Unknown(_) => Fields::new(),
        }
    }
}

impl Record {
    /// A record before its first change.
    #[must_use]
    pub fn blank(change: &Change) -> Self {
        Self {
            id: change.record,
            kind: change.kind.clone(),
            scope: change.scope.clone(),
            fields: Fields::new(),
            state: None,
            deleted: false,
            stamps: Stamps::default(),
            conflicts: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// What stands now where `conflict` collided, by field; an empty field is `null`.
    #[must_use]
    pub fn standing(&self, conflict: &Conflict) -> Fields {
        let value = |field: &str| match field {
            STATE_GROUP => self.state.clone().map_or(Value::Null, Value::from),
            DELETED_GROUP => Value::Bool(self.deleted),
            _ => self.fields.get(field).cloned().unwrap_or(Value::Null),
        };
        conflict.fields().into_iter().map(|field| (field.clone(), value(&field))).collect()
    }

    /// The conflict called `id`.
    #[must_use]
    pub fn conflict(&self, id: &str) -> Option<&Conflict> {
        self.conflicts.iter().find(|conflict| conflict.id == id)
    }

    /// A text field's value, or nothing.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    /// A whole-number or money (分) field's value, or nothing.
    #[must_use]
    pub fn integer(&self, field: &str) -> Option<i64> {
        self.fields.get(field)?.as_i64()
    }

    /// A set field's items; none when the field is empty.
    #[must_use]
    pub fn items(&self, field: &str) -> &[Value] {
        self.fields.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Every attachment that the record names, in field order.
    pub fn attachments(&self) -> impl Iterator<Item = Attachment> + '_ {
        self.fields.values().filter_map(Value::as_array).flatten().filter_map(Attachment::read)
    }
}

/// An original file as a record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Lower-case hex SHA-256 of the file's bytes.
    pub sha256: String,
    /// What the file was called.
    pub name: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
}

impl Attachment {
    /// The attachment that `item` describes, if it describes one.
    #[must_use]
    pub fn read(item: &Value) -> Option<Self> {
        let sha256 = item.get("sha256")?.as_str()?;
        let hex = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
        let bytes = item.get("bytes").and_then(Value::as_u64)?;
        hex.then(|| Self { sha256: sha256.to_owned(), name: name.to_owned(), bytes })
    }
}
