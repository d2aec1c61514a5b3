//! Databases of every version that was ever in a person's hands: today's program
//! brings them up to date, finds all that was in them, and goes on from there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use domain::log::{CHAIN_START, LogEntry};
use domain::{Action, Change, ChangeId, RecordId, Scope, Verdict};
use serde_json::json;
use store::{Filter, ListQuery, Numbering, Store, SyncState};
use tempfile::TempDir;
use uuid::Uuid;

use crate::desk::{self, creation, draft, edit, here, other};
use contents::Contents;

#[path = "../fixtures/contents.rs"]
mod contents;

/// A copy of one version's database, and what was in it when it was made.
pub(crate) struct Old {
    pub(crate) version: u32,
    pub(crate) folder: TempDir,
    expected: Contents,
}

impl Old {
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("records.db")
    }
}

/// As far as versions are looked for.
const NEWEST: u32 = 99;

/// One of each version that was kept.
pub(crate) fn all() -> Vec<Old> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let old = |version| {
        let made = fixtures.join(format!("laptop-v{version}.db"));
        let text = fs::read_to_string(made.with_extension("json")).ok()?;
        let folder = tempfile::tempdir().expect("a folder");
        fs::copy(made, folder.path().join("records.db")).expect("the fixture beside its list");
        Some(Old { version, folder, expected: serde_json::from_str(&text).expect("what was written down") })
    };
    // Not every version was ever in a person's hands.
    let found: Vec<Old> = (1..=NEWEST).filter_map(old).collect();
    let kept = fs::read_dir(&fixtures).expect("a folder").flatten();
    let kept = kept.filter(|file| file.path().extension().is_some_and(|extension| extension == "db")).count();
    assert_eq!(found.len(), kept, "every one that was kept");
    found
}

/// What the store holds of what was in the old one.
fn read(store: &Store, expected: &Contents) -> Contents {
    let records: Vec<RecordId> = expected.records.iter().map(|held| held.record.id).collect();
    let files: Vec<String> = expected.attachments.iter().map(|held| held.file.sha256.clone()).collect();
    Contents::read(store, &records, &files, expected.next_counter)
}

#[test]
fn everything_in_a_database_of_any_version_is_there_after_it_was_brought_up_to_date() {
    for old in all() {
        let store = desk::open(&old.path());
        assert_eq!(read(&store, &old.expected), old.expected, "of version {}", old.version);
        drop(store);
        let again = desk::open(&old.path());
        assert_eq!(read(&again, &old.expected), old.expected, "and when version {} is opened again", old.version);
    }
}

#[test]
fn lists_and_search_find_what_an_old_database_holds() {
    for old in all() {
        let store = desk::open(&old.path());
        let works = store.catalog().kind("works").expect("a kind").clone();
        let list = |filters: Vec<Filter>| {
            store.list(&ListQuery { kind: &works, filters, sort: None, limit: 50, offset: 0 }).expect("a list").0
        };
        let held = old.expected.records.iter().filter(|held| held.record.kind == "works" && !held.record.deleted);
        assert_eq!(list(Vec::new()), held.count() as u64, "of version {}", old.version);
        assert_eq!(list(vec![Filter::Field("note".to_owned(), json!("一期"))]), 1, "also by what no list shows");
        assert_eq!(store.search("厕所", 20).expect("a search").len(), 1, "what the old program indexed");
        assert_eq!(store.search("垃圾收运点", 20).expect("a search").len(), 1, "and what it did not come to");
    }
}

#[test]
fn a_new_save_goes_on_where_an_old_database_ended() {
    for old in all() {
        let mut store = desk::open(&old.path());
        let numbering = Numbering { series: "works-2026".to_owned(), pattern: "GC-2026-A-{n}".to_owned() };
        let mut new = creation("works", &json!({"name": "黑臭水体整治", "category": "black_odour"}));
        new.number = Some(numbering);
        let row = store.save(new, |_, _| Ok(())).expect("saved");
        assert_eq!((row.sync, row.record.text("number")), (SyncState::Saved, Some("GC-2026-A-002")));
        let held = old.expected.records.iter().find(|held| held.sync == "saved").expect("one that never went out");
        let edited = draft(held.record.id, "works", edit("works", &held.record.fields, &json!({"note": "改"})));
        store.save(edited, |_, _| Ok(())).expect("saved");

        let pending = store.to_send(100).expect("the outbox");
        let counters: Vec<u64> = pending.iter().rev().take(2).map(|change| change.counter).collect();
        assert_eq!(
            counters,
            [old.expected.next_counter + 1, old.expected.next_counter],
            "dense, in version {}",
            old.version
        );
        let seen = old.expected.scopes.iter().find(|(scope, _)| *scope == here()).expect("held").1;
        assert!(pending.iter().rev().take(2).all(|change| change.seen == seen), "having seen the whole log");
    }
}

/// The log's entries as they were written down, in their order.
fn log(expected: &Contents, scope: &Scope) -> Vec<(Change, u64, Verdict)> {
    let past = expected.records.iter().flat_map(|held| &held.history).filter(|(change, _)| change.scope == *scope);
    let ordered = past.filter_map(|(change, ordered)| ordered.clone().map(|(seq, verdict)| (seq, (change, verdict))));
    let ordered: BTreeMap<u64, (&Change, Verdict)> = ordered.collect();
    ordered.into_iter().map(|(seq, (change, verdict))| (change.clone(), seq, verdict)).collect()
}

#[test]
fn the_log_goes_on_where_an_old_database_ended() {
    for old in all() {
        let mut store = desk::open(&old.path());
        let mut hash = CHAIN_START.to_owned();
        let entries = log(&old.expected, &here());
        for (change, seq, verdict) in &entries {
            hash = LogEntry::chained(&hash, *seq, change.clone(), verdict.clone(), None).hash;
        }
        let seq = entries.len() as u64;
        let held = old.expected.records.iter().find(|held| held.sync == "conflict").expect("an open conflict");
        let decided = edit("works", &held.record.fields, &json!({"note": "商定的"}));
        let change = Change {
            id: ChangeId(Uuid::now_v7()),
            writer: other(),
            counter: 1_000,
            author: "李雷".to_owned(),
            at: "2026-04-01T08:00:00+08:00".to_owned(),
            record: held.record.id,
            kind: "works".to_owned(),
            scope: here(),
            seen: seq,
            actions: decided,
        };
        let entry = LogEntry::chained(&hash, seq + 1, change, Verdict::Accepted, None);
        store
            .apply(&here(), &domain::page::Page::of(&hash, &[entry], "").expect("an entry"), 0)
            .expect("it follows the last one of the old program");
        let row = store.record(held.record.id).expect("a read").expect("there");
        assert_eq!(row.sync, SyncState::District, "the conflict of version {} is decided", old.version);

        // What an old program left answered comes back, and what it left refused can be sent again.
        let (refused, _) = old.expected.refused.first().expect("a refused draft").clone();
        let again = draft(refused.record, &refused.kind, vec![Action::Restore]);
        store.save_again(again, refused.id, |_, _| Ok(())).expect("saved in its place");
        assert_eq!(store.refused().expect("drafts").len(), old.expected.refused.len() - 1);
    }
}

/// The copies beside a database, by name.
fn copies(old: &Old) -> Vec<String> {
    let Ok(files) = fs::read_dir(old.folder.path().join("backups")) else { return Vec::new() };
    let mut names: Vec<String> = files.map(|file| file.expect("a file").file_name().display().to_string()).collect();
    names.sort_unstable();
    names
}

/// All but those that today's program need not bring up to date.
fn older() -> Vec<Old> {
    let fresh = tempfile::tempdir().expect("a folder");
    drop(desk::open(&fresh.path().join("records.db")));
    let today = version(&fresh.path().join("records.db"));
    all().into_iter().filter(|old| old.version < today).collect()
}

fn version(path: &Path) -> u32 {
    let conn = store::connect(path, &desk::KEY).expect("a connection");
    conn.query_row("SELECT MAX(version) FROM refinery_schema_history", [], |row| row.get(0)).expect("a version")
}

#[test]
fn an_old_database_is_copied_under_its_key_before_it_is_brought_up_to_date() {
    for old in older() {
        drop(desk::open(&old.path()));
        let [copy] = <[String; 1]>::try_from(copies(&old)).expect("one copy and nothing unfinished");
        assert!(copy.starts_with(&format!("records-v{}-20", old.version)) && copy.ends_with("Z.db"), "{copy}");
        let apart = tempfile::tempdir().expect("a folder");
        let restored = apart.path().join("records.db");
        fs::copy(old.folder.path().join("backups").join(copy), &restored).expect("one file is all of it");
        assert_eq!(version(&restored), old.version, "as the old program left it");
        let other = Store::open(&restored, &[8; 32], domain::Catalog::shipped());
        assert!(matches!(other.err(), Some(store::Error::WrongKey)), "closed to every other key");
        assert_eq!(read(&desk::open(&restored), &old.expected), old.expected, "with all that was in it");

        drop(desk::open(&old.path()));
        assert_eq!(copies(&old).len(), 1, "where nothing is to be brought up to date, no copy is made");
    }
}

#[test]
fn a_new_database_and_one_of_today_are_not_copied() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        drop(desk::open(&folder.path().join("records.db")));
        assert!(!folder.path().join("backups").exists(), "nothing is about to be changed");
    }
}

#[test]
fn a_migration_that_fails_leaves_the_file_and_a_copy_that_opens() {
    for old in older() {
        // A history that is not ours is what a migration cannot go on from.
        let conn = store::connect(&old.path(), &desk::KEY).expect("a connection");
        let sum: String = conn
            .query_row("SELECT checksum FROM refinery_schema_history WHERE version = 1", [], |row| row.get(0))
            .expect("the first one's");
        conn.execute("UPDATE refinery_schema_history SET checksum = '1' WHERE version = 1", []).expect("spoilt");
        drop(conn);
        let opened = Store::open(&old.path(), &desk::KEY, domain::Catalog::shipped());
        assert!(matches!(opened.err(), Some(store::Error::Migration(_))), "it fails");
        assert_eq!(version(&old.path()), old.version, "and changes nothing");

        let [copy] = <[String; 1]>::try_from(copies(&old)).expect("the copy was made before");
        let copy = old.folder.path().join("backups").join(copy);
        let conn = store::connect(&copy, &desk::KEY).expect("it opens");
        conn.execute("UPDATE refinery_schema_history SET checksum = ?1 WHERE version = 1", [sum]).expect("mended");
        drop(conn);
        assert_eq!(read(&desk::open(&copy), &old.expected), old.expected, "the program that mends it finds everything");
    }
}

#[test]
fn without_a_copy_nothing_is_brought_up_to_date() {
    for old in older() {
        let in_the_way = old.folder.path().join("backups");
        fs::write(&in_the_way, "一个文件，不是文件夹").expect("written");
        let before = fs::read(old.path()).expect("the file");
        match Store::open(&old.path(), &desk::KEY, domain::Catalog::shipped()).err() {
            Some(store::Error::Backup { folder, .. }) => assert_eq!(folder, in_the_way.display().to_string()),
            other => panic!("the copy cannot be written: {other:?}"),
        }
        assert_eq!(fs::read(old.path()).expect("the file"), before, "not a byte may change");
        fs::remove_file(&in_the_way).expect("out of the way");
        assert_eq!(read(&desk::open(&old.path()), &old.expected), old.expected, "and then it opens");
    }
}

#[test]
fn the_newest_copies_are_kept_and_other_files_left_alone() {
    for old in older() {
        let backups = old.folder.path().join("backups");
        fs::create_dir(&backups).expect("a folder");
        let there = [
            "records-v1-20240101T000000Z.db",
            "records-v1-20250101T000000Z.db",
            "records-v0-20990101T000000Z.db",
            "records-v1-20250601T000000Z.db",
            "records.part",
            "records-of-mine.db",
            "other-v1-20200101T000000Z.db",
        ];
        there.iter().for_each(|name| fs::write(backups.join(name), "旧").expect("written"));
        drop(desk::open(&old.path()));
        let left = copies(&old);
        assert_eq!(left.len(), 5, "three of ours and two that are not: {left:?}");
        let kept = |name: &str| left.iter().any(|left| left == name);
        assert!(kept(there[1]) && kept(there[3]), "by version, then by time: {left:?}");
        assert!(kept(there[5]) && kept(there[6]), "what the program did not make is not its to take: {left:?}");
    }
}

#[test]
fn an_audit_finds_nothing_wrong_in_an_old_database() {
    for old in all() {
        let audit = desk::open(&old.path()).audit(&mut |_| {}).expect("readable");
        assert!(audit.ok, "of version {}: {:?}", old.version, audit.broken);
        assert!(audit.scopes.iter().all(|scope| scope.replayed), "its logs are whole");
    }
}
