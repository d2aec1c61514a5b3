//! New programs: offered by the district or opened from a stick, and installed;
//! and what waits for the person, on the program's icon.

use std::path::Path;

use app::{AppError, Installation, Trouble, UpdateView, install_update as install, look_into_update};
use tauri::ipc::Channel;

use super::{OnDesk, Task};
use crate::desk::Answer;

/// The version of this program.
#[tauri::command(async)]
pub(crate) fn program_version() -> String {
    app::program_version().to_string()
}

/// What the district offers that is newer than this program.
#[tauri::command(async)]
pub(crate) fn find_update(desk: OnDesk<'_>) -> Answer<Option<UpdateView>> {
    desk.twin()?.find_update(&Installation::running()).map_err(|error| error.view())
}

/// Fetches it; stopped, it goes on from there the next time.
#[tauri::command(async)]
pub(crate) fn fetch_update(desk: OnDesk<'_>, task: String, told: Channel<(u64, u64)>) -> Answer<Option<UpdateView>> {
    let task = Task::begin(&desk, task, told);
    let laptop = desk.twin()?;
    let fetched = laptop.fetch_update(&Installation::running(), &mut |done, of| task.goes_on(done, of));
    fetched.map_err(|error| error.view())
}

/// Checks a release that lies in a file; the laptop may be locked.
#[tauri::command(async)]
pub(crate) fn look_into_release(file: &str) -> Answer<UpdateView> {
    look_into_update(Path::new(file), &Installation::running()).map_err(|error| error.view())
}

/// Starts the program in a release once, puts it in the place of this one, and ends this one.
#[tauri::command(async)]
pub(crate) fn install_update(desk: OnDesk<'_>, file: &str) -> Answer<()> {
    let nobody = || Trouble::UpdateNotInstalled { reason: "no program around the window".to_owned() };
    let frame = desk.frame().ok_or_else(|| AppError::from(nobody()).view())?;
    frame.step_aside();
    match install(desk.folder(), Path::new(file), &Installation::running()) {
        Ok(()) => {
            desk.lock()?;
            frame.leave();
            Ok(())
        }
        Err(error) => {
            frame.come_back();
            Err(error.view())
        }
    }
}

/// So many things wait for the person.
#[tauri::command(async)]
pub(crate) fn show_waiting(desk: OnDesk<'_>, count: u64, title: &str) {
    if let Some(frame) = desk.frame() {
        frame.waiting(count, title);
    }
}
