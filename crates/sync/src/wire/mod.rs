//! What laptop and district say to each other.
//!
//! Over HTTPS, and later in a file on a stick: the same envelopes, the same
//! signatures, the same verdicts.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `POST /v1/enrol` | JSON [`EnrolRequest`] | JSON [`EnrolReply`] |
//! | `GET /v1/hello` | | JSON [`Hello`] |
//! | `POST /v1/push` | envelope of [`Push`], signed by the device | envelope of [`PushReply`], signed by the district |
//! | `GET /v1/log?scope=&after=&limit=` | | envelope of [`Pulled`], signed by the district |
//! | `HEAD /v1/attachments/{sha256}` | | 200 held, 404 not held |
//! | `PUT /v1/attachments/{sha256}` | the file's bytes | 204, once they are on disk and match |
//! | `GET /v1/attachments/{sha256}` | | the file's bytes, or the `Range` of them that was asked for |
//! | `/v1/uploads`, `/v1/uploads/{sha256}` | | tus 1.0, as [`tus`] tells |
//! | `GET /health` | | a page for people, also over plain HTTP |
//!
//! Every request but enrol and health carries `Authorization: Bearer TOKEN`.
//! A refused request answers 4xx with a JSON [`WireError`].

mod code;
mod envelope;
mod exchange;
pub mod range;
mod seal;
pub mod tus;

use domain::{Change, ChangeId, DeviceId, LogEntry, Scope, Verdict, Writer};
use serde::{Deserialize, Serialize};

pub use code::EnrolmentCode;
pub use envelope::{EnvelopeError, fingerprint, open, seal};
pub use exchange::{Answer, Cursor, FillCursor, Message, News, Part, Returned};
pub use seal::{is_sealed, seal_log};

/// The protocol that this program speaks.
pub const VERSION: u32 = 1;

/// The largest envelope that either side opens, in bytes after decompression.
pub const MAX_ENVELOPE: usize = 64 << 20;

/// The most changes in one push, and the most entries in one page of a log.
pub const PAGE: usize = 1_000;

/// A laptop asks to be let in, with the secret of its one-time code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnrolRequest {
    /// The protocol that the laptop speaks.
    pub version: u32,
    /// Hex of the code's secret.
    pub secret: String,
    /// The person who will use it.
    pub name: String,
    /// Hex of the laptop's Ed25519 public key.
    pub public_key: String,
}

/// The district lets it in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnrolReply {
    /// The laptop's name from now on.
    pub device: DeviceId,
    /// The letter in the numbers that it gives: A, B … Z, AA.
    pub letter: String,
    /// The role of its person.
    pub role: String,
    /// The scopes that it holds: its townships and the district's shared one.
    pub scopes: Vec<Scope>,
    /// Bearer token for every further request.
    pub token: String,
    /// Hex of the district's Ed25519 public key, which signs receipts and logs.
    pub district_key: String,
}

/// Where the two sides stand, asked at the start of every exchange.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The protocol that the district speaks.
    pub version: u32,
    /// The role of the laptop's person.
    pub role: String,
    /// The scopes that it holds, each with its log's last `seq`.
    pub heads: Vec<Head>,
    /// The counter that the district expects next from this writer's newest incarnation.
    pub next_counter: u64,
    /// [`domain::Catalog::revision`] of the district's catalog.
    pub catalog: String,
    /// The district's wall time (RFC 3339): advice about the laptop's clock, no more.
    pub at: String,
}

/// How far a scope's log goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Whose log.
    pub scope: Scope,
    /// Its last `seq`; 0 while it is empty.
    pub seq: u64,
}

/// Changes of one writer in counter order, without a gap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Push {
    /// Whose changes.
    pub writer: Writer,
    /// At most [`PAGE`] of them.
    pub changes: Vec<Change>,
}

/// A receipt for each change of a push, in the same order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushReply {
    /// The district's word on each change; a resent change gets the same one again.
    pub receipts: Vec<Receipt>,
    /// The counter that the district expects next.
    pub next_counter: u64,
}

/// The district's word on one change. Only this makes a change "synced".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The change.
    pub change: ChangeId,
    /// Its counter.
    pub counter: u64,
    /// Its place in its scope's log; none for a change that was refused for its
    /// scope, which is in no log.
    pub seq: Option<u64>,
    /// What became of it.
    pub verdict: Verdict,
}

/// A page of one scope's log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pulled {
    /// Whose log.
    pub scope: Scope,
    /// The entries after the cursor, without a gap.
    pub entries: Vec<LogEntry>,
    /// The log's last `seq` when the page was made.
    pub head: u64,
}

/// Why the district did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum WireError {
    #[error("the district speaks version {district}, the laptop {laptop}")]
    VersionMismatch { district: String, laptop: String },
    #[error("there is no such enrolment code")]
    CodeUnknown,
    #[error("the enrolment code was used on {at}")]
    CodeUsed { at: String },
    #[error("the enrolment code expired on {at}")]
    CodeExpired { at: String },
    #[error("the district does not know this device")]
    DeviceUnknown,
    #[error("this device was revoked on {at}")]
    DeviceRevoked { at: String },
    #[error("expected counter {expected}, got {given}")]
    CounterGap { expected: String, given: String },
    #[error("counter {counter} was already used for another change")]
    CounterFork { counter: String },
    #[error("{scope} is not one of this device's scopes")]
    ScopeNotHeld { scope: String },
    #[error("the envelope is damaged or not signed by whom it names")]
    BadEnvelope,
    #[error("the request cannot be read: {reason}")]
    BadRequest { reason: String },
    #[error("no record of this device's scopes names attachment {sha256}")]
    AttachmentUnknown { sha256: String },
    #[error("the bytes sent are not {sha256}")]
    AttachmentDamaged { sha256: String },
    #[error("this device has no upload of {sha256} under way")]
    UploadUnknown { sha256: String },
    #[error("{sha256} has come as far as {expected}, not {given}")]
    UploadElsewhere { sha256: String, expected: String, given: String },
    #[error("a chunk of {sha256} was damaged on the way")]
    ChunkDamaged { sha256: String },
    #[error("more than {limit} bytes at once")]
    RequestTooLarge { limit: String },
    #[error("the district's disk is full")]
    DistrictDiskFull,
    #[error("the district could not read or write its records")]
    DistrictFault,
}
