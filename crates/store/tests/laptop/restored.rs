//! A district that was restored from a backup, as the laptop's store sees it.

use domain::Change;
use domain::log::CHAIN_START;
use domain::page::Page;
use serde_json::json;
use store::{Receipt, SyncState};

use crate::desk::{Desk, Log, here, own, works};

fn receipt(change: &Change, of: &Change) -> Receipt {
    Receipt { counter: change.counter, change: of.id.mark(), seq: Some(1), refusal: None }
}

#[test]
fn the_receipt_of_a_copys_change_is_not_taken_for_ones_own() {
    let (mut desk, mut copy) = (Desk::new(), Desk::new());
    let id = desk.add("works", &works("一号"));
    copy.add("works", &works("二号"));
    let (ours, theirs) = (desk.pending().remove(0), copy.pending().remove(0));
    assert_eq!(ours.counter, theirs.counter, "one number for two changes");
    desk.store.take_receipts(own(), &[receipt(&ours, &theirs)]).expect("passed over");
    assert_eq!(desk.pending(), std::slice::from_ref(&ours), "it is sent still");
    desk.store.take_receipts(own(), &[receipt(&ours, &ours)]).expect("taken");
    assert!(desk.pending().is_empty());
    assert_eq!(desk.row(id).record.text("name"), Some("一号"));
}

#[test]
fn what_the_district_has_lost_is_on_its_way_until_it_was_given_back() {
    let (mut desk, mut log) = (Desk::new(), Log::new());
    let id = desk.add("works", &works("一号"));
    log.order(&desk.pending().remove(0));
    desk.store.apply(&here(), &log.page(0), 1).expect("its place");
    assert_eq!(desk.row(id).sync, SyncState::District);

    desk.store.note_lost(&here(), 0, CHAIN_START).expect("heard");
    assert_eq!(desk.row(id).sync, SyncState::Sending, "the district has no such thing");
    desk.store.note_found(&here()).expect("given back");
    assert_eq!(desk.row(id).sync, SyncState::District);
}

#[test]
fn own_changes_of_a_log_that_begins_anew_are_kept_until_it_brings_them_or_sent_again() {
    for lost_once_more in [false, true] {
        let (mut desk, mut log) = (Desk::new(), Log::new());
        let id = desk.add("works", &works("一号"));
        let change = desk.pending().remove(0);
        log.order(&change);
        let page: Page = log.page(0);
        desk.store.apply(&here(), &page, 1).expect("its place");

        desk.store.begin_anew(&here(), 0).expect("the logs have parted");
        assert_eq!(desk.row(id).sync, SyncState::Sending, "until its log says so again");
        assert_eq!(desk.store.kept_changes().expect("a read"), std::slice::from_ref(&change));
        assert!(desk.pending().is_empty(), "the district has it, as far as is known");
        if lost_once_more {
            desk.store.note_head(&here(), 0).expect("an empty log, and all of it is here");
            let again = desk.pending();
            assert_eq!(again.iter().map(|change| change.id).collect::<Vec<_>>(), [change.id], "sent again");
            assert_eq!(desk.row(id).record.text("name"), Some("一号"), "and shown all the while");
        } else {
            desk.store.apply(&here(), &page, 1).expect("brought again");
            assert_eq!(desk.row(id).sync, SyncState::District);
        }
        assert!(desk.store.kept_changes().expect("a read").is_empty());
        let written = desk.set(id, &json!({"note": "补充"}));
        assert_eq!(written.sync, SyncState::Saved, "work goes on");
    }
}
