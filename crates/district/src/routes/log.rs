//! `GET /v1/log`: a page of one scope's log.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::Scope;
use serde::Deserialize;
use sync::wire::{MAX_ENVELOPE, PAGE, Pulled, WireError, seal};

use super::caller::Caller;
use super::{Answer, Shared, apart};
use crate::database::{log as table, scope_head};

/// The most JSON in one page beyond its first entry: a page of large entries
/// must still fit into an envelope, and into the memory of a small laptop.
const PAGE_BYTES: usize = MAX_ENVELOPE / 8;

#[derive(Deserialize)]
pub(crate) struct Page {
    scope: Scope,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

pub(crate) async fn log(
    State(district): State<Shared>,
    Caller(device): Caller,
    page: Result<Query<Page>, QueryRejection>,
) -> Answer<Vec<u8>> {
    let Query(Page { scope, after, limit }) =
        page.map_err(|error| WireError::BadRequest { reason: error.body_text() })?;
    if !device.reach.covers(&scope) {
        return Err(WireError::ScopeNotHeld { scope: scope.to_string() }.into());
    }
    let sealed = apart(move || {
        let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
        let pulled = district.database.read(|tx| {
            let head = scope_head::read(tx, &scope)?.seq;
            let entries = table::after(tx, &scope, after, limit, PAGE_BYTES)?;
            Ok(Pulled { scope, entries, head })
        })?;
        Ok(seal(&district.key, &pulled))
    });
    Ok(sealed.await?)
}
