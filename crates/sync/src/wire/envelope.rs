//! The envelope: `NHE1`, an Ed25519 signature over what follows, zstd of JSON.

use std::io::Read;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::MAX_ENVELOPE;

const MAGIC: &[u8; 4] = b"NHE1";
const SIGNATURE: usize = 64;

/// Why an envelope was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It does not begin as an envelope does, or breaks off.
    #[error("this is no envelope, or only a part of one")]
    Damaged,
    /// The signature is not that of the expected key over these bytes.
    #[error("the signature does not fit")]
    WrongSignature,
    /// It would unpack to more than [`MAX_ENVELOPE`].
    #[error("it unpacks to more than {MAX_ENVELOPE} bytes")]
    TooLarge,
    /// What it holds is not what was expected.
    #[error("the contents cannot be read: {0}")]
    Unreadable(String),
}

/// `body`, compressed and signed with `key`.
///
/// # Panics
/// When `body` cannot be JSON: a mistake in the program.
pub fn seal<T: Serialize>(key: &SigningKey, body: &T) -> Vec<u8> {
    let json = serde_json::to_vec(body).expect("our types are JSON");
    let packed = zstd::encode_all(json.as_slice(), 3).expect("memory takes every byte");
    let mut out = Vec::with_capacity(MAGIC.len() + SIGNATURE + packed.len());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&key.sign(&packed).to_bytes());
    out.extend_from_slice(&packed);
    out
}

/// The body of an envelope that `key` signed.
///
/// # Errors
/// [`EnvelopeError`]; nothing is unpacked before its signature is checked.
pub fn open<T: DeserializeOwned>(key: &VerifyingKey, bytes: &[u8]) -> Result<T, EnvelopeError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(EnvelopeError::Damaged)?;
    let (signature, packed) = rest.split_first_chunk::<SIGNATURE>().ok_or(EnvelopeError::Damaged)?;
    key.verify_strict(packed, &Signature::from_bytes(signature)).map_err(|_| EnvelopeError::WrongSignature)?;
    let mut json = Vec::new();
    let reader = zstd::Decoder::new(packed).map_err(|_| EnvelopeError::Damaged)?;
    let limit = u64::try_from(MAX_ENVELOPE).expect("a constant") + 1;
    reader.take(limit).read_to_end(&mut json).map_err(|_| EnvelopeError::Damaged)?;
    if json.len() > MAX_ENVELOPE {
        return Err(EnvelopeError::TooLarge);
    }
    serde_json::from_slice(&json).map_err(|error| EnvelopeError::Unreadable(error.to_string()))
}

/// SHA-256 of a certificate in DER, as it is pinned.
#[must_use]
pub fn fingerprint(certificate: &[u8]) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    #[test]
    fn an_envelope_opens_for_its_signer_only_and_no_byte_of_it_may_change() {
        let sealed = seal(&key(1), &vec!["厕所", "黑臭"]);
        let body: Vec<String> = open(&key(1).verifying_key(), &sealed).expect("whole and rightly signed");
        assert_eq!(body, ["厕所", "黑臭"]);
        let forged = open::<Vec<String>>(&key(2).verifying_key(), &sealed);
        assert_eq!(forged, Err(EnvelopeError::WrongSignature), "another key's word is nobody's word");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open::<Vec<String>>(&key(1).verifying_key(), &changed).is_err(), "byte {at} may not change unseen");
            assert!(open::<Vec<String>>(&key(1).verifying_key(), &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let bomb = vec![b' '; MAX_ENVELOPE + 2];
        let packed = zstd::encode_all(bomb.as_slice(), 3).expect("in memory");
        let mut envelope = MAGIC.to_vec();
        envelope.extend_from_slice(&key(1).sign(&packed).to_bytes());
        envelope.extend_from_slice(&packed);
        let opened = open::<Vec<String>>(&key(1).verifying_key(), &envelope);
        assert_eq!(opened, Err(EnvelopeError::TooLarge));
    }
}
