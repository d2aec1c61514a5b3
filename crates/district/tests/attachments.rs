//! Originals: who may send and fetch them, and what waits for them.

mod common;

use common::{HERE, Laptop, THERE, TestDistrict, announced, code_of, created, new_id, refusal};
use domain::change::Action;
use domain::{Change, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::wire::WireError;

fn photo(text: &str) -> (String, Value) {
    let sha256 = hex::encode(Sha256::digest(text));
    let item = json!({"sha256": sha256, "name": "现场.jpg", "bytes": text.len()});
    (sha256, item)
}

#[tokio::test]
async fn a_photo_is_taken_when_a_record_names_it_and_comes_back_byte_for_byte() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let (name, item) = photo("一张照片");
    assert_eq!(code_of(laptop.put(&name, "一张照片".as_bytes()).await), "attachmentUnknown", "nothing names it yet");
    let village = laptop.village("320902107200", "洋中村");
    laptop.say(village.clone()).await;
    laptop.say(laptop.set(&village, 1, &json!({"photos": [item]}))).await;
    assert!(!laptop.holds(&name).await);

    let wrong = laptop.put(&name, "另一张照片".as_bytes()).await;
    assert_eq!(
        wrong.err(),
        Some((StatusCode::UNPROCESSABLE_ENTITY, WireError::AttachmentDamaged { sha256: name.clone() }))
    );
    assert!(!laptop.holds(&name).await, "wrong bytes are not kept under a right name");
    laptop.put(&name, "一张照片".as_bytes()).await.expect("the right bytes");
    assert!(laptop.holds(&name).await);
    laptop.put(&name, "一张照片".as_bytes()).await.expect("sending it again is no harm");
    assert_eq!(laptop.get(&name).await.expect("the photo"), "一张照片".as_bytes());
}

#[tokio::test]
async fn a_photo_of_another_township_does_not_exist() {
    let district = TestDistrict::start();
    let (here, there) = (district.enrol(HERE, "clerk").await, district.enrol(THERE, "clerk").await);
    let (name, item) = photo("一张照片");
    let village = here.village("320902107200", "洋中村");
    here.say(village.clone()).await;
    here.say(here.set(&village, 1, &json!({"photos": [item.clone()]}))).await;
    here.put(&name, "一张照片".as_bytes()).await.expect("sent");

    let unknown = Some((StatusCode::NOT_FOUND, WireError::AttachmentUnknown { sha256: name.clone() }));
    assert_eq!(there.get(&name).await.err(), unknown);
    assert_eq!(there.put(&name, "一张照片".as_bytes()).await.err(), unknown);
    assert!(!there.holds(&name).await);
    let refused = there.say(there.set(&village, 0, &json!({"photos": [item]}))).await;
    assert_eq!(refusal(&refused.verdict)["code"], "outsideScope");
    assert_eq!(there.get(&name).await.err(), unknown, "a refused change opens no door");
    for odd in ["..%2f..%2fsigning-key", "厕所", &"A".repeat(64), &"0".repeat(63)] {
        assert_eq!(code_of(here.get(odd).await), "attachmentUnknown", "`{odd}` names no file");
    }
}

/// An application with one works, each with a photo, brought to the township's review.
async fn reported(laptop: &Laptop, works_photo: &Value, own: &Value) -> (Change, Change, Change) {
    let village = laptop.village("320902107200", "洋中村");
    let works = json!({"village": village.record, "name": "污水管网", "category": "sewage", "photos": [works_photo]});
    let works = laptop.change(new_id(), "works", HERE, 0, created("works", &works));
    let application = json!({
        "name": "2026年洋中村整治", "year": 2026, "programme": "以奖促治", "works": [works.record],
        "requested": 5_000_000, "total": 5_000_000, "own_funds": 0, "files": [own],
    });
    let application = laptop.change(new_id(), "application", HERE, 0, created("application", &application));
    let [notice, posted] = announced(laptop, &application);
    let all = [village, works.clone(), application.clone(), notice, posted];
    let receipts = laptop.push(&all).await.expect("receipts").receipts;
    assert!(receipts.iter().all(|receipt| receipt.verdict == Verdict::Accepted), "{receipts:?}");
    for state in ["village_notice", "township_review"] {
        let moved = laptop.say(to(laptop, &application, state)).await;
        assert_eq!(moved.verdict, Verdict::Accepted, "{state} waits for nothing");
    }
    let report = to(laptop, &application, "reported");
    (works, application, report)
}

fn to(laptop: &Laptop, record: &Change, state: &str) -> Change {
    let action = Action::Move { to: state.to_owned(), remark: None };
    laptop.change(record.record, &record.kind, HERE, 3, vec![action])
}

#[tokio::test]
async fn a_submission_waits_for_its_photos_and_counts_when_the_last_one_is_here() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "lead").await;
    let ((first, works_photo), (second, own)) = (photo("工地"), photo("公示照片"));
    let (_, application, report) = reported(&laptop, &works_photo, &own).await;
    let state = || district.district().show(&application.record.to_string()).expect("the application").state;

    let word = laptop.say(report.clone()).await;
    assert_eq!(
        word.verdict,
        Verdict::Waiting { missing: vec![second.clone(), first.clone()] },
        "its own and its works'"
    );
    assert_eq!(state().as_deref(), Some("township_review"), "not yet");
    laptop.put(&first, "工地".as_bytes()).await.expect("sent");
    assert_eq!(state().as_deref(), Some("township_review"), "one is missing still");
    laptop.put(&second, "公示照片".as_bytes()).await.expect("sent");
    assert_eq!(state().as_deref(), Some("reported"), "now it counts");

    let log = laptop.whole_log(HERE).await;
    let last = log.last().expect("entries");
    assert_eq!(last.change.actions, [Action::Release { change: report.id }], "and the log says so to every laptop");
    assert_eq!((last.change.author.as_str(), &last.verdict), ("district", &Verdict::Accepted));
    assert_eq!(laptop.say(report).await.verdict, word.verdict, "the first word stands");
    let count = log.len();
    laptop.put(&second, "公示照片".as_bytes()).await.expect("sent again");
    assert_eq!(laptop.whole_log(HERE).await.len(), count, "released once");
}

#[tokio::test]
async fn a_submission_does_not_wait_for_a_photo_that_was_taken_out() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "lead").await;
    let ((lost, works_photo), (kept, own)) = (photo("丢失的照片"), photo("公示照片"));
    let (works, application, report) = reported(&laptop, &works_photo, &own).await;
    laptop.put(&kept, "公示照片".as_bytes()).await.expect("sent");
    assert_eq!(laptop.say(report).await.verdict, Verdict::Waiting { missing: vec![lost.clone()] });
    let removal = Action::Remove { field: "photos".into(), keys: vec![lost] };
    laptop.say(laptop.change(works.record, "works", HERE, 5, vec![removal])).await;
    let shown = district.district().show(&application.record.to_string()).expect("the application");
    assert_eq!(shown.state.as_deref(), Some("reported"), "nothing is left to wait for");
    laptop.whole_log(HERE).await;
}

#[tokio::test]
async fn only_the_district_releases() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "lead").await;
    let ((_, works_photo), (_, own)) = (photo("工地"), photo("公示照片"));
    let (_, application, report) = reported(&laptop, &works_photo, &own).await;
    laptop.say(report.clone()).await;
    let forged = laptop.change(application.record, "application", HERE, 6, vec![Action::Release { change: report.id }]);
    assert_eq!(refusal(&laptop.say(forged).await.verdict)["code"], "notAllowed");
    let disguised = laptop.change(new_id(), "newer_kind", HERE, 6, vec![Action::Release { change: report.id }]);
    assert_eq!(refusal(&laptop.say(disguised).await.verdict)["code"], "notAllowed");
}
