//! A change: one save by one person on one device. Written once, never edited.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Map;
use ts_rs::TS;

use crate::{ChangeId, DeviceId, Fields, RecordId, Scope, Value};

/// The hand that wrote: a device, and which life of it.
///
/// A laptop restored from a backup comes back as a new incarnation. It has not
/// seen what its former life sent after that backup, so for merging the two are
/// as different as two laptops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct Writer {
    /// The enrolled device.
    pub device: DeviceId,
    /// 1 for the first life, one more after each restore.
    pub incarnation: u32,
}

/// One save, as it is kept in the outbox, sent, ordered and replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The change's own name; a resent change is the same change.
    pub id: ChangeId,
    /// Who held the pen, as a device.
    pub writer: Writer,
    /// Dense number within the writer: 1, 2, 3 … The server refuses gaps and forks.
    #[ts(type = "number")]
    pub counter: u64,
    /// Who held the pen, as a person.
    pub author: String,
    /// The device's wall time (RFC 3339). For display only; it decides nothing.
    pub at: String,
    /// The record changed.
    pub record: RecordId,
    /// The record's kind.
    pub kind: String,
    /// The scope whose log this change belongs to.
    pub scope: Scope,
    /// The `seq` of that scope which the device had applied when it saved.
    #[ts(type = "number")]
    pub seen: u64,
    /// What is done, in order.
    pub actions: Vec<Action>,
}

/// One thing that a change does.
///
/// Each write names its field group, so that merging needs no catalog: laptops
/// with different catalogs still replay one log to one state.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum Action {
    /// The record begins, in its kind's first state.
    Create {
        /// The first lifecycle state, for kinds that have one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    /// Sets the fields of one group; `null` empties a field.
    Write {
        /// The field group; a field that stands alone is its own group.
        group: String,
        /// The group's fields with their new values.
        #[ts(type = "Record<string, unknown>")]
        values: Fields,
    },
    /// Puts items into a set field.
    Add {
        /// The set field.
        field: String,
        /// The items; one that is there already is left as it is.
        #[ts(type = "unknown[]")]
        items: Vec<Value>,
    },
    /// Takes items out of a set field.
    Remove {
        /// The set field.
        field: String,
        /// The items, by their [`item_key`].
        keys: Vec<String>,
    },
    /// Moves the record along its lifecycle.
    Move {
        /// The state to reach.
        to: String,
        /// What the mover says about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
    },
    /// Takes the record out of every list; its history stays.
    Delete,
    /// Brings a deleted record back.
    Restore,
    /// The district's word that what a waiting change waited for has arrived.
    Release {
        /// The waiting change, which takes effect now.
        change: ChangeId,
    },
    /// An action of a newer peer: kept and passed on, without effect here.
    #[serde(untagged)]
    Unknown(#[ts(type = "unknown")] Value),
}

/// As serde's tagged and untagged enums are read, without what those copy to be
/// able to read twice: changes are mostly actions, and are read on every device.
impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(Value::deserialize(deserializer)?))
    }
}

/// A value of the form that an action asks for; one of another form stays where it is.
fn taken<T>(fields: &mut Map<String, Value>, name: &str, read: fn(Value) -> Result<T, Value>) -> Option<T> {
    match read(fields.get_mut(name).map(Value::take)?) {
        Ok(found) => Some(found),
        Err(other) => {
            fields.insert(name.to_owned(), other);
            None
        }
    }
}

fn text(value: Value) -> Result<String, Value> {
    if let Value::String(text) = value { Ok(text) } else { Err(value) }
}

fn items(value: Value) -> Result<Vec<Value>, Value> {
    if let Value::Array(items) = value { Ok(items) } else { Err(value) }
}

fn texts(value: Value) -> Result<Vec<String>, Value> {
    serde_json::from_value(value.clone()).map_err(|_| value)
}

fn fields(value: Value) -> Result<Fields, Value> {
    if let Value::Object(fields) = value { Ok(fields.into_iter().collect()) } else { Err(value) }
}

/// A text that need not be there; nothing at all where something else is.
fn maybe(fields: &mut Map<String, Value>, name: &str) -> Option<Option<String>> {
    match fields.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(_) => taken(fields, name, text).map(Some),
    }
}

impl Action {
    fn read(value: Value) -> Self {
        let Value::Object(mut given) = value else { return Self::Unknown(value) };
        match Self::known(&mut given) {
            Some(action) => action,
            None => Self::Unknown(Value::Object(given)),
        }
    }

    /// The action that `given` describes. Where it describes none, nothing is taken out of it.
    fn known(given: &mut Map<String, Value>) -> Option<Self> {
        Some(match given.get("do")?.as_str()? {
            "create" => Self::Create { state: maybe(given, "state")? },
            "write" if given.get("group")?.is_string() => {
                let values = taken(given, "values", fields)?;
                Self::Write { group: taken(given, "group", text)?, values }
            }
            "add" if given.get("field")?.is_string() => {
                let items = taken(given, "items", items)?;
                Self::Add { field: taken(given, "field", text)?, items }
            }
            "remove" if given.get("field")?.is_string() => {
                let keys = taken(given, "keys", texts)?;
                Self::Remove { field: taken(given, "field", text)?, keys }
            }
            "move" if given.get("to")?.is_string() => {
                let remark = maybe(given, "remark")?;
                Self::Move { to: taken(given, "to", text)?, remark }
            }
            "delete" => Self::Delete,
            "restore" => Self::Restore,
            "release" => Self::Release { change: given.get("change")?.as_str()?.parse().ok()? },
            _ => return None,
        })
    }

    /// The group in which this action can collide, if it is of the colliding sort.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Write { group, .. } => Some(group),
            Self::Move { .. } => Some(STATE_GROUP),
            Self::Delete | Self::Restore => Some(DELETED_GROUP),
            Self::Add { field, .. } | Self::Remove { field, .. } => Some(field),
            Self::Create { .. } | Self::Release { .. } | Self::Unknown(_) => None,
        }
    }
}

/// The group under which a record's lifecycle state is decided.
pub const STATE_GROUP: &str = "@state";

/// The group under which a record's being there at all is decided.
pub const DELETED_GROUP: &str = "@deleted";

/// What makes two items of a set the same item: an attachment's SHA-256, else
/// an `id`, else the value itself.
#[must_use]
pub fn item_key(item: &Value) -> String {
    let named = ["sha256", "id"].iter().find_map(|name| item.get(name)?.as_str());
    match named.or_else(|| item.as_str()) {
        Some(key) => key.to_owned(),
        None => String::from_utf8(crate::canonical::to_vec(item)).expect("JSON is UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Action;

    /// The same enum as serde reads it, for comparison.
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    #[serde(tag = "do", rename_all = "camelCase")]
    enum BySerde {
        Create {
            #[serde(default, skip_serializing_if = "Option::is_none")]
            state: Option<String>,
        },
        Write {
            group: String,
            values: crate::Fields,
        },
        Add {
            field: String,
            items: Vec<Value>,
        },
        Remove {
            field: String,
            keys: Vec<String>,
        },
        Move {
            to: String,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            remark: Option<String>,
        },
        Delete,
        Restore,
        Release {
            change: crate::ChangeId,
        },
        #[serde(untagged)]
        Unknown(Value),
    }

    #[test]
    fn an_action_is_read_as_serde_reads_it_and_one_of_a_newer_peer_is_kept_whole() {
        let id = "01963c2b-0000-7000-8000-000000000001";
        let forms = [
            json!({"do": "create"}),
            json!({"do": "create", "state": null}),
            json!({"do": "create", "state": "planned", "later": 1}),
            json!({"do": "create", "state": 1}),
            json!({"do": "write", "group": "note", "values": {"note": "厕所", "gone": null}}),
            json!({"do": "write", "group": "note", "values": {}}),
            json!({"do": "write", "group": "note", "values": []}),
            json!({"do": "write", "group": 1, "values": {"note": "厕所"}}),
            json!({"do": "write", "values": {"note": "厕所"}}),
            json!({"do": "write", "group": "note"}),
            json!({"do": "add", "field": "photos", "items": [{"sha256": "ab"}, 1, null]}),
            json!({"do": "add", "field": "photos", "items": "ab"}),
            json!({"do": "add", "field": null, "items": ["ab"]}),
            json!({"do": "remove", "field": "photos", "keys": ["ab"]}),
            json!({"do": "remove", "field": "photos", "keys": ["ab", 1]}),
            json!({"do": "remove", "field": ["photos"], "keys": ["ab"]}),
            json!({"do": "move", "to": "contracted"}),
            json!({"do": "move", "to": "contracted", "remark": "已签"}),
            json!({"do": "move", "to": "contracted", "remark": {"zh": "已签"}}),
            json!({"do": "move", "to": 3, "remark": "已签"}),
            json!({"do": "delete"}),
            json!({"do": "delete", "why": "twice"}),
            json!({"do": "restore"}),
            json!({"do": "release", "change": id}),
            json!({"do": "release", "change": "nothing"}),
            json!({"do": "release"}),
            json!({"do": "split", "into": [1, 2]}),
            json!({"do": 1}),
            json!({}),
            json!("delete"),
            json!(null),
            json!([{"do": "delete"}]),
        ];
        for form in forms {
            let ours: Action = serde_json::from_value(form.clone()).expect("any value is an action");
            let theirs: BySerde = serde_json::from_value(form.clone()).expect("any value is an action");
            let written = |value: Result<Value, _>| value.expect("JSON");
            assert_eq!(written(serde_json::to_value(&ours)), written(serde_json::to_value(&theirs)), "{form}");
            let (ours, theirs) = (format!("{ours:?}"), format!("{theirs:?}"));
            assert_eq!(ours, theirs, "{form}");
        }
    }
}
