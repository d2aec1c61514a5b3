//! Any bytes at all for `hostile::sheet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::sheet::one(data));
