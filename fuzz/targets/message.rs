//! Any bytes at all for `hostile::message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::message::one(data));
