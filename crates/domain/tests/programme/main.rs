//! Programmes: what is wrong with one, what one comes to, the published formulas
//! with their own figures, and an application's records as its case.

mod checking;
mod computing;
mod published;
mod submitted;

use domain::money;
use domain::programme::{Amount, Case, Programme, ProgrammeProblem, SHIPPED};
use serde_json::{Value, json};

pub(crate) const WAN: i64 = money::WAN;
pub(crate) const YI: i64 = 10_000 * WAN;

pub(crate) fn text(code: &str) -> &'static str {
    let found = SHIPPED.iter().find(|(name, _)| *name == format!("{code}.toml"));
    found.unwrap_or_else(|| panic!("{code} does not ship")).1
}

pub(crate) fn shipped(code: &str) -> Programme {
    Programme::parse(text(code)).unwrap_or_else(|problems| panic!("{code}: {problems:#?}"))
}

pub(crate) fn case(value: Value) -> Case {
    serde_json::from_value(value).expect("a case")
}

pub(crate) fn amount(code: &str, value: Value) -> Amount {
    shipped(code).amount(&case(value)).unwrap_or_else(|problems| panic!("{code}: {problems:#?}"))
}

pub(crate) fn problems(text: &str) -> Vec<ProgrammeProblem> {
    Programme::parse(text).expect_err("a problem was due")
}

/// What a programme that ships is found to be wrong with after an edit.
pub(crate) fn edited(code: &str, edits: &[(&str, &str)]) -> Vec<ProgrammeProblem> {
    let mut changed = text(code).to_owned();
    for (from, to) in edits {
        assert!(changed.contains(from), "{code} has no `{from}`");
        changed = changed.replacen(from, to, 1);
    }
    problems(&changed)
}

pub(crate) fn villages(count: usize, fields: &Value) -> Value {
    let village = |n: usize| {
        let mut village = fields.clone();
        village["id"] = json!(format!("v{n}"));
        village
    };
    (0..count).map(village).collect()
}

/// A programme of which only the figures between the marks matter.
pub(crate) fn small(rules: &str) -> String {
    format!(
        r#"
code = "x"
version = 1
name = {{ zh = "试", en = "Trial" }}
document = ""
issuer = "区财政局"
sort = "pilot"
stream = "environment"
level = "district"
from = "2026-01-01"
{rules}
[[clause]]
name = "c"
text = {{ zh = "条", en = "Clause" }}
source = "试"
inferred = true
"#
    )
}
