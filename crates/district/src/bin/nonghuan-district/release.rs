//! `release`: new programs for the laptops.

use std::path::PathBuf;
use std::process::ExitCode;

use ::release::ReleaseError;
use clap::Subcommand;
use district::{District, ReleaseView, Result};
use serde_json::json;

use crate::terminal::Terminal;

#[derive(Subcommand)]
pub(crate) enum Release {
    /// 收下新版程序，提供给各台电脑 Check a release, and offer it to the laptops.
    Add {
        /// 发布文件 The release (.nhu).
        file: PathBuf,
    },
    /// 列出提供的新版 Which are offered.
    List,
    /// 不再提供 Offer one no more.
    Drop {
        /// 文件名 The name of its file.
        name: String,
    },
}

pub(crate) fn run(terminal: &Terminal, district: &District, command: Release) -> Result<ExitCode> {
    match command {
        Release::Add { file } => {
            let added = district.add_release(&file, &mut |done, total| terminal.bytes(done, total))?;
            terminal.answer(&added, || terminal.print(&format!("已提供：{}", line(&added))));
        }
        Release::List => {
            let offered = district.releases()?;
            let lines: Vec<String> = offered.iter().map(line).collect();
            let words = if lines.is_empty() { "没有提供新版程序。".to_owned() } else { lines.join("\n") };
            terminal.answer(&offered, || terminal.print(&words));
        }
        Release::Drop { name } => {
            district.drop_release(&name)?;
            terminal.answer(&json!({"dropped": name}), || terminal.print(&format!("不再提供 {name}。")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(view: &ReleaseView) -> String {
    let release = &view.release;
    format!("{}  {}  {}  {} 字节  {}", release.version, release.target, release.at, release.bytes, view.name)
}

pub(crate) fn sentence(error: &ReleaseError) -> String {
    use ReleaseError as E;
    match error {
        E::NotARelease { file } => format!("{file} 不是农环台账的发布文件，没有收。请核对选的是哪个文件。"),
        E::ReleaseFormUnknown { file, version } => {
            format!("{file} 的格式（第 {version} 版）本程序读不了，没有收。请先升级区服务器。")
        }
        E::ReleaseDamaged { file, reason } => {
            format!("{file} 不完整或已损坏（{reason}），没有收。请重新拷贝这个文件再试。")
        }
        E::ReleaseUntrusted { file } => {
            format!("{file} 不是用本程序认得的发布密钥签名的，没有收。请向发布单位核对文件来源。")
        }
        E::ReleaseUnreadable { file, reason } => format!("读不了 {file}（{reason}）。请检查文件或U盘，再试。"),
        E::ReleaseNotNewer { given, here } => format!("发布文件是 {given}，这里是 {here}，不用换。"),
        E::ReleaseForOthers { given, here } => format!("发布文件用于 {given}，这里是 {here}，没有收。"),
    }
}
