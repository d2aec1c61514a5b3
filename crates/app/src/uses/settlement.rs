//! Settlement of an application's reward, village by village: computed from the
//! programme, kept in a record for each village, frozen when handed in.
//!
//! The record holds what a person says (how the standard was reached, its proof,
//! deductions, the payee) beside what was computed. While it is a draft the
//! computed part is brought up to date whenever somebody looks; after it was
//! handed in nothing changes it, and what the records come to since is shown.

use domain::programme::{Amount, Programme};
use domain::settlement::{Due, Quantity, settle};
use domain::submission::Submission;
use domain::{Fields, Record, RecordId, Refusal, Value, canonical};
use serde::{Deserialize, Serialize};
use store::Filter;
use ts_rs::TS;
use uuid::Uuid;

use super::save::creation;
use crate::{Laptop, Result, Trouble};

const KIND: &str = "settlement";

/// What a settlement must say before it is handed in.
const ASKED: [&str; 3] = ["reached", "proof_number", "payee"];

/// An application's settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettlementView {
    /// The application.
    pub application: RecordId,
    /// What it is called.
    pub title: String,
    /// The programme with its version.
    pub rule: String,
    /// One row for each village.
    pub rows: Vec<SettlementRow>,
    /// 应奖补 of all, in 分.
    #[ts(type = "number")]
    pub due: i64,
    /// 已预拨 of all, in 分.
    #[ts(type = "number")]
    pub prepaid: i64,
    /// 扣减 of all, in 分.
    #[ts(type = "number")]
    pub deduction: i64,
    /// 本次应拨 of all, in 分.
    #[ts(type = "number")]
    pub payable: i64,
}

/// One village of a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettlementRow {
    /// Its record, once there is one.
    pub record: Option<RecordId>,
    /// Where that stands in its lifecycle.
    pub state: Option<String>,
    /// Handed in: the figures are those of that day.
    pub frozen: bool,
    /// The village.
    pub village: RecordId,
    /// What it is called.
    pub title: String,
    /// 完成量, in words.
    pub quantities: String,
    /// 审定投资, in 分.
    #[ts(type = "number | null")]
    pub audited: Option<i64>,
    /// 计算过程, in words.
    pub steps: String,
    /// 应奖补, in 分.
    #[ts(type = "number")]
    pub due: i64,
    /// 已预拨, in 分.
    #[ts(type = "number")]
    pub prepaid: i64,
    /// 扣减, in 分.
    #[ts(type = "number")]
    pub deduction: i64,
    /// 本次应拨, in 分; below zero it is to be paid back.
    #[ts(type = "number")]
    pub payable: i64,
    /// The fields that must be filled before it is handed in.
    pub missing: Vec<String>,
    /// What is due and was paid by now, where that is not what was handed in.
    pub since: Option<SettledSince>,
}

/// What a village comes to since its settlement was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettledSince {
    /// 应奖补, in 分.
    #[ts(type = "number")]
    pub due: i64,
    /// 已预拨, in 分.
    #[ts(type = "number")]
    pub prepaid: i64,
}

/// What a settlement rests on.
struct Basis {
    submission: Submission,
    amount: Amount,
    rule: String,
    dues: Vec<Due>,
}

impl Laptop {
    /// The settlement of an application, as the records stand; what was handed in, as it was then.
    ///
    /// # Errors
    /// As [`Laptop::amount`], and [`Trouble::AmountOpen`] where it cannot be computed.
    pub fn settlement(&self, application: RecordId) -> Result<SettlementView> {
        let basis = self.settlement_basis(application)?;
        let own = self.settlements_of(application)?;
        let mut rows = Vec::new();
        for due in &basis.dues {
            let record = own.iter().find(|one| one.text("village") == Some(due.village.to_string().as_str()));
            rows.push(self.settlement_row(&basis, due, record));
        }
        let sum = |of: fn(&SettlementRow) -> i64| rows.iter().map(of).fold(0_i64, i64::saturating_add);
        Ok(SettlementView {
            application,
            title: store::title(self.catalog(), &basis.submission.application),
            due: sum(|row| row.due),
            prepaid: sum(|row| row.prepaid),
            deduction: sum(|row| row.deduction),
            payable: sum(|row| row.payable),
            rule: basis.rule,
            rows,
        })
    }

    /// Makes a record for each village that has none, and brings what is computed in
    /// those that are not handed in up to date: all in one step.
    ///
    /// # Errors
    /// As [`Laptop::settlement`]; what the rules refuse.
    pub fn begin_settlement(&mut self, application: RecordId) -> Result<SettlementView> {
        let basis = self.settlement_basis(application)?;
        let own = self.settlements_of(application)?;
        let kind = self.kind(KIND)?;
        let mut drafts = Vec::new();
        for due in &basis.dues {
            let village = due.village.to_string();
            let record = own.iter().find(|one| one.text("village") == Some(village.as_str()));
            let Some(record) = record else {
                let mut fields = self.computed(&basis, due, 0);
                fields.insert("application".to_owned(), application.to_string().into());
                fields.insert("village".to_owned(), village.into());
                fields.extend(proof(&basis.submission, due.village));
                let (id, actions) = (RecordId(Uuid::now_v7()), creation(&kind, &fields)?);
                let number = kind.number.as_ref().map(|pattern| self.numbering(&kind, pattern)).transpose()?;
                drafts.push(self.draft_of(id, &kind, basis.submission.application.scope.clone(), actions, number));
                continue;
            };
            if !is_frozen(record) {
                let fields = self.computed(&basis, due, deduction(record));
                let actions = kind.edit(&record.fields, &fields)?;
                if !actions.is_empty() {
                    drafts.push(self.draft_of(record.id, &kind, record.scope.clone(), actions, None));
                }
            }
        }
        self.save_together(drafts)?;
        self.settlement(application)
    }

    /// Hands the settlement in, all villages that are not handed in yet in one step or
    /// none of them: their figures stay as they are now.
    ///
    /// # Errors
    /// [`Trouble::SettlementIncomplete`] with the village and field that is missing;
    /// as [`Laptop::begin_settlement`].
    pub fn hand_in_settlement(&mut self, application: RecordId) -> Result<SettlementView> {
        let view = self.begin_settlement(application)?;
        let label = |name: &str| {
            self.catalog().kind(KIND).and_then(|kind| kind.field(name).map(|field| field.label.zh.clone()))
        };
        if let Some((row, name)) = view.rows.iter().find_map(|row| Some((row, row.missing.first()?))) {
            let (village, field) = (row.title.clone(), label(name)?);
            return Err(Trouble::SettlementIncomplete { village, field }.into());
        }
        let open: Vec<RecordId> = view.rows.iter().filter(|row| !row.frozen).filter_map(|row| row.record).collect();
        if open.is_empty() {
            let state = view.rows.iter().find_map(|row| row.state.clone()).unwrap_or_default();
            return Err(Refusal::Locked { field: "snapshot".to_owned(), state }.into());
        }
        let basis = self.settlement_basis(application)?;
        let text = String::from_utf8(canonical::to_vec(&basis.amount)).unwrap_or_default();
        let kind = self.kind(KIND)?;
        let mut drafts = Vec::new();
        for id in open {
            let before = self.row(id)?.record;
            let fields = Fields::from([
                ("snapshot".to_owned(), text.clone().into()),
                ("handed_in_on".to_owned(), Self::today().into()),
            ]);
            let mut actions = kind.edit(&before.fields, &fields)?;
            actions.push(domain::Action::Move { to: "handed_in".to_owned(), remark: None });
            drafts.push(self.draft_of(id, &kind, before.scope, actions, None));
        }
        self.save_together(drafts)?;
        self.settlement(application)
    }

    fn settlement_basis(&self, application: RecordId) -> Result<Basis> {
        self.application_record(application)?;
        let submission = self.submission(application)?;
        let title = store::title(self.catalog(), &submission.application);
        let none = || Trouble::NoProgramme { title: title.clone() };
        let policy = submission.programme.as_ref().ok_or_else(none)?;
        let programme = Programme::parse(policy.text("rules").unwrap_or_default());
        let programme = programme.map_err(|problems| super::programmes::wrong(&problems))?;
        let today = Self::today().parse().map_err(|_| Trouble::AmountOpen { title: title.clone() })?;
        let amount = programme.recompute(&submission, today).amount;
        let amount = amount.ok_or(Trouble::AmountOpen { title })?;
        let rule = format!("{} {} v{}", programme.cite("").trim(), programme.code, programme.version);
        let dues = settle(&submission, &programme, &amount);
        Ok(Basis { rule: rule.trim().to_owned(), dues, amount, submission })
    }

    fn settlements_of(&self, application: RecordId) -> Result<Vec<Record>> {
        self.gather(KIND, &[Filter::Field("application".to_owned(), application.to_string().into())])
    }

    fn settlement_row(&self, basis: &Basis, due: &Due, record: Option<&Record>) -> SettlementRow {
        let village = basis.submission.villages.iter().find(|village| village.id == due.village);
        let title = village.and_then(|village| village.text("name")).unwrap_or_default().to_owned();
        let frozen = record.is_some_and(is_frozen);
        let kept = record.filter(|_| frozen);
        let number = |field: &str, now: i64| kept.map_or(now, |record| record.integer(field).unwrap_or_default());
        let text =
            |field: &str, now: String| kept.map_or(now, |record| record.text(field).unwrap_or_default().to_owned());
        let deduction = record.map_or(0, deduction);
        let empty = |name: &str| record.is_none_or(|record| record.text(name).is_none_or(str::is_empty));
        let mut missing: Vec<String> = match frozen {
            true => Vec::new(),
            false => ASKED.into_iter().filter(|name| empty(name)).map(str::to_owned).collect(),
        };
        if deduction > 0 && !frozen && empty("deduction_reason") {
            missing.push("deduction_reason".to_owned());
        }
        let (was_due, was_prepaid) = (number("due", due.due), number("prepaid", due.prepaid));
        let same = (was_due, was_prepaid) == (due.due, due.prepaid);
        SettlementRow {
            record: record.map(|record| record.id),
            state: record.and_then(|record| record.state.clone()),
            frozen,
            village: due.village,
            title,
            quantities: text("quantities", self.quantities(&due.quantities)),
            audited: kept.map_or(due.audited, |record| record.integer("audited")),
            steps: text("steps", steps(due)),
            due: was_due,
            prepaid: was_prepaid,
            deduction,
            payable: number("payable", due.payable(deduction)),
            missing,
            since: (!same).then_some(SettledSince { due: due.due, prepaid: due.prepaid }),
        }
    }

    /// What is computed of one village, as its record's fields.
    fn computed(&self, basis: &Basis, due: &Due, deduction: i64) -> Fields {
        Fields::from([
            ("quantities".to_owned(), self.quantities(&due.quantities).into()),
            ("audited".to_owned(), due.audited.into()),
            ("rule".to_owned(), basis.rule.clone().into()),
            ("steps".to_owned(), steps(due).into()),
            ("due".to_owned(), due.due.into()),
            ("prepaid".to_owned(), due.prepaid.into()),
            ("payable".to_owned(), due.payable(deduction).into()),
        ])
    }

    fn quantities(&self, quantities: &[Quantity]) -> String {
        let unit = |name: &str| self.catalog().choice("progress", "unit", name);
        let one = |one: &Quantity| format!("{}{} {}", one.item, one.amount, unit(&one.unit)).trim().to_owned();
        quantities.iter().map(one).collect::<Vec<_>>().join("；")
    }
}

/// 计算过程 as the sheet has it: the programme's own words, a line for each step.
fn steps(due: &Due) -> String {
    let step = |step: &domain::programme::Step| {
        let inferred = if step.inferred { "（推定）" } else { "" };
        format!("{}：{}（{}{inferred}）", step.label.zh, step.words.zh, step.clause)
    };
    let mut lines: Vec<String> = due.steps.iter().map(step).collect();
    if due.divided {
        lines.push("整个申报的金额按各村审定投资分摊（推定）".to_owned());
    }
    if due.prepaid_divided {
        lines.push("整个申报的已拨金额按各村应奖补分摊（推定）".to_owned());
    }
    lines.join("\n")
}

/// How the standard was reached, as far as an acceptance of the village says so.
fn proof(submission: &Submission, village: RecordId) -> Vec<(String, Value)> {
    let passed = submission.acceptances.iter().filter(|one| {
        one.state.as_deref() == Some("passed")
            && one.text("subject") == Some("village")
            && one.text("village") == Some(village.to_string().as_str())
    });
    let Some(latest) = passed.max_by_key(|one| (one.text("held_on"), one.id)) else { return Vec::new() };
    let number = latest.text("number").or_else(|| latest.text("name")).unwrap_or_default();
    vec![("reached".to_owned(), "acceptance".into()), ("proof_number".to_owned(), number.into())]
}

fn deduction(record: &Record) -> i64 {
    record.integer("deduction").unwrap_or_default().max(0)
}

fn is_frozen(record: &Record) -> bool {
    matches!(record.state.as_deref(), Some("handed_in" | "confirmed"))
}
