//! Boundaries: a file of areas that the district loads, and where a position lies.
//!
//! None ships with the program: a map of boundaries may be shown only under the
//! number that it was approved by, so that number is asked for and kept with it.

use std::path::Path;

use domain::geo::{self, Area, BoundaryError, Point, System};
use domain::record::Attachment;
use domain::{Fields, Record, RecordId, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::{Laptop, Result, Trouble};

/// The kind of the loaded files.
const BOUNDARY: &str = "boundary";

/// The set that holds the file.
const FILE: &str = "file";

/// What is said of a boundary file when it is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoundaryWishes {
    /// What it is to be called.
    pub name: String,
    /// 审图号.
    pub approval: String,
    /// The system of its degrees.
    pub system: System,
    /// Who gave it out.
    pub origin: Option<String>,
    /// As of when (`YYYY-MM-DD`).
    pub published: Option<String>,
}

/// A boundary file that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoundaryView {
    /// Its record.
    pub id: RecordId,
    /// What it is called.
    pub name: String,
    /// 审图号; shown wherever the boundary is.
    pub approval: String,
    /// The system of the file's degrees.
    pub system: String,
    /// How many areas it has; nothing while its bytes are not here.
    pub areas: Option<u32>,
}

/// An area to be drawn, in WGS-84.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AreaView {
    /// Its name.
    pub name: String,
    /// Its place code, where the file gives one.
    pub code: Option<String>,
    /// Its rings, as longitude and latitude.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// Where a position lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Whereabouts {
    /// Longitude and latitude in WGS-84.
    pub wgs84: (f64, f64),
    /// Longitude and latitude in GCJ-02.
    pub gcj02: (f64, f64),
    /// The nearest village that has a place.
    pub village: Option<NearestVillage>,
    /// The loaded areas that hold it, the smallest first.
    pub areas: Vec<AreaHit>,
}

/// The nearest village.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NearestVillage {
    /// Its record.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// How far away its place is.
    pub metres: f64,
}

/// An area that holds a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AreaHit {
    /// The area.
    pub name: String,
    /// Its place code.
    pub code: Option<String>,
    /// The file it is of.
    pub boundary: RecordId,
    /// That file's 审图号.
    pub approval: String,
}

impl Laptop {
    /// Loads a boundary file, which from then on reaches every laptop of the district.
    ///
    /// # Errors
    /// [`Trouble::NoApprovalNumber`], [`Trouble::BoundaryUnusable`], a file that cannot be
    /// read; what the rules refuse. Nothing is kept then.
    pub fn load_boundary(&mut self, path: &Path, wishes: &BoundaryWishes) -> Result<BoundaryView> {
        if !is_approval(&wishes.approval) {
            return Err(Trouble::NoApprovalNumber { given: wishes.approval.clone() }.into());
        }
        let kind = self.kind(BOUNDARY)?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let unusable = |reason: String| Trouble::BoundaryUnusable { file: file.clone(), reason };
        let length = std::fs::metadata(path).map_err(|error| Trouble::reading(path, &error))?.len();
        if length > geo::MAX_BOUNDARY_BYTES as u64 {
            return Err(unusable(format!("> {} MB", geo::MAX_BOUNDARY_BYTES >> 20)).into());
        }
        let bytes = std::fs::read(path).map_err(|error| Trouble::reading(path, &error))?;
        geo::areas(&bytes, wishes.system).map_err(|error| unusable(words(&error)))?;
        let fields = json!({
            "name": wishes.name, "approval": wishes.approval, "system": wishes.system.name(),
            "origin": wishes.origin, "published": wishes.published,
        });
        let fields: Fields = serde_json::from_value(fields).expect("an object is fields");
        let shown = self.add(&kind.name, fields)?;
        self.attach(shown.id, Some(FILE), &[(&file, &bytes)])?;
        self.boundary_view(&self.row(shown.id)?.record)
    }

    /// The boundary files that were loaded, with their 审图号.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn boundaries(&self) -> Result<Vec<BoundaryView>> {
        self.all_of(BOUNDARY)?.iter().map(|row| self.boundary_view(&row.record)).collect()
    }

    /// The areas of a loaded file, to be drawn.
    ///
    /// # Errors
    /// When there is no such file, or its bytes are not here.
    pub fn boundary_areas(&self, id: RecordId) -> Result<Vec<AreaView>> {
        let record = self.row(id)?.record;
        let absent = || Trouble::AttachmentAbsent { name: record.text("name").unwrap_or_default().to_owned() };
        let areas = self.areas_of(&record)?.ok_or_else(absent)?;
        let ring = |ring: &Vec<Point>| ring.iter().map(|point| (point.lon, point.lat)).collect();
        Ok(areas
            .into_iter()
            .map(|area| AreaView { rings: area.rings().iter().map(ring).collect(), name: area.name, code: area.code })
            .collect())
    }

    /// Where a position lies: the nearest village, and the loaded areas around it.
    ///
    /// # Errors
    /// Degrees that are no place on the globe.
    pub fn whereabouts(&self, lon: f64, lat: f64, system: System) -> Result<Whereabouts> {
        let beyond = || Refusal::OutOfRange {
            field: "place".to_owned(),
            given: format!("{lon}, {lat}"),
            min: "-180, -90".to_owned(),
            max: "180, 90".to_owned(),
        };
        let point = Point::new(lon, lat, system).ok_or_else(beyond)?;
        let villages = self.all_of("village")?;
        let placed = villages.iter().filter_map(|row| Some((&row.record, Point::of(row.record.fields.get("place")?)?)));
        let village = geo::nearest(point, placed).map(|(record, metres)| NearestVillage {
            id: record.id,
            name: record.text("name").unwrap_or_default().to_owned(),
            metres: metres.round(),
        });
        let mut areas = Vec::new();
        for row in self.all_of(BOUNDARY)? {
            let file = self.areas_of(&row.record)?.unwrap_or_default();
            let approval = row.record.text("approval").unwrap_or_default();
            areas.extend(geo::containing(&file, point).into_iter().map(|area| AreaHit {
                name: area.name.clone(),
                code: area.code.clone(),
                boundary: row.record.id,
                approval: approval.to_owned(),
            }));
        }
        Ok(Whereabouts { wgs84: point.in_system(System::Wgs84), gcj02: point.in_system(System::Gcj02), village, areas })
    }

    fn boundary_view(&self, record: &Record) -> Result<BoundaryView> {
        let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
        let areas = self.areas_of(record)?.map(|areas| u32::try_from(areas.len()).unwrap_or(u32::MAX));
        Ok(BoundaryView {
            id: record.id,
            name: text("name"),
            approval: text("approval"),
            system: text("system"),
            areas,
        })
    }

    /// The areas of a loaded file; nothing while its bytes are not here, or where
    /// what came under its name is no boundary after all.
    fn areas_of(&self, record: &Record) -> Result<Option<Vec<Area>>> {
        let system = record.text("system").and_then(System::named);
        let Some(file) = record.items(FILE).iter().find_map(Attachment::read) else { return Ok(None) };
        let here = self.store.attachment(&file.sha256)?.is_some_and(|known| known.here);
        if !here || file.bytes > geo::MAX_BOUNDARY_BYTES as u64 {
            return Ok(None);
        }
        let bytes = self.files.read(&file.sha256).map_err(|error| Trouble::storage(&error))?;
        Ok(system.and_then(|system| geo::areas(&bytes, system).ok()))
    }
}

/// What is wrong with a boundary file, in few words.
fn words(error: &BoundaryError) -> String {
    match error {
        BoundaryError::NotGeoJson(reason) => format!("GeoJSON: {reason}"),
        BoundaryError::TooLarge(limit) => format!("> {limit}"),
        BoundaryError::NotAnArea { feature, reason } => format!("feature {feature}: {reason}"),
    }
}

/// Whether this reads as approval numbers are written: `GS(2024)0650号`, `苏S（2023）12号`.
fn is_approval(text: &str) -> bool {
    let text = text.trim();
    let opened = text.split_once(['(', '（', '[', '〔']);
    let parts = opened.and_then(|(giver, rest)| Some((giver, rest.split_once([')', '）', ']', '〕'])?)));
    parts.is_some_and(|(giver, (year, number))| {
        let number = number.trim().trim_start_matches('第').strip_suffix('号').unwrap_or_default();
        let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        giver.contains('S') && giver.chars().count() <= 10 && year.len() == 4 && digits(year) && digits(number)
    })
}

#[cfg(test)]
mod tests {
    use super::is_approval;

    #[test]
    fn an_approval_number_is_one_as_maps_bear_them() {
        for good in ["GS(2024)0650号", "GS京(2022)1061号", "苏S（2021）024号", "盐S〔2023〕5号", " 苏S(2024)12号 "]
        {
            assert!(is_approval(good), "{good}");
        }
        for wrong in ["", "无", "2024", "GS(24)0650号", "GS(2024)号", "GS(2024)0650", "盐环合〔2026〕5号"] {
            assert!(!is_approval(wrong), "{wrong}");
        }
    }
}
