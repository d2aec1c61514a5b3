//! GCJ-02: the shift that Chinese map services lay over WGS-84, and its inverse.
//!
//! The formula has never been published officially; this is the one that all
//! public implementations agree on, four of which made the test vectors in
//! `tests/vectors`. Outside a rough box around China nothing is shifted.

use std::f64::consts::PI;

use super::Point;

/// Krassowsky's ellipsoid, as the formula uses it.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;

/// Steps of the inverse come to rest below this many degrees: a hundredth of a millimetre.
const REST: f64 = 1e-10;

/// The inverse comes to rest after four or five steps.
const STEPS: usize = 20;

/// WGS-84 to GCJ-02.
pub(super) fn forward(point: Point) -> Point {
    if !shifted(point) {
        return point;
    }
    let (x, y) = (point.lon - 105.0, point.lat - 35.0);
    let wave = |t: f64| (20.0 * (6.0 * t * PI).sin() + 20.0 * (2.0 * t * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + wave(x)
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + wave(x)
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let lat = point.lat.to_radians();
    let magic = 1.0 - ECCENTRICITY * lat.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY) / (magic * magic.sqrt());
    let parallel = AXIS / magic.sqrt() * lat.cos();
    Point { lon: point.lon + (east / parallel).to_degrees(), lat: point.lat + (north / meridian).to_degrees() }
}

/// GCJ-02 to WGS-84: the point that [`forward`] brings here.
pub(super) fn inverse(point: Point) -> Point {
    if !shifted(point) {
        return point;
    }
    let mut guess = point;
    for _ in 0..STEPS {
        let there = forward(guess);
        let (lon, lat) = (point.lon - there.lon, point.lat - there.lat);
        guess = Point { lon: guess.lon + lon, lat: guess.lat + lat };
        if lon.abs() < REST && lat.abs() < REST {
            break;
        }
    }
    guess
}

/// Inside the box that the formula is used in.
fn shifted(point: Point) -> bool {
    (72.004..=137.8347).contains(&point.lon) && (0.8293..=55.8271).contains(&point.lat)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WGS-84, and the same place in GCJ-02 by four independent libraries; see `tests/vectors/SOURCES.md`.
    const VECTORS: &str = include_str!("../../tests/vectors/gcj02_test_vectors.csv");

    fn vectors() -> Vec<Vec<f64>> {
        let rows = VECTORS.lines().skip(1);
        rows.map(|row| row.split(',').map(|cell| cell.parse().expect("a number")).collect()).collect()
    }

    #[test]
    fn it_says_what_four_other_libraries_say() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 15, "every vector is read");
        for row in vectors {
            let shown = forward(Point { lon: row[0], lat: row[1] });
            for (library, at) in [("gcoord", 2), ("eviltransform", 6), ("prcoords", 8)] {
                let (lon, lat) = (shown.lon - row[at], shown.lat - row[at + 1]);
                // eviltransform rounds the axis of its ellipsoid to whole metres: a centimetre.
                assert!(lon.abs() < 3e-7 && lat.abs() < 3e-7, "{library} at {row:?}: off by {lon}, {lat}");
            }
        }
    }

    #[test]
    fn there_and_back_is_the_same_place_to_a_millimetre() {
        for row in vectors() {
            let point = Point { lon: row[0], lat: row[1] };
            let back = inverse(forward(point));
            assert!(point.metres_to(back) < 0.001, "{point:?} came back as {back:?}");
        }
    }
}
