//! Terms: the library's three years, the month reports that are due once money is
//! allocated, and that nothing is allocated past the library.

use chrono::{Datelike, Months, NaiveDate};

use super::{Review, date, filled};
use crate::calendar::Term;
use crate::finding::{Finding, FindingRule};
use crate::month::due;
use crate::programme::{ClockName, Level, Programme};
use crate::{Catalog, Record};

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    [library(review), past_library(review), month_report(review)].into_iter().flatten().collect()
}

/// The day on which an application leaves the library, and by which clause: the
/// programme's own, or what holds for all.
#[must_use]
pub fn leaves_library(
    application: &Record,
    programme: Option<&Programme>,
    catalog: &Catalog,
) -> Option<(NaiveDate, String)> {
    let entered = date(application, "reserve_on")?;
    let own = programme.and_then(|programme| {
        let clock = programme.clock(ClockName::Reserve)?;
        Some((Term { length: clock.length, unit: clock.unit }, programme.cite(&clock.clause)))
    });
    let (term, clause) = own.or_else(|| {
        let clock = catalog.clock("library", &entered.to_string())?;
        Some((Term::of(clock)?, clock.source.clone()))
    })?;
    Some((term.after(catalog, entered)?, clause))
}

fn library(review: &Review<'_>) -> Option<Finding> {
    let application = review.application();
    if application.state.as_deref() != Some("in_library") {
        return None;
    }
    let (leaves, clause) = leaves_library(application, review.programme(), review.catalog)?;
    if review.today < leaves {
        return None;
    }
    let entered = application.text("reserve_on").unwrap_or_default().to_owned();
    let fields = [("entered", entered), ("left", leaves.to_string())];
    let found = Finding::of(FindingRule::LibraryExpired, &[application], &fields).by(&clause);
    Some(found.mended_in(application, Some("reserve_on")))
}

fn past_library(review: &Review<'_>) -> Option<Finding> {
    let application = review.application();
    let central = application.integer("central").is_some_and(|amount| amount > 0)
        || review.programme().is_some_and(|programme| programme.level == Level::Central);
    if !central || !review.has_reached("allocated") || filled(application, "reserve_number") {
        return None;
    }
    let found = Finding::of(FindingRule::LibraryMissing, &[application], &[]);
    Some(found.mended_in(application, Some("reserve_number")))
}

/// The month before this one, if its report is over its date and not there.
fn month_report(review: &Review<'_>) -> Option<Finding> {
    let application = review.application();
    if !review.has_reached("allocated") || review.has_reached("paid") {
        return None;
    }
    let allocated = date(application, "allocated_on")?;
    let first = review.today.with_day(1)?.checked_sub_months(Months::new(1))?;
    let month = first.format("%Y-%m").to_string();
    if (first.year(), first.month()) < (allocated.year(), allocated.month()) {
        return None;
    }
    let clock = review.catalog.clock("month_report", &review.day())?;
    let over = due(clock, &month)?;
    let handed_in = review.submission.month_reports.iter().any(|report| {
        report.text("month") == Some(&month) && matches!(report.state.as_deref(), Some("handed_in" | "received"))
    });
    if handed_in || review.today <= over {
        return None;
    }
    let fields = [("month", month.clone()), ("due", over.to_string())];
    let found = Finding::of(FindingRule::MonthReportMissing, &[application], &fields).about(&month);
    Some(found.by(&clock.source).mended_by(application, "month_report"))
}
