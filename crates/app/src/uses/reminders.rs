//! Reminders: what is due, by the dates that records and rules name.

use chrono::{Datelike, NaiveDate};
use domain::calendar::Term;
use domain::month::last_day;
use domain::{Record, RecordId, Scope};
use serde::{Deserialize, Serialize};
use store::{Filter, ListQuery};
use ts_rs::TS;

use super::month_report::{KIND, before, is_frozen};
use crate::{Laptop, Result};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reminder {
    /// What.
    pub about: About,
    /// The record, where there is one.
    pub record: Option<RecordId>,
    /// What heads it; for a report its month.
    pub title: String,
    /// The township.
    pub scope: String,
    /// By when.
    pub due: String,
    /// How many days are left; negative once it is over.
    #[ts(type = "number")]
    pub days_left: i64,
    /// The rule's source, where a rule sets the date.
    pub source: Option<String>,
}

/// What a reminder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ReminderAbout")]
pub enum About {
    /// A month report that was not handed in.
    MonthReport,
    /// A rectification that is not done.
    Rectification,
    /// A notice that is to end before it has hung long enough: it is due to hang until then.
    NoticeTooShort,
    /// A notice for an application: its last day.
    NoticeEnds,
    /// A remark of the review that nobody answered.
    RemarkOpen,
    /// The day on which the library lets an application go.
    LibraryExpiry,
    /// The implementation plan after an allocation.
    PlanDue,
    /// The evaluation after acceptance.
    EvaluationDue,
}

impl Laptop {
    /// What is due today, the soonest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn reminders(&self) -> Result<Vec<Reminder>> {
        self.reminders_on(&Self::today())
    }

    /// The same as it is on the day `today`.
    ///
    /// # Errors
    /// As [`Laptop::reminders`], or for what is no date.
    pub fn reminders_on(&self, today: &str) -> Result<Vec<Reminder>> {
        let today = day(&self.date(today)?).unwrap_or_default();
        let mut due = self.reports_due(today)?;
        due.extend(self.rectifications_due(today)?);
        due.extend(self.notices_short(today)?);
        due.extend(self.applications_due(today)?);
        due.sort_by(|one, other| (&one.due, one.about, &one.title).cmp(&(&other.due, other.about, &other.title)));
        Ok(due)
    }

    /// This month's report once its date is near, and last month's until it is handed in.
    fn reports_due(&self, today: NaiveDate) -> Result<Vec<Reminder>> {
        let this = format!("{:04}-{:02}", today.year(), today.month());
        let mut found = Vec::new();
        for scope in self.scopes()?.iter().filter(|scope| scope.is_township()) {
            let filters = vec![Filter::Scope(scope.to_string())];
            let any = ListQuery { kind: self.catalog().kind("works")?, filters, sort: None, limit: 1, offset: 0 };
            if self.store.list(&any)?.0 == 0 {
                continue;
            }
            for month in before(&this).iter().chain([&this]) {
                let (Some(due), Some(as_of)) = (self.due_of(month), last_day(month)) else { continue };
                let clock = self.catalog().clock(KIND, &as_of);
                let days_left = (due - today).num_days();
                let report = self.report_of(month, scope)?.map(|row| row.record);
                if days_left > clock.map_or(0, |clock| i64::from(clock.remind))
                    || report.as_ref().is_some_and(is_frozen)
                    || !self.is_under_way(month, scope, &as_of, today)?
                {
                    continue;
                }
                found.push(Reminder {
                    about: About::MonthReport,
                    record: report.map(|record| record.id),
                    title: month.clone(),
                    scope: scope.to_string(),
                    due: due.to_string(),
                    days_left,
                    source: clock.map(|clock| clock.source.clone()),
                });
            }
        }
        Ok(found)
    }

    /// Whether anything was to begin or was done by the end of `month`: one before that has nothing to report.
    fn is_under_way(&self, month: &str, scope: &Scope, as_of: &str, today: NaiveDate) -> Result<bool> {
        // The report itself reads every works and entry; mostly the plans alone say it.
        let planned = Filter::UpTo("planned_start".to_owned(), as_of.into());
        let filters = vec![Filter::Scope(scope.to_string()), planned];
        let planned = ListQuery { kind: self.catalog().kind("works")?, filters, sort: None, limit: 1, offset: 0 };
        if self.store.list(&planned)?.0 > 0 {
            return Ok(true);
        }
        let view = self.month_report_on(month, Some(scope.as_str()), &today.to_string())?;
        let begun = |date: &Option<String>| date.as_deref().is_some_and(|date| date <= as_of);
        Ok(view.report.rows.iter().any(|row| row.percent.is_some() || begun(&row.actual_start)))
    }

    fn rectifications_due(&self, today: NaiveDate) -> Result<Vec<Reminder>> {
        let open = self.gather("rectification", &[Filter::State("open".to_owned())])?;
        let dated = open.iter().filter_map(|record| Some((record, day(record.text("due")?)?)));
        Ok(dated.map(|(record, due)| self.reminder(About::Rectification, record, due, today, None)).collect())
    }

    fn notices_short(&self, today: NaiveDate) -> Result<Vec<Reminder>> {
        let posted = self.gather("notice", &[Filter::State("posted".to_owned())])?;
        Ok(posted.iter().filter_map(|record| self.notice_short(record, today)).collect())
    }

    /// The day on which a notice goes up does not count (期间开始之日不计入).
    fn notice_short(&self, record: &Record, today: NaiveDate) -> Option<Reminder> {
        let (start, end) = (record.text("start")?, record.text("end")?);
        let times = if record.text("about") == Some("black_odour") { "notice_black_odour" } else { "notice" };
        let clock = self.catalog().clock(times, start)?;
        let least = Term::of(clock)?.after(self.catalog(), day(start)?)?;
        let short = day(end)? < least;
        short.then(|| self.reminder(About::NoticeTooShort, record, least, today, Some(clock.source.clone())))
    }

    pub(crate) fn reminder(
        &self,
        about: About,
        record: &Record,
        due: NaiveDate,
        today: NaiveDate,
        source: Option<String>,
    ) -> Reminder {
        Reminder {
            about,
            record: Some(record.id),
            title: store::title(self.catalog(), record),
            scope: record.scope.to_string(),
            due: due.to_string(),
            days_left: (due - today).num_days(),
            source,
        }
    }
}

pub(crate) fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}
