//! `GET /v1/hello`: where the two sides stand.

use axum::Json;
use axum::extract::State;
use domain::Writer;
use sync::wire::{Head, Hello, VERSION};

use super::caller::Caller;
use super::{Answer, Shared, apart};
use crate::database::{device, receipt, scope_head};

pub(crate) async fn hello(State(district): State<Shared>, Caller(device): Caller) -> Answer<Json<Hello>> {
    let hello = apart(move || {
        let at = crate::now();
        let catalog = district.catalog.revision();
        if let Err(error) = district.database.write(|tx| device::note_seen(tx, device.id, &at)) {
            // A laptop may still pull from a district whose disk is full.
            tracing::warn!(%error, "cannot note when a laptop was seen");
        }
        district.database.read(|tx| {
            let incarnation = receipt::newest_incarnation(tx, device.id)?;
            let scopes = device.reach.scopes(tx)?.into_iter();
            let heads = scopes.map(|scope| Ok(Head { seq: scope_head::read(tx, &scope)?.seq, scope }));
            let heads = heads.collect::<crate::Result<Vec<Head>>>()?;
            let next_counter = receipt::next_counter(tx, Writer { device: device.id, incarnation })?;
            Ok(Hello { version: VERSION, role: device.role, heads, next_counter, catalog, at })
        })
    });
    Ok(Json(hello.await?))
}
