//! The published formulas, recomputed with their own figures from what ships.

use domain::money;
use domain::programme::{AmountProblem, Figure, ProgrammeFault, ProgrammeProblem};
use serde_json::{Value, json};

use crate::{WAN, YI, amount, case, edited, shipped, villages};

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
