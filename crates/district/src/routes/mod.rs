//! The routes, by noun. Each takes a request apart, asks the database once, and
//! answers; what is decided is decided elsewhere.

mod attachments;
mod body;
mod caller;
mod enrol;
mod events;
mod exchange;
mod health;
mod hello;
mod refusals;
mod refused;
mod releases;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sync::wire::WireError;

use crate::apart;
use crate::district::District;
use refused::Refused;

/// What every handler is given.
type Shared = Arc<District>;

/// What a handler answers with.
type Answer<T> = std::result::Result<T, Refused>;

impl District {
    /// Everything that is served over TLS, for who asks from within this process.
    pub fn routes(self: &Arc<Self>) -> Router {
        secure(Arc::clone(self))
    }
}

/// Everything, for connections over TLS.
pub(crate) fn secure(district: Shared) -> Router {
    Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/hello", get(hello::hello))
        .route("/v1/exchange", post(exchange::exchange))
        .route("/v1/events", get(events::events))
        .route("/v1/attachments", post(attachments::held_of))
        .route("/v1/attachments/{sha256}", get(attachments::fetch).head(attachments::look))
        .route("/v1/releases", get(releases::offers))
        .route("/v1/releases/{name}", get(releases::fetch))
        .merge(uploads::routes())
        .route("/health", get(health::health))
        .fallback(unknown)
        .layer(from_fn(refusals::noted))
        .layer(DefaultBodyLimit::disable()) // Each route counts for itself, as it reads.
        .with_state(district)
}

/// The health page and a piece of advice, for connections without TLS.
pub(crate) fn plain(district: Shared) -> Router {
    Router::new().route("/health", get(health::health)).fallback(use_https).with_state(district)
}

async fn unknown() -> Refused {
    WireError::BadRequest { reason: "there is nothing under this address".to_owned() }.into()
}

async fn use_https() -> Response {
    let advice = "此端口只接受加密连接，请把地址开头改为 https:// 。\nThis port speaks https only: please begin the address with https:// .\n";
    (StatusCode::BAD_REQUEST, [("content-type", "text/plain; charset=utf-8")], advice).into_response()
}
