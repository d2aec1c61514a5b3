//! Any bytes at all for `hostile::tus`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::tus::one(data));
