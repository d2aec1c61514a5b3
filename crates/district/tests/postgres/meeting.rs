//! Two transactions that meet at the worst moment: the first has looked, and not
//! yet written, when the second looks.

use std::cell::Cell;
use std::path::Path;

use district::{District, Location};
use domain::Verdict;
use domain::change::Action;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use sync::wire::tus;

use crate::common::scratch::Scratch;
use crate::common::{HERE, SHARED, THERE, TestDistrict, announced, created, new_id, refusal};

/// Starts `first`, and `second` when `first` wants to write into `table`; both go
/// on when `second` is done or waits as well. Where `first` ends before it wanted
/// to, nobody waits for it: it says itself what went wrong.
async fn meet<A, B>(
    scratch: &Scratch,
    table: &str,
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let holder = scratch.hold(&format!("LOCK TABLE {table} IN SHARE MODE"));
    let waiting = || {
        scratch.number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
    };
    let (start, started) = tokio::sync::oneshot::channel();
    let (ended, done) = (Cell::new(false), Cell::new(false));
    let first = async {
        let answer = first.await;
        ended.set(true);
        answer
    };
    let second = async {
        started.await.expect("the first has looked");
        let answer = second.await;
        done.set(true);
        answer
    };
    let (first, second, ()) = tokio::join!(first, second, async {
        while waiting() < 1 && !ended.get() {
            tokio::task::yield_now().await;
        }
        start.send(()).expect("the second is there");
        while waiting() < 2 && !done.get() {
            tokio::task::yield_now().await;
        }
        drop(holder);
    });
    (first, second)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_townships_that_claim_one_number_at_once_one_is_refused() {
    let district = TestDistrict::start();
    let mut claims = Vec::new();
    for scope_text in [HERE, THERE] {
        let laptop = district.enrol(scope_text, "clerk").await;
        let village = laptop.village(&format!("{scope_text}200"), "洋中村");
        assert_eq!(laptop.say(village.clone()).await.verdict, Verdict::Accepted);
        let works =
            json!({"number": "GC-2026-A-1", "village": village.record, "name": "污水管网", "category": "sewage"});
        let works = laptop.change(new_id(), "works", scope_text, 0, created("works", &works));
        claims.push((laptop, works));
    }
    let [(here, one), (there, other)] = claims.try_into().unwrap_or_else(|_| panic!("two claims"));
    let scratch = district.scratch.as_ref().expect("on PostgreSQL");
    let (first, second) = meet(scratch, "receipt", here.say(one), there.say(other)).await;
    assert_eq!(first.verdict, Verdict::Accepted, "who came first has it");
    assert_eq!(refusal(&second.verdict)["code"], "duplicate", "and nobody else");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_that_meets_its_last_photo_on_the_way_does_not_wait_for_ever() {
    let district = TestDistrict::start();
    let (here, there) = (district.enrol(HERE, "lead").await, district.enrol(THERE, "lead").await);
    // The photo is of a works in the neighbouring township, whose log the submission does not touch.
    let bytes = "公示照片".as_bytes();
    let sha256 = hex::encode(Sha256::digest(bytes));
    let photo = json!({"sha256": sha256, "name": "公示.jpg", "bytes": bytes.len()});
    let village = there.village(&format!("{THERE}200"), "邻村");
    let works = json!({"village": village.record, "name": "污水管网", "category": "sewage", "photos": [photo]});
    let works = there.change(new_id(), "works", THERE, 0, created("works", &works));
    let application = json!({
        "name": "第一批", "year": 2026, "programme": "以奖促治", "works": [works.record],
        "requested": 5_000_000, "total": 5_000_000, "own_funds": 0,
    });
    let application = here.change(new_id(), "application", HERE, 0, created("application", &application));
    let record = application.record;
    let to = |state: &str| {
        let actions = vec![Action::Move { to: state.to_owned(), remark: None }];
        here.change(record, "application", HERE, 0, actions)
    };
    let told = there.push(&[village, works]).await.expect("an answer").receipts;
    assert!(told.iter().all(|word| word.verdict == Verdict::Accepted), "{told:?}");
    let [notice, posted] = announced(&here, &application);
    let all = [application, notice, posted, to("village_notice"), to("township_review")];
    let told = here.push(&all).await.expect("an answer").receipts;
    assert!(told.iter().all(|word| word.verdict == Verdict::Accepted), "{told:?}");

    let scratch = district.scratch.as_ref().expect("on PostgreSQL");
    let length = bytes.len().to_string();
    let begin = [("upload-length", length.as_str()), ("upload-metadata", &tus::metadata(&sha256))];
    assert!(there.tus(Method::POST, "/v1/uploads", &begin, "").await.status().is_success(), "the photo is announced");
    let path = format!("/v1/uploads/{sha256}");
    let chunk = [("upload-offset", "0"), ("content-type", tus::CHUNK_TYPE)];
    let arrival = there.tus(Method::PATCH, &path, &chunk, bytes);
    let (word, sent) = meet(scratch, "log", here.say(to("reported")), arrival).await;
    assert!(sent.status().is_success(), "the photo is there");
    assert_eq!(word.verdict, Verdict::Waiting { missing: vec![sha256] }, "it was not there when that was asked");
    let shown = district.district().show(&record.to_string()).expect("the application");
    assert_eq!(shown.state.as_deref(), Some("reported"), "now nothing is left to wait for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_laptop_revoked_in_the_midst_of_its_turn_is_heard_before_or_not_at_all() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let (id, location) = (laptop.enrolled.device.to_string(), district.location());
    // At the administrator's terminal, beside the server.
    let revoke = tokio::task::spawn_blocking(move || District::open(&location)?.revoke(&id));
    let scratch = district.scratch.as_ref().expect("on PostgreSQL");
    let changes = [laptop.village("320902107200", "洋中村")];
    let (shown, turn) = meet(scratch, "setting", revoke, laptop.push(&changes)).await;
    let shown = shown.expect("it ends").expect("a known device");
    assert!(shown.revoked_at.is_some());
    let code = turn.err().map(|(_, error)| json!(error)["code"].clone());
    assert_eq!(code, Some(json!("deviceRevoked")), "its token was good when it called, and is no more");
    assert_eq!(scratch.number("SELECT count(*) FROM log"), 0, "nothing of it was taken");
}

/// Opens the district of `database` in a folder of its own, with the same key, and loads one township.
fn load(database: String, key: &Path, code: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(folder.path().join("data")).expect("a new folder");
    std::fs::copy(key, folder.path().join("data").join("signing-key")).expect("the district's key");
    let file = folder.path().join("places.csv");
    let list = format!("code,name,parent,level,kind\n{code}000,黄尖镇,{SHARED}000000,4,镇\n");
    std::fs::write(&file, list).expect("written");
    let location = Location { data: folder.path().join("data"), database: Some(database), attachments: None };
    let district = District::open(&location).expect("it opens");
    let loaded = district.load_places(&file, "李科长").expect("a good list");
    assert_eq!(loaded.townships.new, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_district_writes_under_one_name_and_never_twice_under_one_number() {
    let district = TestDistrict::start();
    let scratch = district.scratch.as_ref().expect("on PostgreSQL");
    let opened_and_loaded = |code: &'static str| {
        let (url, key) = (scratch.url(), district.data().join("signing-key"));
        async move { tokio::task::spawn_blocking(move || load(url, &key, code)).await.expect("loaded") }
    };
    scratch.execute("DELETE FROM setting WHERE name = 'own_device'");
    meet(scratch, "setting", opened_and_loaded(HERE), opened_and_loaded(THERE)).await;
    let strange = "SELECT count(*) FROM receipt WHERE device NOT IN (SELECT value FROM setting)";
    assert_eq!(scratch.number(strange), 0, "both write under the name that is kept");

    meet(scratch, "receipt", opened_and_loaded("320902105"), opened_and_loaded("320902104")).await;
    let receipts = scratch.number("SELECT count(*) FROM receipt");
    // Four lists of one place each, which is a code and a township.
    assert_eq!((receipts, scratch.number("SELECT count(*) FROM log")), (8, 8), "each change has a number of its own");
    assert_eq!(scratch.number("SELECT max(counter) FROM receipt"), 8, "and they are dense");
}
