//! Where things lie: coordinates and the systems they are given in, distances,
//! the nearest of some places, and the areas of a boundary file.
//!
//! A number of degrees means nothing without its system: around 盐城 the same
//! village lies some 500 m apart in GCJ-02 and in WGS-84. So every position
//! carries its system, and is brought to WGS-84 before anything is measured.
//!
//! Plain floating point, here and nowhere else in this crate: positions are
//! measured and uncertain by metres, and no merge depends on them.

mod area;
mod gcj02;

pub use area::{Area, BoundaryError, MAX_BYTES as MAX_BOUNDARY_BYTES, areas, containing};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Value;

/// The system that degrees are given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// What satellites and nearly all cameras give.
    Wgs84,
    /// The national system of 2000, in which official surveys are kept.
    ///
    /// Its ellipsoid differs from WGS-84's by 0.1 mm and its frame agreed with
    /// WGS-84's to a few centimetres at its epoch, 2000.0. The plates have moved
    /// some 3 cm a year since: under a metre, less than a phone can measure, so
    /// one is taken for the other.
    Cgcs2000,
    /// The shifted system of Chinese map services.
    Gcj02,
}

impl System {
    /// The system called `name` in data; `None` for any other word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "wgs84" => Self::Wgs84,
            "cgcs2000" => Self::Cgcs2000,
            "gcj02" => Self::Gcj02,
            _ => return None,
        })
    }

    /// The name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
        }
    }
}

/// A position in WGS-84, in degrees: what everything is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Point {
    /// East of Greenwich.
    pub lon: f64,
    /// North of the equator.
    pub lat: f64,
}

impl Point {
    /// The position at these degrees of `system`; `None` where there is no such place on the globe.
    #[must_use]
    pub fn new(lon: f64, lat: f64, system: System) -> Option<Self> {
        let there = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        there.then(|| match system {
            System::Wgs84 | System::Cgcs2000 => Self { lon, lat },
            System::Gcj02 => gcj02::inverse(Self { lon, lat }),
        })
    }

    /// The position that a place field holds.
    #[must_use]
    pub fn of(place: &Value) -> Option<Self> {
        let number = |name: &str| place.get(name)?.as_f64();
        let system = place.get("system").and_then(Value::as_str).unwrap_or("wgs84");
        Self::new(number("lon")?, number("lat")?, System::named(system)?)
    }

    /// Its degrees in `system`, longitude first.
    #[must_use]
    pub fn in_system(self, system: System) -> (f64, f64) {
        let shown = match system {
            System::Wgs84 | System::Cgcs2000 => self,
            System::Gcj02 => gcj02::forward(self),
        };
        (shown.lon, shown.lat)
    }

    /// The way to `other` along the ground in metres, by Lambert's formula on the
    /// ellipsoid: right to some ten metres in a thousand kilometres, and to
    /// millimetres inside a county.
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        const EQUATOR: f64 = 6_378_137.0;
        const FLATTENING: f64 = 1.0 / 298.257_223_563;
        let reduced = |lat: f64| ((1.0 - FLATTENING) * lat.to_radians().tan()).atan();
        let (one, two) = (reduced(self.lat), reduced(other.lat));
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let turn = (other.lon - self.lon).to_radians();
        let haversine = half(two - one) + one.cos() * two.cos() * half(turn);
        let arc = 2.0 * haversine.clamp(0.0, 1.0).sqrt().asin();
        // Equal points, and points right across the globe, leave nothing to correct by.
        if arc < 1e-12 || std::f64::consts::PI - arc < 1e-6 {
            return EQUATOR * arc;
        }
        let (middle, apart) = (f64::midpoint(one, two), (two - one) / 2.0);
        let (cos, sin) = ((arc / 2.0).cos().powi(2), (arc / 2.0).sin().powi(2));
        let x = (arc - arc.sin()) * (middle.sin() * apart.cos()).powi(2) / cos;
        let y = (arc + arc.sin()) * (middle.cos() * apart.sin()).powi(2) / sin;
        EQUATOR * (arc - FLATTENING / 2.0 * (x + y))
    }
}

/// The nearest of `places` to `from`, with its distance in metres.
pub fn nearest<T>(from: Point, places: impl IntoIterator<Item = (T, Point)>) -> Option<(T, f64)> {
    let far = places.into_iter().map(|(place, at)| (place, from.metres_to(at)));
    far.min_by(|(_, one), (_, other)| one.total_cmp(other))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Point, System, nearest};

    fn wgs84(lon: f64, lat: f64) -> Point {
        Point::new(lon, lat, System::Wgs84).expect("on the globe")
    }

    /// Geodesics by GeographicLib 2.0, to the metre.
    #[test]
    fn distances_are_those_of_the_ellipsoid() {
        for (from, to, metres) in [
            (wgs84(120.136, 33.384), wgs84(120.2, 33.28), DISTANCES[0]),
            (wgs84(120.136, 33.384), wgs84(120.136, 33.385), DISTANCES[1]),
            (wgs84(120.136, 33.384), wgs84(116.397, 39.909), DISTANCES[2]),
            (wgs84(179.9, 10.0), wgs84(-179.9, 10.0), DISTANCES[3]),
        ] {
            let found = from.metres_to(to);
            assert!((found - metres).abs() < 0.01 + metres * 2e-5, "{found} should be {metres}");
            assert!((found - to.metres_to(from)).abs() < 1e-6, "there and back is one way");
        }
        assert!(wgs84(120.0, 33.0).metres_to(wgs84(120.0, 33.0)).abs() < 1e-9);
        assert!((wgs84(0.0, 0.0).metres_to(wgs84(180.0, 0.0)) - 20_015_087.0).abs() < 50_000.0, "across the globe");
    }

    const DISTANCES: [f64; 4] = [12_982.78, 110.911, 797_343.688, 21_927.872];

    #[test]
    fn a_place_field_is_read_in_its_own_system() {
        let plain = Point::of(&json!({"lon": 120.2, "lat": 33.28})).expect("a place");
        assert_eq!(plain, wgs84(120.2, 33.28), "without a system it is WGS-84, as the field's check fills in");
        let shifted =
            Point::of(&json!({"lon": 120.204_827_722_635_14, "lat": 33.278_453_807_610_76, "system": "gcj02"}));
        assert!(shifted.expect("a place").metres_to(plain) < 0.01, "one village, whatever the map service says");
        assert_eq!(Point::of(&json!({"lon": 120.2, "lat": 33.28, "system": "cgcs2000"})), Some(plain));
        for wrong in [
            json!(null),
            json!({"lon": 120.2}),
            json!({"lon": 181.0, "lat": 0.0}),
            json!({"lon": 1, "lat": 1, "system": "bd09"}),
        ] {
            assert_eq!(Point::of(&wrong), None, "{wrong}");
        }
        assert_eq!(Point::new(f64::NAN, 0.0, System::Wgs84), None, "no number is no place");
    }

    #[test]
    fn the_nearest_village_is_found_with_its_distance() {
        let villages =
            [("中东村", wgs84(120.42, 33.40)), ("正洋村", wgs84(120.45, 33.45)), ("古河村", wgs84(120.20, 33.45))];
        let (name, metres) = nearest(wgs84(120.44, 33.44), villages).expect("there are some");
        assert_eq!(name, "正洋村");
        assert!((1_400.0..1_500.0).contains(&metres), "{metres}");
        assert_eq!(nearest::<&str>(wgs84(0.0, 0.0), []), None);
    }
}
