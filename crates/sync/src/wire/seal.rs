//! The seal: the district's signed word that a scope's log goes up to an entry
//! with a certain hash. As the hash covers every entry before it, one seal proves
//! a whole log, also to a district that has lost the end of it.

use domain::Scope;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// What is signed begins so, and so does nothing else that this key signs.
const PURPOSE: &[u8] = b"nonghuan log seal 1\n";

/// Seals the log of `scope` at `seq`, whose entry has `hash`: the signature, in hex.
#[must_use]
pub fn seal_log(key: &SigningKey, scope: &Scope, seq: u64, hash: &str) -> String {
    hex::encode(key.sign(&sealed(scope, seq, hash)).to_bytes())
}

/// Whether the holder of `key` has sealed exactly this.
#[must_use]
pub fn is_sealed(key: &VerifyingKey, scope: &Scope, seq: u64, hash: &str, seal: &str) -> bool {
    let mut signature = [0; 64];
    let read = hex::decode_to_slice(seal, &mut signature);
    read.is_ok() && key.verify_strict(&sealed(scope, seq, hash), &Signature::from_bytes(&signature)).is_ok()
}

fn sealed(scope: &Scope, seq: u64, hash: &str) -> Vec<u8> {
    [PURPOSE, scope.as_str().as_bytes(), b"\n", &seq.to_be_bytes(), hash.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_good_for_one_entry_of_one_log_by_one_district() {
        let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let scope = |text: &str| Scope::parse(text).expect("a scope");
        let seal = seal_log(&key, &scope("320902107"), 7, "ab");
        assert!(is_sealed(&key.verifying_key(), &scope("320902107"), 7, "ab", &seal));
        assert!(!is_sealed(&other.verifying_key(), &scope("320902107"), 7, "ab", &seal), "another district's");
        assert!(!is_sealed(&key.verifying_key(), &scope("320902106"), 7, "ab", &seal), "another township's");
        assert!(!is_sealed(&key.verifying_key(), &scope("320902107"), 8, "ab", &seal), "another entry");
        assert!(!is_sealed(&key.verifying_key(), &scope("320902107"), 7, "ac", &seal), "another history");
    }
}
