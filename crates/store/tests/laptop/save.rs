//! Saves: whole or not at all, one after the other, and on disk when they return.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;

use domain::{RecordId, Refusal};
use serde_json::json;
use store::{Numbering, SaveError, SyncState};

use crate::desk::{Desk, creation, draft, edit, open, own, works};

#[test]
fn a_refused_save_leaves_no_trace_and_spends_no_number() {
    let mut desk = Desk::new();
    let numbering = Numbering { series: "number:works:2026".to_owned(), pattern: "GC-2026-A-{n}".to_owned() };
    let mut first = creation("works", &works("一号"));
    first.number = Some(numbering.clone());
    let refused = first.record;
    let refusal = Refusal::Required { field: "village".to_owned() };
    let answer = desk.store.save(first, |_, _| Err(refusal.clone()));
    assert!(matches!(answer, Err(SaveError::Refused(given)) if given == refusal), "the rule's own word comes back");
    assert_eq!(desk.store.record(refused).expect("a read"), None);
    assert!(desk.pending().is_empty(), "nothing is queued");

    let mut second = creation("works", &works("二号"));
    second.number = Some(numbering);
    let row = desk.save(second);
    assert_eq!(row.record.text("number"), Some("GC-2026-A-001"), "the refused one took no number");
    assert_eq!(desk.pending()[0].counter, 1, "and no counter");
}

#[test]
fn the_rules_are_asked_about_the_record_as_it_stands_and_the_change_as_it_will_go_out() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("一号"));
    let before = desk.row(id).record;
    let actions = edit("works", &before.fields, &json!({"name": "二号"}));
    let asked = draft(id, "works", actions);
    let mut heard = None;
    desk.store
        .save(asked, |record, change| {
            heard = Some((record.cloned(), change.clone()));
            Ok(())
        })
        .expect("saved");
    let (record, change) = heard.expect("the rules were asked");
    assert_eq!(record, Some(before));
    assert_eq!(desk.pending()[1], change, "what was judged is what is sent");
    assert_eq!((change.writer, change.counter), (own(), 2));
}

#[test]
fn two_programs_on_one_file_share_one_dense_count() {
    const EACH: usize = 40;
    let desk = Desk::new();
    thread::scope(|scope| {
        for hand in ["甲", "乙"] {
            let mut store = desk.again();
            scope.spawn(move || {
                for n in 0..EACH {
                    let draft = creation("works", &works(&format!("{hand}{n}")));
                    store.save(draft, |_, _| Ok(())).expect("each waits for the other");
                }
            });
        }
    });
    let counters: Vec<u64> = desk.pending().iter().map(|change| change.counter).collect();
    let dense: Vec<u64> = (1..).take(2 * EACH).collect();
    assert_eq!(counters, dense, "the district refuses gaps and forks");
}

#[test]
fn a_database_that_was_never_closed_opens_with_all_that_was_acknowledged() {
    let mut desk = Desk::new();
    let ids: Vec<RecordId> = (0..20).map(|n| desk.add("works", &works(&format!("工程{n}")))).collect();
    // Never dropped: no checkpoint, no farewell; the journal holds everything.
    let Desk { store, folder } = desk;
    std::mem::forget(store);
    let again = open(&folder.path().join("records.db"));
    for id in &ids {
        let row = again.record(*id).expect("a read").expect("kept");
        assert_eq!(row.sync, SyncState::Saved);
    }
    assert_eq!(again.to_send(1_000).expect("the outbox").len(), ids.len());
}

/// Where the child of the next test keeps its records; without it, it has nothing to do.
const CHILD: &str = "NONGHUAN_STORE_CHILD";

#[test]
fn the_child_that_saves_until_it_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let mut store = open(std::path::Path::new(&path));
    loop {
        let row = store.save(creation("works", &works("断电")), |_, _| Ok(())).expect("saved");
        say(&row.record.id.to_string());
    }
}

#[allow(clippy::print_stdout, reason = "its output is what it acknowledged")]
fn say(id: &str) {
    println!("saved {id}");
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_after_it() {
    for saves in [1, 7, 40] {
        let desk = Desk::new();
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "save::the_child_that_saves_until_it_is_killed", "--nocapture"])
            .env(CHILD, desk.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the child starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let saved = |line: String| line.split_once("saved ").and_then(|(_, id)| id.parse::<RecordId>().ok());
        let mut kept: Vec<RecordId> = lines.by_ref().map_while(Result::ok).filter_map(saved).take(saves).collect();
        child.kill().expect("killed in the midst of it");
        child.wait().expect("gone");
        kept.extend(lines.map_while(Result::ok).filter_map(saved));

        assert!(kept.len() >= saves, "it saved until it was killed");
        let again = desk.again();
        for id in &kept {
            assert!(again.record(*id).expect("a read").is_some(), "{id} was acknowledged and is gone");
        }
        let pending = again.to_send(100_000).expect("the outbox");
        assert!(pending.len() >= kept.len(), "and all of it is still to be sent");
        let dense = pending.iter().zip(1..).all(|(change, n)| change.counter == n);
        assert!(dense, "without a gap in the count");
    }
}

#[test]
fn large_changes_go_a_few_at_a_time_and_one_that_is_larger_still_goes_alone() {
    let mut desk = Desk::new();
    let long = |n: usize| json!({"name": "长", "category": "sewage", "note": "长".repeat(n)});
    for _ in 0..6 {
        desk.add("works", &long(100_000));
    }
    assert_eq!(desk.pending().len(), 3, "six of 300 KB are two messages, not one that nobody would open");
    let mut desk = Desk::new();
    desk.add("works", &long(500_000));
    desk.add("works", &works("二号"));
    assert_eq!(desk.pending().len(), 1, "nothing is so large that the queue stands still");
}
