//! A sheet's XML as pieces that are kept as they are, and those that are written anew.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

/// The text of an attribute of an opening tag that stands in the file as `tag`.
pub(crate) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (start, end) = span(tag, name)?;
    Some(&tag[start..end])
}

/// Where the value of an attribute stands in a tag.
fn span(tag: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = tag[from..].find(name).map(|at| from + at) {
        let before = tag[..at].chars().next_back().is_some_and(char::is_whitespace);
        let rest = tag[at + name.len()..].trim_start();
        if before && let Some(rest) = rest.strip_prefix('=') {
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let start = tag.len() - rest.len() + 1;
            let length = tag[start..].find(quote)?;
            return Some((start, start + length));
        }
        from = at + name.len();
    }
    None
}

/// The tag with an attribute's value changed; as it is where it has none.
pub(crate) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    match span(tag, name) {
        Some((start, end)) => format!("{}{value}{}", &tag[..start], &tag[end..]),
        None => tag.to_owned(),
    }
}

/// `text` as XML spells it, without the control characters that it has no letter for.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !matches!(c, '&' | '<' | '>' | '"') && (!c.is_control() || matches!(c, '\n' | '\t'));
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => {}
            c if plain(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}

/// XML's spelling read back; what is no entity of XML's own stays.
pub(crate) fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// A row as it stands in the file.
#[derive(Debug, Default)]
pub(crate) struct RowXml<'x> {
    pub(crate) number: u32,
    /// All of it.
    pub(crate) whole: &'x str,
    /// `<row …>`, or `<row …/>` where it is empty.
    pub(crate) tag: &'x str,
    pub(crate) cells: Vec<CellXml<'x>>,
}

/// A cell as it stands in the file.
#[derive(Debug, Default)]
pub(crate) struct CellXml<'x> {
    pub(crate) column: u32,
    /// `<c …>` or `<c …/>`.
    pub(crate) tag: &'x str,
    /// What stands between its tags.
    pub(crate) inside: &'x str,
    /// Its formula, with the tag's own text before it.
    pub(crate) formula: Option<FormulaXml<'x>>,
    /// The text of its `<v>`.
    pub(crate) value: Option<String>,
    /// The text that stands in the cell itself.
    pub(crate) inline: Option<String>,
}

#[derive(Debug)]
pub(crate) struct FormulaXml<'x> {
    pub(crate) tag: &'x str,
    pub(crate) text: String,
}

/// A sheet's XML: what comes before the rows, the rows, what comes behind them.
pub(crate) struct SheetXml<'x> {
    pub(crate) before: &'x str,
    pub(crate) rows: Vec<RowXml<'x>>,
    pub(crate) behind: &'x str,
}

/// Takes a sheet's XML apart. A sentence where it cannot be.
pub(crate) fn take_apart(xml: &str) -> Result<SheetXml<'_>, String> {
    let mut reader = Reader::from_str(xml);
    let mut sheet = SheetXml { before: xml, rows: Vec::new(), behind: "" };
    let (mut row, mut cell): (RowXml<'_>, CellXml<'_>) = Default::default();
    let (mut row_start, mut inside_start, mut column) = (0, 0, 0_u32);
    let mut target = None::<&str>;
    let mut in_data = false;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let end = position(&reader);
        match event {
            Event::Eof => break,
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sheetData" => {
                    in_data = true;
                    sheet.before = &xml[..end];
                }
                "row" if in_data => {
                    row_start = start;
                    row = begin_row(&xml[start..end], row.number);
                    column = 0;
                }
                "c" if in_data => {
                    cell = begin_cell(&xml[start..end], &mut column);
                    inside_start = end;
                }
                "f" if in_data => {
                    target = Some("f");
                    cell.formula = Some(FormulaXml { tag: &xml[start..end], text: String::new() });
                }
                "v" if in_data => target = Some("v"),
                "t" if in_data => target = Some("t"),
                _ => {}
            },
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "sheetData" => (sheet.before, sheet.behind) = (&xml[..start], &xml[start..]),
                "row" if in_data => {
                    row = begin_row(&xml[start..end], row.number);
                    row.whole = &xml[start..end];
                    let number = row.number;
                    sheet.rows.push(std::mem::take(&mut row));
                    row.number = number;
                }
                "c" if in_data => row.cells.push(begin_cell(&xml[start..end], &mut column)),
                "f" if in_data => {
                    cell.formula = Some(FormulaXml { tag: &xml[start..end], text: String::new() });
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "sheetData" => {
                    in_data = false;
                    sheet.behind = &xml[start..];
                }
                "row" if in_data => {
                    row.whole = &xml[row_start..end];
                    let number = row.number;
                    sheet.rows.push(std::mem::take(&mut row));
                    row.number = number;
                }
                "c" if in_data => {
                    cell.inside = &xml[inside_start..start];
                    row.cells.push(std::mem::take(&mut cell));
                }
                "f" | "v" | "t" => target = None,
                _ => {}
            },
            Event::Text(text) => push(&mut cell, target, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(reference) => {
                push(&mut cell, target, &unescaped(&format!("&{};", reference.as_ref())));
            }
            Event::CData(text) => push(&mut cell, target, &text.xml_content(XmlVersion::Implicit1_0)),
            _ => {}
        }
    }
    Ok(sheet)
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn begin_row<'x>(tag: &'x str, last: u32) -> RowXml<'x> {
    let given = attribute(tag, "r").and_then(|r| r.parse().ok()).filter(|r| (1..=1_048_576).contains(r));
    let number = given.unwrap_or(last.saturating_add(1));
    RowXml { number, tag, ..RowXml::default() }
}

fn begin_cell<'x>(tag: &'x str, next: &mut u32) -> CellXml<'x> {
    let column = attribute(tag, "r").and_then(crate::xlsx::place).map_or(*next, |(_, column)| column);
    *next = column + 1;
    CellXml { column, tag, ..CellXml::default() }
}

fn push(cell: &mut CellXml<'_>, target: Option<&str>, text: &str) {
    match target {
        Some("f") => {
            if let Some(formula) = &mut cell.formula {
                formula.text.push_str(text);
            }
        }
        Some("v") => cell.value.get_or_insert_default().push_str(text),
        Some("t") => cell.inline.get_or_insert_default().push_str(text),
        _ => {}
    }
}

/// A cell written anew: its style, and a content that is XML already.
pub(crate) fn cell(out: &mut String, place: &str, style: Option<&str>, kind: &str, content: &str) {
    let _ = write!(out, "<c r=\"{place}\"");
    if let Some(style) = style {
        let _ = write!(out, " s=\"{style}\"");
    }
    if !kind.is_empty() {
        let _ = write!(out, " t=\"{kind}\"");
    }
    if content.is_empty() {
        out.push_str("/>");
    } else {
        let _ = write!(out, ">{content}</c>");
    }
}

#[cfg(test)]
mod tests {
    use super::{attribute, escaped, take_apart, with_attribute};

    #[test]
    fn a_sheet_is_taken_apart_without_losing_a_letter() {
        let xml = "<worksheet><cols/><sheetData><row r=\"2\" ht=\"30\"><c r=\"B2\" s=\"4\" t=\"s\"><v>1</v></c>\
                   <c r=\"C2\"><f>A1&amp;B1</f><v>3</v></c></row><row/></sheetData><mergeCells/></worksheet>";
        let sheet = take_apart(xml).expect("a sheet");
        let rows: String = sheet.rows.iter().map(|row| row.whole).collect();
        assert_eq!(format!("{}{rows}{}", sheet.before, sheet.behind), xml, "every byte is in one of the pieces");
        assert_eq!((sheet.rows[0].number, sheet.rows[1].number), (2, 3));
        assert_eq!(sheet.rows[0].cells[1].formula.as_ref().map(|f| f.text.as_str()), Some("A1&B1"));
        assert_eq!(with_attribute(sheet.rows[0].tag, "r", "7"), "<row r=\"7\" ht=\"30\">");
        assert_eq!(attribute("<c ref='x' r='A1'>", "r"), Some("A1"), "not the end of another name");
        assert_eq!(escaped("a<b&\u{1}"), "a&lt;b&amp;\u{fffd}");
    }
}
