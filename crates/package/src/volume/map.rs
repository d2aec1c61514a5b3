//! 位置图: points and loaded boundaries as a drawing on one page, without any
//! picture from elsewhere. North is up; a few kilometres are drawn as if the
//! earth were flat there.

use serde::Serialize;
use serde_json::{Value, json};

/// The drawing, in millimetres.
const WIDTH: f64 = 162.0;
const HEIGHT: f64 = 158.0;

/// What is kept free at its edges.
const EDGE: f64 = 9.0;

/// The least that is drawn, in metres across: two neighbouring points are no map.
const LEAST: f64 = 1_200.0;

/// Metres of one degree of latitude.
const DEGREE: f64 = 111_320.0;

/// Corners nearer than this to the last are left out, in millimetres.
const FINE: f64 = 0.15;

/// A map's contents.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Site {
    /// Boundaries that were loaded, if any.
    pub areas: Vec<MapArea>,
    /// Villages and works.
    pub points: Vec<MapPoint>,
    /// 审图号 of the boundaries; empty where none was loaded.
    pub approval: String,
}

/// A boundary in WGS-84 degrees.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MapArea {
    /// Its name.
    pub name: String,
    /// Its rings, as longitude and latitude.
    pub rings: Vec<Vec<(f64, f64)>>,
    /// Whether it is one of the application's villages.
    pub own: bool,
    /// Whether it is the township's outline.
    pub outer: bool,
}

/// A point in WGS-84 degrees.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MapPoint {
    /// What it is called.
    pub name: String,
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// A works, with its number in the legend; else a village.
    pub works: bool,
    /// The village that it lies in.
    pub village: String,
}

/// Degrees to millimetres.
struct Frame {
    west: f64,
    north: f64,
    shrink: f64,
    /// Millimetres a metre.
    scale: f64,
    left: f64,
    top: f64,
}

impl Frame {
    /// Holds the points, and of the areas those that hold them or are near.
    fn around(site: &Site) -> Option<Self> {
        let own = site.areas.iter().filter(|area| area.own).flat_map(|area| area.rings.iter().flatten().copied());
        let places: Vec<(f64, f64)> = site.points.iter().map(|point| (point.lon, point.lat)).chain(own).collect();
        let first = *places.first()?;
        let (mut west, mut east, mut south, mut north) = (first.0, first.0, first.1, first.1);
        for (lon, lat) in places {
            (west, east) = (west.min(lon), east.max(lon));
            (south, north) = (south.min(lat), north.max(lat));
        }
        let shrink = ((north + south) / 2.0).to_radians().cos().max(0.1);
        let (across, down) = ((east - west) * DEGREE * shrink, (north - south) * DEGREE);
        let scale = ((WIDTH - 2.0 * EDGE) / across.max(LEAST)).min((HEIGHT - 2.0 * EDGE) / down.max(LEAST));
        let (left, top) = ((WIDTH - across * scale) / 2.0, (HEIGHT - down * scale) / 2.0);
        Some(Self { west, north, shrink, scale, left, top })
    }

    fn at(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        let x = self.left + (lon - self.west) * DEGREE * self.shrink * self.scale;
        let y = self.top + (self.north - lat) * DEGREE * self.scale;
        (round(x), round(y))
    }

    /// The corners of a ring, without those that nobody would see.
    fn ring(&self, ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let mut drawn: Vec<(f64, f64)> = Vec::new();
        for corner in ring.iter().map(|corner| self.at(*corner)) {
            let near = |last: &(f64, f64)| (last.0 - corner.0).hypot(last.1 - corner.1) < FINE;
            if !drawn.last().is_some_and(near) {
                drawn.push(corner);
            }
        }
        drawn
    }

    /// A bar of a round length that is well seen.
    fn bar(&self) -> Value {
        let metres = [100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0];
        let length = metres.into_iter().rfind(|metres| metres * self.scale <= 45.0).unwrap_or(100.0);
        let words =
            if length < 1_000.0 { format!("{length:.0} 米") } else { format!("{:.0} 千米", length / 1_000.0) };
        json!({"length": round(length * self.scale), "words": words})
    }
}

impl Site {
    /// The map as its template draws it; nothing where there is no point.
    pub(super) fn drawn(&self) -> Value {
        let Some(frame) = Frame::around(self) else { return Value::Null };
        let inside = |(x, y): &(f64, f64)| (0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y);
        let mut areas = Vec::new();
        for area in &self.areas {
            let rings: Vec<Vec<(f64, f64)>> = area.rings.iter().map(|ring| frame.ring(ring)).collect();
            let rings: Vec<_> = rings.into_iter().filter(|ring| ring.len() > 2 && ring.iter().any(inside)).collect();
            if rings.is_empty() {
                continue;
            }
            let middle = |ring: &Vec<(f64, f64)>| {
                let count = ring.len() as f64;
                let sum = ring.iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.0, sum.1 + corner.1));
                (round(sum.0 / count), round(sum.1 / count))
            };
            let label = if area.outer { None } else { rings.first().map(middle).filter(inside) };
            areas
                .push(json!({"name": area.name, "rings": rings, "own": area.own, "outer": area.outer, "label": label}));
        }
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let (mut points, mut legend, mut number) = (Vec::new(), Vec::new(), 0);
        // Villages first, so that works lie above them.
        let (works, villages): (Vec<&MapPoint>, Vec<&MapPoint>) = self.points.iter().partition(|point| point.works);
        for point in villages.into_iter().chain(works) {
            let at = frame.at((point.lon, point.lat));
            let mark = if point.works {
                number += 1;
                legend.push(json!({
                    "mark": number.to_string(), "name": point.name, "village": point.village,
                    "place": format!("东经 {:.5}°，北纬 {:.5}°", point.lon, point.lat),
                }));
                number.to_string()
            } else {
                String::new()
            };
            // A works is named by its number; a village in letters, where there is room.
            let free = |spot: &(f64, f64)| {
                inside(spot)
                    && taken.iter().all(|other| (other.0 - spot.0).abs() > 20.0 || (other.1 - spot.1).abs() > 3.0)
            };
            let spots = [
                (at.0 + 2.0, at.1 - 1.2),
                (at.0 - 18.0, at.1 - 1.2),
                (at.0 - 6.0, at.1 - 5.0),
                (at.0 - 6.0, at.1 + 2.2),
            ];
            let label =
                if point.works { None } else { spots.into_iter().find(free).map(|(x, y)| (round(x), round(y))) };
            taken.extend(label);
            points.push(json!({"name": point.name, "at": at, "works": point.works, "mark": mark, "label": label}));
        }
        let bounds = match (self.areas.is_empty(), self.approval.as_str()) {
            (true, _) => "本图为位置示意图：未载入行政区域边界，只按经纬度标出各点。".to_owned(),
            (false, approval) => format!("行政区域边界来自区里载入的数据，审图号：{approval}。"),
        };
        json!({
            "width": WIDTH, "height": HEIGHT, "areas": areas, "points": points, "legend": legend, "scale": frame.bar(),
            "note": format!("{bounds}圆点为工程（编号见下表），方点为行政村；WGS-84 与 CGCS2000 在此比例下无差别。"),
        })
    }
}

/// Hundredths of a millimetre: more would only make the file longer.
fn round(millimetres: f64) -> f64 {
    (millimetres * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilometre_is_as_long_across_as_down_and_stays_on_the_page() {
        let point = |lon: f64, lat: f64| MapPoint { lon, lat, works: true, ..MapPoint::default() };
        let (lon, lat) = (120.35, 33.44);
        let east = 1_000.0 / (DEGREE * f64::to_radians(lat).cos());
        let site = Site {
            points: vec![point(lon, lat), point(lon + east, lat), point(lon, lat - 1_000.0 / DEGREE)],
            ..Site::default()
        };
        let drawn = site.drawn();
        let at = |n: usize| {
            let at = &drawn["points"][n]["at"];
            (at[0].as_f64().expect("x"), at[1].as_f64().expect("y"))
        };
        let (across, down) = (at(1).0 - at(0).0, at(2).1 - at(0).1);
        assert!((across - down).abs() < 0.3, "{across} mm across, {down} mm down");
        assert!(across > 100.0 && at(1).0 < WIDTH && at(2).1 < HEIGHT, "and uses the page");
        assert_eq!(Site::default().drawn(), Value::Null, "nothing to show is no map");
    }
}
