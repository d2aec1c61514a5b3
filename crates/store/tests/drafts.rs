//! What was typed and not saved: it outlives the program, is read by nobody
//! without the key, and is nobody's record.

use std::path::Path;

use domain::Catalog;
use store::{DraftRow, Key, Store};

const KEY: Key = [7; 32];

fn open(folder: &Path) -> Store {
    Store::open(&folder.join("records.db"), &KEY, Catalog::shipped()).expect("the database opens")
}

fn draft(name: &str, at: &str, body: &str) -> DraftRow {
    DraftRow { name: name.to_owned(), at: at.to_owned(), body: body.to_owned() }
}

#[test]
fn the_last_edits_of_each_form_are_there_when_the_database_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    store.keep_draft("works.new", "2026-06-02T09:00:00+08:00", r#"{"name":"污"}"#).expect("kept");
    store.keep_draft("works.new", "2026-06-02T09:00:01+08:00", r#"{"name":"污水管网"}"#).expect("kept again");
    store.keep_draft("village.1", "2026-06-02T09:05:00+08:00", r#"{"households":null}"#).expect("another form's");
    drop(store);

    let kept = open(folder.path()).drafts().expect("the drafts");
    let of_the_village = draft("village.1", "2026-06-02T09:05:00+08:00", r#"{"households":null}"#);
    let of_the_works = draft("works.new", "2026-06-02T09:00:01+08:00", r#"{"name":"污水管网"}"#);
    assert_eq!(kept, [of_the_village, of_the_works], "one for each form, as it was last typed");
}

#[test]
fn a_dropped_draft_stays_away_and_others_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    store.keep_draft("works.1", "2026-06-02T09:00:00+08:00", "{}").expect("kept");
    store.keep_draft("works.11", "2026-06-02T09:00:00+08:00", "{}").expect("kept");
    store.drop_draft("works.1").expect("dropped");
    store.drop_draft("works.1").expect("what is gone already is no error");
    drop(store);

    let kept = open(folder.path()).drafts().expect("the drafts");
    assert_eq!(kept, [draft("works.11", "2026-06-02T09:00:00+08:00", "{}")]);
}

#[test]
fn a_draft_is_no_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    store.keep_draft("works.new", "2026-06-02T09:00:00+08:00", r#"{"name":"厕所"}"#).expect("kept");
    assert_eq!(store.pending_counts().expect("the outbox"), (0, 0), "nothing waits for the district");
    assert_eq!(store.index_due(500).expect("the index"), 0, "and search has nothing to read");
}

#[test]
fn a_draft_lies_nowhere_in_the_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    let words = "王某某家的厕所";
    store.keep_draft("works.new", "2026-06-02T09:00:00+08:00", words).expect("kept");
    // Looked at while open and after: the last pages lie in the write-ahead log first.
    let in_the_open = || {
        let files = std::fs::read_dir(folder.path()).expect("the folder");
        let mut bytes = files.map(|file| std::fs::read(file.expect("a file").path()).expect("its bytes"));
        bytes.any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
    };
    assert!(!in_the_open(), "the write-ahead log is encrypted as well");
    drop(store);
    assert!(!in_the_open(), "and so is the file");
    let other = Store::open(&folder.path().join("records.db"), &[8; 32], Catalog::shipped());
    assert!(matches!(other.err(), Some(store::Error::WrongKey)), "another key reads nothing");
}
