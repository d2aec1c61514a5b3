//! `bundle write`, `bundle read` and `bundle show`: the exchange on a stick.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::{BundleTaken, BundleWishes, BundleWritten, Laptop, Result, StickView, Trouble};
use clap::Subcommand;
use serde_json::Value;

use crate::run::{Out, bar};
use crate::words;

#[derive(Debug, Subcommand)]
pub(crate) enum Bundle {
    /// Writes what this laptop has to say, and photos, for the district alone to open.
    Write {
        /// The file on the stick; more than fits into one goes into FILE.002, FILE.003 …
        file: PathBuf,
        /// The most bytes in one file: BYTES, 500M, 4G; what FAT32 takes when not given.
        #[arg(long, value_parser = sized)]
        limit: Option<u64>,
        /// The most bytes in all; what is free on the stick when not given.
        #[arg(long, value_parser = sized)]
        room: Option<u64>,
        /// Records alone.
        #[arg(long)]
        no_photos: bool,
        /// Photos once more that went with an earlier stick.
        #[arg(long)]
        again: bool,
    },
    /// Reads what the district replied, with the parts beside it.
    Read {
        /// The district's file.
        file: PathBuf,
    },
    /// The sticks that are plugged in, and the replies on them.
    Sticks,
    /// Shows what is in a bundle; of one for somebody else, only its outside.
    Show {
        /// The bundle, or one of its parts.
        file: PathBuf,
    },
}

fn sized(text: &str) -> std::result::Result<u64, String> {
    app::size(text).ok_or_else(|| "expected a number of bytes, or with K, M, G".to_owned())
}

pub(crate) fn run(laptop: &mut Laptop, bundle: Bundle, out: &Out) -> Result<ExitCode> {
    let bar = bar(out.json);
    let stop = Arc::new(AtomicBool::new(false));
    let heard = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&stop));
    heard.map_err(|error| Trouble::Storage { reason: error.to_string() })?;
    let mut progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    match bundle {
        Bundle::Write { file, limit, room, no_photos, again } => {
            let wishes = BundleWishes { limit, room, no_photos, again };
            let written = laptop.write_bundle(&file, &wishes, &mut progress)?;
            bar.finish_and_clear();
            out.print(&written, write_words)?;
        }
        Bundle::Read { file } => {
            let taken = laptop.read_bundle(&file, &mut progress)?;
            bar.finish_and_clear();
            out.print(&taken, read_words)?;
            if let Some(error) = &taken.error {
                eprintln!("{}", words::sentence(error));
                return Ok(ExitCode::from(1));
            }
        }
        Bundle::Sticks => out.print(&laptop.sticks()?, |sticks| stick_words(sticks))?,
        Bundle::Show { file } => out.print(&laptop.show_bundle(&file)?, outline)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn stick_words(sticks: &[StickView]) -> String {
    if sticks.is_empty() {
        return "没有插着的U盘。".to_owned();
    }
    let mut text = String::new();
    for stick in sticks {
        let free = stick.free.map_or_else(|| "未报空余".to_owned(), |free| format!("空余 {free} 字节"));
        text.push_str(&format!("{}  {}  {free}\n", stick.name, stick.folder));
        for reply in &stick.replies {
            text.push_str(&format!(
                "  {} {}  {}\n",
                if reply.read { "✔ 已读" } else { "● 未读" },
                reply.at,
                reply.file
            ));
        }
    }
    text.trim_end().to_owned()
}

fn write_words(written: &BundleWritten) -> String {
    let BundleWritten { parts, changes, changes_left, carried, left, under_way, .. } = written;
    let mut text = format!("已写好：改动 {changes} 条，文件 {} 个 {} 字节", carried.files, carried.bytes);
    for part in parts {
        text.push_str(&format!("\n  {}  {} 字节", part.file, part.bytes));
    }
    if *changes_left > 0 {
        text.push_str(&format!("\n另有改动 {changes_left} 条没装下，下次带"));
    }
    if left.files > 0 {
        text.push_str(&format!("\n另有文件 {} 个 {} 字节没装下或没带，下次带", left.files, left.bytes));
    }
    if *under_way > 0 {
        text.push_str(&format!("\n另有文件 {under_way} 个在以前写的U盘里，还没有回音；要再带一次请加 --again"));
    }
    text.push_str("\n请拿到区里读，再把区里写回的文件带回来读。");
    text
}

pub(crate) fn read_words(taken: &BundleTaken) -> String {
    let mut text = format!("区里 {} 的答复：{}", taken.at, words::synced(&taken.brought));
    if taken.passed_over > 0 {
        text.push_str(&format!("\n旁边 {} 个文件属于另一次拷贝，没有读；请单独读它", taken.passed_over));
    }
    if taken.more {
        text.push_str("\n区里还有新内容没装下，请再写一次U盘带去");
    }
    text
}

/// The outside of a bundle, and how much is in it.
fn outline(contents: &Value) -> String {
    let header = &contents["header"];
    let party = |value: &Value| match (value["laptop"].as_str(), value["district"].as_str()) {
        (Some(laptop), _) => format!("电脑 {laptop}"),
        (_, Some(district)) => format!("区 {}", district.chars().take(16).collect::<String>()),
        _ => String::new(),
    };
    let count = |name: &str| contents[name].as_array().map_or(0, Vec::len);
    let inside = match contents.get("envelopes") {
        None => "加密的，只有收件方能打开".to_owned(),
        Some(_) => format!("答复 {} 段，文件 {} 个（--json 显示全部）", count("envelopes"), count("files")),
    };
    let (from, to) = (party(&header["from"]), party(&header["to"]));
    let (at, part) = (header["at"].as_str().unwrap_or_default(), &header["part"]);
    format!("第 {part} 部分，{from} 写给 {to}，{at}\n{inside}")
}
