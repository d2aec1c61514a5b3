//! `duplicates`, `join`, `unjoin` and `distinct`: works that were recorded twice.

use app::{Duplicate, DuplicateSide, Joined, Laptop, Reason};

/// The pairs, with what speaks for them.
pub(crate) fn pairs(pairs: &[Duplicate]) -> String {
    if pairs.is_empty() {
        return "没有疑似重复登记的工程。".to_owned();
    }
    let side = |side: &DuplicateSide| format!("    {}  {}  {}  {}", side.id, side.number, side.name, side.by);
    let pair = |pair: &Duplicate| {
        let reasons: Vec<String> = pair.reasons.iter().map(reason).collect();
        format!(
            "{} 分  {}  {}\n{}\n{}",
            pair.score,
            pair.village,
            reasons.join("；"),
            side(&pair.one),
            side(&pair.other)
        )
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("\n")
}

/// What a joining did.
pub(crate) fn joined(laptop: &Laptop, joined: &Joined) -> String {
    let kind = laptop.catalog().kind("works").ok();
    let label = |name: &String| {
        let field = kind.and_then(|kind| kind.field(name).ok());
        field.map_or_else(|| name.clone(), |field| field.label.zh.clone())
    };
    let list = |names: &[String]| match names {
        [] => "无".to_owned(),
        names => names.iter().map(label).collect::<Vec<_>>().join("、"),
    };
    format!(
        "已合并到 {}。补入：{}。两条不同：{}（另一条的值记在 {}，可用 unjoin 撤销）。",
        joined.kept.id,
        list(&joined.taken_over),
        list(&joined.differing),
        joined.joining
    )
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::SameCategory => "同一类别".to_owned(),
        Reason::Name { percent } => format!("名称相近 {percent} %"),
        Reason::DatesOverlap { from, until } => format!("工期重叠 {from} 至 {until}"),
        Reason::SameContract { number } => format!("同一合同编号 {number}"),
        Reason::Near { metres } => format!("位置相距 {metres} 米"),
        Reason::SamePhoto { count } => format!("{count} 个文件相同"),
    }
}
