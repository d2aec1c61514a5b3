//! Bundles cut, bent, mixed and blown up: what is not whole and signed is refused,
//! and never with a panic.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use domain::DeviceId;
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::*;
use crate::keys::{bundle_identity, bundle_recipient};
use crate::wire::{MAX_ENVELOPE, seal};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// The laptop writes with key 1, the district reads with key 2.
fn preface() -> Preface {
    let header = Header {
        bundle: Uuid::from_u128(7),
        part: 1,
        at: "2026-03-01T08:00:00+08:00".to_owned(),
        from: Party::Laptop(DeviceId(Uuid::from_u128(1))),
        to: Party::District(hex::encode(key(2).verifying_key().as_bytes())),
    };
    let offers = vec![Offer { sha256: "ab".repeat(32), bytes: 5 }];
    let stands = vec![
        Stand { sha256: "ab".repeat(32), has: Has::All },
        Stand { sha256: "cd".repeat(32), has: Has::Some(vec![(0, 3), (5, 9)]) },
        Stand { sha256: "ef".repeat(32), has: Has::Unnamed },
    ];
    Preface {
        header,
        answers: Some(Uuid::from_u128(8)),
        turn: Some(3),
        offers,
        wants: Vec::new(),
        stands,
        admission: None,
    }
}

fn signer() -> DeviceId {
    DeviceId(Uuid::from_u128(1))
}

const PHOTO: &[u8] = "照片的五十个字节".as_bytes();

/// A small bundle with one of everything.
fn small() -> Vec<u8> {
    let mut writer =
        Writer::begin(Vec::new(), &bundle_recipient(&key(2)), &key(1), signer(), &preface()).expect("begun");
    writer.envelope(&seal(&key(1), signer(), &"说了什么")).expect("in memory");
    let name = Sha256::digest(PHOTO).into();
    let total = PHOTO.len() as u64;
    writer.chunk(&name, 0, total, &PHOTO[..10]).expect("in memory");
    writer.chunk(&name, 10, total, &PHOTO[10..]).expect("in memory");
    writer.end(false).expect("in memory")
}

fn read(bytes: &[u8]) -> Result<Vec<Item>, Fault> {
    let mut reader = Sealed::read(bytes)?.open(&bundle_identity(&key(2)), key(1).verifying_key())?;
    let mut items = Vec::new();
    while let Some(item) = reader.next_item()? {
        items.push(item);
    }
    Ok(items)
}

#[test]
fn a_bundle_says_to_its_reader_what_was_put_into_it() {
    let bytes = small();
    let sealed = Sealed::read(bytes.as_slice()).expect("a bundle");
    assert_eq!(sealed.header(), &preface().header, "the outside is in clear");
    let reader = sealed.open(&bundle_identity(&key(2)), key(1).verifying_key()).expect("the reader's");
    assert_eq!(reader.preface(), &preface());
    let items = read(&bytes).expect("whole");
    let [Item::Envelope(envelope), Item::Chunk(first), Item::Chunk(second)] = items.as_slice() else {
        panic!("{items:?}");
    };
    assert_eq!(*envelope, seal(&key(1), signer(), &"说了什么"), "exactly the bytes of HTTP");
    assert_eq!([first.bytes.as_slice(), &second.bytes].concat(), PHOTO);
    assert_eq!((first.start, second.start, second.total), (0, 10, PHOTO.len() as u64));
    assert!(size_bound_holds(), "a part never becomes longer than was said");
}

fn size_bound_holds() -> bool {
    [0, 1, 70_000, 200_000].into_iter().all(|bytes| {
        let recipient = bundle_recipient(&key(2));
        let mut writer = Writer::begin(Vec::new(), &recipient, &key(1), signer(), &preface()).expect("begun");
        let bound = writer.size_with(bytes as u64 + write::CHUNK_HEAD);
        writer.chunk(&[0; 32], 0, bytes as u64, &vec![7; bytes]).expect("in memory");
        writer.end(true).expect("in memory").len() as u64 <= bound
    })
}

#[test]
fn a_bundle_cut_at_any_byte_is_refused_and_nothing_comes_out_that_was_not_put_in() {
    let (bytes, whole) = (small(), read(&small()).expect("whole"));
    for cut in 0..bytes.len() {
        let mut items = Vec::new();
        let outcome = Sealed::read(&bytes[..cut]).and_then(|sealed| {
            let mut reader = sealed.open(&bundle_identity(&key(2)), key(1).verifying_key())?;
            while let Some(item) = reader.next_item()? {
                items.push(item);
            }
            Ok(())
        });
        assert!(matches!(outcome, Err(Fault::Damaged(_) | Fault::Foreign)), "cut at {cut}: {outcome:?}");
        assert!(whole.iter().skip(1).take(items.len().saturating_sub(1)).eq(items.iter().skip(1)), "cut at {cut}");
    }
}

#[test]
fn no_bit_of_a_bundle_can_be_bent_unseen() {
    let bytes = small();
    for at in 0..bytes.len() {
        for bit in [0x01, 0x80] {
            let mut bent = bytes.clone();
            bent[at] ^= bit;
            assert!(read(&bent).is_err(), "bit {bit:#x} of byte {at}");
        }
    }
    let longer = [bytes.as_slice(), b"\0"].concat();
    assert!(read(&longer).is_err(), "something after the end is no part of it");
}

#[test]
fn another_reader_another_writer_and_another_outside_are_refused() {
    let bytes = small();
    let open = |bytes: &[u8], identity: u8, writer: u8| {
        Sealed::read(bytes)?.open(&bundle_identity(&key(identity)), key(writer).verifying_key()).map(drop)
    };
    open(&bytes, 2, 1).expect("as it is meant");
    assert!(matches!(open(&bytes, 3, 1), Err(Fault::Damaged(_))), "not encrypted to this one");
    assert!(matches!(open(&bytes, 2, 3), Err(Fault::Damaged(_))), "not signed by this one");
    let lines: usize = bytes.split_inclusive(|byte| *byte == b'\n').take(2).map(<[u8]>::len).sum();
    let outside = String::from_utf8_lossy(&bytes[..lines]).replace("2026-03-01", "2027-03-01");
    let changed = [outside.as_bytes(), &bytes[lines..]].concat();
    assert!(matches!(open(&changed, 2, 1), Err(Fault::Damaged("its header was changed"))), "the inside knows better");
}

#[test]
fn a_later_version_is_named_as_such_and_other_files_are_told_apart() {
    let mut later = small();
    later[16] = b'2';
    assert!(matches!(read(&later), Err(Fault::Newer(version)) if version == "2"));
    for foreign in [&b""[..], b"PK\x03\x04", b"nonghuan", &[0; 4096]] {
        assert!(matches!(read(foreign), Err(Fault::Foreign)), "{foreign:?}");
    }
}

/// A bundle whose inside is written by hand, with a right signature at its end.
fn by_hand(frames: &[(u8, &[u8])]) -> Vec<u8> {
    use ed25519_dalek::Signer;
    use std::io::Write;
    let header = serde_json::to_string(&preface().header).expect("plain text");
    let mut bytes = format!("{MAGIC}{VERSION}\n{header}\n").into_bytes();
    let mut hash = Sha256::new();
    hash.update(&bytes);
    let recipient: age::x25519::Recipient = bundle_recipient(&key(2)).parse().expect("a recipient");
    let to = std::iter::once(&recipient as &dyn age::Recipient);
    let mut out = age::Encryptor::with_recipients(to).expect("one").wrap_output(&mut bytes).expect("in memory");
    let begin = seal(&key(1), signer(), &preface());
    for (tag, contents) in std::iter::once(&(b'P', begin.as_slice())).chain(frames) {
        let length = u32::try_from(contents.len()).expect("short");
        let frame = [&[*tag], length.to_le_bytes().as_slice(), contents].concat();
        hash.update(&frame);
        out.write_all(&frame).expect("in memory");
    }
    let hash: [u8; 32] = hash.finalize().into();
    let signature = key(1).sign(&write::signed(&hash, false)).to_bytes();
    out.write_all(&[&[b'Z', 97, 0, 0, 0, 0], hash.as_slice(), &signature].concat()).expect("in memory");
    out.finish().expect("in memory");
    bytes
}

#[test]
fn what_a_later_program_adds_is_passed_over_or_named() {
    assert!(matches!(read(&by_hand(&[(b'x', b"news")])).as_deref(), Ok([])), "a small letter is no hindrance");
    assert!(matches!(read(&by_hand(&[(b'X', b"news")])), Err(Fault::Newer(_))), "a capital is");
    assert!(matches!(read(&by_hand(&[(0, b"news")])), Err(Fault::Damaged(_))));
}

#[test]
fn bombs_are_refused_before_they_fill_the_memory() {
    let long = vec![b'a'; 1 << 20];
    let header = [b"nonghuan-bundle 1\n".as_slice(), &long].concat();
    assert!(matches!(read(&header), Err(Fault::Damaged(_))), "a header without an end");
    let lines: usize = small().split_inclusive(|byte| *byte == b'\n').take(2).map(<[u8]>::len).sum();
    let stanzas = b"age-encryption.org/v1\n".iter().copied().chain(b"-> X a\n\n".repeat(100_000));
    let endless: Vec<u8> = small()[..lines].iter().copied().chain(stanzas).collect();
    assert!(matches!(read(&endless), Err(Fault::Damaged(_))), "age's header without an end");
    let huge = vec![0; MAX_ENVELOPE + 1];
    assert!(matches!(read(&by_hand(&[(b'E', &huge)])), Err(Fault::Damaged(_))), "an envelope beyond all measure");
    let chunk = vec![0; CHUNK + 200];
    assert!(matches!(read(&by_hand(&[(b'C', &chunk)])), Err(Fault::Damaged(_))), "a piece beyond all measure");
}

#[test]
fn a_piece_that_says_wrong_things_of_itself_is_refused() {
    let piece = |start: u64, total: u64, digest: [u8; 32], bytes: &[u8]| {
        let contents = [&[0; 32], start.to_le_bytes().as_slice(), &total.to_le_bytes(), &digest, bytes].concat();
        read(&by_hand(&[(b'C', &contents)]))
    };
    let digest: [u8; 32] = Sha256::digest(b"abc").into();
    assert!(piece(0, 3, digest, b"abc").is_ok());
    assert!(piece(0, 0, Sha256::digest(b"").into(), b"").is_ok(), "an empty file has one empty piece");
    for (start, total, digest, bytes) in [
        (0, 2, digest, &b"abc"[..]),
        (u64::MAX, u64::MAX, digest, b"abc"),
        (0, 3, [0; 32], b"abc"),
        (0, 3, Sha256::digest(b"").into(), b""),
    ] {
        assert!(matches!(piece(start, total, digest, bytes), Err(Fault::Damaged(_))), "{start} of {total}");
    }
}

fn outgoing<'a>(file: &Path, terms: Terms, key: &'a SigningKey, recipient: &'a str) -> Outgoing<'a> {
    let sealing = Sealing { key, signer: signer(), recipient };
    Outgoing::begin(file, terms, sealing, preface(), vec![seal(key, signer(), &"说了什么")]).expect("begun")
}

/// Bytes that repeat nowhere, so that a piece in the wrong place is seen.
fn photo(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| u8::try_from(n % 251).expect("below 251")).collect()
}

fn carry(outgoing: &mut Outgoing<'_>, bytes: &[u8], from: u64) -> Result<u64, BundleError> {
    let name = hex::encode(Sha256::digest(bytes));
    let mut source = Cursor::new(bytes);
    let total = bytes.len() as u64;
    let mut read = |at, length: usize| {
        use std::io::{Read, Seek, SeekFrom};
        source.seek(SeekFrom::Start(at))?;
        let mut piece = vec![0; length];
        source.read_exact(&mut piece).map(|()| piece)
    };
    outgoing.carry(&name, (from, total), total, &mut read, &mut |_| ControlFlow::Continue(()))
}

#[test]
fn parts_are_no_longer_than_their_limit_and_each_can_be_read_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stick.nhb");
    let (key_1, recipient) = (key(1), bundle_recipient(&key(2)));
    let limit = 64 << 10;
    let mut out = outgoing(&file, Terms { limit, room: u64::MAX }, &key_1, &recipient);
    let photos = [photo(20_000), photo(30_000), photo(31_000), photo(150_000), Vec::new()];
    for photo in &photos {
        assert_eq!(carry(&mut out, photo, 0).expect("room"), photo.len() as u64);
    }
    let written = out.finish().expect("whole");
    assert_eq!(beside(&file).expect("there"), written.iter().map(|part| part.file.clone()).collect::<Vec<_>>());
    assert!(written.len() > 3, "{written:?}");
    let mut found = std::collections::BTreeMap::<String, Vec<(u64, Vec<u8>)>>::new();
    for (n, part) in written.iter().enumerate() {
        let bytes = std::fs::read(&part.file).expect("readable");
        assert!(bytes.len() as u64 <= limit && bytes.len() as u64 == part.bytes, "{part:?}");
        let mut reader = Sealed::read(bytes.as_slice())
            .and_then(|sealed| sealed.open(&bundle_identity(&key(2)), key(1).verifying_key()))
            .expect("a bundle in itself");
        assert_eq!(reader.preface().header.part as usize, n + 1);
        let first = reader.next_item().expect("readable");
        assert!(matches!(first, Some(Item::Envelope(_))), "each part says all");
        while let Some(item) = reader.next_item().expect("readable") {
            let Item::Chunk(chunk) = item else { panic!("{item:?}") };
            found.entry(chunk.sha256).or_default().push((chunk.start, chunk.bytes));
        }
        assert_eq!(reader.further(), n + 1 < written.len(), "only the last says that it is");
    }
    for photo in &photos {
        let mut pieces = found.remove(&hex::encode(Sha256::digest(photo))).expect("carried");
        pieces.sort();
        assert!(photo.len() > 100_000 || pieces.len() == 1, "what fits into a part is not cut");
        let whole: Vec<u8> = pieces.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert_eq!(whole, *photo);
    }
}

#[test]
fn a_stick_is_filled_and_no_further_and_the_rest_goes_another_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stick.nhb");
    let (key_1, recipient) = (key(1), bundle_recipient(&key(2)));
    let terms = Terms { limit: 40_000, room: 100_000 };
    let mut out = outgoing(&file, terms, &key_1, &recipient);
    let photo = photo(200_000);
    let came = carry(&mut out, &photo, 0).expect("as much as fits");
    assert!((60_000..100_000).contains(&came), "most of the room is used: {came}");
    assert!(out.is_full());
    let sum: u64 = out.finish().expect("whole").iter().map(|part| part.bytes).sum();
    assert!(sum <= terms.room, "{sum}");

    let mut out = outgoing(&file, Terms { limit: LIMIT, room: u64::MAX }, &key_1, &recipient);
    assert_eq!(carry(&mut out, &photo, came).expect("room"), 200_000);
    let written = out.finish().expect("whole");
    assert_eq!((written.len(), beside(&file).expect("there").len()), (1, 1), "no part of the longer one is left");
}

#[test]
fn whoever_changes_his_mind_finds_what_was_there_before_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stick.nhb");
    std::fs::write(&file, "earlier").expect("written");
    let (key_1, recipient) = (key(1), bundle_recipient(&key(2)));
    let mut out = outgoing(&file, Terms { limit: 40_000, room: u64::MAX }, &key_1, &recipient);
    let name = "ab".repeat(32);
    let mut read = |_, length| Ok(vec![0; length]);
    let stopped = out.carry(&name, (0, 100_000), 100_000, &mut read, &mut |done| match done {
        0..50_000 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    });
    assert_eq!(stopped, Err(BundleError::Cancelled));
    drop(out);
    assert_eq!(std::fs::read(&file).expect("there"), b"earlier");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "no half is left");

    let small = |limit, room| {
        let sealing = Sealing { key: &key_1, signer: signer(), recipient: &recipient };
        Outgoing::begin(&file, Terms { limit, room }, sealing, preface(), Vec::new()).err()
    };
    assert!(matches!(small(2_000, u64::MAX), Some(BundleError::LimitTooSmall { .. })));
    assert!(matches!(small(LIMIT, 2_000), Some(BundleError::StickFull { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "no half is left");
}

#[test]
fn sizes_are_read_as_people_type_them() {
    assert_eq!(size("4G"), Some(LIMIT), "what FAT32 holds");
    assert_eq!(["1", "64K", "500m", "8G"].map(size), [Some(1), Some(65_536), Some(500 << 20), Some(8 << 30)]);
    for odd in ["", "G", "-1", "1.5G", "1 G", "99999999999999G"] {
        assert_eq!(size(odd), None, "`{odd}`");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_does_not_say_how_large_it_is_is_not_taken_for_full() {
    assert_eq!(room(Path::new("/proc/out.nhb")), None, "`/proc` reports 0 of 0 bytes, as some mounted sticks do");
    assert_eq!(room(Path::new("/nowhere/at/all.nhb")), None, "nor is one that cannot be asked");
}
