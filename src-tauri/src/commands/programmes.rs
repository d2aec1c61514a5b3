//! Programmes, and what an application comes to under its own.

use app::programme::Case;
use app::{AmountView, CaseTried, Laptop, PastTried, ProgrammeChecked, ProgrammeView, RecordId};

use super::OnDesk;
use crate::desk::Answer;

/// The district's own, and those that ship.
#[tauri::command(async)]
pub(crate) fn programmes(desk: OnDesk<'_>) -> Answer<Vec<ProgrammeView>> {
    desk.read(Laptop::programmes)
}

#[tauri::command(async)]
pub(crate) fn check_programme(text: &str) -> ProgrammeChecked {
    app::check_programme(text)
}

#[tauri::command(async)]
pub(crate) fn try_programme(text: &str, case: Case) -> CaseTried {
    app::try_programme(text, &case)
}

#[tauri::command(async)]
pub(crate) fn try_on_past(desk: OnDesk<'_>, text: &str, all: bool) -> Answer<Vec<PastTried>> {
    desk.twin()?.try_on_past(text, all).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn draft_programme(desk: OnDesk<'_>, text: &str) -> Answer<ProgrammeView> {
    desk.write(|laptop| laptop.draft_programme(text))
}

#[tauri::command(async)]
pub(crate) fn publish_programme(desk: OnDesk<'_>, text: &str, retire: bool) -> Answer<ProgrammeView> {
    desk.write(|laptop| laptop.publish_programme(text, retire))
}

#[tauri::command(async)]
pub(crate) fn amount(desk: OnDesk<'_>, id: RecordId, as_of: Option<&str>) -> Answer<AmountView> {
    desk.twin()?.amount(id, as_of).map_err(|error| error.view())
}
