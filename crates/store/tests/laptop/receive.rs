//! What the district says: its log in order and unaltered, its receipts, its refusals.

use domain::log::LogEntry;
use domain::page::{Page, What};
use domain::{Action, Change, RecordId, Refusal, Verdict};
use serde_json::json;
use store::{Error, Receipt, Received, SyncState};
use uuid::Uuid;

use crate::desk::{Desk, Log, draft, edit, here, own, works};

fn new_id() -> RecordId {
    RecordId(Uuid::now_v7())
}

fn created(name: &str) -> Vec<Action> {
    let mut actions = vec![Action::Create { state: Some("planned".to_owned()) }];
    actions.extend(edit("works", &domain::Fields::new(), &works(name)));
    actions
}

fn write(fields: &serde_json::Value) -> Vec<Action> {
    edit("works", &domain::Fields::new(), fields)
}

fn receipt(change: &Change, refusal: Option<Refusal>) -> Receipt {
    Receipt { counter: change.counter, change: change.id.mark(), seq: Some(change.counter), refusal }
}

#[test]
fn a_page_is_applied_in_order_and_twice_makes_no_difference() {
    let (mut desk, mut log, id) = (Desk::new(), Log::new(), new_id());
    log.other(id, "works", created("一号"));
    log.other(id, "works", write(&json!({"note": "第二句"})));
    let first = desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    assert_eq!(first, Received { entries: 2, seq: 2 });
    let row = desk.row(id);
    assert_eq!((row.sync, row.record.text("note")), (SyncState::District, Some("第二句")));

    let again = desk.store.apply(&here(), &log.page(0), 0).expect("harmless");
    assert_eq!(again, Received { entries: 0, seq: 2 }, "a page may come twice on a bad line");
    log.other(id, "works", write(&json!({"note": "第三句"})));
    let overlapping = desk.store.apply(&here(), &log.page(1), 0).expect("an overlapping page");
    assert_eq!(overlapping, Received { entries: 1, seq: 3 });
    assert_eq!(desk.row(id).record.text("note"), Some("第三句"));
    let history = desk.store.history(id).expect("its history");
    let seqs: Vec<u64> = history.iter().filter_map(|past| past.ordered.as_ref().map(|(seq, _)| *seq)).collect();
    assert_eq!(seqs, [1, 2, 3], "each entry once");
}

/// A page of three of which `spoil` makes something else.
fn spoilt(spoil: impl FnOnce(&mut Page)) -> (Desk, RecordId, Error) {
    let (mut desk, mut log, id) = (Desk::new(), Log::new(), new_id());
    log.other(id, "works", created("一号"));
    log.other(id, "works", write(&json!({"note": "第二句"})));
    log.other(id, "works", write(&json!({"note": "第三句"})));
    let mut page = log.page(0);
    spoil(&mut page);
    let error = desk.store.apply(&here(), &page, 3).expect_err("it must not be believed");
    assert_eq!(desk.store.record(id).expect("a read"), None, "nothing of the page was applied");
    assert_eq!(desk.store.scopes().expect("scopes")[0].seq, 0, "and the log still begins where it ended");
    desk.store.apply(&here(), &log.page(0), 0).expect("the true page is taken afterwards");
    assert_eq!(desk.row(id).record.text("note"), Some("第三句"));
    (desk, id, error)
}

#[test]
fn an_entry_that_was_altered_left_out_or_swapped_breaks_the_chain() {
    let broken_at = |error: Error| match error {
        Error::ChainBroken { scope, seq } => (scope, seq),
        other => panic!("the chain is broken, not: {other}"),
    };
    let begins = (here().to_string(), 1);
    let (_, _, error) = spoilt(|page| change(page, 1).author.push('x'));
    assert_eq!(broken_at(error), begins, "an altered entry");
    let (_, _, error) = spoilt(|page| drop(page.entries.remove(1)));
    assert_eq!(broken_at(error), begins, "one left out");
    let (_, _, error) = spoilt(|page| page.entries.swap(0, 1));
    assert_eq!(broken_at(error), begins, "two swapped");
    let (_, _, error) = spoilt(|page| page.hash = "0".repeat(64));
    assert_eq!(broken_at(error), begins, "another hash");
    let (_, _, error) = spoilt(|page| page.entries[1].skew = Some(86_400));
    assert_eq!(broken_at(error), begins, "another clock");
    let (_, _, error) = spoilt(|page| change(page, 0).scope = domain::Scope::parse("320902106").expect("a scope"));
    assert_eq!(broken_at(error), begins, "another scope's entry");
}

fn change(page: &mut Page, nth: usize) -> &mut Change {
    match &mut page.entries[nth].what {
        What::Change(change) => change,
        What::Own(counter) => panic!("change {counter} has no body"),
    }
}

#[test]
fn an_entry_decided_by_other_rules_stops_the_log() {
    let (mut desk, mut log, id) = (Desk::new(), Log::new(), new_id());
    log.other(id, "works", created("一号"));
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    log.other(id, "works", write(&json!({"note": "二"})));
    let entry = log.entries.remove(1);
    let claimed = LogEntry::chained(&log.entries[0].hash, 2, entry.change, Verdict::Merged, None);
    match desk.store.apply(&here(), &Page::of(&log.entries[0].hash, &[claimed], "").expect("an entry"), 0) {
        Err(Error::Drift(drift)) => assert_eq!((drift.server, drift.here), ("merged", "accepted")),
        other => panic!("the two disagree: {other:?}"),
    }
    assert_eq!(desk.row(id).record.text("note"), None, "nothing was applied");
}

#[test]
fn ones_own_change_goes_from_saved_to_sending_to_the_district() {
    let (mut desk, mut log) = (Desk::new(), Log::new());
    let id = desk.add("works", &works("一号"));
    assert_eq!(desk.row(id).sync, SyncState::Saved);
    assert_eq!(desk.store.pending_counts().expect("counts"), (1, 0));

    let pending = desk.pending();
    desk.store.mark_sent(&pending).expect("on its way");
    assert_eq!(desk.row(id).sync, SyncState::Sending);
    assert_eq!(desk.store.pending_counts().expect("counts"), (1, 1));
    assert_eq!(desk.pending(), pending, "what has no receipt is sent again");

    log.order(&pending[0]);
    desk.store.take_receipts(own(), &[receipt(&pending[0], None)]).expect("taken");
    desk.store.take_receipts(own(), &[receipt(&pending[0], None)]).expect("twice is harmless");
    assert!(desk.pending().is_empty(), "what has its receipt is not sent again");
    assert_eq!(desk.store.pending(id).expect("a read").len(), 1, "it waits for its place in the log");

    desk.store.apply(&here(), &log.page(0), 0).expect("its place");
    assert_eq!(desk.row(id).sync, SyncState::District);
    assert!(desk.store.pending(id).expect("a read").is_empty());
}

#[test]
fn what_others_did_comes_in_below_ones_own_pending_change() {
    let (mut desk, mut log) = (Desk::new(), Log::new());
    let id = desk.add("works", &works("一号"));
    log.order(&desk.pending()[0]);
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");

    let saved = desk.set(id, &json!({"note": "我的"}));
    assert_eq!(saved.sync, SyncState::Saved);
    log.other(id, "works", write(&json!({"note": "对方的", "content": "管网"})));
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    let row = desk.row(id);
    assert_eq!(row.record.text("note"), Some("我的"), "the screen keeps what was just typed");
    assert_eq!(row.record.text("content"), Some("管网"), "and shows what others added");
    assert_eq!(row.sync, SyncState::Saved);

    let mine = desk.pending().remove(0);
    assert_eq!(mine.seen, 1, "the change still says what its writer had seen");
    assert_eq!(log.order(&mine).name(), "conflict");
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    let row = desk.row(id);
    assert_eq!((row.sync, row.record.text("note")), (SyncState::Conflict, Some("对方的")), "what stands is shown");
    assert_eq!(row.record.conflicts[0].parked()["note"], json!("我的"), "and mine beside it");
    assert_eq!(desk.store.in_conflict().expect("a list"), [row]);

    desk.set(id, &json!({"note": "商定的"}));
    assert_eq!(desk.row(id).sync, SyncState::Saved, "decided here");
    assert!(desk.store.in_conflict().expect("a list").is_empty());
    log.order(&desk.pending()[0]);
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    assert_eq!(desk.row(id).sync, SyncState::District);
}

#[test]
fn a_refused_edit_is_kept_as_a_draft_and_the_record_goes_on() {
    let (mut desk, mut log) = (Desk::new(), Log::new());
    let id = desk.add("works", &works("一号"));
    log.order(&desk.pending()[0]);
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    desk.set(id, &json!({"name": "二号"}));
    let change = desk.pending().remove(0);
    let refusal = log.refuse(&change);
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");

    let row = desk.row(id);
    assert_eq!((row.sync, row.record.text("name")), (SyncState::Refused, Some("一号")), "what stands is shown");
    let drafts = desk.store.refused().expect("drafts");
    assert_eq!(drafts.iter().map(|d| (&d.change, &d.refusal)).collect::<Vec<_>>(), [(&change, &refusal)]);
    assert!(desk.pending().is_empty(), "it is not sent again by itself");
    desk.store.apply(&here(), &log.page(0), 0).expect("the page once more");
    assert_eq!(desk.store.refused().expect("drafts").len(), 1);

    assert!(desk.store.forget_refused(change.id).expect("put away"));
    assert!(!desk.store.forget_refused(change.id).expect("it is gone"), "once");
    assert_eq!(desk.row(id).sync, SyncState::District);
    desk.store.apply(&here(), &log.page(0), 0).expect("the page once more");
    assert!(desk.store.refused().expect("drafts").is_empty(), "a discarded draft does not come back");
}

#[test]
fn a_refused_creation_stays_on_the_screen_until_it_is_put_away() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("一号"));
    desk.set(id, &json!({"note": "补充"}));
    let pending = desk.pending();
    let refusal = Refusal::OutsideScope { given: "320902107".to_owned(), scopes: "320902106".to_owned() };
    let receipts: Vec<Receipt> = pending.iter().map(|change| receipt(change, Some(refusal.clone()))).collect();
    desk.store.take_receipts(own(), &receipts).expect("taken");
    desk.store.take_receipts(own(), &receipts).expect("twice is harmless");
    let row = desk.row(id);
    assert_eq!(
        (row.sync, row.record.text("note")),
        (SyncState::Refused, Some("补充")),
        "the draft, with all that was typed"
    );
    assert_eq!(desk.store.refused().expect("drafts").len(), 2);

    desk.store.forget_refused(pending[1].id).expect("put away");
    assert_eq!(desk.row(id).record.text("note"), None);
    desk.store.forget_refused(pending[0].id).expect("put away");
    assert_eq!(desk.store.record(id).expect("a read"), None, "nothing makes it any more");
    let works = desk.store.catalog().kind("works").expect("a kind").clone();
    let list = store::ListQuery { kind: &works, filters: Vec::new(), sort: None, limit: 9, offset: 0 };
    assert_eq!(desk.store.list(&list).expect("a list").0, 0);
}

#[test]
fn a_refused_creation_is_sent_again_as_itself_or_stays_a_draft() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("一号"));
    let first = desk.pending().remove(0);
    let refusal = Refusal::NotAllowed { role: "reader".to_owned(), kind: "works".to_owned() };
    desk.store.take_receipts(own(), &[receipt(&first, Some(refusal.clone()))]).expect("taken");

    let again = |actions| draft(id, "works", actions);
    let answer = desk.store.save_again(again(created("二号")), first.id, |_, _| Err(refusal.clone()));
    assert!(answer.is_err(), "refused still");
    assert_eq!(desk.store.refused().expect("drafts").len(), 1, "the draft stays");
    assert_eq!(desk.row(id).record.text("name"), Some("一号"));

    let mut asked = None;
    let row = desk.store.save_again(again(created("二号")), first.id, |before, _| {
        asked = Some(before.cloned());
        Ok(())
    });
    let row = row.expect("saved");
    assert_eq!(asked, Some(None), "for the rules, it begins only now");
    assert_eq!((row.sync, row.record.text("name")), (SyncState::Saved, Some("二号")));
    assert!(desk.store.refused().expect("drafts").is_empty(), "and the draft is gone with the same stroke");
    assert_eq!(desk.pending().iter().map(|c| (c.writer, c.counter)).collect::<Vec<_>>(), [(own(), 2)]);
}
