//! What can be wrong with a programme, and what can be wrong with a case: codes
//! with fields, whose sentences stand in the app's texts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something wrong in a programme, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[error("{place}: {fault}")]
pub struct ProgrammeProblem {
    /// The part of the file: `rule.reward`, `document[3]`.
    pub place: String,
    /// What is wrong there.
    #[serde(flatten)]
    pub fault: ProgrammeFault,
}

/// What is wrong in a programme. The English text is for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum ProgrammeFault {
    #[error("line {line}: {reason}")]
    ProgrammeUnreadable { line: String, reason: String },
    #[error("it is larger than a programme may be")]
    ProgrammeTooLarge,
    #[error("`{given}` is no code of small letters, digits and hyphens")]
    ProgrammeCode { given: String },
    #[error("a version is 1 or more")]
    ProgrammeVersion,
    #[error("`{text}` is empty")]
    ProgrammeEmpty { text: String },
    #[error("it ends ({until}) before it begins ({from})")]
    DatesReversed { from: String, until: String },
    #[error("it says no clause that it comes from")]
    ClauseMissing,
    #[error("there is no clause `{clause}`")]
    ClauseUnknown { clause: String },
    #[error("`{name}` is there twice")]
    NameTwice { name: String },
    #[error("`{name}` is no name of small letters, digits and underscores")]
    NameWrong { name: String },
    #[error("there is no input `{input}`")]
    InputUnknown { input: String },
    #[error("`{input}` is {found}, but {expected} is needed here")]
    InputWrongType { input: String, expected: String, found: String },
    #[error("there is no step `{step}`")]
    StepUnknown { step: String },
    #[error("the step `{step}` stands further down")]
    StepLater { step: String },
    #[error("these steps wait for each other: {steps}")]
    StepCycle { steps: String },
    #[error("`{term}` belongs to something larger and cannot be divided here")]
    StepCoarser { term: String },
    #[error("it says {found} kinds of rule where exactly one is due")]
    PrimitiveCount { found: String },
    #[error("there are no bands")]
    BandsMissing,
    #[error("{band} ends before it begins")]
    BandReversed { band: String },
    #[error("{score} lies in two bands, {first} and {second}")]
    BandsOverlap { score: String, first: String, second: String },
    #[error("nothing is said between {from} and {until}")]
    BandsGap { from: String, until: String },
    #[error("{band} needs either an amount, or a percentage with a base")]
    BandWorth { band: String },
    #[error("the parts come to {percent}, not to 100%")]
    SharesNotWhole { percent: String },
    #[error("`{step}` is not shared out")]
    SharesIncomplete { step: String },
    #[error("a percentage of {percent} makes no sense here")]
    PercentWrong { percent: String },
    #[error("retention must be the last stage, and say until when it is held")]
    RetentionOpen,
    #[error("a condition on `{term}` says nothing that could be tested")]
    ConditionEmpty { term: String },
    #[error("there is no grade `{grade}`")]
    GradeUnknown { grade: String },
    #[error("`{name}` is none of {choices}")]
    ChoiceUnknown { name: String, choices: String },
    #[error("there are no words to find it by")]
    WordsMissing,
    #[error("its length is nothing")]
    ClockEmpty,
    #[error("`{name}` is said to hold over the same days twice")]
    CategoryTwice { name: String },
    #[error("it pays nothing: there is no rule or no total")]
    NothingPaid,
}

/// Why an amount cannot be computed. The English text is for logs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize, Deserialize, TS)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum AmountProblem {
    #[error("{who} lacks {label} ({input})")]
    AmountInputMissing { input: String, label: String, who: String },
    #[error("{who} says `{given}` for {label} ({input}), where {expected} is due")]
    AmountInputWrong { input: String, label: String, who: String, given: String, expected: String },
    #[error("{who}: {rule} has no band for {score}")]
    AmountNoBand { rule: String, who: String, score: String },
    #[error("{who}: {rule} leaves what can be counted")]
    AmountTooLarge { rule: String, who: String },
    #[error("there is no village for {rule}")]
    AmountNoVillages { rule: String },
    #[error("there is no works for {rule}")]
    AmountNoWorks { rule: String },
    #[error("{who} belongs to no village of the case")]
    AmountVillageUnknown { who: String },
    #[error("{who} is there twice")]
    AmountUnitTwice { who: String },
    #[error("the case has more than {most} villages or works")]
    AmountCaseTooLarge { most: String },
}
