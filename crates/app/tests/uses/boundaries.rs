//! Boundaries with their approval number, and where a position lies.

use std::path::PathBuf;

use app::{BoundaryWishes, Laptop, System};
use serde_json::{Value, json};

use crate::world::{World, code_of, fields, refusal, sync, village};

fn wishes(approval: &str) -> BoundaryWishes {
    BoundaryWishes {
        name: "盐东镇村界".to_owned(),
        approval: approval.to_owned(),
        system: System::Cgcs2000,
        origin: Some("区自然资源局".to_owned()),
        published: Some("2024-06-30".to_owned()),
    }
}

fn file(world: &World, name: &str, content: &Value) -> PathBuf {
    let path = world.path(name);
    std::fs::write(&path, content.to_string()).expect("written");
    path
}

fn square(name: &str, code: &str, (lon, lat): (f64, f64), half: f64) -> Value {
    let (west, east, south, north) = (lon - half, lon + half, lat - half, lat + half);
    let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
    json!({"type": "Feature", "properties": {"name": name, "code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

fn place(laptop: &mut Laptop) {
    let id = village(laptop);
    laptop.set(id, fields(json!({"place": {"lon": 120.45, "lat": 33.40, "system": "wgs84"}}))).expect("saved");
}

#[test]
fn a_boundary_of_the_district_reaches_every_laptop_with_its_approval_number() {
    let world = World::new();
    let (mut reviewer, mut clerk) = (world.laptop_of("区审", "320902107", "reviewer"), world.laptop("王芳"));
    let areas = json!({"type": "FeatureCollection", "features": [
        square("盐东镇", "320902107", (120.45, 33.40), 0.2), square("中东村", "320902107200", (120.45, 33.40), 0.01),
    ]});
    let path = file(&world, "村界.geojson", &areas);
    assert_eq!(
        code_of(clerk.load_boundary(&path, &wishes("苏S(2024)12号"))),
        "notAllowed",
        "the district answers for it"
    );
    let loaded = reviewer.load_boundary(&path, &wishes("苏S(2024)12号")).expect("loaded");
    assert_eq!((loaded.areas, loaded.system.as_str()), (Some(2), "cgcs2000"));
    sync(&mut reviewer);
    sync(&mut clerk);
    let here = clerk.boundaries().expect("boundaries");
    assert_eq!(here, std::slice::from_ref(&loaded), "the same at the township");
    assert_eq!(clerk.boundary_areas(loaded.id).expect("areas")[1].rings[0].len(), 5);

    place(&mut clerk);
    let near = clerk.whereabouts(120.455, 33.405, System::Wgs84).expect("a place");
    let names: Vec<_> = near.areas.iter().map(|area| (area.name.as_str(), area.approval.as_str())).collect();
    assert_eq!(names, [("中东村", "苏S(2024)12号"), ("盐东镇", "苏S(2024)12号")], "the smallest first");
    let nearest = near.village.expect("a village");
    assert_eq!(nearest.name, "中东村委会");
    assert!((700.0..760.0).contains(&nearest.metres), "{}", nearest.metres);
    let shifted = clerk.whereabouts(near.gcj02.0, near.gcj02.1, System::Gcj02).expect("a place");
    assert!((shifted.wgs84.0 - 120.455).abs() < 1e-8, "a map service's degrees mean the same place");
    assert_eq!(shifted.areas, near.areas);
    assert_eq!(code_of(clerk.whereabouts(999.0, 33.4, System::Wgs84)), "outOfRange");
}

#[test]
fn a_file_without_a_number_or_without_areas_is_not_loaded() {
    let world = World::new();
    let mut reviewer = world.laptop_of("区审", "320902107", "reviewer");
    let good = json!({"type": "FeatureCollection", "features": [square("村", "1", (120.0, 33.0), 0.1)]});
    let good = file(&world, "好.geojson", &good);
    let line = json!({"type": "FeatureCollection", "features": [{"properties": {"name": "河"}, "geometry": null}]});
    let line = file(&world, "河.geojson", &line);
    assert_eq!(code_of(reviewer.load_boundary(&good, &wishes("无"))), "noApprovalNumber");
    let (code, blanks) = refusal(reviewer.load_boundary(&line, &wishes("苏S(2024)12号")));
    assert_eq!((code.as_str(), blanks["file"].as_str()), ("boundaryUnusable", "河.geojson"));
    assert!(blanks["reason"].contains("feature 1"), "{blanks:?}");
    assert_eq!(code_of(reviewer.load_boundary(&world.path("没有"), &wishes("苏S(2024)12号"))), "fileUnreadable");
    assert!(reviewer.boundaries().expect("boundaries").is_empty(), "nothing of it is kept");
    assert_eq!(reviewer.status().expect("a status").pending, 0);
}
