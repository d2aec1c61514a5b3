//! Any bytes at all for `hostile::programme`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::programme::one(data));
