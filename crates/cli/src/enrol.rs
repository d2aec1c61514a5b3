//! `enrol-request` and `enrol-reply`: being let in by a stick.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use app::{Enrolment, Result};
use serde_json::json;

use crate::bundle::read_words;
use crate::run::{Out, bar, code_in, pin};
use crate::words;

/// Writes the request.
pub(crate) fn ask(
    folder: &Path,
    file: &Path,
    code: Option<&str>,
    picture: Option<&Path>,
    name: &str,
    out: &Out,
) -> Result<ExitCode> {
    let code = match picture {
        Some(picture) => code_in(picture)?,
        None => code.unwrap_or_default().to_owned(),
    };
    let asked = app::ask_to_enrol(folder, &Enrolment { code, name: name.to_owned(), pin: pin(true)? }, file)?;
    out.print(&asked, |asked| {
        format!(
            "申请已写到 {}。\n恢复密钥（只显示这一次，请抄下收好）：{}\n请把申请带到区里，再把区里写的回执带回来：nonghuan enrol-reply 文件",
            asked.file, asked.recovery_key
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the reply, and the first records in it.
pub(crate) fn reply(folder: &Path, file: &Path, out: &Out) -> Result<ExitCode> {
    let (mut laptop, enrolled) = app::enrol_by_reply(folder, &pin(false)?, file)?;
    let bar = bar(out.json);
    let taken = laptop.read_bundle(file, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    laptop.index();
    let (taken, error) = match taken {
        Ok(taken) => {
            let error = taken.error.clone();
            (Some(taken), error)
        }
        Err(error) => (None, Some(error.view())),
    };
    out.print(&json!({"enrolled": enrolled, "taken": taken}), |_| {
        let scopes = enrolled.scopes.join("、");
        let first = taken.as_ref().map(read_words).unwrap_or_default();
        format!("已登记：本机字母 {}，{}，{scopes}\n{first}", enrolled.letter, enrolled.role)
    })?;
    // It is a laptop now, whatever became of the first records: the same file can be read again.
    Ok(match error {
        Some(error) => {
            eprintln!("{}", words::sentence(&error));
            ExitCode::from(1)
        }
        None => ExitCode::SUCCESS,
    })
}
