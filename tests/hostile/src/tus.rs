//! Files on their way in: requests in any order and of any shape, from two laptops
//! and one that is not known, against the real routes. No answer is a fault, no
//! byte of another township's file comes out, and what the district says to hold
//! is what its name says.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use district::District;
use sync::wire::{range, tus};

use crate::people::{House, OUR_FILE, THEIR_FILE, asked, name_of, runtime};
use crate::source::Source;

/// Reads the headers that `data` holds, and sends up to twelve requests that it chooses.
///
/// # Panics
/// Where the district breaks its word.
pub fn one(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        headers(text);
    }
    let house = House::new();
    let mut source = Source::new(data);
    runtime().block_on(async {
        for _ in 0..=source.below(12) {
            request(&house.district, &house, &mut source).await;
        }
        holds_what_it_says(&house).await;
    });
}

fn headers(text: &str) {
    let (_, _) = (tus::number(text), range::start(text));
    if let Some(name) = tus::name_in(text) {
        assert!(tus::is_name(&name), "what is no name is not taken for one");
    }
    if let Some(checksum) = tus::Checksum::read(text) {
        assert_eq!(checksum.header(), text, "a checksum is read as it is written");
    }
    for length in [0, 1, 10, u64::MAX] {
        if let range::Asked::Part(part) = range::read(text, length) {
            assert!(part.start < part.end && part.end <= length, "a part lies within its file");
        }
    }
}

async fn request(district: &Arc<District>, house: &House, source: &mut Source<'_>) {
    let names = [
        name_of(OUR_FILE),
        name_of(THEIR_FILE),
        "0".repeat(64),
        name_of(OUR_FILE).to_uppercase(),
        "..%2f..%2fsigning-key".to_owned(),
        source.text(),
    ];
    let name = if source.once_in(2) { source.pick(&names).clone() } else { names[0].clone() };
    let at = format!("/v1/uploads/{name}");
    let file = format!("/v1/attachments/{name}");
    let (method, path) = match source.below(9) {
        0 => (Method::POST, "/v1/uploads".to_owned()),
        1 => (Method::HEAD, at),
        2 | 3 => (Method::PATCH, at),
        4 => (Method::DELETE, at),
        5 => (Method::POST, at),
        6 => (Method::GET, file),
        7 => (Method::POST, "/v1/attachments".to_owned()),
        _ => (Method::OPTIONS, "/v1/uploads".to_owned()),
    };
    let (start, length) = (source.below(OUR_FILE.len() + 2), source.below(OUR_FILE.len() + 2));
    let end = (start + length).min(OUR_FILE.len());
    let body = match source.below(4) {
        0 => source.bytes(64).to_vec(),
        1 => serde_json::to_vec(&[&names[0], &names[1]]).expect("JSON"),
        _ => OUR_FILE.get(start..end).unwrap_or_default().to_vec(),
    };
    let odd = |source: &mut Source<'_>, honest: String| if source.once_in(6) { source.text() } else { honest };
    let token = match source.below(6) {
        0 => house.people.there.token.clone(),
        1 => source.text(),
        _ => house.people.hostile.token.clone(),
    };
    let total = if source.once_in(6) { source.number() } else { OUR_FILE.len() as u64 };
    let given = [
        ("authorization", format!("Bearer {token}")),
        ("tus-resumable", odd(source, tus::VERSION.to_owned())),
        ("upload-length", odd(source, total.to_string())),
        ("upload-metadata", odd(source, tus::metadata(&name))),
        ("upload-offset", odd(source, start.to_string())),
        ("content-type", odd(source, tus::CHUNK_TYPE.to_owned())),
        ("upload-checksum", odd(source, tus::Checksum::of(&body).header())),
        ("x-http-method-override", odd(source, "PATCH".to_owned())),
        ("range", odd(source, range::from(start as u64))),
    ];
    let theirs = token == house.people.there.token;
    let mut asking = Request::builder().method(method).uri(path);
    for (name, value) in given {
        if !source.once_in(8) {
            asking = asking.header(name, value);
        }
    }
    // What is no request at all never reaches the routes.
    let Ok(asking) = asking.body(Body::from(body)) else { return };
    let (status, body) = asked(district, asking).await;
    assert!(!status.is_server_error(), "no request is a fault of the district's: {status}");
    let leaks = body.windows(THEIR_FILE.len()).any(|window| window == THEIR_FILE);
    assert!(theirs || !leaks, "another township's file");
}

async fn holds_what_it_says(house: &House) {
    let ask = |method: Method, path: String| {
        let asking = Request::builder().method(method).uri(path);
        asking.header("authorization", format!("Bearer {}", house.people.hostile.token)).body(Body::empty())
    };
    let path = format!("/v1/attachments/{}", name_of(OUR_FILE));
    let (held, _) = asked(&house.district, ask(Method::HEAD, path.clone()).expect("a request")).await;
    let (status, body) = asked(&house.district, ask(Method::GET, path).expect("a request")).await;
    assert_eq!(held == StatusCode::OK, status == StatusCode::OK, "it gives what it says to hold");
    assert!(status != StatusCode::OK || body == OUR_FILE, "what it holds is what its name says");
}
