//! The file around the sheets: every part that holds no placeholder is carried
//! over as it is packed.

use std::io::{Cursor, Read, Write};

use zip::ZipArchive;
use zip::write::SimpleFileOptions;

use super::Answers;
use super::formula::Moves;
use super::page::{Page, Shared, Wrong};
use super::placeholder::{Piece, Placeholder, pieces};
use super::xml::{attribute, escaped, unescaped, with_attribute};
use crate::SheetError;
use crate::part::{self, unopened};
use crate::workbook::{File, MAX_UNPACKED};
use crate::xlsx::Book;

/// The longest part of a template that is read.
const MAX_PART: u64 = 64 * 1024 * 1024;

/// Fills the template `name` with content `bytes`.
///
/// # Errors
/// [`SheetError`] for what is no workbook, [`SheetError::TemplateWrong`] with the
/// cell and a sentence for a placeholder that nothing answers to.
pub fn fill(name: &str, bytes: &[u8], answers: &mut dyn Answers) -> Result<Vec<u8>, SheetError> {
    let file = File { name };
    let mut archive = archive(&file, bytes)?;
    let mut book = Book::open(&file, archive.clone())?;
    let strings = book.strings()?;
    let shared = Shared { strings: &strings, dates: book.dates() };
    let mut left = MAX_UNPACKED;
    let mut texts = Vec::new();
    for (title, path) in book.sheets() {
        texts.push((title, path, read(&file, &mut archive, path, &mut left)?));
    }
    let wrong = |(cell, reason): Wrong| SheetError::TemplateWrong { name: name.to_owned(), cell, reason };
    let mut pages = Vec::new();
    for (title, path, text) in &texts {
        pages.push((*path, Page::read(title, text, shared, answers).map_err(wrong)?));
    }
    let all: Vec<Moves> = pages.iter().map(|(_, page)| page.moves.clone()).collect();
    let mut changed: Vec<(String, String)> = Vec::new();
    for (path, page) in &pages {
        changed.push(((*path).to_owned(), page.write(&all, answers).map_err(wrong)?));
    }
    let workbook = read(&file, &mut archive, book.path(), &mut left)?;
    changed.push((book.path().to_owned(), recalculated(&names_moved(&workbook, &all))));
    for (path, element, mark) in [
        ("[Content_Types].xml".to_owned(), "Override", "calcChain.xml"),
        (book.relations_path(), "Relationship", "calcChain.xml"),
    ] {
        let text = read(&file, &mut archive, &path, &mut left)?;
        changed.push((path, without(&text, element, mark)));
    }
    packed(&file, &mut archive, &changed)
}

/// What the template `name` with content `bytes` asks for, as far as it says so in texts that its cells share.
///
/// # Errors
/// [`SheetError`] for what is no workbook.
pub fn placeholders(name: &str, bytes: &[u8]) -> Result<Vec<Placeholder>, SheetError> {
    let file = File { name };
    let archive = archive(&file, bytes)?;
    let strings = Book::open(&file, archive)?.strings()?;
    let texts = (0..strings.len()).filter_map(|i| strings.get(u32::try_from(i).ok()?));
    let asked = texts.filter_map(pieces).flatten().filter_map(|piece| match piece {
        Piece::Asked(placeholder) => Some(placeholder),
        Piece::Plain(_) => None,
    });
    Ok(asked.collect())
}

fn archive<'b>(file: &File<'_>, bytes: &'b [u8]) -> Result<ZipArchive<Cursor<&'b [u8]>>, SheetError> {
    if bytes.len() as u64 > crate::MAX_BYTES || !bytes.starts_with(b"PK") {
        return Err(file.not("a template is an xlsx"));
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| file.not(&error))
}

fn read(
    file: &File<'_>,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    path: &str,
    left: &mut u64,
) -> Result<String, SheetError> {
    let index = part::index(archive, path).ok_or_else(|| file.not("a part that it lists is not in it"))?;
    let entry = archive.by_index(index).map_err(|error| unopened(file, &error))?;
    let limit = MAX_PART.min(*left);
    let mut text = String::new();
    let length = entry.take(limit + 1).read_to_string(&mut text).map_err(|error| file.not(&error))?;
    *left = left.checked_sub(length as u64).filter(|_| length as u64 <= limit).ok_or_else(|| {
        crate::grid::too_large(file.name, "unpacked", length, usize::try_from(limit).unwrap_or(usize::MAX))
    })?;
    // Positions in the text are counted without its mark.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The workbook's named ranges (print areas, titles) where their rows lie now.
fn names_moved(text: &str, all: &[Moves]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("<definedName ") {
        let Some(start) = rest[open..].find('>').map(|length| open + length + 1) else { break };
        let Some(end) = rest[start..].find('<').map(|length| start + length) else { break };
        out.push_str(&rest[..start]);
        let mut formula = unescaped(&rest[start..end]);
        for moves in all.iter().filter(|moves| !moves.repeated.is_empty()) {
            formula = moves.formula(&formula, false, None);
        }
        out.push_str(&escaped(&formula));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The workbook, asking for its formulas to be calculated when it is opened.
fn recalculated(text: &str) -> String {
    if let Some(at) = text.find("<calcPr") {
        let end = text[at..].find('>').map_or(text.len(), |length| at + length + 1);
        let tag = &text[at..end];
        let tag = match attribute(tag, "fullCalcOnLoad") {
            Some(_) => with_attribute(tag, "fullCalcOnLoad", "1"),
            None => tag.replacen("<calcPr", "<calcPr fullCalcOnLoad=\"1\"", 1),
        };
        return format!("{}{tag}{}", &text[..at], &text[end..]);
    }
    let behind = ["</definedNames>", "</sheets>"].iter().find_map(|mark| text.find(mark).map(|at| at + mark.len()));
    match behind {
        Some(at) => format!("{}<calcPr fullCalcOnLoad=\"1\"/>{}", &text[..at], &text[at..]),
        None => text.to_owned(),
    }
}

/// `text` without the empty elements of this name that mention `mark`.
fn without(text: &str, element: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let open = format!("<{element} ");
    while let Some(at) = rest.find(&open) {
        let Some(end) = rest[at..].find("/>").map(|length| at + length + 2) else { break };
        out.push_str(&rest[..at]);
        if !rest[at..end].contains(mark) {
            out.push_str(&rest[at..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn packed(
    file: &File<'_>,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    changed: &[(String, String)],
) -> Result<Vec<u8>, SheetError> {
    let unwritable = |reason: String| SheetError::TableUnwritable { reason };
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(|error| file.not(&error))?;
        let name = entry.name().map_err(|error| file.not(&error))?.replace('\\', "/");
        if name.ends_with("calcChain.xml") {
            continue;
        }
        match changed.iter().find(|(path, _)| part::same(name.as_bytes(), path)) {
            Some((_, text)) => {
                target.start_file(name, SimpleFileOptions::default()).map_err(|error| unwritable(error.to_string()))?;
                target.write_all(text.as_bytes()).map_err(|error| unwritable(error.to_string()))?;
            }
            None => target.raw_copy_file_rename(entry, name).map_err(|error| unwritable(error.to_string()))?,
        }
    }
    Ok(target.finish().map_err(|error| unwritable(error.to_string()))?.into_inner())
}
