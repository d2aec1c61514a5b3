//! Becoming a laptop: by a stick, and once more at a district that has forgotten it.

use std::path::Path;

use app::types::Enrolled;
use app::{Asked, Enrolment};
use tauri::ipc::Channel;

use super::{OnDesk, Task};
use crate::desk::Answer;

/// Writes the request of a laptop that has no line.
#[tauri::command(async)]
pub(crate) fn ask_to_enrol(desk: OnDesk<'_>, code: String, name: String, pin: String, file: &str) -> Answer<Asked> {
    app::ask_to_enrol(desk.folder(), &Enrolment { code, name, pin }, Path::new(file)).map_err(|error| error.view())
}

/// Reads the district's reply, and the first records in it. A laptop it is from the
/// first part on; what else is wrong with the file is told where bundles are read.
#[tauri::command(async)]
pub(crate) fn enrol_by_reply(
    desk: OnDesk<'_>,
    pin: &str,
    file: &str,
    task: String,
    told: Channel<(u64, u64)>,
) -> Answer<Enrolled> {
    let task = Task::begin(&desk, task, told);
    let file = Path::new(file);
    let (mut laptop, enrolled) = app::enrol_by_reply(desk.folder(), pin, file).map_err(|error| error.view())?;
    if let Err(error) = laptop.read_bundle(file, &mut |done, of| task.goes_on(done, of)) {
        tracing::warn!(%error, "the first records did not all come");
    }
    desk.open(laptop)?;
    Ok(enrolled)
}

/// At its own district, which does not know this laptop any more.
#[tauri::command(async)]
pub(crate) fn enrol_again(desk: OnDesk<'_>, code: &str) -> Answer<Enrolled> {
    let mut laptop = desk.twin()?;
    let enrolled = laptop.enrol_again(code).map_err(|error| error.view())?;
    desk.open(laptop)?;
    Ok(enrolled)
}
