//! A table written: an xlsx that an office prints as it is and reads back.
//!
//! The same rows give the same bytes, so that a package compiled twice is the
//! same package: the file carries a fixed date of creation.

use domain::catalog::{Field, FieldType, Kind};
use domain::{Fields, Value, money};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use crate::shown::{Language, pick, shown};
use crate::{MAX_ROWS, SheetError};

/// Whole numbers up to here are exact in a spreadsheet, which shows fifteen digits.
const EXACT: i64 = 999_999_999_999_999;

/// Writes `rows` as an xlsx with the fields `columns` of `kind`, in this order.
///
/// `names` gives the title of a referred record by its id; without one, the id
/// stands there. Money is in 元 with two places; below it stands the sum, as a
/// formula with its value. Fields that do not fit into a cell (photos) are
/// given by their file names and are not read back.
///
/// # Errors
/// [`SheetError::UnknownField`], [`SheetError::TableTooLarge`], [`SheetError::CellTooLong`].
pub fn write(
    kind: &Kind,
    columns: &[String],
    rows: impl IntoIterator<Item = Fields>,
    language: Language,
    names: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<u8>, SheetError> {
    let fields = columns
        .iter()
        .map(|name| {
            let unknown = |_| SheetError::UnknownField { kind: kind.name.clone(), field: name.clone() };
            kind.field(name).map_err(unknown)
        })
        .collect::<Result<Vec<&Field>, SheetError>>()?;
    if fields.len() >= crate::MAX_COLUMNS {
        return Err(crate::grid::too_large(&kind.name, "columns", fields.len(), crate::MAX_COLUMNS - 1));
    }
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1).map_err(unwritable)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet();
    let title = pick(language, &kind.label.zh, &kind.label.en);
    let title: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    sheet.set_name(title).map_err(unwritable)?;
    let mut page =
        Page { sheet, fields, language, names, formats: Formats::new(), widths: Vec::new(), sums: Vec::new() };
    page.head()?;
    let mut count = 0_u32;
    for row in rows {
        count += 1;
        if count as usize > MAX_ROWS {
            return Err(crate::grid::too_large(&kind.name, "rows", count as usize, MAX_ROWS));
        }
        page.row(count, &row)?;
    }
    page.foot(count)?;
    workbook.save_to_buffer().map_err(unwritable)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unwritable(error: XlsxError) -> SheetError {
    SheetError::TableUnwritable { reason: error.to_string() }
}

struct Formats {
    head: Format,
    text: Format,
    number: Format,
    money: Format,
    date: Format,
    total: Format,
    total_money: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = || {
            Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter).set_font_name("宋体")
        };
        let total = || cell().set_bold().set_background_color(Color::RGB(0xf2_f2f2));
        Self {
            head: cell()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(0xe8_efe9)),
            text: cell().set_text_wrap(),
            number: cell(),
            money: cell().set_num_format("#,##0.00"),
            date: cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            total: total(),
            total_money: total().set_num_format("#,##0.00"),
        }
    }
}

struct Page<'a> {
    sheet: &'a mut Worksheet,
    fields: Vec<&'a Field>,
    language: Language,
    names: &'a dyn Fn(&str) -> Option<String>,
    formats: Formats,
    /// The widest text of each field, in half-width letters.
    widths: Vec<usize>,
    /// The sum of each money field so far, in 分.
    sums: Vec<Option<i64>>,
}

impl Page<'_> {
    fn head(&mut self) -> Result<(), SheetError> {
        let number = pick(self.language, "序号", "No.");
        self.sheet.write_string_with_format(0, 0, number, &self.formats.head).map_err(unwritable)?;
        for i in 0..self.fields.len() {
            let field = self.fields[i];
            let label = pick(self.language, &field.label.zh, &field.label.en);
            let unit = if field.field_type == FieldType::Money { Some("元") } else { field.unit.as_deref() };
            let heading = unit.map_or_else(|| label.to_owned(), |unit| format!("{label}（{unit}）"));
            self.sheet.write_string_with_format(0, column(i), &heading, &self.formats.head).map_err(unwritable)?;
            self.widths.push(width(&heading));
            self.sums.push((field.field_type == FieldType::Money).then_some(0));
        }
        self.sheet.set_row_height(0, 30).map_err(unwritable)?;
        self.sheet.set_freeze_panes(1, 0).map_err(unwritable)?;
        self.sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        self.sheet.set_repeat_rows(0, 0).map_err(unwritable)?;
        Ok(())
    }

    fn row(&mut self, row: u32, values: &Fields) -> Result<(), SheetError> {
        self.sheet.write_number_with_format(row, 0, row, &self.formats.number).map_err(unwritable)?;
        for i in 0..self.fields.len() {
            let field = self.fields[i];
            let value = values.get(&field.name).unwrap_or(&Value::Null);
            if let (Some(Some(sum)), Some(fen)) = (self.sums.get(i).copied(), value.as_i64()) {
                let added = sum.checked_add(fen);
                let overflow =
                    || SheetError::TableUnwritable { reason: format!("the sum of {} is too large", field.name) };
                self.sums[i] = Some(added.ok_or_else(overflow)?);
            }
            let shown = self.cell(row, i, field, value).map_err(|error| match error {
                XlsxError::MaxStringLengthExceeded => {
                    SheetError::CellTooLong { row: row.to_string(), field: field.name.clone() }
                }
                error => unwritable(error),
            })?;
            self.widths[i] = self.widths[i].max(shown);
        }
        Ok(())
    }

    /// Writes one cell and says how wide it is.
    fn cell(&mut self, row: u32, i: usize, field: &Field, value: &Value) -> Result<usize, XlsxError> {
        let (at, formats) = (column(i), &self.formats);
        if value.is_null() {
            self.sheet.write_blank(row, at, &formats.text)?;
            return Ok(0);
        }
        #[allow(clippy::cast_precision_loss, reason = "fifteen digits are exact in a float")]
        match (field.field_type, value.as_i64()) {
            (FieldType::Money, Some(fen)) if fen.abs() <= EXACT => {
                self.sheet.write_number_with_format(row, at, fen as f64 / money::YUAN as f64, &formats.money)?;
                return Ok(money::yuan(fen).len() * 5 / 4);
            }
            (FieldType::Money, Some(fen)) => {
                let text = format!("{}元", money::yuan(fen));
                self.sheet.write_string_with_format(row, at, &text, &formats.text)?;
                return Ok(width(&text));
            }
            (FieldType::Integer, Some(number)) if number.abs() <= EXACT => {
                self.sheet.write_number_with_format(row, at, number as f64, &formats.number)?;
                return Ok(number.to_string().len());
            }
            _ => {}
        }
        let text = shown(field, value, self.language, self.names);
        match field.field_type {
            // As a number only where the number reads back as the same text.
            FieldType::Decimal if text.len() <= 15 => {
                if let Ok(number) = text.parse::<f64>()
                    && crate::text::number(number) == text
                {
                    self.sheet.write_number_with_format(row, at, number, &formats.number)?;
                    return Ok(text.len());
                }
                self.sheet.write_string_with_format(row, at, &text, &formats.text)?;
            }
            // Excel's calendar is sound from March 1900 on.
            FieldType::Date if text.as_str() > "1900-12-31" => match ExcelDateTime::parse_from_str(&text) {
                Ok(date) => {
                    self.sheet.write_datetime_with_format(row, at, &date, &formats.date)?;
                    return Ok(11);
                }
                Err(_) => {
                    self.sheet.write_string_with_format(row, at, &text, &formats.text)?;
                }
            },
            _ => {
                self.sheet.write_string_with_format(row, at, &text, &formats.text)?;
            }
        }
        Ok(text.lines().map(width).max().unwrap_or(0))
    }

    fn foot(&mut self, rows: u32) -> Result<(), SheetError> {
        let last = column(self.fields.len().saturating_sub(1));
        self.sheet.autofilter(0, 0, rows, last).map_err(unwritable)?;
        self.sheet.set_column_width(0, 6).map_err(unwritable)?;
        for (i, width) in self.widths.iter().enumerate() {
            let width = u16::try_from(width + 2).unwrap_or(u16::MAX).clamp(8, 48);
            self.sheet.set_column_width(column(i), width).map_err(unwritable)?;
        }
        if rows == 0 || self.sums.iter().all(Option::is_none) {
            return Ok(());
        }
        let at = rows + 1;
        let total = pick(self.language, "合计", "Total");
        self.sheet.write_string_with_format(at, 0, total, &self.formats.total).map_err(unwritable)?;
        for (i, sum) in self.sums.iter().enumerate() {
            let Some(fen) = sum else {
                self.sheet.write_blank(at, column(i), &self.formats.total).map_err(unwritable)?;
                continue;
            };
            let letters = rust_xlsxwriter::utility::column_number_to_name(column(i));
            let formula = Formula::new(format!("=SUM({letters}2:{letters}{})", rows + 1)).set_result(money::yuan(*fen));
            self.sheet
                .write_formula_with_format(at, column(i), formula, &self.formats.total_money)
                .map_err(unwritable)?;
        }
        Ok(())
    }
}

/// The sheet's column of the `i`th field; the first column counts the rows.
fn column(i: usize) -> u16 {
    u16::try_from(i + 1).unwrap_or(u16::MAX)
}

/// The width of `text` in half-width letters.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
