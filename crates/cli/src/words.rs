//! What the terminal says to a person, in Chinese: short, and the figures first.

use std::fmt::Write as _;
use std::path::Path;

use app::texts::{self, Language};
use app::types::{
    ConflictView, Enrolled, ErrorView, HistoryEntry, Hit, NewRules, Page, RefusedDraft, Shown, Status, Sums,
    SyncReport, SyncState, Transfers,
};
use app::{Audit, Catalog, Fault, FieldType, Fields, ImportReport, Kind, Step, money};

/// The titles of referred records, by id or key.
type Names = std::collections::BTreeMap<String, String>;

pub(crate) fn sentence(error: &ErrorView) -> String {
    texts::sentence(error, Language::Zh)
}

pub(crate) fn enrolled(enrolled: &Enrolled) -> String {
    format!(
        "已登记：本机字母 {}，角色 {}，范围 {}。\n恢复密钥（抄下或打印，锁好；忘记 PIN 时用）：\n  {}",
        enrolled.letter,
        enrolled.role,
        enrolled.scopes.join("、"),
        enrolled.recovery_key
    )
}

pub(crate) fn enrolled_again(enrolled: &Enrolled) -> String {
    format!(
        "已重新登记：本机字母 {}，角色 {}，范围 {}。记录、照片和 PIN 都没有变；下次同步把区里没有的补上。",
        enrolled.letter,
        enrolled.role,
        enrolled.scopes.join("、"),
    )
}

pub(crate) fn first_exchange_failed(error: &ErrorView) -> String {
    format!("已登记，但首次同步没有完成：{} 联网后运行 nonghuan sync。", sentence(error))
}

pub(crate) fn status(status: &Status) -> String {
    let mut text = format!("{}（{}，本机 {}）  区里 {}\n", status.person, status.role, status.letter, status.district);
    for scope in &status.scopes {
        let _ = writeln!(text, "  {}  已到第 {} 条", scope.scope, scope.seq);
    }
    let _ = writeln!(
        text,
        "本机待送 {}（已发出未答复 {}），冲突 {}，退回 {}，待送文件 {} 个 {} 字节",
        status.pending,
        status.sending,
        status.conflicts,
        status.refused,
        status.attachments.files,
        status.attachments.bytes
    );
    let _ = write!(text, "上次联系：{}", status.last_contact.as_deref().unwrap_or("还没有"));
    if let Some(seconds) = status.clock_skew {
        let _ = write!(text, "\n{}", clock(seconds));
    }
    text
}

fn sync_state(state: SyncState) -> &'static str {
    match state {
        SyncState::Saved => "● 存在本机",
        SyncState::Sending => "↑ 已发出",
        SyncState::District => "✔ 区里已有",
        SyncState::Conflict => "⚠ 冲突",
        SyncState::Refused => "↩ 退回",
    }
}

pub(crate) fn saved(catalog: &Catalog, shown: &Shown) -> String {
    let text = format!("已存到本机  {}  {}\n", shown.id, sync_state(shown.sync));
    (text + &idle(catalog.kind(&shown.kind).ok(), &shown.fields)).trim_end().to_owned()
}

pub(crate) fn deleted(shown: &Shown) -> String {
    format!("已删除  {}  历史仍在，可用 restore 恢复", shown.id)
}

pub(crate) fn record(catalog: &Catalog, shown: &Shown) -> String {
    let kind = catalog.kind(&shown.kind).ok();
    let label = kind.map_or(shown.kind.as_str(), |kind| &kind.label.zh);
    let mut text = format!("{label}  {}  {}\n", shown.id, sync_state(shown.sync));
    if let Some(state) = &shown.state {
        let label = kind.and_then(|kind| kind.state(state).ok()).map_or(state.as_str(), |state| &state.label.zh);
        let _ = writeln!(text, "  状态  {label}");
    }
    let hidden = |name: &String| kind.and_then(|kind| kind.field(name).ok()).is_some_and(|field| field.hidden);
    for (name, value) in shown.fields.iter().filter(|(name, _)| !hidden(name)) {
        let label = kind.and_then(|kind| kind.field(name).ok()).map_or(name.as_str(), |field| &field.label.zh);
        let _ = writeln!(text, "  {label}  {}", shown_value(kind, name, value, &shown.names));
    }
    text.push_str(&idle(kind, &shown.fields));
    text.push_str(&conflicts(catalog, &shown.conflicts));
    text.trim_end().to_owned()
}

/// What a record holds that does not belong to it as it is now.
fn idle(kind: Option<&Kind>, fields: &Fields) -> String {
    let labels: Vec<&str> =
        kind.into_iter().flat_map(|kind| kind.idle(fields)).map(|field| field.label.zh.as_str()).collect();
    match labels.as_slice() {
        [] => String::new(),
        labels => format!("  已保留、现在不适用的内容：{}\n", labels.join("、")),
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value as its field shows it: money in 元, a choice by its label, a reference by its title.
fn shown_value(kind: Option<&Kind>, name: &str, value: &serde_json::Value, names: &Names) -> String {
    let field = kind.and_then(|kind| kind.field(name).ok());
    let text = plain(value);
    match field.map(|field| field.field_type) {
        Some(FieldType::Money) => value.as_i64().map_or(text, |fen| format!("{} 元", money::grouped(fen))),
        Some(FieldType::Choice) => {
            field.and_then(|field| field.choice(&text)).map(|label| label.zh.clone()).unwrap_or(text)
        }
        _ => names.get(&text).cloned().unwrap_or(text),
    }
}

pub(crate) fn page(catalog: &Catalog, page: &Page) -> String {
    let mut text = String::new();
    for shown in &page.records {
        let kind = catalog.kind(&shown.kind).ok();
        let columns = kind.map(|kind| kind.list.as_slice()).unwrap_or_default();
        let cell = |name: &String| {
            let value = shown.fields.get(name);
            value.map(|value| shown_value(kind, name, value, &shown.names)).unwrap_or_default()
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        let _ = writeln!(text, "{}  {}  {}", shown.id, cells.join(" | "), sync_state(shown.sync));
    }
    let _ = write!(text, "共 {} 条，本页 {} 条", page.total, page.records.len());
    text
}

pub(crate) fn checked_edits(refusals: &[Option<ErrorView>]) -> String {
    let line = |refusal: &Option<ErrorView>| refusal.as_ref().map_or_else(|| "可以这样改".to_owned(), sentence);
    refusals.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn sums(catalog: &Catalog, kind: &str, sums: &Sums) -> String {
    let kind = catalog.kind(kind).ok();
    let label = |name: &String| {
        kind.and_then(|kind| kind.field(name).ok()).map_or(name.clone(), |field| field.label.zh.clone())
    };
    let figure = |(name, sum): (&String, &serde_json::Number)| {
        let value = serde_json::Value::Number(sum.clone());
        format!("{} {}", label(name), shown_value(kind, name, &value, &Names::new()))
    };
    let figures: Vec<String> = sums.fields.iter().map(figure).collect();
    format!("共 {} 条：{}", sums.count, figures.join("，"))
}

pub(crate) fn hits(hits: &[Hit]) -> String {
    let lines = hits.iter().map(|hit| format!("{}  {}  {}", hit.id, hit.title, hit.text.replace('\n', " ")));
    let text = lines.collect::<Vec<_>>().join("\n");
    if text.is_empty() { "没有找到".to_owned() } else { text }
}

pub(crate) fn history(entries: &[HistoryEntry]) -> String {
    let line = |entry: &HistoryEntry| {
        let seq = entry.seq.map_or_else(|| "未送".to_owned(), |seq| format!("第 {seq} 条"));
        let (before, after) = (values(&entry.before), values(&entry.after));
        format!("{}  {}  {seq}  {}\n    {before} → {after}", entry.at, entry.by, entry.verdict)
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn values(fields: &Fields) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
    if pairs.is_empty() { "（空）".to_owned() } else { pairs.join("，") }
}

pub(crate) fn import(catalog: &Catalog, kind: &str, report: &ImportReport) -> String {
    let explain = |reason: &ErrorView| texts::explain(catalog, Some(kind), reason, Language::Zh);
    let kind = catalog.kind(kind).ok();
    let label = |name: &str| {
        kind.and_then(|kind| kind.field(name).ok()).map_or_else(|| name.to_owned(), |field| field.label.zh.clone())
    };
    let mut text = String::new();
    for row in &report.rows {
        if let Some(reason) = &row.reason {
            let _ = writeln!(text, "第 {} 行  {}  {}", row.row, row.title, explain(reason));
        }
        for change in &row.changes {
            let side = |value: &serde_json::Value| match value {
                serde_json::Value::Null => "（空）".to_owned(),
                value => shown_value(kind, &change.field, value, &Names::new()),
            };
            let (before, after) = (side(&change.before), side(&change.after));
            let _ = writeln!(text, "第 {} 行  {}  {}：{before} → {after}", row.row, row.title, label(&change.field));
        }
    }
    for question in &report.questions {
        let offers =
            question.offers.iter().map(|offer| format!("{}（{}，{}）", offer.value, offer.title, offer.reading.zh));
        let offers = offers.collect::<Vec<_>>().join("；");
        let _ = writeln!(
            text,
            "“{}”填的“{}”（{} 行）可能是：{offers}",
            label(&question.field),
            question.given,
            question.rows
        );
    }
    for heading in report.headings.iter().filter(|heading| heading.field.is_none()) {
        let like: Vec<String> = heading.suggestions.iter().map(|name| format!("{}（{name}）", label(name))).collect();
        let like = if like.is_empty() { String::new() } else { format!("，像是 {}", like.join("、")) };
        let _ = writeln!(text, "没有对应字段的列：{}{like}", heading.heading);
    }
    let _ = write!(
        text,
        "新增 {}，修改 {}，相同 {}，不能收 {}，待定 {}",
        report.new, report.changed, report.same, report.refused, report.undecided
    );
    if let Some(undo) = crate::import::written(report) {
        let _ = write!(text, "\n{undo}");
    }
    text
}

pub(crate) fn exported(records: u64, path: &Path) -> String {
    format!("已写出 {records} 条：{}", path.display())
}

pub(crate) fn synced(report: &SyncReport) -> String {
    let verdicts = &report.verdicts;
    let mut text = format!(
        "已送 {}（采纳 {}，合并 {}，冲突 {}，退回 {}，等附件 {}），收到 {} 条，文件送 {} 收 {}",
        report.pushed,
        verdicts.accepted,
        verdicts.merged,
        verdicts.conflict,
        verdicts.refused,
        verdicts.waiting,
        report.pulled,
        report.attachments.sent,
        report.attachments.received
    );
    if report.filled > 0 {
        let _ = write!(text, "\n首次取得 {} 条记录。", report.filled);
    }
    if report.returned > 0 {
        let _ = write!(text, "\n区里从备份恢复过，本机已还给它 {} 条。", report.returned);
    }
    if report.reborn {
        text.push_str("\n本机文件夹像是恢复或复制来的，已另起一代编号，没有丢失。");
    }
    match report.rules {
        Some(NewRules::Taken) => text.push_str("\n区里的表单和规则更新了，本机已换用新的。"),
        Some(NewRules::TooNew) => text.push_str("\n区里的表单和规则要用新版程序才能读，本机先按原来的办；请更新程序。"),
        None => {}
    }
    if let Some(seconds) = report.clock_skew {
        let _ = write!(text, "\n{}", clock(seconds));
    }
    text
}

/// That this laptop's clock should be set.
fn clock(ahead: i64) -> String {
    let way = if ahead > 0 { "快" } else { "慢" };
    let (days, minutes) = (ahead.unsigned_abs() / 86_400, ahead.unsigned_abs() / 60);
    match days {
        0 => format!("本机时钟比区里{way} {minutes} 分钟，请校准。"),
        days => format!("本机时钟比区里{way} {days} 天，请校准。"),
    }
}

pub(crate) fn transfers(transfers: &Transfers) -> String {
    let when = if transfers.files { "随记录之后传" } else { "以后再传，先留在本机" };
    match transfers.bytes_per_second {
        Some(limit) => format!("照片和文件{when}；限速每秒 {limit} 字节。"),
        None => format!("照片和文件{when}；不限速。"),
    }
}

pub(crate) fn audited(audit: &Audit) -> String {
    let mut text = String::new();
    for read in &audit.scopes {
        let _ = writeln!(text, "{}  {} 条  {}", read.scope, read.entries, read.hash);
    }
    for broken in &audit.broken {
        let place = match (&broken.scope, broken.seq) {
            (Some(scope), Some(seq)) => format!("{scope} 第 {seq} 条"),
            (Some(scope), None) => scope.to_string(),
            (None, _) => "待送的改动".to_owned(),
        };
        let _ = writeln!(text, "✗ {place}  {}", fault(&broken.fault));
    }
    text.push_str(if audit.ok {
        "全部流水完好。"
    } else {
        "有不符之处，请联系区里，先不要删除本机文件夹。"
    });
    text
}

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::ChainBroken => "与前一条接不上".to_owned(),
        Fault::EntryUnreadable { reason } => format!("读不出（{reason}）"),
        Fault::HeadDiffers => "流水末尾与登记不符".to_owned(),
        Fault::VerdictDiffers { kept, computed } => format!("裁定应为 {computed}，记的是 {kept}"),
        Fault::RecordDiffers { record } => format!("记录 {record} 与流水不符"),
        Fault::CounterMissing { counter } => format!("缺第 {counter} 号"),
        Fault::PendingDiffers { counter } => format!("第 {counter} 号与登记不符"),
        Fault::PendingInLog { counter, .. } => format!("第 {counter} 号流水里已有"),
        Fault::NotSealed => "没有区里的签章".to_owned(),
    }
}

pub(crate) fn step(step: Step) -> (&'static str, u64, u64) {
    match step {
        Step::Pushing(done, total) => ("送出改动", done, total),
        Step::Pulling(done, of) => ("收取改动", done, of),
        Step::Sending(done, total) => ("送出文件", done, total),
        Step::Receiving(done, total) => ("收取文件", done, total),
    }
}

pub(crate) fn conflicts(catalog: &Catalog, conflicts: &[ConflictView]) -> String {
    let mut text = String::new();
    for conflict in conflicts {
        let kind = catalog.kind(&conflict.kind).ok();
        let _ = writeln!(text, "⚠ {}  {}", conflict.title, conflict.id);
        for name in &conflict.fields {
            let label = kind.and_then(|kind| kind.field(name).ok()).map_or(name.as_str(), |field| &field.label.zh);
            let side = |fields: &Fields| match fields.get(name) {
                None | Some(serde_json::Value::Null) => "（空）".to_owned(),
                Some(value) => shown_value(kind, name, value, &Names::new()),
            };
            let _ = writeln!(
                text,
                "    {label}：现行 {}（{} {}） | 待定 {}（{} {}）",
                side(&conflict.standing.values),
                conflict.standing.by,
                conflict.standing.at,
                side(&conflict.parked.values),
                conflict.parked.by,
                conflict.parked.at
            );
        }
    }
    text.trim_end().to_owned()
}

pub(crate) fn refused(catalog: &Catalog, drafts: &[RefusedDraft]) -> String {
    let line = |draft: &RefusedDraft| {
        format!(
            "↩ {}  {}  {}\n    {}\n    {}",
            draft.title,
            draft.at,
            draft.change,
            values(&draft.values),
            texts::explain(catalog, Some(&draft.kind), &draft.reason, Language::Zh)
        )
    };
    if drafts.is_empty() {
        "没有退回的改动".to_owned()
    } else {
        drafts.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

pub(crate) fn discarded() -> String {
    "已放弃这条退回的改动".to_owned()
}
