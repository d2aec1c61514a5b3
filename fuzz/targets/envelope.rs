//! Any bytes at all for `hostile::envelope`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::envelope::one(data));
