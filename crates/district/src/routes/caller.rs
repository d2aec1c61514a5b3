//! Who calls: the enrolled device whose token the request carries.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sync::wire::WireError;

use super::refusals::Asking;
use super::{Refused, Shared, apart};
use crate::database::device::{self, Device};

/// An enrolled device that was not revoked.
pub(crate) struct Caller(pub(crate) Device);

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, district: &Shared) -> Result<Self, Refused> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|text| text.strip_prefix("Bearer ")).ok_or(WireError::DeviceUnknown)?;
        // Looked up by its hash: how long that takes says nothing about the token.
        let hash = crate::sha256_hex(token.trim().as_bytes());
        let district = district.clone();
        let found = apart(move || district.database.read(|tx| device::with_token(tx, &hash))).await?;
        let device = found.ok_or(WireError::DeviceUnknown)?;
        if let Some(asking) = parts.extensions.get::<Asking>() {
            asking.is(device.id);
        }
        match device.revoked_at {
            Some(at) => Err(WireError::DeviceRevoked { at }.into()),
            None => Ok(Self(device)),
        }
    }
}
