//! 位置图: where the villages and works of an application lie, inside the
//! boundaries that the district loaded, if it did.

use domain::Record;
use domain::geo::{Point, System};
use domain::submission::Submission;
use package::volume::{MapArea, MapPoint, Site};

use super::forms::village_name;
use crate::{Laptop, Result};

impl Laptop {
    /// The map; nothing where neither village nor works has a place.
    pub(super) fn site(&self, submission: &Submission) -> Result<Option<Site>> {
        let point = |record: &Record, works: bool| {
            let (lon, lat) = Point::of(record.fields.get("place")?)?.in_system(System::Wgs84);
            let village = if works { village_name(submission, record) } else { String::new() };
            Some(MapPoint { name: record.text("name").unwrap_or_default().to_owned(), lon, lat, works, village })
        };
        let mut points: Vec<MapPoint> =
            submission.villages.iter().filter_map(|village| point(village, false)).collect();
        points.extend(submission.works.iter().filter_map(|works| point(works, true)));
        if points.is_empty() {
            return Ok(None);
        }
        let codes: Vec<&str> = submission.villages.iter().filter_map(|village| village.text("code")).collect();
        let township = submission.application.scope.as_str();
        let mut site = Site { points, ..Site::default() };
        let mut approvals: Vec<String> = Vec::new();
        for boundary in self.boundaries()? {
            // A file whose bytes are not here yet is left out of the drawing.
            let Ok(areas) = self.boundary_areas(boundary.id) else { continue };
            let near = areas.into_iter().filter(|area| {
                area.code
                    .as_deref()
                    .is_none_or(|code| code.starts_with(township) || township.starts_with(code.trim_end_matches('0')))
            });
            let before = site.areas.len();
            site.areas.extend(near.map(|area| {
                let code = area.code.as_deref().unwrap_or_default();
                MapArea {
                    own: codes.contains(&code),
                    outer: !code.is_empty() && code.trim_end_matches('0').len() <= township.len(),
                    name: area.name,
                    rings: area.rings,
                }
            }));
            if site.areas.len() > before && !approvals.contains(&boundary.approval) {
                approvals.push(boundary.approval);
            }
        }
        site.approval = approvals.join("、");
        Ok(Some(site))
    }
}
