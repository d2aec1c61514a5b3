//! When a month's report is due. No clock here: today is the caller's.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::catalog::Clock;

/// The last day of `month` (`YYYY-MM`) as a date; nothing for what is no month.
#[must_use]
pub fn last_day(month: &str) -> Option<String> {
    let last = first(month)?.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    Some(last.format("%Y-%m-%d").to_string())
}

/// The date by which what is of `month` is due; nothing where `clock` names no day.
///
/// A month that is too short for the day ends with its last one: what is due by
/// the 30th is due on 28 or 29 February.
#[must_use]
pub fn due(clock: &Clock, month: &str) -> Option<NaiveDate> {
    let first = first(month)?.checked_add_months(Months::new(clock.months_after))?;
    let last = first.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    first.with_day(clock.day?.min(last.day()))
}

fn first(month: &str) -> Option<NaiveDate> {
    let plain = month.len() == 7;
    NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::{due, last_day};
    use crate::Catalog;

    #[test]
    fn a_report_is_due_by_the_thirtieth_and_in_february_by_its_last_day() {
        let catalog = Catalog::shipped();
        let clock = catalog.clock("month_report", "2026-05-31").expect("the rule ships");
        for (month, date) in [("2026-05", "2026-05-30"), ("2026-02", "2026-02-28"), ("2028-02", "2028-02-29")] {
            assert_eq!(due(clock, month).expect("a month").to_string(), date);
        }
        let later = crate::catalog::Clock { months_after: 1, day: Some(31), ..clock.clone() };
        assert_eq!(due(&later, "2026-12").expect("a month").to_string(), "2027-01-31", "over the end of a year");
        assert_eq!(due(&later, "2026-13"), None, "there is no thirteenth month");
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        assert_eq!(last_day("2026-04").as_deref(), Some("2026-04-30"));
        assert_eq!(last_day("2026-4"), None, "one spelling only");
        assert_eq!(last_day("二〇二六"), None);
    }
}
