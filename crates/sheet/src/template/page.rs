//! One sheet of a template, filled.

use std::collections::HashMap;

use super::formula::{Moves, name, translated};
use super::placeholder::{Piece, Placeholder, Verb, pieces};
use super::xml::{self, CellXml, RowXml, SheetXml, attribute, escaped, with_attribute};
use super::{Answers, Ask, Filling};
use crate::grid::Strings;
use crate::xlsx::place;

/// What a sheet's cells refer to beyond the sheet.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'b> {
    pub(crate) strings: &'b Strings,
    /// By cell style: whether a number of it is a date.
    pub(crate) dates: &'b [bool],
}

/// How long a filled sheet's XML may grow: a hundred thousand rows of an ordinary table.
const MAX_SHEET: usize = 256 * 1024 * 1024;

/// Something wrong in a template: the cell, and a sentence.
pub(crate) type Wrong = (String, String);

/// A sheet of a template, understood.
pub(crate) struct Page<'x> {
    sheet: SheetXml<'x>,
    shared: Shared<'x>,
    /// By row and cell: the parts of a text that holds a placeholder.
    asked: HashMap<(usize, usize), Vec<Piece>>,
    /// By row: for how many records it is repeated.
    repeats: HashMap<usize, usize>,
    pub(crate) moves: Moves,
}

impl<'x> Page<'x> {
    /// Finds what the sheet asks for, and how its rows will move.
    pub(crate) fn read(
        title: &str,
        text: &'x str,
        shared: Shared<'x>,
        answers: &mut dyn Answers,
    ) -> Result<Self, Wrong> {
        let sheet = xml::take_apart(text).map_err(|reason| (title.to_owned(), reason))?;
        let mut page = Self {
            sheet,
            shared,
            asked: HashMap::new(),
            repeats: HashMap::new(),
            moves: Moves { sheet: title.to_owned(), repeated: Vec::new() },
        };
        page.share_formulas_out();
        for (at, row) in page.sheet.rows.iter().enumerate() {
            for (i, cell) in row.cells.iter().enumerate() {
                let Some(found) = text_of(cell, shared).and_then(|text| pieces(&text)) else { continue };
                for placeholder in asked(&found).filter(|placeholder| placeholder.is_value()) {
                    if page.repeats.contains_key(&at) {
                        break;
                    }
                    let count =
                        answers.rows(placeholder.kind()).map_err(|reason| (at_cell(title, row, cell), reason))?;
                    if let Some(count) = count {
                        page.repeats.insert(at, count);
                    }
                }
                page.asked.insert((at, i), found);
            }
            if let Some(count) = page.repeats.get(&at) {
                let count = u32::try_from((*count).max(1)).unwrap_or(u32::MAX);
                page.moves.repeated.push((row.number, count));
            }
        }
        let last = page.sheet.rows.last().map_or(0, |row| row.number);
        if u64::from(last) + page.moves.repeated.iter().map(|(_, count)| u64::from(*count)).sum::<u64>() > 1_048_576 {
            return Err((title.to_owned(), "填好后的行数超过一张工作表的上限".to_owned()));
        }
        if !page.moves.repeated.is_empty() && page.sheet.behind.contains("<tablePart") {
            let reason = "工作表里有 Excel“表格”（Ctrl+T），不能重复行，请先转换为区域";
            return Err((title.to_owned(), reason.to_owned()));
        }
        Ok(page)
    }

    /// Formulas that several cells share are written out, for their rows will part.
    fn share_formulas_out(&mut self) {
        let mut masters: HashMap<String, (String, u32, u32)> = HashMap::new();
        for row in &mut self.sheet.rows {
            for cell in &mut row.cells {
                let Some(formula) = &mut cell.formula else { continue };
                if attribute(formula.tag, "t") != Some("shared") {
                    continue;
                }
                let id = attribute(formula.tag, "si").unwrap_or_default().to_owned();
                if formula.text.is_empty() {
                    if let Some((text, top, left)) = masters.get(&id) {
                        let (down, right) =
                            (i64::from(row.number) - i64::from(*top), i64::from(cell.column) - i64::from(*left));
                        formula.text = translated(text, down, right);
                    }
                } else {
                    masters.insert(id, (formula.text.clone(), row.number, cell.column));
                }
                formula.tag = "<f>";
            }
        }
    }

    /// The sheet's XML with everything in its place; `all` are the moves of every sheet.
    pub(crate) fn write(&self, all: &[Moves], answers: &mut dyn Answers) -> Result<String, Wrong> {
        let mut written: Vec<String> = vec![String::new(); self.sheet.rows.len()];
        let mut sums: HashMap<u32, f64> = HashMap::new();
        // Repeated rows first: what stands above them may be their sum.
        for (at, row) in self.sheet.rows.iter().enumerate() {
            let Some(records) = self.repeats.get(&at).copied() else { continue };
            let copies = u32::try_from(records.max(1)).unwrap_or(u32::MAX);
            for copy in 0..copies {
                let number = self.moves.start(row.number) + copy;
                let one = One { page: self, all, at, row, number, copy: Some(copy), empty: records == 0 };
                one.write(&mut written[at], answers, &mut sums)?;
                if written[at].len() > MAX_SHEET {
                    return Err((at_row(&self.moves.sheet, row), "填好后的工作表太大".to_owned()));
                }
            }
        }
        let totals = sums.clone();
        for (at, row) in self.sheet.rows.iter().enumerate().filter(|(at, _)| !self.repeats.contains_key(at)) {
            let number = self.moves.start(row.number);
            let plain = number == row.number && row.cells.iter().all(|cell| cell.formula.is_none());
            if plain && (0..row.cells.len()).all(|i| !self.asked.contains_key(&(at, i))) {
                row.whole.clone_into(&mut written[at]);
                continue;
            }
            let one = One { page: self, all, at, row, number, copy: None, empty: false };
            one.write(&mut written[at], answers, &mut totals.clone())?;
        }
        let mut out = String::with_capacity(
            written.iter().map(String::len).sum::<usize>() + self.sheet.before.len() + self.sheet.behind.len(),
        );
        out.push_str(&self.moved(self.sheet.before, all));
        out.extend(written);
        out.push_str(&self.moved(self.sheet.behind, all));
        Ok(out)
    }

    fn formula(&self, formula: &str, all: &[Moves], copy: Option<u32>) -> String {
        let mut text = formula.to_owned();
        for moves in all.iter().filter(|moves| !moves.repeated.is_empty()) {
            let own = moves.sheet == self.moves.sheet;
            text = moves.formula(&text, own, copy.filter(|_| own));
        }
        text
    }

    /// What stands around the rows, with every range that it names moved along.
    fn moved(&self, text: &str, all: &[Moves]) -> String {
        if all.iter().all(|moves| moves.repeated.is_empty()) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut merges = 0_usize;
        while let Some(open) = rest.find('<') {
            let Some(length) = rest[open..].find('>') else { break };
            out.push_str(&rest[..open]);
            let tag = &rest[open..=open + length];
            rest = &rest[open + length + 1..];
            let element =
                tag[1..].split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default();
            match element {
                "mergeCell" => merges += self.merge(tag, &mut out),
                "dimension" | "autoFilter" | "hyperlink" => {
                    let range = attribute(tag, "ref").map(|range| self.moves.ranges(range)).unwrap_or_default();
                    out.push_str(&with_attribute(tag, "ref", &range));
                }
                "conditionalFormatting" | "dataValidation" | "protectedRange" => {
                    let range = attribute(tag, "sqref").map(|range| self.moves.ranges(range)).unwrap_or_default();
                    out.push_str(&with_attribute(tag, "sqref", &range));
                }
                "formula" | "formula1" | "formula2" => {
                    out.push_str(tag);
                    if let Some(end) = rest.find('<') {
                        out.push_str(&escaped(&self.formula(&xml::unescaped(&rest[..end]), all, None)));
                        rest = &rest[end..];
                    }
                }
                "brk" => {
                    let id = attribute(tag, "id").and_then(|id| id.parse::<u32>().ok());
                    let id = id.map(|id| self.moves.end(id).to_string()).unwrap_or_default();
                    out.push_str(&if id.is_empty() { tag.to_owned() } else { with_attribute(tag, "id", &id) });
                }
                _ => out.push_str(tag),
            }
        }
        out.push_str(rest);
        if merges > 0 {
            let count = out.matches("<mergeCell ").count();
            if let Some(at) = out.find("<mergeCells") {
                let end = out[at..].find('>').map_or(out.len(), |length| at + length + 1);
                let tag = with_attribute(&out[at..end], "count", &count.to_string());
                out.replace_range(at..end, &tag);
            }
        }
        out
    }

    /// A merge where it lies now: within a repeated row, once for each of them. How many were added.
    fn merge(&self, tag: &str, out: &mut String) -> usize {
        let range = attribute(tag, "ref").unwrap_or_default();
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        let (Some((top, left)), Some((bottom, right))) = (place(from), place(to)) else {
            out.push_str(tag);
            return 0;
        };
        let copies = self.moves.repeated.iter().find(|(row, _)| top == bottom && *row == top).map(|(_, count)| *count);
        let Some(copies) = copies else {
            out.push_str(&with_attribute(tag, "ref", &self.moves.ranges(range)));
            return 0;
        };
        for copy in 0..copies {
            let row = self.moves.start(top) + copy;
            let range = format!("{}{row}:{}{row}", name(left), name(right));
            out.push_str(&with_attribute(tag, "ref", &range));
        }
        copies as usize - 1
    }

    /// Where the values of `placeholder` stand: column, first and last row.
    fn column_of(&self, placeholder: &Placeholder) -> Option<(u32, u32, u32)> {
        let mut found = None;
        for (at, row) in self.sheet.rows.iter().enumerate().filter(|(at, _)| self.repeats.contains_key(at)) {
            let rows = (self.moves.start(row.number), self.moves.end(row.number));
            for (i, cell) in row.cells.iter().enumerate() {
                let Some([Piece::Asked(value)]) = self.asked.get(&(at, i)).map(Vec::as_slice) else { continue };
                if value.verb.is_some() || value.path != placeholder.path {
                    continue;
                }
                if value.unit == placeholder.unit || placeholder.unit.is_none() {
                    return Some((cell.column, rows.0, rows.1));
                }
                found = found.or(Some((cell.column, rows.0, rows.1)));
            }
        }
        found.filter(|_| placeholder.unit.is_none())
    }
}

/// One row being written.
struct One<'p, 'x> {
    page: &'p Page<'x>,
    all: &'p [Moves],
    at: usize,
    row: &'p RowXml<'x>,
    number: u32,
    copy: Option<u32>,
    /// Repeated for no record at all: the row stays, and says nothing.
    empty: bool,
}

impl One<'_, '_> {
    fn write(&self, out: &mut String, answers: &mut dyn Answers, sums: &mut HashMap<u32, f64>) -> Result<(), Wrong> {
        let tag = with_attribute(self.row.tag, "r", &self.number.to_string());
        out.push_str(&tag);
        if tag.ends_with("/>") {
            return Ok(());
        }
        for (i, cell) in self.row.cells.iter().enumerate() {
            let place = format!("{}{}", name(cell.column), self.number);
            match (self.page.asked.get(&(self.at, i)), &cell.formula) {
                (Some(pieces), _) => {
                    let wrong = |reason| (at_cell(&self.page.moves.sheet, self.row, cell), reason);
                    self.filled(out, &place, cell, pieces, answers, sums).map_err(wrong)?;
                }
                (None, Some(formula)) => {
                    let text = self.page.formula(&formula.text, self.all, self.copy);
                    let value = self.sum_of(&formula.text, sums).map(|sum| format!("<v>{sum}</v>")).unwrap_or_default();
                    let content = format!("{}{}</f>{value}", formula.tag.replace("/>", ">"), escaped(&text));
                    xml::cell(out, &place, attribute(cell.tag, "s"), "", &content);
                }
                (None, None) => {
                    out.push_str(&with_attribute(cell.tag, "r", &place));
                    if !cell.tag.ends_with("/>") {
                        out.push_str(cell.inside);
                        out.push_str("</c>");
                    }
                }
            }
        }
        out.push_str("</row>");
        Ok(())
    }

    /// The value of `SUM(G5:G5)` over a repeated row, so that it shows before anything is calculated.
    fn sum_of(&self, formula: &str, sums: &HashMap<u32, f64>) -> Option<String> {
        let (from, to) = formula.strip_prefix("SUM(")?.strip_suffix(')')?.split_once(':')?;
        let ((top, left), (bottom, right)) = (place(from)?, place(to)?);
        let over_one = top == bottom && left == right && self.page.moves.repeated.iter().any(|(row, _)| *row == top);
        over_one.then(|| crate::text::number(sums.get(&left).copied().unwrap_or(0.0)))
    }

    fn filled(
        &self,
        out: &mut String,
        place: &str,
        cell: &CellXml<'_>,
        pieces: &[Piece],
        answers: &mut dyn Answers,
        sums: &mut HashMap<u32, f64>,
    ) -> Result<(), String> {
        let style = attribute(cell.tag, "s");
        if let [Piece::Asked(placeholder)] = pieces {
            if let Some(verb) = placeholder.verb {
                let (formula, value) = self.total(placeholder, verb, sums)?;
                xml::cell(out, place, style, "", &format!("<f>{formula}</f><v>{value}</v>"));
                return Ok(());
            }
            match self.answer(placeholder, answers)? {
                Filling::Empty => xml::cell(out, place, style, "", ""),
                Filling::Number(number) => {
                    *sums.entry(cell.column).or_default() += number.parse().unwrap_or(0.0);
                    xml::cell(out, place, style, "", &format!("<v>{number}</v>"));
                }
                Filling::Date(date) => {
                    let shown = style.and_then(|style| style.parse::<usize>().ok());
                    let is_date = shown.and_then(|style| self.page.shared.dates.get(style)).copied().unwrap_or(false);
                    match serial(&date).filter(|_| is_date) {
                        Some(serial) => xml::cell(out, place, style, "", &format!("<v>{serial}</v>")),
                        None => text(out, place, style, &date),
                    }
                }
                Filling::Text(said) => text(out, place, style, &said),
            }
            return Ok(());
        }
        let mut said = String::new();
        for piece in pieces {
            match piece {
                Piece::Plain(plain) => said.push_str(plain),
                Piece::Asked(placeholder) => match placeholder.verb {
                    Some(verb) => said.push_str(&self.total(placeholder, verb, sums)?.1),
                    None => match self.answer(placeholder, answers)? {
                        Filling::Empty => {}
                        Filling::Text(text) | Filling::Number(text) | Filling::Date(text) => said.push_str(&text),
                    },
                },
            }
        }
        text(out, place, style, &said);
        Ok(())
    }

    fn answer(&self, placeholder: &Placeholder, answers: &mut dyn Answers) -> Result<Filling, String> {
        if self.empty {
            return Ok(Filling::Empty);
        }
        let copy = self.copy.map(|copy| copy as usize);
        if let (["n" | "序号"], Some(copy)) =
            (placeholder.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), copy)
        {
            return Ok(Filling::Number((copy + 1).to_string()));
        }
        answers.filling(Ask { placeholder, row: copy })
    }

    /// The formula of a total, and its value.
    fn total(
        &self,
        placeholder: &Placeholder,
        verb: Verb,
        sums: &HashMap<u32, f64>,
    ) -> Result<(String, String), String> {
        if verb == Verb::Count {
            let repeated = self.page.asked.iter().find_map(|((at, _), pieces)| {
                let of_kind = asked(pieces).any(|asked| asked.is_value() && asked.kind() == placeholder.kind());
                self.page.repeats.get(at).filter(|_| of_kind).map(|count| (*at, *count))
            });
            let (at, count) = repeated.ok_or("这张工作表里没有按它重复的行")?;
            let row = self.page.sheet.rows[at].number;
            let formula = match count {
                0 => "0".to_owned(),
                _ => format!("ROWS(A{}:A{})", self.page.moves.start(row), self.page.moves.end(row)),
            };
            return Ok((formula, count.to_string()));
        }
        let (column, first, last) =
            self.page.column_of(placeholder).ok_or("重复的行里没有哪一格单独放着这一项，或单位不同")?;
        let letters = name(column);
        let value = crate::text::number(sums.get(&column).copied().unwrap_or(0.0));
        Ok((format!("SUM({letters}{first}:{letters}{last})"), value))
    }
}

fn text(out: &mut String, place: &str, style: Option<&str>, text: &str) {
    if text.is_empty() {
        return xml::cell(out, place, style, "", "");
    }
    // As long as a cell can be; what is longer is cut off where a person sees it.
    let text: String = if text.chars().count() > 32_767 {
        text.chars().take(32_766).chain(['…']).collect()
    } else {
        text.to_owned()
    };
    xml::cell(out, place, style, "inlineStr", &format!("<is><t xml:space=\"preserve\">{}</t></is>", escaped(&text)));
}

fn asked(pieces: &[Piece]) -> impl Iterator<Item = &Placeholder> {
    pieces.iter().filter_map(|piece| if let Piece::Asked(placeholder) = piece { Some(placeholder) } else { None })
}

fn text_of(cell: &CellXml<'_>, shared: Shared<'_>) -> Option<String> {
    if cell.formula.is_some() {
        return None;
    }
    if attribute(cell.tag, "t") == Some("s") {
        let index = cell.value.as_deref()?.trim().parse().ok()?;
        return shared.strings.get(index).map(str::to_owned);
    }
    cell.inline.clone().or_else(|| cell.value.clone())
}

fn at_row(sheet: &str, row: &RowXml<'_>) -> String {
    format!("{sheet}!{0}:{0}", row.number)
}

fn at_cell(sheet: &str, row: &RowXml<'_>, cell: &CellXml<'_>) -> String {
    format!("{sheet}!{}{}", name(cell.column), row.number)
}

/// The day's number in the calendar from 1900.
fn serial(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Days since 1 March of the year 0, by which the leap day comes last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    // 30 December 1899, from which Excel counts after its own leap year of 1900.
    (year > 1900).then_some(days - 693_899)
}

#[cfg(test)]
mod tests {
    use super::serial;

    #[test]
    fn days_have_the_numbers_that_a_spreadsheet_gives_them() {
        assert_eq!(serial("2025-05-03"), Some(45_780));
        assert_eq!(serial("2024-02-29"), Some(45_351));
        assert_eq!(serial("1900-01-01"), None, "where Excel's calendar is wrong, the day stays a text");
        assert_eq!(serial("待定"), None);
    }
}
