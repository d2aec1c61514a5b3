//! Opening: only under its own key, only by a program that knows its version,
//! and without a byte changed where it is refused.

use std::fs;
use std::path::Path;
use std::thread;

use domain::Catalog;
use store::{Error, Store, connect};

use crate::desk::{Desk, KEY, open, works};

fn refusal(path: &Path, key: &store::Key) -> Error {
    match Store::open(path, key, Catalog::shipped()) {
        Ok(_) => panic!("{} must not open", path.display()),
        Err(error) => error,
    }
}

#[test]
fn a_wrong_key_opens_nothing_and_changes_nothing() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("厕所改造"));
    let path = desk.path();
    let Desk { store, folder } = desk;
    drop(store);
    let before = fs::read(&path).expect("the file");
    assert!(matches!(refusal(&path, &[8; 32]), Error::WrongKey));
    assert_eq!(fs::read(&path).expect("the file"), before, "a failed try leaves the file as it was");
    assert!(open(&path).record(id).expect("a read").is_some(), "and the right key opens it");
    drop(folder);
}

#[test]
fn a_wrong_key_does_not_spoil_what_still_lies_in_the_journal() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("厕所改造"));
    // A copy of a running laptop's files is what a power cut leaves: the journal is not written back.
    let cut = tempfile::tempdir().expect("a folder");
    for end in ["", "-wal"] {
        let name = format!("records.db{end}");
        fs::copy(desk.folder.path().join(&name), cut.path().join(&name)).expect("copied");
    }
    let path = cut.path().join("records.db");
    assert!(matches!(refusal(&path, &[8; 32]), Error::WrongKey));
    let row = open(&path).record(id).expect("a read").expect("what was acknowledged is there");
    assert_eq!(row.record.text("name"), Some("厕所改造"));
}

#[test]
fn a_file_that_is_no_database_of_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = folder.path().join("plain.db");
    let made = rusqlite::Connection::open(&plain).expect("plain SQLite");
    made.execute_batch("CREATE TABLE record (id INTEGER); INSERT INTO record VALUES (1)").expect("a table");
    drop(made);
    let garbage = folder.path().join("garbage.db");
    fs::write(&garbage, "这不是数据库。".repeat(1_000)).expect("written");
    let short = folder.path().join("short.db");
    fs::write(&short, "短").expect("written");
    for path in [plain, garbage, short] {
        let before = fs::read(&path).expect("the file");
        assert!(matches!(refusal(&path, &KEY), Error::WrongKey), "{} is none of ours", path.display());
        assert_eq!(fs::read(&path).expect("the file"), before, "{} is somebody's", path.display());
    }
}

#[test]
fn a_database_of_a_later_program_is_named_and_not_touched() {
    let desk = Desk::new();
    let path = desk.path();
    let Desk { store, folder } = desk;
    drop(store);
    let conn = connect(&path, &KEY).expect("a connection");
    // A later program may also have chosen another journal.
    conn.execute_batch(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             SELECT 9999, 'later', applied_on, checksum FROM refinery_schema_history LIMIT 1;
         PRAGMA journal_mode = DELETE;",
    )
    .expect("a later migration");
    drop(conn);
    let before = fs::read(&path).expect("the file");
    match refusal(&path, &KEY) {
        Error::Newer { found, supported } => assert!(found == 9999 && supported < found, "{found} over {supported}"),
        other => panic!("it is newer, not: {other}"),
    }
    assert_eq!(fs::read(&path).expect("the file"), before, "not a byte may change");
    drop(folder);
}

#[test]
fn two_programs_may_make_one_new_database_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("records.db");
        thread::scope(|scope| {
            let both: Vec<_> =
                (0..2).map(|_| scope.spawn(|| Store::open(&path, &KEY, Catalog::shipped()).map(drop))).collect();
            for one in both {
                one.join().expect("no panic").expect("both find it whole");
            }
        });
    }
}

#[test]
fn the_words_are_not_in_the_file() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("厕所改造工程"));
    desk.index();
    desk.set(id, &serde_json::json!({"note": "黑臭水体"}));
    for entry in fs::read_dir(desk.folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a file");
        for word in ["厕所", "SQLite format", "works"] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "`{word}` can be read in {}", path.display());
        }
    }
}
