//! Programmes: subsidy policies as dated data, and what they come to.
//!
//! A programme is one text (TOML) that a district can read, edit and publish:
//! who may apply for what and when, what money may not pay for, which papers and
//! clocks belong to it, and how the amount is computed, each part with the
//! clause it comes from and whether that was read or inferred. Amount rules are
//! built of eight primitives, because the published formulas are; a new formula
//! is then a new file and no new code.
//!
//! What was computed must be explained years later to somebody with a paper in
//! hand. So every amount comes with its steps, and all of it is whole 分: the
//! laptop, the district and the auditor's recomputation agree to the last one.

mod amount;
mod case;
mod check;
mod condition;
mod evaluate;
pub mod figures;
mod fits;
mod input;
mod parts;
mod primitives;
mod problem;
mod rule;
mod shipped;
mod submitted;
mod term;
mod words;

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

pub use amount::{Amount, Of, Share, Stage, Step, StepInput};
pub use case::{Case, Demand, Unmet};
pub use condition::Condition;
pub use figures::{Fen, Figure, Percent, Ratio};
pub use input::{Input, InputType, STANDARD, Standard};
pub use parts::{
    Applicant, Category, Clause, Clock, ClockName, ClockUnit, Exclusion, Grade, Level, Outcome, Outline, Paper,
    Requirement, ShareRule, Sort, Stream, Weight,
};
pub use problem::{AmountProblem, ProgrammeFault, ProgrammeProblem};
pub use rule::{
    Band, Banded, Cap, Fixed, Matching, PerUnit, PercentOf, Prepay, Primitive, Rule, StageRule, Staged, TypeLimit,
};
pub use shipped::SHIPPED;
pub use submitted::{Differs, Recomputed, recompute};
pub use term::{Term, Terms, Unit};

use crate::catalog::Label;

/// The longest text of a programme, in bytes; the longest that ships has a tenth of it.
pub const MAX_BYTES: usize = 256 << 10;

/// A subsidy policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Its name in data, the same in every version: `js-2014-match`.
    pub code: String,
    /// 1, 2, 3 …
    pub version: u32,
    /// Its name on paper.
    pub name: Label,
    /// 文号.
    pub document: String,
    /// Who issued it.
    pub issuer: String,
    /// What it rewards.
    pub sort: Sort,
    /// Whose money it is.
    pub stream: Stream,
    /// From which level it is paid.
    pub level: Level,
    /// Where it holds, for people.
    #[serde(default)]
    pub area: String,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The last one; none is set where it is missing.
    pub until: Option<NaiveDate>,
    /// What there is to say about it: what was not found, what was corrected.
    pub note: Option<Label>,
    /// The outline of the implementation plan.
    pub outline: Option<Outline>,
    /// Who may apply.
    #[serde(default)]
    pub applicants: Vec<Applicant>,
    /// What it is for, and since when.
    #[serde(default, rename = "category")]
    pub categories: Vec<Category>,
    /// What must hold of an application.
    #[serde(default, rename = "requirement")]
    pub requirements: Vec<Requirement>,
    /// What the money may not pay for.
    #[serde(default, rename = "excluded")]
    pub exclusions: Vec<Exclusion>,
    /// The papers that it asks for.
    #[serde(default, rename = "paper")]
    pub papers: Vec<Paper>,
    /// Its clocks.
    #[serde(default, rename = "clock")]
    pub clocks: Vec<Clock>,
    /// How scores are called, from low to high.
    #[serde(default, rename = "grade")]
    pub grades: Vec<Grade>,
    /// The inputs that only it asks for.
    #[serde(default, rename = "input")]
    pub inputs: Vec<Input>,
    /// The steps of the computation, in order.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
    /// What the steps come to.
    pub result: Outcome,
    /// From whom the total comes.
    #[serde(default, rename = "share")]
    pub shares: Vec<ShareRule>,
    /// Where everything comes from.
    #[serde(default, rename = "clause")]
    pub clauses: Vec<Clause>,
    /// Hex SHA-256 of the text.
    #[serde(skip)]
    digest: String,
}

/// What heads a text that need not be a whole programme yet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Heading {
    /// Its name in data.
    pub code: String,
    /// Its version.
    pub version: u32,
    /// Its name on paper.
    pub name: Label,
}

impl Heading {
    /// What heads `text`, where that much of it can be read.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let head: Self = toml::from_str(text).ok().filter(|_| text.len() <= MAX_BYTES)?;
        (head.version > 0 && !head.code.is_empty() && !head.name.zh.trim().is_empty()).then_some(head)
    }
}

impl Programme {
    /// The programme that `text` says.
    ///
    /// # Errors
    /// Everything that is wrong with it; of a text that is no TOML or does not have
    /// the form of a programme, the first thing, with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<ProgrammeProblem>> {
        let whole = |fault| vec![ProgrammeProblem { place: String::new(), fault }];
        if text.len() > MAX_BYTES {
            return Err(whole(ProgrammeFault::ProgrammeTooLarge));
        }
        let mut programme: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = (before.matches('\n').count() + 1).to_string();
            whole(ProgrammeFault::ProgrammeUnreadable { line, reason: error.message().to_owned() })
        })?;
        programme.digest = hex::encode(Sha256::digest(text.as_bytes()));
        let problems = check::problems(&programme);
        if problems.is_empty() { Ok(programme) } else { Err(problems) }
    }

    /// Hex SHA-256 of the text that it was read from.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether it holds on this day.
    #[must_use]
    pub fn in_force(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }

    /// The clause called `name`.
    #[must_use]
    pub fn clause(&self, name: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.name == name)
    }

    /// A clause as a person cites it: `苏财建〔2014〕80号 第五条`.
    #[must_use]
    pub fn cite(&self, name: &str) -> String {
        let article = self.clause(name).map_or("", |clause| clause.article.as_str());
        let said = if self.document.is_empty() { &self.name.zh } else { &self.document };
        [said, article].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Whether it pays for works of this category on this day. One that names no category pays for all.
    #[must_use]
    pub fn eligible(&self, category: &str, date: NaiveDate) -> bool {
        let holds = |one: &Category| {
            one.names.iter().any(|name| name == category)
                && one.from.unwrap_or(self.from) <= date
                && one.until.or(self.until).is_none_or(|until| date <= until)
        };
        self.categories.is_empty() || self.categories.iter().any(holds)
    }

    /// What the money may not pay for, of which `text` speaks.
    #[must_use]
    pub fn excluded(&self, text: &str) -> Option<&Exclusion> {
        let says = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        self.exclusions.iter().find(|exclusion| says(&exclusion.words) && !says(&exclusion.unless))
    }

    /// The clock called `name`.
    #[must_use]
    pub fn clock(&self, name: ClockName) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.name == name)
    }

    /// What a score is called.
    #[must_use]
    pub fn grade(&self, score: Figure) -> Option<&Grade> {
        self.grades.iter().find(|grade| grade.band().holds(score))
    }

    /// The rule called `name`.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }
}
