//! Workbooks (xlsx, xlsb, xls, ods) as grids of plain cells.
//!
//! xlsx and xlsb are read cell by cell: a file that names one cell in the last
//! corner of a sheet would otherwise ask for seventeen thousand million empty
//! ones. What is unpacked is counted, whatever a ZIP says of itself.

use std::io::{self, Cursor, Read};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use calamine::{Data, ExcelDateTime, Ods, Reader, SheetVisible, Xls, Xlsb};
use calamine::{OdsError, XlsError, XlsbError};
use zip::ZipArchive;

use crate::SheetError;
use crate::cell::{Cell, Day};
use crate::delimited;
use crate::grid::{Grid, Merge, Put, too_large};
use crate::part::{self, unopened};
use crate::xls;
use crate::xlsx::Book;

/// What a ZIP may unpack to: six times the longest file.
pub(crate) const MAX_UNPACKED: u64 = 6 * crate::MAX_BYTES;

/// The first sheet of the file for which `wanted` has a use, with what it made
/// of it: visible sheets in order, then hidden ones. The others are let go at once.
pub(crate) fn first<T>(
    name: &str,
    bytes: &[u8],
    mut wanted: impl FnMut(&Grid) -> Option<T>,
) -> Result<Option<(Grid, T)>, SheetError> {
    if bytes.len() as u64 > crate::MAX_BYTES {
        let limit = usize::try_from(crate::MAX_BYTES).unwrap_or(usize::MAX);
        return Err(too_large(name, "bytes", bytes.len(), limit));
    }
    let file = File { name };
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let mut look = |grid: Grid| wanted(&grid).map(|use_of_it| (grid, use_of_it));
    if bytes.starts_with(b"PK") {
        file.zipped(bytes, &mut look)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        file.compound(bytes, &mut look)
    } else if matches!(extension.as_str(), "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "et") {
        Err(SheetError::NotATable { name: name.to_owned() })
    } else {
        Ok(look(delimited::grid(name, bytes)?))
    }
}

pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
}

/// What is done with each sheet until one is taken.
type Look<'l, T> = &'l mut dyn FnMut(Grid) -> Option<T>;

impl File<'_> {
    pub(crate) fn not(&self, reason: &(impl ToString + ?Sized)) -> SheetError {
        SheetError::NotAWorkbook { name: self.name.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn encrypted(&self) -> SheetError {
        SheetError::TableEncrypted { name: self.name.to_owned() }
    }

    /// What a reader that is not ours makes of the file. Over some damaged old
    /// workbooks it panics, found by bending bytes; that ends its reading and not the program.
    fn guarded<T>(&self, read: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
        let damaged = |_| Err(self.not("it is damaged"));
        std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(damaged)
    }

    fn zipped<T>(&self, bytes: &[u8], look: Look<'_, T>) -> Result<Option<T>, SheetError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| self.not(&error))?;
        let has = |path: &str| part::index(&archive, path).is_some();
        let (is_xlsb, is_ods) = (has("xl/workbook.bin"), has("content.xml"));
        if !is_xlsb && !is_ods {
            let mut book = Book::open(self, archive)?;
            for i in 0..book.count() {
                if let Some(found) = look(book.grid(i)?) {
                    return Ok(Some(found));
                }
            }
            return Ok(None);
        }
        self.measure(&mut archive)?;
        if is_ods {
            let mut ods: Ods<_> = self.guarded(|| {
                Ods::new(Cursor::new(bytes)).map_err(|error| match error {
                    OdsError::Password => self.encrypted(),
                    error => self.not(&error),
                })
            })?;
            for sheet in order(ods.sheets_metadata()) {
                let range = self.guarded(|| ods.worksheet_range(&sheet).map_err(|error| self.not(&error)))?;
                if let Some(found) = look(self.dense(sheet, &range, &[])?) {
                    return Ok(Some(found));
                }
            }
            return Ok(None);
        }
        let mut xlsb: Xlsb<_> = self.guarded(|| {
            Xlsb::new(Cursor::new(bytes)).map_err(|error| match error {
                XlsbError::Password => self.encrypted(),
                error => self.not(&error),
            })
        })?;
        for sheet in order(xlsb.sheets_metadata()) {
            let mut grid = Grid::named(sheet.clone());
            let is_sheet = self.guarded(|| {
                let Ok(mut cells) = xlsb.worksheet_cells_reader(&sheet) else { return Ok(false) };
                while let Some(cell) = cells.next_cell().map_err(|error| self.not(&error))? {
                    let (row, column) = cell.get_position();
                    let data = Data::from(cell.get_value().clone());
                    let (row, column) = (row.saturating_add(1), column as usize);
                    with_cell(&data, |cell| grid.put(self.name, row, column, Put::Cell(cell)))?;
                }
                Ok(true)
            })?;
            if !is_sheet {
                continue;
            }
            if let Some(found) = look(grid.finish(self.name, Arc::default())?) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Old `.xls` and `.et`, or the shell in which newer files are encrypted.
    fn compound<T>(&self, bytes: &[u8], look: Look<'_, T>) -> Result<Option<T>, SheetError> {
        // The stream's name as the directory holds it: UTF-16.
        let package: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(package.len()).any(|window| window == package) {
            return Err(self.encrypted());
        }
        xls::measure(self, bytes)?;
        let mut xls: Xls<_> = self.guarded(|| {
            Xls::new(Cursor::new(bytes)).map_err(|error| match error {
                XlsError::Password => self.encrypted(),
                error => self.not(&error),
            })
        })?;
        for sheet in order(xls.sheets_metadata()) {
            let range = self.guarded(|| xls.worksheet_range(&sheet).map_err(|error| self.not(&error)))?;
            let merges = xls.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
            if let Some(found) = look(self.dense(sheet, &range, &merges)?) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Unpacks everything into nothing, so that the sizes are true and not what the file says of itself.
    fn measure(&self, archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), SheetError> {
        let mut left = MAX_UNPACKED;
        for i in 0..archive.len() {
            let entry = archive.by_index(i).map_err(|error| unopened(self, &error))?;
            let length = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|error| self.not(&error))?;
            if length > left {
                let limit = usize::try_from(MAX_UNPACKED).unwrap_or(usize::MAX);
                return Err(too_large(self.name, "unpacked", limit.saturating_add(1), limit));
            }
            left -= length;
        }
        Ok(())
    }

    fn dense(
        &self,
        sheet: String,
        range: &calamine::Range<Data>,
        merges: &[calamine::Dimensions],
    ) -> Result<Grid, SheetError> {
        let (top, left) = range.start().unwrap_or_default();
        let mut grid = Grid::named(sheet);
        for (row, column, data) in range.used_cells() {
            let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX)).saturating_add(1);
            with_cell(data, |cell| grid.put(self.name, row, left as usize + column, Put::Cell(cell)))?;
        }
        for merge in merges {
            let ((top, left), (bottom, right)) = (merge.start, merge.end);
            let (top, bottom) = (top.saturating_add(1), bottom.saturating_add(1));
            grid.merge(Merge { top, left: left as usize, bottom, right: right as usize });
        }
        grid.finish(self.name, Arc::default())
    }
}

fn order(sheets: &[calamine::Sheet]) -> Vec<String> {
    let shown = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let hidden = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    shown.chain(hidden).map(|sheet| sheet.name.clone()).collect()
}

/// Does something with what `data` says.
fn with_cell<T>(data: &Data, put: impl FnOnce(Cell<'_>) -> T) -> T {
    let error;
    #[allow(clippy::cast_precision_loss, reason = "a spreadsheet holds every number as a float")]
    put(match data {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Cell::Number(*number),
        Data::Float(_) => Cell::Error("#NUM!"),
        Data::Bool(truth) => Cell::Bool(*truth),
        Data::DateTime(moment) => of_moment(moment),
        Data::DateTimeIso(text) => Cell::text(text.split_once('T').map_or(text.as_str(), |(date, _)| date)),
        Data::Error(given) => {
            error = given.to_string();
            Cell::Error(&error)
        }
    })
}

/// A moment of a spreadsheet as its day; a number where it is no day.
fn of_moment(moment: &ExcelDateTime) -> Cell<'static> {
    let serial = moment.as_f64();
    if !moment.is_datetime() || !(1.0..2_958_466.0).contains(&serial) {
        return Cell::Number(serial);
    }
    // The calendar is known to the moment alone: the one whose day is the same.
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let same = |of: &Day| of.parts() == (i32::from(year), u32::from(month), u32::from(day));
    let found = [false, true].into_iter().filter_map(|from_1904| Day::of_serial(serial, from_1904)).find(same);
    found.map_or(Cell::Number(serial), Cell::Date)
}
