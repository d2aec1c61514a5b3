//! `compile` and `verify`: packages on the terminal.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::types::{Compiled, Verified, VerifySignature};
use app::{CompileStage, Laptop, Result, Trouble};
use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use crate::run::{Out, bar, record};
use crate::words::sentence;

/// What is wanted of an application.
#[derive(Debug, Args)]
pub(crate) struct CompileCommand {
    /// The application's id.
    application: String,
    /// The package to write.
    #[arg(long, required_unless_present = "preview")]
    out: Option<PathBuf>,
    /// Writes the pages as pictures into this folder: page-001.png …
    #[arg(long, value_name = "DIR")]
    preview: Option<PathBuf>,
    /// The day that it bears; today when not given.
    #[arg(long)]
    on: Option<NaiveDate>,
}

pub(crate) fn compile(laptop: &Laptop, command: CompileCommand, out: &Out) -> Result<ExitCode> {
    let CompileCommand { application, out: path, preview, on } = command;
    let (application, day) = (record(&application)?, on.map(|day| day.to_string()));
    let stop = Arc::new(AtomicBool::new(false));
    let heard = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&stop));
    heard.map_err(|error| Trouble::Storage { reason: error.to_string() })?;
    let bar = bar(out.json);
    let mut progress = |step: app::CompileStep| {
        bar.set_message(match step.stage {
            CompileStage::Pictures => "照片",
            CompileStage::Pages => "排版",
            CompileStage::Files => "打包",
        });
        bar.set_length(step.total);
        bar.set_position(step.done);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    if let Some(folder) = &preview {
        let unwritable = |path: &PathBuf, error: std::io::Error| Trouble::FileUnwritable {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let set = laptop.set_volume(application, day.as_deref(), &mut progress)?;
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
        for number in 1..=set.pages() {
            let page = set.page(number, None)?;
            let file = folder.join(format!("page-{number:03}.png"));
            fs::write(&file, page.png).map_err(|error| unwritable(&file, error))?;
        }
        if path.is_none() {
            bar.finish_and_clear();
            let answer = json!({"folder": folder, "pages": set.pages()});
            out.print(&answer, |_| format!("已排版 {} 页：{}", set.pages(), folder.display()))?;
        }
    }
    if let Some(path) = &path {
        let compiled = laptop.compile(application, path, day.as_deref(), &mut progress)?;
        bar.finish_and_clear();
        out.print(&compiled, compiled_words)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn compiled_words(compiled: &Compiled) -> String {
    let mut lines = vec![
        format!("已生成申报包：{}", compiled.path),
        format!("  {} 个文件，{} 字节，申报书 {} 页", compiled.files, compiled.bytes, compiled.pages),
        format!("  SHA-256 {}", compiled.sha256),
        format!("  封面二维码内的数据摘要 {}", compiled.data),
    ];
    if !compiled.substitutes.is_empty() {
        lines.push(format!("  本机没有公文标准字体，代用：{}", compiled.substitutes.join("；")));
    }
    lines.extend(compiled.omitted.iter().map(|why| format!("  {}", sentence(why))));
    lines.join("\n")
}

pub(crate) fn verify(file: &std::path::Path, out: &Out) -> Result<ExitCode> {
    let verified = app::verify(file)?;
    out.print(&verified, verified_words)?;
    Ok(if verified.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn verified_words(verified: &Verified) -> String {
    let v = verified;
    let mut lines = vec![format!("{}　{}　{}", v.identifier, v.organization, v.date).trim().to_owned()];
    lines.push(match v.ok {
        true => format!("完好：{} 个文件、{} 字节逐一核对，没有改动、缺少或多出。", v.files, v.bytes),
        false => "有问题：".to_owned(),
    });
    for problem in &v.problems {
        let what = match problem.kind.as_str() {
            "changed" => "被改动",
            "missing" => "缺少",
            "added" => "多出",
            "signature" => "签名不符",
            "container" => "包的封装被改动",
            _ => "读不出",
        };
        let path = if problem.path.is_empty() { "整个文件" } else { &problem.path };
        lines.push(format!("  {path}  {what}"));
    }
    for signature in &v.signatures {
        lines.extend(signed(signature));
    }
    match v.signatures.iter().any(|signature| signature.role == "device") {
        true => {}
        false => lines.push("没有签名：看不出是谁生成的，只能看出文件和清单是否一致。".to_owned()),
    }
    if let Some(data) = &v.data {
        lines.push(format!("封面二维码应为：{data}"));
        lines.push("  扫纸质封面的二维码，摘要与上面一致，说明那份纸质申报书与本包的数据是同一份。".to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// What a signature says, and what it does not.
fn signed(signature: &VerifySignature) -> Vec<String> {
    let fits = if signature.ok { "相符" } else { "不符" };
    let (device, at) = (signature.device.as_deref().unwrap_or_default(), signature.at.as_deref().unwrap_or_default());
    let mut lines = match signature.role.as_str() {
        "district" => vec![format!("区里签收：{}  {at}  {fits}", signature.by)],
        _ => vec![format!("电脑签名：{}  {fits}", signature.by)],
    };
    if signature.ok {
        lines.push(match signature.role.as_str() {
            "district" => format!(
                "  说明：区服务器在该时间收到的就是这份内容，生成它的电脑是区里注册给“{device}”的。不说明：区里已经审核或同意；时间以区服务器的钟为准。"
            ),
            _ => "  说明：内容自这台电脑生成后没有改过。不说明：写的是否属实；姓名是电脑使用者自己填的，密钥属于谁要由区里确认；这不是电子印章。".to_owned(),
        });
    }
    lines
}
