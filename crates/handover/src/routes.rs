//! The few requests that a phone may make. Everything else is not there.

use std::sync::{Arc, PoisonError};

use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::News;
use crate::door::Door;
use crate::upload::photo;

const PAGE: &str = include_str!("../page/page.html");
const SCRIPT: &str = include_str!("../page/page.js");
const STYLE: &str = include_str!("../page/page.css");

/// The page takes nothing from elsewhere, and no other page shows it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' blob:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// The cookie that holds the session.
const SESSION: &str = "nonghuan";

/// The header that holds the token. A page of somebody else's cannot set it
/// without asking first, and is not answered.
const TOKEN: &str = "x-token";

pub(crate) type Shared = State<Arc<Door>>;

pub(crate) fn all(door: Arc<Door>) -> Router {
    Router::new()
        .route("/{token}", get(page))
        .route("/page/page.js", get(|| async { text("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/page/page.css", get(|| async { text("text/css; charset=utf-8", STYLE) }))
        .route("/do/begin", post(begin))
        .route("/do/photo", post(photo))
        .route("/do/end", post(end))
        .layer(from_fn_with_state(Arc::clone(&door), known_host))
        .with_state(door)
}

/// Answers only under the addresses that were given out: a name that somebody
/// else makes point here is not one of them.
async fn known_host(State(door): Shared, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if !host.is_some_and(|host| door.hosts.iter().any(|own| own == host)) {
        return refused(StatusCode::FORBIDDEN, "wrongAddress");
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}

/// The page. Looking at it spends nothing: scanners look before people do.
async fn page(State(door): Shared, Path(token): Path<String>) -> Response {
    if !same(&token, &door.token) {
        return refused(StatusCode::NOT_FOUND, "wrongToken");
    }
    text("text/html; charset=utf-8", PAGE)
}

/// The first phone with the token gets the session; whoever has the session gets it again.
async fn begin(State(door): Shared, headers: HeaderMap) -> Response {
    let token = headers.get(TOKEN).and_then(|token| token.to_str().ok()).unwrap_or_default();
    if !same(token, &door.token) {
        return refused(StatusCode::NOT_FOUND, "wrongToken");
    }
    let first = !std::mem::replace(&mut *door.begun.lock().unwrap_or_else(PoisonError::into_inner), true);
    if !first && !has_session(&door, &headers) {
        return refused(StatusCode::FORBIDDEN, "tokenUsed");
    }
    door.stir();
    if first {
        (door.told)(News::Began);
    }
    let cookie = format!("{SESSION}={}; HttpOnly; SameSite=Strict; Path=/", door.session);
    ([(SET_COOKIE, cookie)], Json(json!({"desk": door.desk, "longest": door.terms.longest}))).into_response()
}

/// The person at the phone is done.
async fn end(State(door): Shared, headers: HeaderMap) -> Response {
    if !has_session(&door, &headers) {
        return refused(StatusCode::FORBIDDEN, "noSession");
    }
    let _ = door.ended.try_send(()); // Somebody else has shut it in the same moment.
    StatusCode::NO_CONTENT.into_response()
}

/// Whether the request carries the session that this door gave out.
pub(crate) fn has_session(door: &Door, headers: &HeaderMap) -> bool {
    let begun = *door.begun.lock().unwrap_or_else(PoisonError::into_inner);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    begun && pairs.any(|(name, value)| name == SESSION && same(value, &door.session))
}

/// A refusal, as a code that the page has words for.
pub(crate) fn refused(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({"code": code}))).into_response()
}

fn text(kind: &'static str, body: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], body).into_response()
}

/// Whether two secrets are the same, in a time that does not say where they differ.
fn same(given: &str, own: &str) -> bool {
    let differ = given.bytes().zip(own.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
    given.len() == own.len() && differ == 0
}
