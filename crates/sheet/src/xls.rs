//! What an old workbook would take in memory, told from its records before it is read.
//!
//! The reader makes room for every cell between a sheet's first and its last, and
//! for as many as the sheet says it has: a file of six kilobytes could ask for more
//! than any laptop has, and the program would end. Here nothing is kept but numbers.

use std::io::{Cursor, Read};

use crate::grid::too_large;
use crate::workbook::File;
use crate::{MAX_BYTES, MAX_CELLS, SheetError};

/// The rows and columns that such a sheet has.
const ROWS: u32 = 65_536;
const COLUMNS: u32 = 256;

/// More sheets than a person fills, and more records than all their cells take.
const MAX_SHEETS: usize = 1_000;
const MAX_RECORDS: usize = 4 * MAX_CELLS;

// Records of BIFF 5 and 8, by [MS-XLS] 2.3.
const EOF: u16 = 0x000a;
const FILE_PASS: u16 = 0x002f;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00bd;
const DIMENSIONS: u16 = 0x0200;
const CELLS: [u16; 7] = [0x0006, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];

/// Refuses what would take more than is read of any table.
pub(crate) fn measure(file: &File<'_>, bytes: &[u8]) -> Result<(), SheetError> {
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| file.not(&error))?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| compound.is_stream(name));
    let name = name.ok_or_else(|| file.not("it has no workbook inside"))?;
    let mut stream = Vec::new();
    let opened = compound.open_stream(name).map_err(|error| file.not(&error))?;
    opened.take(MAX_BYTES).read_to_end(&mut stream).map_err(|error| file.not(&error))?;

    let mut sheets = Vec::new();
    for (id, data) in records(&stream) {
        match id {
            // The reader refuses it, and nothing in it can be understood.
            FILE_PASS => return Ok(()),
            BOUND_SHEET => sheets.extend(number(data, 0)),
            _ => {}
        }
    }
    if sheets.len() > MAX_SHEETS {
        return Err(too_large(file.name, "sheets", sheets.len(), MAX_SHEETS));
    }
    let (mut cells, mut left) = (0, MAX_RECORDS);
    for sheet in sheets {
        let own = stream.get(sheet as usize..).unwrap_or_default();
        let mut extent = Extent::default();
        for (id, data) in records(own) {
            left = left.checked_sub(1).ok_or_else(|| too_large(file.name, "records", MAX_RECORDS + 1, MAX_RECORDS))?;
            extent.take(id, data).ok_or_else(|| file.not("a sheet says it is larger than a sheet can be"))?;
        }
        cells += extent.cells();
        if cells > MAX_CELLS {
            return Err(too_large(file.name, "cells", cells, MAX_CELLS));
        }
    }
    Ok(())
}

/// The records from the beginning of `stream` to the end of its part.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (id, length) = (short(rest, 0)?, short(rest, 2)? as usize);
        let data = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        (id != EOF).then_some((id, data))
    })
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn number(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// From which to which row and column the cells of a sheet lie.
#[derive(Default)]
struct Extent(Option<[u16; 4]>);

impl Extent {
    /// Takes a record into account; nothing where it says what cannot be.
    fn take(&mut self, id: u16, data: &[u8]) -> Option<()> {
        if id == DIMENSIONS {
            let wide = |at| short(data, at).map(u32::from);
            let [first, last, left, right] = match data.len() {
                14.. => [number(data, 0)?, number(data, 4)?, wide(8)?, wide(10)?],
                _ => [wide(0)?, wide(2)?, wide(4)?, wide(6)?],
            };
            return (first <= last && last <= ROWS && left <= right && right <= COLUMNS).then_some(());
        }
        if id != MUL_RK && !CELLS.contains(&id) {
            return Some(());
        }
        let (Some(row), Some(left)) = (short(data, 0), short(data, 2)) else { return Some(()) };
        let right = if id == MUL_RK { short(data, data.len().saturating_sub(2)).unwrap_or(left) } else { left };
        let [top, bottom, first, last] = self.0.unwrap_or([row, row, left, right]);
        self.0 = Some([top.min(row), bottom.max(row), first.min(left), last.max(right)]);
        Some(())
    }

    /// How many cells there are between its corners.
    fn cells(&self) -> usize {
        let [top, bottom, first, last] = match self.0 {
            Some(extent) => extent.map(usize::from),
            None => return 0,
        };
        (bottom - top + 1) * (last.saturating_sub(first) + 1)
    }
}
