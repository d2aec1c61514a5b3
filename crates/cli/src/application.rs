//! `check`, `prefill` and `steps`: an application before it is reported.

use std::process::ExitCode;

use app::texts::{Language, sentence};
use app::types::ErrorView;
use app::{ApplicationSteps, FindingView, Findings, Laptop, Prefilled, Result, Severity};
use clap::Subcommand;

use crate::evidence::look;
use crate::run::{Out, record};

#[derive(Debug, Subcommand)]
pub(crate) enum ApplicationCommand {
    /// What a reviewer would find in an application: what blocks it, and what to look at.
    Check {
        /// The application's id.
        application: String,
        /// The day on which it is asked; today when not given.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// Writes the plan, the targets, the estimate and the form's empty fields from the
    /// records; what a person has edited stays.
    Prefill {
        /// The application's id.
        application: String,
        /// The outline of the plan: f2, f3 or village; what suits the application when not given.
        #[arg(long)]
        outline: Option<String>,
    },
    /// What is done of an application, and what is left in each step.
    Steps {
        /// The application's id.
        application: String,
    },
}

pub(crate) fn run(laptop: &mut Laptop, command: ApplicationCommand, out: &Out) -> Result<ExitCode> {
    match command {
        ApplicationCommand::Check { application, as_of } => {
            let application = record(&application)?;
            look(laptop, out)?;
            let found = match as_of {
                Some(date) => laptop.check_on(application, &date)?,
                None => laptop.check(application)?,
            };
            out.print(&found, checked)?;
        }
        ApplicationCommand::Prefill { application, outline } => {
            out.print(&laptop.prefill(record(&application)?, outline.as_deref())?, prefilled)?;
        }
        ApplicationCommand::Steps { application } => {
            out.print(&laptop.application_steps(record(&application)?)?, steps)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn checked(found: &Findings) -> String {
    if found.findings.is_empty() {
        return "没有要核对的。".to_owned();
    }
    let line = |one: &FindingView| {
        let weight = if one.severity == Severity::Block { "必须改正" } else { "请核对" };
        let text = sentence(&ErrorView { code: one.rule.name().to_owned(), fields: one.fields.clone() }, Language::Zh);
        let place = one.mend.as_ref().map(|mend| match (&mend.make, &mend.field) {
            (Some(kind), _) => format!("\n    处理：新增 {kind}（{} {}）", mend.kind, mend.record),
            (None, Some(field)) => format!("\n    处理：{} {} 的 {field}", mend.kind, mend.record),
            (None, None) => format!("\n    处理：{} {}", mend.kind, mend.record),
        });
        let accepted = one.accepted.as_ref().map(|answer| format!("\n    已认可：{}（{}）", answer.remark, answer.by));
        format!(
            "[{weight}] {text}\n    依据：{}{}{}\n    编号：{}",
            one.clause,
            place.unwrap_or_default(),
            accepted.unwrap_or_default(),
            one.key
        )
    };
    let mut lines: Vec<String> = found.findings.iter().map(line).collect();
    if found.unseen > 0 {
        lines.push(format!("另有 {} 张照片的原件还不在本机，没有检查。", found.unseen));
    }
    lines.join("\n")
}

fn prefilled(done: &Prefilled) -> String {
    let dropped = match done.dropped.len() {
        0 => String::new(),
        count => format!("另一台电脑也写过的 {count} 条重复内容已收起，可以恢复。"),
    };
    format!(
        "按提纲 {} 生成：填写 {} 栏，新增 {} 条，更新 {} 条。人改过和删去的没有动。{dropped}",
        done.outline,
        done.filled.len(),
        done.made.len(),
        done.renewed.len()
    )
}

fn steps(view: &ApplicationSteps) -> String {
    let line = |step: &app::ApplicationStep| {
        let mark = if step.done { "✓" } else { "·" };
        format!("{mark} {}  必须改正 {}，请核对 {}", name(step.step), step.blocks, step.warns)
    };
    let mut lines: Vec<String> = view.steps.iter().map(line).collect();
    lines.push(format!("合计：必须改正 {}，请核对 {}", view.blocks, view.warns));
    lines.join("\n")
}

fn name(step: app::ApplicationStepName) -> &'static str {
    use app::ApplicationStepName as S;
    match step {
        S::Project => "项目信息",
        S::Works => "整治工程",
        S::Estimate => "投资估算",
        S::Money => "资金来源",
        S::Targets => "绩效目标",
        S::Plan => "实施方案",
        S::Documents => "申报材料",
        S::Notice => "公示",
        S::Remarks => "审核意见",
        S::Running => "实施与资金",
    }
}
