//! xlsx, cell by cell and straight from its XML.
//!
//! Own code for two reasons: the merged cells, which carry half the meaning of an
//! office's table, stand behind the cells; and a table of ten thousand rows is to
//! be read in about the time in which its XML can be read at all.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::SheetError;
use crate::cell::{Cell, Day};
use crate::grid::{Grid, Merge, Put, Strings};
use crate::part::{self, Part, Stop, attribute, entity, local, raw, unescaped};
use crate::strings::strings;
use crate::workbook::{File, MAX_UNPACKED};

/// The rows and columns that a spreadsheet has.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// A workbook, opened: its sheets by name, and what all of them share.
pub(crate) struct Book<'a> {
    file: &'a File<'a>,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// What may still be unpacked.
    left: AtomicU64,
    sheets: Vec<Listed>,
    /// The part with the texts that all sheets share.
    strings_path: Option<String>,
    /// Those texts, once they are read.
    strings: Option<Arc<Strings>>,
    /// By cell style: whether a number of it is a date.
    dates: Vec<bool>,
    from_1904: bool,
    /// Where the workbook's own part lies.
    path: String,
}

struct Listed {
    name: String,
    path: String,
    visible: bool,
}

impl<'a> Book<'a> {
    /// Reads what all sheets share.
    pub(crate) fn open(file: &'a File<'a>, archive: ZipArchive<Cursor<&'a [u8]>>) -> Result<Self, SheetError> {
        let mut book = Self {
            file,
            archive,
            left: AtomicU64::new(MAX_UNPACKED),
            sheets: Vec::new(),
            strings_path: None,
            strings: None,
            dates: Vec::new(),
            from_1904: false,
            path: String::new(),
        };
        let root = book.relations("_rels/.rels", "")?;
        let of_type = |kind: &str, all: &[Relation]| {
            all.iter().find(|r| r.kind.ends_with(kind)).map(|relation| relation.target.clone())
        };
        let workbook = of_type("/officeDocument", &root).unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let folder = workbook.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        book.path.clone_from(&workbook);
        let own = book.relations(&book.relations_path(), &folder)?;
        book.workbook(&workbook, &own)?;
        if let Some(styles) = of_type("/styles", &own) {
            book.read_styles(&styles)?;
        }
        book.strings_path = of_type("/sharedStrings", &own);
        if book.sheets.is_empty() { Err(file.not("it has no sheets")) } else { Ok(book) }
    }

    /// How many sheets there are: the visible ones first.
    pub(crate) fn count(&self) -> usize {
        self.sheets.len()
    }

    /// Every sheet's name and part.
    pub(crate) fn sheets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.path.as_str()))
    }

    /// The texts that cells name by their number.
    pub(crate) fn strings(&mut self) -> Result<Arc<Strings>, SheetError> {
        if let Some(strings) = &self.strings {
            return Ok(Arc::clone(strings));
        }
        let strings = Arc::new(strings(self.file, self.archive.clone(), &self.left, self.strings_path.as_deref())?);
        self.strings = Some(Arc::clone(&strings));
        Ok(strings)
    }

    /// By cell style: whether a number of it is a date.
    pub(crate) fn dates(&self) -> &[bool] {
        &self.dates
    }

    /// Where the workbook's own part lies.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Where that part's relations lie.
    pub(crate) fn relations_path(&self) -> String {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        format!("{folder}/_rels/{name}.rels").trim_start_matches('/').to_owned()
    }

    fn part(&mut self, path: &str) -> Result<Option<Part<'_, 'a>>, SheetError> {
        part::open(self.file, &mut self.archive, &self.left, path)
    }

    fn relations(&mut self, path: &str, folder: &str) -> Result<Vec<Relation>, SheetError> {
        let mut relations = Vec::new();
        let Some(mut part) = self.part(path.trim_start_matches('/'))? else { return Ok(relations) };
        part.each(|event| {
            if let Event::Start(tag) | Event::Empty(tag) = event
                && tag.local_name().as_ref() == "Relationship"
            {
                let target = attribute(tag, "Target").unwrap_or_default();
                relations.push(Relation {
                    id: attribute(tag, "Id").unwrap_or_default(),
                    kind: attribute(tag, "Type").unwrap_or_default(),
                    target: resolved(folder, &target),
                });
            }
            Ok(())
        })?;
        Ok(relations)
    }

    fn workbook(&mut self, path: &str, relations: &[Relation]) -> Result<(), SheetError> {
        let (mut sheets, mut from_1904) = (Vec::new(), false);
        let not = self.file.not("it has no workbook inside");
        let mut part = self.part(path)?.ok_or(not)?;
        part.each(|event| {
            let (Event::Start(tag) | Event::Empty(tag)) = event else { return Ok(()) };
            match tag.local_name().as_ref() {
                "workbookPr" => {
                    from_1904 = attribute(tag, "date1904").is_some_and(|mark| matches!(mark.as_str(), "1" | "true"));
                }
                "sheet" => {
                    let id = tag.attributes().with_checks(false).flatten().find(|a| a.key.as_ref().ends_with(":id"));
                    let id = id.map(|id| id.value.into_owned()).unwrap_or_default();
                    let target = relations.iter().find(|relation| relation.id == id);
                    // A chart or a dialog on a sheet of its own holds no cells.
                    if let Some(target) = target.filter(|target| target.kind.ends_with("/worksheet")) {
                        sheets.push(Listed {
                            name: attribute(tag, "name").unwrap_or_default(),
                            path: target.target.clone(),
                            visible: attribute(tag, "state").is_none_or(|state| state == "visible"),
                        });
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        sheets.sort_by_key(|sheet| !sheet.visible);
        drop(part);
        (self.sheets, self.from_1904) = (sheets, from_1904);
        Ok(())
    }

    fn read_styles(&mut self, path: &str) -> Result<(), SheetError> {
        let Some(mut part) = self.part(path)? else { return Ok(()) };
        let mut own: std::collections::BTreeMap<u32, bool> = std::collections::BTreeMap::new();
        let (mut dates, mut in_cells) = (Vec::new(), false);
        part.each(|event| {
            match event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "numFmt" if own.len() < 10_000 => {
                        let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok());
                        let code = attribute(tag, "formatCode").unwrap_or_default();
                        own.extend(id.map(|id: u32| (id, shows_date(&code))));
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells && dates.len() < 100_000 => {
                        let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                        dates.push(own.get(&id).copied().unwrap_or(matches!(id, 14..=17 | 22 | 27..=36 | 50..=58)));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
                _ => {}
            }
            Ok(())
        })?;
        drop(part);
        self.dates = dates;
        Ok(())
    }

    /// The cells of the `i`th sheet.
    pub(crate) fn grid(&mut self, i: usize) -> Result<Grid, SheetError> {
        let Listed { name: sheet, path, .. } = &self.sheets[i];
        let (file, left, mut archive) = (self.file, &self.left, self.archive.clone());
        let mut cells = Cells {
            name: file.name,
            dates: &self.dates,
            from_1904: self.from_1904,
            grid: Grid::named(sheet.clone()),
            row: 0,
            column: 0,
            kind: Type::Number,
            style: 0,
            text: String::new(),
            within: Within::Nothing,
        };
        let (kept, strings_path, beside) = (self.strings.clone(), self.strings_path.as_deref(), self.archive.clone());
        // The texts are a third of a large table's XML: they are read beside the cells.
        let (read, texts) = std::thread::scope(|scope| {
            let texts = kept.is_none().then(|| scope.spawn(move || strings(file, beside, left, strings_path)));
            let read = match part::open(file, &mut archive, left, path) {
                Ok(Some(mut part)) => part.each(|event| cells.take(event)),
                Ok(None) => Err(file.not("a sheet that it lists is not in it")),
                Err(error) => Err(error),
            };
            let texts = texts.map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            (read, texts)
        });
        read?;
        let grid = cells.grid;
        let strings = match (kept, texts) {
            (Some(kept), _) => kept,
            (None, Some(texts)) => Arc::new(texts?),
            (None, None) => Arc::default(),
        };
        self.strings = Some(Arc::clone(&strings));
        grid.finish(file.name, strings)
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// A relation's target as a path from the archive's root.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What a cell's content is written as.
#[derive(Clone, Copy)]
enum Type {
    Number,
    Shared,
    Text,
    Bool,
    Error,
    Date,
}

/// Which element's letters are being read.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Value,
    /// A text that stands in the cell itself.
    Inline,
    /// How a text in the cell itself is pronounced.
    Sound,
}

struct Cells<'c> {
    name: &'c str,
    dates: &'c [bool],
    from_1904: bool,
    grid: Grid,
    /// From 1; 0 before the first row.
    row: u32,
    /// The column of the cell being read, and, between cells, of the next.
    column: u32,
    kind: Type,
    style: usize,
    text: String,
    within: Within,
}

impl Cells<'_> {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Stop> {
        match event {
            Event::Start(tag) => match local(tag.name().into_inner()) {
                "c" => self.begin(tag),
                "v" => self.within = Within::Value,
                "t" if self.within != Within::Sound => self.within = Within::Inline,
                "rPh" => self.within = Within::Sound,
                "row" => self.begin_row(tag),
                "mergeCell" => self.merge(tag),
                _ => {}
            },
            Event::End(tag) => match local(tag.name().into_inner()) {
                "c" => self.end()?,
                "v" | "rPh" => self.within = Within::Nothing,
                "t" if self.within == Within::Inline => self.within = Within::Nothing,
                _ => {}
            },
            Event::Empty(tag) => match local(tag.name().into_inner()) {
                "c" => {
                    self.begin(tag);
                    self.column += 1;
                }
                "row" => self.begin_row(tag),
                "mergeCell" => self.merge(tag),
                _ => {}
            },
            Event::Text(part) if self.reads() => self.text.push_str(&part.xml10_content()),
            Event::CData(part) if self.reads() => self.text.push_str(&part.xml10_content()),
            Event::GeneralRef(part) if self.reads() => self.text.push(entity(part)?),
            _ => {}
        }
        Ok(())
    }

    fn reads(&self) -> bool {
        matches!(self.within, Within::Value | Within::Inline)
    }

    fn begin_row(&mut self, tag: &BytesStart<'_>) {
        let given = raw(tag, "r").and_then(|number| number.parse().ok());
        self.row = given.unwrap_or_else(|| self.row.saturating_add(1)).clamp(1, LAST_ROW);
        self.column = 0;
    }

    fn begin(&mut self, tag: &BytesStart<'_>) {
        (self.kind, self.style) = (Type::Number, 0);
        self.text.clear();
        for attribute in tag.attributes().with_checks(false).flatten() {
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => {
                    if let Some((row, column)) = place(value) {
                        (self.row, self.column) = (row, column);
                    }
                }
                "s" => self.style = value.parse().unwrap_or(0),
                "t" => {
                    self.kind = match value {
                        "s" => Type::Shared,
                        "str" | "inlineStr" => Type::Text,
                        "b" => Type::Bool,
                        "e" => Type::Error,
                        "d" => Type::Date,
                        _ => Type::Number,
                    }
                }
                _ => {}
            }
        }
        self.column = self.column.min(LAST_COLUMN);
    }

    fn end(&mut self) -> Result<(), Stop> {
        let column = self.column as usize;
        self.column += 1;
        let text = self.text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let escaped;
        let put = match self.kind {
            // A number that no text has is found out when the texts are known.
            Type::Shared => Put::Shared(text.parse().unwrap_or(u32::MAX)),
            Type::Text => {
                escaped = unescaped(&self.text);
                Put::Cell(Cell::text(&escaped))
            }
            Type::Bool => Put::Cell(Cell::Bool(text == "1" || text == "true")),
            Type::Error => Put::Cell(Cell::Error(text)),
            Type::Date => Put::Cell(Cell::text(text.split_once('T').map_or(text, |(date, _)| date))),
            Type::Number => Put::Cell(match text.parse::<f64>() {
                Ok(number) if !number.is_finite() => Cell::Error(text),
                Ok(number) if self.dates.get(self.style).copied().unwrap_or(false) => {
                    Day::of_serial(number, self.from_1904).map_or(Cell::Number(number), Cell::Date)
                }
                Ok(number) => Cell::Number(number),
                Err(_) => Cell::text(text),
            }),
        };
        Ok(self.grid.put(self.name, self.row.max(1), column, put)?)
    }

    fn merge(&mut self, tag: &BytesStart<'_>) {
        let Some(range) = raw(tag, "ref") else { return };
        let (from, to) = range.split_once(':').unwrap_or((&range, &range));
        if let (Some((top, left)), Some((bottom, right))) = (place(from), place(to)) {
            self.grid.merge(Merge { top, left: left as usize, bottom, right: right as usize });
        }
    }
}

/// `B5` as row 5 (from 1) and column 1 (from 0).
pub(crate) fn place(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'$' => {}
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
            }
            b'0'..=b'9' => row = row * 10 + u32::from(byte - b'0'),
            _ => return None,
        }
        if column > LAST_COLUMN || row > LAST_ROW {
            return None;
        }
    }
    (row > 0 && column > 0).then(|| (row, column - 1))
}

/// Whether a number of this format is shown as a day: it names a year or a day outside quotes and brackets.
fn shows_date(code: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for letter in code.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => bracket = true,
            ']' if !quoted => bracket = false,
            // 年 and 日 stand within quotes in most files; the letters beside them do not.
            'y' | 'Y' | 'd' | 'D' | 'e' if !quoted && !bracket => return letter != 'e' || code.contains('m'),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{place, resolved, shows_date};

    #[test]
    fn places_formats_and_paths_are_read_as_a_spreadsheet_reads_them() {
        assert_eq!(place("B5"), Some((5, 1)));
        assert_eq!(place("XFD1048576"), Some((1_048_576, 16_383)), "the last cell there is");
        assert_eq!(place("XFE1"), None, "one column further");
        assert_eq!(place("A99999999999"), None, "no number is too long to be refused");
        for (code, date) in
            [("yyyy\\-mm\\-dd", true), ("yyyy\"年\"m\"月\"", true), ("0.00", false), ("[Red]0", false), ("h:mm", false)]
        {
            assert_eq!(shows_date(code), date, "{code}");
        }
        assert!(!shows_date("0\"day\""), "a word in quotes is no day");
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolved("xl/x", "../b.xml"), "xl/b.xml");
    }
}
