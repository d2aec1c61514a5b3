//! An official list of codes, read from a file: `code,name,parent,level,kind`,
//! codes of twelve digits, as the national list has it. It is read as a whole,
//! and each row checked, before anything is written.

use std::collections::BTreeSet;
use std::path::Path;

use domain::Scope;
use domain::places::{Listed, cut};
use serde::Deserialize;

use crate::error::{DistrictError, PlaceProblem, Result};

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    #[allow(dead_code, reason = "the column must be there, for a file without it is another file")]
    parent: String,
    level: String,
    kind: String,
}

/// A row of the file.
pub(super) struct Line {
    pub(super) place: Listed,
    pub(super) line: u64,
}

impl Line {
    /// The township in which a township or village lies; none for what stands above.
    pub(super) fn township(&self) -> Option<Scope> {
        Scope::parse(self.place.code.get(..9)?)
    }
}

/// The places of a file, from the province down.
pub(super) struct PlaceList {
    file: String,
    pub(super) lines: Vec<Line>,
}

impl PlaceList {
    /// Reads the whole file; of a list that is larger than wanted only what lies
    /// in or above the code `within`.
    ///
    /// # Errors
    /// [`DistrictError::PlacesWrong`] with the line and what is wrong there.
    pub(super) fn read(file: &Path, within: &str) -> Result<Self> {
        let shown = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|_| wrong(&shown, 0, PlaceProblem::NoFile))?;
        let text = decode(&bytes).ok_or_else(|| wrong(&shown, 0, PlaceProblem::NoText))?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|_| wrong(&shown, 1, PlaceProblem::NoCsv))?;
        if ["code", "name", "parent", "level", "kind"].iter().any(|name| !headers.iter().any(|found| found == *name)) {
            return Err(wrong(&shown, 1, PlaceProblem::Columns));
        }
        let headers = headers.clone();
        let (mut lines, mut codes) = (Vec::new(), BTreeSet::new());
        for found in reader.records() {
            let found = found
                .map_err(|error| wrong(&shown, error.position().map_or(0, csv::Position::line), PlaceProblem::NoCsv))?;
            let line = found.position().map_or(0, csv::Position::line);
            let row: Row = found.deserialize(Some(&headers)).map_err(|_| wrong(&shown, line, PlaceProblem::NoCsv))?;
            let place = place(row).map_err(|problem| wrong(&shown, line, problem))?;
            if !codes.insert(place.code.clone()) {
                return Err(wrong(&shown, line, PlaceProblem::Twice));
            }
            if place.code.starts_with(within) || within.starts_with(&place.code) {
                lines.push(Line { place, line });
            }
        }
        if lines.iter().all(|line| line.township().is_none()) {
            return Err(wrong(&shown, 0, PlaceProblem::Empty));
        }
        lines.sort_by_key(|line| line.place.code.len()); // A village refers to its township.
        Ok(Self { file: shown, lines })
    }

    /// That the row `line` cannot be taken.
    pub(super) fn wrong(&self, line: u64, problem: PlaceProblem) -> DistrictError {
        wrong(&self.file, line, problem)
    }
}

fn place(row: Row) -> std::result::Result<Listed, PlaceProblem> {
    if row.code.len() != 12 || !row.code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PlaceProblem::Code);
    }
    let level = row.level.parse().ok().filter(|level| (1..=5).contains(level)).ok_or(PlaceProblem::Level)?;
    let code = cut(&row.code, level).ok_or(PlaceProblem::Code)?;
    if level == 5 && code.ends_with("000") {
        return Err(PlaceProblem::Code);
    }
    if row.name.is_empty() {
        return Err(PlaceProblem::Name);
    }
    Ok(Listed { code: code.to_owned(), name: row.name, category: row.kind })
}

/// UTF-8 with or without a mark, or GB18030, in which Excel saves CSV in China.
fn decode(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let (text, _, wrong) = encoding_rs::GB18030.decode(bytes);
    (!wrong).then(|| text.into_owned())
}

fn wrong(file: &str, line: u64, problem: PlaceProblem) -> DistrictError {
    DistrictError::PlacesWrong { file: file.to_owned(), line: line.to_string(), problem }
}
