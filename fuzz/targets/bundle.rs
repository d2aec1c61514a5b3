//! Any bytes at all for `hostile::bundle`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::bundle::one(data));
