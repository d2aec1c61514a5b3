//! New programs, fetched from the district: what came before the line broke stays,
//! and the next request goes on from there.

use std::ops::ControlFlow;

use reqwest::Method;
use reqwest::header::{CONTENT_RANGE, RANGE};

use crate::http::{District, Error, accepted, json};
use crate::wire::{ReleaseOffer, range};

/// Takes the next bytes, and says whether to go on.
type Take<'t, E> = &'t mut (dyn FnMut(&[u8]) -> Result<ControlFlow<()>, E> + Send);

impl District {
    /// The releases that the district offers, the newest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn releases(&self) -> Result<Vec<ReleaseOffer>, Error> {
        json(self.request(Method::GET, "/v1/releases").send().await?).await
    }

    /// The bytes of a release from `start` on, piece by piece, until `take` wants no more.
    ///
    /// # Errors
    /// [`Error`]; what `take` was given until then is good.
    pub async fn fetch_release<E>(&self, name: &str, start: u64, take: Take<'_, E>) -> Result<Result<(), E>, Error> {
        let request = self.request(Method::GET, &format!("/v1/releases/{name}")).header(RANGE, range::from(start));
        let mut response = accepted(request.send().await?).await?;
        let content = response.headers().get(CONTENT_RANGE).and_then(|content| content.to_str().ok());
        let begins = content.and_then(range::start).map_or(0, |(begins, _)| begins);
        if begins != start {
            return Err(Error::Unreadable(format!("bytes from {begins} on where those from {start} were asked for")));
        }
        while let Some(bytes) = response.chunk().await? {
            match take(&bytes) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }
}
