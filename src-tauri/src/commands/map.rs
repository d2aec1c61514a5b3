//! The map: boundaries with their approval number, points, and where a position lies.

use std::path::Path;

use app::{AreaView, BoundaryView, BoundaryWishes, MapPoint, RecordId, System, Whereabouts};

use super::OnDesk;
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn map_points(desk: OnDesk<'_>) -> Answer<Vec<MapPoint>> {
    desk.twin()?.map_points().map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn boundaries(desk: OnDesk<'_>) -> Answer<Vec<BoundaryView>> {
    desk.twin()?.boundaries().map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn boundary_areas(desk: OnDesk<'_>, id: RecordId) -> Answer<Vec<AreaView>> {
    desk.twin()?.boundary_areas(id).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn load_boundary(desk: OnDesk<'_>, path: &Path, wishes: BoundaryWishes) -> Answer<BoundaryView> {
    desk.write(|laptop| laptop.load_boundary(path, &wishes))
}

#[tauri::command(async)]
pub(crate) fn whereabouts(desk: OnDesk<'_>, lon: f64, lat: f64, system: System) -> Answer<Whereabouts> {
    desk.twin()?.whereabouts(lon, lat, system).map_err(|error| error.view())
}
