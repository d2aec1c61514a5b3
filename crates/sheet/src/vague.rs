//! Dates as people leave them open: 5月底, 下旬, 2025.5, 二季度. None of them is
//! taken; each is offered with the way of reading it, and the person decides once.

use domain::catalog::{Field, FieldType, Label};

use crate::cell::{Cell, date_parts};
use crate::reading::{CellError, Offer, Offered, Reason};
use crate::text::{half_width, whole};

/// What the cell may mean as a value of `field`, if anything at all; `year` is
/// the year that the table speaks of, for texts that name none.
pub(crate) fn offered(field: &Field, cell: Cell<'_>, year: Option<i32>) -> Option<Box<Offered>> {
    if !matches!(field.field_type, FieldType::Date | FieldType::Month) {
        return None;
    }
    let given = cell.shown().into_owned();
    let mut days = match cell {
        Cell::Number(number) => of_number(number, &given),
        _ => of_text(&given, year),
    };
    days.retain(Day::exists);
    if days.is_empty() {
        return None;
    }
    let month = field.field_type == FieldType::Month;
    let mut offers: Vec<Offer> = Vec::new();
    for day in days {
        let value = if month { day.month() } else { day.day() };
        if offers.iter().all(|offer| offer.value != value) {
            offers.push(Offer { value, reading: day.reading });
        }
    }
    let reason = Reason::Cell(CellError::VagueDate { field: field.name.clone(), given: given.clone() });
    Some(Box::new(Offered { given, reason, offers }))
}

struct Day {
    year: i32,
    month: u32,
    day: u32,
    reading: Label,
}

impl Day {
    fn new(year: i32, month: u32, day: u32, zh: &str, en: &str) -> Self {
        Self { year, month, day, reading: Label { zh: zh.to_owned(), en: en.to_owned() } }
    }

    fn exists(&self) -> bool {
        (1900..2200).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=last_of(self.year, self.month)).contains(&self.day)
    }

    fn day(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn month(&self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

fn last_of(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A number in a column of dates: a day that lost its format, or year and month.
fn of_number(number: f64, given: &str) -> Vec<Day> {
    if let Some(serial) = whole(number).filter(|serial| (20_000..80_000).contains(serial)) {
        let (year, month, day) = crate::cell::Day::of_serial(number, false).map_or((0, 0, 0), crate::cell::Day::parts);
        let zh = format!("表格的日期序号 {serial}（这一格没有日期格式）");
        let en = format!("the spreadsheet's serial {serial} (the cell has no date format)");
        return vec![Day::new(year, month, day, &zh, &en)];
    }
    let mut days = of_text(given, None);
    // 2025.1 as a number may have been 2025.10.
    if let Some((year, "1")) = given.split_once('.')
        && let Ok(year) = year.parse()
    {
        days.extend(whole_month(year, 10));
    }
    days
}

fn whole_month(year: i32, month: u32) -> [Day; 2] {
    [
        Day::new(year, month, last_of(year, month), "只写到月，取该月最后一天", "only the month: its last day"),
        Day::new(year, month, 1, "只写到月，取该月第一天", "only the month: its first day"),
    ]
}

fn of_text(given: &str, year_of_table: Option<i32>) -> Vec<Day> {
    let compact: String = half_width(given).chars().filter(|c| !c.is_whitespace()).collect();
    let text = compact.trim_end_matches(['前', '左', '右']).trim_start_matches(['约', '预', '计']);
    if let Some((year, month, None)) = date_parts(text) {
        return match (year.parse(), month.parse()) {
            (Ok(year), Ok(month)) => whole_month(year, month).into(),
            _ => Vec::new(),
        };
    }
    if let Some(day) = short_year(text) {
        return vec![day];
    }
    let (year, rest) = match text.split_once('年') {
        Some((year, rest)) => (year.parse().ok().map(of_two_digits), rest),
        None => (year_of_table, text),
    };
    let Some(year) = year else { return Vec::new() };
    let assumed = !text.contains('年');
    let mut days = within_year(year, rest.trim_end_matches('度'));
    for day in days.iter_mut().filter(|_| assumed) {
        day.reading.zh.push_str(&format!("；年份按表中的 {year} 年"));
        day.reading.en.push_str(&format!("; the year is the table's, {year}"));
    }
    days
}

fn of_two_digits(year: i32) -> i32 {
    if (0..100).contains(&year) { 2000 + year } else { year }
}

/// `25.5.3`: a year of two digits.
fn short_year(text: &str) -> Option<Day> {
    let unified = text.trim_end_matches(['日', '号']).replace(['年', '月', '.', '/'], "-");
    let mut parts = unified.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let good = year.len() == 2 && parts.next().is_none();
    let year: i32 = Some(year).filter(|_| good)?.parse().ok()?;
    let (zh, en) = (format!("年份补全为 {}", 2000 + year), format!("the year read as {}", 2000 + year));
    Some(Day::new(2000 + year, month.parse().ok()?, day.parse().ok()?, &zh, &en))
}

fn within_year(year: i32, rest: &str) -> Vec<Day> {
    let last = |month: u32| last_of(year, month);
    let quarter = |n: u32| {
        let (zh, en) = ("取该季度最后一天", "the quarter's last day");
        let (first_zh, first_en) = ("取该季度第一天", "the quarter's first day");
        vec![Day::new(year, n * 3, last(n * 3), zh, en), Day::new(year, n * 3 - 2, 1, first_zh, first_en)]
    };
    match rest.trim_start_matches('第') {
        "" | "内" => return vec![Day::new(year, 12, 31, "只写到年，取年末", "only the year: its last day")],
        "底" | "末" | "年底" | "年末" => {
            return vec![Day::new(year, 12, 31, "年底，取12月31日", "the year's end")];
        }
        "初" | "年初" => return vec![Day::new(year, 1, 1, "年初，取1月1日", "the year's beginning")],
        "上半年" => return vec![Day::new(year, 6, 30, "上半年，取6月30日", "the first half's last day")],
        "下半年" => return vec![Day::new(year, 12, 31, "下半年，取12月31日", "the second half's last day")],
        "一季度" | "1季度" | "一季" => return quarter(1),
        "二季度" | "2季度" | "二季" => return quarter(2),
        "三季度" | "3季度" | "三季" => return quarter(3),
        "四季度" | "4季度" | "四季" => return quarter(4),
        _ => {}
    }
    let Some((month, part)) = rest.split_once('月') else { return Vec::new() };
    let Some(month) = number(month).filter(|month| (1..=12).contains(month)) else { return Vec::new() };
    let day = |day: u32, zh: &str, en: &str| Day::new(year, month, day, zh, en);
    match part.trim_end_matches("以") {
        "" => whole_month(year, month).into(),
        "底" | "末" => vec![day(last(month), "月底，取该月最后一天", "the month's last day")],
        "初" => vec![day(1, "月初，取该月第一天", "the month's first day")],
        "中" => vec![day(15, "月中，取15日", "the month's middle")],
        "上旬" => vec![
            day(10, "上旬，取10日（末日）", "the first ten days' last"),
            day(1, "上旬，取1日（首日）", "their first"),
        ],
        "中旬" => {
            vec![
                day(20, "中旬，取20日（末日）", "the second ten days' last"),
                day(11, "中旬，取11日（首日）", "their first"),
            ]
        }
        "下旬" => vec![
            day(last(month), "下旬，取该月最后一天（末日）", "the last ten days' last"),
            day(21, "下旬，取21日（首日）", "their first"),
        ],
        part => match number(part.trim_end_matches(['日', '号'])) {
            Some(n) => vec![day(n, "没有写年份", "no year was written")],
            None => Vec::new(),
        },
    }
}

/// Digits, or 一 to 三十一 as they are written.
fn number(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).and_then(|i| u32::try_from(i + 1).ok());
    let letters: Vec<char> = text.chars().collect();
    match letters.as_slice() {
        ['十'] => Some(10),
        ['十', last] => Some(10 + digit(*last)?),
        [one] => digit(*one),
        [tens, '十'] => Some(10 * digit(*tens)?),
        [tens, '十', last] => Some(10 * digit(*tens)? + digit(*last)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::Catalog;

    use super::offered;
    use crate::cell::Cell;

    #[test]
    fn open_dates_are_offered_with_their_reading_and_nothing_else_is() {
        let catalog = Catalog::shipped();
        let field = catalog.kind("works").and_then(|kind| kind.field("planned_start")).expect("a date");
        let says = |cell: Cell<'_>| -> Vec<String> {
            let found = offered(field, cell, Some(2026));
            found.map(|found| found.offers.iter().map(|offer| offer.value.clone()).collect()).unwrap_or_default()
        };
        let text = |text: &str| says(Cell::text(text));
        assert_eq!(text("2025年5月底"), ["2025-05-31"]);
        assert_eq!(text("２０２４年２月末"), ["2024-02-29"], "a leap year, in full width");
        assert_eq!(text("5月下旬"), ["2026-05-31", "2026-05-21"], "the year that the table speaks of");
        assert_eq!(text("2025.5"), ["2025-05-31", "2025-05-01"]);
        assert_eq!(text("2025年"), ["2025-12-31"]);
        assert_eq!(text("2025年第二季度"), ["2025-06-30", "2025-04-01"]);
        assert_eq!(text("25.5.3"), ["2025-05-03"]);
        assert_eq!(text("十二月初"), ["2026-12-01"]);
        assert_eq!(says(Cell::Number(45_780.0)), ["2025-05-03"], "a day that lost its format");
        assert_eq!(says(Cell::Number(2025.1)), ["2025-01-31", "2025-01-01", "2025-10-31", "2025-10-01"]);
        for nothing in ["待定", "2025年13月底", "5月35日", "尽快", "2025-02-30"] {
            assert_eq!(text(nothing), Vec::<String>::new(), "{nothing} names no day");
        }
        let words = offered(field, Cell::text("5月底"), Some(2026)).expect("an offer");
        assert!(words.offers[0].reading.zh.contains("2026"), "what was assumed is said");
    }
}
