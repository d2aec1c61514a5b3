//! Databases of every version that a district ever kept: today's server brings
//! them up to date, stands by every word that was given, and goes on from there.

mod common;
#[path = "fixtures/expected.rs"]
mod expected;

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use common::{HERE, Laptop, SHARED, TestDistrict, code_of, refusal, scope};
use domain::Verdict;
use expected::{Expected, Known, MISSING_PHOTO};
use sha2::{Digest, Sha256};
use sync::wire::Receipt;

/// Today's server on a copy of each version's database, under keys of its own.
fn all() -> Vec<(TestDistrict, Expected)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let old = |version: u32| {
        let made = fixtures.join(format!("district-v{version}.sqlite"));
        let text = fs::read_to_string(made.with_extension("json")).ok()?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut district = TestDistrict { running: None, folder, s3: None, scratch: None };
        fs::create_dir(district.data()).expect("a data folder");
        fs::copy(made, district.data().join("district.sqlite")).expect("the fixture beside its list");
        district.restart();
        Some((district, serde_json::from_str(&text).expect("what was written down")))
    };
    let found: Vec<_> = (1..).map_while(old).collect();
    assert!(!found.is_empty(), "version 1 is there");
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
            let (changes, words): (Vec<_>, Vec<Receipt>) = known.pushed.iter().cloned().unzip();
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
        assert_eq!(state().as_deref(), Some("reported"), "its photo has come");
    }
}
