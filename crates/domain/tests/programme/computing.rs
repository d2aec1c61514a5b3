//! What must hold of any programme and any case.

use domain::money;
use domain::programme::{AmountProblem, Case, ClockName, Programme, Unit};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{amount, case, shipped, small};

#[test]
fn what_a_case_lacks_is_said_with_its_name_and_who_lacks_it() {
    let lacking = shipped("kaiping-one-issue").amount(&Case::default()).expect_err("nothing is said");
    assert_eq!(lacking.len(), 2, "each once, though two rules ask for them: {lacking:?}");
    assert!(lacking.iter().all(|one| matches!(one, AmountProblem::AmountInputMissing { who, .. } if who == "申报")));
    let village = |score: Value| case(json!({"villages": [{"id": "v", "name": "中东村", "acceptance_score": score}]}));
    let taixing = shipped("taixing-green-village");
    for wrong in [json!(-1), json!("很好"), json!(true), json!([])] {
        let found = taixing.amount(&village(wrong.clone())).expect_err("no score");
        assert!(
            matches!(&found[0], AmountProblem::AmountInputWrong { input, who, .. }
            if input == "village.acceptance_score" && who == "中东村"),
            "{wrong}: {found:?}"
        );
    }
    assert_eq!(taixing.amount(&village(json!(null))).expect_err("empty").len(), 1);
    let nobody = taixing.amount(&Case::default()).expect_err("no village");
    assert!(matches!(nobody[0], AmountProblem::AmountNoVillages { .. }), "{nobody:?}");
    let twice = case(json!({"villages": [{"id": "v", "acceptance_score": 90}, {"id": "v", "acceptance_score": 90}]}));
    assert!(matches!(taixing.amount(&twice).expect_err("twice")[0], AmountProblem::AmountUnitTwice { .. }));
    let huge = case(json!({"application": {"central": i64::MAX}}));
    let found = shipped("shandong-2011-match").amount(&huge).expect_err("too large");
    assert!(matches!(found[0], AmountProblem::AmountTooLarge { .. }), "{found:?}");
}

#[test]
fn papers_categories_words_and_clocks_are_those_of_the_programme() {
    let programme = shipped("central-2021-environment");
    let asked = |total: &str, category: &str| {
        let case = case(json!({"application": {"total": total}, "works": [{"id": "w", "category": category}]}));
        programme.documents(&case).into_iter().map(|demand| (demand.sort, demand.asked)).collect::<Vec<_>>()
    };
    let has = |list: &[(String, Option<bool>)], sort: &str| {
        list.iter().any(|(one, asked)| one == sort && *asked == Some(true))
    };
    let large = asked("400万元", "sewage");
    assert!(["request", "impact", "land", "feasibility"].iter().all(|sort| has(&large, sort)), "{large:?}");
    let small = asked("399.99万元", "black_odour");
    assert!(!has(&small, "impact") && !has(&small, "feasibility") && has(&small, "form"), "{small:?}");
    let unsaid = programme.documents(&Case::default());
    assert!(unsaid.iter().any(|demand| demand.sort == "feasibility" && demand.asked.is_none()), "nobody knows yet");

    let day = |text: &str| text.parse().expect("a date");
    assert!(programme.eligible("sewage", day("2023-01-01")));
    assert!(!programme.eligible("livestock", day("2023-01-01")), "畜禽 is no longer named");
    assert!(!programme.eligible("sewage", day("2026-01-01")), "its term ended with 2025");
    assert!(shipped("central-2009-promote").eligible("livestock", day("2012-01-01")));

    let excluded = |line: &str| programme.excluded(line).map(|exclusion| exclusion.name.as_str());
    assert_eq!(excluded("村监测能力建设"), Some("capacity"));
    assert_eq!(excluded("临时人员工资"), Some("wages"));
    assert_eq!(excluded("农民工工资保证金"), None, "a deposit is no wage");
    assert_eq!(excluded("DN300 管网 1200 m"), None);
    let clock = |name| programme.clock(name).map(|clock| clock.length);
    assert_eq!((clock(ClockName::Notice), clock(ClockName::Reserve), clock(ClockName::Plan)), (Some(7), Some(3), None));
}

#[test]
fn what_must_hold_is_asked_and_what_is_not_said_is_not_taken_for_granted() {
    let programme = shipped("central-2022-black-odour");
    let unmet = |fields: Value| {
        let unmet = programme.unmet(&case(json!({"application": fields})));
        unmet.into_iter().map(|one| (one.requirement, one.unknown.len())).collect::<Vec<_>>()
    };
    assert_eq!(unmet(json!({"water_bodies": 10, "water_area": "1", "other_central": false})), []);
    assert_eq!(unmet(json!({"water_bodies": 9, "water_area": "100000", "other_central": false})), []);
    assert_eq!(
        unmet(json!({"water_bodies": 9, "water_area": "99999.9", "other_central": true})),
        [("size".to_owned(), 0), ("no_other_central".to_owned(), 0)]
    );
    assert_eq!(unmet(json!({"water_bodies": 10})), [("no_other_central".to_owned(), 1)], "it was not said");
}

/// Who follows the page gets what the page says.
#[test]
fn the_example_of_the_page_computes_what_the_page_says() {
    let page = include_str!("../../../../docs/programmes.md");
    let block = |mark: &str| {
        let after = page.split_once(&format!("```{mark}\n")).expect("the page has one").1;
        after.split_once("```").expect("it ends").0
    };
    let programme = Programme::parse(block("toml")).expect("the example holds together");
    let primitives: std::collections::BTreeSet<_> =
        programme.rules.iter().filter_map(domain::programme::Rule::primitive).map(|one| format!("{one:?}")).collect();
    assert_eq!(primitives.len(), 8, "each way of computing has its example: {primitives:?}");
    let case: Case = serde_json::from_str(block("json")).expect("a case");
    let paid = programme.amount(&case).expect("an amount");
    assert_eq!((paid.total, paid.asked), (1_386_000 * money::YUAN, 924_000 * money::YUAN));
    let settled = paid.stages.iter().find(|stage| stage.name == "settlement").expect("a settlement");
    assert_eq!((settled.amount, settled.due), (252_000 * money::YUAN, Some(true)));
    let retention = paid.stages.iter().find(|stage| stage.retention).expect("a retention");
    assert_eq!((retention.amount, retention.due), (39_000 * money::YUAN, Some(false)), "half a year too early");
    assert!(programme.unmet(&case).is_empty());
    let papers: Vec<_> = programme.documents(&case).into_iter().map(|demand| demand.sort).collect();
    assert_eq!(papers, ["request", "form", "estimate", "notice_proof", "impact"]);
}

#[test]
fn units_are_told_apart_by_their_place_where_a_case_gives_no_ids() {
    let paid =
        amount("taixing-green-village", json!({"villages": [{"acceptance_score": 90}, {"acceptance_score": 81}]}));
    let names: Vec<_> = paid.steps.iter().map(|step| (step.of.unit, step.of.name.as_str())).collect();
    assert_eq!(names, [(Unit::Village, "1"), (Unit::Village, "2")]);
}

/// What comes later is open: it neither blocks what is known nor counts as nothing.
#[test]
fn what_is_settled_later_is_open_until_all_of_it_is_known() {
    let rules = r#"
[[input]]
name = "village.done"
label = { zh = "完成", en = "Done" }
type = "count"
[[rule]]
name = "planned"
label = { zh = "计划", en = "Planned" }
of = "village"
clause = "c"
per_unit = { quantity = "village.households", price = "10元" }
[[rule]]
name = "real"
label = { zh = "实际", en = "Real" }
of = "village"
clause = "c"
per_unit = { quantity = "village.done", price = "10元" }
[[rule]]
name = "grant"
label = { zh = "补助", en = "Grant" }
clause = "c"
prepay = { provisional = "planned", percent = "70", entitled = "real" }
[result]
total = ["grant"]
"#;
    let computed = |text: &str, done: Value| {
        let villages = json!([{"id": "a", "households": 100, "done": 90}, {"id": "b", "households": 50, "done": done}]);
        Programme::parse(text).expect("it holds together").amount(&case(json!({ "villages": villages })))
    };
    let per_unit = "per_unit = { quantity = \"village.done\"";
    let skipping = rules.replace(per_unit, &format!("when = [{{ of = \"village.done\", given = true }}]\n{per_unit}"));
    for text in [small(rules), small(&skipping)] {
        let open = computed(&text, json!(null)).expect("an amount");
        assert_eq!((open.total, open.stages[1].due), (150_000, None), "one village is not counted yet");
        let settled = computed(&text, json!(40)).expect("an amount");
        assert_eq!((settled.total, settled.stages[1].amount), (130_000, 25_000));
    }
    let open = computed(&small(rules), json!(null)).expect("an amount").open;
    assert!(matches!(&open[..], [AmountProblem::AmountInputMissing { who, .. }] if who == "b"), "{open:?}");
    let wrong = computed(&small(rules), json!(-1)).expect_err("what cannot be is no open end");
    assert!(matches!(&wrong[..], [AmountProblem::AmountInputWrong { .. }]), "{wrong:?}");
}

#[test]
fn a_works_of_no_village_is_not_left_out_in_silence() {
    let case = case(json!({"villages": [{"id": "v"}], "works": [{"id": "w", "village": "x"}]}));
    let found = shipped("jiangsu-2014-match").amount(&case).expect_err("it belongs nowhere");
    assert!(matches!(&found[..], [AmountProblem::AmountVillageUnknown { who }] if who == "w"), "{found:?}");
}

/// A condition on a step that could not be computed is not one that holds.
#[test]
fn nothing_is_paid_on_a_condition_that_is_not_known() {
    let rules = r#"
[[rule]]
name = "first"
label = { zh = "一", en = "First" }
clause = "c"
percent = { base = "application.central", percent = "100" }
[[rule]]
name = "second"
label = { zh = "二", en = "Second" }
clause = "c"
when = [{ of = "first", at_least = "1元" }]
fixed = { amount = "5元" }
[result]
total = ["second"]
"#;
    let programme = Programme::parse(&small(rules)).expect("it holds together");
    assert!(programme.amount(&Case::default()).is_err(), "the central sum is not known");
    assert_eq!(programme.amount(&case(json!({"application": {"central": 99}}))).expect("known").total, 0);
    assert_eq!(programme.amount(&case(json!({"application": {"central": 100}}))).expect("known").total, 500);
}

/// A village's works are its own: what lies in the next village is not counted twice.
#[test]
fn a_village_sums_its_own_works_and_the_application_all_of_them() {
    let rules = r#"
[[rule]]
name = "part"
label = { zh = "分", en = "Part" }
of = "works"
clause = "c"
percent = { base = "works.contract_amount", percent = "10" }
[[rule]]
name = "grant"
label = { zh = "补助", en = "Grant" }
of = "village"
clause = "c"
cap = { on = ["part", "works.granted"], at = "20元" }
[[rule]]
name = "all"
label = { zh = "合计", en = "All" }
clause = "c"
percent = { base = "part", percent = "100" }
[result]
total = ["grant"]
"#;
    let works = |id: &str, village: &str, price: i64| json!({"id": id, "village": village, "contract_amount": price, "granted": 100});
    let case = case(json!({
        "villages": [{"id": "a"}, {"id": "b"}],
        "works": [works("1", "a", 5_000), works("2", "b", 3_000), works("3", "a", 7_000)],
    }));
    let paid = Programme::parse(&small(rules)).expect("it holds together").amount(&case).expect("an amount");
    let results: Vec<_> = paid.steps.iter().map(|step| step.result).collect();
    assert_eq!(results, [500, 300, 700, 1_400, 400, 1_500], "a: 500 + 700 + 2 × 100; b: 300 + 100; all: 1,500");
    assert_eq!(paid.total, 1_800);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the percentages and the base, stages come to the base and bands take each score once.
    #[test]
    fn stages_come_to_their_base(base in 0_i64..1_000_000_000_000, cuts in prop::collection::btree_set(1_i64..10_000, 1..9)) {
        let mut edges: Vec<i64> = cuts.into_iter().collect();
        edges.push(10_000);
        let mut last = 0;
        let stages: Vec<String> = edges.iter().enumerate().map(|(n, edge)| {
            let part = edge - std::mem::replace(&mut last, *edge);
            format!(r#"{{ name = "s{n}", label = {{ zh = "期", en = "Stage" }}, percent = "{}.{:02}" }}"#, part / 100, part % 100)
        }).collect();
        let rules = format!("[[rule]]\nname = \"r\"\nlabel = {{ zh = \"款\", en = \"Money\" }}\nclause = \"c\"\nstaged = {{ base = \"application.total\", stages = [{}] }}\n[result]\ntotal = [\"r\"]\n", stages.join(", "));
        let programme = Programme::parse(&small(&rules)).expect("percentages come to the whole");
        let paid = programme.amount(&case(json!({"application": {"total": base}}))).expect("an amount");
        prop_assert_eq!(paid.stages.iter().map(|stage| stage.amount).sum::<i64>(), base);
        prop_assert_eq!(paid.total, base);
        prop_assert!(paid.stages.iter().all(|stage| stage.amount >= 0));
    }

    #[test]
    fn every_score_has_exactly_one_band(cuts in prop::collection::btree_set(1_i64..10_000, 1..12), score in 0_i64..12_000) {
        let hundredths = |n: i64| format!("{}.{:02}", n / 100, n % 100);
        let edges: Vec<i64> = [0].into_iter().chain(cuts).collect();
        let bands: Vec<String> = edges.iter().enumerate().map(|(n, edge)| {
            let below = edges.get(n + 1).map_or(String::new(), |next| format!(", below = \"{}\"", hundredths(*next)));
            format!(r#"{{ from = "{}"{below}, amount = "{}元" }}"#, hundredths(*edge), n + 1)
        }).collect();
        let rules = format!("[[input]]\nname = \"application.score\"\nlabel = {{ zh = \"分\", en = \"Score\" }}\ntype = \"number\"\n[[rule]]\nname = \"r\"\nlabel = {{ zh = \"款\", en = \"Money\" }}\nclause = \"c\"\nband = {{ score = \"application.score\", bands = [{}] }}\n[result]\ntotal = [\"r\"]\n", bands.join(", "));
        let programme = Programme::parse(&small(&rules)).expect("bands that meet");
        let paid = programme.amount(&case(json!({"application": {"score": hundredths(score)}}))).expect("an amount");
        let place = edges.iter().rposition(|edge| *edge <= score).expect("the first begins at nothing");
        let yuan = i64::try_from(place).expect("small") + 1;
        prop_assert_eq!(paid.total, yuan * money::YUAN);
    }

    #[test]
    fn shares_come_to_the_total_whatever_the_percentages(total in 0_i64..1_000_000_000_000, cuts in prop::collection::btree_set(1_i64..10_000, 1..6)) {
        let mut edges: Vec<i64> = cuts.into_iter().collect();
        edges.push(10_000);
        let mut last = 0;
        let shares: Vec<String> = edges.iter().map(|edge| {
            let part = edge - std::mem::replace(&mut last, *edge);
            format!("[[share]]\nlevel = \"district\"\nlabel = {{ zh = \"份\", en = \"Share\" }}\nstep = \"r\"\nclause = \"c\"\npercent = \"{}.{:02}\"\n", part / 100, part % 100)
        }).collect();
        let rules = format!("[[rule]]\nname = \"r\"\nlabel = {{ zh = \"款\", en = \"Money\" }}\nclause = \"c\"\npercent = {{ base = \"application.total\", percent = \"100\" }}\n[result]\ntotal = [\"r\"]\n{}", shares.join(""));
        let programme = Programme::parse(&small(&rules)).expect("percentages come to the whole");
        let paid = programme.amount(&case(json!({"application": {"total": total}}))).expect("an amount");
        prop_assert_eq!(paid.shares.iter().map(|share| share.amount).sum::<i64>(), total);
    }
}
