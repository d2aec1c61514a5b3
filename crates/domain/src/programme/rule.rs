//! Amount rules: eight primitives, of which every published formula that was
//! found is made. Each is one named step; its inputs are those of the case and
//! the steps above it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::condition::Condition;
use super::figures::{Fen, Figure, Percent, Ratio};
use super::term::{Term, Terms, Unit};
use crate::catalog::Label;

/// One step of the computation. Exactly one of the eight is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in the programme.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// For what it is computed: once, for each village, for each works.
    #[serde(default)]
    pub of: Unit,
    /// The clause it comes from.
    #[serde(default)]
    pub clause: String,
    /// Applies only then.
    #[serde(default)]
    pub when: Vec<Condition>,
    fixed: Option<Fixed>,
    per_unit: Option<PerUnit>,
    percent: Option<PercentOf>,
    matching: Option<Matching>,
    cap: Option<Cap>,
    band: Option<Banded>,
    staged: Option<Staged>,
    prepay: Option<Prepay>,
}

/// A fixed sum for each unit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// The sum.
    pub amount: Fen,
}

/// A number of things, each at a price.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerUnit {
    /// How many.
    pub quantity: Term,
    /// For each.
    pub price: Fen,
}

/// A percentage of a base.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PercentOf {
    /// Of what; several are summed.
    pub base: Terms,
    /// How much of it.
    pub percent: Percent,
}

/// So much for each part of another amount.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// What is matched; several are summed.
    pub to: Terms,
    /// `1:1`.
    pub ratio: Ratio,
}

/// Not more than a limit, which may depend on a type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// What is capped; several are summed.
    pub on: Terms,
    /// The limit, for all types that have none of their own.
    pub at: Term,
    /// The type that decides.
    pub by: Option<Term>,
    /// The limits of single types.
    #[serde(default)]
    pub limits: Vec<TypeLimit>,
}

/// The limit of one type, or of several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeLimit {
    /// The types, as the record holds them.
    pub is: Vec<String>,
    /// Their name on paper.
    pub label: Label,
    /// The limit.
    pub amount: Fen,
}

/// An amount by score or by size.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Banded {
    /// What decides.
    pub score: Term,
    /// Of what a band's percentage is taken.
    pub base: Option<Terms>,
    /// From low to high.
    pub bands: Vec<Band>,
}

/// One band: from `from` on and below `below`. With `to` in its place, `to`
/// itself still belongs to it, as published tables sometimes have it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The lowest value that belongs to it.
    pub from: Figure,
    /// The lowest value that does not any more; open upwards when neither is said.
    pub below: Option<Figure>,
    /// The highest value that still belongs to it.
    pub to: Option<Figure>,
    /// What it is worth.
    pub amount: Option<Fen>,
    /// What part of the base it is worth.
    pub percent: Option<Percent>,
}

impl Band {
    /// Where it ends: the lowest value beyond it.
    pub(super) fn end(&self) -> Option<Figure> {
        self.below.or_else(|| self.to.map(|to| to.with_raw(to.raw().saturating_add(to.finest()))))
    }

    pub(super) fn holds(&self, value: Figure) -> bool {
        use std::cmp::Ordering::{Greater, Less};
        value.compare(self.from).is_some_and(|order| order != Less)
            && self.below.is_none_or(|below| value.compare(below) == Some(Less))
            && self.to.is_none_or(|to| value.compare(to).is_some_and(|order| order != Greater))
    }

    /// `80–83` for people.
    pub(super) fn words(&self) -> String {
        match (self.below, self.to) {
            (Some(below), _) => format!("[{}, {})", self.from.zh(), below.zh()),
            (None, Some(to)) => format!("[{}, {}]", self.from.zh(), to.zh()),
            (None, None) => format!("≥ {}", self.from.zh()),
        }
    }
}

/// Paid in stages as the works go on, the last of them held back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staged {
    /// What is paid; several are summed.
    pub base: Terms,
    /// The furthest stage that is reached, by name.
    pub reached: Option<Term>,
    /// In order.
    pub stages: Vec<StageRule>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRule {
    /// Its name: entry, p30, p50, p70, p90, acceptance, retention.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// Its part of the whole.
    pub percent: Percent,
    /// Due only then, beside being reached.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Held back when all else is paid (质保金); `when` says until when.
    #[serde(default)]
    pub retention: bool,
}

/// Paid before, settled after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepay {
    /// What is expected.
    pub provisional: Terms,
    /// How much of it is paid before.
    pub percent: Percent,
    /// What it really comes to; open while it is not known.
    pub entitled: Terms,
}

/// Which of the eight a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammePrimitive")]
#[allow(missing_docs, reason = "the structs of the same names say it")]
pub enum Primitive {
    Fixed,
    PerUnit,
    Percent,
    Matching,
    Cap,
    Band,
    Staged,
    Prepay,
}

/// A rule's one primitive, with what it says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said<'a> {
    Fixed(&'a Fixed),
    PerUnit(&'a PerUnit),
    Percent(&'a PercentOf),
    Matching(&'a Matching),
    Cap(&'a Cap),
    Band(&'a Banded),
    Staged(&'a Staged),
    Prepay(&'a Prepay),
}

impl Rule {
    /// Everything that is said of it; one thing, in a programme without problems.
    pub(super) fn said(&self) -> Vec<Said<'_>> {
        let all = [
            self.fixed.as_ref().map(Said::Fixed),
            self.per_unit.as_ref().map(Said::PerUnit),
            self.percent.as_ref().map(Said::Percent),
            self.matching.as_ref().map(Said::Matching),
            self.cap.as_ref().map(Said::Cap),
            self.band.as_ref().map(Said::Band),
            self.staged.as_ref().map(Said::Staged),
            self.prepay.as_ref().map(Said::Prepay),
        ];
        all.into_iter().flatten().collect()
    }

    /// How it stages a payment, where it does.
    #[must_use]
    pub fn staged(&self) -> Option<&Staged> {
        self.staged.as_ref()
    }

    /// Which primitive it is; nothing where it is none or several.
    #[must_use]
    pub fn primitive(&self) -> Option<Primitive> {
        match self.said().as_slice() {
            [one] => Some(one.primitive()),
            _ => None,
        }
    }
}

impl<'a> Said<'a> {
    pub(super) fn primitive(self) -> Primitive {
        match self {
            Self::Fixed(_) => Primitive::Fixed,
            Self::PerUnit(_) => Primitive::PerUnit,
            Self::Percent(_) => Primitive::Percent,
            Self::Matching(_) => Primitive::Matching,
            Self::Cap(_) => Primitive::Cap,
            Self::Band(_) => Primitive::Band,
            Self::Staged(_) => Primitive::Staged,
            Self::Prepay(_) => Primitive::Prepay,
        }
    }

    /// What it computes with, where all of it is money.
    pub(super) fn amounts(self) -> Vec<&'a Term> {
        match self {
            Self::Fixed(_) | Self::PerUnit(_) => Vec::new(),
            Self::Percent(percent) => percent.base.0.iter().collect(),
            Self::Matching(matching) => matching.to.0.iter().collect(),
            Self::Cap(cap) => cap.on.0.iter().chain([&cap.at]).collect(),
            Self::Band(band) => band.base.iter().flat_map(|base| &base.0).collect(),
            Self::Staged(staged) => staged.base.0.iter().collect(),
            Self::Prepay(prepay) => prepay.provisional.0.iter().chain(&prepay.entitled.0).collect(),
        }
    }

    /// The conditions within it.
    pub(super) fn conditions(self) -> Vec<&'a Condition> {
        match self {
            Self::Staged(staged) => staged.stages.iter().flat_map(|stage| &stage.when).collect(),
            _ => Vec::new(),
        }
    }
}
