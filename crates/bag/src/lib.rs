//! The BagIt bag of a package: written, verified, and countersigned on receipt.
//!
//! A package must still say in ten years whether a single byte of it was
//! touched. So it is written in one exact form ([`container`]): same input,
//! same bytes; and [`verify()`] checks the manifests as any BagIt validator
//! would, the signatures, and that the ZIP around them is that exact form.
//!
//! Apart from the typesetting (crate `package`), because the district verifies
//! and countersigns without setting a page.
//!
//! Source: RFC 8493 (BagIt 1.0).

mod container;
mod countersign;
mod manifest;
mod signature;
mod verify;
mod write;

use serde::Serialize;

pub use countersign::{Countersigner, Receipt, countersign};
pub use verify::{About, Problem, ProblemKind, Report, SignatureCheck, SignatureRole, verify};
pub use write::{Bag, Description, Opener, PayloadFile, Signer, Source, Written};

/// The payload whose SHA-256 the cover of the volume bears (as a QR code): the
/// digest of the whole package could not stand in it, for the cover is inside.
pub const DATA: &str = "application.json";

pub(crate) const BAGIT: &str = "bagit.txt";
pub(crate) const BAG_INFO: &str = "bag-info.txt";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(crate) const SIGNATURE: &str = "signature.json";
pub(crate) const COUNTERSIGNATURE: &str = "countersignature.json";
pub(crate) const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
pub(crate) const SIGNED_BY: &str = "Signed-By";
pub(crate) const OXUM: &str = "Payload-Oxum";

/// Why a bag was not written.
///
/// `code` is a contract with the UI: it keys the translated sentence, and the
/// fields fill its blanks. The English text here is for logs only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum BagError {
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
    #[error("the package is not whole: {path}")]
    PackageNotWhole { path: String },
    #[error("the package bears no signature of a device")]
    PackageUnsigned,
    #[error("the district has countersigned this package already, at {at}")]
    CountersignedAlready { at: String },
    #[error("stopped on request")]
    Cancelled,
}
