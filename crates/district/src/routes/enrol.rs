//! `POST /v1/enrol`: a laptop asks to be let in.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use sync::wire::{EnrolReply, EnrolRequest, WireError};

use super::{Answer, Shared, apart, body};
use crate::enrolment::redeem;

/// More than any honest request has.
const LIMIT: usize = 16 << 10;

pub(crate) async fn enrol(State(district): State<Shared>, body: Body) -> Answer<Json<EnrolReply>> {
    let bytes = body::whole(body, LIMIT).await?;
    let request: EnrolRequest =
        serde_json::from_slice(&bytes).map_err(|error| WireError::BadRequest { reason: error.to_string() })?;
    let reply = apart(move || {
        district.database.write(|tx| {
            let (device, token) = redeem(tx, &request)?;
            district.welcome(tx, device, token)
        })
    });
    Ok(Json(reply.await?))
}
