//! Bundles: the exchange in files, for a stick that is carried.
//!
//! ```text
//! nonghuan-bundle 1\n          clear: what this is, and which version of it
//! {"bundle":…,"to":…}\n        clear: the header, for who finds the stick
//! age-encryption.org/v1 …      encrypted to the reader:
//!   P  the preface, signed     the header again; which files are where
//!   E  an envelope, signed     exactly the bytes of HTTP; as many as there are
//!   C  a piece of a file       with its own SHA-256; as many as fit
//!   Z  the end, signed         SHA-256 of everything before it
//! ```
//!
//! A part is a bundle in itself: preface and envelopes stand in each of them, so
//! that any part can be read alone and first, and its files are named by records
//! that came with it. That costs little, for envelopes are small beside photos and
//! are kept to a quarter of a part; and who reads several parts at once passes
//! over what he has heard.
//!
//! What is read counts as soon as its own signature or hash was checked, because
//! taking it twice is no harm; a bundle that breaks off is refused at its end, with
//! everything before the break kept. A frame of an unknown small letter is passed
//! over, one of an unknown capital is a later version's.

mod contents;
mod error;
mod parts;
mod read;
#[cfg(test)]
mod tests;
mod write;

use domain::DeviceId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::wire::Admission;

pub use contents::{Contents, FileRuns, Inside};
pub use error::{BundleError, Fault};
pub use parts::{Outgoing, Sealing, Step, Terms, Written, beside, room, size};
pub use read::{Chunk, Item, Reader, Sealed};
pub use write::Writer;

/// The version that this program writes.
pub const VERSION: &str = "1";

/// The longest file on FAT32, as most sticks have it.
pub const LIMIT: u64 = (4 << 30) - 1;

/// The most bytes of a file in one chunk.
pub const CHUNK: usize = 1 << 20;

/// The most bytes of envelopes in one bundle: they are held in memory, for each
/// part begins with them. What does not fit goes with the next bundle.
pub const TALK: u64 = 32 << 20;

const MAGIC: &str = "nonghuan-bundle ";

/// What is signed at the end begins so, and so does nothing else that these keys sign.
const PURPOSE: &[u8] = b"nonghuan bundle end 1\n";

const PREFACE: u8 = b'P';
const ENVELOPE: u8 = b'E';
const PIECE: u8 = b'C';
const END: u8 = b'Z';

/// What stands on the outside of a bundle: enough for who finds the stick to
/// bring it where it belongs, and nothing about people or records. It is repeated
/// inside, so a changed one is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// The bundle's name; the same in each of its parts.
    pub bundle: Uuid,
    /// Which part this is, from 1.
    pub part: u32,
    /// The writer's wall time (RFC 3339).
    pub at: String,
    /// Who wrote it.
    pub from: Party,
    /// Who can read it.
    pub to: Party,
}

/// One end of the exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Party {
    /// A laptop, by its device id.
    Laptop(DeviceId),
    /// A district, by its signing key in hex.
    District(String),
}

impl Party {
    /// Enough of the name for a person to tell one from another.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Laptop(device) => device.to_string(),
            Self::District(key) => short(key),
        }
    }
}

/// Enough of a district's key to tell it from another.
#[must_use]
pub fn short(key: &str) -> String {
    key.chars().take(16).collect()
}

/// What the writer says of files, signed by him.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preface {
    /// The header, as it stands outside.
    pub header: Header,
    /// The bundle that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Uuid>,
    /// The last turn that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u64>,
    /// Files that the writer has and the reader was not heard to have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Files that the writer lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wants: Vec<Want>,
    /// What the writer has of the files that were offered to him.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands: Vec<Stand>,
    /// What lets the reader in, where he asked for that and is no laptop yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
}

/// A file that the writer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its name.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

/// A file that the writer lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Its name.
    pub sha256: String,
    /// How many of its bytes have come, from the beginning on.
    pub came: u64,
}

/// What the writer has of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Its name.
    pub sha256: String,
    /// How much of it.
    pub has: Has,
}

/// How much of a file somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Has {
    /// All of it, and it was verified.
    All,
    /// These bytes: from, and up to but without.
    Some(Vec<(u64, u64)>),
    /// Nothing, for no record that he knows of names it.
    Unnamed,
}
