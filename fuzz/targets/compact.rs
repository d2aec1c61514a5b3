//! Any bytes at all for `hostile::compact`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::compact::one(data));
