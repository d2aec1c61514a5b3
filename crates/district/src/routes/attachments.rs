//! `/v1/attachments/{sha256}`: originals, for those whose records name them.
//!
//! Who holds no scope that names a file is told the same as if it did not exist.
//! A name means these bytes and no others for ever, so a download that broke off
//! goes on from any byte.

use std::ops::Range;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_RANGE, RANGE,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use sync::wire::WireError;
use sync::wire::range::{self, Asked};
use sync::wire::tus::is_name;

use super::caller::Caller;
use super::{Answer, Shared, body};
use crate::apart;
use crate::database::attachment;
use crate::uploads::{held, is_known};

/// The most names in one question.
const NAMES: usize = 1_000;

/// More than any honest question has.
const LIMIT: usize = NAMES * 80;

/// `POST /v1/attachments`: which of these files are here, in one round trip.
pub(crate) async fn held_of(
    State(district): State<Shared>,
    Caller(device): Caller,
    body: Body,
) -> Answer<Json<Vec<String>>> {
    let bytes = body::whole(body, LIMIT).await?;
    let names: Vec<String> =
        serde_json::from_slice(&bytes).map_err(|error| WireError::BadRequest { reason: error.to_string() })?;
    if names.len() > NAMES {
        return Err(WireError::RequestTooLarge { limit: NAMES.to_string() }.into());
    }
    let held = apart(move || {
        district.database.read(|tx| {
            let mut held = Vec::new();
            for name in names {
                if is_name(&name) && attachment::is_held(tx, &name)? && is_known(tx, &device.reach, &name)? {
                    held.push(name);
                }
            }
            Ok(held)
        })
    });
    Ok(Json(held.await?))
}

/// `HEAD`: whether the file is here.
pub(crate) async fn look(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
) -> Answer<Response> {
    let length = held(&district, &device, &sha256).await?.ok_or_else(|| unknown(&sha256))?;
    Ok((about(&sha256), [(CONTENT_LENGTH, length)]).into_response())
}

/// `GET`: the file's bytes, or the range of them that is asked for.
pub(crate) async fn fetch(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let length = held(&district, &device, &sha256).await?.ok_or_else(|| unknown(&sha256))?;
    let (status, part) = match asked(&headers, &sha256, length) {
        Asked::Whole => (StatusCode::OK, 0..length),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Asked::Beyond => {
            let content = [(CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, content, about(&sha256)).into_response());
        }
    };
    let bytes = district.attachments.read(&sha256, part.clone()).await?.ok_or_else(|| unknown(&sha256))?;
    let mut answer = (status, about(&sha256), Body::from_stream(bytes)).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if status == StatusCode::PARTIAL_CONTENT {
        headers.insert(CONTENT_RANGE, content_range(&part, length));
    }
    Ok(answer)
}

fn asked(headers: &HeaderMap, sha256: &str, length: u64) -> Asked {
    // Somebody else's file under this name: there is none, but a client may ask.
    let foreign = headers.get(IF_RANGE).is_some_and(|tag| tag.as_bytes() != tag_of(sha256).as_bytes());
    match headers.get(RANGE).and_then(|range| range.to_str().ok()) {
        Some(range) if !foreign => range::read(range, length),
        _ => Asked::Whole,
    }
}

fn about(sha256: &str) -> [(HeaderName, String); 3] {
    let plain = "application/octet-stream".to_owned();
    [(CONTENT_TYPE, plain), (ACCEPT_RANGES, "bytes".to_owned()), (ETAG, tag_of(sha256))]
}

fn tag_of(sha256: &str) -> String {
    format!("\"{sha256}\"")
}

fn content_range(part: &Range<u64>, length: u64) -> HeaderValue {
    range::content(part, length).parse().expect("numbers are plain ASCII")
}

fn unknown(sha256: &str) -> WireError {
    WireError::AttachmentUnknown { sha256: sha256.to_owned() }
}
