//! `/v1/attachments/{sha256}`: originals, for those whose records name them.
//!
//! Who holds no scope that names a file is told the same as if it did not exist.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use sync::wire::WireError;
use tokio_util::io::ReaderStream;

use super::caller::Caller;
use super::{Answer, Refused, Shared, apart};
use crate::attachments::{MAX_FILE, is_name};
use crate::database::device::Device;
use crate::database::{attachment, attachment_name};

/// `HEAD`: whether the file is here.
pub(crate) async fn look(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
) -> Answer<Response> {
    let (_, length) = open(&district, device, &sha256).await?;
    Ok([(CONTENT_LENGTH, length.to_string())].into_response())
}

/// `GET`: the file's bytes.
pub(crate) async fn fetch(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
) -> Answer<Response> {
    let (file, length) = open(&district, device, &sha256).await?;
    let headers = [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_LENGTH, length.to_string())];
    Ok((headers, Body::from_stream(ReaderStream::with_capacity(file, 64 << 10))).into_response())
}

/// `PUT`: takes the file, and lets pass what waited for it.
pub(crate) async fn send(
    State(district): State<Shared>,
    Caller(device): Caller,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer<StatusCode> {
    let held = permit(&district, device, &sha256).await?;
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > MAX_FILE) {
        return Err(WireError::RequestTooLarge { limit: MAX_FILE.to_string() }.into());
    }
    let mut bytes = body.into_data_stream();
    if held && tokio::fs::try_exists(district.attachments.path(&sha256)).await.unwrap_or(false) {
        // It is here. What is sent again is read and dropped, or the laptop
        // would see its line broken and send it a third time.
        let mut left = MAX_FILE;
        while let Some(Ok(chunk)) = bytes.next().await {
            left = left.saturating_sub(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if left == 0 {
                return Err(WireError::RequestTooLarge { limit: MAX_FILE.to_string() }.into());
            }
        }
        return Ok(StatusCode::NO_CONTENT);
    }
    let length = district.attachments.keep(&sha256, bytes).await?;
    apart(move || district.database.write(|tx| district.ledger(tx).arrived(&sha256, length))).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn open(district: &Shared, device: Device, sha256: &str) -> Result<(tokio::fs::File, u64), Refused> {
    let unknown = || WireError::AttachmentUnknown { sha256: sha256.to_owned() };
    if !permit(district, device, sha256).await? {
        return Err(unknown().into());
    }
    let file = tokio::fs::File::open(district.attachments.path(sha256)).await.map_err(|error| {
        tracing::error!(%error, sha256, "an attachment that should be here is not");
        unknown()
    })?;
    let length = file.metadata().await.map_err(crate::DistrictError::from)?.len();
    Ok((file, length))
}

/// Whether the file is held, for a device that may know.
async fn permit(district: &Shared, device: Device, sha256: &str) -> Result<bool, Refused> {
    let unknown = WireError::AttachmentUnknown { sha256: sha256.to_owned() };
    if !is_name(sha256) {
        return Err(unknown.into());
    }
    let (district, sha256) = (district.clone(), sha256.to_owned());
    let found = apart(move || {
        district.database.read(|tx| {
            let named = attachment_name::scopes(tx, &sha256)?.iter().any(|scope| device.reach.covers(scope));
            if named { attachment::is_held(tx, &sha256).map(Some) } else { Ok(None) }
        })
    });
    Ok(found.await?.ok_or(unknown)?)
}
