//! The books: sums that do not depend on any order, stages that come to the price
//! to the last 分, and each rule with its figures.
#![allow(clippy::needless_pass_by_value, reason = "a test says its fields where it needs them")]

use std::collections::BTreeMap;

use domain::finding::FindingRule as Rule;
use domain::funds::{
    Basis, Books, Effect, Group, Missing, Papers, PaymentTerms, RetentionTerms, Sort, Source, Stage, StagePlan,
    StageStep, admit, due, findings,
};
use domain::{Catalog, Record, RecordId, Refusal, Value};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

const EVER: &str = "2099-12-31";

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn record(kind: &str, number: u128, state: Option<&str>, fields: Value) -> Record {
    let value = json!({"id": id(number), "kind": kind, "scope": "320902107", "fields": fields, "state": state});
    serde_json::from_value(value).expect("a record")
}

fn entry(number: u128, sort: &str, amount: i64, more: Value) -> Record {
    let mut fields = json!({
        "number": format!("ZJ-{number}"), "sort": sort, "level": "province", "dated": "2026-03-01", "amount": amount
    });
    let more = more.as_object().expect("fields").clone();
    fields.as_object_mut().expect("fields").extend(more);
    record("fund_entry", number, None, fields)
}

/// One application with one works and one contract of 1,000,000.01 元, begun and 55 % built.
struct Case {
    applications: Vec<Record>,
    works: Vec<Record>,
    contracts: Vec<Record>,
    variations: Vec<Record>,
    progress: Vec<Record>,
    acceptances: Vec<Record>,
    evaluations: Vec<Record>,
    entries: Vec<Record>,
}

const PRICE: i64 = 100_000_001;

impl Case {
    fn new() -> Self {
        Self {
            applications: vec![record("application", 1, Some("building"), json!({"name": "申报", "works": [id(2)]}))],
            works: vec![record(
                "works",
                2,
                Some("building"),
                json!({"name": "管网", "actual_start": "2026-01-05", "approved_amount": 120_000_000}),
            )],
            contracts: vec![record(
                "contract",
                3,
                Some("signed"),
                json!({"name": "管网施工", "works": id(2), "amount": PRICE}),
            )],
            variations: Vec::new(),
            progress: vec![record("progress", 4, None, json!({"works": id(2), "date": "2026-02-20", "percent": 55}))],
            acceptances: Vec::new(),
            evaluations: Vec::new(),
            entries: vec![
                entry(10, "allocated", 120_000_000, json!({"application": id(1)})),
                entry(11, "arrived", 110_000_000, json!({"application": id(1)})),
            ],
        }
    }

    fn papers(&self) -> Papers<'_> {
        Papers {
            entries: &self.entries,
            new: None,
            applications: &self.applications,
            works: &self.works,
            contracts: &self.contracts,
            variations: &self.variations,
            progress: &self.progress,
            acceptances: &self.acceptances,
            evaluations: &self.evaluations,
        }
    }

    fn pay(&self, amount: i64, more: Value) -> Result<(), Refusal> {
        let mut fields = more;
        fields.as_object_mut().expect("fields").insert("contract".to_owned(), json!(id(3)));
        admit(&self.papers(), &plans(), &entry(99, "payment", amount, fields), "2026-03-02")
    }
}

/// 10/20/20/20/20/5 % and 5 % held back, as the rule of S6b has it.
fn plan() -> StagePlan {
    use Stage::{Acceptance, Entry, P30, P50, P70, P90, Retention};
    let shares = [(Entry, 10), (P30, 20), (P50, 20), (P70, 20), (P90, 20), (Acceptance, 5), (Retention, 5)];
    StagePlan {
        steps: shares.map(|(stage, percent)| StageStep { stage, share: percent * 100 }).to_vec(),
        retention: RetentionTerms { months: 12, grades: vec!["excellent".to_owned(), "good".to_owned()], level: None },
        open: false,
        clause: "S6b".to_owned(),
    }
}

fn plans() -> BTreeMap<RecordId, PaymentTerms> {
    staged(plan())
}

fn staged(plan: StagePlan) -> BTreeMap<RecordId, PaymentTerms> {
    [(id(1), PaymentTerms { stages: Some(plan), after_acceptance: false })].into()
}

fn rules(case: &Case, as_of: &str) -> Vec<Rule> {
    findings(&case.papers(), &plans(), as_of).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn every_choice_of_the_catalog_is_one_that_the_books_know() {
    let catalog = Catalog::shipped();
    let kind = catalog.kind("fund_entry").expect("it ships");
    let choices = |field: &str| -> Vec<String> {
        kind.field(field).expect("a field").choices.iter().map(|choice| choice.value.clone()).collect()
    };
    assert_eq!(choices("sort"), Sort::ALL.iter().map(|one| one.name()).collect::<Vec<_>>());
    assert_eq!(choices("level"), Source::ALL.iter().map(|one| one.name()).collect::<Vec<_>>());
    assert_eq!(choices("stage"), Stage::ALL.iter().map(|one| one.name()).collect::<Vec<_>>());
}

#[test]
fn a_contract_leads_to_its_works_and_that_to_the_application_that_pays() {
    let mut case = Case::new();
    case.entries.push(entry(12, "payment", 30_000_000, json!({"contract": id(3), "stage": "entry"})));
    let papers = case.papers();
    let books = Books::of(&papers);
    let all = books.balance(EVER);
    assert_eq!((all.arrived, all.spent(), all.left()), (110_000_000, 30_000_000, 80_000_000));
    let rate = all.execution();
    assert_eq!((rate.numerator, rate.denominator, rate.basis), (30_000_000, 120_000_000, Basis::Allocated));
    for group in [Group::Application, Group::Works, Group::Contract] {
        let home = match group {
            Group::Application => id(1),
            Group::Works => id(2),
            _ => id(3),
        };
        assert_eq!(books.balances(group, EVER)[&home.to_string()].paid, 30_000_000, "{group:?}");
    }
    assert_eq!(books.balances(Group::Year, EVER)["2026"], all);
    assert_eq!(books.balance("2026-02-28").arrived, 0, "what is entered for March is not there in February");
    case.applications.push(record("application", 7, Some("draft"), json!({"name": "另一", "works": [id(2)]})));
    let papers = case.papers();
    let of_none = Books::of(&papers).balances(Group::Application, EVER);
    assert_eq!(of_none[""].paid, 30_000_000, "of two that claim a works neither is said to pay for it");
}

#[test]
fn what_the_stages_allow_is_what_may_be_paid() {
    let case = Case::new();
    let due_now = |case: &Case, as_of: &str| due(&case.papers(), &plans(), as_of).remove(0);
    let half = due_now(&case, "2026-03-01");
    let amounts: Vec<i64> = half.stages.iter().map(|stage| stage.amount).collect();
    assert_eq!(amounts.iter().sum::<i64>(), PRICE, "to the last 分: {amounts:?}");
    assert_eq!(half.allowed, 50_000_001, "10 + 20 + 20 % of the price, rounded once");
    let missing: Vec<_> = half.stages.iter().map(|stage| stage.missing).collect();
    let (built, accepted) = (Some(Missing::NotBuilt), Some(Missing::NotAccepted));
    assert_eq!(missing, [None, None, None, built, built, accepted, accepted]);
    assert_eq!(half.stages[2].record, Some(id(4)), "by the entry that says 55 %");
    assert_eq!(due_now(&case, "2026-02-01").allowed, 10_000_000, "before that entry only the first stage is reached");

    case.pay(50_000_001, json!({"stage": "p50"})).expect("all that is allowed");
    let refused = case.pay(50_000_002, json!({"stage": "p50"})).expect_err("one 分 more");
    let figures = (String::from("500,000.02"), String::from("500,000.01"), String::from("0.01"));
    match refused {
        Refusal::FundBeyondStage { of, paid, allowed, over } => {
            assert_eq!((of.as_str(), (paid, allowed, over)), ("管网施工", figures));
        }
        other => panic!("{other}"),
    }
    let before = case.pay(1, json!({"stage": "acceptance"})).expect_err("nothing was accepted");
    assert!(matches!(before, Refusal::FundBeforeAcceptance { .. }), "{before}");
}

#[test]
fn retention_waits_for_its_date_and_its_grade() {
    let mut case = Case::new();
    case.works[0] = record("works", 2, Some("accepted"), json!({"name": "管网", "accepted_on": "2026-06-01"}));
    let act = json!({"subject": "contract", "contract": id(3), "held_on": "2026-06-10"});
    case.acceptances.push(record("acceptance", 5, Some("passed"), act));
    case.entries.push(entry(12, "payment", 95_000_001, json!({"contract": id(3), "dated": "2026-06-20"})));
    assert_eq!(rules(&case, "2026-07-01"), [], "95 % are reached with the acceptance");
    let release = |case: &Case, dated: &str| {
        let retention = entry(13, "retention", 5_000_000, json!({"contract": id(3), "dated": dated}));
        admit(&case.papers(), &plans(), &retention, dated)
    };
    match release(&case, "2027-06-09").expect_err("a day too early") {
        Refusal::FundRetentionEarly { from, .. } => assert_eq!(from, "2027-06-10"),
        other => panic!("{other}"),
    }

    let due_then = |case: &Case| due(&case.papers(), &plans(), "2027-06-10").remove(0).stages.remove(6);
    assert_eq!(due_then(&case).missing, Some(Missing::NotGraded));
    let graded = |grade: &str| {
        let fields = json!({"application": id(1), "sort": "effect", "held_on": "2027-06-05", "grade": grade});
        record("evaluation", 6, Some("confirmed"), fields)
    };
    case.evaluations = vec![graded("fair")];
    assert_eq!(due_then(&case).missing, Some(Missing::GradeTooLow));
    let low = release(&case, "2027-06-10").expect_err("中 is neither 优 nor 良");
    assert!(matches!(low, Refusal::FundRetentionUngraded { grade, .. } if grade == "fair"));
    case.evaluations = vec![graded("good")];
    assert!(due_then(&case).reached);
    release(&case, "2027-06-10").expect("on its day, with its grade");
}

#[test]
fn nothing_is_paid_beyond_what_arrived_or_what_the_contract_says() {
    let mut case = Case::new();
    case.works[0].state = Some("accepted".to_owned());
    case.works[0].fields.insert("accepted_on".to_owned(), json!("2026-02-25"));
    case.entries[1] = entry(11, "arrived", 40_000_000, json!({"application": id(1)}));
    match case.pay(40_000_001, json!({})).expect_err("one 分 beyond what arrived") {
        Refusal::FundBeyondArrived { of, paid, arrived, over } => {
            assert_eq!((of.as_str(), paid.as_str()), ("申报", "400,000.01"));
            assert_eq!((arrived.as_str(), over.as_str()), ("400,000.00", "0.01"));
        }
        other => panic!("{other}"),
    }
    case.entries[1] = entry(11, "arrived", 200_000_000, json!({"application": id(1)}));
    let beyond = case.pay(PRICE + 1, json!({})).expect_err("one 分 beyond the price");
    assert!(matches!(beyond, Refusal::FundBeyondContract { .. }), "{beyond}");
    case.variations.push(record("variation", 8, Some("approved"), json!({"contract": id(3), "amount": 30_000_000})));
    case.pay(PRICE + 1, json!({})).expect("a variation that was approved raises the price");
    assert_eq!(rules(&case, EVER), [Rule::ContractOverApproved], "and that is more than was approved");
    case.contracts[0].fields.insert("settled_amount".to_owned(), json!(90_000_000));
    let settled = case.pay(90_000_001, json!({})).expect_err("the audit came to less");
    assert!(matches!(settled, Refusal::FundBeyondContract { limit, .. } if limit == "900,000.00"));

    case.entries.push(entry(12, "payment", 130_000_000, json!({"application": id(1)})));
    let over = findings(&case.papers(), &plans(), EVER);
    let over = over.iter().find(|finding| finding.rule == Rule::ExecutionOver).expect("130 of 120");
    assert_eq!(over.fields["percent"], "108.33", "as a table that was published has 102.59 %");
}

#[test]
fn where_building_comes_first_only_an_advance_is_paid_before_acceptance() {
    let mut case = Case::new();
    let plans: BTreeMap<_, _> = [(id(1), PaymentTerms { stages: None, after_acceptance: true })].into();
    let paid = |case: &Case, sort: &str, more: Value| {
        let entry = entry(99, sort, 1_000, more);
        admit(&case.papers(), &plans, &entry, "2026-03-01")
    };
    let pay = |case: &Case, sort: &str| paid(case, sort, json!({"contract": id(3)}));
    pay(&case, "advance").expect("预拨");
    assert!(matches!(pay(&case, "payment"), Err(Refusal::FundBeforeAcceptance { .. })));
    let whole = paid(&case, "payment", json!({"application": id(1)}));
    assert!(matches!(whole, Err(Refusal::FundBeforeAcceptance { .. })), "nor on the application as a whole");
    paid(&case, "payment", json!({"contract": id(3), "level": "town"})).expect("the township builds with its own");
    let act = json!({"subject": "works", "works": id(2), "held_on": "2026-03-01"});
    case.acceptances.push(record("acceptance", 5, Some("passed"), act));
    pay(&case, "payment").expect("accepted that day");
}

#[test]
fn a_reversal_undoes_an_entry_once_wholly_and_where_it_stood() {
    let mut case = Case::new();
    case.entries.push(entry(12, "payment", 30_000_000, json!({"contract": id(3)})));
    let reverse = |number: u128, of: u128, amount: i64| {
        entry(number, "reversal", amount, json!({"reverses": id(of), "application": id(1), "dated": "2027-01-05"}))
    };
    let say = |case: &Case, entry: &Record| admit(&case.papers(), &plans(), entry, "2027-01-05");
    assert!(matches!(say(&case, &reverse(13, 12, 1)), Err(Refusal::ReversedInPart { .. })));
    assert!(matches!(say(&case, &reverse(13, 77, 1)), Err(Refusal::NothingToReverse { .. })));
    say(&case, &reverse(13, 12, 30_000_000)).expect("a reversal");
    case.entries.push(reverse(13, 12, 30_000_000));
    assert!(matches!(say(&case, &reverse(14, 12, 30_000_000)), Err(Refusal::ReversedAlready { .. })));
    assert!(matches!(say(&case, &reverse(14, 13, 30_000_000)), Err(Refusal::NothingToReverse { .. })));
    case.entries.push(reverse(14, 12, 30_000_000));
    let papers = case.papers();
    let books = Books::of(&papers);
    assert_eq!(books.balances(Group::Contract, EVER)[&id(3).to_string()].paid, 0, "it went where the payment went");
    assert_eq!(books.balances(Group::Year, EVER)["2027"].paid, -30_000_000, "in its own year");
    let effects: Vec<Effect> = books.lines.iter().map(|line| line.effect).collect();
    use Effect::{Counts, Reversed, Reverses, ReversesAgain};
    assert_eq!(effects, [Counts, Counts, Reversed, Reverses, ReversesAgain], "the second does nothing");
    assert_eq!(rules(&case, EVER), [Rule::ReversalIdle]);
}

#[test]
fn a_contract_without_a_programme_still_holds_its_retention_back() {
    let mut case = Case::new();
    case.contracts[0].fields.insert("retention_percent".to_owned(), json!("3"));
    case.contracts[0].fields.insert("retention_due".to_owned(), json!("2027-09-30"));
    let none = BTreeMap::new();
    let now = due(&case.papers(), &none, "2026-03-01").remove(0);
    assert_eq!((now.payable, now.stages[1].missing), (97_000_001, Some(Missing::NotAccepted)));
    let act = json!({"subject": "contract", "contract": id(3), "held_on": "2026-06-10"});
    case.acceptances.push(record("acceptance", 5, Some("passed"), act));
    let later = due(&case.papers(), &none, "2026-07-01").remove(0);
    assert_eq!(later.stages[1].on.as_deref(), Some("2027-09-30"), "the day that the contract names");
    assert_eq!(due(&case.papers(), &none, "2027-09-30").remove(0).payable, PRICE);
}

proptest! {
    /// Entries with some of them reversed, in any order, some reversals twice.
    #[test]
    fn the_books_are_the_sum_of_what_was_not_reversed_in_any_order(
        entries in prop::collection::vec((0..6_usize, 0..10_usize, 1..=1_000_000_000_i64, 2020..2030_i32, 0..4_u8), 0..60),
        order in any::<u64>(),
    ) {
        let sorts = ["allocated", "arrived", "advance", "payment", "retention", "recovered"];
        let mut records = Vec::new();
        let (mut arrived, mut spent, mut recovered) = (0_i64, 0_i64, 0_i64);
        for (at, (sort, level, amount, year, reversed)) in entries.iter().enumerate() {
            let number = u128::try_from(at).expect("small") + 1;
            let fields = json!({
                "level": Source::ALL[*level].name(), "dated": format!("{year}-05-01"), "application": id(1)
            });
            records.push(entry(number, sorts[*sort], *amount, fields));
            for again in 0..u128::from(*reversed) {
                let fields = json!({"reverses": id(number), "dated": format!("{}-01-01", year + 1)});
                records.push(entry(number + 1_000 * (again + 1), "reversal", *amount, fields));
            }
            if *reversed == 0 {
                match sorts[*sort] {
                    "arrived" => arrived += amount,
                    "recovered" => recovered += amount,
                    "allocated" => {}
                    _ => spent += amount,
                }
            }
        }
        let mut state = order | 1;
        let mut shuffled = records.clone();
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from(state >> 33).expect("31 bits") % (at + 1);
            shuffled.swap(at, other);
        }
        let (one, other) = (Papers { entries: &records, ..Papers::default() }, Papers { entries: &shuffled, ..Papers::default() });
        let (one, other) = (Books::of(&one), Books::of(&other));
        let all = one.balance(EVER);
        prop_assert_eq!((all.arrived, all.spent(), all.recovered), (arrived, spent, recovered));
        prop_assert_eq!(all.left(), arrived - spent - recovered);
        for group in [Group::Application, Group::Level, Group::Year] {
            let parts = one.balances(group, EVER);
            prop_assert_eq!(&parts, &other.balances(group, EVER), "the order says nothing");
            let sum = |of: fn(&domain::funds::Balance) -> i64| parts.values().map(of).sum::<i64>();
            prop_assert_eq!((sum(|b| b.arrived), sum(domain::funds::Balance::spent), sum(domain::funds::Balance::left)), (arrived, spent, all.left()));
        }
    }

    #[test]
    fn stages_come_to_the_price_whatever_it_is(price in 0..=10_000_000_000_000_i64, first in 0..=10_000_i64, second in 0..=10_000_i64) {
        let mut case = Case::new();
        case.contracts[0].fields.insert("amount".to_owned(), json!(price));
        let (low, high) = (first.min(second), first.max(second));
        let steps = [(Stage::Entry, low), (Stage::P50, high - low), (Stage::Acceptance, 10_000 - high)];
        let plan = StagePlan { steps: steps.map(|(stage, share)| StageStep { stage, share }).to_vec(), ..plan() };
        let now = due(&case.papers(), &staged(plan), "2026-03-01").remove(0);
        prop_assert_eq!(now.stages.iter().map(|stage| stage.amount).sum::<i64>(), price);
        prop_assert!(now.stages.iter().all(|stage| stage.amount >= 0), "no stage takes anything back");
    }
}

#[test]
fn the_programmes_that_ship_say_how_they_are_paid() {
    let terms = |code: &str| {
        let ships = domain::programme::SHIPPED.iter().find(|(name, _)| name.contains(code)).expect("it ships");
        PaymentTerms::of(&domain::programme::Programme::parse(ships.1).expect("what ships is right"))
    };
    let linked = terms("municipality-2010-linked");
    let stages = linked.stages.expect("10/20/20/20/20/5 and 5 %");
    assert_eq!(stages.steps, plan().steps);
    assert_eq!(stages.retention, plan().retention, "a year after acceptance, 优 or 良");
    let wujin = terms("wujin-2014-progress").stages.expect("10 % held back");
    assert!(wujin.open, "by progress until the final accounts");
    assert_eq!(wujin.retention.level.as_deref(), Some("province"), "until the provincial acceptance");
    assert!(terms("jiangsu-2020-build-first").after_acceptance, "先建后验再奖补");
}
