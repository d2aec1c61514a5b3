//! Personal numbers as they are kept: the last four characters, and a digest by
//! which the same number is known again.
//!
//! An identity number has few enough values that a digest alone could be searched
//! through, so it is keyed with something that stays in the district, and it
//! leaves in no export and no package. It hides the number from whoever comes by
//! a record, not from whoever holds an open laptop of the district.

use sha2::{Digest, Sha256};

/// How many characters stay to be read.
const SHOWN: usize = 4;

/// From how many characters on a text is the whole number.
const WHOLE: usize = 8;

/// Bytes of the block that SHA-256 works on, as HMAC (RFC 2104) needs them.
const BLOCK: usize = 64;

/// A number as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concealed {
    /// `****002X`.
    pub shown: String,
    /// Hex; nothing where only the last characters were given.
    pub mark: Option<String>,
}

/// `text` as it is kept, its digest keyed with `key`.
#[must_use]
pub fn conceal(text: &str, key: &[u8]) -> Concealed {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
    let letters: Vec<char> = plain.chars().collect();
    let tail: String = letters[letters.len().saturating_sub(SHOWN)..].iter().collect();
    let mark = (letters.len() >= WHOLE).then(|| hex::encode(keyed(key, plain.as_bytes())));
    Concealed { shown: format!("****{tail}"), mark }
}

/// Whether `text` shows no more than is kept.
#[must_use]
pub fn is_concealed(text: &str) -> bool {
    text.strip_prefix("****").is_some_and(|tail| tail.chars().count() <= SHOWN)
}

/// HMAC-SHA256.
fn keyed(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let key: [u8; 32] = Sha256::digest(key).into();
    block[..key.len()].copy_from_slice(&key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{conceal, is_concealed};

    #[test]
    fn of_a_number_its_end_is_kept_and_a_digest_that_only_its_district_makes() {
        let kept = conceal(" 11010519491231002x ", b"one district");
        assert_eq!(kept.shown, "****002X");
        let mark = kept.mark.clone().expect("the whole number");
        assert_eq!(conceal("110105 19491231 002X", b"one district").mark, Some(mark.clone()), "however it is spaced");
        assert_ne!(conceal("11010519491231002X", b"another").mark, Some(mark), "another district's says nothing here");
        assert_eq!(conceal("002X", b"one district").mark, None, "four characters are no number");
        assert!(is_concealed(&kept.shown) && !is_concealed("11010519491231002X") && !is_concealed("****1231002X"));
    }
}
