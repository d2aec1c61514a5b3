//! Places by name, pinyin or code, and works that were recorded twice.

use app::types::Shown;
use app::{Duplicate, Joined, PlaceFound, RecordId};

use super::OnDesk;
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn find_place(desk: OnDesk<'_>, query: &str) -> Answer<Vec<PlaceFound>> {
    const MOST: u32 = 20;
    desk.read(|laptop| laptop.find_place(query, MOST))
}

#[tauri::command(async)]
pub(crate) fn duplicates(desk: OnDesk<'_>) -> Answer<Vec<Duplicate>> {
    desk.twin()?.duplicates().map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn distinct(desk: OnDesk<'_>, one: RecordId, other: RecordId) -> Answer<()> {
    desk.write(|laptop| laptop.distinct(one, other))
}

#[tauri::command(async)]
pub(crate) fn join(desk: OnDesk<'_>, keep: RecordId, other: RecordId) -> Answer<Joined> {
    desk.write(|laptop| laptop.join(keep, other))
}

#[tauri::command(async)]
pub(crate) fn unjoin(desk: OnDesk<'_>, other: RecordId) -> Answer<Shown> {
    desk.write(|laptop| laptop.unjoin(other))
}
