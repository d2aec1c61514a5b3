//! tus, word by word: over real TLS, and each test once with a folder and once
//! with an S3 server behind.

mod common;

use common::files::{begin, code, files_under, laptop_naming, name_of, number, on_both, photo, send, stands};
use common::{HERE, TestDistrict};
use district::Server;
use futures_util::stream;
use reqwest::{Body, Method, StatusCode};
use sha1::Sha1;
use sha2::Digest;
use sync::wire::tus::{Algorithm, CHUNK_TYPE, Checksum, MAX_FILE, metadata};

on_both! {

async fn an_upload_goes_on_where_it_stood_when_the_server_was_restarted(district) {
    let bytes = photo(3 << 19);
    let name = name_of(&bytes);
    let mut laptop = laptop_naming(&district, &[&bytes]).await;
    let begun = begin(&laptop, &bytes).await;
    assert_eq!(begun.status(), StatusCode::CREATED);
    assert_eq!(begun.headers()["location"], format!("/v1/uploads/{name}"));
    assert_eq!(stands(&laptop, &name).await, Some((0, bytes.len() as u64)));
    let first = send(&laptop, &name, 0, bytes[..700_000].to_vec(), &[]).await;
    assert_eq!((first.status(), number(&first, "upload-offset")), (StatusCode::NO_CONTENT, 700_000));
    assert!(first.headers().contains_key("upload-expires"));

    let mut district = district;
    district.restart();
    laptop.base = district.running().url();
    assert_eq!(stands(&laptop, &name).await, Some((700_000, bytes.len() as u64)), "nothing is sent twice");
    assert!(!laptop.holds(&name).await, "half a file is none");
    let again = begin(&laptop, &bytes).await;
    assert_eq!(number(&again, "upload-offset"), 700_000, "who asks to begin is told how far it is");
    let last = send(&laptop, &name, 700_000, bytes[700_000..].to_vec(), &[]).await;
    assert_eq!((last.status(), number(&last, "upload-offset")), (StatusCode::NO_CONTENT, bytes.len() as u64));

    assert!(laptop.holds(&name).await, "204 to the last chunk means that it is held");
    assert_eq!(laptop.get(&name).await.expect("the photo"), bytes);
    assert_eq!(stands(&laptop, &name).await, Some((bytes.len() as u64, bytes.len() as u64)), "for who missed the 204");
    assert!(files_under(&district.files().join("incoming")).is_empty(), "its parts are gone");
}

async fn a_second_server_on_the_same_data_goes_on_with_an_upload(district) {
    let bytes = photo(100_000);
    let name = name_of(&bytes);
    let mut laptop = laptop_naming(&district, &[&bytes]).await;
    let config = district::Config { location: district.location(), listen: "127.0.0.1:0".parse().expect("an address") };
    let second = Server::start(&config).expect("it stands beside the first");
    begin(&laptop, &bytes).await;
    send(&laptop, &name, 0, bytes[..40_000].to_vec(), &[]).await;
    laptop.base = second.url();
    assert_eq!(send(&laptop, &name, 40_000, bytes[40_000..70_000].to_vec(), &[]).await.status(), StatusCode::NO_CONTENT);
    laptop.base = district.running().url();
    let behind = send(&laptop, &name, 40_000, bytes[40_000..].to_vec(), &[]).await;
    assert_eq!(code(behind).await, (409, "uploadElsewhere".to_owned()), "the second has been there");
    assert_eq!(send(&laptop, &name, 70_000, bytes[70_000..].to_vec(), &[]).await.status(), StatusCode::NO_CONTENT);
    laptop.base = second.url();
    assert_eq!(laptop.get(&name).await.expect("the photo"), bytes, "put together of what both received");
}

async fn of_many_who_send_at_once_to_two_servers_one_is_heard_each_time(district) {
    let bytes = photo(200_000);
    let name = name_of(&bytes);
    let mut laptop = laptop_naming(&district, &[&bytes]).await;
    let config = district::Config { location: district.location(), listen: "127.0.0.1:0".parse().expect("an address") };
    let second = Server::start(&config).expect("it stands beside the first");
    let bases = [district.running().url(), second.url()];
    begin(&laptop, &bytes).await;
    let mut at = 0;
    while at < bytes.len() {
        // All say the same place, each with bytes of another length; only one of them can be right about what follows.
        let laptop = &laptop;
        let racers = (1..=6).map(|n| {
            let chunk = bytes[at..bytes.len().min(at + n * 10_000)].to_vec();
            let url = format!("{}/v1/uploads/{name}", bases[n % 2]);
            let request = laptop.client.patch(url).bearer_auth(&laptop.enrolled.token).header("tus-resumable", "1.0.0");
            let request = request.header("upload-offset", at).header("content-type", CHUNK_TYPE).body(chunk);
            async move { request.send().await.expect("an answer").status() }
        });
        let answers = futures_util::future::join_all(racers).await;
        let heard = answers.iter().filter(|status| **status == StatusCode::NO_CONTENT).count();
        assert_eq!(heard, 1, "one moves the upload, the others find it elsewhere: {answers:?}");
        assert!(answers.iter().all(|status| [204, 409].contains(&status.as_u16())), "{answers:?}");
        at = usize::try_from(stands(laptop, &name).await.expect("under way").0).expect("small");
    }
    assert_eq!(laptop.get(&name).await.expect("the photo"), bytes, "no byte is doubled, missing or another's");
    assert!(files_under(&district.files().join("incoming")).is_empty(), "and what was not heard left nothing");
    laptop.base = second.url();
    assert!(laptop.holds(&name).await);
}

async fn a_file_of_many_megabytes_arrives_in_one_request(district) {
    let bytes = photo(9 << 20);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    assert_eq!(send(&laptop, &name, 0, bytes.clone(), &[]).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(laptop.get(&name).await.expect("the photo"), bytes, "written in several blocks, and whole");
}

async fn a_chunk_for_another_place_is_refused_and_changes_nothing(district) {
    let bytes = photo(1_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    send(&laptop, &name, 0, bytes[..600].to_vec(), &[]).await;
    for wrong in [0, 599, 601, 1_000] {
        let refused = send(&laptop, &name, wrong, bytes[600..].to_vec(), &[]).await;
        assert_eq!(code(refused).await, (409, "uploadElsewhere".to_owned()), "at {wrong}");
    }
    assert_eq!(stands(&laptop, &name).await, Some((600, 1_000)));
}

async fn a_chunk_that_does_not_match_its_checksum_is_not_kept(district) {
    let bytes = photo(3 << 20);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    let (first, last) = bytes.split_at(5 << 18);
    let sum = Checksum::of(first).header();
    let mut bent = first.to_vec();
    bent[1_000_000] ^= 1;
    let refused = send(&laptop, &name, 0, bent, &[("upload-checksum", &sum)]).await;
    assert_eq!(code(refused).await, (460, "chunkDamaged".to_owned()));
    assert_eq!(stands(&laptop, &name).await, Some((0, bytes.len() as u64)), "not a byte of it counts");
    let odd = send(&laptop, &name, 0, first.to_vec(), &[("upload-checksum", "crc32 AAAAAA==")]).await;
    assert_eq!(code(odd).await, (400, "badRequest".to_owned()), "what we cannot check we do not believe");
    let right = send(&laptop, &name, 0, first.to_vec(), &[("upload-checksum", &sum)]).await;
    assert_eq!(right.status(), StatusCode::NO_CONTENT);
    let sha1 = Checksum { algorithm: Algorithm::Sha1, digest: Sha1::digest(last).to_vec() }.header();
    let right = send(&laptop, &name, first.len(), last.to_vec(), &[("upload-checksum", &sha1)]).await;
    assert_eq!(right.status(), StatusCode::NO_CONTENT, "the protocol's own algorithm is known as well");
    assert_eq!(laptop.get(&name).await.expect("the photo"), bytes);
}

async fn what_came_before_the_line_broke_is_kept(district) {
    let bytes = photo(3 << 20);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    let sent = bytes[..1_500_000].to_vec();
    let pieces = sent.chunks(100_000).map(|piece| Ok(piece.to_vec())).collect::<Vec<_>>();
    let breaks = stream::iter(pieces.into_iter().chain([Err("the cable was pulled")]));
    let request = laptop.client.patch(format!("{}/v1/uploads/{name}", laptop.base)).bearer_auth(&laptop.enrolled.token);
    let request = request.header("tus-resumable", "1.0.0").header("upload-offset", "0");
    let broken = request.header("content-type", CHUNK_TYPE).body(Body::wrap_stream(breaks)).send().await;
    assert!(broken.is_err(), "nobody is left to be answered");
    let at = loop {
        let (at, _) = stands(&laptop, &name).await.expect("under way");
        if at > 0 {
            break usize::try_from(at).expect("small"); // The server has seen that the line is broken.
        }
    };
    assert!(at <= sent.len(), "no byte that was not sent");
    let mut at = at;
    loop {
        // It may still be writing what it had received.
        let rest = send(&laptop, &name, at, bytes[at..].to_vec(), &[]).await;
        if rest.status() == StatusCode::NO_CONTENT {
            break;
        }
        assert_eq!(rest.status(), StatusCode::CONFLICT);
        at = usize::try_from(stands(&laptop, &name).await.expect("under way").0).expect("small");
    }
    assert_eq!(laptop.get(&name).await.expect("the photo"), bytes);
}

async fn bytes_that_are_not_the_files_end_the_upload(district) {
    let (bytes, other) = (photo(1_000), vec![7; 1_000]);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    let damaged = send(&laptop, &name, 0, other, &[]).await;
    assert_eq!(code(damaged).await, (422, "attachmentDamaged".to_owned()));
    assert!(!laptop.holds(&name).await, "wrong bytes are not kept under a right name");
    assert_eq!(stands(&laptop, &name).await, None, "and nobody goes on with them");
    assert!(files_under(&district.files().join("incoming")).is_empty());
    laptop.put(&name, &bytes).await.expect("the right ones may come at once");
    assert!(laptop.holds(&name).await);
}

async fn more_bytes_than_announced_are_refused(district) {
    let bytes = photo(1_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    let huge = (MAX_FILE + 1).to_string();
    let about = metadata(&name);
    let headers = [("upload-length", huge.as_str()), ("upload-metadata", about.as_str())];
    let refused = laptop.tus(Method::POST, "/v1/uploads", &headers, "").await;
    assert_eq!(code(refused).await, (413, "requestTooLarge".to_owned()));
    begin(&laptop, &bytes).await;
    let long = send(&laptop, &name, 0, photo(1_001), &[]).await;
    assert_eq!(code(long).await, (413, "requestTooLarge".to_owned()), "said at the head of the request");
    let pieces = [Ok::<_, String>(photo(700)), Ok(photo(700))];
    let long = send(&laptop, &name, 0, Body::wrap_stream(stream::iter(pieces)), &[]).await;
    assert_eq!(code(long).await, (413, "requestTooLarge".to_owned()), "found while receiving");
    assert_eq!(stands(&laptop, &name).await, Some((0, 1_000)), "who does not know what it sends is not believed");
}

async fn a_file_that_is_held_is_not_sent_again(district) {
    let bytes = photo(1_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    laptop.put(&name, &bytes).await.expect("sent");
    let neighbour = district.enrol(HERE, "clerk").await;
    let begun = begin(&neighbour, &bytes).await;
    assert_eq!((begun.status(), number(&begun, "upload-offset")), (StatusCode::CREATED, 1_000), "it is here: done");
    assert_eq!(stands(&neighbour, &name).await, Some((1_000, 1_000)));
    let sent = send(&neighbour, &name, 0, bytes.clone(), &[]).await;
    assert_eq!(code(sent).await, (409, "uploadElsewhere".to_owned()));
    let gone = neighbour.tus(Method::DELETE, &format!("/v1/uploads/{name}"), &[], "").await;
    assert_eq!(code(gone).await, (404, "uploadUnknown".to_owned()), "there is no upload to give up");
    assert!(laptop.holds(&name).await, "and the file is nobody's to take away");
}

async fn two_laptops_may_send_the_same_file_at_once(district) {
    let bytes = photo(1_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    let neighbour = district.enrol(HERE, "clerk").await;
    begin(&laptop, &bytes).await;
    send(&laptop, &name, 0, bytes[..600].to_vec(), &[]).await;
    assert_eq!(stands(&neighbour, &name).await, None, "an upload is its laptop's own");
    begin(&neighbour, &bytes).await;
    send(&neighbour, &name, 0, vec![9; 300], &[]).await;
    let last = send(&laptop, &name, 600, bytes[600..].to_vec(), &[]).await;
    assert_eq!(last.status(), StatusCode::NO_CONTENT, "another's wrong bytes are not mixed in");
    assert_eq!(stands(&neighbour, &name).await, Some((1_000, 1_000)), "and the other is done with it too");
    assert!(files_under(&district.files().join("incoming")).is_empty());
}

async fn a_file_may_come_with_its_announcement_and_an_empty_one_needs_no_more(district) {
    let (bytes, nothing) = (photo(1_000), Vec::new());
    let laptop = laptop_naming(&district, &[&bytes, &nothing]).await;
    let about = metadata(&name_of(&bytes));
    let headers = [("upload-length", "1000"), ("upload-metadata", about.as_str()), ("content-type", CHUNK_TYPE)];
    let begun = laptop.tus(Method::POST, "/v1/uploads", &headers, bytes[..400].to_vec()).await;
    assert_eq!((begun.status(), number(&begun, "upload-offset")), (StatusCode::CREATED, 400));
    let again = laptop.tus(Method::POST, "/v1/uploads", &headers, bytes[..400].to_vec()).await;
    assert_eq!(number(&again, "upload-offset"), 400, "what is here already is not taken twice");
    send(&laptop, &name_of(&bytes), 400, bytes[400..].to_vec(), &[]).await;
    assert!(laptop.holds(&name_of(&bytes)).await);
    assert_eq!(begin(&laptop, &nothing).await.status(), StatusCode::CREATED);
    assert!(laptop.holds(&name_of(&nothing)).await);
    assert_eq!(laptop.get(&name_of(&nothing)).await.expect("nothing, but it is there"), nothing);
}

}

#[tokio::test]
async fn the_server_says_what_it_can_and_hears_only_its_own_version() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let request = laptop.client.request(Method::OPTIONS, format!("{}/v1/uploads", laptop.base));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.headers()["tus-version"], "1.0.0");
    assert_eq!(answer.headers()["tus-extension"], "creation,creation-with-upload,checksum,expiration,termination");
    assert_eq!(answer.headers()["tus-checksum-algorithm"], "sha256,sha1");
    assert_eq!(number(&answer, "tus-max-size"), MAX_FILE);

    let request = laptop.client.post(format!("{}/v1/uploads", laptop.base)).bearer_auth(&laptop.enrolled.token);
    let answer = request.header("tus-resumable", "0.2.2").send().await.expect("an answer");
    assert_eq!(
        (answer.status(), &answer.headers()["tus-version"]),
        (StatusCode::PRECONDITION_FAILED, &"1.0.0".parse().expect("ASCII"))
    );

    let stranger = laptop.client.post(format!("{}/v1/uploads", laptop.base)).header("tus-resumable", "1.0.0");
    let answer = stranger.send().await.expect("an answer");
    assert_eq!(answer.headers()["tus-resumable"], "1.0.0", "a refusal speaks tus too");
    assert_eq!(code(answer).await, (401, "deviceUnknown".to_owned()));
}

#[tokio::test]
async fn a_request_that_lacks_a_word_is_told_which() {
    let district = TestDistrict::start();
    let bytes = photo(1_000);
    let name = name_of(&bytes);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    let about = metadata(&name);
    for headers in [
        vec![("upload-metadata", about.as_str())],
        vec![("upload-metadata", about.as_str()), ("upload-length", "-1")],
        vec![("upload-metadata", about.as_str()), ("upload-defer-length", "1")],
        vec![("upload-length", "1000")],
        vec![("upload-length", "1000"), ("upload-metadata", "sha256 bm9uZQ==")],
    ] {
        let refused = laptop.tus(Method::POST, "/v1/uploads", &headers, "").await;
        assert_eq!(code(refused).await, (400, "badRequest".to_owned()), "{headers:?}");
    }
    begin(&laptop, &bytes).await;
    let path = format!("/v1/uploads/{name}");
    let plain = laptop.tus(Method::PATCH, &path, &[("upload-offset", "0")], bytes.clone()).await;
    assert_eq!(code(plain).await, (415, "badRequest".to_owned()));
    let nowhere = laptop.tus(Method::PATCH, &path, &[("content-type", CHUNK_TYPE)], bytes.clone()).await;
    assert_eq!(code(nowhere).await, (400, "badRequest".to_owned()));
    assert_eq!(stands(&laptop, &name).await, Some((0, 1_000)));
    for odd in ["..%2f..%2fsigning-key", "厕所", &"A".repeat(64), &"0".repeat(63)] {
        let refused = laptop.tus(Method::DELETE, &format!("/v1/uploads/{odd}"), &[], "").await;
        assert_eq!(code(refused).await, (404, "attachmentUnknown".to_owned()), "`{odd}` names no file");
    }
}

#[tokio::test]
async fn where_something_in_between_lets_no_patch_through_post_speaks_for_it() {
    let district = TestDistrict::start();
    let bytes = photo(1_000);
    let laptop = laptop_naming(&district, &[&bytes]).await;
    begin(&laptop, &bytes).await;
    let path = format!("/v1/uploads/{}", name_of(&bytes));
    let headers = [("x-http-method-override", "PATCH"), ("upload-offset", "0"), ("content-type", CHUNK_TYPE)];
    let sent = laptop.tus(Method::POST, &path, &headers, bytes[..300].to_vec()).await;
    assert_eq!((sent.status(), number(&sent, "upload-offset")), (StatusCode::NO_CONTENT, 300));
    let gone = laptop.tus(Method::POST, &path, &[("x-http-method-override", "DELETE")], "").await;
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(stands(&laptop, &name_of(&bytes)).await, None);
}
