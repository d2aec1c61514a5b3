//! Boundary files of any sort: areas that can be, or a refusal.

use domain::geo::{Point, System, areas, containing};

/// Reads `data` as a boundary file in each system.
///
/// # Panics
/// Where the reader does, or where it gives an area that is none.
pub fn one(data: &[u8]) {
    for system in [System::Wgs84, System::Gcj02] {
        let Ok(areas) = areas(data, system) else { continue };
        for area in &areas {
            let (low, high) = area.bounds;
            assert!(low.lon <= high.lon && low.lat <= high.lat, "{area:?}");
            assert!(!area.name.is_empty() && area.rings().iter().all(|ring| ring.len() >= 4), "{area:?}");
            let middle = Point { lon: f64::midpoint(low.lon, high.lon), lat: f64::midpoint(low.lat, high.lat) };
            assert_eq!(containing(&areas, middle).contains(&area), area.contains(middle));
        }
    }
}
