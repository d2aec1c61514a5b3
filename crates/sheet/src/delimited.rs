//! Tables in plain text: comma, tab or semicolon; UTF-8, UTF-16 with its mark,
//! or GB18030, in which Chinese Excel saves "CSV".

use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::cell::Cell;
use crate::grid::{Grid, Put, too_large};
use crate::{MAX_COLUMNS, SheetError};

/// The grid of the text file `bytes`.
pub(crate) fn grid(name: &str, bytes: &[u8]) -> Result<Grid, SheetError> {
    let text = decode(name, bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::default();
    // The reader passes over blank lines, which a spreadsheet counts as rows,
    // and a line break inside quotes is none.
    let (mut counted, mut breaks) = (0_usize, 0_i64);
    let count = |text: &str| i64::try_from(text.matches('\n').count()).unwrap_or(i64::MAX);
    for record in reader.records() {
        let record =
            record.map_err(|error| SheetError::NotAWorkbook { name: name.to_owned(), reason: error.to_string() })?;
        let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
        let rest = text.get(start..).unwrap_or_default();
        let content = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        breaks += count(text.get(counted..content).unwrap_or_default());
        counted = content;
        let row = u32::try_from(breaks + 1).unwrap_or(u32::MAX);
        breaks -= record.iter().map(count).sum::<i64>();
        if record.len() > MAX_COLUMNS {
            return Err(too_large(name, "columns", record.len(), MAX_COLUMNS));
        }
        for (column, text) in record.iter().enumerate() {
            grid.put(name, row, column, Put::Cell(Cell::text(text)))?;
        }
    }
    grid.finish(name, Arc::default())
}

fn decode(name: &str, bytes: &[u8]) -> Result<String, SheetError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (GB18030, bytes),
    };
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    // Text has no control characters but these; a picture or a program has.
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{b}' | '\u{c}');
    if wrong || text.chars().any(control) {
        return Err(SheetError::NotATable { name: name.to_owned() });
    }
    if text.trim().is_empty() {
        return Err(SheetError::TableEmpty { name: name.to_owned() });
    }
    Ok(text.into_owned())
}

/// The delimiter that the first lines use most, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_u32), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(16 * 1024) {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| *delimiter == byte) {
            *count += 1;
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}
