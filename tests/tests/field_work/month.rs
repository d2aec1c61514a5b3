//! A works from its contract to the month report that tells of it, and what is due.

use chrono::Days;
use serde_json::{Value, json};

use crate::office::{Office, ditch, each, last_month, month_of, sync_all, texts, today};

#[test]
fn a_works_is_followed_from_its_contract_to_a_month_report_that_explains_itself() {
    let office = Office::new();
    let (clerk, lead) = (office.laptop("王芳", "clerk"), office.laptop("镇长", "lead"));
    let works = ditch(&clerk);
    let of_works = format!("works={works}");
    let contract = clerk.add("contract", &[&of_works, "name=施工合同", "sort=construction"]).expect("saved");
    let early = clerk.refused(&["move", &contract, "signed"]).expect("refused");
    assert_eq!(early.code, "required", "nobody has signed a contract without an amount and a date");
    let signed = ["contract_number=盐环合〔2026〕7号", "party=样例建设公司", "amount=36200000", "signed_on=2026-02-20"];
    clerk.ask(&[&["set", &contract], &signed[..]].concat()).expect("saved");
    clerk.ask(&["move", &contract, "signed"]).expect("signed");
    let locked = clerk.refused(&["set", &contract, "amount=1"]).expect("refused");
    assert_eq!(locked.code, "locked", "what was signed is changed by a variation, not by an edit");
    for state in ["contracted", "building"] {
        clerk.ask(&["move", &works, state]).expect("the works' way");
    }

    let entry = |day: u32, percent: &str, paid: &str, corrects: Option<&str>| {
        let (date, percent) = (format!("date={}", last_month(day)), format!("percent={percent}"));
        let (paid, corrects) = (format!("paid={paid}"), corrects.map(|id| format!("corrects={id}")));
        let fields = [&of_works, &date, &percent, &paid].into_iter().chain(&corrects);
        let fields: Vec<&str> = fields.map(String::as_str).chain(["stage=清淤"]).collect();
        clerk.add("progress", &fields).expect("saved")
    };
    let wrong = entry(12, "90", "10000000", None);
    for args in [&["set", &wrong, "percent=40"][..], &["delete", &wrong]] {
        let refused = clerk.refused(args).expect("refused");
        assert_eq!(refused.code, "appendOnly", "what was reported once stays to be seen: {args:?}");
    }
    let right = entry(12, "40", "10000000", Some(&wrong));

    let month = month_of(last_month(1));
    let draft = clerk.ask(&["month-report", &month]).expect("a report");
    let row = &draft["report"]["rows"][0];
    assert_eq!((&row["percent"], &row["status"]), (&json!(40), &json!("underWay")), "the correction counts, alone");
    assert_eq!(row["from"]["percent"]["record"], json!(right), "and each figure names the entry that it is from");
    assert!(due(&clerk.ask(&["reminders"]).expect("what is due"), "monthReport").contains(&month), "it is overdue");

    let handed = clerk.ask(&["month-report", &month, "--hand-in"]).expect("handed in");
    assert_eq!((&handed["frozen"], &handed["state"]), (&json!(true), &json!("handed_in")));
    let reminders = clerk.ask(&["reminders"]).expect("what is due");
    assert!(!due(&reminders, "monthReport").contains(&month), "nobody is reminded of what is done");
    let later = entry(28, "55", "15000000", None);
    let again = clerk.ask(&["month-report", &month]).expect("the report");
    assert_eq!(again["report"], handed["report"], "what was handed in is what the district has on paper");
    let since = each(&again["since"]);
    assert_eq!(texts(&again["since"], "column"), ["percent", "paid"], "the later entry is told apart from it");
    assert_eq!((&since[0]["before"], &since[0]["after"]), (&json!(40), &json!(55)), "old and new stand side by side");
    let because = &since[0]["because"];
    assert_eq!((&because["cause"], &because["origin"]["record"]), (&json!("entry"), &json!(later)), "with what did it");
    assert_eq!(because["origin"]["by"], "王芳", "and whom to ask");

    sync_all(&[&clerk, &lead]);
    let there = lead.ask(&["month-report", &month]).expect("the report");
    assert_eq!(there["report"], handed["report"], "the lead reads the very report that the clerk handed in");
    let next = lead.ask(&["month-report", &month_of(today())]).expect("a report");
    assert_eq!(next["previous"], json!(month), "this month is held against the one that was handed in");
    let percent = each(&next["differences"]).iter().find(|one| one["column"] == "percent").expect("it differs");
    assert_eq!((&percent["before"], &percent["after"]), (&json!(40), &json!(55)), "not against what was said since");
}

#[test]
fn a_notice_that_hangs_too_short_is_said_while_it_can_still_hang_longer() {
    let office = Office::new();
    let clerk = office.laptop("王芳", "clerk");
    let end = |days: u64| format!("end={}", today() + Days::new(days));
    let start = format!("start={}", today());
    let fields = ["name=资金使用公示", "about=funds", &start, &end(5), "place=村务公开栏"];
    let notice = clerk.add("notice", &fields).expect("saved");
    clerk.ask(&["move", &notice, "posted"]).expect("posted");
    let reminders = clerk.ask(&["reminders"]).expect("what is due");
    let short = each(&reminders).iter().find(|one| one["record"] == json!(notice)).expect("five days are not seven");
    assert_eq!(short["due"], json!((today() + Days::new(7)).to_string()), "it says until when it must hang");
    assert!(short["source"].as_str().is_some_and(|source| source.contains("7 天")), "and by which rule: {short}");
    clerk.ask(&["set", &notice, &end(7)]).expect("it hangs longer");
    let reminders = clerk.ask(&["reminders"]).expect("what is due");
    assert!(each(&reminders).iter().all(|one| one["record"] != json!(notice)), "done is done");
}

/// The titles of what is due about `about`.
fn due(reminders: &Value, about: &str) -> Vec<String> {
    let of_it = each(reminders).iter().filter(|one| one["about"] == about);
    of_it.map(|one| one["title"].as_str().unwrap_or_default().to_owned()).collect()
}
