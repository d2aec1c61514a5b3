//! Two hands on one application: laptops that had not met, a district that checks
//! again, what is held fast once it was handed in.

use app::types::Query;
use app::{Laptop, RecordId};
use serde_json::json;

use crate::application::{begun, blocking};
use crate::programmes::policy;
use crate::world::{World, XINXING, YANDONG, announced, code_of, fields, list, photo, refusal, sync};

fn codes(laptop: &Laptop, kind: &str) -> Vec<String> {
    let mut codes: Vec<String> =
        list(laptop, kind).iter().filter_map(|one| Some(one.fields.get("code")?.as_str()?.to_owned())).collect();
    codes.sort();
    codes
}

#[test]
fn what_two_laptops_wrote_before_they_met_is_one_again_and_no_edit_is_lost() {
    let world = World::new();
    let (mut lead, mut clerk) = (world.laptop_of("镇长", YANDONG, "lead"), world.laptop("王芳"));
    let (id, _) = begun(&mut lead, "污水站");
    sync(&mut lead);
    sync(&mut clerk);
    lead.prefill(id, Some("f2")).expect("written");
    let written = (codes(&lead, "chapter"), codes(&lead, "target"), codes(&lead, "estimate_line"));
    clerk.prefill(id, Some("f2")).expect("written, not knowing");
    let edited = list(&clerk, "chapter").into_iter().find(|one| one.fields["code"] == "f2.3").expect("a chapter").id;
    clerk.set(edited, fields(json!({"text": "由王芳写。"}))).expect("edited");
    for laptop in [&mut lead, &mut clerk] {
        sync(laptop);
    }
    sync(&mut lead);

    assert_eq!(list(&lead, "chapter").len(), 16, "two of each");
    let found = lead.check(id).expect("checked").findings;
    let twice: Vec<_> = found.iter().filter(|one| one.rule.name() == "writtenTwice").collect();
    assert_eq!(twice.len(), written.0.len() + written.1.len() + written.2.len(), "each is named once");
    assert!(twice.iter().all(|one| one.severity == app::Severity::Block && one.mend.is_some()));

    let tidied = lead.prefill(id, None).expect("asked once more");
    assert_eq!(tidied.dropped.len(), twice.len());
    assert_eq!((codes(&lead, "chapter"), codes(&lead, "target"), codes(&lead, "estimate_line")), written);
    let kept = lead.show(edited).expect("shown");
    assert_eq!(
        (kept.deleted, &kept.fields["text"]),
        (false, &json!("由王芳写。")),
        "what a person wrote is what stays"
    );
    assert!(!blocking(&lead, id).contains(&"writtenTwice"));
    sync(&mut lead);
    sync(&mut clerk);
    assert_eq!(codes(&clerk, "chapter"), written.0, "and on the other laptop as well");
    lead.restore(tidied.dropped[0]).expect("nothing is gone for good");
}

#[test]
fn what_was_reported_stays_with_its_figures_and_only_a_remark_opens_it_again() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let (id, works) = begun(&mut lead, "污水站");
    lead.prefill(id, Some("f2")).expect("written");
    announced(&mut lead, id);
    let figure = json!({"application": id, "works": works, "input": "completed_toilets", "value": "98"});
    let figure = lead.add("figure", fields(figure)).expect("saved").id;
    for state in ["village_notice", "township_review", "reported"] {
        lead.move_to(id, state, None).expect("the lifecycle's way");
    }
    let (code, blanks) = refusal(lead.set(figure, fields(json!({"value": "111"}))));
    assert_eq!(
        (code.as_str(), blanks["with"].as_str(), blanks["state"].as_str()),
        ("lockedWith", "application", "reported")
    );
    assert_eq!(code_of(lead.delete(figure)), "lockedWith");
    let line = json!({"application": id, "part": "管网", "content": "补一段"});
    assert_eq!(code_of(lead.add("estimate_line", fields(line))), "lockedWith");
    let table = format!("数据名称,数值,奖补申报\ncompleted_toilets,120,{id}\n");
    let trial = lead.import("测算.csv", table.as_bytes(), "figure", true).expect("a table");
    let reason = trial.rows[0].reason.as_ref().map(|reason| reason.code.as_str());
    assert_eq!((trial.new, reason), (0, Some("lockedWith")), "nor by a table: {trial:?}");
    assert_eq!(sync(&mut lead).verdicts.refused, 0);

    let mut reviewer = world.laptop_of("区审核", YANDONG, "reviewer");
    let (code, _) = refusal(reviewer.move_to(id, "returned", Some("请补正".to_owned())));
    assert_eq!(code, "returnedWithoutRemark", "the township must be told what to mend");
    assert_eq!(reviewer.show(id).expect("shown").state.as_deref(), Some("reported"), "and nothing happened");
    let remark = json!({"application": id, "place": 1, "text": "核对户厕数"});
    reviewer.add("review_remark", fields(remark)).expect("numbered");
    reviewer.move_to(id, "returned", Some("请补正".to_owned())).expect("returned");
    sync(&mut reviewer);
    sync(&mut lead);
    lead.set(figure, fields(json!({"value": "111"}))).expect("now it is to be mended");
    assert_eq!(sync(&mut lead).verdicts.refused, 0);
}

#[test]
fn of_two_who_publish_one_version_the_second_is_refused_and_publishes_the_next() {
    let world = World::new();
    let (mut first, mut second) =
        (world.laptop_of("区审", YANDONG, "reviewer"), world.laptop_of("区审二", YANDONG, "reviewer"));
    first.publish_programme(&policy(&first, 1, 50), false).expect("published");
    let mine = second.publish_programme(&policy(&second, 1, 60), false).expect("published, not knowing").id;
    assert_eq!(sync(&mut first).verdicts.refused, 0);
    assert_eq!(sync(&mut second).verdicts.refused, 1);
    let refused = second.refused().expect("drafts").remove(0);
    assert_eq!((Some(refused.record), refused.reason.code.as_str()), (mine, "programmePublished"));
    assert_eq!(
        (refused.reason.fields["code"].as_str(), refused.reason.fields["version"].as_str()),
        ("tinghu-match", "1")
    );
    assert_eq!(code_of(second.resend(&refused.change, fields(json!({})))), "programmePublished", "asked here first");
    let standing = second.show(mine.expect("a record")).expect("shown");
    assert_eq!(standing.state.as_deref(), Some("drafted"), "its text is still a draft");
    second.publish_programme(&policy(&second, 2, 60), false).expect("the next version");
    second.discard(&refused.change).expect("given up");
    assert_eq!(sync(&mut second).verdicts.refused, 0);
    sync(&mut first);
    let states: Vec<_> =
        list(&first, "programme").into_iter().map(|one| (one.fields["version"].clone(), one.state)).collect();
    assert_eq!(states.iter().filter(|(_, state)| state.as_deref() == Some("published")).count(), 2, "{states:?}");
}

#[test]
fn an_application_that_waited_for_its_photos_is_checked_again_when_they_come() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let (id, works) = begun(&mut lead, "污水站");
    lead.prefill(id, Some("f2")).expect("written");
    announced(&mut lead, id);
    sync(&mut lead);
    let mut other = world.laptop_of("书记", YANDONG, "lead");
    lead.attach_paths(works, Some("photos"), &[&photo("sewage-before.jpg")]).expect("attached");
    lead.set_terms(app::Terms { files: false, bytes_per_second: None }).expect("the line is dear");
    for state in ["village_notice", "township_review", "reported"] {
        lead.move_to(id, state, None).expect("nothing blocks");
    }
    assert_eq!(sync(&mut lead).verdicts.waiting, 1, "its photo is still on the laptop");
    sync(&mut other);
    other.set(works, fields(json!({"households": 301}))).expect("more than live there");
    assert_eq!(sync(&mut other).verdicts.refused, 0);

    lead.set_terms(app::Terms::default()).expect("a better line");
    sync(&mut lead);
    sync(&mut lead);
    assert_eq!(lead.show(id).expect("shown").state.as_deref(), Some("returned"), "it was looked at again");
    let remarks = list(&lead, "review_remark");
    let [remark] = &remarks[..] else { panic!("{remarks:?}") };
    assert_eq!((remark.state.as_deref(), &remark.fields["place"]), (Some("open"), &json!(1)), "with what to mend");
    assert_eq!(remark.fields["about"], json!(works));
    assert!(blocking(&lead, id).contains(&"beneficiariesTooMany"), "the laptop finds the same");
}

#[test]
fn a_photo_that_two_townships_use_is_found_by_the_district_alone() {
    let world = World::new();
    let (mut lead, mut other) = (world.laptop_of("镇长", YANDONG, "lead"), world.laptop_of("书记", XINXING, "lead"));
    let (id, works) = begun(&mut lead, "污水站");
    lead.attach_paths(works, Some("photos"), &[&photo("sewage-before.jpg")]).expect("attached");
    sync(&mut lead);
    let district = world.district().district();
    let twice = || {
        let found = district.check(&id.to_string()).expect("checked").findings;
        found.into_iter().find(|one| one.rule.name() == "photoTwice")
    };
    assert_eq!(twice(), None, "used once");
    let there = list(&other, "village")[0].id;
    let theirs = json!({"village": there, "name": "古河污水", "category": "sewage"});
    let theirs = other.add("works", fields(theirs)).expect("saved").id;
    other.attach_paths(theirs, Some("photos"), &[&photo("sewage-before.jpg")]).expect("the same file");
    sync(&mut other);
    let found = twice().expect("one picture cannot show two townships");
    assert_eq!((found.records, found.severity), (vec![works, theirs], app::Severity::Warn));
    sync(&mut lead);
    let here = lead.check(id).expect("checked").findings;
    assert!(here.iter().all(|one| one.rule.name() != "photoTwice"), "its laptop holds nothing of the other's");
}

/// The example number of GB 11643-1999.
const NUMBER: &str = "11010519491231002X";

fn of_household(laptop: &Laptop, id: RecordId) -> Vec<&'static str> {
    let found = laptop.check(id).expect("checked").findings;
    found.iter().map(|one| one.rule.name()).filter(|rule| rule.starts_with("household")).collect()
}

#[test]
fn a_household_that_is_listed_twice_is_found_and_nobody_keeps_its_number() {
    let world = World::new();
    let mut clerk = world.laptop("王芳");
    let (id, works) = begun(&mut clerk, "户厕");
    let number = clerk.show(works).expect("shown").fields["number"].as_str().unwrap_or_default().to_owned();
    let table = format!(
        "行政村,户主姓名,门牌号,身份证号,受益内容,到户日期,整治工程\n\
         中东村委会,王芳,12号,{NUMBER},户厕改造,2026-05-01,{number}\n\
         中东村委会,李强,13号,320902198001011235,户厕改造,2026-05-01,{number}\n"
    );
    let trial = clerk.import("农户.csv", table.as_bytes(), "household", true).expect("a table");
    assert_eq!(trial.new, 2, "{trial:?}");
    assert!(!format!("{trial:?}").contains(NUMBER), "not even the trial shows it");
    clerk.import("农户.csv", table.as_bytes(), "household", false).expect("imported");
    let again = clerk.import("农户.csv", table.as_bytes(), "household", false).expect("imported");
    assert_eq!((again.new, again.same), (0, 2), "the same list twice is one list");
    assert!(of_household(&clerk, id).is_empty());

    // The same number under another name in another village, written with spaces.
    let other = list(&clerk, "village").into_iter().find(|one| one.fields["code"] == json!("320902107201"));
    let spaced = "110105 1949 1231 002x";
    let twin =
        json!({"village": other.expect("正洋村").id, "householder": "赵四", "id_number": spaced, "benefit": "toilet"});
    let twin = clerk.add("household", fields(twin)).expect("saved");
    assert_eq!(twin.fields["id_number"], "****002X");
    assert_eq!(of_household(&clerk, id), ["householdTwice"]);
    sync(&mut clerk);
    let district = world.district().district();
    let there = district.check(&id.to_string()).expect("checked").findings;
    assert!(there.iter().any(|one| one.rule.name() == "householdTwice"), "the district finds it over all it holds");
    clerk.set(twin.id, fields(json!({"id_number": "****002X", "note": "核过"}))).expect("what the form gave back");
    assert_eq!(of_household(&clerk, id), ["householdTwice"], "the digest is still there");
    clerk.set(twin.id, fields(json!({"id_number": "320902199002022345"}))).expect("mistyped before");
    assert!(of_household(&clerk, id).is_empty());

    let wang = list(&clerk, "household").into_iter().find(|one| one.fields["householder"] == "王芳").expect("there");
    clerk.set(wang.id, fields(json!({"deceased_on": "2025-12-01"}))).expect("saved");
    assert_eq!(of_household(&clerk, id), ["householderDeceased"]);
    let history = serde_json::to_string(&clerk.history(wang.id).expect("its past")).expect("JSON");
    assert!(!history.contains(NUMBER), "nor does any history have the number");
    let asked = Query { kind: "household".to_owned(), find: Some(NUMBER.to_owned()), ..Query::default() };
    assert!(clerk.list(&asked).expect("a list").records.is_empty(), "nor is it found by it");
}
