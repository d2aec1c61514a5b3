//! `programme` and `amount`: policies read, checked, tried and published, and what
//! an application comes to. `check`, and `try` on a case, need no laptop.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use app::programme::{Amount, Demand, figures};
use app::texts::{Language, sentence};
use app::types::ErrorView;
use app::{
    AmountView, CaseTried, Catalog, Laptop, PastTried, PlacedProblem, ProgrammeChecked, ProgrammeView, Result,
    check_programme, read_case, read_programme, try_programme,
};
use clap::Subcommand;

use crate::run::{Out, record, say};

#[derive(Debug, Subcommand)]
pub(crate) enum ProgrammeCommand {
    /// The programmes of the district, and those that ship.
    List,
    /// One programme's text: by its code, CODE@VERSION, or record.
    Show {
        /// Which.
        programme: String,
    },
    /// Everything that is wrong with a programme's file; needs no laptop.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Keeps a programme's file as a draft.
    Draft {
        /// The file.
        file: PathBuf,
    },
    /// Publishes a programme's file; what is published never changes.
    Publish {
        /// The file.
        file: PathBuf,
        /// Retires the versions before it.
        #[arg(long)]
        retire: bool,
    },
    /// What a programme's file comes to: for a case, which needs no laptop, or for past applications.
    Try {
        /// The file.
        file: PathBuf,
        /// A JSON file with the inputs.
        #[arg(long, value_name = "FILE", required_unless_present = "past")]
        case: Option<PathBuf>,
        /// The applications that were made under it.
        #[arg(long, conflicts_with = "case")]
        past: bool,
        /// With --past: those of every programme.
        #[arg(long, requires = "past")]
        all: bool,
    },
}

/// What needs no laptop, done; nothing where one is needed.
pub(crate) fn without_laptop(command: &ProgrammeCommand, out: &Out) -> Result<Option<ExitCode>> {
    match command {
        ProgrammeCommand::Check { file } => {
            let checked = check_programme(&read_programme(file)?);
            out.print(&checked, checked_words)?;
            Ok(Some(exit(checked.ok)))
        }
        ProgrammeCommand::Try { file, case: Some(case), .. } => {
            let tried = try_programme(&read_programme(file)?, &read_case(case)?);
            match &tried.amount {
                Some(amount) if out.json => out.print(amount, |_| String::new())?,
                _ => out.print(&tried, tried_words)?,
            }
            Ok(Some(exit(tried.amount.is_some())))
        }
        _ => Ok(None),
    }
}

pub(crate) fn run(laptop: &mut Laptop, command: ProgrammeCommand, out: &Out) -> Result<()> {
    match command {
        ProgrammeCommand::Check { .. } | ProgrammeCommand::Try { case: Some(_), .. } => {}
        ProgrammeCommand::List => out.print(&laptop.programmes()?, |all| list(all))?,
        ProgrammeCommand::Show { programme } => {
            let shown = laptop.programme(&programme)?;
            match out.json {
                true => out.print(&shown, |_| String::new())?,
                false => say(shown.text.trim_end()),
            }
        }
        ProgrammeCommand::Draft { file } => {
            let drafted = laptop.draft_programme(&read_programme(&file)?)?;
            out.print(&drafted, |one| format!("已存为草稿：{}", line(one)))?;
        }
        ProgrammeCommand::Publish { file, retire } => {
            let published = laptop.publish_programme(&read_programme(&file)?, retire)?;
            out.print(&published, |one| format!("已公布，下次同步送达各镇：{}", line(one)))?;
        }
        ProgrammeCommand::Try { file, all, .. } => {
            let tried = laptop.try_on_past(&read_programme(&file)?, all)?;
            out.print(&tried, |tried| past(tried))?;
        }
    }
    Ok(())
}

/// `amount APPLICATION`.
pub(crate) fn amount(laptop: &Laptop, application: &str, as_of: Option<&str>, out: &Out) -> Result<ExitCode> {
    let amount = laptop.amount(record(application)?, as_of)?;
    out.print(&amount, amount_words)?;
    Ok(exit(amount.total.is_some()))
}

fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn list(all: &[ProgrammeView]) -> String {
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(one: &ProgrammeView) -> String {
    let state = match one.state.as_str() {
        "shipped" => "程序自带",
        "drafted" => "拟订",
        "published" => "已公布",
        "retired" => "停用",
        _ => "",
    };
    let until = one.until.as_deref().unwrap_or("…");
    let mut text =
        format!("{state}{}{} v{}  {}", if state.is_empty() { "" } else { "  " }, one.code, one.version, one.name.zh);
    if !one.document.is_empty() {
        let _ = write!(text, "  {}", one.document);
    }
    let _ = write!(text, "  {} 至 {until}", one.from);
    if one.inferred > 0 {
        let _ = write!(text, "  推定 {} 条", one.inferred);
    }
    text
}

fn checked_words(checked: &ProgrammeChecked) -> String {
    match &checked.programme {
        Some(programme) => format!("没有发现问题。{}", line(programme)),
        None => format!("{} 个问题：\n{}", checked.problems.len(), wrong(&checked.problems)),
    }
}

fn wrong(problems: &[PlacedProblem]) -> String {
    let one = |problem: &PlacedProblem| {
        let place = if problem.place.is_empty() { "" } else { "  " };
        format!("  {}{place}{}", problem.place, sentence(&problem.problem, Language::Zh))
    };
    problems.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn lacking(problems: &[ErrorView]) -> String {
    problems.iter().map(|problem| format!("  {}", sentence(problem, Language::Zh))).collect::<Vec<_>>().join("\n")
}

fn tried_words(tried: &CaseTried) -> String {
    let mut text = match &tried.amount {
        Some(amount) => computed(amount),
        None if tried.wrong.is_empty() => format!("算不出奖补：\n{}", lacking(&tried.problems)),
        None => format!("政策有 {} 个问题：\n{}", tried.wrong.len(), wrong(&tried.wrong)),
    };
    let catalog = Catalog::shipped();
    let label = |one: &Demand| catalog.choice("document", "sort", &one.sort);
    let papers: Vec<String> = tried.documents.iter().filter(|one| one.asked == Some(true)).map(label).collect();
    if !papers.is_empty() {
        let _ = write!(text, "\n所需材料：{}", papers.join("、"));
    }
    text
}

fn computed(amount: &Amount) -> String {
    let view = |total| AmountWords {
        total: Some(total),
        asked: Some(amount.asked),
        shares: &amount.shares,
        stages: &amount.stages,
        trace: &amount.steps,
    };
    view(amount.total).words()
}

fn amount_words(view: &AmountView) -> String {
    let mut text = format!("{} v{}  {}\n", view.programme, view.version, view.date);
    if view.total.is_none() {
        let _ = write!(text, "算不出奖补：\n{}", lacking(&view.problems));
        return text;
    }
    let words = AmountWords {
        total: view.total,
        asked: view.asked,
        shares: &view.shares,
        stages: &view.stages,
        trace: &view.trace,
    };
    text.push_str(&words.words());
    if !view.open.is_empty() {
        let _ = write!(text, "\n合计以外还缺：\n{}", lacking(&view.open));
    }
    for one in &view.differences {
        let said = one.said.map_or_else(|| "没有填".to_owned(), figures::zh);
        let _ = write!(text, "\n与申报不一致  {}：申报 {said}，应为 {}", one.field, figures::zh(one.computed));
    }
    text
}

/// What is said of an amount, from wherever it comes.
struct AmountWords<'a> {
    total: Option<i64>,
    asked: Option<i64>,
    shares: &'a [app::programme::Share],
    stages: &'a [app::programme::Stage],
    trace: &'a [app::programme::Step],
}

impl AmountWords<'_> {
    fn words(&self) -> String {
        let mut text = String::new();
        for step in self.trace {
            let of = if step.of.name.is_empty() { String::new() } else { format!("{}  ", step.of.name) };
            let inferred = if step.inferred { "（推定）" } else { "" };
            let _ = writeln!(text, "{of}{}：{}", step.label.zh, step.words.zh);
            let _ = writeln!(text, "    依据 {}：{}{inferred}", step.clause, step.clause_text.zh);
        }
        for stage in self.stages {
            let due = match stage.due {
                Some(true) => "应付",
                Some(false) => "未到",
                None => "待定",
            };
            let (of, percent) = (&stage.of.name, stage.percent.as_deref().unwrap_or_default());
            let _ = writeln!(text, "  {of} {} {percent} {}  {due}", stage.label.zh, figures::zh(stage.amount));
        }
        for share in self.shares {
            let _ = writeln!(text, "  {} {}", share.label.zh, figures::zh(share.amount));
        }
        let _ = write!(text, "合计 {}", self.total.map(figures::zh).unwrap_or_default());
        if self.asked != self.total {
            let _ = write!(text, "，其中申请 {}", self.asked.map(figures::zh).unwrap_or_default());
        }
        text
    }
}

fn past(tried: &[PastTried]) -> String {
    if tried.is_empty() {
        return "没有按这项政策申报的项目".to_owned();
    }
    let money = |amount: Option<i64>| amount.map_or_else(|| "算不出".to_owned(), figures::zh);
    let line = |one: &PastTried| {
        let mut text = format!(
            "{}  原（v{}） {}，新 {}，申请 {}",
            one.title,
            one.frozen_version,
            money(one.frozen),
            money(one.tried),
            money(one.requested)
        );
        if !one.problems.is_empty() {
            let _ = write!(text, "\n{}", lacking(&one.problems));
        }
        text
    };
    tried.iter().map(line).collect::<Vec<_>>().join("\n")
}
