//! Files on their way to the district and back, as tus says it.

#![allow(unused_macros, unused_imports, reason = "everyone uses their part")]

use std::path::{Path, PathBuf};

use reqwest::{Body, Method, Response, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};
use sync::wire::tus::{CHUNK_TYPE, metadata};

use super::{HERE, Laptop, TestDistrict, code_of, said};

/// Each test on a folder, and on S3.
macro_rules! on_both {
    ($($(#[$about:meta])* async fn $name:ident($district:ident) $body:block)*) => {
        $($(#[$about])* async fn $name($district: TestDistrict) $body)*
        mod on_a_folder {
            $(#[tokio::test]
            async fn $name() { super::$name(super::TestDistrict::start()).await; })*
        }
        mod on_s3 {
            $(#[tokio::test]
            async fn $name() { super::$name(super::TestDistrict::start_on_s3()).await; })*
        }
    };
}
pub(crate) use on_both;

pub(crate) fn name_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Bytes that repeat nowhere near each other.
pub(crate) fn photo(length: usize) -> Vec<u8> {
    (0..length).map(|n| u8::try_from((n * 7 + n / 251) % 256).expect("below 256")).collect()
}

/// A laptop whose village names these files.
pub(crate) async fn laptop_naming(district: &TestDistrict, files: &[&[u8]]) -> Laptop {
    let laptop = district.enrol(HERE, "clerk").await;
    let village = laptop.village("320902107200", "洋中村");
    laptop.say(village.clone()).await;
    let items: Vec<_> =
        files.iter().map(|bytes| json!({"sha256": name_of(bytes), "name": "现场.jpg", "bytes": bytes.len()})).collect();
    laptop.say(laptop.set(&village, 1, &json!({"photos": items}))).await;
    laptop
}

pub(crate) async fn begin(laptop: &Laptop, bytes: &[u8]) -> Response {
    let (length, about) = (bytes.len().to_string(), metadata(&name_of(bytes)));
    laptop.tus(Method::POST, "/v1/uploads", &[("upload-length", &length), ("upload-metadata", &about)], "").await
}

pub(crate) async fn send(
    laptop: &Laptop,
    name: &str,
    offset: usize,
    chunk: impl Into<Body>,
    more: &[(&str, &str)],
) -> Response {
    let offset = offset.to_string();
    let headers = [&[("upload-offset", offset.as_str()), ("content-type", CHUNK_TYPE)], more].concat();
    laptop.tus(Method::PATCH, &format!("/v1/uploads/{name}"), &headers, chunk).await
}

/// How far the upload came, and how long it will be.
pub(crate) async fn stands(laptop: &Laptop, name: &str) -> Option<(u64, u64)> {
    let answer = laptop.tus(Method::HEAD, &format!("/v1/uploads/{name}"), &[], "").await;
    assert_eq!(answer.headers()["tus-resumable"], "1.0.0", "said in every answer");
    if answer.status() == StatusCode::NOT_FOUND {
        return None;
    }
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    Some((number(&answer, "upload-offset"), number(&answer, "upload-length")))
}

pub(crate) fn number(answer: &Response, header: &str) -> u64 {
    let text = answer.headers().get(header).unwrap_or_else(|| panic!("no {header} in {answer:?}"));
    text.to_str().expect("text").parse().expect("a number")
}

pub(crate) async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    (status, code_of(said(answer).await))
}

/// Every file under `folder`.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}
