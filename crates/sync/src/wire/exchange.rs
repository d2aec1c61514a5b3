//! One turn of the exchange: what a laptop says, and what its district answers.
//!
//! The same two envelopes go over HTTPS and in a file on a stick. A message says
//! everything that it takes to answer it, and an answer everything that it takes
//! to apply it, so either may be lost, come twice, or come late: what was heard
//! before is passed over, and what does not fit yet is asked for again.

use domain::log::CHAIN_START;
use domain::page::{Fill, Filled, Page, Told};
use domain::{Change, DeviceId, LogEntry, RecordId, Scope, Value, Writer};
use serde::{Deserialize, Serialize};

use super::{Receipt, WireError};

/// What a laptop says: its new changes, and how far it knows each log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Which message of this laptop this is: its answer says the same.
    pub turn: u64,
    /// The protocol that the laptop speaks.
    pub version: u32,
    /// What else it can do, by name; unknown names are passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abilities: Vec<String>,
    /// Hex of the district's signing key: whom this is for.
    pub district: String,
    /// Whose changes these are, and under whose counters.
    pub writer: Writer,
    /// The laptop's wall time (RFC 3339) when it said this.
    pub at: String,
    /// The age recipient to which a bundle for this laptop is encrypted; empty where
    /// nothing else is said either, and the district has heard it before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recipient: String,
    /// Changes in counter order, without a gap: at most [`super::PAGE`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// From this counter on the laptop still holds the bodies of its own changes,
    /// so the log need not bring them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<u64>,
    /// How far each log was applied here.
    pub cursors: Vec<Cursor>,
    /// Entries that a restored district has lost and this laptop still has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Returned>,
    /// The digest of the catalog here, where the district's was another by its last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog: Option<String>,
    /// About how many bytes the answer may bring, for a line that has broken of
    /// late; none for one that has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<u64>,
}

/// How far a laptop knows one scope's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    /// Whose log.
    pub scope: Scope,
    /// The last entry applied; 0 before the first.
    pub seq: u64,
    /// Its hash; empty before the first.
    pub hash: String,
    /// A first fill that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<FillCursor>,
    /// Entries up to this one are not here, for the records came by a fill.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub past: u64,
}

impl Cursor {
    /// Where a laptop stands that has nothing of `scope` yet.
    #[must_use]
    pub fn beginning(scope: &Scope) -> Self {
        Self { scope: scope.clone(), seq: 0, hash: CHAIN_START.to_owned(), fill: None, past: 0 }
    }
}

/// How far a first fill has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FillCursor {
    /// The entry after which the log takes over when the fill is done.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The last record that came.
    pub after: RecordId,
}

/// Part of a log that the district's own word proves, given back to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// Whose log.
    pub scope: Scope,
    /// The hash of the entry before the first.
    pub before: String,
    /// Entries without a gap.
    pub entries: Vec<LogEntry>,
    /// The district's seal on the last of them, in hex.
    pub seal: String,
}

/// A file of the district's own catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogFile {
    /// Such as `works.toml`.
    pub name: String,
    /// TOML.
    pub text: String,
}

/// What the district answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Which message this answers.
    pub turn: u64,
    /// The protocol that the district speaks.
    pub version: u32,
    /// What else it can do, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abilities: Vec<String>,
    /// Whom this is for.
    pub device: DeviceId,
    /// The district's wall time (RFC 3339, UTC).
    pub at: String,
    /// The age recipient to which a bundle for the district is encrypted; empty
    /// where the laptop did not say its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recipient: String,
    /// The role of the laptop's person.
    pub role: String,
    /// [`domain::Catalog::revision`] of the district's catalog.
    pub catalog: String,
    /// What makes it so, for a laptop that named another: the files that the
    /// district lays over the catalog that ships.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Vec<CatalogFile>>,
    /// The incarnation that the receipts and the counter are about.
    pub incarnation: u32,
    /// The counter that the district expects next from it.
    pub next_counter: u64,
    /// The district's word on each change that it took, in counter order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Receipt>,
    /// Why it took no further changes, if it did not: a gap or a fork.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<WireError>,
    /// Every scope that the laptop holds from now on.
    pub scopes: Vec<News>,
    /// Whether there is more to come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// What is new in one scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Flat")]
pub struct News {
    /// Whose log.
    pub scope: Scope,
    /// Its last `seq`.
    pub head: u64,
    /// What this answer brings of it.
    #[serde(flatten)]
    pub part: Part,
}

/// [`News`] as it is read: serde would copy a thousand records before it reads them.
#[derive(Deserialize)]
struct Flat {
    scope: Scope,
    head: u64,
    part: String,
    /// A place in the log, or a record.
    #[serde(default)]
    after: Value,
    before: Option<String>,
    entries: Option<Vec<Told>>,
    hash: Option<String>,
    seal: Option<String>,
    seq: Option<u64>,
    records: Option<Vec<Filled>>,
    #[serde(default)]
    done: bool,
    common: Option<u64>,
}

impl TryFrom<Flat> for News {
    type Error = String;
    fn try_from(flat: Flat) -> Result<Self, Self::Error> {
        let (scope, head, name) = (flat.scope.clone(), flat.head, flat.part.clone());
        let part =
            Part::read(flat).ok_or_else(|| format!("there is no such news as `{name}`, or it is not all here"))?;
        Ok(Self { scope, head, part })
    }
}

impl Part {
    fn read(flat: Flat) -> Option<Self> {
        let page = |flat: Flat| {
            let (before, entries) = (flat.before?, flat.entries?);
            Some(Page { after: flat.after.as_u64()?, before, entries, hash: flat.hash?, seal: flat.seal? })
        };
        Some(match flat.part.as_str() {
            "nothing" => Self::Nothing,
            "log" => Self::Log(page(flat)?),
            "past" => Self::Past(page(flat)?),
            "fill" => {
                let after = match flat.after {
                    Value::Null => None,
                    Value::String(id) => Some(id.parse().ok()?),
                    _ => return None,
                };
                let (seq, hash, seal, done) = (flat.seq?, flat.hash?, flat.seal?, flat.done);
                Self::Fill(Fill { seq, hash, seal, after, records: flat.records?, done })
            }
            "lost" => Self::Lost { seq: flat.seq?, hash: flat.hash? },
            "anew" => Self::Anew { common: flat.common? },
            _ => return None,
        })
    }
}

/// What an answer brings of a scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "part", rename_all = "camelCase")]
pub enum Part {
    /// Nothing: the laptop knows all of it, or the answer was full.
    Nothing,
    /// Entries after the laptop's cursor.
    Log(Page),
    /// Records of a first fill.
    Fill(Fill),
    /// Entries from before the fill.
    Past(Page),
    /// The district has no such entry as the laptop's last one: it was restored
    /// from a backup. The laptop gives back what it has after `seq`.
    Lost {
        /// The last entry that both may have.
        seq: u64,
        /// Its hash in the district's log, by which the laptop sees whether they do.
        hash: String,
    },
    /// The two logs part, but every change of the laptop's is in the district's
    /// as well by now, and the laptop begins anew.
    Anew {
        /// The last entry that both have.
        common: u64,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
