//! What a reviewer would ask about photos, and the answers.

use app::{FindingView, Laptop, RecordId};
use domain::finding::FindingRule;
use serde_json::json;

use crate::camera::{Snap, jpeg, scene};
use crate::world::{World, accept, add_works, code_of, fields, sync, village};

/// Inside 盐东镇.
const HERE: (f64, f64) = (120.45, 33.40);

fn findings(laptop: &mut Laptop, works: Option<RecordId>) -> Vec<FindingView> {
    laptop.look_at_photos(&mut |_| std::ops::ControlFlow::Continue(())).expect("looked at");
    let found = laptop.findings(works).expect("findings");
    assert_eq!(found.unseen, 0, "every photo was looked at");
    found.findings
}

fn rules(findings: &[FindingView]) -> Vec<FindingRule> {
    findings.iter().map(|finding| finding.rule).collect()
}

/// A works from 2026-03-01 to 2026-06-01 with a place.
fn dated_works(laptop: &mut Laptop, name: &str) -> RecordId {
    let id = add_works(laptop, name).id;
    let dates = json!({
        "actual_start": "2026-03-01", "actual_end": "2026-06-01",
        "place": {"lon": HERE.0, "lat": HERE.1, "system": "wgs84"},
    });
    laptop.set(id, fields(dates)).expect("saved");
    id
}

fn attach(laptop: &mut Laptop, id: RecordId, name: &str, bytes: &[u8]) {
    laptop.attach(id, None, &[(name, bytes)]).expect("attached");
}

fn good(scene: u32) -> Snap<'static> {
    Snap { scene, taken: Some("2026:05:03 09:12:33"), at: Some(HERE), ..Snap::default() }
}

#[test]
fn an_honest_photo_asks_nothing_and_each_fault_asks_its_own_question() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let works = dated_works(&mut laptop, "清淤");
    attach(&mut laptop, works, "好.jpg", &good(1).press());
    assert_eq!(findings(&mut laptop, Some(works)), [], "nothing to ask");
    for (scene, snap, rule) in [
        (2, Snap { taken: Some("2023:05:03 09:12:33"), ..good(2) }, FindingRule::PhotoOutsideDates),
        (3, Snap { at: Some((120.47, 33.40)), ..good(3) }, FindingRule::PhotoFarAway),
        (4, Snap { taken: None, ..good(4) }, FindingRule::PhotoWithoutExif),
        (5, Snap { software: Some("Adobe Photoshop 25.0"), ..good(5) }, FindingRule::PhotoEdited),
        (6, Snap { at: Some((0.0, 0.0)), ..good(6) }, FindingRule::PhotoOdd),
        (7, Snap { satellite: Some(("2026:05:05", [1, 12, 30])), ..good(7) }, FindingRule::PhotoClock),
    ] {
        let works = dated_works(&mut laptop, &format!("第{scene}处"));
        attach(&mut laptop, works, "照片.jpg", &snap.press());
        let found = findings(&mut laptop, Some(works));
        assert_eq!(rules(&found), [rule], "{found:?}");
        assert_eq!(found[0].records, [works]);
        assert!(found[0].text.contains("照片.jpg") && !found[0].text.contains('{'), "{}", found[0].text);
        assert!(!found[0].clause.is_empty());
    }
    assert_eq!(rules(&findings(&mut laptop, None)).len(), 6, "and all of them together");
}

#[test]
fn a_photo_used_for_two_works_is_found_also_when_it_was_sent_on_and_shrunk() {
    let world = World::new();
    let (mut clerk, mut other) = (world.laptop("王芳"), world.laptop("李四"));
    let (one, two) = (dated_works(&mut clerk, "洋桥清淤"), dated_works(&mut other, "新冲清淤"));
    attach(&mut clerk, one, "原图.jpg", &good(1).press());
    attach(&mut other, two, "同一张.jpg", &good(1).press());
    attach(&mut other, two, "转发.jpg", &jpeg(&scene(1).thumbnail(200, 150), 50));
    attach(&mut other, two, "另一张.jpg", &good(2).press());
    sync(&mut clerk);
    sync(&mut other);
    sync(&mut clerk);
    let found = findings(&mut clerk, Some(one));
    assert_eq!(rules(&found), [FindingRule::PhotoTwice, FindingRule::PhotoAlike], "{found:?}");
    for finding in &found {
        assert!(finding.records.contains(&one) && finding.records.contains(&two), "both works are named");
        assert!(finding.text.contains("洋桥清淤") && finding.text.contains("新冲清淤"), "{}", finding.text);
    }
    let keys = |found: &[FindingView]| found.iter().map(|finding| finding.key.clone()).collect::<Vec<_>>();
    let elsewhere = findings(&mut other, None);
    assert!(keys(&found).iter().all(|key| keys(&elsewhere).contains(key)), "the same question on every laptop");

    let progress = json!({"works": one.to_string(), "date": "2026-05-03", "percent": 50});
    let progress = clerk.add("progress", fields(progress)).expect("saved").id;
    attach(&mut clerk, progress, "原图.jpg", &good(1).press());
    let found = findings(&mut clerk, Some(one));
    assert_eq!(rules(&found), [FindingRule::PhotoTwice, FindingRule::PhotoAlike], "its own progress may show it too");
}

#[test]
fn one_picture_cannot_be_both_before_and_after() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", "320902107", "lead");
    let works = dated_works(&mut lead, "清淤");
    accept(&mut lead, works);
    let missing = findings(&mut lead, Some(works));
    assert_eq!(rules(&missing), [FindingRule::PhotoMissing], "completed, and nothing to compare");
    assert!(missing[0].text.contains("整治前") && missing[0].text.contains("整治完成"), "{}", missing[0].text);
    let spot = lead.add("spot", fields(json!({"works": works.to_string(), "name": "桥头"}))).expect("saved").id;
    let snap = |scene, taken| Snap { scene, taken: Some(taken), at: Some(HERE), ..Snap::default() }.press();
    lead.attach(spot, Some("before"), &[("前.jpg", &snap(1, "2026:02:20 09:00:00"))]).expect("attached");
    lead.attach(spot, Some("after"), &[("后.jpg", &snap(1, "2026:02:20 09:00:00"))]).expect("attached");
    let found = rules(&findings(&mut lead, Some(works)));
    assert_eq!(
        found,
        [FindingRule::PhotoTwice, FindingRule::PhotoOutsideDates],
        "one picture, and taken before the end"
    );
}

#[test]
fn a_reviewers_answer_stays_and_the_next_question_is_asked_anew() {
    let world = World::new();
    let (mut clerk, mut lead) = (world.laptop("王芳"), world.laptop_of("镇长", "320902107", "lead"));
    let works = dated_works(&mut clerk, "清淤");
    attach(&mut clerk, works, "旧图.jpg", &Snap { taken: Some("2023:05:03 09:12:33"), ..good(2) }.press());
    sync(&mut clerk);
    sync(&mut lead);
    let key = findings(&mut lead, Some(works))[0].key.clone();
    assert_eq!(findings(&mut clerk, Some(works))[0].key, key, "one question, one key");
    assert_eq!(
        code_of(clerk.accept_finding(&key, Some(works), "就是这张")),
        "notAllowed",
        "a clerk cannot answer for others"
    );
    assert_eq!(code_of(lead.accept_finding("photoTwice-0", None, "没有")), "unknownFinding");
    assert_eq!(code_of(lead.accept_finding(&key, Some(works), " ")), "required", "an answer says why");
    let accepted = lead.accept_finding(&key, Some(works), "相机日期设错，已核对施工日志").expect("accepted");
    let answer = accepted.accepted.expect("an answer");
    assert_eq!((answer.by.as_str(), answer.remark.as_str()), ("镇长", "相机日期设错，已核对施工日志"));
    assert_eq!(code_of(lead.accept_finding(&key, Some(works), "再来")), "unknownFinding", "once is enough");
    sync(&mut lead);
    sync(&mut clerk);
    let seen = findings(&mut clerk, None);
    assert_eq!(
        seen[0].accepted.as_ref().map(|answer| answer.by.as_str()),
        Some("镇长"),
        "the township sees who and why"
    );

    attach(&mut clerk, works, "又一张.jpg", &Snap { taken: Some("2023:05:03 09:12:33"), ..good(3) }.press());
    let seen = findings(&mut clerk, Some(works));
    assert_eq!(
        seen.iter().map(|finding| finding.accepted.is_some()).collect::<Vec<_>>(),
        [false, true],
        "open ones first"
    );
    lead.reopen_finding(&key).expect("taken back");
    assert_eq!(code_of(lead.reopen_finding(&key)), "unknownFinding");
    assert!(findings(&mut lead, Some(works))[0].accepted.is_none());
}

#[test]
fn a_district_sets_its_own_limits() {
    let world = World::new();
    let mut reviewer = world.laptop_of("区审", "320902107", "reviewer");
    let mut clerk = world.laptop("王芳");
    let works = dated_works(&mut clerk, "清淤");
    attach(&mut clerk, works, "远.jpg", &Snap { at: Some((120.47, 33.40)), ..good(3) }.press());
    let found = findings(&mut clerk, Some(works));
    assert_eq!(found[0].fields["limit"], "1000", "as it ships: {found:?}");
    reviewer.add("photo_limits", fields(json!({"name": "2026", "works_metres": 3_000}))).expect("saved");
    sync(&mut reviewer);
    sync(&mut clerk);
    assert_eq!(findings(&mut clerk, Some(works)), [], "1.9 km are near enough in this district");
}

#[test]
fn a_village_photo_used_elsewhere_is_found_and_answered_without_a_works() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", "320902107", "lead");
    let (here, works) = (village(&lead), dated_works(&mut lead, "清淤"));
    let other = lead.list(&app::types::Query { kind: "village".to_owned(), ..Default::default() }).expect("a list");
    let other = other.records.iter().find(|village| village.id != here).expect("another village").id;
    attach(&mut lead, here, "村貌.jpg", &good(1).press());
    attach(&mut lead, works, "村貌.jpg", &good(1).press());
    assert_eq!(findings(&mut lead, None), [], "a works of the village may show it as it was");
    attach(&mut lead, other, "村貌.jpg", &good(1).press());
    let found = findings(&mut lead, None);
    assert_eq!(rules(&found), [FindingRule::PhotoTwice], "{found:?}");
    let accepted = lead.accept_finding(&found[0].key, None, "两村交界处").expect("accepted");
    assert!(accepted.accepted.is_some());
}
