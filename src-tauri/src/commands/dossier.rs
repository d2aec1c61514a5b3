//! 一村一档: what a village's file holds and lacks, and its folder and PDF.

use std::path::Path;

use app::{Dossier, DossierWritten, RecordId};
use tauri::ipc::Channel;

use super::{OnDesk, Task};
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn dossier(desk: OnDesk<'_>, village: RecordId) -> Answer<Dossier> {
    desk.twin()?.dossier(village).map_err(|error| error.view())
}

/// As a folder below `path`, or with `pdf` as one PDF at `path`; `told` hears how many of how many files are done.
#[tauri::command(async)]
pub(crate) fn write_dossier(
    desk: OnDesk<'_>,
    village: RecordId,
    path: &Path,
    pdf: bool,
    day: &str,
    task: String,
    told: Channel<(u64, u64)>,
) -> Answer<DossierWritten> {
    let task = Task::begin(&desk, task, told);
    let mut progress = |done, of| task.goes_on(done, of);
    let laptop = desk.twin()?;
    let written = if pdf {
        laptop.dossier_pdf(village, path, day, &mut progress)
    } else {
        laptop.export_dossier(village, path, day, &mut progress)
    };
    written.map_err(|error| error.view())
}
