//! The one-time enrolment code: where the district is, by which certificate it
//! is known, and the secret that lets one laptop in.
//!
//! As text: `NH1-` and base32 (no 0, 1, 8, 9 to be misread) in groups of five
//! with a checksum, so that a mistyped code is told from an unknown one. The
//! same text is in the QR code.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

const PREFIX: &str = "NH1-";
const CHECKSUM: usize = 3;

/// What a one-time code holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// `host:port` of the district.
    pub address: String,
    /// SHA-256 of its certificate.
    pub fingerprint: [u8; 32],
    /// The secret, good for one laptop.
    pub secret: [u8; 16],
}

impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [self.secret.as_slice(), &self.fingerprint, self.address.as_bytes()].concat();
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum[..CHECKSUM]);
        let text = BASE32_NOPAD.encode(&bytes);
        let groups: Vec<&str> = (0..text.len()).step_by(5).map(|at| &text[at..text.len().min(at + 5)]).collect();
        write!(f, "{PREFIX}{}", groups.join("-"))
    }
}

/// The text is no code, or was copied wrongly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no enrolment code, or it was copied wrongly")]
pub struct NoCode;

impl FromStr for EnrolmentCode {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        let text: String = text.to_uppercase().split_whitespace().collect();
        let text: String = text.strip_prefix(PREFIX).ok_or(NoCode)?.replace('-', "");
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| NoCode)?;
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(NoCode)?;
        if Sha256::digest(body)[..CHECKSUM] != *sum {
            return Err(NoCode);
        }
        let (secret, rest) = body.split_first_chunk::<16>().ok_or(NoCode)?;
        let (fingerprint, address) = rest.split_first_chunk::<32>().ok_or(NoCode)?;
        let address = String::from_utf8(address.to_vec()).map_err(|_| NoCode)?;
        Ok(Self { address, fingerprint: *fingerprint, secret: *secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_typed_and_one_wrong_letter_is_noticed() {
        let code = EnrolmentCode { address: "10.1.2.3:7443".into(), fingerprint: [7; 32], secret: [9; 16] };
        let text = code.to_string();
        assert_eq!(text.parse(), Ok(code.clone()));
        assert_eq!(text.to_lowercase().replace("nh1-", " nh1- ").parse(), Ok(code), "case and spaces are the typist's");
        let wrong = text.replacen('A', "B", 1).replacen('J', "K", 1);
        assert_eq!(wrong.parse::<EnrolmentCode>(), Err(NoCode), "a slip of the finger is no unknown code");
    }
}
