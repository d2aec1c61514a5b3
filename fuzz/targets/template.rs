//! Any bytes at all for `hostile::template`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::template::one(data));
