//! Map: what has a place, as points in one system, so that whoever draws them
//! need not know that a phone and a survey name the same spot 500 m apart.

use std::collections::BTreeMap;

use domain::RecordId;
use domain::catalog::FieldType;
use domain::geo::{Point, System};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Laptop, Result};

/// One point of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MapPoint {
    /// Its record; of a photo, the one that holds it.
    pub id: RecordId,
    /// The kind of that record.
    pub kind: String,
    /// What heads it.
    pub title: String,
    /// Its state, where its kind has any.
    pub state: Option<String>,
    /// Longitude in WGS-84.
    pub lon: f64,
    /// Latitude in WGS-84.
    pub lat: f64,
    /// Of a photo that was taken there: hex SHA-256.
    pub photo: Option<String>,
}

impl Laptop {
    /// Every record that has a place, and every photo that says where it was taken.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn map_points(&self) -> Result<Vec<MapPoint>> {
        let mut points = Vec::new();
        for kind in &self.catalog().kinds {
            let Some(field) = kind.fields.iter().find(|field| field.field_type == FieldType::Place) else { continue };
            for row in self.all_of(&kind.name)? {
                let Some(point) = row.record.fields.get(&field.name).and_then(Point::of) else { continue };
                let title = row.record.text(&kind.title).unwrap_or_default().to_owned();
                let (lon, lat) = point.in_system(System::Wgs84);
                let (id, state) = (row.record.id, row.record.state.clone());
                points.push(MapPoint { id, kind: kind.name.clone(), title, state, lon, lat, photo: None });
            }
        }
        points.extend(self.photo_points()?);
        Ok(points)
    }

    fn photo_points(&self) -> Result<Vec<MapPoint>> {
        let (mut points, mut holders) = (Vec::new(), BTreeMap::new());
        for used in self.store.all_photo_uses()? {
            let Some(place) = self.store.photo(&used.sha256)?.and_then(|known| known.facts.place) else { continue };
            let Some(point) = Point::new(place.lon, place.lat, place.system) else { continue };
            let holder = match holders.get(&used.record) {
                Some(holder) => holder,
                None => {
                    let kind = self.row(used.record)?.record.kind;
                    let title = self.heading(used.record).unwrap_or_default();
                    holders.entry(used.record).or_insert((kind, title))
                }
            };
            let (kind, title) = holder.clone();
            let (lon, lat) = point.in_system(System::Wgs84);
            points.push(MapPoint { id: used.record, kind, title, state: None, lon, lat, photo: Some(used.sha256) });
        }
        Ok(points)
    }
}
