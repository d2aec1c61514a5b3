//! What a reviewer would find: each rule once broken in an application that is
//! otherwise right, and nothing found where nothing is wrong.

use chrono::NaiveDate;
use domain::finding::{Finding, FindingRule, Severity};
use domain::submission::{Others, Submission};
use domain::{Catalog, Fields, Record, RecordId};
use serde_json::{Value, json};
use uuid::Uuid;

const POLICY: &str = r#"
code = "test-fixed"
version = 1
name = { zh = "每村定额奖补", en = "A fixed sum per village" }
document = "测财建〔2026〕1号"
issuer = "测试区财政局"
sort = "promote"
stream = "environment"
level = "province"
from = "2026-01-01"
until = "2026-12-31"
outline = "f2"

[[category]]
names = ["sewage", "black_odour"]
clause = "all"

[[paper]]
sorts = ["truthfulness"]
clause = "all"

[[clock]]
name = "notice"
length = 7
unit = "days"
clause = "all"

[[rule]]
name = "fixed"
label = { zh = "定额", en = "Fixed" }
of = "village"
clause = "all"
fixed = { amount = "30万元" }

[result]
total = ["fixed"]

[[share]]
level = "province"
label = { zh = "省级", en = "Province" }
step = "fixed"
clause = "all"

[[clause]]
name = "all"
article = "第一条"
text = { zh = "全部", en = "All of it" }
source = "测试"
inferred = true
"#;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn record(number: u128, kind: &str, state: Option<&str>, fields: Value) -> Record {
    let fields: Fields = serde_json::from_value(fields).expect("an object is fields");
    Record {
        id: id(number),
        kind: kind.to_owned(),
        scope: domain::Scope::parse("320902101").expect("a township"),
        fields,
        state: state.map(str::to_owned),
        deleted: false,
        stamps: Default::default(),
        conflicts: Vec::new(),
        waiting: Vec::new(),
    }
}

fn text(number: u128) -> String {
    id(number).to_string()
}

fn file(letter: &str) -> Value {
    json!([{"sha256": letter.repeat(64), "name": "件.pdf", "bytes": 1}])
}

/// An application in which nothing is wrong, in June 2026.
fn right() -> Submission {
    let (village, works, application, water) = (text(1), text(2), text(100), text(3));
    let placed = json!({"lon": 120.1, "lat": 33.3, "system": "wgs84"});
    let target = |number, level: &str| {
        let fields = json!({"application": application, "level": level, "aspect": "quantity", "name": level,
            "core": true, "bound": "at_least", "value": "1", "unit": "个"});
        record(number, "target", None, fields)
    };
    Submission {
        application: record(
            100,
            "application",
            Some("township_review"),
            json!({
                "number": "SB-2026-A-1", "name": "甲村污水治理", "year": 2026, "programme": "以奖促治",
                "policy": text(9), "applicant": "甲镇人民政府", "department": "区生态环境局", "leader": "张三",
                "phone": "0515-1", "villages": [village], "linking": "single", "works": [works, text(4)],
                "problems": "污水直排", "start": "2026-07-01", "end": "2026-12-31", "other_central": false,
                "total": 34_000_000, "requested": 30_000_000, "province": 30_000_000, "town": 4_000_000,
                "benefit_households": 260, "benefit_people": 800, "keeper": "甲村村委会",
                "upkeep_cost": 1_000_000, "upkeep_source": "镇财政",
            }),
        ),
        programme: Some(record(
            9,
            "programme",
            Some("published"),
            json!({"code": "test-fixed", "version": 1, "name": "每村定额奖补", "sort": "promote", "rules": POLICY}),
        )),
        villages: vec![record(
            1,
            "village",
            None,
            json!({"code": "320902101001", "name": "甲村", "households": 300, "population": 1_000, "place": placed,
                "sewage_rate": {"numerator": 100, "denominator": 300, "asOf": "2026-05-31", "basis": "户"}}),
        )],
        works: vec![
            record(
                2,
                "works",
                Some("planned"),
                json!({"village": village, "name": "甲村污水站", "category": "sewage", "households": 260,
                    "population": 800, "capacity": "60", "process": "aao", "pipe_length": "1000",
                    "planned_start": "2026-07-01", "planned_end": "2026-12-31", "place": placed}),
            ),
            record(
                4,
                "works",
                Some("planned"),
                json!({"village": village, "name": "甲村黑臭水体", "category": "black_odour", "water_body": water,
                    "planned_start": "2026-07-01", "planned_end": "2026-12-31"}),
            ),
        ],
        contracts: Vec::new(),
        variations: Vec::new(),
        acceptances: Vec::new(),
        notices: vec![
            record(
                20,
                "notice",
                Some("ended"),
                json!({"name": "项目公示", "about": "selection", "application": application,
                    "start": "2026-05-01", "end": "2026-05-10", "photos": file("a")}),
            ),
            record(
                21,
                "notice",
                Some("ended"),
                json!({"name": "黑臭公示", "about": "black_odour", "water_bodies": [water],
                    "start": "2026-04-01", "end": "2026-04-16", "photos": file("b")}),
            ),
        ],
        progress: Vec::new(),
        spots: Vec::new(),
        water_bodies: vec![record(
            3,
            "water_body",
            Some("found"),
            json!({"name": "南沟", "area": "600", "length": "300", "width": "2", "list_level": "province"}),
        )],
        lines: vec![
            record(
                30,
                "estimate_line",
                None,
                json!({"application": application, "works": works, "part": "处理设施", "content": "A²/O 一体站",
                    "quantity": "60", "unit": "t_d", "unit_price": 400_000, "amount": 24_000_000}),
            ),
            record(
                31,
                "estimate_line",
                None,
                json!({"application": application, "works": works, "part": "管网", "content": "DN300 主管",
                    "quantity": "1000", "unit": "m", "unit_price": 10_000, "amount": 10_000_000}),
            ),
        ],
        figures: Vec::new(),
        targets: vec![target(40, "output"), target(41, "benefit"), target(42, "satisfaction")],
        chapters: (1..=8)
            .map(|n| {
                let fields = json!({"application": application, "outline": "f2", "place": n, "title": "章",
                    "code": format!("f2.{n}"), "text": "内容"});
                record(50 + n, "chapter", None, fields)
            })
            .collect(),
        documents: vec![record(
            60,
            "document",
            None,
            json!({"application": application, "sort": "truthfulness", "title": "承诺", "files": file("c")}),
        )],
        opinions: Vec::new(),
        remarks: Vec::new(),
        funds: Vec::new(),
        evaluations: Vec::new(),
        month_reports: Vec::new(),
        households: Vec::new(),
        others: Others::default(),
    }
}

/// A household of the village that gets a toilet.
fn household(number: u128, fields: Value) -> Record {
    let mut all = record(
        number,
        "household",
        None,
        json!({"number": format!("NH-{number}"), "village": text(1),
        "householder": "王芳", "door_number": "12号", "benefit": "toilet", "benefited_on": "2026-05-01"}),
    );
    let more: Fields = serde_json::from_value(fields).expect("an object is fields");
    all.fields.extend(more);
    all
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn review(submission: &Submission) -> Vec<Finding> {
    domain::review::review(submission, &Catalog::shipped(), day("2026-06-15"))
}

fn set(record: &mut Record, field: &str, value: Value) {
    record.fields.insert(field.to_owned(), value);
}

/// Another application for the same village, with a works of its own there.
fn another(number: u128, state: &str, sort: &str) -> Others {
    let works = json!({"village": text(1), "name": "乙报的污水站", "category": "sewage",
        "planned_start": "2026-09-01", "planned_end": "2027-03-31"});
    let application = json!({"number": "SB-2026-B-1", "name": "乙申报", "year": 2026, "works": [text(200)],
        "villages": [text(1)], "policy": text(8)});
    Others {
        applications: vec![record(number, "application", Some(state), application)],
        works: vec![record(200, "works", Some("planned"), works)],
        programmes: vec![record(8, "programme", Some("published"), json!({"name": "另一项", "sort": sort}))],
        households: Vec::new(),
    }
}

#[test]
fn an_application_in_which_nothing_is_wrong_has_no_finding() {
    let found = review(&right());
    assert!(found.is_empty(), "{found:#?}");
}

type Breaking = fn(&mut Submission);

/// Each rule with what breaks it, what it then weighs, and where it is mended.
const BROKEN: &[(FindingRule, Severity, &str, Breaking)] = &[
    (FindingRule::FundingSum, Severity::Block, "application.total", |s| {
        set(&mut s.application, "town", json!(4_000_001));
    }),
    (FindingRule::FundingMissing, Severity::Block, "application.central", |s| {
        for source in ["province", "town"] {
            set(&mut s.application, source, Value::Null);
        }
    }),
    (FindingRule::EstimateSum, Severity::Block, "application.total", |s| {
        set(&mut s.lines[1], "quantity", json!("1001"));
        set(&mut s.lines[1], "amount", json!(10_010_000));
    }),
    (FindingRule::LineAmount, Severity::Block, "estimate_line.amount", |s| {
        set(&mut s.lines[0], "unit_price", json!(400_001));
    }),
    (FindingRule::EstimateMissing, Severity::Warn, "application+estimate_line", |s| s.lines.clear()),
    (FindingRule::ChannelUnnamed, Severity::Warn, "application.other_channel", |s| {
        set(&mut s.application, "town", json!(3_000_000));
        set(&mut s.application, "other_funds", json!(1_000_000));
    }),
    (FindingRule::NotEligible, Severity::Block, "estimate_line.content", |s| {
        set(&mut s.lines[1], "content", json!("管道及村干部工资"));
    }),
    (FindingRule::CategoryNotEligible, Severity::Block, "works.category", |s| {
        set(&mut s.works[1], "category", json!("livestock"));
    }),
    (FindingRule::OverEntitled, Severity::Block, "application.requested", |s| {
        set(&mut s.application, "requested", json!(30_000_001));
    }),
    (FindingRule::AmountDiffers, Severity::Warn, "application.province", |s| {
        set(&mut s.application, "province", json!(29_000_000));
        set(&mut s.application, "town", json!(5_000_000));
    }),
    (FindingRule::AmountDiffers, Severity::Warn, "application.requested", |s| {
        set(&mut s.application, "requested", json!(29_999_999));
    }),
    (FindingRule::PolicyMissing, Severity::Warn, "application.policy", |s| s.programme = None),
    (FindingRule::PolicyUnpublished, Severity::Block, "application.policy", |s| {
        s.programme.as_mut().expect("one is chosen").state = Some("retired".to_owned());
    }),
    (FindingRule::PolicyUnreadable, Severity::Block, "application.policy", |s| {
        set(s.programme.as_mut().expect("one is chosen"), "rules", json!("code = "));
    }),
    (FindingRule::OtherCentral, Severity::Block, "application.other_central", |s| {
        set(&mut s.application, "other_central", json!(true));
    }),
    (FindingRule::FundedAlready, Severity::Warn, "works.granted", |s| {
        set(&mut s.works[0], "granted", json!(1));
    }),
    (FindingRule::WorksTwice, Severity::Block, "application.works", |s| {
        s.others = another(90, "draft", "promote");
        set(&mut s.others.applications[0], "works", json!([text(4)]));
    }),
    (FindingRule::BeneficiariesTooMany, Severity::Block, "works.households", |s| {
        set(&mut s.works[0], "households", json!(301));
    }),
    (FindingRule::BeneficiariesTooMany, Severity::Block, "application.benefit_people", |s| {
        set(&mut s.application, "benefit_people", json!(1_001));
    }),
    (FindingRule::CapacityOdd, Severity::Warn, "works.capacity", |s| {
        set(&mut s.works[0], "population", json!(100));
    }),
    (FindingRule::CostOdd, Severity::Warn, "works.capacity", |s| {
        set(&mut s.works[0], "process", json!("package"));
    }),
    (FindingRule::CostOdd, Severity::Warn, "estimate_line.unit_price", |s| {
        set(&mut s.lines[1], "quantity", json!("100"));
        set(&mut s.lines[1], "unit_price", json!(100_000));
    }),
    (FindingRule::HouseholdTwice, Severity::Warn, "household.door_number", |s| {
        s.households = vec![household(600, json!({})), household(601, json!({"householder": "李强"}))];
    }),
    (FindingRule::HouseholdTwice, Severity::Warn, "household.householder", |s| {
        s.households = vec![household(600, json!({"id_mark": "a1"}))]; // And in another village of the district:
        let other = json!({"village": text(99), "door_number": "7号", "id_mark": "a1"});
        s.others.households = vec![household(500, other)];
    }),
    (FindingRule::HouseholderDeceased, Severity::Warn, "household.deceased_on", |s| {
        s.households = vec![household(600, json!({"deceased_on": "2025-12-31"}))];
    }),
    (FindingRule::RateOdd, Severity::Warn, "village.sewage_rate", |s| {
        set(
            &mut s.villages[0],
            "sewage_rate",
            json!({"numerator": 301, "denominator": 300, "asOf": "2026-05-31", "basis": "户"}),
        );
    }),
    (FindingRule::WaterArea, Severity::Warn, "water_body.area", |s| {
        set(&mut s.water_bodies[0], "width", json!("20"));
    }),
    (FindingRule::WaterList, Severity::Warn, "water_body.list_level", |s| {
        set(&mut s.water_bodies[0], "list_level", json!("national"));
    }),
    (FindingRule::NoticeMissing, Severity::Block, "application+notice", |s| {
        s.notices[0].state = Some("withdrawn".to_owned());
    }),
    (FindingRule::NoticeShort, Severity::Block, "notice.end", |s| {
        set(&mut s.notices[0], "end", json!("2026-05-07")); // The day it goes up does not count.
    }),
    (FindingRule::NoticeShort, Severity::Block, "notice.end", |s| {
        set(&mut s.notices[1], "end", json!("2026-04-15")); // Waters: fifteen days.
    }),
    (FindingRule::NoticeRunning, Severity::Block, "notice.end", |s| {
        set(&mut s.notices[0], "end", json!("2026-06-15"));
    }),
    (FindingRule::DocumentMissing, Severity::Block, "application+document", |s| s.documents.clear()),
    (FindingRule::ChapterMissing, Severity::Warn, "application+chapter", |s| {
        set(&mut s.chapters[3], "text", json!(""));
    }),
    (FindingRule::WrittenTwice, Severity::Block, "chapter.", |s| {
        let second = Record { id: id(59), ..s.chapters[3].clone() };
        s.chapters.push(second);
    }),
    (FindingRule::OutlinesMixed, Severity::Block, "chapter.", |s| {
        let mut other = Record { id: id(59), ..s.chapters[3].clone() };
        set(&mut other, "outline", json!("f3"));
        set(&mut other, "code", json!("f3.3"));
        s.chapters.push(other);
    }),
    (FindingRule::TargetMissing, Severity::Warn, "application+target", |s| drop(s.targets.remove(1))),
    (FindingRule::FieldsMissing, Severity::Warn, "application.leader", |s| {
        set(&mut s.application, "leader", Value::Null);
    }),
    (FindingRule::VillageNotNamed, Severity::Warn, "application.villages", |s| {
        set(&mut s.application, "villages", json!([text(777)]));
    }),
    (FindingRule::SpanReversed, Severity::Block, "application.end", |s| {
        set(&mut s.application, "end", json!("2026-06-30"));
    }),
    (FindingRule::RemarkOpen, Severity::Block, "review_remark.reply", |s| {
        let fields = json!({"application": text(100), "place": 1, "text": "投资估算缺户接入"});
        s.remarks.push(record(70, "review_remark", Some("reopened"), fields));
    }),
    (FindingRule::PaidOverArrived, Severity::Block, "application+fund_entry", |s| {
        let fields = json!({"application": text(100), "sort": "payment", "level": "province",
            "dated": "2026-06-01", "amount": 1});
        s.funds.push(record(80, "fund_entry", None, fields));
    }),
];

#[test]
fn each_rule_finds_what_breaks_it_and_says_where_to_mend_it() {
    for (rule, severity, place, breaking) in BROKEN {
        let mut submission = right();
        breaking(&mut submission);
        let found = review(&submission);
        let of_rule: Vec<&Finding> = found.iter().filter(|finding| finding.rule == *rule).collect();
        let [one] = of_rule[..] else { panic!("{rule:?} is found once: {found:#?}") };
        assert_eq!(one.severity, *severity, "{one:#?}");
        let mend = one.mend.as_ref().expect("it can be mended");
        let said = match (&mend.make, &mend.field) {
            (Some(make), _) => format!("{}+{make}", mend.kind),
            (None, field) => format!("{}.{}", mend.kind, field.as_deref().unwrap_or_default()),
        };
        assert_eq!(said, *place, "{rule:?}");
        assert!(!one.clause.is_empty() && !one.records.is_empty(), "{one:#?}");
        if severity == &Severity::Block {
            assert!(found[0].blocks(), "what blocks comes first");
        } else {
            assert!(!found.iter().any(Finding::blocks), "a warning stops nothing: {found:#?}");
        }
    }
}

#[test]
fn of_two_applications_for_one_thing_the_first_is_warned_and_the_second_stopped() {
    // The other's number in order of making, its state, its stream; what is found here.
    for (number, state, sort, expected) in [
        (90, "draft", "promote", Some((FindingRule::DuplicateFunding, Severity::Block))), // Made before.
        (110, "draft", "promote", Some((FindingRule::DuplicateFunding, Severity::Warn))), // Made after.
        (110, "reported", "promote", Some((FindingRule::DuplicateFunding, Severity::Block))), // Yet there first.
        (110, "returned", "promote", Some((FindingRule::DuplicateFunding, Severity::Warn))),
        (90, "building", "agriculture", Some((FindingRule::OtherStream, Severity::Warn))),
        (90, "withdrawn", "promote", None),
        (90, "ended", "promote", None),
    ] {
        let mut submission = right();
        submission.others = another(number, state, sort);
        let found: Vec<_> = review(&submission).iter().map(|one| (one.rule, one.severity)).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{number} {state} {sort}");
    }
}

#[test]
fn another_time_category_or_village_is_no_duplicate() {
    let changes: [(&str, Value, bool); 5] = [
        ("planned_start", json!("2026-12-31"), true),
        ("planned_start", json!("2027-01-01"), false),
        ("category", json!("waste"), false),
        ("village", json!(text(5)), false),
        ("planned_start", Value::Null, true), // Undated, it runs through its application's year.
    ];
    for (field, value, expected) in changes {
        let mut submission = right();
        submission.others = another(90, "reported", "promote");
        set(&mut submission.others.works[0], field, value.clone());
        let found = review(&submission).iter().any(|one| one.rule == FindingRule::DuplicateFunding);
        assert_eq!(found, expected, "{field} = {value}");
    }
}

#[test]
fn a_programme_that_is_over_stops_what_is_still_written_and_not_what_was_reported() {
    let submission = right();
    let catalog = Catalog::shipped();
    let on = |submission: &Submission, date: &str| {
        let found = domain::review::review(submission, &catalog, day(date));
        found.iter().any(|one| one.rule == FindingRule::PolicyNotInForce)
    };
    assert!(!on(&submission, "2026-12-31"), "its last day");
    assert!(on(&submission, "2027-01-01"), "the day after");
    let reported = Submission {
        application: Record { state: Some("reported".to_owned()), ..submission.application.clone() },
        ..submission
    };
    assert!(!on(&reported, "2027-01-01"), "it was reported while it held");
}

#[test]
fn the_library_lets_go_after_three_years_to_the_day() {
    let mut submission = right();
    submission.application.state = Some("in_library".to_owned());
    set(&mut submission.application, "reserve_on", json!("2024-02-29"));
    for (today, expected) in [("2027-02-27", false), ("2027-02-28", true)] {
        let found = domain::review::review(&submission, &Catalog::shipped(), day(today));
        let expired = found.iter().any(|one| one.rule == FindingRule::LibraryExpired);
        assert_eq!(expired, expected, "{today}");
    }
}

#[test]
fn once_money_is_allocated_its_use_is_made_public_and_each_month_reported() {
    let mut submission = right();
    submission.application.state = Some("building".to_owned());
    set(&mut submission.application, "allocated_on", json!("2026-04-20"));
    let rules = |submission: &Submission| review(submission).iter().map(|one| one.rule).collect::<Vec<_>>();
    let found = rules(&submission);
    assert_eq!(
        found,
        [FindingRule::NoticeMissing, FindingRule::MonthReportMissing],
        "the funds' notice, and May's report"
    );
    let report = json!({"month": "2026-05"});
    submission.month_reports.push(record(300, "month_report", Some("handed_in"), report));
    assert_eq!(rules(&submission), [FindingRule::NoticeMissing]);
}

#[test]
fn a_key_is_the_same_for_the_same_question_and_another_for_another() {
    let mut submission = right();
    submission.documents.clear();
    submission.programme = None;
    let missing = |submission: &Submission| -> Vec<String> {
        let found = review(submission).into_iter().filter(|one| one.rule == FindingRule::DocumentMissing);
        found.map(|one| one.key).collect()
    };
    let keys = missing(&submission);
    let different: std::collections::BTreeSet<&String> = keys.iter().collect();
    assert!(keys.len() > 3 && different.len() == keys.len(), "one for each paper: {keys:?}");
    assert_eq!(keys, missing(&submission), "an answer is found by it again");
}

#[test]
fn quantity_times_price_is_rounded_to_the_fen_and_a_tie_goes_up() {
    for (quantity, price, expected) in [
        ("60", 400_000, Some(24_000_000)),
        ("0.5", 1, Some(1)),
        ("0.4999", 1, Some(0)),
        ("12.345", 1_001, Some(12_357)),
        ("1.0000001", 100, None),
        ("九", 100, None),
        ("9223372036854", i64::MAX, None),
    ] {
        assert_eq!(domain::review::product(quantity, price), expected, "{quantity} × {price}");
    }
}

#[test]
fn one_household_may_get_two_things_and_two_may_share_a_name() {
    let mut submission = right();
    submission.households = vec![
        household(600, json!({"id_mark": "a1"})),
        household(601, json!({"id_mark": "a1", "benefit": "sewer"})), // Connected as well.
        household(602, json!({"door_number": "13号"})),               // A namesake next door.
        household(603, json!({"door_number": "14号", "deceased_on": "2026-06-01"})), // Reached in May, before.
    ];
    submission.others.households = vec![household(500, json!({"village": text(99)}))]; // Another village's 12号.
    assert!(review(&submission).is_empty(), "{:#?}", review(&submission));
}
