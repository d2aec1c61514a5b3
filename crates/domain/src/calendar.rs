//! Terms: the day on which something is due, so many days, working days, months
//! or years after another.
//!
//! The day from which a term runs does not count (期间开始之日不计入). A working
//! day is what the catalog's holidays make of it; of a year whose holidays are not
//! entered only the weekends are known, and whoever shows such a date can say so.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::Catalog;
use crate::catalog::Clock;
use crate::programme::ClockUnit;

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// How many.
    pub length: u32,
    /// Of what.
    pub unit: ClockUnit,
}

impl Term {
    /// What a clock of the catalog lasts; nothing for one that names a day of the month.
    #[must_use]
    pub fn of(clock: &Clock) -> Option<Self> {
        let days = if clock.working { ClockUnit::WorkingDays } else { ClockUnit::Days };
        let days = clock.days.map(|length| Self { length, unit: days });
        days.or_else(|| clock.months.map(|length| Self { length, unit: ClockUnit::Months }))
    }

    /// The last day of the term that runs from `from`.
    #[must_use]
    pub fn after(self, catalog: &Catalog, from: NaiveDate) -> Option<NaiveDate> {
        match self.unit {
            ClockUnit::Days => from.checked_add_days(Days::new(self.length.into())),
            ClockUnit::Months => from.checked_add_months(Months::new(self.length)),
            ClockUnit::Years => from.checked_add_months(Months::new(self.length.checked_mul(12)?)),
            ClockUnit::WorkingDays => {
                let (mut day, mut left) = (from, self.length);
                while left > 0 {
                    day = day.succ_opt()?;
                    left -= u32::from(catalog.is_worked(day));
                }
                Some(day)
            }
        }
    }

    /// The first year that the term runs through by its weekends alone, for nobody
    /// has entered its holidays.
    #[must_use]
    pub fn without_holidays(self, catalog: &Catalog, from: NaiveDate) -> Option<i32> {
        if self.unit != ClockUnit::WorkingDays {
            return None;
        }
        let until = self.after(catalog, from)?;
        (from.year()..=until.year()).find(|year| !catalog.holidays.iter().any(|one| one.year == *year))
    }
}

impl Catalog {
    /// Whether offices work on `day`.
    #[must_use]
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        let text = day.to_string();
        // A district's own entry for a year stands beside the one that ships: what it says last counts.
        let said = self.holidays.iter().rev().filter(|one| one.year == day.year()).find_map(|one| {
            let off = one.off.contains(&text).then_some(false);
            off.or_else(|| one.worked.contains(&text).then_some(true))
        });
        said.unwrap_or_else(|| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }
}
