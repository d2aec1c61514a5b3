//! The two signatures of a bag, as they lie in it.
//!
//! `signature.json`: the device's, over the bytes of the tag manifest, which
//! holds the hash of the manifest, which holds the hash of every payload.
//! `countersignature.json`: the district's on receipt, over the rest of its own
//! document, which holds the hashes of the tag manifest and of the device's signature.
//!
//! Neither is listed in the tag manifest: the one cannot be hashed before what
//! it signs exists, and the other comes later; RFC 8493 (2.2.1) lets a tag file be
//! unlisted. That the first belongs to the bag stands in `bag-info.txt`, so that
//! taking it out is seen. Both are canonical JSON, so that no byte of them can be
//! changed without a trace.

use domain::canonical;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::TAG_MANIFEST;

pub(crate) const ALGORITHM: &str = "Ed25519";

/// What the district's signature begins with, so that it cannot be taken for one of its others.
const PURPOSE: &[u8] = b"nonghuan package receipt 1\n";

/// `signature.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceSignature {
    pub(crate) algorithm: String,
    pub(crate) by: String,
    pub(crate) key: String,
    pub(crate) over: String,
    pub(crate) signature: String,
}

impl DeviceSignature {
    /// Whether it is its key's, over these bytes of the tag manifest.
    pub(crate) fn holds(&self, tag_manifest: &[u8]) -> bool {
        self.algorithm == ALGORITHM && self.over == TAG_MANIFEST && is_of(&self.key, &self.signature, tag_manifest)
    }
}

/// `countersignature.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct DistrictSignature {
    pub(crate) algorithm: String,
    pub(crate) by: String,
    pub(crate) key: String,
    /// When the package was received, by the district's clock (RFC 3339).
    pub(crate) received_at: String,
    /// To whom the district had given the key that signed the package.
    pub(crate) device: String,
    /// SHA-256 of the tag manifest.
    pub(crate) tag_manifest: String,
    /// SHA-256 of `signature.json`.
    pub(crate) device_signature: String,
    /// Over all of the above.
    pub(crate) signature: String,
}

impl DistrictSignature {
    /// The bytes that are signed.
    pub(crate) fn signed(&self) -> Vec<u8> {
        let bare = Self { signature: String::new(), ..self.clone() };
        [PURPOSE, &canonical::to_vec(&bare)].concat()
    }

    /// Whether it is its key's, over a bag with these hashes.
    pub(crate) fn holds(&self, tag_manifest: &str, device_signature: &str) -> bool {
        self.algorithm == ALGORITHM
            && self.tag_manifest == tag_manifest
            && self.device_signature == device_signature
            && is_of(&self.key, &self.signature, &self.signed())
    }
}

/// A signature's document as it lies in the bag.
pub(crate) fn document(signature: &impl Serialize) -> Vec<u8> {
    let mut bytes = canonical::to_vec(signature);
    bytes.push(b'\n');
    bytes
}

/// Whether `signature` is `key`'s over `bytes`, both in lower-case hex.
fn is_of(key: &str, signature: &str, bytes: &[u8]) -> bool {
    let lower = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let decode = || {
        let key: [u8; 32] = hex::decode(key).ok()?.try_into().ok()?;
        let signature: [u8; 64] = hex::decode(signature).ok()?.try_into().ok()?;
        Some((VerifyingKey::from_bytes(&key).ok()?, Signature::from_bytes(&signature)))
    };
    lower(key) && lower(signature) && decode().is_some_and(|(key, made)| key.verify_strict(bytes, &made).is_ok())
}
