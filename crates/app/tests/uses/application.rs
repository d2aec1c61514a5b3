//! An application on its way: written from the records, checked before a reviewer
//! does, held back while something blocks, returned with remarks, reported again;
//! and the district's own check over all that it holds.

use app::{About, FindingView, Laptop, RecordId, Severity};
use serde_json::json;

use crate::world::{World, YANDONG, announced, code_of, fields, list, refusal, sync, village};

/// A sewage works of 中东村 with a priced contract, and an application for it.
pub(crate) fn begun(laptop: &mut Laptop, name: &str) -> (RecordId, RecordId) {
    let there = village(laptop);
    let people = json!({"households": 300, "population": 1_000, "problems": "污水直排入沟"});
    laptop.set(there, fields(people)).expect("saved");
    let works = json!({
        "village": there, "name": name, "category": "sewage", "households": 260, "population": 800,
        "capacity": "60", "process": "aao", "planned_start": "2026-07-01", "planned_end": "2026-12-31",
    });
    let works = laptop.add("works", fields(works)).expect("saved").id;
    let contract = json!({"works": works, "name": "施工合同", "sort": "construction", "amount": 24_000_000});
    laptop.add("contract", fields(contract)).expect("saved");
    let application = json!({
        "name": format!("{name}项目"), "year": 2026, "programme": "以奖促治", "works": [works],
        "requested": 20_000_000, "province": 20_000_000, "town": 4_000_000,
    });
    (laptop.add("application", fields(application)).expect("saved").id, works)
}

fn rules(found: &[FindingView]) -> Vec<&'static str> {
    found.iter().map(|one| one.rule.name()).collect()
}

pub(crate) fn blocking(laptop: &Laptop, application: RecordId) -> Vec<&'static str> {
    let found = laptop.check(application).expect("checked").findings;
    rules(&found.into_iter().filter(|one| one.severity == Severity::Block).collect::<Vec<_>>())
}

fn chapter(laptop: &Laptop, code: &str) -> app::types::Shown {
    let found = list(laptop, "chapter").into_iter().find(|one| one.fields["code"] == code);
    found.unwrap_or_else(|| panic!("there is no chapter {code}"))
}

#[test]
fn what_records_say_is_written_once_and_what_a_person_wrote_stays() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let (id, works) = begun(&mut lead, "污水站");
    let done = lead.prefill(id, Some("f2")).expect("written");
    let application = lead.show(id).expect("shown");
    assert_eq!(application.fields["total"], 24_000_000, "the contract's price, by its one line");
    assert_eq!(application.fields["benefit_people"], 800);
    assert_eq!(application.fields["villages"], json!([village(&lead)]));
    assert_eq!(list(&lead, "chapter").len(), 8, "the outline has eight chapters");
    let problems = chapter(&lead, "f2.2").fields["text"].as_str().unwrap_or_default().to_owned();
    assert!(problems.contains("污水直排入沟"), "{problems}");
    let content = chapter(&lead, "f2.3").fields["text"].as_str().unwrap_or_default().to_owned();
    assert!(content.contains("处理规模 60 t/d") && content.contains("800 人"), "{content}");
    let money = chapter(&lead, "f2.4").fields["text"].as_str().unwrap_or_default().to_owned();
    assert!(money.contains("总投资 24.00 万元"), "the form was filled before the text: {money}");
    let goals = chapter(&lead, "f2.5").fields["text"].as_str().unwrap_or_default().to_owned();
    assert!(goals.contains("处理规模 ≥ 60 t/d"), "{goals}");
    let capacity = list(&lead, "target").into_iter().find(|one| one.fields["code"] == "capacity").expect("a target");
    assert_eq!((&capacity.fields["value"], &capacity.fields["core"]), (&json!("60"), &json!(true)));
    assert!(done.made.len() > 15 && done.renewed.is_empty(), "{done:?}");
    let again = lead.prefill(id, None).expect("asked again");
    assert_eq!((again.made.len(), again.renewed.len(), again.filled.len()), (0, 0, 0), "nothing is new: {again:?}");

    // A person edits one chapter and takes a target out; then the works grows.
    lead.set(chapter(&lead, "f2.3").id, fields(json!({"text": "另行说明。"}))).expect("edited");
    let people = list(&lead, "target").into_iter().find(|one| one.fields["code"] == "people").expect("a target").id;
    lead.delete(people).expect("taken out");
    lead.set(works, fields(json!({"capacity": "80"}))).expect("saved");
    let renewed = lead.prefill(id, None).expect("written anew");
    assert!(renewed.made.is_empty(), "what was taken out is not brought back: {renewed:?}");
    assert_eq!(chapter(&lead, "f2.3").fields["text"], "另行说明。", "a person's text is left alone");
    let goals = chapter(&lead, "f2.5").fields["text"].as_str().unwrap_or_default().to_owned();
    assert!(goals.contains("处理规模 ≥ 80 t/d"), "untouched text follows the records: {goals}");
    assert_eq!(code_of(lead.prefill(id, Some("f9"))), "notAChoice");
}

#[test]
fn an_application_is_reported_once_nothing_blocks_and_again_once_each_remark_is_answered() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let (id, _) = begun(&mut lead, "污水站");
    lead.prefill(id, Some("f2")).expect("written");
    lead.set(id, fields(json!({"town": 3_000_000}))).expect("a slip of the pen");
    lead.move_to(id, "village_notice", None).expect("the lifecycle's way");
    lead.move_to(id, "township_review", None).expect("the lifecycle's way");
    assert_eq!(blocking(&lead, id), ["fundingSum", "noticeMissing"]);
    let steps = lead.application_steps(id).expect("steps");
    let open: Vec<_> = steps.steps.iter().filter(|step| step.blocks > 0).map(|step| json!(step.step)).collect();
    assert_eq!((open, steps.blocks), (vec![json!("money"), json!("notice")], 2));
    let (code, blanks) = refusal(lead.move_to(id, "reported", None));
    assert_eq!((code.as_str(), blanks["rule"].as_str(), blanks["count"].as_str()), ("notReady", "fundingSum", "2"));

    lead.set(id, fields(json!({"town": 4_000_000}))).expect("mended");
    announced(&mut lead, id);
    assert!(blocking(&lead, id).is_empty());
    let warned = lead.check(id).expect("checked").findings;
    let open = |one: &&FindingView| one.text.contains('{') || one.text.contains(one.rule.name());
    assert_eq!(warned.iter().find(open), None, "each has a sentence, with all its blanks filled");
    let papers =
        warned.iter().find(|one| one.rule.name() == "documentMissing").expect("a paper is missing").key.clone();
    let accepted = lead.accept_of_application(id, &papers, "盖章后补传").expect("accepted");
    assert_eq!(accepted.accepted.map(|answer| answer.remark).as_deref(), Some("盖章后补传"));
    lead.move_to(id, "reported", None).expect("nothing blocks");
    assert_eq!(sync(&mut lead).verdicts.refused, 0, "and the district finds the same");

    let mut reviewer = world.laptop_of("区审核", YANDONG, "reviewer");
    let remark = json!({"application": id, "place": 1, "text": "补充管护经费来源", "clause": "办法第八条"});
    let remark = reviewer.add("review_remark", fields(remark)).expect("numbered").id;
    reviewer.move_to(id, "returned", Some("请补正".to_owned())).expect("returned");
    sync(&mut reviewer);
    sync(&mut lead);
    let due = lead.reminders().expect("a calendar");
    let answer = due.iter().find(|one| one.about == About::RemarkOpen).expect("it is due");
    assert_eq!((answer.record, answer.title.as_str()), (Some(remark), "补充管护经费来源"));
    lead.move_to(id, "township_review", None).expect("the lifecycle's way");
    let (code, blanks) = refusal(lead.move_to(id, "reported", None));
    assert_eq!((code.as_str(), blanks["rule"].as_str()), ("notReady", "remarkOpen"), "each remark is answered first");
    assert_eq!((blanks["clause"].as_str(), &blanks["record"]), ("办法第八条", &remark.to_string()));
    lead.set(remark, fields(json!({"reply": "由镇财政列支"}))).expect("answered");
    lead.move_to(remark, "answered", None).expect("answered");
    lead.move_to(id, "reported", None).expect("reported again");
    assert_eq!(sync(&mut lead).verdicts.refused, 0);
    assert_eq!(world.district().district().check(&id.to_string()).expect("checked").blocks, 0);
}

#[test]
fn two_laptops_that_never_met_apply_for_one_thing_and_the_district_refuses_the_second() {
    let world = World::new();
    let (mut lead, mut other) = (world.laptop_of("镇长", YANDONG, "lead"), world.laptop_of("书记", YANDONG, "lead"));
    let reported = |laptop: &mut Laptop, name: &str| {
        let (id, _) = begun(laptop, name);
        laptop.set(id, fields(json!({"total": 24_000_000}))).expect("saved");
        announced(laptop, id);
        for state in ["village_notice", "township_review", "reported"] {
            laptop.move_to(id, state, None).expect("nothing on this laptop speaks against it");
        }
        id
    };
    let first = reported(&mut lead, "污水站");
    let second = reported(&mut other, "污水处理");
    assert_eq!(sync(&mut lead).verdicts.refused, 0);
    assert_eq!(sync(&mut other).verdicts.refused, 1, "only the district knows of both");
    let refused = other.refused().expect("drafts").remove(0);
    assert_eq!((refused.record, refused.reason.code.as_str()), (second, "notReady"));
    assert_eq!(refused.reason.fields["rule"], "duplicateFunding");

    let district = world.district().district();
    assert!(
        district
            .check(&first.to_string())
            .expect("checked")
            .findings
            .iter()
            .any(|one| { one.rule.name() == "duplicateFunding" && !one.blocks() }),
        "the first is told of the second, and goes on"
    );
    sync(&mut lead);
    let found = lead.check(first).expect("checked").findings;
    assert!(rules(&found).contains(&"duplicateFunding"), "what the district has, its laptops find: {found:?}");
}

#[test]
fn the_library_is_in_the_calendar_before_it_lets_go() {
    let world = World::new();
    let mut admin = world.laptop_of("管理员", YANDONG, "admin");
    let (id, _) = begun(&mut admin, "污水站");
    admin.set(id, fields(json!({"total": 24_000_000}))).expect("saved");
    announced(&mut admin, id);
    for state in ["village_notice", "township_review", "reported", "approved", "forwarded"] {
        admin.move_to(id, state, None).expect("the lifecycle's way");
    }
    let reserve = json!({"reserve_number": "CB-1", "reserve_on": "2026-02-10"});
    admin.set(id, fields(reserve)).expect("entered");
    admin.move_to(id, "in_library", None).expect("entered");
    assert_eq!(code_of(admin.set(id, fields(json!({"requested": 1})))), "locked", "the amount is fixed");
    admin.set(id, fields(json!({"name": "改名"}))).expect("the name is not, before the allocation");
    let due = |day: &str| {
        let due = admin.reminders_on(day).expect("a calendar").into_iter();
        due.filter(|one| one.about == About::LibraryExpiry).map(|one| one.due).collect::<Vec<_>>()
    };
    assert!(due("2028-08-01").is_empty(), "more than half a year ahead");
    assert_eq!(due("2028-09-01"), ["2029-02-10"]);
    admin
        .set(id, fields(json!({"allocated_on": "2026-03-01", "allocation_document": "苏财〔2026〕1号"})))
        .expect("saved");
    admin.move_to(id, "allocated", None).expect("allocated");
    assert_eq!(code_of(admin.set(id, fields(json!({"name": "再改"})))), "locked", "now the name is");
}

#[test]
fn every_rule_has_a_sentence_in_both_languages() {
    use app::texts::{Language, sentence};
    for rule in domain::finding::FindingRule::ALL {
        for language in [Language::Zh, Language::En] {
            let view = app::types::ErrorView { code: rule.name().to_owned(), fields: Default::default() };
            let said = sentence(&view, language);
            assert!(!said.contains(rule.name()) && said.len() > 12, "{} has none in {language:?}", rule.name());
        }
    }
}
