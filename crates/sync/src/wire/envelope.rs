//! The envelope: `NHE2`, who signed it, an Ed25519 signature over all of the
//! rest, and the compressed contents. The same bytes over HTTPS and on a stick.

use std::io::Read;

use domain::DeviceId;
use domain::compact;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::MAX_ENVELOPE;

const MAGIC: &[u8; 3] = b"NHE";
const VERSION: u8 = b'2';
const SIGNER: usize = 16;
const SIGNATURE: usize = 64;

/// What is signed begins so, and so does nothing else that these keys sign.
const PURPOSE: &[u8] = b"nonghuan envelope 2\n";

/// Why an envelope was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It does not begin as an envelope does, or breaks off.
    #[error("this is no envelope, or only a part of one")]
    Damaged,
    /// A later program made it.
    #[error("this is an envelope of version {0}")]
    Newer(char),
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

/// `body`, compressed and signed with the key of `signer`.
///
/// # Panics
/// When `body` cannot be JSON: a mistake in the program.
pub fn seal<T: Serialize>(key: &SigningKey, signer: DeviceId, body: &T) -> Vec<u8> {
    let packed = zstd::encode_all(compact::pack(body).as_slice(), 3).expect("memory takes every byte");
    let signature = key.sign(&signed(signer, &packed)).to_bytes();
    [MAGIC.as_slice(), &[VERSION], signer.0.as_bytes(), &signature, &packed].concat()
}

/// Who says that he signed it; [`open`] tells whether he did.
///
/// # Errors
/// [`EnvelopeError::Damaged`] and [`EnvelopeError::Newer`].
pub fn signer(bytes: &[u8]) -> Result<DeviceId, EnvelopeError> {
    parts(bytes).map(|(signer, ..)| signer)
}

/// The body of an envelope that `key` signed.
///
/// # Errors
/// [`EnvelopeError`]; nothing is unpacked before its signature is checked.
pub fn open<T: DeserializeOwned>(key: &VerifyingKey, bytes: &[u8]) -> Result<T, EnvelopeError> {
    let (signer, signature, packed) = parts(bytes)?;
    let signature = Signature::from_bytes(signature);
    key.verify_strict(&signed(signer, packed), &signature).map_err(|_| EnvelopeError::WrongSignature)?;
    let mut body = Vec::new();
    let reader = zstd::Decoder::new(packed).map_err(|_| EnvelopeError::Damaged)?;
    let limit = u64::try_from(MAX_ENVELOPE).expect("a constant") + 1;
    reader.take(limit).read_to_end(&mut body).map_err(|_| EnvelopeError::Damaged)?;
    if body.len() > MAX_ENVELOPE {
        return Err(EnvelopeError::TooLarge);
    }
    compact::unpack(&body).map_err(|error| EnvelopeError::Unreadable(error.to_string()))
}

fn parts(bytes: &[u8]) -> Result<(DeviceId, &[u8; SIGNATURE], &[u8]), EnvelopeError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(EnvelopeError::Damaged)?;
    let rest = match rest.split_first().ok_or(EnvelopeError::Damaged)? {
        (&VERSION, rest) => rest,
        (newer @ b'3'..=b'9', _) => return Err(EnvelopeError::Newer(char::from(*newer))),
        _ => return Err(EnvelopeError::Damaged),
    };
    let (signer, rest) = rest.split_first_chunk::<SIGNER>().ok_or(EnvelopeError::Damaged)?;
    let (signature, packed) = rest.split_first_chunk::<SIGNATURE>().ok_or(EnvelopeError::Damaged)?;
    Ok((DeviceId(Uuid::from_bytes(*signer)), signature, packed))
}

fn signed(signer: DeviceId, packed: &[u8]) -> Vec<u8> {
    [PURPOSE, signer.0.as_bytes(), packed].concat()
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

    fn signer_1() -> DeviceId {
        DeviceId(Uuid::from_u128(1))
    }

    #[test]
    fn an_envelope_opens_for_its_signer_only_and_no_byte_of_it_may_change() {
        let sealed = seal(&key(1), signer_1(), &vec!["厕所", "黑臭"]);
        assert_eq!(signer(&sealed), Ok(signer_1()));
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
        let signature = key(1).sign(&signed(signer_1(), &packed)).to_bytes();
        let signer = signer_1();
        let envelope = [MAGIC.as_slice(), &[VERSION], signer.0.as_bytes(), &signature, &packed].concat();
        let opened = open::<Vec<String>>(&key(1).verifying_key(), &envelope);
        assert_eq!(opened, Err(EnvelopeError::TooLarge));
    }

    #[test]
    fn an_envelope_of_a_later_version_is_named_as_such() {
        let mut sealed = seal(&key(1), signer_1(), &1);
        sealed[3] = b'3';
        assert_eq!(open::<u8>(&key(1).verifying_key(), &sealed), Err(EnvelopeError::Newer('3')), "not called damaged");
    }
}
