//! How a refusal is said over HTTP: the status for machines in between, the
//! [`WireError`] for the laptop.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sync::wire::{WireError, tus};

use super::refusals::Code;
use crate::error::DistrictError;

/// A request that was not carried out.
pub(crate) struct Refused(WireError);

impl From<WireError> for Refused {
    fn from(error: WireError) -> Self {
        Self(error)
    }
}

impl From<DistrictError> for Refused {
    /// What went wrong inside is for the log; the laptop hears that something did.
    fn from(error: DistrictError) -> Self {
        match error {
            DistrictError::Wire(error) => Self(error),
            DistrictError::DiskFull => {
                tracing::error!("the disk is full");
                Self(WireError::DistrictDiskFull)
            }
            inside => {
                tracing::error!(error = ?inside, "a request failed");
                Self(WireError::DistrictFault)
            }
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let code = serde_json::to_value(&self.0).ok().and_then(|said| Some(said["code"].as_str()?.to_owned()));
        let mut answer = (status(&self.0), Json(self.0)).into_response();
        answer.extensions_mut().insert(Code(code.unwrap_or_default()));
        if answer.status() == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert("www-authenticate", "Bearer".parse().expect("plain ASCII"));
        }
        answer
    }
}

fn status(error: &WireError) -> StatusCode {
    use WireError as E;
    match error {
        E::DeviceUnknown => StatusCode::UNAUTHORIZED,
        E::DeviceRevoked { .. } => StatusCode::FORBIDDEN,
        E::CodeUnknown | E::AttachmentUnknown { .. } | E::UploadUnknown { .. } => StatusCode::NOT_FOUND,
        E::CounterGap { .. } | E::CounterFork { .. } | E::UploadElsewhere { .. } => StatusCode::CONFLICT,
        E::CodeUsed { .. } | E::CodeExpired { .. } => StatusCode::GONE,
        E::RequestTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        E::AttachmentDamaged { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        E::ChunkDamaged { .. } => StatusCode::from_u16(tus::CHECKSUM_MISMATCH).expect("tus chose a status"),
        E::VersionMismatch { .. } | E::OtherDistrict { .. } | E::BadEnvelope | E::BadRequest { .. } => {
            StatusCode::BAD_REQUEST
        }
        E::DistrictDiskFull => StatusCode::INSUFFICIENT_STORAGE,
        E::DistrictFault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
