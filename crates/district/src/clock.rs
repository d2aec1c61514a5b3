//! Clocks: the district's own, and how far another's is off. Time decides nothing
//! here; what a wrong clock wrote is only marked, so that nobody believes it.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};

/// By how many seconds a clock may be wrong before its times are marked.
const TOLERANCE: i64 = 600;

/// How far 北京时间 is ahead of UTC.
const BEIJING: TimeDelta = TimeDelta::hours(8);

/// Now, as it is written into the database and shown: UTC, to the second.
pub(crate) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The day in all of China, wherever the server stands: spans are counted by it.
pub(crate) fn today() -> NaiveDate {
    (Utc::now() + BEIJING).date_naive()
}

/// By how many seconds the clock that says `at` now is ahead of ours (behind:
/// negative), where that is more than a few minutes. What is no time is not judged.
pub(crate) fn skew(at: &str) -> Option<i64> {
    let said = DateTime::parse_from_rfc3339(at).ok()?;
    let ahead = said.signed_duration_since(Utc::now()).num_seconds();
    (ahead.abs() > TOLERANCE).then_some(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_years_off_is_told_from_one_that_is_a_minute_off() {
        let at = |seconds| (Utc::now() + chrono::TimeDelta::seconds(seconds)).to_rfc3339();
        assert_eq!(skew(&at(60)), None, "every clock is a little off");
        assert_eq!(skew(&at(-60)), None);
        assert!(skew("2019-01-01T08:00:00+08:00").is_some_and(|ahead| ahead < -200_000_000), "seven years behind");
        assert!(skew(&at(86_400)).is_some_and(|ahead| (86_300..=86_400).contains(&ahead)), "a day ahead");
        assert_eq!(skew("昨天"), None);
    }
}
