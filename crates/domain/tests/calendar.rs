//! Terms: days, months and working days, with the holidays of the State Council's notices.

use chrono::NaiveDate;
use domain::Catalog;
use domain::calendar::Term;
use domain::programme::ClockUnit;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn ends(length: u32, unit: ClockUnit, from: &str) -> String {
    let end = Term { length, unit }.after(&Catalog::shipped(), day(from));
    end.map(|end| end.to_string()).unwrap_or_default()
}

#[test]
fn working_days_pass_over_holidays_and_count_the_saturdays_worked_for_them() {
    use ClockUnit::WorkingDays;
    for (length, from, end, why) in [
        (5, "2026-06-11", "2026-06-18", "a Thursday: over one weekend"),
        (5, "2026-06-12", "2026-06-22", "a Friday: the next Friday is 端午"),
        (20, "2026-06-12", "2026-07-13", "one holiday more than four weeks"),
        (1, "2026-02-13", "2026-02-14", "the Saturday before 春节 is worked"),
        (2, "2026-02-13", "2026-02-24", "and then come nine days off"),
        (1, "2025-09-30", "2025-10-09", "国庆 and 中秋 together"),
        (2, "2025-10-09", "2025-10-11", "the Saturday after is worked"),
        (1, "2026-01-01", "2026-01-04", "the Sunday after 元旦 is worked"),
    ] {
        assert_eq!(ends(length, WorkingDays, from), end, "{length} after {from}: {why}");
    }
}

#[test]
fn other_terms_are_plain_and_a_month_ends_where_it_can() {
    assert_eq!(ends(7, ClockUnit::Days, "2026-09-28"), "2026-10-05", "calendar days know no holidays");
    assert_eq!(ends(1, ClockUnit::Months, "2026-01-31"), "2026-02-28");
    assert_eq!(ends(3, ClockUnit::Years, "2024-02-29"), "2027-02-28");
}

#[test]
fn a_year_whose_holidays_nobody_entered_is_counted_by_its_weekends_and_said_to_be() {
    let catalog = Catalog::shipped();
    let term = Term { length: 20, unit: ClockUnit::WorkingDays };
    assert_eq!(term.without_holidays(&catalog, day("2026-06-12")), None);
    assert_eq!(term.without_holidays(&catalog, day("2026-12-20")), Some(2027), "it runs into the next year");
    assert_eq!(Term { length: 20, unit: ClockUnit::Days }.without_holidays(&catalog, day("2030-01-01")), None);
}

#[test]
fn a_district_adds_a_year_of_its_own() {
    let own = r#"
[[holidays]]
name = "y2027"
year = 2027
document = "国办发明电〔2026〕9号"
off = ["2027-01-01"]
worked = ["2027-01-03"]
source = "区里录入"
"#;
    let catalog = Catalog::over_shipped(&[("holidays.toml", own)]).expect("a year more");
    assert!(!catalog.is_worked(day("2027-01-01")) && catalog.is_worked(day("2027-01-03")), "as it says");
    assert!(!catalog.is_worked(day("2026-10-05")), "what ships is still there");
    let wrong = own.replace("2027-01-03", "2026-01-03");
    let error = Catalog::over_shipped(&[("holidays.toml", wrong.as_str())]).expect_err("a day of another year");
    assert_eq!((error.file.as_str(), error.key.as_str()), ("holidays.toml", "holidays.y2027"), "{error}");
}
