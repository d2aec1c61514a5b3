//! Photos as evidence: taken in, seen by spot and phase, asked about and accepted.

use std::ops::ControlFlow;
use std::path::PathBuf;

use app::{FindingView, Findings, RecordId, TakenIn, WorksPhotos};
use tauri::ipc::Channel;

use super::{OnDesk, Task};
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn works_photos(desk: OnDesk<'_>, id: RecordId) -> Answer<WorksPhotos> {
    desk.twin()?.works_photos(id).map_err(|error| error.view())
}

/// Files and folders by their paths, as many as there are; `told` hears how many of how many are done.
#[tauri::command(async)]
pub(crate) fn take_in(
    desk: OnDesk<'_>,
    id: RecordId,
    field: &str,
    paths: Vec<PathBuf>,
    task: String,
    told: Channel<(u64, u64)>,
) -> Answer<TakenIn> {
    let task = Task::begin(&desk, task, told);
    let taken = desk.twin()?.take_in(id, Some(field), &paths, &mut |done, of| task.goes_on(done, of));
    desk.saved();
    taken.map_err(|error| error.view())
}

/// What there is to ask about the photos of a works; of all of them without one.
/// Photos that nobody has looked at are looked at first.
#[tauri::command(async)]
pub(crate) fn findings(desk: OnDesk<'_>, works: Option<RecordId>) -> Answer<Findings> {
    let laptop = desk.twin()?;
    let looked = laptop.look_at_photos(&mut |_| ControlFlow::Continue(()));
    looked.and_then(|_| laptop.findings(works)).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn accept_finding(
    desk: OnDesk<'_>,
    key: &str,
    works: Option<RecordId>,
    remark: &str,
) -> Answer<FindingView> {
    desk.write(|laptop| laptop.accept_finding(key, works, remark))
}

#[tauri::command(async)]
pub(crate) fn reopen_finding(desk: OnDesk<'_>, key: &str) -> Answer<()> {
    desk.write(|laptop| laptop.reopen_finding(key))
}
