//! Why the district did not do what was asked, at its own border (terminal, start).
//!
//! What a laptop is told is [`sync::wire::WireError`]; it passes through here
//! unchanged, and everything else becomes `diskFull` or `internal` on the wire,
//! so that no path or SQL text leaves the house.

use bag::BagError;
use domain::Refusal;
use domain::catalog::CatalogError;
use release::ReleaseError;
use serde::Serialize;
use sync::bundle::BundleError;
use sync::wire::WireError;

/// What every function of this crate answers with.
pub type Result<T> = std::result::Result<T, DistrictError>;

/// Why something was not done: a code with fields. The English text is for logs.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum DistrictError {
    #[error("another program listens on {address} already")]
    PortInUse { address: String },
    #[error("cannot listen on {address}: {reason}")]
    CannotListen { address: String, reason: String },
    #[error("{path} cannot be used: {reason}")]
    FolderUnusable { path: String, reason: String },
    #[error("{file} is damaged: {reason}")]
    KeyDamaged { file: String, reason: String },
    #[error("{file} was written by a newer version of this program")]
    DatabaseNewer { file: String },
    #[error("{file} is no district's database")]
    NotADatabase { file: String },
    #[error("no copy of the database could be kept in {folder} before it is brought up to date: {reason}")]
    BackupFailed { folder: String, reason: String },
    #[error("the database {database} cannot be reached: {reason}")]
    DatabaseUnreachable { database: String, reason: String },
    #[error("the database {database} cannot be used: {reason}")]
    DatabaseUnusable { database: String, reason: String },
    #[error("the database belongs to a district with another signing key")]
    KeyDiffers,
    #[error("the database is busy")]
    DatabaseBusy,
    #[error("`{given}` is no place for the database; supported: {supported}")]
    DatabaseUnsupported { given: String, supported: String },
    #[error("`{given}` is no place for attachments; supported: {supported}")]
    AttachmentsUnsupported { given: String, supported: String },
    #[error("the attachments at {place} cannot be used: {reason}")]
    AttachmentsUnusable { place: String, reason: String },
    #[error("the catalog is wrong: {file}: {key}: {reason}")]
    CatalogWrong { file: String, key: String, reason: String },
    #[error("there is no role `{role}`; there are {roles}")]
    UnknownRole { role: String, roles: String },
    #[error("a code for the role {role} needs a scope")]
    ScopeNeeded { role: String },
    #[error("listening on {listen}, which laptops cannot call: an address is needed")]
    AddressNeeded { listen: String },
    #[error("there is no device `{device}`")]
    UnknownDevice { device: String },
    #[error("laptop {device} holds a whole district, or would hold nothing")]
    ReachFixed { device: String },
    #[error("{file}, line {line}: {problem}")]
    PlacesWrong { file: String, line: String, problem: PlaceProblem },
    #[error("{renamed} names changed and {ended} codes ended: since which day has to be said")]
    PlacesDateNeeded { renamed: String, ended: String },
    #[error("the list is to hold from {from} on, but places began on {latest}")]
    PlacesDateEarly { from: String, latest: String },
    #[error("there is no place {code}")]
    UnknownPlace { code: String },
    #[error("the place {code} is in use; since when not has to be said")]
    PlaceInUse { code: String },
    #[error("the package is signed with {key}, which is no laptop's here")]
    SignerUnknown { key: String },
    #[error("the package is signed by the laptop of {name}, which was shut out at {at}")]
    SignerRevoked { name: String, at: String },
    #[error("the disk is full")]
    DiskFull,
    #[error("the database could not be read or written")]
    Database {
        #[serde(skip)]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("the database could not be brought up to date")]
    Migration {
        #[serde(skip)]
        source: Box<refinery::Error>,
    },
    #[error("something kept in the database cannot be read: {reason}")]
    Unreadable { reason: String },
    #[error("a file could not be read or written")]
    Io {
        #[serde(skip)]
        source: std::io::Error,
    },
    #[error("an attachment could not be read or written")]
    Attachments {
        #[serde(skip)]
        source: Box<object_store::Error>,
    },
    #[error(transparent)]
    #[serde(untagged)]
    Refused(Refusal),
    #[error(transparent)]
    #[serde(untagged)]
    Wire(WireError),
    #[error(transparent)]
    #[serde(untagged)]
    Bundle(BundleError),
    #[error(transparent)]
    #[serde(untagged)]
    Bag(BagError),
    #[error(transparent)]
    #[serde(untagged)]
    Release(ReleaseError),
}

/// What is wrong with a file of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means")]
pub enum PlaceProblem {
    #[error("it cannot be read at all")]
    NoFile,
    #[error("it is neither UTF-8 nor GB18030 text")]
    NoText,
    #[error("the line is no row of a CSV file")]
    NoCsv,
    #[error("the columns code, name, parent, level, kind are needed")]
    Columns,
    #[error("the code is not of 12 digits, or not of its level")]
    Code,
    #[error("the name is empty")]
    Name,
    #[error("the level is none of 1 to 5")]
    Level,
    #[error("the code stands in the file twice")]
    Twice,
    #[error("the village's township is neither in the file nor known here")]
    NoTownship,
    #[error("there is no township or village in it")]
    Empty,
}

impl From<rusqlite::Error> for DistrictError {
    fn from(source: rusqlite::Error) -> Self {
        // Where there is no room for the index of the write-ahead log, SQLite has another word for it.
        if source.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::DiskFull;
        }
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::DatabaseBusy) => Self::DatabaseBusy,
            _ => Self::Database { source: Box::new(source) },
        }
    }
}

impl From<refinery::Error> for DistrictError {
    fn from(source: refinery::Error) -> Self {
        Self::Migration { source: Box::new(source) }
    }
}

impl From<serde_json::Error> for DistrictError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable { reason: error.to_string() }
    }
}

impl From<std::io::Error> for DistrictError {
    fn from(source: std::io::Error) -> Self {
        if is_full(&source) { Self::DiskFull } else { Self::Io { source } }
    }
}

impl From<object_store::Error> for DistrictError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            if error.downcast_ref::<std::io::Error>().is_some_and(is_full) {
                return Self::DiskFull;
            }
            cause = error.source();
        }
        Self::Attachments { source: Box::new(error) }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

impl From<CatalogError> for DistrictError {
    fn from(CatalogError { file, key, reason }: CatalogError) -> Self {
        Self::CatalogWrong { file, key, reason }
    }
}

impl From<Refusal> for DistrictError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<BundleError> for DistrictError {
    fn from(error: BundleError) -> Self {
        Self::Bundle(error)
    }
}

impl From<ReleaseError> for DistrictError {
    fn from(error: ReleaseError) -> Self {
        Self::Release(error)
    }
}

impl From<BagError> for DistrictError {
    fn from(error: BagError) -> Self {
        Self::Bag(error)
    }
}

impl From<WireError> for DistrictError {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}
