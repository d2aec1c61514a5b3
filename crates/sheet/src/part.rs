//! One XML part of a zipped workbook, event by event.
//!
//! Unpacked as it is read, under a budget that all parts of a file share: what a
//! ZIP says of its own sizes is not believed. No entity is ever expanded.

use std::borrow::Cow;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::SheetError;
use crate::grid::too_large;
use crate::workbook::{File, MAX_UNPACKED};

/// How much of a part is unpacked at a time.
const CHUNK: usize = 64 * 1024;

/// Opens the part at `path`, if there is one; `left` is what may still be unpacked.
pub(crate) fn open<'p, 'a>(
    file: &'p File<'p>,
    archive: &'p mut ZipArchive<Cursor<&'a [u8]>>,
    left: &'p AtomicU64,
    path: &str,
) -> Result<Option<Part<'p, 'a>>, SheetError> {
    let Some(index) = index(archive, path) else { return Ok(None) };
    let entry = archive.by_index(index).map_err(|error| unopened(file, &error))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(CHUNK, Measured { entry, left }));
    reader.config_mut().check_end_names = false;
    Ok(Some(Part { file, reader, buffer: Vec::with_capacity(1024) }))
}

/// Where the part at `path` is in the ZIP. WPS has written `xl\\SharedStrings.xml`
/// where its relations say `/xl/sharedStrings.xml`, and the names of parts know no case.
pub(crate) fn index(archive: &ZipArchive<Cursor<&[u8]>>, path: &str) -> Option<usize> {
    archive.index_for_name(path).or_else(|| archive.file_names_raw().position(|name| same(name, path)))
}

/// Whether `name`, as a ZIP has it, is the part at `path`.
pub(crate) fn same(name: &[u8], path: &str) -> bool {
    let stroke = |byte: &u8| if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
    name.iter().map(stroke).eq(path.as_bytes().iter().map(stroke))
}

/// Why a zipped part cannot be opened.
pub(crate) fn unopened(file: &File<'_>, error: &ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(text) if text.contains("assword") => file.encrypted(),
        error => file.not(error),
    }
}

/// A part's bytes as far as the budget goes.
struct Measured<'p, 'a> {
    entry: ZipFile<'p, Cursor<&'a [u8]>>,
    left: &'p AtomicU64,
}

impl Read for Measured<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.entry.read(buffer)?;
        let less = |left: u64| left.checked_sub(count as u64);
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
            Ok(_) => Ok(count),
            Err(_) => Err(io::Error::from(io::ErrorKind::FileTooLarge)),
        }
    }
}

/// Why reading a part ends before it does.
pub(crate) enum Stop {
    Refused(SheetError),
    Xml(quick_xml::Error),
}

impl From<SheetError> for Stop {
    fn from(error: SheetError) -> Self {
        Self::Refused(error)
    }
}

pub(crate) struct Part<'p, 'a> {
    file: &'p File<'p>,
    reader: Reader<BufReader<Measured<'p, 'a>>>,
    buffer: Vec<u8>,
}

impl Part<'_, '_> {
    pub(crate) fn each(&mut self, mut take: impl FnMut(&Event<'_>) -> Result<(), Stop>) -> Result<(), SheetError> {
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| self.file.broken(&error))?;
            if matches!(event, Event::Eof) {
                return Ok(());
            }
            take(&event).map_err(|stop| match stop {
                Stop::Refused(error) => error,
                Stop::Xml(error) => self.file.broken(&error),
            })?;
        }
    }
}

impl File<'_> {
    fn broken(&self, error: &quick_xml::Error) -> SheetError {
        match error {
            quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                let limit = usize::try_from(MAX_UNPACKED).unwrap_or(usize::MAX);
                too_large(self.name, "unpacked", limit.saturating_add(1), limit)
            }
            error => self.not(error),
        }
    }
}

/// An attribute as it stands, where no escapes can be in it.
pub(crate) fn raw<'t>(tag: &'t BytesStart<'_>, name: &str) -> Option<Cow<'t, str>> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name);
    found.map(|attribute| attribute.value)
}

/// An attribute's text.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

/// The character that a reference means. No entity is ever expanded into more than one.
pub(crate) fn entity(part: &BytesRef<'_>) -> Result<char, Stop> {
    if let Some(letter) = part.resolve_char_ref().map_err(Stop::Xml)? {
        return Ok(letter);
    }
    Ok(match part.as_ref() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => '\u{fffd}',
    })
}

/// An element's name without its prefix; few files write one.
pub(crate) fn local(name: &str) -> &str {
    if name.len() < 3 { name } else { name.rsplit_once(':').map_or(name, |(_, name)| name) }
}

/// `_x000D_` is how a workbook spells a character that XML has no letter for.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(letter) => {
                out.extend((letter != '\r').then_some(letter));
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn only_what_is_an_escape_is_read_as_one() {
        assert_eq!(unescaped("第一行_x000D_\n第二行"), "第一行\n第二行", "a carriage return says nothing");
        assert_eq!(unescaped("a_x_b"), "a_x_b", "and what only looks like an escape stays");
    }
}
