//! The key pair by which bundles are encrypted to a laptop or a district.
//!
//! It follows from the signing key, so that there is no further secret to keep,
//! to back up or to lose; and it is told from it, so that neither can be made to
//! do the other's work.

use std::str::FromStr;

use age::x25519::Identity;
use bech32::{ToBase32, Variant};
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

const PURPOSE: &[u8] = b"nonghuan bundle identity 1\n";

/// The age identity that opens what is encrypted to the holder of `key`.
#[must_use]
pub fn bundle_identity(key: &SigningKey) -> Identity {
    let secret = Sha256::digest([PURPOSE, key.as_bytes()].concat());
    let text = bech32::encode("age-secret-key-", secret.to_base32(), Variant::Bech32).expect("a constant prefix");
    Identity::from_str(&text).expect("32 bytes in the form that age writes")
}

/// The age recipient to which a bundle for the holder of `key` is encrypted.
#[must_use]
pub fn bundle_recipient(key: &SigningKey) -> String {
    bundle_identity(key).to_public().to_string()
}

/// Whether a bundle can be encrypted to `recipient`.
#[must_use]
pub fn is_recipient(recipient: &str) -> bool {
    age::x25519::Recipient::from_str(recipient).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encrypted_to_a_signing_key_opens_with_it_and_with_no_other() {
        let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let recipient = age::x25519::Recipient::from_str(&bundle_recipient(&key)).expect("a recipient");
        let sealed = age::encrypt(&recipient, "厕所".as_bytes()).expect("in memory");
        assert_eq!(age::decrypt(&bundle_identity(&key), &sealed).expect("ours"), "厕所".as_bytes());
        assert!(age::decrypt(&bundle_identity(&other), &sealed).is_err(), "another's");
        assert_eq!(bundle_recipient(&key), bundle_recipient(&key.clone()), "it is the same after every start");
    }
}
