//! `package receive`: an application package at the district's terminal.

use std::path::PathBuf;
use std::process::ExitCode;

use bag::BagError;
use clap::Subcommand;
use district::{District, PackageReceived, Result};

use crate::terminal::Terminal;

#[derive(Subcommand)]
pub(crate) enum Package {
    /// 签收申报包：核对、查签名的电脑、加上区里的签名 Verify a package, look its signer up, and countersign it.
    Receive {
        /// 申报包 The package.
        file: PathBuf,
        /// 写到哪里 Where the countersigned package goes.
        #[arg(long)]
        out: PathBuf,
        /// 签收单位 The district's name in it [default: its name in the list of places].
        #[arg(long)]
        by: Option<String>,
    },
}

pub(crate) fn run(terminal: &Terminal, district: &District, command: &Package) -> Result<ExitCode> {
    let Package::Receive { file, out, by } = command;
    let received = district.receive_package(file, out, by.as_deref())?;
    terminal.answer(&received, || terminal.print(&words(&received)));
    Ok(ExitCode::SUCCESS)
}

fn words(received: &PackageReceived) -> String {
    let about = &received.about;
    let mut lines = vec![
        format!("已签收 {}　{}　{}", about.identifier, about.organization, about.date),
        format!(
            "由 {} {} 的电脑生成，{} 由 {} 签收。",
            received.letter, received.name, received.received_at, received.by
        ),
        "签收只说明收到的就是这份内容、由这台电脑生成；不表示审核通过。".to_owned(),
    ];
    if let Some(data) = &received.data {
        lines.push(format!("纸质封面的二维码应为 {data}"));
    }
    lines.push(format!("{} 字节，SHA-256 {}", received.bytes, received.sha256));
    lines.join("\n")
}

/// Why a package was not received.
pub(crate) fn sentence(error: &BagError) -> String {
    match error {
        BagError::PackageNotWhole { path } => {
            let path = if path.is_empty() { "整个文件" } else { path };
            format!("申报包不完整：{path} 与清单不符，没有签收。请让报送方重新生成并交来。")
        }
        BagError::PackageUnsigned => "申报包没有电脑的签名，没有签收。请用已注册的电脑生成。".to_owned(),
        BagError::CountersignedAlready { at } => format!("这份申报包已于 {at} 签收，没有再签。"),
        other => format!("申报包没有签收：{other}。"),
    }
}
