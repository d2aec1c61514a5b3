//! A photo on its way in: as its own bytes, nothing around them, so that what is
//! kept is what the camera wrote.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;

use crate::door::Door;
use crate::routes::{Shared, has_session, refused};
use crate::{News, NotKept, Photo};

/// How long the next bytes may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// After so many bytes the laptop's screen hears of it.
const STEP: u64 = 256 << 10;

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 100;

/// Takes a photo: its bytes as the body; its name (percent-encoded) and its set in headers.
pub(crate) async fn photo(State(door): Shared, headers: HeaderMap, body: Body) -> Response {
    if !has_session(&door, &headers) {
        return refused(StatusCode::FORBIDDEN, "noSession");
    }
    door.stir();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = plain_name(header("x-name"));
    let set = header("x-set");
    if !door.desk.sets.iter().any(|one| one.name == set) {
        return refused(StatusCode::BAD_REQUEST, "unknownSet");
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Some(length) = length else { return refused(StatusCode::LENGTH_REQUIRED, "lengthMissing") };
    if length > door.terms.longest as u64 {
        (door.told)(News::NotKept { name, code: "tooLarge".to_owned() });
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "tooLarge");
    }
    if door.count.load(Ordering::Relaxed) >= door.terms.files {
        return refused(StatusCode::TOO_MANY_REQUESTS, "tooMany");
    }
    let _turn = door.turn.acquire().await.expect("the semaphore is never closed");
    let bytes = match received(&door, &name, length, body).await {
        Ok(bytes) => bytes,
        Err(broken) => return broken,
    };
    let (keep, photo) = (Arc::clone(&door.keep), Photo { set: set.to_owned(), name: name.clone(), bytes });
    match tokio::task::spawn_blocking(move || keep(photo)).await {
        Ok(Ok(kept)) => {
            let count = door.count.fetch_add(1, Ordering::Relaxed) + 1;
            door.stir();
            (door.told)(News::Kept { name, same: kept.same, count });
            Json(kept).into_response()
        }
        Ok(Err(not_kept)) => {
            (door.told)(News::NotKept { name, code: not_kept.code.clone() });
            (StatusCode::UNPROCESSABLE_ENTITY, Json(not_kept)).into_response()
        }
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

/// The body, exactly as long as it said.
async fn received(door: &Door, name: &str, length: u64, body: Body) -> Result<Vec<u8>, Response> {
    let (mut bytes, mut told) = (Vec::new(), 0);
    let mut stream = body.into_data_stream();
    loop {
        let Ok(next) = tokio::time::timeout(PATIENCE, stream.next()).await else {
            return Err(refused(StatusCode::REQUEST_TIMEOUT, "tooSlow"));
        };
        match next {
            None => break,
            Some(Err(_)) => return Err(refused(StatusCode::BAD_REQUEST, "brokenOff")),
            Some(Ok(chunk)) => bytes.extend_from_slice(&chunk),
        }
        let came = bytes.len() as u64;
        if came > length {
            return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "tooLarge"));
        }
        if came - told >= STEP || came == length {
            told = came;
            door.stir();
            (door.told)(News::Coming { name: name.to_owned(), bytes: came, of: length });
        }
    }
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(refused(StatusCode::BAD_REQUEST, "brokenOff")) }
}

/// The last part of what was given as a name, without what no name has.
fn plain_name(given: &str) -> String {
    let text = percent_decode_str(given).decode_utf8_lossy();
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|sign| !sign.is_control()).take(LONGEST_NAME).collect();
    let plain = plain.trim().trim_start_matches('.').to_owned();
    if plain.is_empty() { "photo.jpg".to_owned() } else { plain }
}

impl NotKept {
    /// That a file is not kept, with its sentence in both languages.
    #[must_use]
    pub fn new(code: &str, zh: String, en: String) -> Self {
        Self { code: code.to_owned(), zh, en }
    }
}
