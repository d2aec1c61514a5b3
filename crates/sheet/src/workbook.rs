//! Workbooks (xlsx, xlsb, xls, ods) as grids of plain cells.
//!
//! xlsx and xlsb are read cell by cell: a file that names one cell in the last
//! corner of a sheet would otherwise ask for seventeen thousand million empty
//! ones. What a ZIP unpacks to is measured before anything is parsed.

use std::io::{self, Cursor, Read};

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, SheetVisible, Xls, Xlsb, Xlsx};
use calamine::{OdsError, XlsError, XlsbError, XlsxError};

use crate::cell::Cell;
use crate::delimited;
use crate::grid::{Grid, too_large};
use crate::{MAX_COLUMNS, MAX_ROWS, SheetError};

/// What a ZIP may unpack to: ten times the longest file.
const MAX_UNPACKED: u64 = 10 * crate::MAX_BYTES;

/// The visible sheets of the file, in order; hidden ones after them.
pub(crate) fn grids(name: &str, bytes: &[u8]) -> Result<Vec<Grid>, SheetError> {
    if bytes.len() as u64 > crate::MAX_BYTES {
        let limit = usize::try_from(crate::MAX_BYTES).unwrap_or(usize::MAX);
        return Err(too_large(name, "bytes", bytes.len(), limit));
    }
    let file = File { name };
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"PK") {
        file.zipped(bytes)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        file.compound(bytes)
    } else if matches!(extension.as_str(), "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "et") {
        Err(file.not("the file's name says spreadsheet, but its content does not"))
    } else {
        Ok(vec![delimited::grid(name, bytes)?])
    }
}

struct File<'a> {
    name: &'a str,
}

impl File<'_> {
    fn not(&self, reason: &(impl ToString + ?Sized)) -> SheetError {
        SheetError::NotAWorkbook { name: self.name.to_owned(), reason: reason.to_string() }
    }

    fn encrypted(&self) -> SheetError {
        SheetError::TableEncrypted { name: self.name.to_owned() }
    }

    fn zipped(&self, bytes: &[u8]) -> Result<Vec<Grid>, SheetError> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| self.not(&error))?;
        self.measure(&mut archive)?;
        let has = |path: &str| archive.index_for_name(path).is_some();
        let (is_xlsb, is_ods) = (has("xl/workbook.bin"), has("content.xml"));
        if is_ods {
            let mut ods: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
                OdsError::Password => self.encrypted(),
                error => self.not(&error),
            })?;
            let names = order(ods.sheets_metadata());
            return names.iter().map(|n| self.dense(&ods.worksheet_range(n).map_err(|e| self.not(&e))?)).collect();
        }
        if is_xlsb {
            let mut xlsb: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(|error| match error {
                XlsbError::Password => self.encrypted(),
                error => self.not(&error),
            })?;
            let mut grids = Vec::new();
            for sheet in order(xlsb.sheets_metadata()) {
                let Ok(mut cells) = xlsb.worksheet_cells_reader(&sheet) else { continue };
                grids.push(self.sparse(|| Ok(cells.next_cell().map_err(|e| self.not(&e))?.as_ref().map(of_cell)))?);
            }
            return Ok(grids);
        }
        let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsxError::Password => self.encrypted(),
            error => self.not(&error),
        })?;
        let mut grids = Vec::new();
        for sheet in order(xlsx.sheets_metadata()) {
            // A sheet that is a chart holds no cells.
            let Ok(mut cells) = xlsx.worksheet_cells_reader(&sheet) else { continue };
            grids.push(self.sparse(|| Ok(cells.next_cell().map_err(|e| self.not(&e))?.as_ref().map(of_cell)))?);
        }
        if grids.is_empty() { Err(self.not("it has no sheets")) } else { Ok(grids) }
    }

    /// Old `.xls`, or the shell in which newer files are encrypted.
    fn compound(&self, bytes: &[u8]) -> Result<Vec<Grid>, SheetError> {
        // The stream's name as the directory holds it: UTF-16.
        let package: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(package.len()).any(|window| window == package) {
            return Err(self.encrypted());
        }
        let mut xls: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsError::Password => self.encrypted(),
            error => self.not(&error),
        })?;
        let names = order(xls.sheets_metadata());
        names.iter().map(|n| self.dense(&xls.worksheet_range(n).map_err(|e| self.not(&e))?)).collect()
    }

    /// Unpacks everything into nothing, so that the sizes are true and not what the file says of itself.
    fn measure(&self, archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Result<(), SheetError> {
        let mut left = MAX_UNPACKED;
        for i in 0..archive.len() {
            let entry = archive.by_index(i).map_err(|error| match error {
                zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => self.encrypted(),
                error => self.not(&error),
            })?;
            let length = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|error| self.not(&error))?;
            if length > left {
                let limit = usize::try_from(MAX_UNPACKED).unwrap_or(usize::MAX);
                return Err(too_large(self.name, "unpacked bytes", limit.saturating_add(1), limit));
            }
            left -= length;
        }
        Ok(())
    }

    fn sparse(
        &self,
        mut next: impl FnMut() -> Result<Option<(u32, u32, Cell)>, SheetError>,
    ) -> Result<Grid, SheetError> {
        let mut rows = std::collections::BTreeMap::<u32, Vec<Cell>>::new();
        while let Some((row, column, cell)) = next()? {
            if cell == Cell::Empty {
                continue;
            }
            let column = column as usize;
            if column >= MAX_COLUMNS {
                return Err(too_large(self.name, "columns", column + 1, MAX_COLUMNS));
            }
            let cells = rows.entry(row.saturating_add(1)).or_default();
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            cells[column] = cell;
            if rows.len() > MAX_ROWS {
                return Err(too_large(self.name, "rows", rows.len(), MAX_ROWS));
            }
        }
        Ok(Grid { rows: rows.into_iter().collect() })
    }

    fn dense(&self, range: &calamine::Range<Data>) -> Result<Grid, SheetError> {
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = range.used_cells();
        self.sparse(|| {
            Ok(cells.next().map(|(row, column, data)| {
                let at = |start: u32, offset: usize| start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                (at(top, row), at(left, column), of_data(data))
            }))
        })
    }
}

fn order(sheets: &[calamine::Sheet]) -> Vec<String> {
    let shown = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let hidden = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    shown.chain(hidden).map(|sheet| sheet.name.clone()).collect()
}

fn of_cell(cell: &calamine::Cell<DataRef<'_>>) -> (u32, u32, Cell) {
    let (row, column) = cell.get_position();
    (row, column, of_data(&Data::from(cell.get_value().clone())))
}

fn of_data(data: &Data) -> Cell {
    #[allow(clippy::cast_precision_loss, reason = "a spreadsheet holds every number as a float")]
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::text(text),
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Cell::Number(*number),
        Data::Float(number) => Cell::Error(number.to_string()),
        Data::Bool(truth) => Cell::Bool(*truth),
        Data::DateTime(moment) => of_moment(moment),
        Data::DateTimeIso(text) => Cell::text(text.split_once('T').map_or(text.as_str(), |(date, _)| date)),
        Data::DurationIso(text) => Cell::text(text),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

fn of_moment(moment: &ExcelDateTime) -> Cell {
    let serial = moment.as_f64();
    // Below 1 lies a time of day without a date; above, Excel's calendar ends with the year 9999.
    if !moment.is_datetime() || !(1.0..2_958_466.0).contains(&serial) {
        return Cell::Number(serial);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    Cell::Date(format!("{year:04}-{month:02}-{day:02}"))
}
