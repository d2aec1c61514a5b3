//! `GET /v1/hello`: which protocol is spoken here. A laptop of an earlier version
//! begins with this, and is told to be brought up to date.

use axum::Json;
use sync::wire::{Hello, VERSION};

use super::caller::Caller;

pub(crate) async fn hello(_: Caller) -> Json<Hello> {
    Json(Hello { version: VERSION })
}
