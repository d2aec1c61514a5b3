//! `fund`: the money ledger from the terminal.

use std::fmt::Write as _;

use app::funds::{Basis, Effect, Missing, Sort, Source, Stage};
use app::{FundAsked, FundBalances, FundChart, FundLine, FundList, FundPart, FundSum, Laptop, PaymentDue, Result};
use app::{FundHome, VillageMoney, money};
use clap::Subcommand;
use serde_json::json;

use crate::arguments::field;
use crate::run::{Out, pairs, record, say};
use crate::words;

#[derive(Debug, Subcommand)]
pub(crate) enum FundCommand {
    /// Enters money; prints the entry's id. What would break the books is refused.
    Add {
        /// Its fields, as field=value: sort, level, dated, amount, and application, works or contract.
        #[arg(value_parser = field, required = true)]
        fields: Vec<(String, String)>,
    },
    /// The entries in the order of their dates, with running sums.
    List {
        /// Of this application, works, contract or village.
        of: Option<String>,
        /// Up to and with this day.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
        /// Dated in this year.
        #[arg(long)]
        year: Option<String>,
        /// Of this sort: allocated, arrived, advance, payment, retention, recovered.
        #[arg(long, value_parser = sort)]
        sort: Option<Sort>,
        /// Of this level: central, province, city, district, town, village, villagers, labour, social, other.
        #[arg(long, value_parser = level)]
        level: Option<Source>,
    },
    /// What came, went and is left; by application, works, contract, level and year; and what does not hold.
    Balance {
        /// Of this application, works, contract or village.
        of: Option<String>,
        /// Up to and with this day; today when not given.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// What may be paid now, contract by contract, and which stage waits for what.
    Due {
        /// Of this application, works or contract.
        of: Option<String>,
        /// As of this day; today when not given.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// Reverses an entry that was wrong (冲销); the entry is kept.
    Reverse {
        /// The entry's id.
        id: String,
        /// The day; today when not given.
        #[arg(long, value_name = "DATE")]
        dated: Option<String>,
        /// Why.
        #[arg(long)]
        note: Option<String>,
    },
    /// The figures of the charts: by source, year and month, and plan beside payment.
    Chart {
        /// Of this application, works, contract or village.
        of: Option<String>,
    },
    /// The money of a village, year by year.
    Village {
        /// The village's id.
        id: String,
    },
}

fn sort(text: &str) -> std::result::Result<Sort, String> {
    Sort::named(text).ok_or_else(|| "expected allocated, arrived, advance, payment, retention or recovered".to_owned())
}

fn level(text: &str) -> std::result::Result<Source, String> {
    let names = || Source::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    Source::named(text).ok_or_else(|| format!("expected one of {}", names()))
}

pub(crate) fn run(laptop: &mut Laptop, command: FundCommand, out: &Out) -> Result<()> {
    let of = |id: Option<String>| id.as_deref().map(record).transpose();
    match command {
        FundCommand::Add { fields } => {
            let fields = laptop.read_fields("fund_entry", pairs(&fields))?;
            let shown = laptop.add("fund_entry", fields)?;
            if out.json {
                out.print(&json!({"id": shown.id}), |_| String::new())?;
            } else {
                say(&shown.id.to_string());
            }
        }
        FundCommand::List { of: id, as_of, year, sort, level } => {
            let asked = FundAsked { of: of(id)?, as_of, year, sort, level };
            out.print(&laptop.fund_list(&asked)?, list)?;
        }
        FundCommand::Balance { of: id, as_of } => {
            out.print(&laptop.fund_balances(of(id)?, as_of.as_deref())?, balances)?;
        }
        FundCommand::Due { of: id, as_of } => {
            out.print(&laptop.payments_due(of(id)?, as_of.as_deref())?, |due| dues(due))?;
        }
        FundCommand::Reverse { id, dated, note } => {
            let shown = laptop.reverse_fund(record(&id)?, dated.as_deref(), note.as_deref())?;
            out.print(&shown, |shown| words::saved(laptop.catalog(), shown))?;
        }
        FundCommand::Chart { of: id } => out.print(&laptop.fund_chart(of(id)?)?, chart)?,
        FundCommand::Village { id } => out.print(&laptop.money_by_year(record(&id)?)?, village)?,
    }
    Ok(())
}

fn yuan(fen: i64) -> String {
    format!("{} 元", money::grouped(fen))
}

fn list(list: &FundList) -> String {
    let mut text = String::new();
    for entry in &list.entries {
        let _ = writeln!(text, "{}", line(entry));
    }
    text + &sum(&list.total)
}

fn line(entry: &FundLine) -> String {
    let home = |home: &Option<FundHome>| home.as_ref().map(|home| home.title.clone());
    let of = home(&entry.contract).or_else(|| home(&entry.works)).or_else(|| home(&entry.application));
    let effect = match entry.effect {
        Effect::Counts => "",
        Effect::Reversed => "（已冲销）",
        Effect::Reverses => "（冲销）",
        Effect::ReversesNothing | Effect::ReversesAgain => "（无效冲销）",
        Effect::Unknown => "（类型未知）",
    };
    format!(
        "{}  {}  {}{effect}  {}  {}  {}  到位 {}  支付 {}  结余 {}",
        entry.number,
        entry.dated,
        entry.sort.map_or("", sort_name),
        level_name(entry.level),
        yuan(entry.amount),
        of.unwrap_or_default(),
        money::grouped(entry.arrived),
        money::grouped(entry.spent),
        money::grouped(entry.left),
    )
}

fn sum(sum: &FundSum) -> String {
    let rate = app::indicator::percent(sum.execution.numerator, sum.execution.denominator);
    let basis = match sum.execution.basis {
        Basis::Allocated => "支付/下达",
        Basis::Arrived => "支付/到位，没有记下达",
    };
    let rate = rate.map_or_else(|| "没有执行率".to_owned(), |rate| format!("执行率 {rate}%（{basis}）"));
    let recovered = match sum.balance.recovered {
        0 => String::new(),
        recovered => format!("，收回 {}", yuan(recovered)),
    };
    format!(
        "下达 {}，到位 {}，支付 {}{recovered}，结余 {}，{rate}",
        yuan(sum.balance.allocated),
        yuan(sum.balance.arrived),
        yuan(sum.spent),
        yuan(sum.left)
    )
}

fn balances(balances: &FundBalances) -> String {
    let mut text = format!("截至 {}\n合计  {}\n", balances.as_of, sum(&balances.total));
    let named = |part: &FundPart| if part.title.is_empty() { part.key.clone() } else { part.title.clone() };
    let level =
        |part: &FundPart| Source::named(&part.key).map_or_else(|| part.key.clone(), |one| level_name(one).to_owned());
    let none = |name: String| if name.is_empty() { "（未归属）".to_owned() } else { name };
    for (heading, parts) in
        [("按申报", &balances.applications), ("按工程", &balances.works), ("按合同", &balances.contracts)]
    {
        let _ = writeln!(text, "{heading}");
        for part in parts {
            let _ = writeln!(text, "  {}  {}", none(named(part)), sum(&part.sum));
        }
    }
    let _ = writeln!(text, "按来源");
    for part in &balances.levels {
        let _ = writeln!(text, "  {}  {}", level(part), sum(&part.sum));
    }
    let _ = writeln!(text, "按年度");
    for part in &balances.years {
        let _ = writeln!(text, "  {}  {}", part.key, sum(&part.sum));
    }
    for finding in &balances.findings {
        let _ = writeln!(text, "! {}\n    依据：{}", finding.text, finding.clause);
    }
    text.trim_end().to_owned()
}

fn dues(dues: &[PaymentDue]) -> String {
    let mut text = String::new();
    for one in dues {
        let due = &one.due;
        let limit = due.limit.map_or_else(|| "没有合同价".to_owned(), yuan);
        let _ = writeln!(text, "{}  {limit}  已付 {}  按节点可付到 {}", one.title, yuan(due.spent), yuan(due.allowed));
        let _ =
            writeln!(text, "  现在可付 {}（结余够付 {}）  依据：{}", yuan(due.payable), yuan(one.covered), due.clause);
        for stage in &due.stages {
            let why = match stage.missing {
                None => "已到".to_owned(),
                Some(missing) => missing_words(missing, stage.on.as_deref()),
            };
            let share = money::yuan(stage.share);
            let _ = writeln!(text, "    {}  {share}%  {}  {why}", stage_name(stage.stage), yuan(stage.amount));
        }
    }
    if text.is_empty() { "没有已签、且按节点支付的合同".to_owned() } else { text.trim_end().to_owned() }
}

fn missing_words(missing: Missing, on: Option<&str>) -> String {
    match missing {
        Missing::NotBegun => "没有开工记录".to_owned(),
        Missing::NotBuilt => "进度没有到".to_owned(),
        Missing::NotAccepted => "没有验收记录".to_owned(),
        Missing::TooEarly => format!("{} 以后", on.unwrap_or("日期不明")),
        Missing::NotGraded => "没有环境成效评估".to_owned(),
        Missing::GradeTooLow => "环境成效评估等级不够".to_owned(),
    }
}

fn chart(chart: &FundChart) -> String {
    let mut text = String::from("按来源（计划 / 实际）\n");
    for one in &chart.sources {
        let _ = writeln!(text, "  {}  计划 {}  {}", level_name(one.level), yuan(one.planned), sum(&one.sum));
    }
    let _ = writeln!(text, "按年度");
    for one in &chart.years {
        let _ = writeln!(text, "  {}  {}", one.year, sum(&one.sum));
    }
    let _ = writeln!(text, "逐月累计");
    for one in &chart.months {
        let _ = writeln!(text, "  {}  到位 {}  支付 {}", one.month, yuan(one.arrived), yuan(one.spent));
    }
    let _ = writeln!(text, "按申报（总投资 / 实际）");
    for one in &chart.plans {
        let _ = writeln!(text, "  {}  {}  {}", one.title, yuan(one.planned), sum(&one.sum));
    }
    text.trim_end().to_owned()
}

fn village(money: &VillageMoney) -> String {
    let mut text = String::new();
    for year in &money.years {
        let _ = writeln!(text, "{}  {}", year.year, sum(&year.sum));
        for one in &year.arrived {
            let _ = writeln!(text, "    {}到位 {}", level_name(one.level), yuan(one.amount));
        }
    }
    if money.shared.balance != app::funds::Balance::default() {
        let _ = writeln!(text, "另有多村共用、没有分到村的：{}", sum(&money.shared));
    }
    if text.is_empty() { "没有资金记录".to_owned() } else { text.trim_end().to_owned() }
}

fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Allocated => "下达",
        Sort::Arrived => "到位",
        Sort::Advance => "预拨",
        Sort::Payment => "支付",
        Sort::Retention => "质保金",
        Sort::Recovered => "结余收回",
        Sort::Reversal => "冲销",
    }
}

fn level_name(level: Source) -> &'static str {
    match level {
        Source::Central => "中央",
        Source::Province => "省级",
        Source::City => "市级",
        Source::District => "区级",
        Source::Town => "镇级",
        Source::Village => "村集体",
        Source::Villagers => "村民",
        Source::Labour => "投工投劳",
        Source::Social => "社会",
        Source::Other => "其他",
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Entry => "进场",
        Stage::P30 => "完成 30%",
        Stage::P50 => "完成 50%",
        Stage::P70 => "完成 70%",
        Stage::P90 => "完成 90%",
        Stage::Acceptance => "验收",
        Stage::Retention => "质保",
    }
}
