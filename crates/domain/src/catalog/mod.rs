//! The catalog: every kind of record, described by data.
//!
//! A kind is one TOML file that reads like the form it describes. Storage,
//! sync, validation, lists, search, Excel and forms all follow from it, so a
//! new ledger is a new file and no new code. Order in the file is order on the
//! screen.
//!
//! Beside the kinds stand who may do what (`roles.toml`), what figures are
//! computed and compared with (`indicators.toml`), which dates are kept
//! (`clocks.toml`), what may leave a pipe (`standards.toml`) and how scores are
//! graded and weighed (`gradings.toml`), what things usually cost (`norms.toml`), what money
//! may not pay for (`exclusions.toml`), which days are worked (`holidays.toml`): rules that change by year, each with its date and source.

mod check;
pub mod conceal;
mod field;
mod overlay;
mod reference;
mod section;
mod shipped;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use field::{Choice, Field, FieldType, Required};
pub use reference::{
    Band, Clock, Exclusion, Grading, Holidays, Indicator, Level, Limit, Measure, Norm, NormMeasure, ScoreBand,
    Standard, Threshold, WeightedPart, Weighting,
};
pub use section::{Section, When};
pub use shipped::SHIPPED;

use crate::{Action, Fields, Refusal, canonical};

/// All kinds and roles, and the dated rules beside them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct Catalog {
    /// In the order of their files.
    pub kinds: Vec<Kind>,
    /// Who may do what.
    pub roles: Vec<Role>,
    /// The figures that are computed from records.
    pub indicators: Vec<Indicator>,
    /// What a figure is compared with, and since when.
    pub thresholds: Vec<Threshold>,
    /// Dates and spans that are kept.
    pub clocks: Vec<Clock>,
    /// What treated water may hold.
    pub standards: Vec<Standard>,
    /// How scores are graded.
    pub gradings: Vec<Grading>,
    /// How the parts of an evaluation weigh.
    pub weightings: Vec<Weighting>,
    /// What things usually cost, and how large they usually are.
    pub norms: Vec<Norm>,
    /// What money may not pay for.
    pub exclusions: Vec<Exclusion>,
    /// The public holidays of each year, and the days worked in their place.
    pub holidays: Vec<Holidays>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese, in the field's official words.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Kind {
    /// Its name in data: `works`.
    #[serde(rename = "kind")]
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// The field that heads a record of it.
    pub title: String,
    /// The field that names a record for people, unique where it is filled.
    #[serde(default)]
    pub key: Option<String>,
    /// Pattern of the number given on the laptop, with `{year}`, `{device}`, `{n}`.
    #[serde(default)]
    pub number: Option<String>,
    /// Where a new record's scope comes from.
    pub scope: ScopeRule,
    /// The lifecycle states in order; the first is where records begin.
    #[serde(default, rename = "state")]
    pub states: Vec<State>,
    /// The states of another record in which it holds records of this kind fast.
    #[serde(default, rename = "lock")]
    pub locks: Vec<Lock>,
    /// The parts of the form, in order; fields that name none come first.
    #[serde(default, rename = "section")]
    pub sections: Vec<Section>,
    /// Once made, a record of it is never edited or deleted: a new one says in
    /// its field `corrects` which one it takes the place of, or in `reverses`
    /// which one it undoes. Files and remarks may still be added.
    #[serde(default, rename = "append_only")]
    pub append_only: bool,
    /// The fields in the order of the form.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Fields shown as columns, in order.
    pub list: Vec<String>,
    /// Fields found by search.
    pub search: Vec<String>,
    /// Where the kind's fields come from, as a person can look it up.
    pub source: String,
}

/// Where a new record's scope comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ScopeRule {
    /// The first nine digits of this field's place code.
    Code(String),
    /// The scope of the record that this reference names.
    Reference(String),
    /// The scope of the record that the first filled of these references names.
    References(Vec<String>),
    /// The laptop's own township.
    Laptop,
    /// The district's shared scope, which every laptop of it holds.
    Shared,
}

/// One state of a lifecycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct State {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// The states from which it is reached.
    #[serde(default)]
    pub from: Vec<String>,
    /// The roles that may move a record here.
    #[serde(default)]
    pub by: Vec<String>,
    /// Fields that must be filled to arrive here.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What the records around an application must show for it to arrive here.
    #[serde(default)]
    pub grounds: Vec<Ground>,
    /// Fields that nobody edits while the record is here; `*` for all.
    #[serde(default)]
    pub locks: Vec<String>,
    /// A side exit (withdrawn, ended): what "from a state on" requires is not asked here.
    #[serde(default)]
    pub aside: bool,
    /// Counts as reached only when the district holds every attachment of the record.
    #[serde(default)]
    pub complete: bool,
}

/// What a step of an application rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Each works passed the township's acceptance: by itself, by its contract, or with its village.
    TownshipAcceptance,
    /// The same at the county (district).
    CountyAcceptance,
    /// A works passed the review, acceptance or spot check of a level above.
    SpotCheck,
    /// Something was paid, and not reversed.
    Payment,
    /// Each works was handed over.
    Handover,
    /// An evaluation was handed in.
    Evaluation,
}

/// While the record that a reference names stands in one of these states, a record
/// is neither edited nor taken out: what was handed in stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The reference: `application`.
    pub with: String,
    /// The states of what it names.
    pub states: Vec<String>,
    /// New records may still be made.
    #[serde(default)]
    pub adds: bool,
}

/// What people in one post may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// The kinds it may create, edit and delete; `*` for all.
    pub writes: Vec<String>,
}

/// A catalog that cannot be used: where it is wrong and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, TS)]
#[error("{file}: {key}: {reason}")]
pub struct CatalogError {
    /// The file.
    pub file: String,
    /// The key in it.
    pub key: String,
    /// What is wrong there.
    pub reason: String,
}

/// The name of the file that holds the roles.
pub const ROLES_FILE: &str = "roles.toml";

/// The field in which an entry of an append-only kind names the one it takes the place of.
pub const CORRECTS: &str = "corrects";

/// The field in which an entry of an append-only kind names the one that it undoes.
pub const REVERSES: &str = "reverses";

/// The field in which a record that was joined into another names that one.
pub const JOINED_INTO: &str = "joined_into";

impl Catalog {
    /// The catalog that ships with the program.
    ///
    /// # Panics
    /// Never in a released program: a test reads the same files.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).expect("the shipped catalog is checked by a test")
    }

    /// The catalog in `files` (name and text), checked as a whole.
    ///
    /// # Errors
    /// The first thing wrong, with its file and key.
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, CatalogError> {
        check::parse(files)
    }

    /// The catalog that ships with `files` of a data folder laid over it: what
    /// they say counts, and what they do not mention is as it ships. So a folder
    /// that was written for an older program has the kinds of a newer one.
    ///
    /// # Errors
    /// As [`Catalog::parse`].
    pub fn over_shipped<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, CatalogError> {
        overlay::parse(files)
    }

    /// The kind called `name`.
    ///
    /// # Errors
    /// [`Refusal::UnknownKind`].
    pub fn kind(&self, name: &str) -> Result<&Kind, Refusal> {
        let found = self.kinds.iter().find(|kind| kind.name == name);
        found.ok_or_else(|| Refusal::UnknownKind { kind: name.to_owned() })
    }

    /// What the choice `value` of a kind's field is called in Chinese; a newer
    /// peer's, which has no name here, is called what it is.
    #[must_use]
    pub fn choice(&self, kind: &str, field: &str, value: &str) -> String {
        let field = self.kind(kind).and_then(|kind| kind.field(field)).ok();
        field.and_then(|field| field.choice(value)).map_or_else(|| value.to_owned(), |label| label.zh.clone())
    }

    /// The role called `name`, if it exists.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// A digest that is the same exactly where two catalogs are.
    #[must_use]
    pub fn revision(&self) -> String {
        canonical::digest(self)
    }
}

impl Kind {
    /// The field called `name`.
    ///
    /// # Errors
    /// [`Refusal::UnknownField`].
    pub fn field(&self, name: &str) -> Result<&Field, Refusal> {
        let found = self.fields.iter().find(|field| field.name == name);
        found.ok_or_else(|| Refusal::UnknownField { kind: self.name.clone(), field: name.to_owned() })
    }

    /// The state called `name`.
    ///
    /// # Errors
    /// [`Refusal::UnknownState`].
    pub fn state(&self, name: &str) -> Result<&State, Refusal> {
        let found = self.states.iter().find(|state| state.name == name);
        found.ok_or_else(|| Refusal::UnknownState { kind: self.name.clone(), to: name.to_owned() })
    }

    /// The conditions under which `field` belongs to a record: its section's and its own.
    pub fn conditions<'k>(&'k self, field: &'k Field) -> impl Iterator<Item = &'k When> {
        let section = field.section.as_ref().and_then(|name| self.sections.iter().find(|one| one.name == *name));
        section.and_then(|section| section.when.as_ref()).into_iter().chain(&field.when)
    }

    /// Whether `field` belongs to a record that holds `fields`.
    #[must_use]
    pub fn applies(&self, field: &Field, fields: &Fields) -> bool {
        self.conditions(field).all(|when| when.holds(fields.get(&when.field)))
    }

    /// The filled fields of a record that do not belong to it any more, such as
    /// the block of the category it had before. They are kept, and come back
    /// with the category.
    pub fn idle<'k>(&'k self, fields: &'k Fields) -> impl Iterator<Item = &'k Field> {
        let filled = |field: &&Field| fields.get(&field.name).is_some_and(|value| !value.is_null());
        self.fields.iter().filter(filled).filter(|field| !self.applies(field, fields))
    }

    /// The actions that bring a record from `before` to hold `edits`: one write
    /// for each field group that changes, with all the group's fields, and the
    /// difference of each set.
    ///
    /// # Errors
    /// [`Refusal::UnknownField`].
    pub fn edit(&self, before: &Fields, edits: &Fields) -> Result<Vec<Action>, Refusal> {
        let mut actions = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for name in edits.keys() {
            let field = self.field(name)?;
            if field.is_set() {
                actions.extend(field.set_edit(before.get(name), &edits[name]));
                continue;
            }
            let group = field.group();
            if done.contains(&group) {
                continue;
            }
            done.push(group);
            let members = self.fields.iter().filter(|f| !f.is_set() && f.group() == group);
            let value = |f: &Field| edits.get(&f.name).or_else(|| before.get(&f.name)).cloned().unwrap_or_default();
            let values: Fields = members.map(|f| (f.name.clone(), value(f))).collect();
            let same = values.iter().all(|(name, value)| before.get(name).unwrap_or(&crate::Value::Null) == value);
            if !same {
                actions.push(Action::Write { group: group.to_owned(), values });
            }
        }
        Ok(actions)
    }
}
