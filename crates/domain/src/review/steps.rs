//! The steps of an application, as a person goes through them: what is done, and
//! how much is still to be mended in each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::filled;
use crate::finding::{Finding, FindingRule as R};
use crate::submission::Submission;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ApplicationStepName")]
pub enum StepName {
    /// Name, year, programme, who and where.
    Project,
    /// The works that it bundles, and whether they may be paid for.
    Works,
    /// 投资估算.
    Estimate,
    /// 资金来源.
    Money,
    /// 绩效目标.
    Targets,
    /// 实施方案.
    Plan,
    /// 申报材料.
    Documents,
    /// 公示.
    Notice,
    /// 审核意见.
    Remarks,
    /// What comes after it is allocated: payments, terms, reports.
    Running,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ApplicationStep")]
pub struct Step {
    /// Which.
    pub step: StepName,
    /// Whether everything is there, and nothing in it blocks.
    pub done: bool,
    /// How many findings block.
    #[ts(type = "number")]
    pub blocks: usize,
    /// How many warn.
    #[ts(type = "number")]
    pub warns: usize,
}

/// The steps of an application in which `found` was found.
#[must_use]
pub fn steps(submission: &Submission, found: &[Finding]) -> Vec<Step> {
    use StepName as S;
    let application = &submission.application;
    let there = |step: StepName| match step {
        S::Project => filled(application, "name") && filled(application, "programme"),
        S::Works => !submission.works.is_empty(),
        S::Estimate => !submission.lines.is_empty(),
        S::Money => filled(application, "total") && filled(application, "requested"),
        S::Targets => !submission.targets.is_empty(),
        S::Plan => !submission.chapters.is_empty(),
        S::Documents => !submission.documents.is_empty(),
        S::Notice => !submission.notices.is_empty(),
        S::Remarks | S::Running => true,
    };
    let all = [
        S::Project,
        S::Works,
        S::Estimate,
        S::Money,
        S::Targets,
        S::Plan,
        S::Documents,
        S::Notice,
        S::Remarks,
        S::Running,
    ];
    let step = |step: StepName| {
        let mine: Vec<&Finding> = found.iter().filter(|finding| step_of(finding) == Some(step)).collect();
        let blocks = mine.iter().filter(|finding| finding.blocks()).count();
        let lacks = mine.iter().any(|finding| is_lack(finding.rule));
        Step { step, done: there(step) && blocks == 0 && !lacks, blocks, warns: mine.len() - blocks }
    };
    all.into_iter().map(step).collect()
}

/// Whether a rule says that something is not there at all.
fn is_lack(rule: R) -> bool {
    matches!(
        rule,
        R::FieldsMissing
            | R::PolicyMissing
            | R::EstimateMissing
            | R::ChapterMissing
            | R::TargetMissing
            | R::DocumentMissing
            | R::NoticeMissing
    )
}

/// The step in which something is mended; photos have their own page.
fn step_of(finding: &Finding) -> Option<StepName> {
    use StepName as S;
    let mend = finding.mend.as_ref();
    match (finding.rule, mend.and_then(|mend| mend.make.as_deref()), mend.map(|mend| mend.kind.as_str())) {
        (_, Some("target"), _) | (R::WrittenTwice, _, Some("target")) => return Some(S::Targets),
        (R::WrittenTwice, _, Some("estimate_line")) => return Some(S::Estimate),
        _ => {}
    }
    Some(match finding.rule {
        R::FieldsMissing
        | R::PolicyMissing
        | R::PolicyUnreadable
        | R::PolicyUnpublished
        | R::PolicyNotInForce
        | R::RequirementUnmet
        | R::RequirementOpen
        | R::SpanReversed
        | R::VillageNotNamed => S::Project,
        R::CategoryNotEligible
        | R::DuplicateFunding
        | R::WorksTwice
        | R::OtherStream
        | R::FundedAlready
        | R::BeneficiariesTooMany
        | R::CapacityOdd
        | R::HouseholdTwice
        | R::HouseholderDeceased
        | R::RateOdd
        | R::WaterArea
        | R::WaterList => S::Works,
        R::LineAmount | R::EstimateSum | R::EstimateMissing | R::CostOdd | R::NotEligible => S::Estimate,
        R::FundingSum
        | R::FundingMissing
        | R::ChannelUnnamed
        | R::OtherCentral
        | R::OverEntitled
        | R::AmountDiffers
        | R::AmountUnknown => S::Money,
        R::TargetMissing => S::Targets,
        R::ChapterMissing | R::WrittenTwice | R::OutlinesMixed => S::Plan,
        R::DocumentMissing => S::Documents,
        R::NoticeMissing | R::NoticeShort | R::NoticeRunning => S::Notice,
        R::RemarkOpen => S::Remarks,
        R::PhotoTwice
        | R::PhotoAlike
        | R::PhotoOutsideDates
        | R::PhotoFarAway
        | R::PhotoWithoutExif
        | R::PhotoEdited
        | R::PhotoOdd
        | R::PhotoClock
        | R::PhotoMissing => return None,
        _ => S::Running,
    })
}
