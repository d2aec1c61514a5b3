//! The envelope: nothing is opened that was not signed, and whatever was signed,
//! compressed or not, ends as a message or as an error in a bounded memory.

use domain::compact::pack;
use domain::{DeviceId, Value};
use ed25519_dalek::{Signer, SigningKey};
use sync::bundle::Preface;
use sync::wire::{Answer, EnrolmentCode, EnvelopeError, Message, open, signer};
use uuid::Uuid;

use crate::source::Source;

/// Opens `data` as it is, and again signed, compressed, and packed first.
///
/// # Panics
/// Where an envelope opens that nobody signed.
pub fn one(data: &[u8]) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let _ = signer(data);
    let opened = open::<Value>(&key.verifying_key(), data);
    assert!(opened.is_err(), "nobody signed this");
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = text.parse::<EnrolmentCode>();
    }
    signed(&key, data);
    signed(&key, &frame(data));
    let mut source = Source::new(data);
    signed(&key, &frame(&pack(&source.value(0))));
}

fn frame(contents: &[u8]) -> Vec<u8> {
    zstd::encode_all(contents, 1).expect("memory takes every byte")
}

/// An envelope around `packed` that its signer has really signed.
#[must_use]
pub fn around(key: &SigningKey, signer: DeviceId, packed: &[u8]) -> Vec<u8> {
    let signed = [b"nonghuan envelope 2\n".as_slice(), signer.0.as_bytes(), packed].concat();
    let signature = key.sign(&signed).to_bytes();
    [b"NHE2".as_slice(), signer.0.as_bytes(), &signature, packed].concat()
}

fn signed(key: &SigningKey, packed: &[u8]) {
    let envelope = around(key, DeviceId(Uuid::from_u128(1)), packed);
    let key = key.verifying_key();
    let anything = open::<Value>(&key, &envelope);
    assert!(anything != Err(EnvelopeError::WrongSignature), "this was signed");
    let _ = (open::<Message>(&key, &envelope), open::<Answer>(&key, &envelope), open::<Preface>(&key, &envelope));
}
