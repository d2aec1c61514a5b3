//! The tables of the volume, out of the records: 申报表, 投资估算, 资金来源, 绩效目标, 汇总.

use domain::catalog::Kind;
use domain::review::SOURCES;
use domain::submission::{Submission, id_in};
use domain::{Record, money};
use package::volume::{
    Aspect, Estimate, EstimateLine, Form, FormWorks, Level, Opinion, Place, Row, Source, Target, Volume,
};

use crate::{Laptop, Result};

/// What a village is asked in the form.
const VILLAGE: [&str; 8] = [
    "village_type",
    "households",
    "population",
    "resident_households",
    "resident_population",
    "area",
    "farmland",
    "income",
];

/// What of a works is told beside its content, where it is filled in.
const DETAILS: [&str; 6] =
    ["treatment_mode", "process", "capacity", "pipe_length", "discharge_standard", "receiving_water"];

/// Whose opinions the form has boxes for.
const OPINIONS: [(&str, &str); 4] = [
    ("village", "村民委员会意见"),
    ("town", "乡镇人民政府（街道办事处）意见"),
    ("district_finance", "区财政部门意见"),
    ("district_environment", "区生态环境部门意见"),
];

impl Laptop {
    pub(super) fn form(&self, submission: &Submission) -> Result<(Form, Vec<Source>)> {
        let record = &submission.application;
        let text = |name: &str| record.text(name).unwrap_or_default().trim().to_owned();
        let funding = self.sources(submission)?;
        let sources: Vec<String> =
            funding.iter().map(|source| format!("{} {} 万元", source.label, exact_wan(source.amount))).collect();
        let mut notices = Vec::new();
        for notice in &submission.notices {
            notices.push(self.notice_line(notice)?);
        }
        let form = Form {
            basics: self.basics(submission)?,
            villages: submission.villages.iter().map(|village| self.village_row(village)).collect::<Result<_>>()?,
            benefit: benefit(record),
            problems: problems(submission),
            content: text("content"),
            works: submission.works.iter().map(|works| self.form_works(submission, works)).collect::<Result<_>>()?,
            sources: sources.join("；"),
            other_central: match record.fields.get("other_central").and_then(domain::Value::as_bool) {
                Some(true) => format!("已获得其他中央资金　{}", text("other_central_document")).trim().to_owned(),
                Some(false) => "未获得其他中央资金".to_owned(),
                None => String::new(),
            },
            span: span(record.text("start"), record.text("end")),
            preliminary: self.value_said(record, "preliminary")?,
            notice: notices.join("\n"),
            effects: text("effects"),
            keeper: text("keeper"),
            upkeep: upkeep(record),
            note: text("note"),
            opinions: opinions(submission),
        };
        Ok((form, funding))
    }

    fn basics(&self, submission: &Submission) -> Result<Vec<(String, String, bool)>> {
        let record = &submission.application;
        let text = |name: &str| record.text(name).unwrap_or_default().trim().to_owned();
        let row = |name: &str, value: String| (name.to_owned(), value, false);
        let township = self.township(record)?;
        let applicant = text("applicant");
        let year = record.integer("year").map(|year| format!("{year} 年")).unwrap_or_default();
        let mut rows = vec![
            row("申报类型", text("programme")),
            row("年度与批次", [year, text("batch")].join("　").trim().to_owned()),
            row("承办单位", if applicant.is_empty() { format!("{township}人民政府") } else { applicant }),
            row("主管部门", text("department")),
            row("项目负责人", text("leader")),
            row("联系电话", text("phone")),
            row("建设地点", format!("{township}（{}）", record.scope)),
            row("连片类型", self.value_said(record, "linking")?),
        ];
        if let Some(programme) = &submission.programme {
            let named = |name: &str| programme.text(name).unwrap_or_default();
            let document = Some(named("document")).filter(|document| !document.is_empty());
            let document = document.map(|document| format!("（{document}）")).unwrap_or_default();
            let version = programme.integer("version").unwrap_or(1);
            rows.push(("适用政策".to_owned(), format!("{}{document}　第 {version} 版", named("name")), true));
        }
        if let Some(number) = record.text("reserve_number") {
            rows.push(row("储备库编号", number.to_owned()));
            rows.push(row("入库日期", record.text("reserve_on").map(long_day).unwrap_or_default()));
        }
        Ok(rows)
    }

    fn village_row(&self, village: &Record) -> Result<Place> {
        let kind = self.kind("village")?;
        let mut values = Vec::new();
        for field in VILLAGE {
            let said = match kind.field(field) {
                // Units stand in the heading.
                Ok(_) if field == "income" => village.integer(field).map(money::yuan).unwrap_or_default(),
                Ok(_) if field == "village_type" => self.value_said(village, field)?,
                Ok(_) => plain(village, field),
                Err(_) => String::new(),
            };
            values.push(said);
        }
        let text = |name: &str| village.text(name).unwrap_or_default().to_owned();
        Ok(Place { name: text("name"), code: text("code"), values })
    }

    fn form_works(&self, submission: &Submission, works: &Record) -> Result<FormWorks> {
        let text = |name: &str| works.text(name).unwrap_or_default().trim().to_owned();
        let kind = self.kind("works")?;
        let mut details = Vec::new();
        for field in DETAILS {
            let said = self.value_said(works, field)?;
            if let (Ok(field), false) = (kind.field(field), said.is_empty()) {
                details.push(format!("{} {said}", field.label.zh));
            }
        }
        let first =
            |names: [&str; 2]| names.iter().map(|name| text(name)).find(|day| !day.is_empty()).unwrap_or_default();
        Ok(FormWorks {
            number: text("number"),
            village: village_name(submission, works),
            name: text("name"),
            category: self.value_said(works, "category")?,
            content: text("content"),
            details: details.join("；"),
            amount: works_money(submission, works),
            start: first(["actual_start", "planned_start"]),
            end: first(["actual_end", "planned_end"]),
        })
    }

    /// The sources that are filled in; where none is, what is asked for and the rest.
    fn sources(&self, submission: &Submission) -> Result<Vec<Source>> {
        let record = &submission.application;
        let kind = self.kind("application")?;
        let total = record.integer("total");
        let channel = record.text("other_channel").unwrap_or_default();
        let mut sources = Vec::new();
        for field in SOURCES {
            let Some(amount) = record.integer(field).filter(|amount| *amount != 0) else { continue };
            let note = if field == "other_funds" { channel.to_owned() } else { String::new() };
            sources.push(Source { label: label(&kind, field), amount, share: share(amount, total), note });
        }
        if sources.is_empty() {
            for (field, name) in [("requested", "申请财政资金"), ("own_funds", "地方配套及自筹")] {
                let Some(amount) = record.integer(field) else { continue };
                sources.push(Source {
                    label: name.to_owned(),
                    amount,
                    share: share(amount, total),
                    note: String::new(),
                });
            }
        }
        Ok(sources)
    }

    /// The lines by works, in the works' order, then those of no works.
    pub(super) fn estimate(&self, submission: &Submission) -> Result<Vec<Estimate>> {
        let title = |works: &Record| works.text("name").unwrap_or_default().to_owned();
        let mut groups: Vec<(Option<domain::RecordId>, String)> =
            submission.works.iter().map(|works| (Some(works.id), title(works))).collect();
        groups.push((None, "其他费用".to_owned()));
        let own =
            |line: &Record| id_in(line, "works").filter(|id| submission.works.iter().any(|works| works.id == *id));
        let mut estimates = Vec::new();
        for (works, title) in groups {
            let mut lines = Vec::new();
            for line in submission.lines.iter().filter(|line| own(line) == works) {
                let text = |name: &str| line.text(name).unwrap_or_default().to_owned();
                lines.push(EstimateLine {
                    part: if text("part").is_empty() { self.value_said(line, "cost")? } else { text("part") },
                    content: text("content"),
                    quantity: plain(line, "quantity"),
                    unit: self.value_said(line, "unit")?,
                    price: line.integer("unit_price"),
                    amount: line.integer("amount"),
                    note: text("note"),
                });
            }
            if !lines.is_empty() {
                let amount = money::sum(lines.iter().filter_map(|line| line.amount));
                estimates.push(Estimate { title, lines, amount });
            }
        }
        Ok(estimates)
    }

    pub(super) fn targets(&self, submission: &Submission) -> Result<Vec<Level>> {
        let kind = self.kind("target")?;
        let mut levels = Vec::new();
        for level in &kind.field("level")?.choices {
            let mut aspects = Vec::new();
            for aspect in &kind.field("aspect")?.choices {
                let here = |target: &&Record| {
                    target.text("level") == Some(&level.value) && target.text("aspect") == Some(&aspect.value)
                };
                let mut targets = Vec::new();
                for target in submission.targets.iter().filter(here) {
                    let text = |name: &str| target.text(name).unwrap_or_default().to_owned();
                    targets.push(Target {
                        name: text("name"),
                        core: target.fields.get("core").and_then(domain::Value::as_bool).unwrap_or(false),
                        value: match (text("value"), target.text("bound")) {
                            (value, _) if value.is_empty() => String::new(),
                            // What is to be met exactly, or is a word, needs no sign.
                            (value, Some("at_least" | "at_most")) => {
                                format!("{}{value}", self.value_said(target, "bound")?)
                            }
                            (value, _) => value,
                        },
                        unit: text("unit"),
                    });
                }
                if !targets.is_empty() {
                    aspects.push(Aspect { label: aspect.label.zh.clone(), targets });
                }
            }
            if !aspects.is_empty() {
                levels.push(Level { label: level.label.zh.clone(), aspects });
            }
        }
        Ok(levels)
    }

    /// The works one by one, with what is said below the list.
    pub(super) fn list_of(&self, submission: &Submission, volume: &Volume) -> Result<(Vec<Row>, String)> {
        let until = |day: &str| match day.split('-').collect::<Vec<_>>().as_slice() {
            [year, month, _] => format!("{year}年{}月", month.trim_start_matches('0')),
            _ => String::new(),
        };
        let mut rows: Vec<Row> = submission
            .works
            .iter()
            .zip(&volume.form.works)
            .map(|(works, shown)| Row {
                village: shown.village.clone(),
                name: shown.name.clone(),
                content: shown.content.clone(),
                category: shown.category.clone(),
                total: works_money(submission, works),
                until: until(&shown.end),
                responsible: volume.applicant.clone(),
                ..Row::default()
            })
            .collect();
        // Of one works the application's money is the works'; of several nobody said how it is parted.
        if let ([row], Some(requested)) = (rows.as_mut_slice(), volume.requested) {
            row.requested = Some(requested);
            row.own = volume.total.map(|total| total - requested);
            row.total = volume.total.or(row.total);
        }
        let note = match rows.len() {
            0 | 1 => "总投资取投资估算合计；没有估算的取批复金额或合同价。".to_owned(),
            _ => format!(
                "总投资取各工程投资估算；没有估算的取批复金额或合同价。申请补助{}按项目整体申请，不分摊到各工程，见资金来源与安排表。",
                volume.requested.map(|fen| format!(" {} 万元", exact_wan(fen))).unwrap_or_default(),
            ),
        };
        Ok((rows, note))
    }

    /// A notice in a line.
    fn notice_line(&self, notice: &Record) -> Result<String> {
        let about = self.value_said(notice, "about")?;
        let place = notice.text("place").unwrap_or_default();
        let objections = match notice.fields.get("objections").and_then(domain::Value::as_bool) {
            Some(true) => "有异议，见公示情况",
            Some(false) => "无异议",
            None => "",
        };
        let parts = [
            format!("{about}公示"),
            span(notice.text("start"), notice.text("end")),
            place.to_owned(),
            objections.to_owned(),
        ];
        Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，"))
    }
}

/// What a works costs: its estimate, else what was approved, else its contract.
fn works_money(submission: &Submission, works: &Record) -> Option<i64> {
    let lines = submission.lines.iter().filter(|line| id_in(line, "works") == Some(works.id));
    let amounts: Vec<i64> = lines.filter_map(|line| line.integer("amount")).collect();
    let estimated = if amounts.is_empty() { None } else { money::sum(amounts) };
    estimated.or_else(|| works.integer("approved_amount")).or_else(|| works.integer("contract_amount"))
}

pub(super) fn village_name(submission: &Submission, works: &Record) -> String {
    submission.village_of(works).and_then(|village| village.text("name")).unwrap_or_default().to_owned()
}

fn label(kind: &Kind, field: &str) -> String {
    kind.field(field).map(|field| field.label.zh.clone()).unwrap_or_default()
}

/// The boxes for opinions: the standing one of each, or an empty one.
fn opinions(submission: &Submission) -> Vec<Opinion> {
    let replaced = domain::views::replaced(&submission.opinions);
    let standing = |level: &str| {
        let of_level = submission.opinions.iter().filter(|one| one.text("by_level") == Some(level));
        of_level.filter(|one| !replaced.contains_key(&one.id)).max_by_key(|one| one.id)
    };
    let said = |opinion: &Record| {
        let text = opinion.text("text").unwrap_or_default().to_owned();
        let conclusion = match opinion.text("conclusion") {
            Some("agree") => "同意。",
            Some("conditional") => "补正后同意。",
            Some("disagree") => "不同意。",
            _ => "",
        };
        if text.is_empty() { conclusion.to_owned() } else { text }
    };
    OPINIONS
        .iter()
        .map(|(level, title)| match standing(level) {
            Some(opinion) => Opinion {
                title: (*title).to_owned(),
                text: said(opinion),
                signed: opinion.text("signatory").unwrap_or_default().to_owned(),
                dated: opinion.text("dated").unwrap_or_default().to_owned(),
            },
            None => Opinion { title: (*title).to_owned(), ..Opinion::default() },
        })
        .collect()
}

fn benefit(record: &Record) -> String {
    let count = |name: &str, unit: &str| record.integer(name).map(|count| format!("{count} {unit}"));
    match [count("benefit_households", "户"), count("benefit_people", "人")].into_iter().flatten().collect::<Vec<_>>()
    {
        counts if counts.is_empty() => String::new(),
        counts => format!("受益 {}", counts.join("、")),
    }
}

/// The application's own words; where it has none, those of its villages.
fn problems(submission: &Submission) -> String {
    let own = submission.application.text("problems").unwrap_or_default().trim();
    if !own.is_empty() {
        return own.to_owned();
    }
    let of = |village: &Record| {
        let problems = village.text("problems").map(str::trim).filter(|problems| !problems.is_empty())?;
        Some(format!("{}：{problems}", village.text("name").unwrap_or_default()))
    };
    submission.villages.iter().filter_map(of).collect::<Vec<_>>().join("\n")
}

fn upkeep(record: &Record) -> String {
    let cost = record.integer("upkeep_cost").map(|fen| format!("{} 万元", exact_wan(fen)));
    let source = record.text("upkeep_source").filter(|source| !source.trim().is_empty()).map(str::to_owned);
    [cost, source].into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// `2026年3月1日至2026年3月10日`.
pub(super) fn span(start: Option<&str>, end: Option<&str>) -> String {
    match (start, end) {
        (Some(start), Some(end)) => format!("{}至{}", long_day(start), long_day(end)),
        (Some(start), None) => format!("{}起", long_day(start)),
        (None, Some(end)) => format!("至{}止", long_day(end)),
        (None, None) => String::new(),
    }
}

pub(super) fn long_day(date: &str) -> String {
    match date.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{year}年{}月{}日", month.trim_start_matches('0'), day.trim_start_matches('0')),
        _ => date.to_owned(),
    }
}

/// A number as it stands in the record, without its unit.
fn plain(record: &Record, field: &str) -> String {
    match record.fields.get(field) {
        Some(domain::Value::String(text)) => text.clone(),
        Some(domain::Value::Null) | None => String::new(),
        Some(value) => value.to_string(),
    }
}

/// 万元 with two places, or more where there is more.
pub(super) fn exact_wan(fen: i64) -> String {
    if fen % (money::WAN / 100) == 0 {
        return money::wan(fen);
    }
    let digits = format!("{}.{:06}", fen.abs() / money::WAN, fen.abs() % money::WAN);
    format!("{}{}", if fen < 0 { "-" } else { "" }, digits.trim_end_matches('0'))
}

/// A part of the whole in percent with two places, a tie going away from zero.
fn share(amount: i64, total: Option<i64>) -> String {
    let Some(total) = total.filter(|total| *total > 0) else { return String::new() };
    let parts = (i128::from(amount) * 20_000 / i128::from(total) + 1) / 2;
    format!("{}.{:02}", parts / 100, parts % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_amounts_are_shown_as_they_are() {
        assert_eq!(share(1, Some(3)), "33.33");
        assert_eq!(share(2, Some(3)), "66.67");
        assert_eq!(share(5, None), "", "of nothing there is no part");
        assert_eq!(exact_wan(86_500_000), "86.50");
        assert_eq!(exact_wan(86_512_345), "86.512345", "nothing is rounded away");
    }
}
