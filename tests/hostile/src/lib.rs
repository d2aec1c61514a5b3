//! What strangers may send, and what may never come of it.
//!
//! Each module has one function `one(data)`: it makes something hostile of any
//! bytes at all, hands it to the real code, and panics where that breaks its
//! word. The same functions are run by the fuzzers in `fuzz/` for as long as one
//! likes, and by the ordinary tests over the committed examples in `fuzz/corpus`
//! and some thousand variations of them, always the same ones.
//!
//! Bytes alone seldom get past a signature or a checksum, so most of these sign
//! and seal whatever comes out, as a laptop in wrong hands could, and bend what
//! honest peers say rather than invent it.

pub mod answer;
pub mod boundary;
pub mod bundle;
pub mod compact;
pub mod envelope;
pub mod message;
mod people;
pub mod photo;
pub mod programme;
pub mod sheet;
mod source;
pub mod template;
pub mod tus;
pub mod vary;

/// What is done with any bytes.
pub type Body = fn(&[u8]);

/// Every target by its name, and how many variations an ordinary test tries.
pub const TARGETS: [(&str, Body, usize); 11] = [
    ("compact", compact::one, 1_500),
    ("envelope", envelope::one, 3_000),
    ("message", message::one, 120),
    ("answer", answer::one, 800),
    ("bundle", bundle::one, 500),
    ("tus", tus::one, 60),
    ("sheet", sheet::one, 500),
    ("template", template::one, 300),
    ("photo", photo::one, 3_000),
    ("boundary", boundary::one, 2_000),
    ("programme", programme::one, 3_000),
];
