//! What a rule computes with: a figure, an input of the case, or an earlier step.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Deserialize as DeriveDeserialize, Serialize};
use ts_rs::TS;

use super::figures::{Fen, fen};

/// What an amount or an input belongs to, from the whole to its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, DeriveDeserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeUnit")]
pub enum Unit {
    /// The application as a whole.
    #[default]
    Application,
    /// Each village of it.
    Village,
    /// Each works of it.
    Works,
}

impl Unit {
    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Village => "village",
            Self::Works => "works",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Application, Self::Village, Self::Works].into_iter().find(|unit| unit.name() == name)
    }
}

/// Something with a value: `50万元`, `village.households`, or the name of an earlier step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// An amount that the rule itself says.
    Figure(Fen),
    /// A value of the case.
    Input(Unit, String),
    /// The result of an earlier rule.
    Step(String),
}

impl fmt::Display for Term {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure(fen) => to.write_str(&super::figures::zh(fen.0)),
            Self::Input(unit, name) => write!(to, "{}.{name}", unit.name()),
            Self::Step(name) => to.write_str(name),
        }
    }
}

impl Term {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(fen) = fen(text) {
            return (fen >= 0).then_some(Self::Figure(Fen(fen)));
        }
        match text.split_once('.') {
            Some((unit, name)) => Some(Self::Input(Unit::named(unit)?, identifier(name)?)),
            None => identifier(text).map(Self::Step),
        }
    }
}

/// `name` where it can be one: small letters, digits and underscores.
pub(super) fn identifier(name: &str) -> Option<String> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() <= 60 && name.bytes().all(fits))
        .then(|| name.to_owned())
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = "is no amount such as 50万元, no input such as village.households, no name of a step";
        Self::read(&text).ok_or_else(|| D::Error::custom(format!("`{text}` {wrong}")))
    }
}

/// One term or several, which are summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(pub Vec<Term>);

impl<'de> Deserialize<'de> for Terms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(DeriveDeserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Several(Vec<String>),
        }
        let texts = match Written::deserialize(deserializer)? {
            Written::One(text) => vec![text],
            Written::Several(texts) => texts,
        };
        let read = |text: &String| {
            Term::read(text).ok_or_else(|| D::Error::custom(format!("`{text}` is no amount, input or step")))
        };
        texts.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}
