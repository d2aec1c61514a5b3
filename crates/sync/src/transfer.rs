//! Files over the line: up by tus, down by range, each from where it broke off.

use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderMap, RANGE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};

use crate::http::{District, Error, accepted, json};
use crate::wire::range;
use crate::wire::tus::{self, Checksum};

/// The most files that the district is asked about at once.
pub const NAMES: usize = 1_000;

/// A file on its way down.
pub struct Download {
    response: Response,
    /// Where its bytes begin.
    pub start: u64,
}

impl Download {
    /// The next bytes, as they come; `None` at the end.
    ///
    /// # Errors
    /// [`Error`], when the line breaks.
    pub async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, Error> {
        Ok(self.response.chunk().await?)
    }
}

impl District {
    /// Which of these files the district holds; at most [`NAMES`] at once.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn held(&self, names: &[&str]) -> Result<Vec<String>, Error> {
        json(self.request(Method::POST, "/v1/attachments").json(&names).send().await?).await
    }

    /// Begins to send a file, or goes on with it: how many of its bytes the
    /// district has. All of them when it holds the file. `first` may be the whole
    /// of a small file, to spare a round trip.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn begin(&self, sha256: &str, bytes: u64, first: Option<Vec<u8>>) -> Result<u64, Error> {
        let request = self.request(Method::POST, "/v1/uploads").header("tus-resumable", tus::VERSION);
        let request = request.header("upload-length", bytes).header("upload-metadata", tus::metadata(sha256));
        let request = match first {
            Some(first) => chunk(request, first),
            None => request,
        };
        offset(accepted(request.send().await?).await?.headers())
    }

    /// Sends the next bytes of a file: how many of its bytes the district has now.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn send(&self, sha256: &str, at: u64, bytes: Vec<u8>) -> Result<u64, Error> {
        let request = self.request(Method::PATCH, &format!("/v1/uploads/{sha256}"));
        let request = request.header("tus-resumable", tus::VERSION).header("upload-offset", at);
        offset(accepted(chunk(request, bytes).send().await?).await?.headers())
    }

    /// Fetches a file from byte `from` on; `None` when it has no byte there.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn fetch(&self, sha256: &str, from: u64) -> Result<Option<Download>, Error> {
        let mut request = self.request(Method::GET, &format!("/v1/attachments/{sha256}"));
        if from > 0 {
            request = request.header(RANGE, range::from(from));
        }
        let response = request.send().await?;
        if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            return Ok(None);
        }
        let response = accepted(response).await?;
        let start = match response.headers().get(CONTENT_RANGE) {
            _ if response.status() != StatusCode::PARTIAL_CONTENT => 0,
            Some(content) => content
                .to_str()
                .ok()
                .and_then(range::start)
                .map(|(start, _)| start)
                .ok_or_else(|| Error::Unreadable("a Content-Range that is none".to_owned()))?,
            None => return Err(Error::Unreadable("a part without its Content-Range".to_owned())),
        };
        Ok(Some(Download { response, start }))
    }
}

fn chunk(request: RequestBuilder, bytes: Vec<u8>) -> RequestBuilder {
    let sum = Checksum::of(&bytes).header();
    request.header(CONTENT_TYPE, tus::CHUNK_TYPE).header("upload-checksum", sum).body(bytes)
}

fn offset(headers: &HeaderMap) -> Result<u64, Error> {
    let offset = headers.get("upload-offset").and_then(|value| tus::number(value.to_str().ok()?));
    offset.ok_or_else(|| Error::Unreadable("no Upload-Offset".to_owned()))
}
