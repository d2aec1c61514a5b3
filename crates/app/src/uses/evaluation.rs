//! Self-evaluation: computed from targets and money, frozen when handed in.
//!
//! While it is a draft every figure is computed anew from the records. What was
//! handed in stays as it was, as canonical JSON inside its record, beside what the
//! records say since.

use domain::evaluation::{SelfEvaluation, YearBudget, evaluate};
use domain::funds::{Balance, Books};
use domain::{Fields, Record, RecordId, Refusal, canonical};
use serde::{Deserialize, Serialize};
use store::Filter;
use ts_rs::TS;
use uuid::Uuid;

use super::save::creation;
use crate::{Laptop, Result, Trouble};

/// The kind of evaluations.
const KIND: &str = "evaluation";

/// The sort of this one, and what weighs its parts.
const SELF: &str = "self";
const WEIGHS: &str = "self_evaluation";

/// A self-evaluation as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationView {
    /// The application.
    pub application: RecordId,
    /// What it is called.
    pub title: String,
    /// The year whose money is counted.
    #[ts(type = "number")]
    pub year: i64,
    /// Its record, once there is one.
    pub record: Option<RecordId>,
    /// Where that stands in its lifecycle.
    pub state: Option<String>,
    /// Handed in: the figures are those of that day.
    pub frozen: bool,
    /// When it was handed in.
    pub handed_in_on: Option<String>,
    /// What it comes to.
    pub evaluation: SelfEvaluation,
    /// What the records come to by now, where that is not what was handed in.
    pub since: Option<SelfEvaluation>,
}

impl Laptop {
    /// The self-evaluation of an application for `year`, or for the year of today.
    ///
    /// # Errors
    /// [`Trouble::NoWeighting`] where no rule weighs one; when there is no such application.
    pub fn self_evaluation(&self, application: RecordId, year: Option<i64>) -> Result<EvaluationView> {
        let record = self.application_record(application)?;
        let year = year.unwrap_or_else(Self::this_year_number);
        let own = self.evaluation_of(application, year)?;
        let now = self.evaluated(&record, year, own.as_ref())?;
        let frozen = match own.as_ref().filter(|own| is_frozen(own)).and_then(|own| own.text("snapshot")) {
            Some(text) => Some(read(text, &record)?),
            None => None,
        };
        let since = frozen.as_ref().filter(|frozen| **frozen != now).map(|_| now.clone());
        Ok(EvaluationView {
            application,
            title: store::title(self.catalog(), &record),
            year,
            state: own.as_ref().and_then(|own| own.state.clone()),
            frozen: frozen.is_some(),
            handed_in_on: own.as_ref().and_then(|own| own.text("handed_in_on").map(str::to_owned)),
            record: own.map(|own| own.id),
            evaluation: frozen.unwrap_or(now),
            since,
        })
    }

    /// The record of the self-evaluation for `year`, for its budget and words; made where there is none.
    ///
    /// # Errors
    /// What the rules refuse.
    pub fn begin_evaluation(&mut self, application: RecordId, year: Option<i64>) -> Result<RecordId> {
        let year = year.unwrap_or_else(Self::this_year_number);
        if let Some(own) = self.evaluation_of(application, year)? {
            return Ok(own.id);
        }
        let scope = self.application_record(application)?.scope;
        let kind = self.kind(KIND)?;
        let fields = Fields::from([
            ("application".to_owned(), application.to_string().into()),
            ("sort".to_owned(), SELF.into()),
            ("year".to_owned(), year.into()),
        ]);
        let (id, actions) = (RecordId(Uuid::now_v7()), creation(&kind, &fields)?);
        let number = kind.number.as_ref().map(|pattern| self.numbering(&kind, pattern)).transpose()?;
        self.save(id, &kind, scope, actions, number)?;
        Ok(id)
    }

    /// Hands the self-evaluation in: its figures stay as they are now, and its
    /// record is locked until the district sends it back.
    ///
    /// # Errors
    /// [`Trouble::EvaluationUnscored`] while something has no score;
    /// [`Refusal::Locked`] for one that was handed in already; what the rules refuse.
    pub fn hand_in_evaluation(&mut self, application: RecordId, year: Option<i64>) -> Result<EvaluationView> {
        let record = self.application_record(application)?;
        let year = year.unwrap_or_else(Self::this_year_number);
        let own = self.evaluation_of(application, year)?;
        if let Some(own) = own.as_ref().filter(|own| is_frozen(own)) {
            let state = own.state.clone().unwrap_or_default();
            return Err(Refusal::Locked { field: "snapshot".to_owned(), state }.into());
        }
        let now = self.evaluated(&record, year, own.as_ref())?;
        if now.unscored > 0 {
            return Err(Trouble::EvaluationUnscored { count: now.unscored.to_string() }.into());
        }
        let id = self.begin_evaluation(application, Some(year))?;
        let before = self.row(id)?.record;
        let kind = self.kind(KIND)?;
        let text = String::from_utf8(canonical::to_vec(&now)).unwrap_or_default();
        let mut fields = Fields::from([
            ("score".to_owned(), now.total.clone().into()),
            ("grade".to_owned(), now.grade.as_ref().map(|grade| grade.name.clone()).into()),
            ("snapshot".to_owned(), text.into()),
            ("handed_in_on".to_owned(), Self::today().into()),
        ]);
        if before.text("held_on").is_none() {
            fields.insert("held_on".to_owned(), Self::today().into());
        }
        let actions = kind.edit(&before.fields, &fields)?;
        self.save(id, &kind, before.scope, actions, None)?;
        self.move_to(id, "handed_in", None)?;
        self.self_evaluation(application, Some(year))
    }

    fn evaluated(&self, application: &Record, year: i64, own: Option<&Record>) -> Result<SelfEvaluation> {
        // The rule of the year's last day, or of today where that is still to come.
        let day = format!("{year:04}-12-31").min(Self::today());
        let none = || Trouble::NoWeighting { year: year.to_string() };
        let weighting = self.catalog().weighting(WEIGHS, &day).ok_or_else(none)?;
        let grading = self.catalog().grading(KIND, &day);
        let of_it = [Filter::Field("application".to_owned(), application.id.to_string().into())];
        let targets = self.gather("target", &of_it)?;
        let money = self.year_budget(application, year, own)?;
        Ok(evaluate(weighting, grading, &targets, money))
    }

    /// The year's money: what the evaluation says of its budget, else what was
    /// allocated; and what was paid out in the year.
    fn year_budget(&self, application: &Record, year: i64, own: Option<&Record>) -> Result<YearBudget> {
        let held = self.fund_papers()?;
        let papers = held.papers();
        let books = Books::of(&papers);
        let year_text = format!("{year:04}");
        let lines = books.of_record(application.id);
        let of_year: Balance = lines.filter(|line| line.year() == year_text).collect();
        let said = |field: &str| own.and_then(|own| own.integer(field));
        let carried_over = said("carried_over");
        let budget = said("budget").unwrap_or(of_year.allocated);
        Ok(YearBudget { initial: said("initial_budget"), budget, carried_over, spent: of_year.spent() })
    }

    fn evaluation_of(&self, application: RecordId, year: i64) -> Result<Option<Record>> {
        let of_it = [Filter::Field("application".to_owned(), application.to_string().into())];
        let found = self.gather(KIND, &of_it)?.into_iter();
        Ok(found.filter(|one| one.text("sort") == Some(SELF)).find(|one| one.integer("year") == Some(year)))
    }

    pub(crate) fn application_record(&self, id: RecordId) -> Result<Record> {
        let record = self.row(id)?.record;
        match record.kind == "application" {
            true => Ok(record),
            false => Err(Refusal::UnknownRecord { record: id.to_string() }.into()),
        }
    }

    fn this_year_number() -> i64 {
        Self::today().get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
    }
}

fn is_frozen(record: &Record) -> bool {
    matches!(record.state.as_deref(), Some("handed_in" | "confirmed"))
}

fn read(text: &str, application: &Record) -> Result<SelfEvaluation> {
    let title = || application.text("name").unwrap_or_default().to_owned();
    Ok(serde_json::from_str(text).map_err(|_| Trouble::SnapshotUnreadable { title: title() })?)
}
