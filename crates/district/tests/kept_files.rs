//! What the district keeps of the files that were sent to it: who sees them, what is
//! collected when, and how they come back; each test once with a folder and once
//! with an S3 server behind.

mod common;

use chrono::{Days, Utc};
use common::files::{begin, code, files_under, laptop_naming, name_of, number, on_both, photo, send, stands};
use common::{THERE, TestDistrict};
use district::Server;
use reqwest::{Method, StatusCode};

on_both! {

async fn a_file_of_another_township_is_answered_like_one_that_does_not_exist(district) {
    let (bytes, nothing) = (photo(1_000), photo(999));
    let (name, none) = (name_of(&bytes), name_of(&nothing));
    let laptop = laptop_naming(&district, &[&bytes]).await;
    let there = district.enrol(THERE, "clerk").await;
    for held in [false, true] {
        let mut answers = Vec::new();
        for (name, bytes) in [(&name, &bytes), (&none, &nothing)] {
            let path = format!("/v1/uploads/{name}");
            let mut said = Vec::new();
            for answer in [
                begin(&there, bytes).await,
                there.tus(Method::HEAD, &path, &[], "").await,
                send(&there, name, 0, bytes.clone(), &[]).await,
                there.tus(Method::DELETE, &path, &[], "").await,
            ] {
                let headers = answer.headers().keys().map(ToString::to_string).collect::<Vec<_>>();
                let status = answer.status();
                let body = answer.text().await.expect("a body").replace(name, "NAME");
                assert_eq!(status, StatusCode::NOT_FOUND);
                said.push((status, headers, body));
            }
            answers.push(said);
        }
        assert_eq!(answers[0], answers[1], "no difference shows that it exists (held: {held})");
        laptop.put(&name, &bytes).await.expect("sent");
    }
    let mine = begin(&laptop, &nothing).await;
    assert_eq!(code(mine).await, (404, "attachmentUnknown".to_owned()), "what no record names is not taken");
}

async fn an_upload_given_up_leaves_nothing(district) {
    let bytes = photo(1_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    send(&laptop, &name, 0, bytes[..600].to_vec(), &[]).await;
    assert_eq!(files_under(&district.files().join("incoming")).len(), 1);
    let path = format!("/v1/uploads/{name}");
    assert_eq!(laptop.tus(Method::DELETE, &path, &[], "").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(stands(&laptop, &name).await, None);
    assert_eq!(code(laptop.tus(Method::DELETE, &path, &[], "").await).await, (404, "uploadUnknown".to_owned()));
    assert!(files_under(&district.files().join("incoming")).is_empty(), "its bytes are gone");
}

async fn an_upload_that_nobody_goes_on_with_is_collected_after_a_week(district) {
    let (bytes, other) = (photo(1_000), photo(2_000));
    let laptop = laptop_naming(&district, &[&bytes, &other]).await;
    for bytes in [&bytes, &other] {
        begin(&laptop, bytes).await;
        send(&laptop, &name_of(bytes), 0, bytes[..600].to_vec(), &[]).await;
    }
    let running = district.running().district();
    let early = running.collect(Utc::now() + Days::new(6)).await.expect("a collection");
    assert_eq!(early.uploads, 0, "a week is a week");
    laptop.put(&name_of(&other), &other).await.expect_err("it stands elsewhere, but it goes on");
    send(&laptop, &name_of(&other), 600, other[600..].to_vec(), &[]).await;
    let late = running.collect(Utc::now() + Days::new(8)).await.expect("a collection");
    assert_eq!((late.uploads, late.files), (1, 0), "only what nobody finished: {late:?}");
    assert_eq!(stands(&laptop, &name_of(&bytes)).await, None);
    assert!(laptop.holds(&name_of(&other)).await, "a file that was named stays for ever");
    assert!(files_under(&district.files().join("incoming")).is_empty());
}

async fn a_file_that_nothing_names_is_collected_a_month_after_it_was_seen_so(district) {
    let (orphan, lost) = (photo(1_000), photo(2_000));
    let laptop = laptop_naming(&district, &[&lost]).await;
    for bytes in [&orphan, &lost] {
        // As the first version laid them, or a server left them that was killed.
        let file = district.files().join(&name_of(bytes)[..2]).join(name_of(bytes));
        std::fs::create_dir_all(file.parent().expect("a shelf")).expect("a shelf");
        std::fs::write(file, bytes).expect("written");
    }
    assert!(!laptop.holds(&name_of(&lost)).await, "the database does not know of it");
    let running = district.running().district();
    let first = running.collect(Utc::now()).await.expect("a collection");
    assert_eq!((first.found, first.waiting, first.files), (1, 1, 0), "{first:?}");
    assert_eq!(laptop.get(&name_of(&lost)).await.expect("found again"), lost);
    let early = running.collect(Utc::now() + Days::new(29)).await.expect("a collection");
    assert_eq!((early.waiting, early.files), (1, 0), "laptops have a month to name it again");
    let late = running.collect(Utc::now() + Days::new(31)).await.expect("a collection");
    assert_eq!((late.waiting, late.files, late.bytes), (0, 1, 1_000));
    assert_eq!(files_under(&district.files()).len(), 1, "and what is named stays");
    assert_eq!(running.collect(Utc::now() + Days::new(99)).await.expect("a collection"), district::Collected::default());
}

async fn a_file_that_the_database_forgot_need_not_be_sent_again(district) {
    let bytes = photo(1_000);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    let file = district.files().join(&name_of(&bytes)[..2]).join(name_of(&bytes));
    std::fs::create_dir_all(file.parent().expect("a shelf")).expect("a shelf");
    std::fs::write(&file, &bytes).expect("written");
    assert_eq!(number(&begin(&laptop, &bytes).await, "upload-offset"), 1_000);
    assert!(laptop.holds(&name_of(&bytes)).await);
}

async fn a_download_goes_on_from_any_byte(district) {
    let bytes = photo(300_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    laptop.put(&name, &bytes).await.expect("sent");
    let get = async |headers: &[(&str, &str)]| {
        let mut request = laptop.client.get(format!("{}/v1/attachments/{name}", laptop.base));
        for (header, value) in headers {
            request = request.header(*header, *value);
        }
        let answer = request.bearer_auth(&laptop.enrolled.token).send().await.expect("an answer");
        let range = answer.headers().get("content-range").map(|range| range.to_str().expect("text").to_owned());
        (answer.status().as_u16(), range, answer.bytes().await.expect("a body").to_vec())
    };
    let rest = get(&[("range", "bytes=123456-")]).await;
    assert_eq!(rest, (206, Some("bytes 123456-299999/300000".to_owned()), bytes[123_456..].to_vec()));
    let part = get(&[("range", "bytes=1-3"), ("if-range", &format!("\"{name}\""))]).await;
    assert_eq!(part, (206, Some("bytes 1-3/300000".to_owned()), bytes[1..4].to_vec()));
    assert_eq!(get(&[("range", "bytes=-5")]).await.2, bytes[299_995..]);
    let (status, range, _) = get(&[("range", "bytes=300000-")]).await;
    assert_eq!((status, range.as_deref()), (416, Some("bytes */300000")));
    for whole in [vec![], vec![("range", "bytes=0-1,5-6")], vec![("range", "bytes=1-3"), ("if-range", "\"other\"")]] {
        assert_eq!(get(&whole).await, (200, None, bytes.clone()), "{whole:?}");
    }
}

}

#[tokio::test]
async fn a_bucket_is_asked_at_the_start_and_its_secret_kept_nowhere() {
    let mut district = TestDistrict::start_on_s3();
    let kept = std::fs::read_to_string(district.data().join("storage.json")).expect("remembered");
    assert!(kept.contains("s3://photos/huangjian?endpoint="), "{kept}");
    assert!(!kept.contains("odd") && !kept.contains("DISTRICT7"), "no key is written down: {kept}");
    drop(district.running.take());
    let location = district.location();
    let wrong = location.attachments.as_deref().expect("a bucket").replace("DISTRICT7", "STRANGER");
    let location = district::Location { attachments: Some(wrong), ..location };
    let config = district::Config { location, listen: "127.0.0.1:0".parse().expect("an address") };
    let refused = Server::start(&config).err().expect("a stranger's key");
    assert!(matches!(refused, district::DistrictError::AttachmentsUnusable { .. }), "{refused}");
    assert!(!refused.to_string().contains("odd"), "{refused}");
}
