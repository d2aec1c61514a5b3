//! The district's own certificate, and TLS with it.
//!
//! Laptops know the certificate by its fingerprint, which is in the enrolment
//! code; no authority has to vouch for it, and its names and dates say nothing.
//! Who replaces the two files puts every enrolled laptop out of touch.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::{DistrictError, Result};
use crate::private::write_secret;

const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "certificate-key.pem";

/// A certificate and what serves with it.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    /// SHA-256 of the certificate, by which laptops know the district.
    pub(crate) fingerprint: [u8; 32],
}

/// Whether the folder has a certificate yet.
pub(crate) fn is_made(folder: &Path) -> bool {
    folder.join(CERTIFICATE).exists()
}

/// Makes a key and a certificate, good until long after both are history. The
/// key comes first: a certificate in the folder means that both are there.
pub(crate) fn make(folder: &Path) -> Result<()> {
    let damaged = |error: rcgen::Error| DistrictError::KeyDamaged { file: KEY.to_owned(), reason: error.to_string() };
    let made = rcgen::generate_simple_self_signed(["nonghuan-district".to_owned()]).map_err(damaged)?;
    write_secret(&folder.join(KEY), made.signing_key.serialize_pem().as_bytes())?;
    write_secret(&folder.join(CERTIFICATE), made.cert.pem().as_bytes())
}

/// Reads the two files.
///
/// # Errors
/// [`DistrictError::KeyDamaged`] with the file and what is wrong with it.
pub(crate) fn read(folder: &Path) -> Result<Tls> {
    let damaged = |file: &str, reason: String| DistrictError::KeyDamaged { file: file.to_owned(), reason };
    let text = |file: &str| std::fs::read(folder.join(file)).map_err(|error| damaged(file, error.to_string()));
    let certificate =
        CertificateDer::from_pem_slice(&text(CERTIFICATE)?).map_err(|error| damaged(CERTIFICATE, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(&text(KEY)?).map_err(|error| damaged(KEY, error.to_string()))?;
    let fingerprint = sync::wire::fingerprint(&certificate);
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(|error| damaged(KEY, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls { config: Arc::new(config), fingerprint })
}
