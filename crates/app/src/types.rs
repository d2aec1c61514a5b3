//! What crosses from here to a screen or a terminal: plain shapes, the same for
//! the window and for `nonghuan --json`. The window's TypeScript is generated
//! from them.

use std::collections::BTreeMap;

use domain::{Fields, RecordId, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::uses::moving::{Moving, MovingStep};

/// How far what a person entered has come. Only a receipt of the district makes it `District`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SyncState {
    /// On this laptop's disk, not sent yet.
    Saved,
    /// Sent, or being sent; the district has not answered.
    Sending,
    /// The district has it and says so.
    District,
    /// The district keeps two values until a person decides.
    Conflict,
    /// The district refused a change of it; the draft is here, with the reason.
    Refused,
}

/// A record as it is shown: the confirmed one with this laptop's pending changes on top.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The record's id.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its scope.
    pub scope: String,
    /// Where in its lifecycle it stands; `null` for kinds without one.
    pub state: Option<String>,
    /// Values by field; empty fields are left out.
    #[ts(type = "Record<string, any>")]
    pub fields: Fields,
    /// How far it has come.
    pub sync: SyncState,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Values that wait for a person's decision.
    pub conflicts: Vec<ConflictView>,
    /// Titles of the records that its references name, by id or key, for display.
    pub names: BTreeMap<String, String>,
}

/// One open conflict: what stands, and what arrived too late to be applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// The conflict's id.
    pub id: String,
    /// The record.
    pub record: RecordId,
    /// The record's kind.
    pub kind: String,
    /// The record's title.
    pub title: String,
    /// The fields that differ; decided as one. `@state` is the lifecycle, `@deleted` the deletion.
    pub fields: Vec<String>,
    /// What both writers started from, by field; `null` where this laptop does not know it.
    #[serde(default)]
    #[ts(type = "Record<string, any> | null")]
    pub original: Option<Fields>,
    /// What stands.
    pub standing: Side,
    /// What was parked.
    pub parked: Side,
    /// Whether the parked value is this laptop's own.
    pub mine: bool,
}

/// One side of a conflict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Side {
    /// Values by field.
    #[ts(type = "Record<string, any>")]
    pub values: Fields,
    /// Who wrote them.
    pub by: String,
    /// When, by the writer's clock.
    pub at: String,
}

/// Which records to list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Query {
    /// The kind to list.
    pub kind: String,
    /// Fields that must hold these values; `state`, `scope` and `sync` may stand among them.
    /// A reference matches by id (or key).
    pub filters: BTreeMap<String, String>,
    /// Every word of it occurs in the record.
    #[ts(optional)]
    pub find: Option<String>,
    /// The field to sort by; a leading `-` turns it round. By age (newest first) when absent.
    pub sort: Option<String>,
    /// At most so many records; 50 when absent.
    pub limit: Option<u32>,
    /// Passing over so many.
    pub offset: Option<u32>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Page {
    /// How many records match in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Those of this page.
    pub records: Vec<Shown>,
}

/// What a list comes to, all its pages together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Sums {
    /// How many records match.
    #[ts(type = "number")]
    pub count: u64,
    /// By field: amounts in 分.
    #[ts(type = "Record<string, number>")]
    pub fields: BTreeMap<String, serde_json::Number>,
}

/// One change of a record's past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// Its place in the log; `null` while the district has not ordered it.
    #[ts(type = "number | null")]
    pub seq: Option<u64>,
    /// The person.
    pub by: String,
    /// The device.
    pub device: String,
    /// When, by that device's clock (RFC 3339).
    pub at: String,
    /// By how many seconds that clock was ahead of the district's (behind:
    /// negative), where it was so far off that `at` must not be believed.
    #[ts(type = "number | null")]
    pub skew: Option<i64>,
    /// `pending`, or the district's verdict.
    pub verdict: String,
    /// The touched values before; `@state` and `@deleted` may stand among them.
    #[ts(type = "Record<string, any>")]
    pub before: Fields,
    /// The touched values as the change asked for them.
    #[ts(type = "Record<string, any>")]
    pub after: Fields,
}

/// A record that a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Hit {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The text in which the words were found.
    pub text: String,
}

/// Where this laptop stands with its district.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Each scope with the last `seq` applied here.
    pub scopes: Vec<ScopeStatus>,
    /// Changes saved here that the district has not confirmed.
    #[ts(type = "number")]
    pub pending: u64,
    /// Those of them that were sent and not answered yet.
    #[ts(type = "number")]
    pub sending: u64,
    /// Open conflicts in this laptop's scopes.
    #[ts(type = "number")]
    pub conflicts: u64,
    /// Refused changes kept here as drafts.
    #[ts(type = "number")]
    pub refused: u64,
    /// What is still to be sent.
    pub attachments: AttachmentsDue,
    /// When the district last answered (RFC 3339), if ever.
    pub last_contact: Option<String>,
    /// Whether its person paused the exchange, so that nothing moves by itself.
    pub paused: bool,
    /// By how many seconds this laptop's clock was ahead of the district's then
    /// (behind: negative), where that was more than a few minutes.
    #[ts(type = "number | null")]
    pub clock_skew: Option<i64>,
    /// The person.
    pub person: String,
    /// Their role.
    pub role: String,
    /// The letter of this laptop's numbers.
    pub letter: String,
    /// The district's address.
    pub district: String,
}

/// One scope of a laptop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ScopeStatus {
    /// The scope.
    pub scope: String,
    /// The last entry of its log that was applied here.
    #[ts(type = "number")]
    pub seq: u64,
}

/// Files and bytes that the district does not hold yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttachmentsDue {
    /// How many.
    #[ts(type = "number")]
    pub files: u64,
    /// Their length together.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// How original files move; records always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Transfers {
    /// Whether files move at all; if not, they wait here: photos later.
    pub files: bool,
    /// The most bytes per second, both ways together; `null` for as fast as the line is.
    #[ts(type = "number | null")]
    pub bytes_per_second: Option<u64>,
}

/// What one exchange did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Changes that got their receipt.
    #[ts(type = "number")]
    pub pushed: u64,
    /// Log entries that came in.
    #[ts(type = "number")]
    pub pulled: u64,
    /// Records that a first fill brought.
    #[ts(type = "number")]
    pub filled: u64,
    /// Entries given back to a district that had lost them.
    #[ts(type = "number")]
    pub returned: u64,
    /// Whether this laptop turned out to have been restored from a backup.
    pub reborn: bool,
    /// By how many seconds this laptop's clock is ahead of the district's
    /// (behind: negative), where that is more than a few minutes.
    #[ts(type = "number | null")]
    pub clock_skew: Option<i64>,
    /// The receipts by verdict.
    pub verdicts: Verdicts,
    /// Files sent and received.
    pub attachments: Moved,
    /// What came of forms and rules that the district has changed, if it has.
    #[serde(default)]
    pub rules: Option<NewRules>,
}

/// What came of the district's new forms and rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NewRules {
    /// They count here from now on.
    Taken,
    /// Only a newer program can read them; the former ones count on.
    TooNew,
}

/// Receipts by verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the verdicts of design and domain, counted")]
pub struct Verdicts {
    #[ts(type = "number")]
    pub accepted: u64,
    #[ts(type = "number")]
    pub merged: u64,
    #[ts(type = "number")]
    pub conflict: u64,
    #[ts(type = "number")]
    pub refused: u64,
    #[ts(type = "number")]
    pub waiting: u64,
}

/// Attachments moved by an exchange.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Moved {
    /// Files the district took.
    #[ts(type = "number")]
    pub sent: u64,
    /// Files that came in.
    #[ts(type = "number")]
    pub received: u64,
}

/// A refused change, kept to be edited and sent again, or discarded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RefusedDraft {
    /// The change's id.
    pub change: String,
    /// The record it was about.
    pub record: RecordId,
    /// The record's kind.
    pub kind: String,
    /// The record's title, as the draft has it.
    pub title: String,
    /// When it was made.
    pub at: String,
    /// The values it wanted.
    #[ts(type = "Record<string, any>")]
    pub values: Fields,
    /// Why the district did not take it.
    pub reason: ErrorView,
}

/// Edits of one form that nobody saved yet; no record, and on this laptop only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Which form, in the window's own words.
    pub name: String,
    /// When it was last typed in, by this laptop's clock (RFC 3339).
    pub at: String,
    /// The edited fields only; `null` empties one.
    #[ts(type = "Record<string, any>")]
    pub fields: Fields,
}

/// An error as it crosses a border: the words are the reader's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ErrorView {
    /// Keys the sentence.
    pub code: String,
    /// Fills its blanks.
    pub fields: BTreeMap<String, String>,
}

/// A compiled package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Compiled {
    /// Where it was written.
    pub path: String,
    /// Its length in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Hex SHA-256 of the whole file.
    pub sha256: String,
    /// Hex SHA-256 of the data behind it, as the QR code on the cover has it.
    pub data: String,
    /// Files inside.
    #[ts(type = "number")]
    pub files: u64,
    /// Pages of the 申报书.
    #[ts(type = "number")]
    pub pages: u64,
    /// Fonts of the standard that this machine does not have, each with what stands in for it.
    pub substitutes: Vec<String>,
    /// Photos and scans that are in the package but could not be shown in the 申报书, and why.
    pub omitted: Vec<ErrorView>,
}

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Verified {
    /// Whether nothing was changed, missing or added, and every signature fits.
    pub ok: bool,
    /// Each thing wrong.
    pub problems: Vec<VerifyProblem>,
    /// Who signed, the laptop first.
    pub signatures: Vec<VerifySignature>,
    /// Who hands it in, by the package's own word.
    pub organization: String,
    /// The application's number.
    pub identifier: String,
    /// The day that it bears.
    pub date: String,
    /// Hex SHA-256 of the data, which the QR code on the printed cover must show.
    pub data: Option<String>,
    /// Files that were read and hashed.
    #[ts(type = "number")]
    pub files: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// One thing wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerifyProblem {
    /// The file inside the package; empty for the package as a whole.
    pub path: String,
    /// `changed`, `missing`, `added`, `signature`, `container` or `unreadable`.
    pub kind: String,
}

/// One signature of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerifySignature {
    /// `device` for the laptop that compiled it, `district` for who received it.
    pub role: String,
    /// Whose, by name and key.
    pub by: String,
    /// When the district received it, by its clock (RFC 3339).
    pub at: Option<String>,
    /// To whom the district had given the laptop's key.
    pub device: Option<String>,
    /// Whether it fits.
    pub ok: bool,
}

/// How far this laptop's set-up has come: which screen comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "stage")]
pub enum Stage {
    /// Not enrolled: asks for a code.
    New,
    /// Has asked to be let in, on a stick: waits for the reply.
    Asked {
        /// Whose laptop it will be.
        person: String,
    },
    /// Enrolled and locked: asks for the PIN.
    Locked {
        /// Whose laptop it is.
        person: String,
    },
    /// Open.
    Open {
        /// Whose laptop it is.
        person: String,
        /// Their role.
        role: String,
        /// The townships and the shared scope.
        scopes: Vec<String>,
        /// Whether it is a practice ledger, which nobody else ever sees.
        practice: bool,
    },
}

/// A laptop was enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Enrolled {
    /// The device's id.
    pub device: String,
    /// The letter of its numbers.
    pub letter: String,
    /// The role of its person.
    pub role: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Opens the records when the PIN is lost; shown once, to be printed and locked away.
    pub recovery_key: String,
}

/// How a conflict is decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "take")]
pub enum Decision {
    /// What stands stays.
    Standing,
    /// What was parked is written.
    Parked,
    /// Something else is written.
    Other {
        /// The values, by field.
        #[ts(type = "Record<string, any>")]
        values: BTreeMap<String, Value>,
    },
}

/// A file as a record's set holds it, with its state on this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttachmentView {
    /// Hex SHA-256.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether its bytes are on this laptop.
    pub here: bool,
    /// Whether the district has confirmed that it holds them.
    pub district: bool,
    /// When it was taken, by its EXIF (`YYYY-MM-DD HH:MM:SS`), if it says so.
    pub taken: Option<String>,
}
