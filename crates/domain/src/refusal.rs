//! Why something was not done: a code with fields. The words are the reader's
//! own (`texts/` of the app), so that a sentence can be mended without touching a rule.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// How many letters of a wrong value are told: a sentence is read, not searched.
const MOST_TOLD: usize = 60;

/// A refusal by rule. The English text here is for logs only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum Refusal {
    #[error("there is no kind `{kind}`")]
    UnknownKind { kind: String },
    #[error("`{kind}` has no field `{field}`")]
    UnknownField { kind: String, field: String },
    #[error("`{field}` wants {expected}, but was given `{given}`")]
    WrongType { field: String, expected: String, given: String },
    #[error("`{field}`: there is no such date as `{given}`")]
    NoSuchDate { field: String, given: String },
    #[error("`{field}`: `{given}` is none of {choices}")]
    NotAChoice { field: String, given: String, choices: String },
    #[error("`{field}`: `{given}` is not between {min} and {max}")]
    OutOfRange { field: String, given: String, min: String, max: String },
    #[error("`{field}`: 0, 0 is what a receiver writes before it knows where it is")]
    PlaceUnset { field: String },
    #[error("`{field}` wants {digits} digits, but was given `{given}`")]
    WrongDigits { field: String, given: String, digits: String },
    #[error("`{field}` is given by the program and cannot be set")]
    GivenByProgram { field: String },
    #[error("`{field}` is not decided under `{group}`")]
    WrongGroup { field: String, group: String },
    #[error("`{field}` must be filled in")]
    Required { field: String },
    #[error("`{given}` lies outside {scopes}")]
    OutsideScope { given: String, scopes: String },
    #[error("it is not clear which of {scopes} the new record belongs to")]
    ScopeNeeded { scopes: String },
    #[error("`{field}` is already there: {given}")]
    Duplicate { field: String, given: String },
    #[error("`{field}` names nothing that is here: `{given}`")]
    UnknownReference { field: String, given: String },
    #[error("`{field}`: {name}, given as `{given}`, ended on {until} and went up in {into}")]
    PlaceEnded { field: String, given: String, name: String, until: String, into: String },
    #[error("`{field}`: `{given}` could be any of {count}")]
    AmbiguousReference { field: String, given: String, count: String },
    #[error("{role} may not do this with {kind}")]
    NotAllowed { role: String, kind: String },
    #[error("{role} may not move a {kind} to {to}")]
    MoveNotAllowed { role: String, kind: String, to: String },
    #[error("{kind} has no state `{to}`")]
    UnknownState { kind: String, to: String },
    #[error("a record that is {from} cannot become {to}")]
    WrongState { from: String, to: String },
    #[error("`{field}` is locked while the record is {state}")]
    Locked { field: String, state: String },
    #[error("a {kind} is never edited or deleted; a new one corrects it")]
    AppendOnly { kind: String },
    #[error("record {record} was deleted")]
    Deleted { record: String },
    #[error("there is no record {record}")]
    UnknownRecord { record: String },
    #[error("record {record} is there already")]
    AlreadyExists { record: String },
    #[error("record {record} would become larger than {limit} MB")]
    RecordTooLarge { record: String, limit: String },
    #[error("{paid} paid of `{of}`, where {arrived} arrived")]
    FundBeyondArrived { of: String, paid: String, arrived: String, over: String },
    #[error("{paid} paid on `{of}`, whose price is {limit}")]
    FundBeyondContract { of: String, paid: String, limit: String, over: String },
    #[error("{paid} paid on `{of}`, whose stages allow {allowed}")]
    FundBeyondStage { of: String, paid: String, allowed: String, over: String },
    #[error("`{of}` was not accepted on {dated}")]
    FundBeforeAcceptance { of: String, dated: String },
    #[error("retention of `{of}` may be paid from {from} on, not on {dated}")]
    FundRetentionEarly { of: String, dated: String, from: String },
    #[error("retention of `{of}` waits for a grade, which is `{grade}`")]
    FundRetentionUngraded { of: String, grade: String },
    #[error("there is nothing to reverse in {given}")]
    NothingToReverse { given: String },
    #[error("{given} is reversed already")]
    ReversedAlready { given: String },
    #[error("a reversal of {amount} says {given}")]
    ReversedInPart { given: String, amount: String },
    #[error("{count} things block it, first {rule} ({clause}) of {record}")]
    NotReady { rule: String, clause: String, record: String, count: String },
    #[error("an application is returned with a numbered remark to answer, and there is none open")]
    ReturnedWithoutRemark,
    #[error("`{of}` has no passed acceptance by which it could become {to}")]
    NotAccepted { of: String, to: String },
    #[error("no payment of `{of}` is entered")]
    NotPaid { of: String },
    #[error("`{of}` is not handed over")]
    NotHandedOver { of: String },
    #[error("no evaluation of `{of}` was handed in")]
    NotEvaluated { of: String },
    #[error("a {kind} is not written while its {with} is {state}")]
    LockedWith { kind: String, with: String, state: String },
    #[error("version {version} of programme {code} was published by another hand")]
    ProgrammePublished { code: String, version: String },
    #[error("the programme's text does not hold together at {place}")]
    ProgrammeUnsound { place: String },
    #[error("`{field}` shows more of a personal number than is kept")]
    NotConcealed { field: String },
    #[error("there is no open conflict {conflict}")]
    UnknownConflict { conflict: String },
    /// A rule that only a newer program knows; kept as it was said, for it is part of a log.
    #[error("a newer rule: {0}")]
    #[serde(untagged)]
    Newer(#[ts(type = "{ code: string, fields?: Record<string, string> }")] Value),
}

impl Refusal {
    /// That `field` wants another sort of value; of what was given, the beginning is told.
    #[must_use]
    pub fn wrong_type(field: &str, expected: &str, given: &str) -> Self {
        let given = match given.char_indices().nth(MOST_TOLD) {
            Some((end, _)) => format!("{}…", &given[..end]),
            None => given.to_owned(),
        };
        Self::WrongType { field: field.to_owned(), expected: expected.to_owned(), given }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_a_newer_program_is_kept_word_for_word() {
        for said in [
            r#"{"code":"moonTooFull","fields":{"phase":"3","until":"2031-01-01"}}"#,
            r#"{"code":"required","fields":{"field":"name"}}"#,
        ] {
            let refusal: Refusal = serde_json::from_str(said).expect("a refusal, known or not");
            assert_eq!(serde_json::to_string(&refusal).expect("JSON"), said, "a log's hash covers it");
            let packed = crate::compact::pack_row(&refusal);
            let back: Refusal = crate::compact::unpack_row(&packed).expect("a row");
            assert_eq!(back, refusal, "and so does a row");
        }
        let known: Refusal = serde_json::from_str(r#"{"code":"required","fields":{"field":"a"}}"#).expect("known");
        assert_eq!(known, Refusal::Required { field: "a".to_owned() }, "what is known is not taken for news");
    }
}
