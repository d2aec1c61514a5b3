//! The exchange: what is on its way, sticks, the log, pause, audit; photos from a
//! phone; and files that come from outside the window.

use std::path::Path;

use app::types::{Moving, Stage, Status};
use app::{
    AuditView, BundleTaken, BundleWishes, BundleWritten, ExchangeEntry, Laptop, OnItsWay, PhoneNews, PhoneView,
    RecordId, StickView,
};
use tauri::ipc::{Channel, Request};

use super::{OnDesk, Task, body, header, headers};
use crate::desk::Answer;

/// How many lines of the log are shown.
const LINES: u32 = 100;

/// What a running exchange is doing; nothing while none runs.
#[tauri::command(async)]
pub(crate) fn moving(desk: OnDesk<'_>) -> Option<Moving> {
    desk.moving()
}

/// Pauses the exchange, and stops one that runs; or lets it go on, at once.
#[tauri::command(async)]
pub(crate) fn pause(desk: OnDesk<'_>, paused: bool) -> Answer<Status> {
    desk.pause(paused)?;
    desk.read(Laptop::status)
}

#[tauri::command(async)]
pub(crate) fn on_its_way(desk: OnDesk<'_>) -> Answer<OnItsWay> {
    desk.read(Laptop::on_its_way)
}

#[tauri::command(async)]
pub(crate) fn exchanges(desk: OnDesk<'_>) -> Answer<Vec<ExchangeEntry>> {
    desk.read(|laptop| laptop.exchanges(LINES))
}

#[tauri::command(async)]
pub(crate) fn sticks(desk: OnDesk<'_>) -> Answer<Vec<StickView>> {
    desk.twin()?.sticks().map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn write_bundle(
    desk: OnDesk<'_>,
    file: &str,
    wishes: BundleWishes,
    task: String,
    told: Channel<(u64, u64)>,
) -> Answer<BundleWritten> {
    let task = Task::begin(&desk, task, told);
    let written = desk.twin()?.write_bundle(Path::new(file), &wishes, &mut |done, of| task.goes_on(done, of));
    desk.records_changed();
    written.map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn read_bundle(
    desk: OnDesk<'_>,
    file: &str,
    task: String,
    told: Channel<(u64, u64)>,
) -> Answer<BundleTaken> {
    let task = Task::begin(&desk, task, told);
    let taken = desk.twin()?.read_bundle(Path::new(file), &mut |done, of| task.goes_on(done, of));
    if let Ok(taken) = &taken {
        desk.heed(&taken.brought);
    }
    desk.records_changed();
    taken.map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn audit(desk: OnDesk<'_>) -> Answer<AuditView> {
    let audit = desk.twin()?.audit(&mut |_| {}).map_err(|error| error.view())?;
    Ok(AuditView::from(&audit))
}

/// Writes a text for whoever helps; how many bytes.
#[tauri::command(async)]
pub(crate) fn diagnose(desk: OnDesk<'_>, file: &str) -> Answer<u64> {
    desk.twin()?.diagnose(Path::new(file)).map_err(|error| error.view())
}

/// The files that were opened from outside since the window last asked.
#[tauri::command(async)]
pub(crate) fn opened_files(desk: OnDesk<'_>) -> Vec<String> {
    desk.take_opened()
}

/// The enrolment code in a picture: the picture as the raw body, header `x-name` (percent-encoded).
#[tauri::command(async)]
pub(crate) fn code_in_picture(request: Request<'_>) -> Answer<String> {
    let (headers, bytes) = (headers(&request), body(&request)?);
    app::code_in_picture(header(&headers, "x-name"), bytes).map_err(|error| error.view())
}

/// Opens the laptop with its recovery key, and sets another PIN.
#[tauri::command(async)]
pub(crate) fn set_pin(desk: OnDesk<'_>, recovery_key: &str, pin: &str) -> Answer<Stage> {
    desk.open(app::set_forgotten_pin(desk.folder(), recovery_key, pin).map_err(|error| error.view())?)
}

/// Opens a door for a phone; one that was open is shut.
#[tauri::command(async)]
pub(crate) fn open_to_phone(
    desk: OnDesk<'_>,
    id: RecordId,
    field: Option<&str>,
    told: Channel<PhoneNews>,
) -> Answer<PhoneView> {
    desk.open_to_phone(id, field, told)
}

#[tauri::command(async)]
pub(crate) fn shut_phone(desk: OnDesk<'_>) {
    desk.shut_phone();
}
