//! Databases of every version that a district ever kept: today's server brings
//! them up to date, stands by every word that was given, and goes on from there.

mod common;
#[path = "fixtures/expected.rs"]
mod expected;

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use common::scratch::Scratch;
use common::{HERE, Laptop, SHARED, TestDistrict, code_of, refusal, scope};
use district::{District, DistrictError};
use domain::{Change, Verdict};
use expected::{Expected, Known, MISSING_PHOTO};
use sha2::{Digest, Sha256};
use sync::wire::Receipt;

/// As far as versions are looked for.
const NEWEST: u32 = 99;

/// Today's server on a copy of each version's database, under keys of its own.
fn all() -> Vec<(TestDistrict, Expected)> {
    let mut all = stopped(common::scratch);
    all.iter_mut().for_each(|(district, _)| district.restart());
    all
}

/// The same before the server was ever started on it, its database where `scratch` says.
fn stopped(scratch: fn() -> Option<Scratch>) -> Vec<(TestDistrict, Expected)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let old = |version: u32| {
        let made = fixtures.join(format!("district-v{version}.sqlite"));
        let text = fs::read_to_string(made.with_extension("json")).ok()?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let district = TestDistrict { running: None, folder, s3: None, scratch: scratch() };
        fs::create_dir(district.data()).expect("a data folder");
        // A district of later versions knows its key, and would not start under another one.
        let forget = "DELETE FROM setting WHERE name = 'public_key'";
        if let Some(scratch) = &district.scratch {
            scratch.fill(version, &made);
            scratch.execute(forget);
        } else {
            let file = district.data().join("district.sqlite");
            fs::copy(made, &file).expect("the fixture beside its list");
            let database = rusqlite::Connection::open(file).expect("an SQLite file");
            database.execute(forget, []).expect("forgotten");
        }
        Some((district, serde_json::from_str(&text).expect("what was written down")))
    };
    // Not every version was ever on a district's disk.
    let found: Vec<_> = (1..=NEWEST).filter_map(old).collect();
    let kept = fs::read_dir(&fixtures).expect("a folder").flatten();
    let kept = kept.filter(|file| file.path().extension().is_some_and(|extension| extension == "sqlite")).count();
    assert_eq!(found.len(), kept, "every one that was kept");
    found
}

/// The laptop of old, on today's line.
async fn back(district: &TestDistrict, known: &Known) -> Laptop {
    let mut laptop = district.enrol(HERE, "reader").await;
    laptop.enrolled.device = known.device;
    laptop.enrolled.letter.clone_from(&known.letter);
    laptop.enrolled.token.clone_from(&known.token);
    laptop.counter.store(known.pushed.len() as u64, Ordering::Relaxed);
    laptop
}

#[tokio::test]
async fn logs_and_records_of_any_version_are_there_after_they_were_brought_up_to_date() {
    for (district, expected) in all() {
        let admin = back(&district, &expected.laptops[4]).await;
        for (scope, log) in &expected.logs {
            assert_eq!(admin.whole_log(scope).await, *log, "of {scope}, unaltered and chained");
        }
        for (kind, records) in &expected.records {
            let listed = district.district().list(kind, None, 0).expect("a list").records;
            let listed: Vec<_> = listed.iter().map(|record| serde_json::to_value(record).expect("JSON")).collect();
            assert_eq!(listed, *records, "every {kind}");
        }
    }
}

#[tokio::test]
async fn the_districts_word_of_old_stands() {
    for (district, expected) in all() {
        for known in expected.laptops.iter().filter(|known| !known.pushed.is_empty()) {
            let laptop = back(&district, known).await;
            let named = |(change, word): (Change, Receipt)| {
                let change_of = change.id.mark(); // Which no word of old says.
                (change, Receipt { change: change_of, ..word })
            };
            let (changes, words): (Vec<_>, Vec<Receipt>) = known.pushed.iter().cloned().map(named).unzip();
            let reply = laptop.push(&changes).await.expect("receipts");
            assert_eq!(reply.receipts, words, "what laptop {} sends again", known.letter);
            assert_eq!(reply.next_counter, changes.len() as u64 + 1);
        }
        let revoked = expected.laptops.iter().find(|known| known.revoked).expect("one that was shut out");
        assert_eq!(code_of(back(&district, revoked).await.push(&[]).await), "deviceRevoked");
    }
}

#[tokio::test]
async fn a_new_push_goes_on_where_an_old_database_ended() {
    for (district, expected) in all() {
        let laptop = back(&district, &expected.laptops[1]).await;
        let before = expected.logs[HERE].len() as u64;
        let twin = laptop.say(laptop.village("320902107200", "同码村")).await;
        assert_eq!(refusal(&twin.verdict)["code"], "duplicate", "keys of old are taken still");
        let new = laptop.say(laptop.village("320902107209", "新立村")).await;
        assert_eq!((new.seq, new.verdict), (Some(before + 2), Verdict::Accepted));
        assert_eq!(laptop.whole_log(HERE).await.len() as u64, before + 2);
        assert_eq!(laptop.push(&[]).await.expect("an answer").scopes[0].scope, scope(SHARED));
    }
}

#[tokio::test]
async fn what_waited_in_an_old_database_is_let_pass() {
    for (district, expected) in all() {
        let laptop = back(&district, &expected.laptops[0]).await;
        let id = expected.waiting.record.to_string();
        let state = || district.district().show(&id).expect("the application").state;
        assert_eq!(state().as_deref(), Some("township_review"), "it waits");
        let name = hex::encode(Sha256::digest(MISSING_PHOTO));
        laptop.put(&name, MISSING_PHOTO.as_bytes()).await.expect("the photo");
        assert_eq!(state().as_deref(), Some("returned"), "its photo has come, and today's rules have looked at it");
        let remarks = district.district().list("review_remark", None, 0).expect("a list").records;
        let told = remarks.iter().any(|remark| remark.fields["application"] == id.as_str());
        assert!(told, "who handed it in is told why it came back: {remarks:?}");
    }
}

/// Those that today's program has something to bring up to date in: files, for
/// no other database is this program's to copy.
fn older() -> Vec<(TestDistrict, Expected)> {
    let today = TestDistrict::start_on_file();
    let newest = version(&today.data().join("district.sqlite"));
    stopped(|| None).into_iter().filter(|(old, _)| version(&old.data().join("district.sqlite")) < newest).collect()
}

fn version(file: &Path) -> u32 {
    let database = rusqlite::Connection::open(file).expect("an SQLite file");
    database.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0)).expect("a version")
}

/// The one copy beside the district's database.
fn copy(district: &TestDistrict) -> std::path::PathBuf {
    let files = fs::read_dir(district.data().join("backups")).expect("a folder of copies");
    let files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    let [copy] = <[_; 1]>::try_from(files).expect("one copy and nothing unfinished");
    copy
}

#[tokio::test]
async fn an_old_database_is_copied_before_it_is_brought_up_to_date() {
    for (mut old, expected) in older() {
        let before = version(&old.data().join("district.sqlite"));
        old.restart();
        let copy = copy(&old);
        let name = copy.file_name().and_then(|name| name.to_str()).expect("a name");
        assert!(name.starts_with(&format!("district-v{before}-20")) && name.ends_with("Z.sqlite"), "{name}");
        assert_eq!(version(&copy), before, "as the old program left it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&copy).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "nobody else may read it");
        }
        old.restart();
        assert_eq!(self::copy(&old), copy, "where nothing is to be brought up to date, no copy is made");

        drop(old.running.take());
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(old.data().join(format!("district.sqlite{end}")));
        }
        fs::copy(&copy, old.data().join("district.sqlite")).expect("put back");
        old.restart();
        let admin = back(&old, &expected.laptops[4]).await;
        for (scope, log) in &expected.logs {
            assert_eq!(admin.whole_log(scope).await, *log, "the copy of {scope} is whole");
        }
    }
}

#[test]
fn a_migration_that_fails_leaves_the_database_and_a_copy() {
    for (old, _) in older() {
        let file = old.data().join("district.sqlite");
        let before = version(&file);
        let database = rusqlite::Connection::open(&file).expect("opens");
        database.execute("UPDATE refinery_schema_history SET checksum = '1'", []).expect("a history that is not ours");
        drop(database);
        let opened = District::open(&old.location()).err().expect("it fails");
        assert!(matches!(opened, DistrictError::Migration { .. }), "{opened}");
        assert_eq!((version(&file), version(&copy(&old))), (before, before), "both as they were");
    }
}

#[test]
fn without_a_copy_nothing_is_brought_up_to_date() {
    for (old, _) in older() {
        let file = old.data().join("district.sqlite");
        let in_the_way = old.data().join("backups");
        fs::write(&in_the_way, "一个文件，不是文件夹").expect("written");
        let before = fs::read(&file).expect("readable");
        let refused = District::open(&old.location()).err().expect("the copy cannot be written");
        assert!(matches!(refused, DistrictError::BackupFailed { .. }), "{refused}");
        assert_eq!(fs::read(&file).expect("readable"), before, "not a byte may change");
        fs::remove_file(&in_the_way).expect("out of the way");
        District::open(&old.location()).expect("and then it opens");
    }
}

#[test]
fn a_new_database_is_not_copied() {
    let mut district = TestDistrict::start_on_file();
    district.restart();
    assert!(!district.data().join("backups").exists(), "nothing is about to be changed");
}
