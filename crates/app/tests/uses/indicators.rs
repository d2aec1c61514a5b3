//! Figures of a village and of its township: what is counted, what is left out
//! and why, on which date, and beside which goal.

use app::indicator::{Figure, Reason};
use app::{Laptop, PlaceFigures, RecordId};
use serde_json::json;

use crate::world::{World, YANDONG, accept, add_works, code_of, fields, village};

fn add(laptop: &mut Laptop, kind: &str, values: serde_json::Value) -> RecordId {
    laptop.add(kind, fields(values)).expect("saved").id
}

fn figure<'p>(place: &'p PlaceFigures, name: &str) -> &'p Figure {
    place.figures.iter().find(|figure| figure.indicator == name).expect("the figure is asked of this level")
}

fn rate(place: &PlaceFigures, name: &str) -> (i64, i64) {
    let figure = figure(place, name);
    (figure.numerator, figure.denominator)
}

fn reasons(figure: &Figure) -> Vec<(RecordId, Reason)> {
    figure.left_out.iter().map(|left| (left.record, left.reason)).collect()
}

fn met(figure: &Figure) -> Vec<(&str, Option<bool>)> {
    figure.compared.iter().map(|one| (one.threshold.as_str(), one.met)).collect()
}

#[test]
fn sewage_is_counted_from_accepted_works_and_never_beyond_the_households_there_are() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let here = village(&lead);
    lead.set(here, fields(json!({"households": 200}))).expect("saved");
    let pipes = add_works(&mut lead, "一期").id;
    lead.set(pipes, fields(json!({"households": 119}))).expect("saved");
    accept(&mut lead, pipes);

    let undated = lead.indicators("320902107200", Some("2026-12-31")).expect("figures");
    assert_eq!(rate(&undated, "sewage_households"), (0, 200));
    assert_eq!(
        reasons(figure(&undated, "sewage_households")),
        [(pipes, Reason::Undated)],
        "accepted, and not since when"
    );
    lead.set(pipes, fields(json!({"accepted_on": "2026-07-15"}))).expect("saved");

    let place = lead.indicators("中东村委会", Some("2026-12-31")).expect("by its name as well");
    let sewage = figure(&place, "sewage_households");
    assert_eq!((sewage.numerator, sewage.denominator, sewage.as_of.as_str()), (119, 200, "2026-12-31"));
    assert_eq!((&sewage.counted, &sewage.among), (&vec![pipes], &vec![here]), "the records behind it");
    assert_eq!(place.titles[&pipes], "一期");
    assert_eq!(
        met(sewage),
        [("joined_sewage_2011", Some(false)), ("village_sewage_2021", Some(false))],
        "59.5 % is not 60"
    );
    let before = lead.indicators("320902107200", Some("2026-07-14")).expect("the day before");
    assert_eq!(rate(&before, "sewage_households"), (0, 200), "it was not accepted then");
    assert!(
        met(figure(&lead.indicators("中东村委会", Some("2020-12-31")).expect("then"), "sewage_households"))
            .iter()
            .all(|(name, _)| *name != "village_sewage_2021"),
        "a goal of 2021 is none in 2020"
    );

    // A second works for the same households makes 100 %, not 200.
    let second = add_works(&mut lead, "二期").id;
    lead.set(second, fields(json!({"households": 180}))).expect("saved");
    accept(&mut lead, second);
    let contract = add(
        &mut lead,
        "contract",
        json!({"works": pipes, "more_works": [second], "name": "施工合同", "sort": "construction"}),
    );
    let held = json!({
        "name": "竣工验收", "village": here, "subject": "contract", "contract": contract, "level": "township",
        "held_on": "2026-08-01", "leader": "陈组长", "conclusion": "pass"
    });
    let held = add(&mut lead, "acceptance", held);
    for state in ["held", "passed"] {
        lead.move_to(held, state, None).expect("the acceptance's way");
    }
    let place = lead.indicators(YANDONG, Some("2026-12-31")).expect("the township");
    assert_eq!(rate(&place, "sewage_households"), (200, 200), "dated by the acceptance of its contract");
    assert_eq!(rate(&place, "sewage_villages"), (1, 2), "and the other village is one of two");
    assert_eq!(place.name, "盐东镇");
    assert_eq!(rate(&place, "works_accepted"), (2, 2));
    assert_eq!(rate(&lead.indicators("320902", Some("2026-12-31")).expect("the district"), "sewage_villages"), (1, 2));
}

#[test]
fn recorded_rates_are_summed_with_their_dates_and_unlike_bases_are_named() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let [one, other] = ["320902107200", "320902107201"].map(|code| {
        let place = lead.indicators(code, Some("2026-01-01")).expect("figures");
        let waste = figure(&place, "waste_rate");
        assert_eq!((waste.denominator, met(waste)), (0, vec![("joined_waste_2011", None)]), "no rate is not 0 %");
        waste.left_out[0].record
    });
    let rate_of = |n: i64, d: i64, date: &str, basis: &str| json!({"waste_rate": {"numerator": n, "denominator": d, "asOf": date, "basis": basis}});
    lead.set(one, fields(rate_of(300, 300, "2025-12-31", "户"))).expect("saved");
    lead.set(other, fields(rate_of(95, 100, "2026-03-31", "自然村"))).expect("saved");
    let place = lead.indicators(YANDONG, Some("2026-06-30")).expect("figures");
    let waste = figure(&place, "waste_rate");
    assert_eq!((waste.numerator, waste.denominator), (395, 400));
    assert_eq!(waste.oldest.as_deref(), Some("2025-12-31"), "a sum is as old as its oldest part");
    assert_eq!(waste.recorded_bases, ["户", "自然村"], "households and hamlets were added up, and it says so");
    let earlier = lead.indicators(YANDONG, Some("2026-01-31")).expect("figures");
    assert_eq!(rate(&earlier, "waste_rate"), (300, 300));
    assert_eq!(reasons(figure(&earlier, "waste_rate")), [(other, Reason::Later)]);
    assert_eq!(code_of(lead.indicators(YANDONG, Some("2026-02-30"))), "noSuchDate");
    assert_eq!(code_of(lead.indicators("没有这个村", None)), "unknownReference");
    assert_eq!(code_of(lead.indicators("320902102", None)), "outsideScope");
}

#[test]
fn a_water_body_that_relapsed_is_closed_no_more() {
    let world = World::new();
    let mut reviewer = world.laptop_of("李区审", YANDONG, "reviewer");
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let here = village(&lead);
    let body = json!({"village": here, "name": "中心河", "sort": "river", "area": "2400", "found_on": "2025-03-01", "treated_on": "2025-10-01",
        "closed_on": "2026-02-01", "water_all_year": true});
    let body = add(&mut lead, "water_body", body);
    let at = |laptop: &Laptop, date: &str| {
        rate(&laptop.indicators("320902107200", Some(date)).expect("figures"), "black_odour_closed")
    };
    let typed = lead.indicators("320902107200", Some("2026-03-01")).expect("figures");
    assert_eq!(rate(&typed, "black_odour_closed"), (0, 1), "a typed date closes nothing");
    assert_eq!(reasons(figure(&typed, "black_odour_closed")), [(body, Reason::NotClosed)]);
    for state in ["treating", "treated"] {
        lead.move_to(body, state, None).expect("the lifecycle's way");
    }
    assert_eq!(code_of(lead.move_to(body, "closed", None)), "moveNotAllowed", "销号 is the district's");
    crate::world::sync(&mut lead);
    crate::world::sync(&mut reviewer);
    reviewer.move_to(body, "closed", None).expect("closed");
    assert_eq!((at(&reviewer, "2026-01-31"), at(&reviewer, "2026-02-01")), ((0, 1), (1, 1)));
    reviewer.set(body, fields(json!({"relapsed_on": "2026-06-10"}))).expect("saved");
    reviewer.move_to(body, "relapsed", None).expect("返黑返臭");
    assert_eq!(
        (at(&reviewer, "2026-06-09"), at(&reviewer, "2026-06-10")),
        ((1, 1), (0, 1)),
        "what was true then stays"
    );
    assert_eq!(at(&reviewer, "2025-01-01"), (0, 0), "before it was found there was none");
}

#[test]
fn a_facility_runs_by_its_latest_check_and_a_sample_beyond_a_known_limit_is_not_believed() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let here = village(&lead);
    let station = json!({"village": here, "name": "一号站", "sort": "station", "discharge_standard": "DB32/3462-2020", "standard_grade": "一级A"});
    let station = add(&mut lead, "facility", station);
    let idle = add(&mut lead, "facility", json!({"village": here, "name": "二号站", "sort": "station"}));
    add(&mut lead, "facility_check", json!({"facility": station, "date": "2026-03-01", "running": true}));
    add(
        &mut lead,
        "facility_check",
        json!({"facility": station, "date": "2026-05-01", "running": false, "stopped_days": 12, "stop_reason": "水泵损坏"}),
    );
    let sample =
        json!({"facility": station, "sampled_on": "2026-04-02", "point": "outlet", "cod": "75", "conclusion": "pass"});
    let sample = add(&mut lead, "effluent_sample", sample);
    let april = lead.indicators("320902107200", Some("2026-04-30")).expect("figures");
    assert_eq!(rate(&april, "facilities_running"), (1, 1));
    assert_eq!(reasons(figure(&april, "facilities_running")), [(idle, Reason::NotChecked)], "unchecked is not running");
    assert_eq!(
        rate(&lead.indicators("320902107200", Some("2026-05-01")).expect("figures"), "facilities_running"),
        (0, 1)
    );
    assert_eq!(rate(&april, "effluent_passed"), (1, 1), "without a limit the report's word counts");
    drop(lead);
    // The district enters a limit (of this test, not of the standard) and the same record is judged anew.
    let catalog = world.path("镇长").join("catalog");
    std::fs::create_dir_all(&catalog).expect("a folder");
    let limit = "[[standard]]\nname = \"DB32/3462-2020\"\nlimits = [{ name = \"cod_1a\", item = \"cod\", grade = \"一级A\", most = \"60\" }]\n";
    std::fs::write(catalog.join("standards.toml"), limit).expect("written");
    let lead = Laptop::open(&world.path("镇长"), crate::world::PIN).expect("it opens");
    let judged = lead.indicators("320902107200", Some("2026-04-30")).expect("figures");
    assert_eq!(rate(&judged, "effluent_passed"), (0, 0));
    assert_eq!(reasons(figure(&judged, "effluent_passed")), [(sample, Reason::BeyondLimit)]);
}

#[test]
fn an_acceptance_is_graded_by_its_items_and_an_open_rectification_stands_against_it() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", YANDONG, "lead");
    let here = village(&lead);
    let benefit = json!({"numerator": 160, "denominator": 200, "asOf": "2026-08-01", "basis": "户"});
    let held = json!({"name": "综合验收", "village": here, "subject": "village", "level": "county", "held_on": "2026-08-01", "benefit": benefit});
    let held = add(&mut lead, "acceptance", held);
    let judged = |lead: &Laptop| lead.judge_acceptance(held).expect("judged").expect("a rule holds");
    assert_eq!(judged(&lead).passes, None, "without items there is nothing to say");
    let item = |lead: &mut Laptop, block: &str, full: &str, score: &str| {
        add(
            lead,
            "acceptance_item",
            json!({"acceptance": held, "block": block, "item": block, "full": full, "score": score}),
        )
    };
    item(&mut lead, "construction", "60", "58.5");
    let weak = item(&mut lead, "operation", "40", "36.5");
    let first = judged(&lead);
    assert_eq!(
        (first.score.as_str(), first.band.map(|band| band.name).as_deref()),
        ("95.00", Some("excellent")),
        "95 is in the upper band"
    );
    assert_eq!((first.passes, first.benefits), (Some(true), Some(true)), "and 80 % is enough");
    lead.set(weak, fields(json!({"score": "19.99"}))).expect("saved");
    let low = judged(&lead);
    assert_eq!((low.passes, low.too_low), (Some(false), vec![weak]), "an item below its half fails the whole");
    lead.set(weak, fields(json!({"score": "22"}))).expect("saved");
    assert_eq!(judged(&lead).band.map(|band| band.name).as_deref(), Some("pass"), "80.5 of 100");
    let asked = json!({"acceptance": held, "problem": "检查井破损", "due": "2026-09-01", "responsible": "王五"});
    let asked = add(&mut lead, "rectification", asked);
    assert_eq!((judged(&lead).passes, judged(&lead).open), (Some(false), vec![asked]));
    assert_eq!(code_of(lead.move_to(asked, "closed", None)), "wrongState", "what is not mended is not re-checked");
    let mended = json!({"measure": "更换井盖", "done_on": "2026-08-20", "recheck_on": "2026-08-25", "rechecked_by": "陈组长", "recheck_result": "pass"});
    lead.set(asked, fields(mended)).expect("saved");
    for state in ["done", "closed"] {
        lead.move_to(asked, state, None).expect("its way");
    }
    assert_eq!(judged(&lead).passes, Some(true));
    let place = lead.indicators(YANDONG, Some("2026-08-24")).expect("figures");
    assert_eq!(rate(&place, "rectifications_closed"), (0, 1), "the day before it was not");
    assert_eq!(code_of(lead.judge_acceptance(asked)), "unknownRecord");
}
