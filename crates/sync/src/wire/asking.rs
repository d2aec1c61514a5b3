//! Asking to be let in without a line: what a new laptop writes on a stick, and
//! the proofs that go either way.
//!
//! ```text
//! nonghuan-enrolment 1\n
//! {"version":…,"code":…,"publicKey":…}\n     the request
//! 9f2c…\n                                    its proof
//! ```
//!
//! The secret of the one-time code does not travel: a stick is lost more easily
//! than a line is tapped. Both sides know it, so each proves with it that it does,
//! over exactly these bytes. Whoever finds the file can neither enrol with it nor
//! put another laptop's key into it. The answer comes in an ordinary bundle
//! ([`crate::bundle::Preface::admission`]), which only this laptop can open.

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{EnrolReply, EnrolmentCode};

const MAGIC: &str = "nonghuan-enrolment 1";

/// Longer than any honest request.
pub const MAX_ASKING: u64 = 4 << 10;

/// What is signed by each proof begins so, and by no other.
const OF_LAPTOP: &[u8] = b"nonghuan enrolment asked 1\n";
const OF_DISTRICT: &[u8] = b"nonghuan enrolment answered 1\n";
const OF_CODE: &[u8] = b"nonghuan enrolment code 1\n";

/// What a laptop without a line asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StickRequest {
    /// The protocol that the laptop speaks.
    pub version: u32,
    /// Which code it has: [`CodeKey::name`].
    pub code: String,
    /// The person who will use it.
    pub name: String,
    /// Hex of the laptop's Ed25519 public key.
    pub public_key: String,
    /// The age recipient to which the answer is encrypted.
    pub recipient: String,
    /// The digest of the laptop's catalog.
    pub catalog: String,
    /// The laptop's wall time (RFC 3339).
    pub at: String,
}

/// The district's answer, inside the bundle that it writes for the new laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// An [`EnrolReply`] as JSON: the very bytes that the proof is over.
    pub reply: String,
    /// Hex of the district's proof that it has the code, over the request and the reply.
    pub proof: String,
}

/// What both sides know of a code: the district keeps the hash of its secret and nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeKey([u8; 32]);

/// A request as it lies on a stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    text: String,
    proof: Vec<u8>,
    /// What it says. Whether it is true is known once it was [proved](CodeKey::proves).
    pub request: StickRequest,
}

/// Why a file is not taken for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no enrolment request")]
pub struct NoAsking;

impl CodeKey {
    /// By the hash of the code's secret, as the district keeps it.
    #[must_use]
    pub fn of_hash(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }

    /// Of a code that somebody holds.
    #[must_use]
    pub fn of(code: &EnrolmentCode) -> Self {
        Self(Sha256::digest(code.secret).into())
    }

    /// By which the district finds the code; it says nothing of the secret.
    #[must_use]
    pub fn name(&self) -> String {
        let digest = Sha256::digest([OF_CODE, &self.0].concat());
        hex::encode(&digest[..16])
    }

    /// The request as it goes on a stick.
    #[must_use]
    pub fn ask(&self, request: StickRequest) -> Asking {
        let text = serde_json::to_string(&request).expect("text fields are JSON");
        let proof = self.mac(OF_LAPTOP, &[&text]).finalize().into_bytes().to_vec();
        Asking { text, proof, request }
    }

    /// Whether whoever wrote the request holds the code.
    #[must_use]
    pub fn proves(&self, asking: &Asking) -> bool {
        self.mac(OF_LAPTOP, &[&asking.text]).verify_slice(&asking.proof).is_ok()
    }

    /// The answer to a request.
    #[must_use]
    pub fn admit(&self, asking: &Asking, reply: &EnrolReply) -> Admission {
        let reply = serde_json::to_string(reply).expect("text fields are JSON");
        let proof = hex::encode(self.mac(OF_DISTRICT, &[&asking.text, &reply]).finalize().into_bytes());
        Admission { reply, proof }
    }

    /// What the district answered to this request; nothing where it was not the district that has the code.
    #[must_use]
    pub fn admitted(&self, asking: &Asking, admission: &Admission) -> Option<EnrolReply> {
        let proof = hex::decode(&admission.proof).ok()?;
        self.mac(OF_DISTRICT, &[&asking.text, &admission.reply]).verify_slice(&proof).ok()?;
        serde_json::from_str(&admission.reply).ok()
    }

    fn mac(&self, purpose: &[u8], texts: &[&str]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose);
        for text in texts {
            mac.update(&(text.len() as u64).to_le_bytes());
            mac.update(text.as_bytes());
        }
        mac
    }
}

impl Asking {
    /// As a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{MAGIC}\n{}\n{}\n", self.text, hex::encode(&self.proof))
    }

    /// Out of a file.
    ///
    /// # Errors
    /// [`NoAsking`].
    pub fn read(bytes: &[u8]) -> Result<Self, NoAsking> {
        let text = std::str::from_utf8(bytes).map_err(|_| NoAsking)?;
        let mut lines = text.lines();
        let (Some(MAGIC), Some(text), Some(proof), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NoAsking);
        };
        let proof = hex::decode(proof).map_err(|_| NoAsking)?;
        let request = serde_json::from_str(text).map_err(|_| NoAsking)?;
        Ok(Self { text: text.to_owned(), proof, request })
    }
}

#[cfg(test)]
mod tests {
    use domain::DeviceId;
    use uuid::Uuid;

    use super::*;

    fn asking() -> (CodeKey, Asking) {
        let key = CodeKey::of_hash([7; 32]);
        let request = StickRequest {
            version: 2,
            code: key.name(),
            name: "李明".into(),
            public_key: "ab".repeat(32),
            recipient: "age1".into(),
            catalog: String::new(),
            at: "2026-05-01T08:00:00+08:00".into(),
        };
        let asking = key.ask(request);
        (key, asking)
    }

    #[test]
    fn a_request_comes_off_the_stick_as_it_was_written_and_no_other_is_proved() {
        let (key, asking) = asking();
        let text = asking.to_text();
        let read = Asking::read(text.as_bytes()).expect("a request");
        assert!(key.proves(&read) && read == asking);
        assert!(!text.contains(&hex::encode([7; 32])), "the secret does not travel");
        let forged = Asking::read(text.replace("李明", "王强").as_bytes()).expect("a request by its looks");
        assert!(!key.proves(&forged), "a name that was changed on the way");
        assert!(!CodeKey::of_hash([8; 32]).proves(&read), "another code");
        for broken in [&text[..text.len() - 9], "nonghuan-enrolment 2\n{}\n00\n", "", "厕所"] {
            let proved = Asking::read(broken.as_bytes()).is_ok_and(|broken| key.proves(&broken));
            assert!(!proved, "a file that breaks off, or was never one");
        }
    }

    #[test]
    fn an_answer_counts_for_the_request_that_it_answers_and_from_who_has_the_code() {
        let (key, asking) = asking();
        let reply = EnrolReply {
            device: DeviceId(Uuid::from_u128(5)),
            letter: "A".into(),
            role: "clerk".into(),
            scopes: Vec::new(),
            token: "t".into(),
            district_key: "cd".repeat(32),
            recipient: None,
        };
        let admission = key.admit(&asking, &reply);
        assert_eq!(key.admitted(&asking, &admission).map(|reply| reply.device), Some(reply.device));
        let forged = Admission { reply: admission.reply.replace("clerk", "admin"), ..admission.clone() };
        assert!(key.admitted(&asking, &forged).is_none(), "a role that was changed on the way");
        assert!(CodeKey::of_hash([8; 32]).admitted(&asking, &admission).is_none(), "a district without the code");
        let other = key.ask(StickRequest { name: "王强".into(), ..asking.request.clone() });
        assert!(key.admitted(&other, &admission).is_none(), "another laptop's answer");
    }
}
