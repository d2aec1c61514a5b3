//! `bundle read` and `bundle show`: laptops' sticks at the district's terminal.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, Subcommand};
use district::{Admitted, BundleRead, District, Replied, ReplyTerms, Result};
use domain::Value;
use sync::bundle::{BundleError, LIMIT, Terms, room, size};

use crate::terminal::Terminal;

#[derive(Subcommand)]
pub(crate) enum Bundle {
    /// 收下电脑写在U盘上的文件，并写回复 Take what a laptop wrote on a stick, and write the reply.
    Read(Read),
    /// 看看U盘文件里有什么，不收 Show what is in a bundle, and take nothing.
    Show {
        /// U盘上的文件 The bundle, or one of its parts.
        file: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Read {
    /// 电脑写的文件；旁边的 .002 .003 … 一起收 What the laptop wrote; parts beside it are read too.
    file: PathBuf,
    #[command(flatten)]
    reply: Reply,
}

/// A new laptop's request, and the reply to it.
#[derive(Args)]
pub(crate) struct Enrol {
    /// 电脑写的登记申请 What the laptop wrote.
    file: PathBuf,
    #[command(flatten)]
    reply: Reply,
}

#[derive(Args)]
struct Reply {
    /// 回复写在哪里 Where the reply goes.
    #[arg(long)]
    reply: PathBuf,
    /// 每个文件最大多少 The most bytes in one file: BYTES, 500M, 4G [default: what FAT32 takes].
    #[arg(long, value_parser = sized)]
    limit: Option<u64>,
    /// 一共最多写多少 The most bytes in all [default: what is free].
    #[arg(long, value_parser = sized)]
    room: Option<u64>,
    /// 不带照片 Without files.
    #[arg(long)]
    no_photos: bool,
}

impl Reply {
    fn wanted(&self) -> ReplyTerms {
        let terms = Terms {
            limit: self.limit.unwrap_or(LIMIT),
            room: self.room.or_else(|| room(&self.reply)).unwrap_or(u64::MAX),
        };
        ReplyTerms { terms, files: !self.no_photos }
    }
}

fn sized(text: &str) -> std::result::Result<u64, String> {
    size(text).ok_or_else(|| "a number of bytes, or with K, M, G · 应为字节数，或带 K、M、G".to_owned())
}

pub(crate) fn run(terminal: &Terminal, district: District, bundle: Bundle) -> Result<ExitCode> {
    match bundle {
        Bundle::Show { file } => {
            let contents = serde_json::to_value(district.show_bundle(&file)?)?;
            terminal.answer(&contents, || terminal.print(&outline(&contents)));
            Ok(ExitCode::SUCCESS)
        }
        Bundle::Read(Read { file, reply }) => {
            let stop = stop_flag()?;
            let mut progress = progress(terminal, &stop);
            let read = Arc::new(district).read_bundle(&file, &reply.reply, &reply.wanted(), &mut progress)?;
            terminal.answer(&read, || terminal.print(&words(&read)));
            Ok(match &read.error {
                Some(error) => {
                    terminal.warn(error);
                    ExitCode::from(1)
                }
                None => ExitCode::SUCCESS,
            })
        }
    }
}

/// Lets in the laptop that asks on a stick.
pub(crate) fn enrol(terminal: &Terminal, district: District, Enrol { file, reply }: &Enrol) -> Result<ExitCode> {
    let stop = stop_flag()?;
    let mut progress = progress(terminal, &stop);
    let admitted = Arc::new(district).let_in_by_stick(file, &reply.reply, &reply.wanted(), &mut progress)?;
    terminal.answer(&admitted, || terminal.print(&admitted_words(&admitted)));
    Ok(ExitCode::SUCCESS)
}

/// Shows how far it has come, and hears whether to go on.
fn progress<'t>(terminal: &'t Terminal, stop: &'t AtomicBool) -> impl FnMut(u64, u64) -> ControlFlow<()> + 't {
    |done, total| {
        terminal.bytes(done, total);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Set when the terminal asks the program to stop.
fn stop_flag() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&flag);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signal = {
        let _inside = runtime.enter();
        crate::stop_signal()?
    };
    std::thread::spawn(move || {
        runtime.block_on(signal);
        told.store(true, Ordering::Relaxed);
    });
    Ok(flag)
}

pub(crate) fn sentence(error: &BundleError) -> String {
    use BundleError as E;
    match error {
        E::NotABundle { file } => format!("{file} 不是农环台账的U盘文件，没有改动。请核对选的是哪个文件。"),
        E::BundleNewer { file, version } => {
            format!("{file} 由更新的程序写成（第 {version} 版），没有读。请先升级本程序。")
        }
        E::BundleDamaged { file, reason } => format!(
            "{file} 不完整或已损坏（{reason}）。此前核对无误的内容已收下，其余没有收；请重新拷贝这个文件再读一次。"
        ),
        E::BundleForLaptop { file, laptop, at } => {
            format!("{file} 是写给电脑 {laptop} 的（{at}），没有收。区里要读的是电脑写的文件。")
        }
        E::BundleForDistrict { file, district, at } => {
            format!("{file} 是写给另一个区（{district}）的（{at}），没有收。")
        }
        E::BundleUnreadable { file, reason } => format!("读不了 {file}（{reason}）。请检查U盘是否插好，再试。"),
        E::BundleUnwritable { file, reason } => {
            format!(
                "写不了 {file}（{reason}）。收到的内容已收下；没有留下半个文件，原来的文件还在。再读一次即可补写回复。"
            )
        }
        E::StickFull { file } => {
            format!("U盘放不下 {file}。收到的内容已收下，回复没有写；请腾出空间或换大一点的U盘，再读一次即可补写回复。")
        }
        E::LimitTooSmall { least } => {
            format!("每个文件的上限太小，至少要 {least} 字节。收到的内容已收下，回复没有写。")
        }
        E::Cancelled => "已停止，没有留下半个文件。已收下的仍在，再读一次即可。".to_owned(),
    }
}

fn words(read: &BundleRead) -> String {
    let BundleRead { letter, name, at, verdicts, files, bytes, unfinished, refused_files, reply, .. } = read;
    let mut text = format!(
        "{name}（{letter}，{at}）：采纳 {}，合并 {}，冲突 {}，退回 {}，等附件 {}；收到文件 {files} 个，{bytes} 字节",
        verdicts.accepted, verdicts.merged, verdicts.conflict, verdicts.refused, verdicts.waiting
    );
    if *unfinished > 0 {
        text.push_str(&format!("，另有 {unfinished} 个还不完整"));
    }
    if *refused_files > 0 {
        text.push_str(&format!("，{refused_files} 个没有收（没有记录用到，或内容不符）"));
    }
    if read.passed_over > 0 {
        text.push_str(&format!("\n旁边 {} 个文件属于另一次拷贝，没有读；请单独读它", read.passed_over));
    }
    text.push_str(&reply_words(reply));
    text
}

fn admitted_words(admitted: &Admitted) -> String {
    let Admitted { letter, name, role, scopes, reply, .. } = admitted;
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    let scopes = scopes.join("、");
    format!("已登记 {name}（{letter}，{role}，{scopes}）。请把下面的文件带回去，在那台电脑上读。{}", reply_words(reply))
}

fn reply_words(reply: &Replied) -> String {
    let mut text = format!("\n回复：新内容 {} 条，文件 {} 个", reply.news, reply.files);
    if reply.left > 0 {
        text.push_str(&format!("，另有 {} 个文件没装下，下次带", reply.left));
    }
    if reply.more {
        text.push_str("，新内容没有装完，下次带");
    }
    for part in &reply.parts {
        text.push_str(&format!("\n  {}  {} 字节", part.file.display(), part.bytes));
    }
    text
}

/// The outside of a bundle, and how much is in it.
fn outline(contents: &Value) -> String {
    let header = &contents["header"];
    let party = |value: &Value| match (value["laptop"].as_str(), value["district"].as_str()) {
        (Some(laptop), _) => format!("电脑 {laptop}"),
        (_, Some(district)) => format!("区 {}", sync::bundle::short(district)),
        _ => String::new(),
    };
    let count = |name: &str| contents[name].as_array().map_or(0, Vec::len);
    let inside = match contents.get("envelopes") {
        None => "加密的，只有收件方能打开".to_owned(),
        Some(_) => format!("消息 {} 条，文件 {} 个（--json 显示全部）", count("envelopes"), count("files")),
    };
    let (from, to) = (party(&header["from"]), party(&header["to"]));
    let (at, part) = (header["at"].as_str().unwrap_or_default(), &header["part"]);
    format!("第 {part} 部分，{from} 写给 {to}，{at}\n{inside}")
}
