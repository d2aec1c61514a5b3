//! `settlement` and `evaluation`: what a reward comes to, village by village, and
//! what was reached of the targets.

use std::fmt::Write as _;

use app::evaluation::{EvaluationProblem, SelfEvaluation};
use app::{EvaluationView, Laptop, Result, SettlementView, money};

use crate::run::{Out, record};

pub(crate) fn settlement(laptop: &mut Laptop, application: &str, begin: bool, hand_in: bool, out: &Out) -> Result<()> {
    let id = record(application)?;
    let view = match (hand_in, begin) {
        (true, _) => laptop.hand_in_settlement(id)?,
        (false, true) => laptop.begin_settlement(id)?,
        (false, false) => laptop.settlement(id)?,
    };
    let kind = laptop.catalog().kind("settlement").ok();
    let label = |name: &String| {
        kind.and_then(|kind| kind.field(name).ok()).map_or_else(|| name.clone(), |field| field.label.zh.clone())
    };
    out.print(&view, |view| sheet(view, &label))
}

pub(crate) fn evaluation(
    laptop: &mut Laptop,
    application: &str,
    year: Option<i64>,
    hand_in: bool,
    out: &Out,
) -> Result<()> {
    let id = record(application)?;
    let view = match hand_in {
        true => laptop.hand_in_evaluation(id, year)?,
        false => laptop.self_evaluation(id, year)?,
    };
    out.print(&view, evaluated)
}

fn yuan(fen: i64) -> String {
    format!("{} 元", money::grouped(fen))
}

fn sheet(view: &SettlementView, label: &dyn Fn(&String) -> String) -> String {
    let mut text = format!("{}  奖补结算  {}\n", view.title, view.rule);
    for row in &view.rows {
        let state = if row.frozen { "已报送" } else { "草稿" };
        let _ = writeln!(
            text,
            "{}  {state}  应奖补 {}  已预拨 {}  扣减 {}  本次应拨 {}",
            row.title,
            yuan(row.due),
            yuan(row.prepaid),
            yuan(row.deduction),
            yuan(row.payable)
        );
        if !row.quantities.is_empty() {
            let _ = writeln!(text, "  完成量：{}", row.quantities);
        }
        if let Some(audited) = row.audited {
            let _ = writeln!(text, "  审定投资：{}", yuan(audited));
        }
        for line in row.steps.lines() {
            let _ = writeln!(text, "  {line}");
        }
        if !row.missing.is_empty() {
            let _ = writeln!(text, "  报送前还缺：{}", row.missing.iter().map(label).collect::<Vec<_>>().join("、"));
        }
        if let Some(since) = &row.since {
            let _ = writeln!(text, "  报送之后按记录应为：应奖补 {}，已拨 {}", yuan(since.due), yuan(since.prepaid));
        }
    }
    let (due, prepaid, payable) = (yuan(view.due), yuan(view.prepaid), yuan(view.payable));
    text + &format!("合计  应奖补 {due}  已预拨 {prepaid}  扣减 {}  本次应拨 {payable}", yuan(view.deduction))
}

fn evaluated(view: &EvaluationView) -> String {
    let mut text = format!("{}  {} 年绩效自评", view.title, view.year);
    match (&view.handed_in_on, view.frozen) {
        (Some(date), true) => text.push_str(&format!("  已于 {date} 报送，数据已固定\n")),
        _ => text.push_str("  未报送\n"),
    }
    text.push_str(&scores(&view.evaluation));
    if let Some(since) = &view.since {
        let _ = write!(text, "\n报送之后按记录得分为 {}", since.total);
    }
    text
}

fn scores(evaluation: &SelfEvaluation) -> String {
    let mut text = String::new();
    for row in &evaluation.rows {
        let completion = row.completion.as_ref().map(|rate| format!("完成率 {rate}%")).unwrap_or_default();
        let score = row.score.as_deref().unwrap_or("没有得分");
        let star = if row.core { "★" } else { "" };
        let _ = writeln!(
            text,
            "  {star}{}  指标值 {}  实际 {}  {completion}  {score}/{}",
            row.name, row.goal, row.actual, row.weight
        );
    }
    let execution = &evaluation.execution;
    let rate = execution.rate.as_ref().map_or_else(|| "没有预算数".to_owned(), |rate| format!("{rate}%"));
    let score = execution.score.as_deref().unwrap_or("没有得分");
    let _ = writeln!(
        text,
        "  预算执行  预算 {}  执行 {}  执行率 {rate}  {score}/{}",
        yuan(execution.budget),
        yuan(execution.spent),
        execution.weight
    );
    let grade = evaluation.grade.as_ref().map_or("尚无等级", |grade| grade.label.zh.as_str());
    let inferred = if evaluation.inferred { "，推定" } else { "" };
    let _ = write!(text, "总分 {}/{}  {grade}（{}{inferred}）", evaluation.total, evaluation.full, evaluation.source);
    let named = |id: &app::RecordId| {
        let row = evaluation.rows.iter().find(|row| row.target == *id);
        row.map(|row| row.name.clone()).unwrap_or_default()
    };
    for problem in &evaluation.problems {
        let what = match problem {
            EvaluationProblem::LevelEmpty { level } => format!("{level} 没有指标"),
            EvaluationProblem::WeightsOff { level, given, weight } => {
                format!("{level} 的分值合计 {given}，应为 {weight}")
            }
            EvaluationProblem::Unscored { target } => format!("“{}”没有得分", named(target)),
            EvaluationProblem::OutsideBand { target, given } => {
                format!("“{}”填的 {given} 分不在完成程度的档内，按完成率计", named(target))
            }
            EvaluationProblem::DeviationMissing { target } => format!("“{}”没有写偏差原因", named(target)),
            EvaluationProblem::NoBudget => "没有预算数，执行率没有得分".to_owned(),
            EvaluationProblem::ExecutionOver => "执行数超过预算数".to_owned(),
        };
        let _ = write!(text, "\n  ! {what}");
    }
    text
}
