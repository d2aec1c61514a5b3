//! The published formulas, recomputed with their own figures from the programmes
//! that ship, and what must hold of any programme.

use domain::programme::{
    Amount, AmountProblem, Case, ClockName, Figure, InputType, Programme, ProgrammeFault, ProgrammeProblem, SHIPPED,
    STANDARD, Unit,
};
use domain::{Catalog, money};
use proptest::prelude::*;
use serde_json::{Value, json};

const WAN: i64 = money::WAN;
const YI: i64 = 10_000 * WAN;

fn text(code: &str) -> &'static str {
    let found = SHIPPED.iter().find(|(name, _)| *name == format!("{code}.toml"));
    found.unwrap_or_else(|| panic!("{code} does not ship")).1
}

fn shipped(code: &str) -> Programme {
    Programme::parse(text(code)).unwrap_or_else(|problems| panic!("{code}: {problems:#?}"))
}

fn case(value: Value) -> Case {
    serde_json::from_value(value).expect("a case")
}

fn amount(code: &str, value: Value) -> Amount {
    shipped(code).amount(&case(value)).unwrap_or_else(|problems| panic!("{code}: {problems:#?}"))
}

fn problems(text: &str) -> Vec<ProgrammeProblem> {
    Programme::parse(text).expect_err("a problem was due")
}

/// What a programme that ships is found to be wrong with after an edit.
fn edited(code: &str, edits: &[(&str, &str)]) -> Vec<ProgrammeProblem> {
    let mut changed = text(code).to_owned();
    for (from, to) in edits {
        assert!(changed.contains(from), "{code} has no `{from}`");
        changed = changed.replacen(from, to, 1);
    }
    problems(&changed)
}

fn villages(count: usize, fields: &Value) -> Value {
    let village = |n: usize| {
        let mut village = fields.clone();
        village["id"] = json!(format!("v{n}"));
        village
    };
    (0..count).map(village).collect()
}

#[test]
fn every_programme_that_ships_holds_together_and_uses_the_catalogs_words() {
    let catalog = Catalog::shipped();
    let choices = |kind: &str, field: &str| -> Vec<String> {
        let field = catalog.kind(kind).and_then(|kind| kind.field(field)).expect("a field of the catalog");
        field.choices.iter().map(|choice| choice.value.clone()).collect()
    };
    let (papers, categories) = (choices("document", "sort"), choices("works", "category"));
    assert!(SHIPPED.len() >= 18, "domain.md documents as many");
    for (name, text) in SHIPPED {
        let programme = Programme::parse(text).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
        assert_eq!(*name, format!("{}.toml", programme.code), "a file is called by its code");
        for sort in programme.papers.iter().flat_map(|paper| &paper.sorts) {
            assert!(papers.contains(sort), "{name}: {sort} is no sort of document");
        }
        for category in programme.categories.iter().flat_map(|category| &category.names) {
            assert!(categories.contains(category), "{name}: {category} is no category");
        }
        for clause in &programme.clauses {
            let read = ["domain.md", "domain_forms", "财办资环"].iter().any(|source| clause.source.contains(source));
            assert!(read || clause.inferred, "{name}: {} has no source and is not marked as inferred", clause.name);
        }
        if programme.document.is_empty() {
            assert!(programme.note.is_some(), "{name} must say that its 文号 was not found");
        }
    }
}

/// An input that no record holds would be asked for in vain.
#[test]
fn every_standard_input_is_a_field_of_its_record_under_the_same_name() {
    let catalog = Catalog::shipped();
    for input in STANDARD.iter().filter(|input| !input.counted) {
        let kind = catalog.kind(input.unit.name()).expect("a kind");
        let field = kind.field(input.name).unwrap_or_else(|_| panic!("{}.{}", input.unit.name(), input.name));
        use domain::catalog::FieldType as T;
        let fits = match input.input_type {
            InputType::Money => field.field_type == T::Money,
            InputType::Number => field.field_type == T::Decimal,
            InputType::Count => field.field_type == T::Integer,
            InputType::Text => matches!(field.field_type, T::Text | T::Choice),
            InputType::YesNo => field.field_type == T::YesNo,
            InputType::Date => field.field_type == T::Date,
        };
        assert!(fits, "{}.{} is {:?} in the catalog", input.unit.name(), input.name, field.field_type);
    }
}

#[test]
fn jiangsu_pays_fifty_and_the_district_matches_it_one_to_one() {
    let paid = amount("jiangsu-2014-match", json!({"villages": villages(3, &json!({}))}));
    assert_eq!((paid.total, paid.asked), (300 * WAN, 150 * WAN), "S17: a million per village together");
    let shares: Vec<_> = paid.shares.iter().map(|share| (share.level.name(), share.amount)).collect();
    assert_eq!(shares, [("province", 150 * WAN), ("district", 150 * WAN)]);
    let step = &paid.steps[3];
    assert_eq!(
        (step.words.zh.as_str(), step.clause.as_str()),
        ("省级奖励 50万元，按 1:1 配套 = 50万元", "苏财建〔2014〕80号")
    );
    assert_eq!(step.words.en, "Provincial reward CNY 500,000, matched 1:1 = CNY 500,000");
    assert!(!step.inferred && paid.steps[0].inferred, "the match was read, the reward concluded");
}

#[test]
fn shandongs_nine_and_nine_make_five_point_four() {
    let paid = amount("shandong-2011-match", json!({"application": {"central": "9亿元"}}));
    let shares: Vec<i64> = paid.shares.iter().map(|share| share.amount).collect();
    assert_eq!(shares, [9 * YI, 9 * YI, 54 * YI / 10], "S4");
    assert_eq!(paid.total, 234 * YI / 10);
    assert_eq!(paid.steps[2].words.zh, "（中央资金 9亿元 + 省级配套 9亿元） × 30% = 5.4亿元");
}

#[test]
fn henans_two_hundred_twenty_million_are_eleven_wan_for_each_of_two_thousand_villages() {
    let paid = amount("henan-2019-village", json!({"villages": villages(2_000, &json!({}))}));
    assert_eq!(paid.total, 22 * YI / 10, "S24");
    assert_eq!(money::apportion(22 * YI / 10, &vec![1; 2_000]), Some(vec![11 * WAN; 2_000]));
    let yangzhou =
        amount("yangzhou-2020-standard", json!({"villages": villages(30 + 30 + 11 + 26 + 19 + 5, &json!({}))}));
    assert_eq!(yangzhou.total, 121 * 40 * WAN, "S21");
    let qingdao = amount("qingdao-2014-village", json!({"villages": villages(1, &json!({}))}));
    assert_eq!(qingdao.total, 150 * WAN, "S23");
}

/// S6b: 10/20/20/20/20/5 and 5 % kept back, on a contract that divides badly.
#[test]
fn a_contract_is_paid_in_stages_and_the_rest_is_held_until_the_effect_is_good() {
    let works = |stage: &str, more: Value| {
        let mut works =
            json!({"id": "w", "name": "管网", "village": "v", "contract_amount": 100_000_007, "stage": stage});
        works.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({"date": "2026-06-01", "villages": [{"id": "v", "name": "中东村", "estimate": "120万元", "village_type": "problem"}],
               "works": [works]})
    };
    let paid = amount("municipality-2010-linked", works("p50", json!({})));
    let amounts: Vec<i64> = paid.stages.iter().map(|stage| stage.amount).collect();
    assert_eq!(amounts, [10_000_001, 20_000_001, 20_000_002, 20_000_001, 20_000_001, 5_000_001, 5_000_000]);
    assert_eq!(amounts.iter().sum::<i64>(), 100_000_007, "to the last 分");
    let due: Vec<_> = paid.stages.iter().map(|stage| stage.due).collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(due, [yes, yes, yes, no, no, no, no], "at 50 percent three stages are due");

    let accepted = json!({"accepted_on": "2025-06-01", "outcome_score": "79.99"});
    let retention = |more: &Value| {
        let paid = amount("municipality-2010-linked", works("acceptance", more.clone()));
        paid.stages[6].clone()
    };
    assert_eq!(retention(&accepted).due, Some(false), "中: the retention stays");
    assert_eq!(retention(&json!({"accepted_on": "2025-06-01", "outcome_score": "80"})).due, Some(true), "良");
    assert_eq!(retention(&json!({"accepted_on": "2025-06-02", "outcome_score": "95"})).due, Some(false), "a day early");
    let open = retention(&json!({"accepted_on": "2025-06-01"}));
    assert_eq!(open.due, None, "not evaluated yet");
    assert!(
        matches!(&open.unknown[0], AmountProblem::AmountInputMissing { input, who, .. }
        if input == "works.outcome_score" && who == "管网"),
        "{:?}",
        open.unknown
    );
}

#[test]
fn central_money_is_capped_by_the_type_of_the_village() {
    let village = |id: &str, kind: &str, estimate: &str| json!({"id": id, "village_type": kind, "estimate": estimate});
    let case = json!({"villages": [
        village("a", "ordinary", "120万元"), village("b", "problem", "120万元"), village("c", "problem", "200万元"),
    ]});
    let paid = amount("municipality-2010-linked", case);
    let results: Vec<i64> = paid.steps.iter().map(|step| step.result).collect();
    assert_eq!(results, [100 * WAN, 120 * WAN, 150 * WAN], "S8");
    assert_eq!(paid.total, 370 * WAN);
    assert_eq!(paid.steps[0].words.zh, "投资估算 120万元 超过上限（100万元），取 100万元");
    assert_eq!(paid.steps[2].words.zh, "投资估算 200万元 超过上限（问题村 150万元），取 150万元");
}

#[test]
fn a_score_of_eighty_three_lies_in_one_band_here_and_in_two_as_published() {
    let reward = |score: &str| {
        amount("taixing-green-village", json!({"villages": [{"id": "v", "acceptance_score": score}]})).total
    };
    for (score, wan) in [("79.99", 0), ("80", 5), ("82.99", 5), ("83", 8), ("85.9", 8), ("86", 12), ("100", 12)] {
        assert_eq!(reward(score), wan * WAN, "{score}");
    }
    let published = edited(
        "taixing-green-village",
        &[
            (r#"{ from = "80", below = "83""#, r#"{ from = "80", to = "83""#),
            (r#"{ from = "83", below = "86""#, r#"{ from = "83", to = "86""#),
        ],
    );
    let overlap = |score: &str, first: &str, second: &str| ProgrammeProblem {
        place: "rule.reward".to_owned(),
        fault: ProgrammeFault::BandsOverlap { score: score.into(), first: first.into(), second: second.into() },
    };
    assert_eq!(published, [overlap("83", "[80, 83]", "[83, 86]"), overlap("86", "[83, 86]", "≥ 86")], "S20");
}

#[test]
fn a_gap_between_bands_is_named() {
    let found = edited("taixing-green-village", &[(r#"from = "83", below"#, r#"from = "84", below"#)]);
    assert_eq!(found[0].fault, ProgrammeFault::BandsGap { from: "83".into(), until: "84".into() });
    let whole = r#"{ from = "80", to = "82.99""#;
    let closed = text("taixing-green-village").replacen(r#"{ from = "80", below = "83""#, whole, 1);
    Programme::parse(&closed).expect("scores have two places, so that 82.99 and 83 leave no gap");
}

#[test]
fn black_odour_water_is_paid_by_the_lower_of_two_steps_and_seventy_percent_before() {
    let city = |total: &str, area: u32, settled: Option<&str>| {
        let mut fields =
            json!({"total": total, "water_area": area.to_string(), "water_bodies": 12, "other_central": false});
        if let Some(settled) = settled {
            fields["settled"] = json!(settled);
        }
        amount("central-2022-black-odour", json!({"application": fields}))
    };
    for (total, area, grant) in [
        ("4亿元", 600_000, 2 * YI),
        ("3.99亿元", 600_000, YI),
        ("4.27亿元", 599_999, YI),
        ("2亿元", 300_000, YI),
        ("2亿元", 299_999, YI / 2),
        ("1亿元", 100_000, YI / 2),
        ("9999万元", 100_000, 0),
    ] {
        assert_eq!(city(total, area, None).total, grant, "S15: {total}, {area} m²");
    }
    let open = city("4亿元", 600_000, None);
    let stages: Vec<_> = open.stages.iter().map(|stage| (stage.name.as_str(), stage.amount, stage.due)).collect();
    assert_eq!(stages, [("advance", 140 * YI / 100, Some(true)), ("settlement", 60 * YI / 100, None)], "S12");
    let less = city("4亿元", 600_000, Some("1.3亿元"));
    assert_eq!((less.total, less.stages[1].amount), (13 * YI / 10, -10 * YI / 100), "too much was paid: it comes back");
    assert!(
        less.steps[3].words.zh.ends_with("核定 绩效评价后核定 1.3亿元，应收回 1000万元"),
        "{}",
        less.steps[3].words.zh
    );
}

#[test]
fn maguan_pays_by_unit_and_yongzhou_before_and_after() {
    let paid = amount(
        "maguan-2023-unit",
        json!({"villages": [
            {"id": "a", "name": "甲村", "public_toilets": 2, "household_toilets": 120, "upkeep": "1.5万元"},
            {"id": "b", "name": "乙村", "household_toilets": 31},
        ]}),
    );
    assert_eq!(paid.total, 16 * WAN + 24 * WAN + 15_000 * money::YUAN + 62_000 * money::YUAN, "S25");
    assert_eq!(paid.steps[2].words.zh, "户厕 120 户 × 2000元 = 24万元");
    assert_eq!(paid.steps[2].of.name, "甲村");

    let village =
        |done: Option<u32>| json!({"villages": [{"id": "v", "planned_toilets": 400, "completed_toilets": done}]});
    let open = amount("yongzhou-2019-toilet", village(None));
    assert_eq!((open.total, open.stages[0].amount), (20 * WAN, 20 * WAN), "S26: 500 a household, provisionally");
    assert_eq!(open.stages[1].due, None, "nobody has counted yet");
    let settled = amount("yongzhou-2019-toilet", village(Some(363)));
    assert_eq!((settled.total, settled.stages[1].amount), (18_150_000, -1_850_000));
}

#[test]
fn kaiping_takes_forty_percent_of_what_was_raised_and_halves_the_ten() {
    let paid = amount("kaiping-one-issue", json!({"application": {"villagers": "12万元", "labour": 333_333}}));
    let base = 12 * WAN + 333_333;
    let upper = money::part(base, 40, 100).expect("small").0;
    let local = money::part(base, 10, 100).expect("small").0;
    let shares: Vec<i64> = paid.shares.iter().map(|share| share.amount).collect();
    assert_eq!(shares, [upper, local - local / 2, local / 2], "S27; the odd 分 to the earlier");
    assert_eq!(shares.iter().sum::<i64>(), paid.total, "to the last 分");
    assert!(paid.steps[0].words.zh.ends_with("（四舍五入到分）"), "{}", paid.steps[0].words.zh);
}

#[test]
fn guangdong_rewards_ranks_and_wujin_keeps_a_tenth_until_the_province_accepts() {
    let reward = |rank: u32| amount("guangdong-2017-ranking", json!({"application": {"rank": rank}})).total;
    assert_eq!([1, 2, 3, 4].map(reward), [800 * WAN, 500 * WAN, 300 * WAN, 0], "S28");
    let wujin = |level: &str| {
        let works = json!({"id": "w", "approved_amount": "40万元", "stage": "acceptance", "accepted_level": level});
        amount("wujin-2014-progress", json!({"works": [works]}))
    };
    let dues = |level: &str| wujin(level).stages.iter().map(|stage| (stage.amount, stage.due)).collect::<Vec<_>>();
    assert_eq!(dues("county"), [(36 * WAN, Some(true)), (4 * WAN, Some(false))], "S18");
    assert_eq!(dues("province"), [(36 * WAN, Some(true)), (4 * WAN, Some(true))]);
}

/// 先建后验再奖补: what is not accepted is not paid, whatever was asked for.
#[test]
fn nothing_is_paid_for_works_that_are_not_accepted() {
    let programme = shipped("jiangsu-2020-build-first");
    let works = |id: &str, accepted: Option<&str>| json!({"id": id, "name": id, "accepted_on": accepted, "settled_amount": "30万元"});
    let case = case(
        json!({"application": {"requested": "60万元"}, "works": [works("甲", Some("2021-05-01")), works("乙", None)]}),
    );
    let paid = programme.amount(&case).expect("an amount");
    assert_eq!(paid.total, 30 * WAN, "S19");
    let unmet = programme.unmet(&case);
    assert_eq!(unmet.iter().map(|one| one.of.name.as_str()).collect::<Vec<_>>(), ["乙"]);
}

#[test]
fn sums_and_rates_of_published_tables_come_out_as_printed() {
    let wan = |text: &str| money::parse_scaled(text, WAN).expect("a figure");
    let parts = ["665", "169.2", "30.45", "15.12"].map(wan);
    assert_eq!(money::sum(parts), Some(wan("879.77")), "S101");
    assert_eq!(domain::indicator::percent(wan("338.31"), wan("329.77")).as_deref(), Some("102.59"), "S103");
    let programme = shipped("central-2022-black-odour");
    let grade = |score: i64| programme.grade(Figure::Number(score * 10_000)).map(|grade| grade.name.as_str());
    let scores = [10_000, 9_000, 8_999, 8_000, 7_999, 6_000, 5_999, 0].map(grade);
    let named = ["excellent", "excellent", "good", "good", "fair", "fair", "poor", "poor"].map(Some);
    assert_eq!(scores, named, "S16, each edge in the better grade");
}

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
fn whatever_is_wrong_with_a_programme_is_named_with_its_place() {
    type Edits<'a> = &'a [(&'a str, &'a str)];
    let table: &[(&str, Edits<'_>, &str, &str)] = &[
        ("jiangsu-2014-match", &[("to = \"reward\"", "to = \"district_match\"")], "rule.district_match", "stepLater"),
        ("jiangsu-2014-match", &[("to = \"reward\"", "to = \"rewards\"")], "rule.district_match", "stepUnknown"),
        ("jiangsu-2014-match", &[("clause = \"match\"\nmatching", "matching")], "rule.district_match", "clauseMissing"),
        (
            "jiangsu-2014-match",
            &[("clause = \"match\"\nmatching", "clause = \"x\"\nmatching")],
            "rule.district_match",
            "clauseUnknown",
        ),
        ("jiangsu-2014-match", &[("until = \"2016", "until = \"2013")], "until", "datesReversed"),
        ("jiangsu-2014-match", &[("version = 1", "version = 0")], "version", "programmeVersion"),
        ("jiangsu-2014-match", &[("code = \"jiangsu", "code = \"江苏")], "code", "programmeCode"),
        ("jiangsu-2014-match", &[("name = \"district_match\"", "name = \"reward\"")], "rule.reward", "nameTwice"),
        ("jiangsu-2014-match", &[("step = \"district_match\"", "step = \"reward\"")], "share.reward", "sharesNotWhole"),
        ("jiangsu-2014-match", &[("step = \"district_match\"", "step = \"reward\"")], "share", "sharesIncomplete"),
        ("jiangsu-2014-match", &[("total = [\"reward\", \"district_match\"]", "total = []")], "result", "nothingPaid"),
        ("jiangsu-2014-match", &[("length = 7", "length = 0")], "clock.notice", "clockEmpty"),
        ("kaiping-one-issue", &[("percent = \"50\"", "percent = \"49.99\"")], "share.local", "sharesNotWhole"),
        ("kaiping-one-issue", &[("application.labour", "application.labor")], "rule.upper", "inputUnknown"),
        ("kaiping-one-issue", &[("\"application.labour\"]", "\"application.year\"]")], "rule.upper", "inputWrongType"),
        (
            "kaiping-one-issue",
            &[("percent = \"40\" }", "percent = \"40\" }\nfixed = { amount = \"1元\" }")],
            "rule.upper",
            "primitiveCount",
        ),
        (
            "municipality-2010-linked",
            &[("\"进场\", en = \"On site\" }, percent = \"10\"", "\"进场\", en = \"On site\" }, percent = \"11\"")],
            "rule.payment",
            "sharesNotWhole",
        ),
        (
            "municipality-2010-linked",
            &[("grade = [\"excellent\", \"good\"]", "grade = [\"best\"]")],
            "rule.payment",
            "gradeUnknown",
        ),
        ("municipality-2010-linked", &[("below = \"80\"", "below = \"85\"")], "grade", "bandsOverlap"),
        ("municipality-2010-linked", &[("\"diffuse\"]", "\"sewage\"]")], "category[1]", "categoryTwice"),
        (
            "wujin-2014-progress",
            &[("words = [\"建制镇\", \"镇区污水\", \"集镇污水处理厂\", \"集镇管网\"]", "words = []")],
            "excluded.town_plant",
            "wordsMissing",
        ),
        ("taixing-green-village", &[("below = \"80\"", "below = \"-1\"")], "rule.reward", "bandReversed"),
        ("taixing-green-village", &[("amount = \"0元\"", "percent = \"10\"")], "rule.reward", "bandWorth"),
        ("taixing-green-village", &[("amount = \"5万元\"", "amount = \"5万\n\"")], "", "programmeUnreadable"),
        ("taixing-green-village", &[("level = \"district\"", "level = \"county\"")], "", "programmeUnreadable"),
    ];
    for (code, edits, place, fault) in table {
        let found = edited(code, edits);
        let code_of = |problem: &ProgrammeProblem| {
            let value = serde_json::to_value(problem).expect("JSON");
            (
                value["place"].as_str().unwrap_or_default().to_owned(),
                value["code"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let found: Vec<_> = found.iter().map(code_of).collect();
        assert!(found.contains(&((*place).to_owned(), (*fault).to_owned())), "{code} {edits:?}: {found:?}");
    }
}

#[test]
fn steps_that_wait_for_each_other_are_named_as_a_round() {
    let found = edited(
        "shandong-2011-match",
        &[("base = \"application.central\", percent = \"100\"", "base = \"county\", percent = \"100\"")],
    );
    let rounds: Vec<_> = found.iter().filter(|p| matches!(p.fault, ProgrammeFault::StepCycle { .. })).collect();
    assert_eq!(rounds.len(), 1, "{found:?}");
    assert_eq!(rounds[0].fault, ProgrammeFault::StepCycle { steps: "central → county → central".to_owned() });
}

/// A village cannot take a step of the whole application: it would be counted once for each.
#[test]
fn a_larger_units_step_is_not_handed_down() {
    let found = edited("jiangsu-2014-match", &[("of = \"village\"\nclause = \"reward\"", "clause = \"reward\"")]);
    let coarser = ProgrammeFault::StepCoarser { term: "reward".to_owned() };
    assert!(found.iter().any(|problem| problem.fault == coarser), "{found:?}");
}

#[test]
fn a_text_that_is_no_programme_says_the_line() {
    let found = problems("code = \"a\"\nversion = \"one\"\n");
    assert!(matches!(&found[0].fault, ProgrammeFault::ProgrammeUnreadable { line, .. } if line == "2"), "{found:?}");
    assert_eq!(problems(&"#".repeat(300 << 10))[0].fault, ProgrammeFault::ProgrammeTooLarge);
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
    let page = include_str!("../../../docs/programmes.md");
    let block = |mark: &str| {
        let after = page.split_once(&format!("```{mark}\n")).expect("the page has one").1;
        after.split_once("```").expect("it ends").0
    };
    let programme = Programme::parse(block("toml")).expect("the example holds together");
    let primitives: std::collections::BTreeSet<_> =
        programme.rules.iter().filter_map(|rule| rule.primitive()).map(|one| format!("{one:?}")).collect();
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

/// A programme of which only the figures between the marks matter.
fn small(rules: &str) -> String {
    format!(
        r#"
code = "x"
version = 1
name = {{ zh = "试", en = "Trial" }}
document = ""
issuer = "区财政局"
sort = "pilot"
stream = "environment"
level = "district"
from = "2026-01-01"
{rules}
[[clause]]
name = "c"
text = {{ zh = "条", en = "Clause" }}
source = "试"
inferred = true
"#
    )
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

#[test]
fn units_are_told_apart_by_their_place_where_a_case_gives_no_ids() {
    let paid =
        amount("taixing-green-village", json!({"villages": [{"acceptance_score": 90}, {"acceptance_score": 81}]}));
    let names: Vec<_> = paid.steps.iter().map(|step| (step.of.unit, step.of.name.as_str())).collect();
    assert_eq!(names, [(Unit::Village, "1"), (Unit::Village, "2")]);
}
