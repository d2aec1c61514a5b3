//! The reader of bundles: any bytes at all, a bundle with some of its bytes bent,
//! and one whose writer's key is in wrong hands, who signs and encrypts what he
//! likes. It ends as a fault or at a true end, and gives out only pieces whose
//! own hash holds.

use std::io::Write as _;
use std::str::FromStr;

use domain::DeviceId;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;
use sha2::{Digest, Sha256};
use sync::bundle::{Header, Item, Party, Preface, Sealed, Writer};
use sync::keys::{bundle_identity, bundle_recipient};
use sync::wire::seal;
use uuid::Uuid;

use crate::source::Source;

/// Reads `data` as a bundle, a bundle that it bends, and a bundle that it makes.
///
/// # Panics
/// Where the reader gives out what does not hold.
pub fn one(data: &[u8]) {
    read(data);
    let mut source = Source::new(data);
    match source.below(3) {
        0 => {
            let mut whole = honest();
            while !source.is_empty() {
                let at = source.below(whole.len());
                match source.below(3) {
                    0 => whole.truncate(at),
                    1 => whole.extend_from_slice(source.bytes(64)),
                    _ => whole
                        .get_mut(at)
                        .into_iter()
                        .for_each(|byte| *byte = source.bytes(1).first().copied().unwrap_or(0)),
                }
            }
            read(&whole);
        }
        1 => {
            read(&with_header(source.rest()));
        }
        _ => {
            let (bytes, is_true) = made(&mut source);
            let whole = read(&bytes);
            assert!(is_true || !whole, "only what its writer has ended ends well");
        }
    }
}

fn writer() -> SigningKey {
    SigningKey::from_bytes(&[21; 32])
}

fn reader() -> SigningKey {
    SigningKey::from_bytes(&[22; 32])
}

fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(7))
}

fn header() -> Header {
    Header {
        bundle: Uuid::from_u128(9),
        part: 1,
        at: "2026-03-01T08:00:00+08:00".to_owned(),
        from: Party::Laptop(device()),
        to: Party::District(hex::encode(reader().verifying_key().as_bytes())),
    }
}

/// Reads a part to its end; whether it came to one.
fn read(bytes: &[u8]) -> bool {
    let Ok(sealed) = Sealed::read(bytes) else { return false };
    let Ok(mut part) = sealed.open(&bundle_identity(&reader()), writer().verifying_key()) else { return false };
    loop {
        match part.next_item() {
            Ok(Some(Item::Chunk(chunk))) => {
                let end = chunk.start.checked_add(chunk.bytes.len() as u64);
                assert!(end.is_some_and(|end| end <= chunk.total), "a piece lies within its file");
                assert!(sync::wire::tus::is_name(&chunk.sha256), "a file's name is a name");
            }
            Ok(Some(Item::Envelope(_))) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

fn preface() -> Preface {
    let header = header();
    Preface {
        header,
        answers: None,
        turn: None,
        offers: Vec::new(),
        wants: Vec::new(),
        stands: Vec::new(),
        admission: None,
    }
}

fn honest() -> Vec<u8> {
    let begun = Writer::begin(Vec::new(), &bundle_recipient(&reader()), &writer(), device(), &preface());
    let mut part = begun.expect("memory takes every byte");
    part.envelope(&seal(&writer(), device(), &json!({"turn": 1}))).expect("memory");
    part.chunk(&[3; 32], 0, 6, b"\xe8\x8d\x89\xe5\x8e\x95").expect("memory");
    part.end(false).expect("memory")
}

/// Something encrypted, behind a header as it should be.
fn clear() -> Vec<u8> {
    format!("nonghuan-bundle 1\n{}\n", serde_json::to_string(&header()).expect("JSON")).into_bytes()
}

fn with_header(rest: &[u8]) -> Vec<u8> {
    [clear().as_slice(), rest].concat()
}

fn encrypted(inside: &[u8]) -> Vec<u8> {
    let recipient = age::x25519::Recipient::from_str(&bundle_recipient(&reader())).expect("a recipient");
    let to = std::iter::once(&recipient as &dyn age::Recipient);
    let mut out = clear();
    let mut writer = age::Encryptor::with_recipients(to).expect("one").wrap_output(&mut out).expect("memory");
    writer.write_all(inside).expect("memory");
    writer.finish().expect("memory");
    out
}

/// A bundle of frames that its writer's key has ended; and whether each was as it says.
fn made(source: &mut Source<'_>) -> (Vec<u8>, bool) {
    let mut inside = Vec::new();
    let mut is_true = true;
    let mut preface = serde_json::to_value(preface()).expect("JSON");
    for _ in 0..source.below(3) {
        source.bend(&mut preface);
    }
    frame(&mut inside, b'P', &seal(&writer(), device(), &preface), None);
    for _ in 0..source.below(6) {
        let tag = *source.pick(b"ECxXz0\0PZ");
        let mut contents = source.bytes(300).to_vec();
        if tag == b'C' && source.once_in(2) {
            let (start, total) = (source.number(), source.number());
            let digest = Sha256::digest(&contents);
            contents = [&[4; 32], start.to_le_bytes().as_slice(), &total.to_le_bytes(), &digest, &contents].concat();
        }
        let lie = source.once_in(8).then(|| u32::try_from(source.number() >> 32).unwrap_or(u32::MAX));
        is_true &= lie.is_none_or(|lie| u64::from(lie) == contents.len() as u64);
        frame(&mut inside, tag, &contents, lie);
    }
    let further = u8::try_from(source.below(4)).unwrap_or_default();
    let hash = Sha256::digest([clear().as_slice(), &inside].concat());
    let signed = [b"nonghuan bundle end 1\n".as_slice(), &hash, &[further]].concat();
    let key = if source.once_in(4) { reader() } else { writer() };
    is_true &= key.as_bytes() == writer().as_bytes() && further < 2;
    let end = [&[further], hash.as_slice(), &key.sign(&signed).to_bytes()].concat();
    frame(&mut inside, b'Z', &end, None);
    if source.once_in(6) {
        is_true = false;
        inside.extend_from_slice(b"more");
    }
    // What it claims of a length further on may swallow the end; then it is read as broken off.
    (encrypted(&inside), is_true)
}

fn frame(out: &mut Vec<u8>, tag: u8, contents: &[u8], lie: Option<u32>) {
    let length = lie.unwrap_or(u32::try_from(contents.len()).unwrap_or(u32::MAX));
    out.push(tag);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(contents);
}
