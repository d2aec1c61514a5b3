//! What the sync centre reads: the log of exchanges, and what waits record by record.

use serde_json::json;

use crate::desk::Desk;

#[test]
fn a_line_that_stays_down_is_one_line_of_the_log_and_everything_else_its_own() {
    let mut desk = Desk::new();
    let mut note = |at: &str, body: &str, alike| desk.store.note_exchange(at, "line", body, alike).expect("noted");
    note("1", "down", true);
    note("2", "down", true);
    note("3", "moved", false);
    note("4", "moved", false);
    note("5", "down", true);
    let log = desk.store.exchanges(10).expect("the log");
    let log: Vec<_> = log.iter().map(|row| (row.at.as_str(), row.until.as_str(), row.times)).collect();
    assert_eq!(log, [("5", "5", 1), ("4", "4", 1), ("3", "3", 1), ("1", "2", 2)], "newest first");
}

#[test]
fn what_waits_is_told_record_by_record_and_what_went_out_first() {
    let mut desk = Desk::new();
    let one = desk.add("works", &json!({"name": "一"}));
    let other = desk.add("works", &json!({"name": "二"}));
    desk.store.mark_sent_between(1, 1).expect("the first went out");
    desk.set(other, &json!({"note": "改"}));

    let (total, waiting) = desk.store.waiting(1).expect("a list");
    assert_eq!((total, waiting.len()), (2, 1), "a short list says how long it would be");
    assert_eq!((waiting[0].record, waiting[0].changes, waiting[0].sent), (one, 1, true));
    let (_, waiting) = desk.store.waiting(10).expect("a list");
    assert_eq!((waiting[1].record, waiting[1].changes, waiting[1].sent), (other, 2, false));
}
