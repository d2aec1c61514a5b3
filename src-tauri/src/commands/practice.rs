//! A ledger to practise on, in the place of the real one for a while.

use app::PracticePlaces;
use app::types::Stage;

use super::OnDesk;
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn practise(desk: OnDesk<'_>, person: String) -> Answer<Stage> {
    desk.practise(person)
}

#[tauri::command(async)]
pub(crate) fn end_practice(desk: OnDesk<'_>) -> Answer<Stage> {
    desk.end_practice()
}

#[tauri::command(async)]
pub(crate) fn practice_places(desk: OnDesk<'_>) -> Answer<Option<PracticePlaces>> {
    desk.read(app::Laptop::practice_places)
}
