//! The log's line about a request that was refused: what was refused, to whom,
//! and why. What laptops meet every day is noted for who looks closely; what no
//! honest laptop meets is a warning.

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::DeviceId;

/// By whose token a request came, once that is known.
#[derive(Clone, Default)]
pub(super) struct Asking(Arc<OnceLock<DeviceId>>);

impl Asking {
    pub(super) fn is(&self, device: DeviceId) {
        let _ = self.0.set(device); // One request has one token.
    }
}

/// The code of a refusal, carried beside its answer.
#[derive(Clone)]
pub(super) struct Code(pub(super) String);

/// Serves the request, and writes down whether it was refused.
pub(super) async fn noted(mut request: Request, next: Next) -> Response {
    let asking = Asking::default();
    request.extensions_mut().insert(asking.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let answer = next.run(request).await;
    if let Some(Code(code)) = answer.extensions().get() {
        let device = asking.0.get().map_or_else(|| "unknown".to_owned(), DeviceId::to_string);
        let everyday = [StatusCode::NOT_FOUND, StatusCode::CONFLICT, StatusCode::GONE].contains(&answer.status());
        if everyday {
            tracing::debug!(code, device, %method, path, "refused");
        } else {
            tracing::warn!(code, device, %method, path, "refused");
        }
    }
    answer
}
