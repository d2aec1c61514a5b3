//! Why a bundle was not read or written.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Header, Party};

/// Why bytes are not taken for a bundle.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// They do not begin as a bundle does.
    #[error("this is no bundle")]
    Foreign,
    /// A later program wrote them.
    #[error("this is a bundle of version {0}")]
    Newer(String),
    /// They break off, were changed, or are not signed by whom they name.
    #[error("the bundle is damaged: {0}")]
    Damaged(&'static str),
    /// They could not be read at all.
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // What age says of bytes that were cut or changed.
            io::ErrorKind::UnexpectedEof => Self::Damaged("it breaks off"),
            io::ErrorKind::InvalidData => Self::Damaged("its bytes were changed"),
            _ => Self::Io(error),
        }
    }
}

/// Why a person's bundle was not read or written: a code with fields, the same on
/// both sides.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum BundleError {
    #[error("{file} is no bundle")]
    NotABundle { file: String },
    #[error("{file} is a bundle of version {version}")]
    BundleNewer { file: String, version: String },
    #[error("{file} is damaged or breaks off: {reason}")]
    BundleDamaged { file: String, reason: String },
    #[error("{file} is for the laptop {laptop}, written on {at}")]
    BundleForLaptop { file: String, laptop: String, at: String },
    #[error("{file} is for a district, {district}, written on {at}")]
    BundleForDistrict { file: String, district: String, at: String },
    #[error("{file} could not be read: {reason}")]
    BundleUnreadable { file: String, reason: String },
    #[error("{file} could not be written: {reason}")]
    BundleUnwritable { file: String, reason: String },
    #[error("there is no room for {file}")]
    StickFull { file: String },
    #[error("a part wants at least {least} bytes")]
    LimitTooSmall { least: String },
    #[error("stopped")]
    Cancelled,
}

impl BundleError {
    /// Why `file` is not taken.
    #[must_use]
    pub fn of(file: &Path, fault: Fault) -> Self {
        let file = shown(file);
        match fault {
            Fault::Foreign => Self::NotABundle { file },
            Fault::Newer(version) => Self::BundleNewer { file, version },
            Fault::Damaged(reason) => Self::BundleDamaged { file, reason: reason.to_owned() },
            Fault::Io(error) => Self::BundleUnreadable { file, reason: error.to_string() },
        }
    }

    /// Why `file` was not written.
    #[must_use]
    pub fn writing(file: &Path, error: &io::Error) -> Self {
        let file = shown(file);
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StickFull { file },
            _ => Self::BundleUnwritable { file, reason: error.to_string() },
        }
    }

    /// That `file` was written for somebody else than who reads it.
    #[must_use]
    pub fn meant_for(file: &Path, header: &Header) -> Self {
        let (file, at) = (shown(file), header.at.clone());
        match &header.to {
            Party::Laptop(device) => Self::BundleForLaptop { file, laptop: device.to_string(), at },
            Party::District(_) => Self::BundleForDistrict { file, district: header.to.short(), at },
        }
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}
