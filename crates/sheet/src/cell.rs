//! A cell of a table as a value of its field, or the reason why it is none.

use std::borrow::Cow;
use std::fmt;

use domain::catalog::{Field, FieldType};
use domain::{Refusal, Value, money};
use serde_json::json;

use crate::reading::CellError;
use crate::text::{half_width, number, whole};
use crate::{Reason, unit};

/// What a cell holds, whatever file it came from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'t> {
    /// Nothing.
    Empty,
    /// Text, trimmed and not empty.
    Text(&'t str),
    /// A number as the spreadsheet shows it.
    Number(f64),
    /// A tick.
    Bool(bool),
    /// A real date of the spreadsheet.
    Date(Day),
    /// A formula that failed: `#REF!`.
    Error(&'t str),
}

/// A day of a spreadsheet's calendar; shown as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day with this number in a spreadsheet's calendar, from 1900 or from 1904;
    /// none for a time without a day, for the day that Excel invented in 1900, and
    /// beyond the year 9999.
    pub(crate) fn of_serial(serial: f64, from_1904: bool) -> Option<Self> {
        if !(1.0..2_958_466.0).contains(&serial) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, reason = "seven digits")]
        let whole = (serial + 1e-6).floor() as i64;
        let since_1899 = match (from_1904, whole) {
            (true, _) => whole + 1_462,
            (false, 60) => return None,
            (false, 1..60) => whole + 1,
            (false, _) => whole,
        };
        // Days since 1 March of the year 0, by which the leap day comes last.
        let days = since_1899 + 693_899;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Some(Self { year: u16::try_from(year).ok()?, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }

    /// Year, month and day.
    pub(crate) fn parts(self) -> (i32, u32, u32) {
        (self.year.into(), self.month.into(), self.day.into())
    }

    fn text(self) -> String {
        let digit = |n: u16| char::from(b'0' + u8::try_from(n % 10).unwrap_or(0));
        let (year, month, day) = (self.year, u16::from(self.month), u16::from(self.day));
        let mut text = String::with_capacity(10);
        text.extend([digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-']);
        text.extend([digit(month / 10), digit(month), '-', digit(day / 10), digit(day)]);
        text
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// `text` without the white space around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

impl<'t> Cell<'t> {
    /// `text` as a cell.
    pub(crate) fn text(text: &'t str) -> Self {
        match trimmed(text) {
            "" => Self::Empty,
            text => Self::Text(text),
        }
    }

    /// As a person would read it aloud.
    pub(crate) fn shown(self) -> Cow<'t, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Date(day) => Cow::Owned(day.text()),
            Self::Number(value) => Cow::Owned(number(value)),
            Self::Bool(true) => Cow::Borrowed("是"),
            Self::Bool(false) => Cow::Borrowed("否"),
        }
    }
}

/// The value of `field` that `cell` says, in the heading's `unit` where it has one.
///
/// References stay the text that stands there: whoever knows the records resolves them.
pub(crate) fn value(field: &Field, unit: Option<&str>, cell: Cell<'_>) -> Result<Value, Reason> {
    match (field.field_type, cell) {
        (_, Cell::Error(error)) => {
            Err(CellError::FormulaFailed { field: field.name.clone(), given: error.to_owned() }.into())
        }
        // A plain text is what it is, and a spreadsheet's own day exists: no rule of
        // the field can say no to them.
        (FieldType::Text, Cell::Text(text)) if field.digits.is_none() && !field.place_code => Ok(Value::from(text)),
        (FieldType::Date, Cell::Date(day)) => Ok(Value::from(day.text())),
        (FieldType::Integer, Cell::Number(value)) if unit.is_none() || unit == field.unit.as_deref() => {
            match whole(value) {
                Some(value) => Ok(field.check(&Value::from(value))?),
                None => Ok(of_text(field, unit, cell, &cell.shown())?),
            }
        }
        _ => Ok(of_text(field, unit, cell, &cell.shown())?),
    }
}

fn of_text(field: &Field, unit: Option<&str>, cell: Cell<'_>, shown: &str) -> Result<Value, Refusal> {
    use FieldType as T;
    match field.field_type {
        T::Text => field.check(&json!(shown)),
        T::Reference => Ok(json!(shown)),
        T::References => Ok(items(shown)),
        T::Money => amount(field, unit, shown),
        T::Integer | T::Decimal => quantity(field, unit, shown),
        T::Date => day(field, cell, shown).and_then(|date| field.check(&json!(date))),
        T::Month => month(field, cell, shown).and_then(|month| field.check(&json!(month))),
        T::Rate => rate(shown)
            .map_or_else(|| Err(wrong(field, "12/50（24%，YYYY-MM-DD，…）", shown)), |rate| field.check(&rate)),
        T::Place => place(shown).map_or_else(|| field.read_text(shown), |place| field.check(&place)),
        T::YesNo => match half_width(shown).as_ref() {
            "是" | "有" | "√" | "yes" | "true" => Ok(json!(true)),
            "否" | "无" | "×" | "no" | "false" => Ok(json!(false)),
            _ => field.read_text(shown),
        },
        T::Choice | T::Choices => field.read_text(shown).or_else(|refusal| {
            let narrow = half_width(shown);
            if narrow == shown { Err(refusal) } else { field.read_text(&narrow).map_err(|_| refusal) }
        }),
        T::Attachments | T::Remarks => field.read_text(shown),
    }
}

fn wrong(field: &Field, expected: &str, given: &str) -> Refusal {
    Refusal::wrong_type(&field.name, expected, given)
}

fn items(shown: &str) -> Value {
    shown
        .split([',', '，', '、', ';', '；', '\n'])
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|i| json!(i))
        .collect()
}

fn amount(field: &Field, unit: Option<&str>, shown: &str) -> Result<Value, Refusal> {
    let narrow = half_width(shown);
    let plain = narrow.trim().trim_start_matches('¥').trim();
    let (digits, own) = unit::split(plain);
    // The cell's own unit outweighs the heading's: it stands nearer to the number.
    let own_unit =
        (!own.is_empty()).then_some(own).or_else(|| if narrow.contains('¥') { unit.or(Some("元")) } else { unit });
    let Some(scale) = own_unit.and_then(unit::money) else {
        return Err(wrong(field, "money with its unit (元, 万元)", shown));
    };
    match money::parse_scaled(&digits.replace(' ', ""), scale) {
        Some(fen) => field.check(&json!(fen)),
        None => Err(wrong(field, "money, exact to the 分", shown)),
    }
}

fn quantity(field: &Field, unit: Option<&str>, shown: &str) -> Result<Value, Refusal> {
    let whole = field.field_type == FieldType::Integer;
    let expected = if whole { "a whole number" } else { "a number" };
    let narrow = half_width(shown);
    let (digits, own) = unit::split(narrow.trim());
    let given = (!own.is_empty()).then_some(own).or(unit);
    let kept = field.unit.as_deref().and_then(unit::measure);
    let factor = match (given, kept) {
        (None, _) => 1,
        (Some(given), Some((measure, 1))) => match unit::measure(given) {
            Some((same, factor)) if same == measure => factor,
            _ => return Err(wrong(field, &format!("{expected} in {measure}"), &format!("{shown} {given}"))),
        },
        (Some(_), _) if own.is_empty() => 1,
        (Some(_), _) => return Err(wrong(field, expected, shown)),
    };
    let Some(decimal) = unit::times(&digits.replace(' ', ""), factor) else {
        return Err(wrong(field, expected, shown));
    };
    if !whole {
        return field.check(&json!(decimal));
    }
    let (whole_part, part) = decimal.split_once('.').unwrap_or((&decimal, ""));
    match whole_part.parse::<i64>() {
        Ok(number) if part.bytes().all(|b| b == b'0') => field.check(&json!(number)),
        _ => Err(wrong(field, expected, shown)),
    }
}

/// Year, month and perhaps day of a date typed as people type it, and nothing behind it.
pub(crate) fn date_parts(text: &str) -> Option<(String, String, Option<String>)> {
    let narrow = half_width(text);
    let text = narrow.trim();
    // A time of day behind the date adds nothing to a date.
    let text = match text.split_once([' ', 'T']) {
        Some((date, time)) if time.trim().bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z')) => {
            date
        }
        _ => text,
    };
    let digits = |s: &str, most: usize| !s.is_empty() && s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
    if digits(text, 8) && text.len() == 8 {
        return Some((text[..4].to_owned(), text[4..6].to_owned(), Some(text[6..].to_owned())));
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let unified: String = compact
        .trim_end_matches(['日', '号'])
        .chars()
        .map(|c| if matches!(c, '年' | '月' | '.' | '/' | '\\') { '-' } else { c })
        .collect();
    let parts: Vec<&str> = unified.trim_end_matches('-').split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month] => (*year, *month, None),
        [year, month, day] => (*year, *month, Some(*day)),
        _ => return None,
    };
    let good = year.len() == 4 && digits(year, 4) && digits(month, 2) && day.is_none_or(|day| digits(day, 2));
    good.then(|| (year.to_owned(), format!("{month:0>2}"), day.map(|day| format!("{day:0>2}"))))
}

fn day(field: &Field, cell: Cell<'_>, shown: &str) -> Result<String, Refusal> {
    if let Cell::Date(day) = cell {
        return Ok(day.text());
    }
    match date_parts(shown) {
        Some((year, month, Some(day))) => Ok(format!("{year}-{month}-{day}")),
        _ => Err(wrong(field, "YYYY-MM-DD", shown)),
    }
}

fn month(field: &Field, cell: Cell<'_>, shown: &str) -> Result<String, Refusal> {
    match cell {
        Cell::Date(day) => return Ok(day.text().chars().take(7).collect()),
        // As a number, 2025.1 could be January or October.
        Cell::Number(_) => return Err(wrong(field, "YYYY-MM", shown)),
        _ => {}
    }
    match date_parts(shown) {
        Some((year, month, _)) => Ok(format!("{year}-{month}")),
        None => Err(wrong(field, "YYYY-MM", shown)),
    }
}

/// `12/50（24.00%，2024-12-31，户籍）`: the percentage is passed over, for it is always derived.
fn rate(shown: &str) -> Option<Value> {
    let narrow = half_width(shown);
    let (fraction, rest) = narrow.split_once('(')?;
    let (numerator, denominator) = fraction.split_once('/')?;
    let rest = rest.trim_end().strip_suffix(')')?;
    let mut parts = rest.splitn(3, ',').map(str::trim).filter(|part| !part.ends_with('%'));
    let (year, month, day) = date_parts(parts.next()?)?;
    // The basis is kept as typed, so it is cut from the text before it was narrowed.
    let basis: String = match parts.next() {
        Some(basis) => {
            let all: Vec<char> = shown.trim_end().chars().collect();
            let length = basis.chars().count();
            all[all.len().checked_sub(length + 1)?..all.len() - 1].iter().collect()
        }
        None => String::new(),
    };
    Some(json!({
        "numerator": numerator.trim().parse::<i64>().ok()?,
        "denominator": denominator.trim().parse::<i64>().ok()?,
        "asOf": format!("{year}-{month}-{}", day?),
        "basis": basis,
    }))
}

/// `120.123456, 33.376543（wgs84，±5 m）`.
fn place(shown: &str) -> Option<Value> {
    let narrow = half_width(shown);
    let (point, rest) = narrow.split_once('(').unwrap_or((&narrow, ""));
    let (lon, lat) = point.split_once(',')?;
    let mut parts = rest.trim_end().trim_end_matches(')').split(',').map(str::trim).filter(|part| !part.is_empty());
    let system = parts.next().unwrap_or("wgs84").to_lowercase();
    let accuracy = match parts.next() {
        Some(part) => json!(part.trim_start_matches('±').trim_end_matches('m').trim().parse::<f64>().ok()?),
        None => Value::Null,
    };
    let degrees = |text: &str| text.trim().trim_end_matches('°').parse::<f64>().ok();
    Some(json!({"lon": degrees(lon)?, "lat": degrees(lat)?, "accuracy": accuracy, "system": system}))
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn both_calendars_count_to_the_same_days() {
        let day = |serial: f64, from_1904| Day::of_serial(serial, from_1904).map(|day| day.to_string());
        assert_eq!(day(45_780.0, false).as_deref(), Some("2025-05-03"));
        assert_eq!(day(45_780.999_999_9, false).as_deref(), Some("2025-05-04"), "midnight, a hair short");
        assert_eq!(day(45_780.0, true).as_deref(), Some("2029-05-04"), "four years and a day later");
        assert_eq!(day(45_351.5, false).as_deref(), Some("2024-02-29"), "a leap day, at noon");
        assert_eq!(day(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(day(60.0, false), None, "the day that Excel invented");
        assert_eq!(day(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(day(2_958_465.0, false).as_deref(), Some("9999-12-31"));
        assert_eq!(day(0.5, false), None, "noon of no day");
        assert_eq!(day(f64::NAN, false), None);
    }
}
