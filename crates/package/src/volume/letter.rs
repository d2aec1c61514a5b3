//! The letter of application (请示): composed from the same values as the forms,
//! so that the two cannot differ.

use domain::money;
use serde::Serialize;

use super::Volume;

/// The letter as its template prints it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Letter {
    number: String,
    signer: String,
    pub(super) title: String,
    pub(super) to: String,
    pub(super) body: Vec<Block>,
    pub(super) enclosures: Vec<String>,
    pub(super) contact: String,
}

#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Block {
    pub(super) heading: String,
    pub(super) text: String,
}

pub(super) fn letter(volume: &Volume) -> Letter {
    let v = volume;
    let block = |heading: &str, text: String| Block { heading: heading.to_owned(), text };
    let basis = match &v.programme {
        Some(policy) if policy.document.is_empty() => format!("根据《{}》要求，", bare(&policy.name)),
        Some(policy) => format!("根据《{}》（{}）要求，", bare(&policy.name), policy.document),
        None => String::new(),
    };
    let us = if v.applicant.contains("街道") { "街道" } else { "镇" };
    let opening = format!(
        "为改善农村生态环境和人居环境，{basis}我{us}对辖区内行政村的环境问题进行了调查，拟实施{}。现将有关情况报告如下：",
        v.name
    );
    let mut sections = vec![("基本情况", situation(v)), ("建设内容", works(v)), ("资金安排", funding(v))];
    sections.push((
        "前期工作",
        [v.form.preliminary.as_str(), v.form.notice.as_str()]
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| text.replace('\n', "；"))
            .collect::<Vec<_>>()
            .join("；"),
    ));
    sections.push(("建后管护", upkeep(v)));
    let mut body = vec![block("", opening)];
    let written = sections.into_iter().filter(|(_, text)| !text.is_empty());
    for (number, (heading, text)) in ["一", "二", "三", "四", "五"].iter().zip(written) {
        body.push(block(&format!("{number}、{heading}"), ended(&text)));
    }
    body.push(block("", "恳请予以支持。".to_owned()));
    body.push(block("", "妥否，请批示。".to_owned()));
    let contact = match (v.leader.as_str(), v.phone.as_str()) {
        ("", "") => String::new(),
        (leader, "") => format!("联系人：{leader}"),
        (leader, phone) => format!("联系人：{leader}，联系电话：{phone}"),
    };
    Letter {
        number: v.letter_number.clone(),
        signer: String::new(),
        title: format!("{}关于申报{}的请示", v.applicant, v.name),
        to: if v.department.is_empty() { "区生态环境局".to_owned() } else { v.department.clone() },
        body,
        enclosures: enclosures(v),
        contact,
    }
}

fn situation(v: &Volume) -> String {
    let names: Vec<&str> = v.form.villages.iter().map(|village| village.name.as_str()).collect();
    let mut parts = Vec::new();
    match names.as_slice() {
        [] => {}
        [one] => parts.push(format!("项目涉及{one}")),
        several if several.len() <= 8 => {
            parts.push(format!("项目涉及{}共{}个行政村", several.join("、"), several.len()));
        }
        several => parts.push(format!("项目涉及{}等{}个行政村", several[..6].join("、"), several.len())),
    }
    if !v.form.benefit.is_empty() {
        parts.push(v.form.benefit.clone());
    }
    let first = parts.join("，");
    let problems = v.form.problems.trim();
    match (first.is_empty(), problems.is_empty()) {
        (_, true) => first,
        (true, false) => problems.to_owned(),
        (false, false) => format!("{}\n{problems}", ended(&first)),
    }
}

fn works(v: &Volume) -> String {
    let mut categories: Vec<(&str, usize)> = Vec::new();
    for works in &v.form.works {
        match categories.iter_mut().find(|(category, _)| *category == works.category) {
            Some((_, count)) => *count += 1,
            None => categories.push((&works.category, 1)),
        }
    }
    if categories.is_empty() {
        return v.form.content.trim().to_owned();
    }
    let each: Vec<String> = categories.iter().map(|(category, count)| format!("{category}{count}项")).collect();
    let mut text = format!("共实施{}项工程，其中{}", v.form.works.len(), each.join("、"));
    if let [(category, _)] = categories.as_slice() {
        text = format!("共实施{category}工程{}项", v.form.works.len());
    }
    if !v.form.span.is_empty() {
        text = format!("{text}，建设期为{}", v.form.span);
    }
    match v.form.content.trim() {
        "" => {
            const SHOWN: usize = 6;
            let named = v.form.works.iter().filter(|works| !works.content.trim().is_empty());
            let mut lines: Vec<String> = named
                .clone()
                .take(SHOWN)
                .map(|works| format!("{}：{}", works.name, works.content.trim().replace('\n', "，")))
                .collect();
            if lines.is_empty() {
                return text;
            }
            if named.count() > SHOWN {
                lines.push("其余工程见项目汇总表".to_owned());
            }
            format!("{}\n{}", ended(&text), lines.join("；"))
        }
        content => format!("{}\n{content}", ended(&text)),
    }
}

fn funding(v: &Volume) -> String {
    let mut parts = Vec::new();
    if let Some(total) = v.total {
        parts.push(format!("项目总投资{}万元", wan(total)));
    }
    if !v.funding.is_empty() {
        let each: Vec<String> =
            v.funding.iter().map(|source| format!("{}{}万元", source.label, wan(source.amount))).collect();
        parts.push(format!("其中{}", each.join("、")));
    }
    let mut text = parts.join("，");
    if let Some(requested) = v.requested {
        let asked = format!("申请{}资金{}万元", if v.sort.is_empty() { "补助" } else { &v.sort }, wan(requested));
        text = if text.is_empty() { asked } else { format!("{text}；{asked}") };
    }
    text
}

fn upkeep(v: &Volume) -> String {
    match (v.form.keeper.trim(), v.form.upkeep.trim()) {
        ("", "") => String::new(),
        (keeper, "") => format!("项目建成后，由{keeper}负责运行管护"),
        ("", upkeep) => format!("年运维费{upkeep}"),
        (keeper, upkeep) => format!("项目建成后，由{keeper}负责运行管护，年运维费{upkeep}"),
    }
}

/// What lies behind the letter, in the order of the volume.
fn enclosures(v: &Volume) -> Vec<String> {
    let there = |there: bool, name: &str| there.then(|| name.to_owned());
    let mut names: Vec<String> = [
        Some("项目申报表".to_owned()),
        there(!v.plan.is_empty(), "实施方案"),
        there(!v.estimate.is_empty(), "投资估算表"),
        Some("资金来源与安排表".to_owned()),
        there(!v.targets.is_empty(), "绩效目标表"),
        Some("项目申报汇总表".to_owned()),
        there(v.amount.is_some(), "奖补金额测算书"),
    ]
    .into_iter()
    .flatten()
    .collect();
    names.extend(there(!v.commitments.is_empty(), "承诺书、承诺函"));
    let shown = [
        (!v.notices.is_empty(), "公示情况"),
        (!v.sheets.is_empty(), "整治前后对比照片"),
        (v.map.is_some(), "项目位置图"),
        (!v.papers.is_empty(), "其他申报材料"),
    ];
    let shown: Vec<&str> = shown.into_iter().filter_map(|(there, name)| there.then_some(name)).collect();
    names.extend(there(!shown.is_empty(), &shown.join("、")));
    names
}

/// 万元, exactly: two places, more where there is more.
fn wan(fen: i64) -> String {
    let exact = format!("{}.{:06}", fen.abs() / money::WAN, fen.abs() % money::WAN);
    let keep = exact.find('.').map_or(exact.len(), |point| point + 3);
    let digits = exact.trim_end_matches('0');
    let digits = if digits.len() < keep { &exact[..keep] } else { digits };
    format!("{}{digits}", if fen < 0 { "-" } else { "" })
}

/// Without the brackets that a document's name brings along.
fn bare(name: &str) -> &str {
    name.trim().trim_start_matches('《').trim_end_matches('》')
}

/// With a full stop at its end.
fn ended(text: &str) -> String {
    let text = text.trim_end();
    let done = text.is_empty() || text.ends_with(['。', '！', '？', '：']);
    format!("{}{}", text.trim_end_matches(['；', '，']), if done { "" } else { "。" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_a_letter_are_exact() {
        for (fen, shown) in
            [(0, "0.00"), (86_500_000, "86.50"), (132_801_200, "132.8012"), (1, "0.000001"), (-5_000_000, "-5.00")]
        {
            assert_eq!(wan(fen), shown, "to the last 分");
        }
    }
}
