//! Application packages: the typeset form, the BagIt bag in a ZIP, and its
//! verification. Plain values in, bytes out; knows no record and no database.
//!
//! A package must still say in ten years whether a single byte of it was
//! touched. So it is written in one exact form ([`container`]): same input,
//! same bytes; and [`verify()`] checks the manifests as any BagIt validator
//! would, the signature, and that the ZIP around them is that exact form.

pub mod bag;
mod container;
pub mod dossier;
mod fonts;
pub mod form;
mod manifest;
mod press;
pub mod verify;

use serde::Serialize;

pub use form::{Application, WorksLine, typeset};
pub use press::Pdf;
pub use verify::{Problem, ProblemKind, Report, SignatureCheck, verify};

/// Why a package was not made.
///
/// `code` is a contract with the UI: it keys the translated sentence, and the
/// fields fill its blanks. The English text here is for logs only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum PackageError {
    #[error("no Chinese font is installed; any of these will do: {wanted}")]
    FontMissing { wanted: String },
    #[error("no installed font can show `{text}`")]
    GlyphMissing { text: String },
    #[error("the form could not be typeset: {reason}")]
    FormBroken { reason: String },
    #[error("{path} is not the file that was attached: its bytes have changed")]
    PayloadDamaged { path: String },
    #[error("{path} could not be read: {reason}")]
    PayloadUnreadable { path: String, reason: String },
    #[error("`{path}` cannot be the path of a file in a package")]
    BadPath { path: String },
    #[error("`{path}` is there twice")]
    DuplicatePath { path: String },
    #[error("{path} is {bytes} bytes long; a file in a package has at most {limit}")]
    FileTooLarge { path: String, bytes: String, limit: String },
    #[error("the package could not be written: {reason}")]
    PackageUnwritable { reason: String },
    #[error("stopped on request")]
    Cancelled,
}
