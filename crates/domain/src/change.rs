//! A change: one save by one person on one device. Written once, never edited.

use serde::{Deserialize, Serialize};
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
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

impl Action {
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
