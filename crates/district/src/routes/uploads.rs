//! `/v1/uploads`: tus 1.0. What its words mean here is told in [`sync::wire::tus`].

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::options;
use chrono::DateTime;
use sync::wire::WireError;
use sync::wire::tus::{self, Checksum};

use super::caller::Caller;
use super::{Answer, Shared};
use crate::database::device::Device;
use crate::error::DistrictError;
use crate::uploads::{Standing, append, begin, drain, ready, standing, terminate};

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// Everything under `/v1/uploads`.
pub(super) fn routes() -> Router<Shared> {
    let every = options(capabilities).post(create);
    let one = options(capabilities).head(look).patch(send).delete(give_up).post(instead);
    Router::new().route("/v1/uploads", every).route("/v1/uploads/{sha256}", one).layer(from_fn(speak))
}

/// Hears only who speaks our version of tus, and says it in every answer.
async fn speak(request: Request, next: Next) -> Response {
    let said = request.headers().get(RESUMABLE).map(HeaderValue::as_bytes);
    let mut answer = if request.method() == Method::OPTIONS || said == Some(tus::VERSION.as_bytes()) {
        next.run(request).await
    } else {
        let reason = format!("Tus-Resumable: {} is needed", tus::VERSION);
        let mut answer = odd(StatusCode::PRECONDITION_FAILED, &reason);
        answer.headers_mut().insert("tus-version", HeaderValue::from_static(tus::VERSION));
        answer
    };
    answer.headers_mut().insert(RESUMABLE, HeaderValue::from_static(tus::VERSION));
    answer
}

/// `OPTIONS`: what this server can do.
async fn capabilities() -> impl IntoResponse {
    let headers = [
        ("tus-version", tus::VERSION.to_owned()),
        ("tus-extension", tus::EXTENSIONS.to_owned()),
        ("tus-checksum-algorithm", tus::ALGORITHMS.to_owned()),
        ("tus-max-size", tus::MAX_FILE.to_string()),
    ];
    (StatusCode::NO_CONTENT, headers)
}

/// `POST /v1/uploads`: begins an upload, or finds the one that is under way.
async fn create(
    State(district): State<Shared>,
    Caller(device): Caller,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let length = text(&headers, &LENGTH).and_then(tus::number).ok_or_else(|| bad("Upload-Length is needed"))?;
    let metadata = text(&headers, &METADATA).unwrap_or_default();
    let sha256 = tus::name_in(metadata).ok_or_else(|| bad("Upload-Metadata needs sha256, in lower-case hex"))?;
    let mut stands = begin(&district, &device, &sha256, length, metadata.to_owned()).await?;
    let with_upload = text(&headers, &CONTENT_TYPE) == Some(tus::CHUNK_TYPE);
    if with_upload && stands.received == 0 && stands.bytes > 0 {
        stands = receive(&district, &device, &sha256, 0, &headers, body).await?;
    } else {
        drain(body.into_data_stream()).await; // It is further already; the client sees by how much.
    }
    let place = [(LOCATION, format!("/v1/uploads/{sha256}"))];
    Ok((StatusCode::CREATED, place, whereabouts(&stands)).into_response())
}

/// `HEAD /v1/uploads/{sha256}`: how far it came.
async fn look(State(district): State<Shared>, Caller(device): Caller, Path(sha256): Path<String>) -> Answer<Response> {
    let stands = standing(&district, &device, &sha256).await?;
    let about = [
        (LENGTH, stands.bytes.to_string()),
        (METADATA, stands.metadata.clone()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((about, whereabouts(&stands)).into_response())
}

/// `PATCH /v1/uploads/{sha256}`: the next bytes.
async fn send(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    next(&district, &device, &sha256, &headers, body).await
}

async fn next(district: &Shared, device: &Device, sha256: &str, headers: &HeaderMap, body: Body) -> Answer<Response> {
    if text(headers, &CONTENT_TYPE) != Some(tus::CHUNK_TYPE) {
        drain(body.into_data_stream()).await;
        return Ok(odd(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a chunk is application/offset+octet-stream"));
    }
    let Some(offset) = text(headers, &OFFSET).and_then(tus::number) else {
        drain(body.into_data_stream()).await;
        return Err(bad("Upload-Offset is needed").into());
    };
    let stands = receive(district, device, sha256, offset, headers, body).await?;
    Ok((StatusCode::NO_CONTENT, whereabouts(&stands)).into_response())
}

/// Takes the chunk that a request carries, if it belongs at `offset`.
async fn receive(
    district: &Shared,
    device: &Device,
    sha256: &str,
    offset: u64,
    headers: &HeaderMap,
    body: Body,
) -> Answer<Standing> {
    let chunk = body.into_data_stream();
    let announced = text(headers, &CONTENT_LENGTH).and_then(tus::number);
    let wanted = async {
        let checksum = checksum(headers)?;
        Ok::<_, DistrictError>((ready(district, device, sha256, offset, announced).await?, checksum))
    };
    match wanted.await {
        Ok((upload, checksum)) => Ok(append(district, device, upload, checksum, chunk).await?),
        Err(refused) => {
            drain(chunk).await;
            Err(refused.into())
        }
    }
}

/// `DELETE /v1/uploads/{sha256}`: the device sends no more of it.
async fn give_up(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
) -> Answer<StatusCode> {
    terminate(&district, &device, &sha256).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/uploads/{sha256}` with `X-HTTP-Method-Override`, for lines on which
/// something in between lets no PATCH or DELETE through.
async fn instead(State(district): State<Shared>, Path(sha256): Path<String>, request: Request) -> Answer<Response> {
    let (mut parts, body) = request.into_parts();
    let Caller(device) = Caller::from_request_parts(&mut parts, &district).await?;
    match parts.headers.get("x-http-method-override").map(HeaderValue::as_bytes) {
        Some(b"PATCH") => next(&district, &device, &sha256, &parts.headers, body).await,
        Some(b"DELETE") => {
            terminate(&district, &device, &sha256).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Ok(odd(StatusCode::METHOD_NOT_ALLOWED, "X-HTTP-Method-Override may be PATCH or DELETE")),
    }
}

/// By what the chunk is to be checked.
fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, WireError> {
    let Some(header) = headers.get(CHECKSUM) else { return Ok(None) };
    let read = header.to_str().ok().and_then(Checksum::read);
    let reason = || format!("Upload-Checksum is none of {}", tus::ALGORITHMS);
    read.map(Some).ok_or_else(|| WireError::BadRequest { reason: reason() })
}

/// How far an upload came, and until when it waits.
fn whereabouts(stands: &Standing) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(OFFSET, HeaderValue::from(stands.received))]);
    let end = stands.expires_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    if let Some(end) = end {
        let end = end.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        headers.insert(EXPIRES, end.parse().expect("a date is plain ASCII"));
    }
    headers
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn bad(reason: &str) -> WireError {
    WireError::BadRequest { reason: reason.to_owned() }
}

/// What only tus has a status for.
fn odd(status: StatusCode, reason: &str) -> Response {
    (status, Json(bad(reason))).into_response()
}
