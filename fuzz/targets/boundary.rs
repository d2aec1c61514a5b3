//! Any bytes at all for `hostile::boundary`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::boundary::one(data));
