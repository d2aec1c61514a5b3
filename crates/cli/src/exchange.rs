//! `waiting`, `exchanges`, `pause`, `resume`, `phone` and `diagnose`: what is on its
//! way, what came of it, photos from a phone, and what to send to who helps.

use std::path::PathBuf;
use std::process::ExitCode;

use app::types::{ErrorView, SyncReport};
use app::{ExchangeEntry, ExchangeWay, Laptop, OnItsWay, PhoneEnd, PhoneNews, Result};
use clap::Subcommand;
use serde_json::json;

use crate::run::{Out, record, say};
use crate::words;

#[derive(Debug, Subcommand)]
pub(crate) enum ExchangeCommand {
    /// What the district has not confirmed, record by record and file by file.
    Waiting,
    /// When was exchanged what, by line or by stick, newest first.
    Exchanges {
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Nothing is exchanged by itself until `resume`; `sync` still does it once.
    Pause,
    /// The exchange goes on by itself again.
    Resume,
    /// Opens a door for the photos of a phone on the same Wi-Fi, and waits until it is done.
    Phone {
        /// The record: a photo spot, a works, a progress entry …
        id: String,
        /// The set that is chosen at first, such as before, during, after.
        #[arg(long)]
        field: Option<String>,
    },
    /// Writes a text for whoever helps: numbers and codes, nothing about people, places and money.
    Diagnose {
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
    },
}

pub(crate) fn run(laptop: &mut Laptop, command: ExchangeCommand, out: &Out) -> Result<ExitCode> {
    match command {
        ExchangeCommand::Waiting => out.print(&laptop.on_its_way()?, on_its_way)?,
        ExchangeCommand::Exchanges { limit } => out.print(&laptop.exchanges(limit)?, |log| entries(log))?,
        ExchangeCommand::Pause => paused(laptop, true, out)?,
        ExchangeCommand::Resume => paused(laptop, false, out)?,
        ExchangeCommand::Diagnose { out: file } => {
            let bytes = laptop.diagnose(&file)?;
            let words =
                format!("已写到 {}，{bytes} 字节；里面没有姓名、标题、地点和金额，可以先看再发。", file.display());
            out.print(&json!({"file": file, "bytes": bytes}), |_| words)?;
        }
        ExchangeCommand::Phone { id, field } => phone(laptop, &id, field.as_deref(), out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn paused(laptop: &Laptop, paused: bool, out: &Out) -> Result<()> {
    laptop.pause(paused)?;
    let words = if paused { "已暂停，不会自动同步。" } else { "会自动同步。" };
    out.print(&json!({"paused": paused}), |_| words.to_owned())
}

fn on_its_way(all: &OnItsWay) -> String {
    let mut text = format!("等区里确认的记录 {} 条，待发文件 {} 个", all.records_total, all.files.len());
    for one in &all.records {
        let state = if one.sent { "↑ 等答复" } else { "● 本机" };
        text.push_str(&format!("\n{state}  {}  {} 处改动  {}", one.title, one.changes, one.id));
    }
    for one in &all.files {
        let of = one.record.as_ref().map(|owner| owner.title.as_str()).unwrap_or_default();
        text.push_str(&format!("\n↑ {}  {} 字节（已带出 {}）  {of}", one.name, one.bytes, one.carried));
    }
    text
}

fn entries(log: &[ExchangeEntry]) -> String {
    let line = |entry: &ExchangeEntry| {
        let way = match entry.way {
            ExchangeWay::Line => "联网",
            ExchangeWay::StickOut => "写入U盘",
            ExchangeWay::StickIn => "读取U盘",
        };
        let times =
            if entry.times > 1 { format!("（到 {} 共 {} 次）", entry.until, entry.times) } else { String::new() };
        let report = entry.outcome.report.as_ref().map(|report: &SyncReport| words::synced(report));
        let written = entry
            .outcome
            .written
            .as_ref()
            .map(|written| format!("带出改动 {} 条，文件 {} 个", written.changes, written.carried.files));
        let error = entry.outcome.error.as_ref().map(|error: &ErrorView| words::sentence(error));
        let said: Vec<String> = [report, written, error].into_iter().flatten().collect();
        format!("{}  {way}  {}{times}", entry.at, said.join(" "))
    };
    match log {
        [] => "还没有交换过。".to_owned(),
        log => log.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}

/// With `--json` each piece of news is one line; the first names the addresses.
fn phone(laptop: &Laptop, id: &str, field: Option<&str>, out: &Out) -> Result<()> {
    let json = out.json;
    let told = move |news: PhoneNews| match (json, news_words(&news)) {
        (true, _) => say(&json!(news).to_string()),
        (false, Some(words)) => say(&words),
        (false, None) => {}
    };
    let door = laptop.open_to_phone(record(id)?, field, told)?;
    if out.json {
        say(&json!({"addresses": door.view.addresses, "title": door.view.title}).to_string());
    } else if let Some(first) = door.view.addresses.first() {
        say(&app::qr_text(&first.url));
        say(&format!(
            "“{}”：请用手机扫码，手机与电脑要在同一个 Wi-Fi 或热点。完成后在手机上点“完成”，或按 Ctrl-C。",
            door.view.title
        ));
        for address in &door.view.addresses {
            say(&address.url);
        }
    }
    door.wait();
    Ok(())
}

fn news_words(news: &PhoneNews) -> Option<String> {
    Some(match news {
        PhoneNews::Began => "手机已连接。".to_owned(),
        PhoneNews::Coming { .. } => return None,
        PhoneNews::Kept { name, same: false, count } => format!("✔ {name}（第 {count} 张）"),
        PhoneNews::Kept { name, same: true, .. } => format!("✔ {name}（已有）"),
        PhoneNews::NotKept { name, code } => format!("✗ {name}（{code}）"),
        PhoneNews::Ended { by, count } => {
            let by = match by {
                PhoneEnd::Phone => "手机点了完成",
                PhoneEnd::Laptop => "电脑关闭",
                PhoneEnd::Time => "很久没有照片来，已自动关闭",
            };
            format!("{by}，共收到 {count} 张。")
        }
    })
}
