//! Practice: the real program over samples, beside the real records and never among them.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use app::types::Stage;
use app::{About, Laptop, Severity, begin_practice, end_practice, practice_folder};

use crate::world::{PIN, World, code_of, list};

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_practice_ledger_has_something_at_every_station_of_the_tour() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut practice = begin_practice(folder.path(), "张三", None).expect("made");
    let Stage::Open { person, role, practice: marked, .. } = practice.stage().expect("open") else {
        panic!("it is open")
    };
    assert_eq!((person.as_str(), role.as_str(), marked), ("张三", "clerk", true), "as a clerk sits before it");
    let audited = practice.audit(&mut |_| {}).expect("audited");
    assert!(audited.ok, "its log holds like any other: {audited:?}");

    let places = practice.practice_places().expect("read").expect("a tour's places");
    let works = practice.show(places.works).expect("a works");
    assert!(works.fields["name"].as_str().unwrap_or_default().contains("练习"), "also on paper it says so: {works:?}");
    assert!(works.fields["number"].as_str().unwrap_or_default().starts_with("GC-") && works.names.len() == 1);
    let found = practice.findings(Some(places.works)).expect("findings").findings;
    assert!(!found.is_empty(), "a reviewer would ask for something");
    let conflicts = practice.conflicts().expect("conflicts");
    assert_eq!(conflicts.len(), 1, "one to decide: {conflicts:?}");
    let refused = practice.refused().expect("refused");
    assert_eq!(refused.iter().map(|one| one.reason.code.as_str()).collect::<Vec<_>>(), ["locked"], "one to mend");
    let waiting = practice.status().expect("status");
    assert!(waiting.pending > 0, "and one that only this laptop has");
    let reminders = practice.reminders().expect("reminders");
    assert!(reminders.iter().any(|one| one.about == About::MonthReport), "something is due: {reminders:?}");
    assert!(practice.dossier(places.village).expect("its file").sections.len() > 3);

    // The slip in the application is found, mended, and the package compiled.
    let blocking = |laptop: &Laptop| {
        let all = laptop.check(places.application).expect("checked").findings;
        all.into_iter().filter(|one| one.severity == Severity::Block).map(|one| one.rule.name()).collect::<Vec<_>>()
    };
    assert!(blocking(&practice).contains(&"fundingSum"), "{:?}", blocking(&practice));
    let typed = practice.read_fields("application", [("town", "69.3万元")]).expect("read");
    practice.set(places.application, typed).expect("mended");
    assert!(!blocking(&practice).contains(&"fundingSum"), "{:?}", blocking(&practice));
    let amount = practice.amount(places.application, None).expect("computed");
    assert!(amount.problems.is_empty() && !amount.trace.is_empty(), "{amount:?}");
    let package = folder.path().join("练习.zip");
    let compiled =
        practice.compile(places.application, &package, None, &mut |_| ControlFlow::Continue(())).expect("compiled");
    assert!(compiled.pages > 3 && app::verify(&package).expect("read").ok, "a package like any other: {compiled:?}");
    let photo = practice
        .take_in(places.bare_works, Some("photos"), &[places.photo.into()], &mut |_, _| ControlFlow::Continue(()));
    assert_eq!(photo.expect("taken").files.len(), 1, "the photo to take in is there");
}

#[test]
fn nothing_of_it_leaves_and_nothing_of_it_stays() {
    let world = World::new();
    let real = world.laptop("王芳");
    let before = list(&real, "village").len();
    let kept = files(&world.path("王芳"));
    let mut practice = begin_practice(&world.path("王芳"), "王芳", Some(PIN)).expect("made");
    assert_eq!(code_of(practice.exchange(&mut |_| {})), "practiceStaysHere");
    assert_eq!(code_of(practice.enrol_again(&world.code("320902107", "clerk"))), "practiceStaysHere");
    let stick = world.path("stick.nhb");
    assert_eq!(
        code_of(practice.write_bundle(&stick, &app::BundleWishes::default(), &mut |_, _| ControlFlow::Continue(()))),
        "practiceStaysHere"
    );
    assert!(!stick.exists() && practice.listen(|| {}).is_err(), "and it hears nobody");
    assert_eq!(list(&real, "village").len(), before, "the real ledger has none of it");
    drop(practice);
    let again = Laptop::open(&practice_folder(&world.path("王芳")), PIN).expect("opened with its PIN");
    assert!(again.is_practice() && !real.is_practice());
    drop(again);
    assert!(end_practice(&world.path("王芳")).expect("removed"));
    assert_eq!(files(&world.path("王芳")), kept, "not one file is left, and none is missing");
    assert!(!end_practice(&world.path("王芳")).expect("nothing to remove"), "twice does no harm");
}
