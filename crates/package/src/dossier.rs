//! 一村一档 on paper: one PDF with index, sections, tables and photo sheets.
//!
//! Plain values in, bytes out, as for the application form; pictures come small
//! and upright, for a village has hundreds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::PackageError;
use crate::press::{Pdf, Sheet, day_of};

const TEMPLATE: &str = include_str!("../templates/dossier.typ");

/// What the file shows, already in words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// 一村一档.
    pub title: String,
    /// The village's name.
    pub village: String,
    /// Its code.
    pub code: String,
    /// The names above it, from the province down.
    pub path: Vec<String>,
    /// The day that it is of, `YYYY-MM-DD`.
    pub date: String,
    /// Documents that are there, of those that are asked for.
    pub have: u32,
    /// Documents that are asked for.
    pub wanted: u32,
    /// The sections, numbered by their order.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub label: String,
    /// Documents that are there, of those that are asked for.
    pub have: u32,
    /// Documents that are asked for.
    pub wanted: u32,
    /// What is missing, in words.
    pub missing: Vec<String>,
    /// The documents.
    pub documents: Vec<Document>,
}

/// A document: some records and their files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its heading.
    pub label: String,
    /// The records.
    pub records: Vec<Entry>,
}

/// A record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What heads it.
    pub title: String,
    /// Label and value, in the order of the form.
    pub rows: Vec<(String, String)>,
    /// Names of papers that lie in the folder beside this.
    pub papers: Vec<String>,
    /// Pictures: the name in [`typeset`]'s map, and the words below it.
    pub pictures: Vec<(String, String)>,
}

/// Typesets the file; `pictures` are JPEGs by the names that the entries use.
///
/// # Errors
/// [`PackageError::FontMissing`], or a picture that is none.
pub fn typeset(dossier: &Dossier, pictures: BTreeMap<String, Vec<u8>>) -> Result<Pdf, PackageError> {
    Sheet {
        templates: &[("main.typ", TEMPLATE)],
        data: json!(dossier),
        pictures,
        ident: format!("nonghuan/dossier/{}/{}", dossier.code, dossier.date),
        date: day_of(&dossier.date),
        // A name that no font on this machine can show must not keep the file from being made.
        odd_letters: true,
    }
    .typeset()
}
