//! What laptop and district say to each other.
//!
//! Over HTTPS and in a file on a stick: the same envelopes, the same signatures,
//! the same verdicts.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `POST /v1/enrol` | JSON [`EnrolRequest`] | JSON [`EnrolReply`] |
//! | `GET /v1/hello` | | JSON [`Hello`] |
//! | `POST /v1/exchange` | envelope of [`Message`], signed by the device | envelope of [`Answer`], signed by the district |
//! | `HEAD /v1/attachments/{sha256}` | | 200 held, 404 not held |
//! | `POST /v1/attachments` | JSON list of at most 1,000 names | JSON list of those that are held |
//! | `GET /v1/attachments/{sha256}` | | the file's bytes, or the `Range` of them that was asked for |
//! | `GET /v1/releases` | | JSON list of [`ReleaseOffer`] |
//! | `GET /v1/releases/{name}` | | the file's bytes, or the `Range` of them that was asked for |
//! | `/v1/uploads`, `/v1/uploads/{sha256}` | | tus 1.0, as [`tus`] tells |
//! | `GET /health` | | a page for people, also over plain HTTP |
//!
//! Every request but enrol and health carries `Authorization: Bearer TOKEN`.
//! A refused request answers 4xx with a JSON [`WireError`].

mod asking;
mod code;
mod envelope;
mod exchange;
pub mod range;
mod seal;
pub mod tus;

use domain::{DeviceId, Scope, Verdict};
use serde::{Deserialize, Serialize};

pub use asking::{Admission, Asking, CodeKey, MAX_ASKING, NoAsking, StickRequest};
pub use code::EnrolmentCode;
pub use envelope::{EnvelopeError, fingerprint, open, seal, signer};
pub use exchange::{Answer, CatalogFile, Cursor, FillCursor, Message, News, Part, Returned};
pub use seal::{is_sealed, seal_log};

/// The protocol that this program speaks.
pub const VERSION: u32 = 2;

/// The largest envelope that either side opens, in bytes after decompression.
pub const MAX_ENVELOPE: usize = 64 << 20;

/// The most logs that one message may say how far it knows; a district has some
/// twenty townships.
pub const MAX_CURSORS: usize = 1_000;

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
    /// The age recipient to which a bundle for the district is encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// Which protocol the district speaks: all that a laptop of another version can
/// ask, whichever it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The protocol that the district speaks.
    pub version: u32,
}

/// A new program that the district hands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseOffer {
    /// Under which name it is fetched.
    pub name: String,
    /// The lines before the program, as their maker signed them.
    pub head: String,
    /// How many bytes the whole file has.
    pub total: u64,
}

/// The district's word on one change. Only this makes a change "synced".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The change's counter.
    pub counter: u64,
    /// [`domain::ChangeId::mark`] of the change: a copy of the laptop may have given
    /// the number to another one, whose receipt says nothing of this one's.
    // Not `change`: that is where the first districts kept the change's whole name.
    #[serde(default, rename = "mark")]
    pub change: u32,
    /// Its place in its scope's log; none for a change that was refused for its
    /// scope, which is in no log.
    pub seq: Option<u64>,
    /// What became of it.
    pub verdict: Verdict,
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
    #[error("this is another district's: {district}")]
    OtherDistrict { district: String },
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
