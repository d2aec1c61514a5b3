//! From an application's records to its case, and what the frozen programme makes
//! of it: the same function on the laptop and at the district, so that both can
//! be held against what was asked for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Amount, AmountProblem, Case, Programme, ProgrammeProblem};

/// What an application comes to, beside what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeRecomputed")]
pub struct Recomputed {
    /// The amount; nothing where it cannot be computed.
    pub amount: Option<Amount>,
    /// Why it cannot.
    pub problems: Vec<AmountProblem>,
}

/// What `text` makes of `case`.
pub fn recompute(text: &str, case: &Case) -> Result<Recomputed, Vec<ProgrammeProblem>> {
    let programme = Programme::parse(text)?;
    Ok(match programme.amount(case) {
        Ok(amount) => Recomputed { amount: Some(amount), problems: Vec::new() },
        Err(problems) => Recomputed { amount: None, problems },
    })
}
