//! How money may be paid: by a programme's stages, or by what a contract says of
//! its retention.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Stage;
use crate::Record;
use crate::indicator::ten_thousandths;
use crate::programme::{self, Programme};

/// All of a contract, in ten-thousandths.
pub(super) const WHOLE: i64 = 10_000;

/// How an application's programme lets money be paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentTerms {
    /// In these stages, where it says so.
    pub stages: Option<StagePlan>,
    /// 先建后验再奖补: money of the levels above is paid after acceptance, advances aside.
    pub after_acceptance: bool,
}

/// The stages in which a contract is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagePlan {
    /// In order; their shares come to 10,000.
    pub steps: Vec<StageStep>,
    /// When what is held back may be paid.
    pub retention: RetentionTerms,
    /// Only retention waits: how the rest is staged is left to the contract.
    pub open: bool,
    /// The clause, with its document.
    pub clause: String,
}

/// One stage of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageStep {
    /// The stage.
    pub stage: Stage,
    /// Its own share in ten-thousandths: 10 % is 1,000.
    #[ts(type = "number")]
    pub share: i64,
}

/// When retention may be paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetentionTerms {
    /// So many months after acceptance.
    pub months: u32,
    /// Only with one of these grades of the evaluation then; with none named, without.
    pub grades: Vec<String>,
    /// Only an acceptance of this level counts; any where none is named.
    pub level: Option<String>,
}

impl PaymentTerms {
    /// What `programme` says of it.
    #[must_use]
    pub fn of(programme: &Programme) -> Self {
        let stages = programme.rules.iter().find_map(|rule| {
            let clause = programme.cite(&rule.clause);
            StagePlan::of_stages(&rule.staged()?.stages, clause)
        });
        Self { stages, after_acceptance: programme.sort == programme::Sort::Reward }
    }
}

impl StagePlan {
    /// The plan of these stages; nothing where one has a name that no entry can have.
    fn of_stages(stages: &[programme::StageRule], clause: String) -> Option<Self> {
        let step = |rule: &programme::StageRule| {
            let stage = if rule.retention { Stage::Retention } else { Stage::named(&rule.name)? };
            Some(StageStep { stage, share: rule.percent.0 })
        };
        let steps: Vec<StageStep> = stages.iter().map(step).collect::<Option<_>>()?;
        let mut retention = RetentionTerms::default();
        for condition in stages.iter().filter(|rule| rule.retention).flat_map(|rule| &rule.when) {
            retention.months = retention.months.max(condition.months_ago.unwrap_or(0));
            retention.grades.extend(condition.grade.iter().cloned());
            if condition.of.to_string().ends_with(".accepted_level") {
                retention.level = condition.is.first().cloned();
            }
        }
        let open = steps.iter().all(|step| matches!(step.stage, Stage::Acceptance | Stage::Retention));
        Some(Self { steps, retention, open, clause })
    }

    /// What a contract says of itself: its retention, and nothing of stages before.
    #[must_use]
    pub fn of_contract(contract: &Record) -> Option<Self> {
        let held = contract.text("retention_percent").and_then(ten_thousandths)?.clamp(0, WHOLE);
        let step = |stage, share| StageStep { stage, share };
        Some(Self {
            steps: vec![step(Stage::Acceptance, WHOLE - held), step(Stage::Retention, held)],
            retention: RetentionTerms::default(),
            open: true,
            clause: "合同约定的质保金比例".to_owned(),
        })
    }
}
