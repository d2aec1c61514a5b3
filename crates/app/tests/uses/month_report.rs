//! The month report: what it says, that it stays as it was handed in, and what
//! it says of the month before. Entries that are corrected, and what is due.

use app::month::{Cause, Status};
use app::{About, Laptop, MonthView, RecordId};
use serde_json::json;

use crate::world::{World, YANDONG, add_works, code_of, fields, list, refusal, sync};

fn entry(laptop: &mut Laptop, works: RecordId, values: serde_json::Value) -> RecordId {
    let mut all = fields(values);
    all.insert("works".to_owned(), json!(works));
    laptop.add("progress", all).expect("saved").id
}

fn row<'v>(view: &'v MonthView, name: &str) -> &'v app::month::Row {
    view.report.rows.iter().find(|row| row.name == name).expect("a row for each works")
}

/// 管网 under way since March, 湿地 not begun.
fn begun(laptop: &mut Laptop) -> (RecordId, RecordId) {
    let pipes = add_works(laptop, "管网").id;
    let wetland = add_works(laptop, "湿地").id;
    let contract = json!({"contract_amount": 80_000_000, "actual_start": "2026-03-05", "fund": "农村环境整治资金", "fund_year": 2026, "fund_document": "盐财建〔2026〕3号", "granted": 60_000_000});
    laptop.set(pipes, fields(contract)).expect("saved");
    laptop.move_to(pipes, "contracted", None).expect("signed");
    laptop.move_to(pipes, "building", None).expect("begun");
    (pipes, wetland)
}

#[test]
fn a_month_is_filled_from_the_records_and_says_what_it_misses() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (pipes, wetland) = begun(&mut laptop);
    entry(&mut laptop, pipes, json!({"date": "2026-04-20", "percent": 20, "paid": 9_000_000, "stage": "管沟开挖"}));
    let standing = entry(
        &mut laptop,
        pipes,
        json!({"date": "2026-05-12", "percent": 45, "item": "主管", "amount": "1250.5", "unit": "m"}),
    );
    entry(&mut laptop, pipes, json!({"date": "2026-06-01", "percent": 80}));

    let may = laptop.month_report_on("2026-05", None, "2026-05-24").expect("a report");
    assert_eq!((may.due.as_deref(), may.days_left), (Some("2026-05-30"), Some(6)));
    let (of_pipes, of_wetland) = (row(&may, "管网"), row(&may, "湿地"));
    assert_eq!((of_pipes.status, of_pipes.percent), (Status::UnderWay, Some(45)), "June is not May");
    assert_eq!(of_pipes.paid, Some(9_000_000), "what is so far in all stands until an entry says more");
    assert_eq!(of_pipes.amounts[0].amount, "1250.5");
    assert_eq!(of_pipes.from["percent"].record, standing, "every figure names its entry");
    assert_eq!(of_pipes.village, "中东村委会");
    assert!(of_pipes.missing.is_empty(), "{:?}", of_pipes.missing);
    assert_eq!((of_wetland.status, of_wetland.missing.as_slice()), (Status::NotBegun, &["reason".to_owned()][..]));
    assert_eq!((may.report.total.under_way, may.report.total.not_begun, may.report.total.paid), (1, 1, 9_000_000));
    assert_eq!(
        may.report.funds.last().map(|fund| (fund.fund.as_str(), fund.granted)),
        Some(("农村环境整治资金", 60_000_000))
    );
    let paper = (of_pipes.fund_year, of_pipes.fund_document.as_deref());
    assert_eq!(paper, (Some(2026), Some("盐财建〔2026〕3号")), "whose money, of which year, by which paper");
    laptop.set(wetland, fields(json!({"delay_reason": "用地手续未办结"}))).expect("saved");
    assert_eq!(
        row(&laptop.month_report("2026-05", None).expect("again"), "湿地").reason.as_deref(),
        Some("用地手续未办结")
    );

    let dug = entry(&mut laptop, wetland, json!({"date": "2026-05-20", "percent": 10}));
    let may = laptop.month_report_on("2026-05", None, "2026-05-24").expect("a report");
    let of_wetland = row(&may, "湿地");
    assert_eq!(of_wetland.status, Status::UnderWay, "what is done in part was begun, whatever was forgotten beside it");
    assert_eq!(of_wetland.from["status"].record, dug, "and that entry says so");
    assert!(
        !of_wetland.missing.contains(&"reason".to_owned()),
        "nobody is asked why it was not: {:?}",
        of_wetland.missing
    );

    let february = laptop.month_report_on("2026-02", None, "2026-05-24").expect("a report");
    assert_eq!(row(&february, "管网").status, Status::NotBegun, "work began in March");
    assert_eq!(february.due.as_deref(), Some("2026-02-28"), "February has no thirtieth");
    assert_eq!(code_of(laptop.month_report("2026-13", None)), "noSuchDate");
    assert_eq!(code_of(laptop.month_report("2026-05", Some("320902102"))), "outsideScope");
}

#[test]
fn what_was_handed_in_stays_and_the_next_month_explains_itself() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (pipes, _) = begun(&mut laptop);
    let april = entry(&mut laptop, pipes, json!({"date": "2026-04-20", "percent": 20, "stage": "管沟开挖"}));
    let handed = laptop.hand_in_month_report("2026-04", None).expect("handed in");
    assert!(handed.frozen && handed.since.is_empty() && handed.previous.is_none());
    assert_eq!(handed.days_left, None, "nobody waits for it any more");
    assert_eq!(handed.state.as_deref(), Some("handed_in"));
    let frozen = handed.report.clone();

    let right =
        entry(&mut laptop, pipes, json!({"date": "2026-04-20", "percent": 15, "stage": "管沟开挖", "corrects": april}));
    let new = entry(&mut laptop, pipes, json!({"date": "2026-05-12", "percent": 45, "paid": 7_000_000}));
    laptop.set(pipes, fields(json!({"contract_amount": 82_000_000}))).expect("saved");
    let again = laptop.month_report("2026-04", None).expect("shown");
    assert_eq!(again.report, frozen, "what was handed in is what was handed in");
    let since: Vec<_> = again.since.iter().map(|one| (one.column.as_str(), one.because.cause)).collect();
    let expected = [("percent", Cause::Correction), ("contractAmount", Cause::Edit)];
    assert_eq!(since, expected, "and what is said since stands beside it");

    let may = laptop.month_report("2026-05", None).expect("a report");
    assert_eq!(may.previous.as_deref(), Some("2026-04"));
    let because = |column: &str| {
        let one = may.differences.iter().find(|one| one.column == column).expect(column);
        (
            one.before.clone(),
            one.after.clone(),
            one.because.cause,
            one.because.origin.as_ref().map(|origin| origin.record),
        )
    };
    assert_eq!(because("paid"), (json!(null), json!(7_000_000), Cause::Entry, Some(new)));
    assert_eq!(because("contractAmount"), (json!(80_000_000), json!(82_000_000), Cause::Edit, Some(pipes)));
    let (before, after, cause, by) = because("percent");
    assert_eq!((before, after), (json!(20), json!(45)));
    assert_eq!((cause, by), (Cause::Correction, Some(right)), "what it was held against was wrong, and this mended it");

    // Locked here and by the rules that the district applies too; sent back, it is filled anew.
    let record = handed.record.expect("its record");
    assert_eq!(code_of(laptop.hand_in_month_report("2026-04", None)), "locked");
    assert_eq!(code_of(laptop.set(record, fields(json!({"narrative": "补写"})))), "locked");
    assert_eq!(code_of(laptop.set(record, fields(json!({"snapshot": "{}"})))), "givenByProgram");
    sync(&mut laptop);
    let mut reviewer = world.laptop_of("李区审", YANDONG, "reviewer");
    let there = reviewer.month_report("2026-04", Some(YANDONG)).expect("the district has it");
    assert_eq!(there.report, frozen, "to the letter");
    reviewer.move_to(record, "returned", Some("请核对进度".to_owned())).expect("sent back");
    sync(&mut reviewer);
    sync(&mut laptop);
    let returned = laptop.month_report("2026-04", None).expect("shown");
    assert!(!returned.frozen);
    assert_eq!(row(&returned, "管网").percent, Some(15), "it is of the records again");
    laptop.hand_in_month_report("2026-04", None).expect("handed in once more");
    assert_eq!(list(&laptop, "month_report").len(), 1, "one report for a month");
}

#[test]
fn an_entry_is_corrected_by_a_new_one_and_never_edited() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (pipes, wetland) = begun(&mut laptop);
    let wrong = entry(&mut laptop, pipes, json!({"date": "2026-05-12", "percent": 90}));
    sync(&mut laptop);
    let (code, blanks) = refusal(laptop.set(wrong, fields(json!({"percent": 9}))));
    assert_eq!((code.as_str(), blanks["kind"].as_str()), ("appendOnly", "progress"));
    assert_eq!(code_of(laptop.delete(wrong)), "appendOnly");
    let percent =
        |laptop: &Laptop, name: &str| row(&laptop.month_report("2026-05", None).expect("a report"), name).percent;
    assert_eq!(percent(&laptop, "管网"), Some(90));
    // It was said of the wrong works: the correction says it of the right one.
    entry(&mut laptop, wetland, json!({"date": "2026-05-12", "percent": 9, "corrects": wrong}));
    assert_eq!((percent(&laptop, "管网"), percent(&laptop, "湿地")), (None, Some(9)));
    assert_eq!(list(&laptop, "progress").len(), 2, "both are kept");
    assert_eq!(sync(&mut laptop).verdicts.refused, 0, "and the district takes them");
}

#[test]
fn an_edit_that_an_older_laptop_lets_through_is_refused_by_the_district() {
    let world = World::new();
    // A laptop whose folder says that entries may still be edited.
    let mut laptop = world.laptop("王芳");
    let (pipes, _) = begun(&mut laptop);
    let id = entry(&mut laptop, pipes, json!({"date": "2026-05-12", "percent": 40}));
    sync(&mut laptop);
    drop(laptop);
    let catalog = world.path("王芳").join("catalog");
    std::fs::create_dir_all(&catalog).expect("a folder");
    std::fs::write(catalog.join("progress.toml"), "append_only = false\n").expect("written");
    let mut laptop = Laptop::open(&world.path("王芳"), crate::world::PIN).expect("it opens");
    assert!(laptop.catalog().kind("water_body").is_ok(), "and knows every kind that ships");
    laptop.set(id, fields(json!({"percent": 60}))).expect("it knows no better");
    assert_eq!(sync(&mut laptop).verdicts.refused, 1);
    let draft = laptop.refused().expect("a list").remove(0);
    assert_eq!(draft.reason.code, "appendOnly");
    assert_eq!(draft.values["percent"], json!(60), "nothing is lost");
    assert_eq!(laptop.show(id).expect("shown").fields["percent"], json!(40));
}

#[test]
fn what_is_due_is_said_in_time_and_no_longer_once_it_is_done() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    assert!(laptop.reminders_on("2026-05-29").expect("a list").is_empty(), "without works nothing is due");
    let (pipes, _) = begun(&mut laptop);
    entry(&mut laptop, pipes, json!({"date": "2026-05-12", "percent": 45}));
    let reports = |laptop: &Laptop, today: &str| -> Vec<(String, i64)> {
        let due = laptop.reminders_on(today).expect("a list");
        due.into_iter().filter(|one| one.about == About::MonthReport).map(|one| (one.title, one.days_left)).collect()
    };
    let april = ("2026-04".to_owned(), 0);
    assert_eq!(reports(&laptop, "2026-05-22"), [(april.0.clone(), -22)], "eight days before is too soon");
    assert_eq!(reports(&laptop, "2026-05-23"), [(april.0.clone(), -23), ("2026-05".to_owned(), 7)]);
    laptop.hand_in_month_report("2026-04", None).expect("handed in");
    laptop.hand_in_month_report("2026-05", None).expect("handed in");
    assert!(reports(&laptop, "2026-05-30").is_empty());

    let notice = json!({"name": "资金使用公示", "about": "funds", "start": "2026-05-01", "end": "2026-05-07", "place": "村务公开栏"});
    let notice = laptop.add("notice", fields(notice)).expect("saved").id;
    laptop.move_to(notice, "posted", None).expect("posted");
    let due = laptop.reminders_on("2026-05-05").expect("a list");
    let short = due.iter().find(|one| one.record == Some(notice)).expect("six days are not seven");
    assert_eq!((short.about, short.due.as_str(), short.days_left), (About::NoticeTooShort, "2026-05-08", 3));
    laptop.set(notice, fields(json!({"end": "2026-05-08"}))).expect("it hangs a day longer");
    assert!(laptop.reminders_on("2026-05-05").expect("a list").iter().all(|one| one.record != Some(notice)));
}

#[test]
fn works_that_were_joined_are_one_row_with_what_was_said_of_both() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (kept, other) = begun(&mut laptop);
    entry(&mut laptop, kept, json!({"date": "2026-04-20", "percent": 20}));
    let later = entry(&mut laptop, other, json!({"date": "2026-05-12", "percent": 45}));
    laptop.join(kept, other).expect("they are one");
    let may = laptop.month_report("2026-05", None).expect("a report");
    assert_eq!(may.report.rows.len(), 1, "counted once");
    assert_eq!(may.report.rows[0].percent, Some(45), "and the other's entry is its own");
    assert_eq!(may.report.rows[0].from["percent"].record, later);
}
