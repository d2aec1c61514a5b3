//! The areas of a boundary file, and which of them hold a position.
//!
//! The file is GeoJSON as survey and planning offices give it out. It comes from
//! outside, so what is taken of it is bounded, and what is not an area with a
//! name and closed rings is refused with the feature it stands in.

use serde::Deserialize;

use super::{Point, System};
use crate::Value;

/// The largest boundary file, in bytes: a whole province in villages has less.
pub const MAX_BYTES: usize = 32 << 20;

/// The most areas in one file; no county has so many villages.
const MAX_AREAS: usize = 20_000;

/// The most corners in one file.
const MAX_CORNERS: usize = 1_000_000;

/// One named area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its name, as the file gives it.
    pub name: String,
    /// Its place code, where the file gives one.
    pub code: Option<String>,
    /// South-west and north-east corners.
    pub bounds: (Point, Point),
    /// Every ring of every part; a hole is a ring inside another.
    rings: Vec<Vec<Point>>,
}

/// Why a boundary file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoundaryError {
    /// No GeoJSON.
    #[error("no GeoJSON: {0}")]
    NotGeoJson(String),
    /// More than is taken.
    #[error("more than {0}")]
    TooLarge(String),
    /// This feature, counted from one, is no area.
    #[error("feature {feature}: {reason}")]
    NotAnArea {
        /// Which one.
        feature: usize,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "type")]
    sort: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<serde_json::Map<String, Value>>,
    geometry: Option<Geometry>,
}

type Ring = Vec<Position>;

/// Longitude, latitude, and whatever height follows.
#[derive(Deserialize)]
#[serde(untagged)]
enum Position {
    Flat([f64; 2]),
    High(f64, f64, #[allow(dead_code, reason = "a height says nothing of an area")] f64),
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

/// The areas of a GeoJSON file whose degrees are given in `system`.
///
/// # Errors
/// What is wrong with the file, with the feature it stands in.
pub fn areas(bytes: &[u8], system: System) -> Result<Vec<Area>, BoundaryError> {
    if bytes.len() > MAX_BYTES {
        return Err(BoundaryError::TooLarge(format!("{} MB", MAX_BYTES >> 20)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes).map_err(|error| BoundaryError::NotGeoJson(error.to_string()))?;
    if file.sort != "FeatureCollection" || file.features.is_empty() {
        return Err(BoundaryError::NotGeoJson("no FeatureCollection with features".to_owned()));
    }
    if file.features.len() > MAX_AREAS {
        return Err(BoundaryError::TooLarge(format!("{MAX_AREAS} areas")));
    }
    let mut corners = 0;
    let mut areas = Vec::new();
    for (feature, at) in file.features.into_iter().zip(1..) {
        let wrong = |reason: &str| BoundaryError::NotAnArea { feature: at, reason: reason.to_owned() };
        let properties = feature.properties.unwrap_or_default();
        let text = |names: &[&str]| names.iter().find_map(|name| plain(properties.get(*name)?));
        let name = text(&["name", "NAME", "名称", "XZQMC", "ZLDWMC"]).ok_or_else(|| wrong("no name"))?;
        let code = text(&["code", "CODE", "adcode", "区划代码", "XZQDM", "ZLDWDM"]);
        let parts = match feature.geometry {
            Some(Geometry::Polygon(part)) => vec![part],
            Some(Geometry::MultiPolygon(parts)) => parts,
            None => return Err(wrong("neither Polygon nor MultiPolygon")),
        };
        let mut rings = Vec::new();
        for ring in parts.into_iter().flatten() {
            corners += ring.len();
            if corners > MAX_CORNERS {
                return Err(BoundaryError::TooLarge(format!("{MAX_CORNERS} corners")));
            }
            let here = ring.iter().map(|position| match *position {
                Position::Flat([lon, lat]) | Position::High(lon, lat, _) => Point::new(lon, lat, system),
            });
            let ring: Vec<Point> = here.collect::<Option<_>>().ok_or_else(|| wrong("a corner beyond the globe"))?;
            if ring.len() < 4 || ring.first() != ring.last() {
                return Err(wrong("a ring that is not closed"));
            }
            rings.push(ring);
        }
        let bounds = bounds(&rings).ok_or_else(|| wrong("no ring"))?;
        areas.push(Area { name, code, bounds, rings });
    }
    Ok(areas)
}

/// A property as text; numbers are codes as spreadsheets write them.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.len() <= 200).then_some(text)
}

fn bounds(rings: &[Vec<Point>]) -> Option<(Point, Point)> {
    let mut corners = rings.iter().flatten();
    let first = *corners.next()?;
    Some(corners.fold((first, first), |(low, high), corner| {
        let low = Point { lon: low.lon.min(corner.lon), lat: low.lat.min(corner.lat) };
        (low, Point { lon: high.lon.max(corner.lon), lat: high.lat.max(corner.lat) })
    }))
}

impl Area {
    /// Whether `point` lies in the area; a hole is no part of it.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let (low, high) = self.bounds;
        let near = (low.lon..=high.lon).contains(&point.lon) && (low.lat..=high.lat).contains(&point.lat);
        near && self.rings.iter().filter(|ring| crossed_oddly(ring, point)).count() % 2 == 1
    }

    /// Its rings, for drawing.
    #[must_use]
    pub fn rings(&self) -> &[Vec<Point>] {
        &self.rings
    }

    /// How much of the globe its bounds take, in square degrees: tells a village from the county around it.
    fn extent(&self) -> f64 {
        let (low, high) = self.bounds;
        (high.lon - low.lon) * (high.lat - low.lat)
    }
}

/// Whether a line from `point` to the east crosses the ring an odd number of times.
fn crossed_oddly(ring: &[Point], point: Point) -> bool {
    let mut inside = false;
    for (one, two) in ring.iter().zip(&ring[1..]) {
        if (one.lat > point.lat) != (two.lat > point.lat) {
            let at = one.lon + (point.lat - one.lat) / (two.lat - one.lat) * (two.lon - one.lon);
            inside ^= point.lon < at;
        }
    }
    inside
}

/// The areas that hold `point`, the smallest first.
#[must_use]
pub fn containing(areas: &[Area], point: Point) -> Vec<&Area> {
    let mut found: Vec<&Area> = areas.iter().filter(|area| area.contains(point)).collect();
    found.sort_by(|one, other| one.extent().total_cmp(&other.extent()));
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn square(name: &str, low: f64, high: f64) -> Value {
        let ring = json!([[low, low], [high, low], [high, high], [low, high], [low, low]]);
        json!({"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    }

    fn file(features: &[Value]) -> Vec<u8> {
        serde_json::to_vec(&json!({"type": "FeatureCollection", "features": features})).expect("JSON")
    }

    fn point(lon: f64, lat: f64) -> Point {
        Point { lon, lat }
    }

    #[test]
    fn a_position_lies_in_the_village_and_in_the_county_around_it() {
        let read = areas(&file(&[square("县", 0.0, 10.0), square("村", 2.0, 4.0)]), System::Wgs84).expect("areas");
        let names = |at| containing(&read, at).iter().map(|area| area.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(point(3.0, 3.0)), ["村", "县"], "the smallest first");
        assert_eq!(names(point(5.0, 5.0)), ["县"]);
        assert!(names(point(11.0, 5.0)).is_empty());
    }

    #[test]
    fn a_hole_is_no_part_of_an_area_and_every_part_counts() {
        let ring = |low: f64, high: f64| json!([[low, low], [high, low], [high, high], [low, high], [low, low]]);
        let parts = json!([[ring(0.0, 10.0), ring(4.0, 6.0)], [ring(20.0, 21.0)]]);
        let feature = json!({"properties": {"名称": "镇", "code": 320_902_107}, "geometry": {"type": "MultiPolygon", "coordinates": parts}});
        let read = areas(&file(&[feature]), System::Wgs84).expect("one area");
        assert_eq!(read[0].code.as_deref(), Some("320902107"), "a code written as a number is a code");
        assert!(read[0].contains(point(1.0, 1.0)) && read[0].contains(point(20.5, 20.5)));
        assert!(!read[0].contains(point(5.0, 5.0)), "the hole");
    }

    #[test]
    fn a_file_in_gcj02_is_laid_where_it_belongs() {
        let around = square("村", 33.0, 34.0); // Degrees of both, so that the shift is the same for all.
        let moved = areas(&file(&[around]), System::Gcj02).expect("an area");
        let plain = areas(&file(&[square("村", 33.0, 34.0)]), System::Wgs84).expect("an area");
        assert_eq!(moved[0].bounds, plain[0].bounds, "33° east is not China: nothing is shifted there");
        let ring = json!([[120.0, 33.0], [121.0, 33.0], [121.0, 34.0], [120.0, 33.0]]);
        let feature = json!({"properties": {"name": "村"}, "geometry": {"type": "Polygon", "coordinates": [ring]}});
        let shifted = areas(&file(&[feature]), System::Gcj02).expect("an area");
        let metres = shifted[0].rings()[0][0].metres_to(point(120.0, 33.0));
        assert!((300.0..700.0).contains(&metres), "some 500 m: {metres}");
    }

    #[test]
    fn what_is_no_boundary_is_refused_with_its_place() {
        let open = json!({"properties": {"name": "村"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}});
        let far = json!({"properties": {"name": "村"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [500, 0], [1, 1], [0, 0]]]}});
        let line =
            json!({"properties": {"name": "河"}, "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}});
        let nameless = json!({"properties": {}, "geometry": {"type": "Polygon", "coordinates": []}});
        let empty = json!({"properties": {"name": "空"}, "geometry": {"type": "Polygon", "coordinates": []}});
        let nowhere = json!({"properties": {"name": "空"}, "geometry": null});
        for wrong in [open, far, nowhere, nameless, empty] {
            let refused = areas(&file(&[square("好", 0.0, 1.0), wrong.clone()]), System::Wgs84);
            assert!(matches!(refused, Err(BoundaryError::NotAnArea { feature: 2, .. })), "{wrong}: {refused:?}");
        }
        for wrong in [&b""[..], b"{}", b"[]", b"\xff\xfe", br#"{"type":"FeatureCollection","features":[]}"#] {
            assert!(matches!(areas(wrong, System::Wgs84), Err(BoundaryError::NotGeoJson(_))));
        }
        assert!(
            matches!(areas(&file(&[line]), System::Wgs84), Err(BoundaryError::NotGeoJson(_))),
            "a line holds nothing"
        );
        let deep = "[".repeat(200_000);
        assert!(matches!(areas(deep.as_bytes(), System::Wgs84), Err(BoundaryError::NotGeoJson(_))), "no stack is lost");
    }

    #[test]
    fn a_boundary_beyond_all_measure_is_refused_before_it_is_kept() {
        let many: Vec<Value> = (0..=MAX_AREAS).map(|_| square("村", 0.0, 1.0)).collect();
        assert!(matches!(areas(&file(&many), System::Wgs84), Err(BoundaryError::TooLarge(_))));
        assert!(matches!(areas(&vec![b' '; MAX_BYTES + 1], System::Wgs84), Err(BoundaryError::TooLarge(_))));
    }
}
