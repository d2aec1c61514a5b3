//! `/v1/releases`: new programs, for every laptop of the district.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderValue, RANGE};
use axum::response::{IntoResponse, Response};
use sync::wire::range::{self, Asked};
use sync::wire::{ReleaseOffer, WireError};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::caller::Caller;
use super::{Answer, Shared, apart};
use crate::error::DistrictError;

/// `GET /v1/releases`: which there are, the newest first.
pub(crate) async fn offers(State(district): State<Shared>, _: Caller) -> Answer<Json<Vec<ReleaseOffer>>> {
    Ok(Json(apart(move || district.release_offers()).await?))
}

/// `GET /v1/releases/{name}`: its bytes, or the range of them that is asked for.
pub(crate) async fn fetch(
    State(district): State<Shared>,
    _: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let found = apart(move || district.release_file(&name)).await?;
    let unknown = || WireError::BadRequest { reason: "there is no such release".to_owned() };
    let mut file = tokio::fs::File::open(found.ok_or_else(unknown)?).await.map_err(DistrictError::from)?;
    let length = file.metadata().await.map_err(DistrictError::from)?.len();
    let (status, part) = match headers.get(RANGE).and_then(|range| range.to_str().ok()) {
        None => (StatusCode::OK, 0..length),
        Some(text) => match range::read(text, length) {
            Asked::Whole => (StatusCode::OK, 0..length),
            Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
            Asked::Beyond => {
                let content = [(CONTENT_RANGE, format!("bytes */{length}"))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, content).into_response());
            }
        },
    };
    file.seek(std::io::SeekFrom::Start(part.start)).await.map_err(DistrictError::from)?;
    let bytes = ReaderStream::new(file.take(part.end - part.start));
    let mut answer = (status, [(ACCEPT_RANGES, "bytes")], Body::from_stream(bytes)).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let content = range::content(&part, length).parse().expect("numbers are plain ASCII");
        headers.insert(CONTENT_RANGE, content);
    }
    Ok(answer)
}
