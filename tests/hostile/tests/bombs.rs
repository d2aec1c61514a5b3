//! Small things that would become large ones: what is made of them is bounded,
//! whatever they say. A program of its own, so that its memory is its own.

use std::io::{self, Read};

use domain::{DeviceId, Value};
use ed25519_dalek::SigningKey;
use hostile::envelope::around;
use sync::wire::{EnvelopeError, MAX_ENVELOPE, Message, open};
use uuid::Uuid;

/// The most memory that this program ever had, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel says");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
}

#[test]
fn a_bomb_takes_no_more_memory_than_the_largest_honest_envelope() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let sealed = |packed: &[u8]| around(&key, DeviceId(Uuid::from_u128(1)), packed);
    // A gigabyte of nothing, in some hundred kilobytes.
    let bomb = zstd::encode_all(io::repeat(0).take(1 << 30), 1).expect("memory");
    assert!(bomb.len() < 1 << 20, "it is small while it is packed");
    assert_eq!(open::<Message>(&key.verifying_key(), &sealed(&bomb)), Err(EnvelopeError::TooLarge));

    // Bytes of the compact form that claim as many rows as a number can say.
    let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    for kind in 0..=u8::MAX {
        for before in [&[0xb1, 0][..], &[0xb1, 0, 13, 2], &[0xb1, 0, 14, 0, 1, 0], &[0xb1, 1]] {
            let claims = [before, &[kind], &huge, &[kind], &huge].concat();
            let packed = zstd::encode_all(claims.as_slice(), 1).expect("memory");
            let opened = open::<Value>(&key.verifying_key(), &sealed(&packed));
            assert!(opened.is_err(), "what {kind:#x} claims is not there");
        }
    }
    #[cfg(target_os = "linux")]
    assert!(peak() < 6 * MAX_ENVELOPE, "{} bytes at most: bounded by what an envelope may hold", peak());
}
