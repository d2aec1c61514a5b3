//! `POST /v1/exchange`: what a laptop says in, what is new out.

use axum::body::Body;
use axum::extract::State;
use sync::wire::{MAX_ENVELOPE, WireError, signer};

use super::caller::Caller;
use super::{Answer, Shared, apart, body};
use crate::answer::{Arrival, unopened};

pub(crate) async fn exchange(State(district): State<Shared>, Caller(device): Caller, body: Body) -> Answer<Body> {
    let envelope = body::whole(body, MAX_ENVELOPE).await?;
    if signer(&envelope).map_err(unopened)? != device.id {
        return Err(WireError::BadEnvelope.into());
    }
    // Without a media type: an envelope says itself what it is.
    Ok(Body::from(apart(move || district.exchange(&envelope, Arrival::Line)).await?))
}
