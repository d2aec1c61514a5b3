//! `GET /v1/events`: server-sent events, one named `news` whenever there is
//! something to fetch in the laptop's scopes.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;

use super::Shared;
use super::caller::Caller;

/// How often a silent line is used, so that neither side takes it for broken.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

pub(crate) async fn events(
    State(district): State<Shared>,
    Caller(device): Caller,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let listener = district.bell.listen();
    let news = unfold((listener, district, device.id), |(mut listener, district, device)| async move {
        match listener.next(&district, device).await {
            Ok(true) => Some((Ok(Event::default().event("news").data("")), (listener, district, device))),
            Ok(false) => None,
            Err(error) => {
                tracing::warn!(%error, "a listener was let go");
                None
            }
        }
    });
    Sse::new(news).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
}
