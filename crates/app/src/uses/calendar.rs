//! The applications' dates among what is due: notices that end, remarks to be
//! answered, the plan after an allocation, the evaluation after acceptance, and
//! the day on which the library lets go.

use chrono::NaiveDate;
use domain::calendar::Term;
use domain::programme::{ClockName, Programme};
use domain::review::{GIVEN_UP, leaves_library};
use domain::{Catalog, Record, RecordId};
use serde_json::Value;
use store::Filter;

use super::reminders::{About, Reminder, day};
use crate::{Laptop, Result};

/// A term with where it comes from: the programme's clocks and the catalog's are counted alike.
struct Span {
    term: Term,
    source: String,
}

impl Span {
    fn of(clock: &domain::catalog::Clock) -> Option<Self> {
        Some(Self { term: Term::of(clock)?, source: clock.source.clone() })
    }

    /// The day on which it ends, and its source: which says so where holidays are not known.
    fn after(self, catalog: &Catalog, from: NaiveDate) -> Option<(NaiveDate, String)> {
        let source = match self.term.without_holidays(catalog, from) {
            Some(year) => format!("{}（{year}年放假安排尚未录入，只按周末推算）", self.source),
            None => self.source,
        };
        Some((self.term.after(catalog, from)?, source))
    }
}

impl Laptop {
    /// What is due for applications on the day `today`.
    pub(crate) fn applications_due(&self, today: NaiveDate) -> Result<Vec<Reminder>> {
        let mut due = self.notices_ending(today)?;
        let applications = self.gather("application", &[])?;
        let live = |record: &&Record| !record.state.as_deref().is_some_and(|state| GIVEN_UP.contains(&state));
        for application in applications.iter().filter(live) {
            due.extend(self.remarks_due(application, today)?);
            due.extend(self.library_due(application, today)?);
            due.extend(self.plan_due(application, today)?);
            due.extend(self.evaluation_due(application, today)?);
        }
        Ok(due)
    }

    /// A notice for an application runs until its last day; what it was about goes on after.
    fn notices_ending(&self, today: NaiveDate) -> Result<Vec<Reminder>> {
        let posted = self.gather("notice", &[Filter::State("posted".to_owned())])?;
        let ending = posted.iter().filter(|notice| notice.text("application").is_some());
        let ending = ending.filter_map(|notice| Some((notice, day(notice.text("end")?)?)));
        Ok(ending.map(|(notice, end)| self.reminder(About::NoticeEnds, notice, end, today, None)).collect())
    }

    /// Remarks that wait for an answer: by the date that they name, or else by the
    /// working days since they were made or reopened.
    fn remarks_due(&self, application: &Record, today: NaiveDate) -> Result<Vec<Reminder>> {
        let mut found = Vec::new();
        for remark in self.of_application("review_remark", application.id)? {
            if !matches!(remark.state.as_deref(), Some("open" | "reopened")) {
                continue;
            }
            let asked = remark.stamps.get(domain::change::STATE_GROUP).or_else(|| remark.stamps.get("text"));
            let asked = asked.and_then(|stamp| day(stamp.at.get(..10)?)).unwrap_or(today);
            let due = match remark.text("due").and_then(day) {
                Some(due) => Some((due, remark.text("clause").map(str::to_owned))),
                None => {
                    let span = self.catalog().clock("answer", &asked.to_string()).and_then(Span::of);
                    let counted = span.and_then(|span| span.after(self.catalog(), asked));
                    counted.map(|(due, source)| (due, Some(source)))
                }
            };
            found.extend(due.map(|(due, source)| self.reminder(About::RemarkOpen, &remark, due, today, source)));
        }
        Ok(found)
    }

    /// That an application in the library is near the day on which it leaves.
    fn library_due(&self, application: &Record, today: NaiveDate) -> Result<Option<Reminder>> {
        if application.state.as_deref() != Some("in_library") {
            return Ok(None);
        }
        let programme = self.programme_of(application)?;
        let Some((leaves, clause)) = leaves_library(application, programme.as_ref(), self.catalog()) else {
            return Ok(None);
        };
        let remind = self.catalog().clock("library", &today.to_string()).map_or(180, |clock| clock.remind);
        let near = (leaves - today).num_days() <= i64::from(remind);
        Ok(near.then(|| self.reminder(About::LibraryExpiry, application, leaves, today, Some(clause))))
    }

    /// The implementation plan that a programme asks for after the allocation.
    fn plan_due(&self, application: &Record, today: NaiveDate) -> Result<Option<Reminder>> {
        let Some(allocated) = application.text("allocated_on").and_then(day) else { return Ok(None) };
        if application.state.as_deref() != Some("allocated") {
            return Ok(None);
        }
        let span = self.programme_of(application)?.and_then(|programme| span(&programme, ClockName::Plan));
        let due = span.and_then(|span| span.after(self.catalog(), allocated));
        Ok(due.map(|(due, source)| self.reminder(About::PlanDue, application, due, today, Some(source))))
    }

    /// The evaluation that is made some time after acceptance, until it is handed in.
    fn evaluation_due(&self, application: &Record, today: NaiveDate) -> Result<Option<Reminder>> {
        let waits = ["district_accepted", "spot_checked", "paid", "handed_over"];
        if !application.state.as_deref().is_some_and(|state| waits.contains(&state)) {
            return Ok(None);
        }
        let evaluated = self.of_application("evaluation", application.id)?;
        if evaluated.iter().any(|one| matches!(one.state.as_deref(), Some("handed_in" | "confirmed"))) {
            return Ok(None);
        }
        let accepted = self.submission(application.id)?.acceptances;
        let accepted = accepted.iter().filter(|one| one.state.as_deref() == Some("passed"));
        let Some(accepted) = accepted.filter_map(|one| day(one.text("held_on")?)).max() else { return Ok(None) };
        let general = self.catalog().clock("outcome", &accepted.to_string());
        let general = general.and_then(Span::of);
        let span = self.programme_of(application)?.and_then(|programme| span(&programme, ClockName::Outcome));
        let due = span.or(general).and_then(|span| span.after(self.catalog(), accepted));
        let remind = self.catalog().clock("outcome", &today.to_string()).map_or(60, |clock| clock.remind);
        let near = due.filter(|(due, _)| (*due - today).num_days() <= i64::from(remind));
        Ok(near.map(|(due, source)| self.reminder(About::EvaluationDue, application, due, today, Some(source))))
    }

    fn of_application(&self, kind: &str, application: RecordId) -> Result<Vec<Record>> {
        if self.catalog().kind(kind).is_err() {
            return Ok(Vec::new());
        }
        self.gather(kind, &[Filter::Field("application".to_owned(), Value::from(application.to_string()))])
    }

    /// The programme that an application is made under, as far as it can be read.
    fn programme_of(&self, application: &Record) -> Result<Option<Programme>> {
        let Some(policy) = application.text("policy").and_then(|id| id.parse().ok()) else { return Ok(None) };
        let record = self.store.record(policy)?.map(|row| row.record);
        Ok(record.and_then(|record| Programme::parse(record.text("rules")?).ok()))
    }
}

fn span(programme: &Programme, name: ClockName) -> Option<Span> {
    let clock = programme.clock(name)?;
    Some(Span { term: Term { length: clock.length, unit: clock.unit }, source: programme.cite(&clock.clause) })
}
