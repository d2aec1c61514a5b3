//! The month report: filled from the records, frozen when handed in, explained
//! against last month's.
//!
//! What was handed in stays as it was, as canonical JSON inside its record; what
//! the records say since is shown beside it and changes nothing.

use chrono::{Datelike, NaiveDate};
use domain::month::{Difference, Report, differences, due, report};
use domain::{Action, Fields, Record, RecordId, Refusal, Scope, Value, canonical};
use serde::{Deserialize, Serialize};
use store::{Filter, Row};
use ts_rs::TS;
use uuid::Uuid;

use crate::{Laptop, Result, Trouble};

pub(crate) const KIND: &str = "month_report";
const SNAPSHOT: &str = "snapshot";
const HANDED_IN: &str = "handed_in";

/// A month's report as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MonthView {
    /// The township.
    pub scope: String,
    /// Its record, once there is one.
    pub record: Option<RecordId>,
    /// Where that stands in its lifecycle.
    pub state: Option<String>,
    /// Handed in: the rows are those of that day, and nothing changes them.
    pub frozen: bool,
    /// When it was handed in.
    pub handed_in_on: Option<String>,
    /// The date by which it is due, where a rule says one.
    pub due: Option<String>,
    /// How many days are left until then, negative once it is over; nothing once it was handed in.
    #[ts(type = "number | null")]
    pub days_left: Option<i64>,
    /// The rows.
    pub report: Report,
    /// The month that it is held against: the one before, where that was handed in.
    pub previous: Option<String>,
    /// What differs from that.
    pub differences: Vec<Difference>,
    /// What the records say by now, where that is not what was handed in.
    pub since: Vec<Difference>,
}

impl Laptop {
    /// The report of `month` (`YYYY-MM`) for `township`, or for the only one of this laptop.
    ///
    /// # Errors
    /// No such month, or a township that is not of this laptop.
    pub fn month_report(&self, month: &str, township: Option<&str>) -> Result<MonthView> {
        self.month_report_on(month, township, &Self::today())
    }

    /// The same as it is on the day `today`.
    ///
    /// # Errors
    /// As [`Laptop::month_report`].
    pub fn month_report_on(&self, month: &str, township: Option<&str>, today: &str) -> Result<MonthView> {
        let scope = self.township_of(township)?;
        let now = self.current(month, &scope)?;
        let row = self.report_of(month, &scope)?;
        let frozen = row.as_ref().map(|row| snapshot(&row.record)).transpose()?.flatten();
        let previous = match before(month) {
            Some(month) => self.report_of(&month, &scope)?.map(|row| snapshot(&row.record)).transpose()?.flatten(),
            None => None,
        };
        let since = frozen.as_ref().map(|frozen| differences(frozen, &now)).unwrap_or_default();
        let due = self.due_of(month);
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        // What was handed in is not awaited any more.
        let awaited = due.zip(day(today)).filter(|_| frozen.is_none());
        let days_left = awaited.map(|(due, today)| (due - today).num_days());
        let record = row.map(|row| row.record);
        let report = frozen.clone().unwrap_or(now);
        Ok(MonthView {
            scope: scope.to_string(),
            state: record.as_ref().and_then(|record| record.state.clone()),
            frozen: frozen.is_some(),
            handed_in_on: record.as_ref().and_then(|record| record.text("handed_in_on").map(str::to_owned)),
            record: record.map(|record| record.id),
            due: due.map(|due| due.to_string()),
            days_left,
            differences: previous.as_ref().map(|previous| differences(previous, &report)).unwrap_or_default(),
            previous: previous.map(|previous| previous.month),
            report,
            since,
        })
    }

    /// The record of the report of `month`, for its words and remarks; made where there is none.
    ///
    /// # Errors
    /// As [`Laptop::month_report`], or what the rules refuse.
    pub fn begin_month_report(&mut self, month: &str, township: Option<&str>) -> Result<RecordId> {
        let scope = self.township_of(township)?;
        self.current(month, &scope)?; // A month that is none is refused before anything is made.
        Ok(self.begun(month, &scope)?.record.id)
    }

    /// Hands the report of `month` in as it is now: its rows are kept in the
    /// record, and the record is locked until the district sends it back.
    ///
    /// # Errors
    /// As [`Laptop::month_report`]; [`Refusal::Locked`] for one that was handed
    /// in already, or what the rules refuse. Nothing is handed in then.
    pub fn hand_in_month_report(&mut self, month: &str, township: Option<&str>) -> Result<MonthView> {
        let scope = self.township_of(township)?;
        let report = self.current(month, &scope)?;
        let row = self.begun(month, &scope)?;
        if let Some(state) = row.record.state.clone().filter(|_| is_frozen(&row.record)) {
            return Err(Refusal::Locked { field: SNAPSHOT.to_owned(), state }.into());
        }
        let rows = i64::try_from(report.rows.len()).unwrap_or(i64::MAX);
        let text = String::from_utf8(canonical::to_vec(&report)).unwrap_or_default();
        let mut fields = Fields::from([
            (SNAPSHOT.to_owned(), text.into()),
            ("rows".to_owned(), rows.into()),
            ("handed_in_on".to_owned(), Self::today().into()),
            ("code".to_owned(), code(month, &scope)),
            ("due".to_owned(), self.due_value(month)),
        ]);
        if row.record.text("prepared_by").is_none() {
            fields.insert("prepared_by".to_owned(), self.identity.person.clone().into());
        }
        let kind = self.kind(KIND)?;
        let actions = kind.edit(&row.record.fields, &fields)?;
        if !actions.is_empty() {
            self.save(row.record.id, &kind, scope.clone(), actions, None)?;
        }
        self.move_to(row.record.id, HANDED_IN, None)?;
        self.month_report(month, Some(scope.as_str()))
    }

    /// What the records say of `month` now.
    fn current(&self, month: &str, scope: &Scope) -> Result<Report> {
        let here = [Filter::Scope(scope.to_string())];
        let (works, entries) = (self.gather("works", &here)?, self.gather("progress", &here)?);
        let funds = self.fund_papers()?;
        Ok(report(self.catalog(), month, &works, &entries, &funds.papers(), &|id| self.heading(id))?)
    }

    fn begun(&mut self, month: &str, scope: &Scope) -> Result<Row> {
        if let Some(row) = self.report_of(month, scope)? {
            return Ok(row);
        }
        let kind = self.kind(KIND)?;
        let fields = Fields::from([
            ("month".to_owned(), month.into()),
            ("code".to_owned(), code(month, scope)),
            ("due".to_owned(), self.due_value(month)),
        ]);
        let state = kind.states.first().map(|state| state.name.clone());
        let mut actions = vec![Action::Create { state }];
        actions.extend(kind.edit(&Fields::new(), &fields)?);
        self.save(RecordId(Uuid::now_v7()), &kind, scope.clone(), actions, None)
    }

    pub(crate) fn report_of(&self, month: &str, scope: &Scope) -> Result<Option<Row>> {
        let kind = self.catalog().kind(KIND)?;
        let filters = vec![Filter::Scope(scope.to_string()), Filter::Field("month".to_owned(), month.into())];
        let query = store::ListQuery { kind, filters, sort: None, limit: 1, offset: 0 };
        Ok(self.store.list(&query)?.1.into_iter().next())
    }

    /// By when the report of `month` is due, by the rule that held then.
    pub(crate) fn due_of(&self, month: &str) -> Option<NaiveDate> {
        due(self.catalog().clock(KIND, &domain::month::last_day(month)?)?, month)
    }

    fn due_value(&self, month: &str) -> Value {
        self.due_of(month).map_or(Value::Null, |due| due.to_string().into())
    }

    /// The township that is meant: the one named, or the only one of this laptop.
    pub(crate) fn township_of(&self, asked: Option<&str>) -> Result<Scope> {
        let held: Vec<Scope> = self.scopes()?.into_iter().filter(Scope::is_township).collect();
        let names = || held.iter().map(Scope::as_str).collect::<Vec<_>>().join(", ");
        match (asked, held.as_slice()) {
            (Some(code), held) => {
                let outside = || Refusal::OutsideScope { given: code.to_owned(), scopes: names() };
                Ok(held.iter().find(|scope| scope.as_str() == code).cloned().ok_or_else(outside)?)
            }
            (None, [one]) => Ok(one.clone()),
            (None, _) => Err(Refusal::ScopeNeeded { scopes: names() }.into()),
        }
    }
}

pub(crate) fn is_frozen(record: &Record) -> bool {
    matches!(record.state.as_deref(), Some(HANDED_IN | "received"))
}

/// What was handed in, where the record is handed in.
fn snapshot(record: &Record) -> Result<Option<Report>> {
    let Some(text) = record.text(SNAPSHOT).filter(|_| is_frozen(record)) else { return Ok(None) };
    let month = || record.text("month").unwrap_or_default().to_owned();
    Ok(Some(serde_json::from_str(text).map_err(|_| Trouble::ReportUnreadable { month: month() })?))
}

fn code(month: &str, scope: &Scope) -> Value {
    format!("{scope}-{month}").into()
}

/// The month before `month`.
pub(crate) fn before(month: &str) -> Option<String> {
    let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok()?;
    let last = first.pred_opt()?;
    Some(format!("{:04}-{:02}", last.year(), last.month()))
}
