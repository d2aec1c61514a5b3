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
            let district_key = hex::encode(district.key.verifying_key().as_bytes());
            let (letter, scopes) = (device.letter(), device.reach.scopes(tx)?);
            let recipient = Some(district.recipient.clone());
            Ok(EnrolReply { device: device.id, letter, role: device.role, scopes, token, district_key, recipient })
        })
    });
    Ok(Json(reply.await?))
}
