//! The laptop's end of the line: HTTPS with the district's own certificate pinned.

use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::{SigningKey, VerifyingKey};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use serde::de::DeserializeOwned;

use crate::wire::{self, Answer, EnrolReply, EnrolRequest, Message, WireError};

/// Why a request brought no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is there: nothing was said.
    #[error("the district could not be reached: {0}")]
    Unreachable(String),
    /// Somebody answered who is not the district that this laptop was enrolled at.
    #[error("the certificate is not the district's")]
    Untrusted,
    /// The line broke, and what was said on it may have been heard.
    #[error("the line to the district broke: {0}")]
    Broken(String),
    /// The district said no.
    #[error(transparent)]
    Refused(#[from] WireError),
    /// The answer is not what the protocol says.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            if matches!(tls_error(cause), Some(rustls::Error::InvalidCertificate(_))) {
                return Self::Untrusted;
            }
            source = cause.source();
        }
        if error.is_connect() { Self::Unreachable(text) } else { Self::Broken(text) }
    }
}

/// What TLS said, however often it was wrapped on its way up.
fn tls_error<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    let inner = || error.downcast_ref::<std::io::Error>()?.get_ref().and_then(|inner| tls_error(inner));
    error.downcast_ref().or_else(inner)
}

/// A district as this laptop reaches it.
#[derive(Debug, Clone)]
pub struct District {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl District {
    /// The district at `address` (`host:port`), known by its certificate's SHA-256.
    ///
    /// # Errors
    /// When the machine has no TLS to offer.
    pub fn new(address: &str, fingerprint: [u8; 32], token: &str) -> Result<Self, Error> {
        let provider = Arc::new(ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Unreachable(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Pinned { fingerprint, provider }))
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            // Sooner than a district lets go of a connection on which nobody speaks.
            .pool_idle_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(60))
            .build()?;
        Ok(Self { client, base: format!("https://{address}"), token: token.to_owned() })
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    /// Asks to be let in.
    ///
    /// # Errors
    /// [`Error`]; a code that is unknown, used or expired is [`Error::Refused`].
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, Error> {
        let response = self.client.post(format!("{}/v1/enrol", self.base)).json(request).send().await?;
        json(response).await
    }

    /// Says a message; the answer is signed by the district.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn exchange(
        &self,
        key: &SigningKey,
        district: &VerifyingKey,
        message: &Message,
    ) -> Result<Answer, Error> {
        let body = wire::seal(key, message.writer.device, message);
        envelope(self.request(Method::POST, "/v1/exchange").body(body).send().await?, district).await
    }
}

pub(crate) async fn accepted(response: Response) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.bytes().await?;
    Err(match serde_json::from_slice::<WireError>(&body) {
        Ok(refusal) => Error::Refused(refusal),
        Err(_) if status == StatusCode::PAYLOAD_TOO_LARGE => {
            Error::Refused(WireError::RequestTooLarge { limit: wire::MAX_ENVELOPE.to_string() })
        }
        Err(_) => Error::Unreadable(format!("status {status}")),
    })
}

pub(crate) async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let body = accepted(response).await?.bytes().await?;
    serde_json::from_slice(&body).map_err(|error| Error::Unreadable(error.to_string()))
}

async fn envelope<T: DeserializeOwned>(response: Response, district: &VerifyingKey) -> Result<T, Error> {
    let body = accepted(response).await?.bytes().await?;
    wire::open(district, &body).map_err(|error| Error::Unreadable(error.to_string()))
}

/// Trusts one certificate, by its fingerprint, and no authority.
#[derive(Debug)]
struct Pinned {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // Neither name nor validity counts: a laptop whose clock is years off must still sync.
        if wire::fingerprint(end_entity) == self.fingerprint {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
