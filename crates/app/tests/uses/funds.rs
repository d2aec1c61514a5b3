//! Money on real laptops: entered, refused with its figures, reversed, staged by a
//! programme that the district published, summed and drawn.
#![allow(clippy::needless_pass_by_value, reason = "a test says its fields where it needs them")]

use app::funds::{Basis, Effect, Missing, Sort, Source};
use app::{FundAsked, Laptop, RecordId};
use serde_json::{Value, json};

use crate::world::{World, YANDONG, add_works, code_of, fields, list, refusal, sync, village};

/// One application with one works and its signed contract of 100 万元.
pub(crate) struct Project {
    pub(crate) application: RecordId,
    pub(crate) works: RecordId,
    pub(crate) contract: RecordId,
}

pub(crate) fn project(laptop: &mut Laptop, more: Value) -> Project {
    let works = add_works(laptop, "中东村污水管网").id;
    let terms = json!({"contract_amount": 100_000_000, "approved_amount": 120_000_000, "actual_start": "2026-01-05"});
    laptop.set(works, fields(terms)).expect("saved");
    let contract = json!({
        "works": works, "name": "管网施工合同", "sort": "construction", "contract_number": "盐施-1",
        "party": "某建设公司", "amount": 100_000_000, "signed_on": "2026-01-02"
    });
    let contract = laptop.add("contract", fields(contract)).expect("saved").id;
    laptop.move_to(contract, "signed", None).expect("signed");
    let mut application = json!({"name": "盐东镇污水项目", "year": 2026, "works": [works], "total": 100_000_000,
        "central": 60_000_000, "town": 40_000_000});
    let more = more.as_object().expect("fields").clone();
    application.as_object_mut().expect("fields").extend(more);
    let application = laptop.add("application", fields(application)).expect("saved").id;
    Project { application, works, contract }
}

/// Enters money; the entry's id.
pub(crate) fn enter(laptop: &mut Laptop, sort: &str, amount: i64, more: Value) -> RecordId {
    laptop.add("fund_entry", entry(sort, amount, more)).expect("entered").id
}

pub(crate) fn entry(sort: &str, amount: i64, more: Value) -> domain::Fields {
    let mut all = json!({"sort": sort, "amount": amount, "level": "central", "dated": "2026-02-01"});
    let more = more.as_object().expect("fields").clone();
    all.as_object_mut().expect("fields").extend(more);
    fields(all)
}

/// A version of a programme that ships, published by the district.
pub(crate) fn published(world: &World, code: &str) -> RecordId {
    let mut reviewer = world.laptop_of("周政策", YANDONG, "reviewer");
    let found = domain::programme::SHIPPED.iter().find(|(name, _)| name.contains(code));
    let (_, rules) = found.expect("it ships");
    let programme = domain::programme::Programme::parse(rules).expect("what ships is right");
    let values = json!({"code": programme.code, "version": 1, "name": programme.name.zh, "sort": programme.sort.name(),
        "rules": rules});
    let id = reviewer.add("programme", fields(values)).expect("saved").id;
    reviewer.move_to(id, "published", None).expect("published");
    sync(&mut reviewer);
    id
}

#[test]
fn money_is_entered_refused_with_its_figures_and_reversed() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let Project { application, works, contract } = project(&mut laptop, json!({}));
    enter(
        &mut laptop,
        "allocated",
        60_000_000,
        json!({"application": application, "document_number": "苏财资环〔2026〕1号"}),
    );
    enter(&mut laptop, "arrived", 50_000_000, json!({"application": application}));
    let paid = enter(&mut laptop, "payment", 20_000_000, json!({"contract": contract, "dated": "2026-03-01"}));

    let (code, blanks) = refusal(laptop.add("fund_entry", entry("payment", 30_000_001, json!({"contract": contract}))));
    assert_eq!(code, "fundBeyondArrived", "more than is on the account");
    let figures = ["paid", "arrived", "over"].map(|name| blanks[name].as_str());
    assert_eq!(figures, ["500,000.01", "500,000.00", "0.01"], "with the figures");
    assert_eq!(blanks["of"], "盐东镇污水项目");
    assert_eq!(code_of(laptop.add("fund_entry", entry("payment", 1, json!({})))), "required", "it belongs somewhere");
    assert_eq!(code_of(laptop.set(paid, fields(json!({"amount": 1})))), "appendOnly");
    assert_eq!(code_of(laptop.delete(paid)), "appendOnly");

    let sums = laptop.fund_balances(Some(application), Some("2026-12-31")).expect("sums");
    assert_eq!((sums.total.balance.arrived, sums.total.spent, sums.total.left), (50_000_000, 20_000_000, 30_000_000));
    let rate = sums.total.execution;
    assert_eq!((rate.numerator, rate.denominator, rate.basis), (20_000_000, 60_000_000, Basis::Allocated));
    let of_works = sums.works.iter().find(|part| part.key == works.to_string()).expect("its works");
    assert_eq!(
        (of_works.title.as_str(), of_works.sum.spent),
        ("中东村污水管网", 20_000_000),
        "the contract leads there"
    );
    assert!(sums.findings.is_empty(), "{:?}", sums.findings);

    let undone = laptop.reverse_fund(paid, Some("2026-03-05"), Some("付错了账户")).expect("reversed").id;
    assert_eq!(code_of(laptop.reverse_fund(paid, None, None)), "reversedAlready");
    assert_eq!(code_of(laptop.reverse_fund(undone, None, None)), "nothingToReverse", "a reversal stays");
    let all = laptop.fund_list(&FundAsked { of: Some(contract), ..FundAsked::default() }).expect("a list");
    let lines: Vec<_> = all.entries.iter().map(|line| (line.effect, line.amount, line.spent)).collect();
    assert_eq!(lines, [(Effect::Reversed, 20_000_000, 20_000_000), (Effect::Reverses, -20_000_000, 0)]);
    assert_eq!(all.entries[1].sort, Some(Sort::Payment), "it goes to the sum that it undoes");
    assert_eq!(laptop.fund_balances(None, None).expect("sums").total.spent, 0);

    // The district takes them, and the finance office sees the same books.
    assert_eq!(sync(&mut laptop).verdicts.refused, 0);
    let mut finance = world.laptop_of("陈财政", YANDONG, "finance");
    let there = finance.fund_balances(Some(application), Some("2026-12-31")).expect("sums");
    let here = laptop.fund_balances(Some(application), Some("2026-12-31")).expect("sums");
    assert_eq!(there, here);
    finance
        .add("fund_entry", entry("arrived", 10_000_000, json!({"application": application})))
        .expect("finance enters too");
    assert_eq!(
        code_of(finance.add("progress", fields(json!({"works": works, "date": "2026-02-01", "percent": 5})))),
        "notAllowed"
    );
    sync(&mut finance);
    sync(&mut laptop);
    assert_eq!(laptop.fund_balances(None, None).expect("sums").total.balance.arrived, 60_000_000);
}

#[test]
fn two_laptops_that_pay_from_the_same_money_apart_hear_of_it_when_they_meet() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let Project { application, contract, .. } = project(&mut laptop, json!({}));
    enter(&mut laptop, "arrived", 50_000_000, json!({"application": application}));
    sync(&mut laptop);
    let mut other = world.laptop("赵刚");
    let paid = enter(&mut laptop, "payment", 40_000_000, json!({"contract": contract}));
    enter(&mut other, "payment", 30_000_000, json!({"contract": contract}));
    assert_eq!(sync(&mut laptop).verdicts.refused, 0);
    assert_eq!(sync(&mut other).verdicts.refused, 1, "the district knows of both");
    let draft = other.refused().expect("a list").remove(0);
    assert_eq!((draft.reason.code.as_str(), draft.reason.fields["over"].as_str()), ("fundBeyondArrived", "200,000.00"));
    assert_eq!(draft.values["amount"], json!(30_000_000), "nothing is lost");
    let spent = other.fund_balances(None, None).expect("sums").total.spent;
    assert_eq!(spent, 40_000_000, "and a draft that was refused is no money");
    other.discard(&draft.change).expect("given up");

    // Both reverse the same entry, apart: it is reversed once.
    laptop.reverse_fund(paid, None, None).expect("reversed");
    other.reverse_fund(paid, None, None).expect("reversed");
    assert_eq!(sync(&mut laptop).verdicts.refused, 0);
    assert_eq!(sync(&mut other).verdicts.refused, 1);
    assert_eq!(other.refused().expect("a list")[0].reason.code, "reversedAlready");
    for laptop in [&mut laptop, &mut other] {
        sync(laptop);
        assert_eq!(laptop.fund_balances(None, None).expect("sums").total.spent, 0);
    }
    enter(&mut other, "payment", 50_000_000, json!({"contract": contract}));
    assert_eq!(sync(&mut other).verdicts.refused, 0, "the money is there again");
}

#[test]
fn stages_of_the_programme_say_what_may_be_paid_now() {
    let world = World::new();
    let policy = published(&world, "municipality-2010-linked");
    let mut laptop = world.laptop("王芳");
    let Project { application, works, contract } = project(&mut laptop, json!({"policy": policy}));
    enter(&mut laptop, "arrived", 100_000_000, json!({"application": application}));
    laptop.move_to(works, "contracted", None).expect("the lifecycle's way");
    laptop.move_to(works, "building", None).expect("the lifecycle's way");
    let progress = |laptop: &mut Laptop, date: &str, percent: i64| {
        laptop.add("progress", fields(json!({"works": works, "date": date, "percent": percent}))).expect("saved").id
    };
    let fifty = progress(&mut laptop, "2026-02-20", 55);
    let due = |laptop: &Laptop, day: &str| laptop.payments_due(Some(application), Some(day)).expect("due").remove(0);
    let now = due(&laptop, "2026-03-01");
    assert_eq!((now.due.allowed, now.due.payable, now.covered), (50_000_000, 50_000_000, 50_000_000));
    assert_eq!(now.due.stages[2].record, Some(fifty), "by the entry that says so");
    assert_eq!(now.due.stages[3].missing, Some(Missing::NotBuilt));
    assert_eq!(now.application.as_ref().map(|home| home.title.as_str()), Some("盐东镇污水项目"));

    let pay = |amount: i64, more: Value| {
        let mut all = json!({"contract": contract, "dated": "2026-03-01"});
        all.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        entry("payment", amount, all)
    };
    let (code, blanks) = refusal(laptop.add("fund_entry", pay(60_000_000, json!({}))));
    assert_eq!(
        (code.as_str(), blanks["allowed"].as_str(), blanks["over"].as_str()),
        ("fundBeyondStage", "500,000.00", "100,000.00")
    );
    assert_eq!(code_of(laptop.add("fund_entry", pay(1, json!({"stage": "acceptance"})))), "fundBeforeAcceptance");
    laptop.add("fund_entry", pay(50_000_000, json!({"stage": "p50"}))).expect("what the stages allow");
    assert_eq!(due(&laptop, "2026-03-01").due.payable, 0);

    progress(&mut laptop, "2026-05-20", 100);
    let act = json!({"subject": "contract", "contract": contract, "works": works, "village": village(&laptop),
        "name": "竣工验收", "level": "township", "held_on": "2026-06-10", "leader": "陈组长", "conclusion": "pass"});
    let act = laptop.add("acceptance", fields(act)).expect("saved").id;
    let mut lead = world.laptop_of("孙镇长", YANDONG, "lead");
    sync(&mut laptop);
    sync(&mut lead);
    for state in ["held", "passed"] {
        lead.move_to(act, state, None).expect("the acceptance's way");
    }
    sync(&mut lead);
    sync(&mut laptop);
    let after = due(&laptop, "2026-07-01");
    assert_eq!((after.due.allowed, after.due.payable), (95_000_000, 45_000_000));
    let held = after.due.stages.last().expect("retention");
    assert_eq!((held.missing, held.on.as_deref()), (Some(Missing::TooEarly), Some("2027-06-10")));
    let release = json!({"contract": contract, "dated": "2026-07-01"});
    let (code, blanks) = refusal(laptop.add("fund_entry", entry("retention", 5_000_000, release)));
    assert_eq!((code.as_str(), blanks["from"].as_str()), ("fundRetentionEarly", "2027-06-10"));
    let later = due(&laptop, "2027-07-01");
    assert_eq!(
        later.due.stages.last().expect("retention").missing,
        Some(Missing::NotGraded),
        "a year on it waits for its grade"
    );
}

#[test]
fn a_village_sees_its_money_by_year_and_charts_the_plan_beside_the_payment() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let Project { application, works, contract } = project(&mut laptop, json!({}));
    enter(&mut laptop, "arrived", 30_000_000, json!({"works": works, "dated": "2025-11-01"}));
    enter(&mut laptop, "arrived", 20_000_000, json!({"application": application, "level": "town"}));
    enter(&mut laptop, "payment", 10_000_000, json!({"contract": contract, "dated": "2026-03-01"}));
    let money = laptop.money_by_year(village(&laptop)).expect("the village's money");
    let years: Vec<_> =
        money.years.iter().map(|year| (year.year.as_str(), year.sum.balance.arrived, year.sum.spent)).collect();
    assert_eq!(years, [("2025", 30_000_000, 0), ("2026", 20_000_000, 10_000_000)]);
    assert_eq!(money.shared.balance.arrived, 0, "the application is for this village alone");

    // A second village in the application: what names no works is nobody's alone.
    let zhengyang = list(&laptop, "village").into_iter().find(|one| one.fields["code"] == json!("320902107201"));
    let zhengyang = zhengyang.expect("正洋村").id;
    laptop.set(application, fields(json!({"villages": [village(&laptop), zhengyang]}))).expect("saved");
    let money = laptop.money_by_year(village(&laptop)).expect("the village's money");
    assert_eq!(money.shared.balance.arrived, 20_000_000, "and nobody says how it is divided");
    assert_eq!(money.years.iter().map(|year| year.sum.balance.arrived).sum::<i64>(), 30_000_000);

    let chart = laptop.fund_chart(None).expect("a chart");
    let sources: Vec<_> = chart.sources.iter().map(|one| (one.level, one.planned, one.sum.balance.arrived)).collect();
    assert_eq!(sources, [(Source::Central, 60_000_000, 30_000_000), (Source::Town, 40_000_000, 20_000_000)]);
    let months: Vec<_> = chart.months.iter().map(|one| (one.month.as_str(), one.arrived, one.spent)).collect();
    assert_eq!(months, [("2025-11", 30_000_000, 0), ("2026-02", 50_000_000, 0), ("2026-03", 50_000_000, 10_000_000)]);
    assert_eq!((chart.plans[0].planned, chart.plans[0].sum.spent), (100_000_000, 10_000_000));
}

#[test]
fn a_ledger_that_comes_in_as_a_table_is_kept_by_the_same_rules() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let Project { contract, .. } = project(&mut laptop, json!({}));
    let number = laptop.show(contract).expect("shown").fields["number"].as_str().expect("given").to_owned();
    let table = format!(
        "类型,来源层级,日期,金额,合同,备注\n到位,中央,2026-02-01,50万元,{number},\n支付,中央,2026-03-01,30万元,{number},一\n\
         支付,中央,2026-03-02,30万元,{number},二\n"
    );
    let told = laptop.import("台账.csv", table.as_bytes(), "fund_entry", false).expect("a table");
    assert_eq!((told.new, told.rejected), (2, 1), "{:?}", told.rows);
    let refused = told.rows.iter().find_map(|row| row.reason.as_ref()).expect("a reason");
    assert_eq!(refused.code, "fundBeyondArrived", "the rows before it count: 60 of 50");
    assert_eq!(laptop.fund_balances(None, None).expect("sums").total.left, 20_000_000);
}

#[test]
fn the_ledger_is_exported_with_running_sums_as_formulas() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let Project { application, contract, .. } = project(&mut laptop, json!({}));
    enter(&mut laptop, "allocated", 60_000_000, json!({"application": application}));
    enter(&mut laptop, "arrived", 50_000_000, json!({"application": application}));
    let paid = enter(&mut laptop, "payment", 20_000_000, json!({"contract": contract, "dated": "2026-03-01"}));
    laptop.reverse_fund(paid, Some("2026-03-05"), None).expect("reversed");
    enter(
        &mut laptop,
        "payment",
        12_345_600,
        json!({"contract": contract, "dated": "2026-03-06", "payee": "某建设公司"}),
    );
    let path = world.path("资金台账.xlsx");
    let asked = app::ExportAsked { template: "资金台账".to_owned(), ..Default::default() };
    assert_eq!(laptop.export_with(&asked, &path).expect("exported"), 5);
    let page = part(&path, "xl/worksheets/sheet1.xml");
    assert!(!page.contains("{{"), "{page}");
    for formula in ["SUM(K$4:K8)", "SUM(L$4:L8)", "SUM(K4:K8)", "SUM(L4:L8)"] {
        assert!(page.contains(&format!("<f>{formula}</f>")), "{formula}: {page}");
    }
    assert!(page.contains("<v>-20</v>"), "a reversal stands below zero in the column of what it undoes");
    assert!(page.contains("<v>12.3456</v>"), "to the last 分");
}

fn part(path: &std::path::Path, name: &str) -> String {
    let bytes = std::fs::read(path).expect("the table");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is a ZIP");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).expect("a part"), &mut text).expect("XML is text");
    text
}

#[test]
fn the_month_report_takes_its_money_from_the_ledger_where_there_is_any() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let Project { application, works, contract } = project(&mut laptop, json!({}));
    let said = json!({"works": works, "date": "2026-04-20", "percent": 40, "received": 1_000, "spent": 2_000});
    let said = laptop.add("progress", fields(said)).expect("saved").id;
    let row = |laptop: &Laptop, month: &str| laptop.month_report(month, None).expect("a report").report.rows.remove(0);
    let april = row(&laptop, "2026-04");
    assert_eq!((april.received, april.spent), (Some(1_000), Some(2_000)), "as the progress entry says");
    assert_eq!(april.from["spent"].record, said);
    enter(&mut laptop, "arrived", 50_000_000, json!({"application": application, "dated": "2026-04-01"}));
    let paid = enter(&mut laptop, "payment", 20_000_000, json!({"contract": contract, "dated": "2026-05-10"}));
    let april = row(&laptop, "2026-04");
    assert_eq!((april.received, april.spent), (Some(50_000_000), Some(2_000)), "paid only in May");
    let may = row(&laptop, "2026-05");
    assert_eq!((may.received, may.spent), (Some(50_000_000), Some(20_000_000)));
    assert_eq!(may.from["spent"].record, paid, "and says where it comes from");
}
