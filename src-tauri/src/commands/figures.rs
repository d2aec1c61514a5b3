//! What the records come to: figures of places, month reports, what is due.

use app::types::Page;
use app::{MonthView, PlaceFigures, RecordId, Reminder};

use super::OnDesk;
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn indicators(desk: OnDesk<'_>, place: &str, as_of: Option<&str>) -> Answer<PlaceFigures> {
    desk.twin()?.indicators(place, as_of).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn month_report(desk: OnDesk<'_>, month: &str, township: Option<&str>) -> Answer<MonthView> {
    desk.twin()?.month_report(month, township).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn begin_month_report(desk: OnDesk<'_>, month: &str, township: Option<&str>) -> Answer<RecordId> {
    desk.write(|laptop| laptop.begin_month_report(month, township))
}

#[tauri::command(async)]
pub(crate) fn hand_in_month_report(desk: OnDesk<'_>, month: &str, township: Option<&str>) -> Answer<MonthView> {
    desk.write(|laptop| laptop.hand_in_month_report(month, township))
}

#[tauri::command(async)]
pub(crate) fn standing_still(desk: OnDesk<'_>, days: u32, limit: u32) -> Answer<Page> {
    desk.twin()?.standing_still(days, limit).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn reminders(desk: OnDesk<'_>) -> Answer<Vec<Reminder>> {
    desk.twin()?.reminders().map_err(|error| error.view())
}
