//! Any bytes at all for `hostile::answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::answer::one(data));
