//! An application from its checks to its package, and what comes after it.

use std::path::Path;

use app::types::Compiled;
use app::{
    ApplicationSteps, CompileStep, EvaluationView, FindingView, Findings, Prefilled, PreviewPage, RecordId,
    SettlementView,
};
use data_encoding::BASE64;
use serde::Serialize;
use tauri::ipc::Channel;

use super::{OnDesk, Task};
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn check(desk: OnDesk<'_>, id: RecordId) -> Answer<Findings> {
    desk.twin()?.check(id).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn accept_of_application(desk: OnDesk<'_>, id: RecordId, key: &str, remark: &str) -> Answer<FindingView> {
    desk.write(|laptop| laptop.accept_of_application(id, key, remark))
}

#[tauri::command(async)]
pub(crate) fn application_steps(desk: OnDesk<'_>, id: RecordId) -> Answer<ApplicationSteps> {
    desk.twin()?.application_steps(id).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn prefill(desk: OnDesk<'_>, id: RecordId, outline: Option<&str>) -> Answer<Prefilled> {
    desk.write(|laptop| laptop.prefill(id, outline))
}

/// A page as it crosses: its picture as a `data:` URL, empty beyond the last page.
#[derive(Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    page: PreviewPage,
    png: String,
}

#[tauri::command(async)]
pub(crate) fn preview(desk: OnDesk<'_>, id: RecordId, page: u32) -> Answer<Shown> {
    let page = desk.twin()?.preview(id, page).map_err(|error| error.view())?;
    let png =
        if page.png.is_empty() { String::new() } else { format!("data:image/png;base64,{}", BASE64.encode(&page.png)) };
    Ok(Shown { page, png })
}

/// `told` hears how far it has come; stopped, it leaves nothing behind.
#[tauri::command(async)]
pub(crate) fn compile(
    desk: OnDesk<'_>,
    id: RecordId,
    path: &str,
    task: String,
    told: Channel<CompileStep>,
) -> Answer<Compiled> {
    let task = Task::begin(&desk, task, told);
    let compiled = desk.twin()?.compile(id, Path::new(path), None, &mut |step| task.hears(step));
    compiled.map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn settlement(desk: OnDesk<'_>, id: RecordId) -> Answer<SettlementView> {
    desk.twin()?.settlement(id).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn begin_settlement(desk: OnDesk<'_>, id: RecordId) -> Answer<SettlementView> {
    desk.write(|laptop| laptop.begin_settlement(id))
}

#[tauri::command(async)]
pub(crate) fn hand_in_settlement(desk: OnDesk<'_>, id: RecordId) -> Answer<SettlementView> {
    desk.write(|laptop| laptop.hand_in_settlement(id))
}

#[tauri::command(async)]
pub(crate) fn self_evaluation(desk: OnDesk<'_>, id: RecordId, year: Option<i64>) -> Answer<EvaluationView> {
    desk.twin()?.self_evaluation(id, year).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn begin_evaluation(desk: OnDesk<'_>, id: RecordId, year: Option<i64>) -> Answer<RecordId> {
    desk.write(|laptop| laptop.begin_evaluation(id, year))
}

#[tauri::command(async)]
pub(crate) fn hand_in_evaluation(desk: OnDesk<'_>, id: RecordId, year: Option<i64>) -> Answer<EvaluationView> {
    desk.write(|laptop| laptop.hand_in_evaluation(id, year))
}
