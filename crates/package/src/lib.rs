//! Application packages on paper: the bound volume, a village's file, the
//! narrative to edit. Plain values in, bytes out; knows no record and no database.
//!
//! Typst sets the pages inside the program: same input and same fonts, same bytes.

pub mod dossier;
mod fonts;
mod press;
pub mod scan;
pub mod volume;

use serde::Serialize;

pub use press::{Composed, Pdf};

/// Why pages were not made.
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
}
