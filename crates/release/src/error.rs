//! Why a person's release file was not taken: a code with fields, the same at the
//! laptop and at the district.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Fault;

/// Why a release was not taken. The English text is for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum ReleaseError {
    #[error("{file} is no release")]
    NotARelease { file: String },
    #[error("{file} is a release in the form {version}, which this program does not read")]
    ReleaseFormUnknown { file: String, version: String },
    #[error("{file} is damaged: {reason}")]
    ReleaseDamaged { file: String, reason: String },
    #[error("{file} is not signed by a release key of this program")]
    ReleaseUntrusted { file: String },
    #[error("{file} could not be read: {reason}")]
    ReleaseUnreadable { file: String, reason: String },
    #[error("the release is {given}; this is {here}")]
    ReleaseNotNewer { given: String, here: String },
    #[error("the release is for {given}; this is {here}")]
    ReleaseForOthers { given: String, here: String },
}

impl ReleaseError {
    /// Why `file` is not taken.
    #[must_use]
    pub fn of(file: &Path, fault: Fault) -> Self {
        let file = file.display().to_string();
        match fault {
            Fault::Foreign => Self::NotARelease { file },
            Fault::Newer(version) => Self::ReleaseFormUnknown { file, version },
            Fault::Damaged(reason) => Self::ReleaseDamaged { file, reason: reason.to_owned() },
            Fault::Untrusted => Self::ReleaseUntrusted { file },
            Fault::Io(error) => Self::ReleaseUnreadable { file, reason: error.to_string() },
        }
    }
}
