//! Any bytes at all for `hostile::photo`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::photo::one(data));
