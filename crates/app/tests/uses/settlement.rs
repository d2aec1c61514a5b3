//! The end of an application's money: what each village is due by the programme,
//! and what was reached of the targets; both frozen when handed in.

use app::evaluation::EvaluationProblem;
use app::{ExportAsked, Laptop, RecordId};
use serde_json::json;

use crate::funds::{enter, entry, published};
use crate::world::{World, YANDONG, add_works, code_of, fields, list, refusal, sync, village};

/// 中东村 and 正洋村 with a works each, under a programme of 40 万 a village on reaching the standard.
fn two_villages(world: &World, laptop: &mut Laptop) -> (RecordId, [RecordId; 2], [RecordId; 2]) {
    let policy = published(world, "yangzhou-2020-standard");
    sync(laptop);
    let other = list(laptop, "village").into_iter().find(|one| one.fields["code"] == json!("320902107201"));
    let villages = [village(laptop), other.expect("正洋村").id];
    let first = add_works(laptop, "中东污水").id;
    let works = json!({"village": villages[1], "name": "正洋污水", "category": "sewage"});
    let second = laptop.add("works", fields(works)).expect("saved").id;
    let application = json!({"name": "盐东镇以奖代补", "year": 2026, "works": [first, second], "villages": villages,
        "policy": policy});
    let application = laptop.add("application", fields(application)).expect("saved").id;
    (application, villages, [first, second])
}

fn accept_villages(lead: &mut Laptop, villages: &[RecordId]) {
    for village in villages {
        let act = json!({"name": "综合验收", "village": village, "subject": "village", "level": "county",
            "held_on": "2026-08-01", "leader": "陈组长", "conclusion": "pass", "score": "92"});
        let act = lead.add("acceptance", fields(act)).expect("saved").id;
        for state in ["held", "passed"] {
            lead.move_to(act, state, None).expect("the acceptance's way");
        }
    }
}

#[test]
fn a_reward_is_settled_village_by_village_and_stays_as_it_was_handed_in() {
    let world = World::new();
    let mut laptop = world.laptop_of("孙镇长", YANDONG, "lead");
    let (application, villages, works) = two_villages(&world, &mut laptop);
    accept_villages(&mut laptop, &villages);
    laptop.set(works[0], fields(json!({"settled_amount": 55_000_000}))).expect("saved");
    laptop
        .add(
            "progress",
            fields(json!({"works": works[0], "date": "2026-06-01", "percent": 100, "item": "管网",
            "amount": "1250.5", "unit": "m"})),
        )
        .expect("saved");
    enter(&mut laptop, "arrived", 60_000_000, json!({"application": application}));
    enter(&mut laptop, "advance", 10_000_000, json!({"works": works[0], "dated": "2026-03-01"}));

    let view = laptop.begin_settlement(application).expect("settled");
    let rows: Vec<_> = view.rows.iter().map(|row| (row.title.as_str(), row.due, row.prepaid, row.payable)).collect();
    assert_eq!(
        rows,
        [("中东村委会", 40_000_000, 10_000_000, 30_000_000), ("正洋村委会", 40_000_000, 0, 40_000_000)],
        "40 万 a village, less what was prepaid"
    );
    assert!(view.rows[0].quantities.contains("1250.5"), "{}", view.rows[0].quantities);
    assert_eq!((view.rows[0].audited, view.rows[1].audited), (Some(55_000_000), None));
    assert!(!view.rows[0].steps.is_empty() && view.rule.contains("v1"), "{view:?}");
    let record = view.rows[0].record.expect("made");
    assert_eq!(
        laptop.show(record).expect("shown").fields["reached"],
        json!("acceptance"),
        "by the acceptance on record"
    );

    let deducted = json!({"deduction": 5_000_000, "payee": "中东村村民委员会"});
    laptop.set(record, fields(deducted)).expect("saved");
    let (code, blanks) = refusal(laptop.hand_in_settlement(application));
    assert_eq!(
        (code.as_str(), blanks["village"].as_str()),
        ("settlementIncomplete", "中东村委会"),
        "a deduction has its reason"
    );
    laptop.set(record, fields(json!({"deduction_reason": "管护制度未上墙"}))).expect("saved");
    assert_eq!(code_of(laptop.hand_in_settlement(application)), "settlementIncomplete", "the other has no payee");
    assert!(laptop.settlement(application).expect("shown").rows.iter().all(|row| !row.frozen), "none or all");
    let other = view.rows[1].record.expect("made");
    laptop.set(other, fields(json!({"payee": "正洋村村民委员会"}))).expect("saved");
    let handed = laptop.hand_in_settlement(application).expect("handed in");
    assert!(handed.rows.iter().all(|row| row.frozen));
    assert_eq!((handed.due, handed.deduction, handed.payable), (80_000_000, 5_000_000, 65_000_000));
    assert_eq!(code_of(laptop.set(record, fields(json!({"deduction": 0})))), "locked");
    assert_eq!(code_of(laptop.hand_in_settlement(application)), "locked");

    // What is paid afterwards changes nothing that was handed in, and is said beside it.
    enter(&mut laptop, "advance", 1_000_000, json!({"works": works[0], "dated": "2026-09-01"}));
    let after = laptop.settlement(application).expect("shown");
    assert_eq!((after.rows[0].prepaid, after.rows[0].payable), (10_000_000, 25_000_000));
    assert_eq!(after.rows[0].since.expect("since").prepaid, 11_000_000);

    let path = world.path("奖补结算表.xlsx");
    let asked =
        ExportAsked { template: "奖补结算表".to_owned(), of: Some(application.to_string()), ..Default::default() };
    assert_eq!(laptop.export_with(&asked, &path).expect("exported"), 2);

    assert_eq!(sync(&mut laptop).verdicts.refused, 0);
    let mut finance = world.laptop_of("陈财政", YANDONG, "finance");
    assert_eq!(finance.settlement(application).expect("shown").payable, after.payable, "finance sees the same");
    finance.move_to(record, "confirmed", None).expect("confirmed");
}

#[test]
fn reward_money_is_not_paid_before_acceptance_and_an_advance_is() {
    let world = World::new();
    let mut laptop = world.laptop_of("孙镇长", YANDONG, "lead");
    let (application, villages, _) = two_villages(&world, &mut laptop);
    enter(&mut laptop, "arrived", 80_000_000, json!({"application": application}));
    let pay = entry("payment", 40_000_000, json!({"application": application, "dated": "2026-08-01"}));
    assert_eq!(code_of(laptop.add("fund_entry", pay.clone())), "fundBeforeAcceptance", "先建后验再奖补");
    enter(&mut laptop, "advance", 1_000_000, json!({"application": application}));
    accept_villages(&mut laptop, &villages);
    laptop.add("fund_entry", pay).expect("both villages are accepted");
}

#[test]
fn what_was_reached_of_the_targets_is_scored_and_frozen() {
    let world = World::new();
    let mut laptop = world.laptop_of("孙镇长", YANDONG, "lead");
    let (application, _, works) = two_villages(&world, &mut laptop);
    let target = |laptop: &mut Laptop, level: &str, aspect: &str, name: &str, more: serde_json::Value| {
        let mut all = json!({"application": application, "level": level, "aspect": aspect, "name": name});
        all.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        laptop.add("target", fields(all)).expect("saved").id
    };
    target(
        &mut laptop,
        "output",
        "quantity",
        "整治行政村",
        json!({"bound": "equal", "value": "2", "unit": "个", "actual": "2", "core": true}),
    );
    target(
        &mut laptop,
        "output",
        "quantity",
        "管网",
        json!({"bound": "at_least", "value": "2000", "unit": "m", "actual": "1500", "deviation": "雨季"}),
    );
    target(
        &mut laptop,
        "output",
        "cost",
        "户均投资",
        json!({"bound": "at_most", "value": "8000", "unit": "元", "actual": "10000", "deviation": "材料涨价"}),
    );
    let upkeep = target(
        &mut laptop,
        "benefit",
        "lasting",
        "管护制度落实",
        json!({"value": "全部上墙", "actual": "大部分上墙", "deviation": "一村未完成"}),
    );
    target(&mut laptop, "satisfaction", "satisfaction", "村民满意度", json!({"value": "≥90%", "actual": "95%"}));
    let year = Some(2026);
    let first = laptop.self_evaluation(application, year).expect("computed");
    let scores: Vec<_> = first.evaluation.rows.iter().map(|row| (row.weight.as_str(), row.score.as_deref())).collect();
    assert_eq!(
        scores,
        [
            ("16.67", Some("16.67")),
            ("16.67", Some("12.50")), // Three quarters.
            ("16.66", Some("13.33")), // Four fifths of a cost that was to stay below.
            ("30.00", None),          // In words: a person says.
            ("10.00", Some("10.00")), // More than all is all.
        ],
        "50 points are divided to the last hundredth"
    );
    assert!(first.evaluation.problems.contains(&EvaluationProblem::Unscored { target: upkeep }));
    assert!(first.evaluation.problems.contains(&EvaluationProblem::NoBudget));
    let (code, blanks) = refusal(laptop.hand_in_evaluation(application, year));
    assert_eq!((code.as_str(), blanks["count"].as_str()), ("evaluationUnscored", "2"), "the words and the money");

    enter(&mut laptop, "allocated", 80_000_000, json!({"application": application}));
    enter(&mut laptop, "arrived", 80_000_000, json!({"application": application}));
    enter(&mut laptop, "advance", 60_000_000, json!({"works": works[0]}));
    laptop.set(upkeep, fields(json!({"score": "24.5"}))).expect("saved");
    let scored = laptop.self_evaluation(application, year).expect("computed").evaluation;
    assert_eq!((scored.execution.rate.as_deref(), scored.execution.score.as_deref()), (Some("75.00"), Some("7.50")));
    assert_eq!((scored.total.as_str(), scored.full.as_str()), ("84.50", "100.00"), "the sum of what stands above it");
    assert_eq!(scored.grade.as_ref().map(|grade| grade.label.zh.as_str()), Some("良"));
    assert_eq!(
        scored.rows[3].band.as_ref().map(|band| band.name.as_str()),
        Some("met"),
        "24.5 of 30 is in the upper band"
    );

    let path = world.path("绩效自评表.xlsx");
    let asked =
        ExportAsked { template: "绩效自评表".to_owned(), of: Some(application.to_string()), ..Default::default() };
    assert_eq!(laptop.export_with(&asked, &path).expect("exported"), 6, "five targets and the money");

    let handed = laptop.hand_in_evaluation(application, year).expect("handed in");
    assert!(handed.frozen && handed.since.is_none());
    let record = laptop.show(handed.record.expect("its record")).expect("shown");
    assert_eq!((record.fields["score"].clone(), record.fields["grade"].clone()), (json!("84.50"), json!("good")));
    assert_eq!(code_of(laptop.hand_in_evaluation(application, year)), "locked");
    laptop.set(upkeep, fields(json!({"score": "30"}))).expect("saved");
    let after = laptop.self_evaluation(application, year).expect("shown");
    assert_eq!(after.evaluation.total, "84.50", "what was handed in is what was handed in");
    assert_eq!(after.since.expect("since").total, "90.00");
    sync(&mut laptop);
    let mut reviewer = world.laptop_of("李区审", YANDONG, "reviewer");
    reviewer.move_to(handed.record.expect("its record"), "returned", Some("请核对管护".to_owned())).expect("sent back");
    sync(&mut reviewer);
    sync(&mut laptop);
    assert!(!laptop.self_evaluation(application, year).expect("shown").frozen);
    assert_eq!(laptop.hand_in_evaluation(application, year).expect("again").evaluation.total, "90.00");
}
