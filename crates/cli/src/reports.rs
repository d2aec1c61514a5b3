//! What the terminal says of figures, month reports and what is due.

use std::fmt::Write as _;

use app::acceptance::Judged;
use app::indicator::{self, Figure, Reason};
use app::month::{Amount, Because, Cause, Difference, Row, Status, Total};
use app::{About, Catalog, Level, MonthView, PlaceFigures, Reminder, money};

pub(crate) fn indicators(place: &PlaceFigures) -> String {
    let name = if place.name.is_empty() { "" } else { " " };
    let mut text = format!("{}{name}{}  截至 {}\n", place.code, place.name, place.as_of);
    if place.level == Level::District {
        let _ = writeln!(text, "  只含本机的乡镇：{}", place.scopes.join("、"));
    }
    for figure in &place.figures {
        let _ = writeln!(text, "{}", line(figure));
        let _ = writeln!(text, "    口径：{}{}", figure.basis.zh, if figure.inferred { "（推定）" } else { "" });
        if figure.recorded_bases.len() > 1 {
            let _ = writeln!(text, "    各村口径不一：{}", figure.recorded_bases.join("；"));
        }
        if let Some(oldest) = figure.oldest.as_ref().filter(|oldest| **oldest != figure.as_of) {
            let _ = writeln!(text, "    其中最早的数据截至 {oldest}");
        }
        for compared in &figure.compared {
            let met = match compared.met {
                Some(true) => "达到",
                Some(false) => "未达到",
                None => "无法比较",
            };
            let inferred = if compared.inferred { "（推定）" } else { "" };
            let _ = writeln!(text, "    {met} {} ≥{}%{inferred}", compared.goal.zh, compared.at_least);
        }
        for left in &figure.left_out {
            let title = place.titles.get(&left.record).map_or("", String::as_str);
            let _ = writeln!(text, "    未计入 {title}：{}", reason(left.reason));
        }
    }
    text.trim_end().to_owned()
}

fn line(figure: &Figure) -> String {
    match indicator::percent(figure.numerator, figure.denominator) {
        Some(percent) => format!("  {}  {}/{} = {percent}%", figure.label.zh, figure.numerator, figure.denominator),
        None => format!("  {}  没有可计算的记录", figure.label.zh),
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NotRecorded => "没有填报",
        Reason::Later => "填报的日期晚于截止日期",
        Reason::NoHouseholds => "没有填户籍户数",
        Reason::NoHouseholdsServed => "没有填受益户数",
        Reason::Undated => "没有日期",
        Reason::NotClosed => "填了销号日期，但没有办理销号",
        Reason::NotChecked => "没有检查记录",
        Reason::NoConclusion => "没有监测结论",
        Reason::BeyondLimit => "结论为达标，但有项目超出标准限值",
    }
}

pub(crate) fn month(catalog: &Catalog, view: &MonthView) -> String {
    let report = &view.report;
    let mut text = format!("{} 月调度 {}", view.scope, report.month);
    match (&view.handed_in_on, view.frozen) {
        (Some(date), true) => text.push_str(&format!("  已于 {date} 报送，数据已固定\n")),
        _ => text.push_str("  未报送\n"),
    }
    if let (Some(due), Some(days)) = (&view.due, view.days_left.filter(|_| !view.frozen)) {
        let _ = writeln!(text, "  {due} 前报送，{}", days_left(days));
    }
    let _ = writeln!(text, "  合计  {}", total(&report.total));
    for fund in report.funds.iter().filter(|fund| !fund.fund.is_empty()) {
        let _ = writeln!(text, "  {}  {}", fund.fund, total(fund));
    }
    for row in &report.rows {
        text.push_str(&works(catalog, row));
    }
    match &view.previous {
        Some(previous) => {
            let _ = writeln!(text, "与 {previous} 相比：{} 处不同", view.differences.len());
            view.differences.iter().for_each(|one| text.push_str(&difference(one)));
        }
        None => text.push_str("上月没有报送的调度表，不作比较\n"),
    }
    if !view.since.is_empty() {
        let _ = writeln!(text, "报送之后记录又有 {} 处变化（不影响已报送的数据）：", view.since.len());
        view.since.iter().for_each(|one| text.push_str(&difference(one)));
    }
    text.trim_end().to_owned()
}

fn total(total: &Total) -> String {
    format!(
        "{} 项：未开工 {}，实施中 {}，已建成 {}，终止 {}；下达 {} 万元，到位 {} 万元，支付 {} 万元，完成投资 {} 万元",
        total.works,
        total.not_begun,
        total.under_way,
        total.built,
        total.stopped,
        money::wan(total.granted),
        money::wan(total.received),
        money::wan(total.spent),
        money::wan(total.paid)
    )
}

fn works(catalog: &Catalog, row: &Row) -> String {
    let percent = row.percent.map(|percent| format!(" {percent}%")).unwrap_or_default();
    let number = row.number.as_deref().unwrap_or_default();
    let mut text = format!("  {number} {} {}  {}{percent}", row.village, row.name, status(row.status));
    let amounts: Vec<String> = row.amounts.iter().map(|one| amount(catalog, one)).collect();
    let said = match row.status {
        Status::NotBegun | Status::Stopped => row.reason.clone(),
        Status::UnderWay => row.stage.clone(),
        Status::Built => Some([amounts.join("、"), row.effect.clone().unwrap_or_default()].join("  ")),
    };
    if let Some(said) = said.filter(|said| !said.trim().is_empty()) {
        let _ = write!(text, "  {}", said.trim());
    }
    if !row.missing.is_empty() {
        let missing: Vec<&str> = row.missing.iter().map(|name| lacking(name)).collect();
        let _ = write!(text, "  缺：{}", missing.join("、"));
    }
    text + "\n"
}

fn amount(catalog: &Catalog, amount: &Amount) -> String {
    let unit = catalog.choice("progress", "unit", &amount.unit);
    format!("{} {} {unit}", amount.item, amount.amount).trim().to_owned()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::NotBegun => "未开工",
        Status::UnderWay => "实施中",
        Status::Built => "已建成",
        Status::Stopped => "终止",
    }
}

fn lacking(name: &str) -> &str {
    match name {
        "reason" => "原因",
        "stage" => "实施阶段",
        "entry" => "本月进度",
        "amounts" => "完成数量",
        "effect" => "建成效果",
        other => other,
    }
}

fn difference(one: &Difference) -> String {
    let number = one.number.as_deref().unwrap_or_default();
    let what = if one.column.is_empty() {
        String::new()
    } else {
        format!("{}：{} → {}，", column(&one.column), value(one, &one.before), value(one, &one.after))
    };
    format!("  {number} {}  {what}{}\n", one.name, because(&one.because))
}

fn because(because: &Because) -> String {
    let cause = match because.cause {
        Cause::Entry => "新的进度",
        Cause::Correction => "更正",
        Cause::Edit => "修改",
        Cause::New => "新增工程",
        Cause::Gone => "不再列入",
    };
    match &because.origin {
        Some(origin) => format!("{cause}（{}，{}，{}）", origin.by, origin.at, origin.record),
        None => cause.to_owned(),
    }
}

fn column(name: &str) -> &str {
    match name {
        "name" => "工程名称",
        "fund" => "资金名称",
        "status" => "进展",
        "state" => "状态",
        "percent" => "形象进度",
        "granted" => "下达金额",
        "contractAmount" => "合同价",
        "paid" => "累计完成投资",
        "received" => "累计到位",
        "spent" => "累计支付",
        "plannedStart" => "计划开工",
        "plannedEnd" => "计划完工",
        "actualStart" => "实际开工",
        "actualEnd" => "实际完工",
        "reason" => "原因",
        "stage" => "实施阶段",
        "amounts" => "完成数量",
        "effect" => "建成效果",
        "problem" => "存在问题",
        "nextPlan" => "下月计划",
        other => other,
    }
}

fn value(one: &Difference, value: &serde_json::Value) -> String {
    let money = matches!(one.column.as_str(), "granted" | "contractAmount" | "paid" | "received" | "spent");
    match value {
        serde_json::Value::Null => "无".to_owned(),
        serde_json::Value::Number(number) if money => {
            number.as_i64().map_or_else(|| number.to_string(), |fen| format!("{} 元", money::grouped(fen)))
        }
        serde_json::Value::String(text) if one.column == "status" => {
            serde_json::from_value(value.clone()).map_or_else(|_| text.clone(), |known| status(known).to_owned())
        }
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) if items.is_empty() => "无".to_owned(),
        other => other.to_string(),
    }
}

pub(crate) fn reminders(reminders: &[Reminder]) -> String {
    if reminders.is_empty() {
        return "没有到期事项".to_owned();
    }
    let line = |one: &Reminder| {
        let what = match one.about {
            About::MonthReport => "月调度未报送",
            About::Rectification => "整改未完成",
            About::NoticeTooShort => "公示期不足，应公示到",
            About::NoticeEnds => "公示期满",
            About::RemarkOpen => "审核意见待答复",
            About::LibraryExpiry => "储备库到期",
            About::PlanDue => "实施方案应报送",
            About::EvaluationDue => "成效评估",
        };
        format!("{what}  {}  {}  {}", one.title, one.due, days_left(one.days_left))
    };
    reminders.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn acceptance(judged: Option<&Judged>) -> String {
    let Some(judged) = judged else { return "没有适用的评分办法".to_owned() };
    let band = judged.band.as_ref().map_or("没有评分", |band| band.label.zh.as_str());
    let mut text = format!("得分 {} / {}  {band}\n", judged.score, judged.full);
    let counts = [
        ("没有评分的项目", judged.unscored.len()),
        ("低于该项最低比例的项目", judged.too_low.len()),
        ("没有销号的整改", judged.open.len()),
    ];
    for (what, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        let _ = writeln!(text, "  {what}：{count}");
    }
    if judged.benefits == Some(false) {
        let _ = writeln!(text, "  农户受益率不足");
    }
    let passes = match judged.passes {
        Some(true) => "按评分可以通过",
        Some(false) => "按评分不能通过",
        None => "评分不全，不能判断",
    };
    let _ = write!(text, "{passes}（{}{}）", judged.source, if judged.inferred { "，推定" } else { "" });
    text
}

fn days_left(days: i64) -> String {
    match days {
        0 => "今天到期".to_owned(),
        days if days < 0 => format!("已过 {} 天", -days),
        days => format!("还有 {days} 天"),
    }
}
