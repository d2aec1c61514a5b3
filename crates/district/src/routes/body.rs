//! Reading a request's body, up to a limit.

use axum::body::Body;
use futures_util::StreamExt;
use sync::wire::WireError;

/// The whole body, if it has at most `limit` bytes.
pub(crate) async fn whole(body: Body, limit: usize) -> Result<Vec<u8>, WireError> {
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| WireError::BadRequest { reason: error.to_string() })?;
        if bytes.len() + chunk.len() > limit {
            return Err(WireError::RequestTooLarge { limit: limit.to_string() });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
