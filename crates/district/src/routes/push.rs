//! `POST /v1/push`: changes in, receipts out.

use axum::body::Body;
use axum::extract::State;
use sync::wire::{EnvelopeError, MAX_ENVELOPE, Push, WireError, open, seal};

use super::caller::Caller;
use super::{Answer, Shared, apart, body};

pub(crate) async fn push(State(district): State<Shared>, Caller(device): Caller, body: Body) -> Answer<Vec<u8>> {
    let packed = body::whole(body, MAX_ENVELOPE).await?;
    let sealed = apart(move || {
        let push: Push = open(&device.public_key, &packed).map_err(|error| match error {
            EnvelopeError::Damaged | EnvelopeError::WrongSignature => WireError::BadEnvelope,
            EnvelopeError::TooLarge => WireError::RequestTooLarge { limit: MAX_ENVELOPE.to_string() },
            EnvelopeError::Unreadable(reason) => WireError::BadRequest { reason },
        })?;
        let reply = district.database.write(|tx| district.ledger(tx).push(&device, &push))?;
        // Signed after the commit: the district's word is on disk before it is given.
        Ok(seal(&district.key, &reply))
    });
    Ok(sealed.await?)
}
