//! One value after another: the form of a single row of a database.
//!
//! A row is read and written far more often than it lies in a batch with others,
//! so it is made for that: straight from our types and straight into them, each
//! value behind a mark of its own, keys and frequent words by their place in the
//! `table`. Identifiers, hashes, numbers and times are taken for what they are, as
//! in batches.
//!
//! ```text
//! value = mark, and by it:
//!   null · false · true · end           nothing more
//!   integer · digits · day              a number, zigzag
//!   big · word                          a number
//!   float                               8 bytes
//!   text · hex                          length, bytes
//!   uuid                                16 bytes
//!   instant                             clock, number, offset if the clock has them
//!   array                               values, end
//!   object                              keys (text or word) and values in turn, end
//!   0x20.. · 0x60..                     a number below 64 · one of the first 160 words
//! ```

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// Ends an array or an object.
const END: u8 = 18;
/// A word whose place takes more than one byte.
const FAR_WORD: u8 = 19;
