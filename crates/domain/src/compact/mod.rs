//! The compact form of JSON-shaped values: batches on the wire, rows in databases.
//!
//! A thousand saves look alike: the same keys, the same hand, times that creep.
//! So values that stand in the same place are written side by side, as a
//! *column*, and each column in the shortest form that foretells it: counters by
//! their step, UUIDs as bytes, times as seconds, objects by their *shape* (their
//! sorted keys) and then one column for each key. A single value is a column of
//! one. The form describes itself, so what a newer peer adds comes through, and
//! loses nothing: every value comes back as it went in, down to the sign of zero.
//!
//! ```text
//! batch = 0xB1             texts column     texts = count, lengths, bytes (each text once, by first use)
//! row   = 0xC0             texts column     with the texts and shapes of `table` known beforehand
//! row   = 0xC0+generation  value            see `row`
//! column of n, by its first byte:
//!   null · false · true    nothing more
//!   integer · big          numbers (see `ints`)
//!   float · decimal        bytes · places, numbers
//!   text                   numbers: places in the texts
//!   uuid · hex · digits · day · instant     bytes or numbers (see `text`)
//!   array                  lengths, column of all items
//!   object                 shapes, which shape each has, column of each key's values
//!   map                    the same, but one column of all values
//!   mixed                  which part each is in, column of each part
//!   choice                 count, column of the different texts, which one each is
//!   0x20..                 for a column of one: a number below 64, or one of the first 160 texts
//! ```
//!
//! A single row of a database stands on its own and is written so (see `row`); rows
//! of the first generation were batches of one, with the texts and shapes of
//! `table` known beforehand, and are still read.
//!
//! Compression comes after (zstd for batches, nothing for rows); signatures and
//! hashes stay over [`crate::canonical`] JSON and know nothing of this.

mod bytes;
mod deserialize;
mod input;
mod ints;
mod node;
mod read;
mod row;
mod serialize;
mod table;
mod text;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;

use node::Node;

/// The most that is ever unpacked, in bytes: about what it takes in memory.
pub const MAX_UNPACKED: usize = 64 << 20;

/// As deep as JSON text may be nested.
const DEEPEST: usize = 128;

/// The first byte of a batch.
const BATCH: u8 = 0xB1;
/// The first byte of a row, with the generation of its table.
const ROW: u8 = 0xC0;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const BIG: u8 = 4;
const FLOAT: u8 = 5;
const DECIMAL: u8 = 6;
const TEXT: u8 = 7;
const UUID: u8 = 8;
const HEX: u8 = 9;
const DIGITS: u8 = 10;
const DAY: u8 = 11;
const INSTANT: u8 = 12;
const ARRAY: u8 = 13;
const OBJECT: u8 = 14;
const MAP: u8 = 15;
const MIXED: u8 = 16;
const CHOICE: u8 = 17;

/// From here on a column of one is a small number.
const SMALL: u8 = 0x20;
/// From here on a column of one is one of the first texts.
const WORD: u8 = 0x60;

/// Why compact bytes were not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompactError {
    /// They are not what [`pack`] or [`pack_row`] writes, or only a part of it.
    #[error("these are no compact values, or only a part of them")]
    Damaged,
    /// They are in a form that this program does not know yet.
    #[error("this form of compact values (mark {mark:#04x}) is newer than this program")]
    Newer {
        /// The first byte.
        mark: u8,
    },
    /// They would unpack to more than [`MAX_UNPACKED`].
    #[error("they unpack to more than {MAX_UNPACKED} bytes")]
    TooLarge,
    /// They are values, but not those that were expected.
    #[error("the contents cannot be read: {0}")]
    Unreadable(String),
}

/// `value` in the compact form for batches, to be compressed.
///
/// # Panics
/// When `value` cannot be JSON: a mistake in the program, never in its input.
pub fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    write::write(&to_node(value), BATCH)
}

/// What [`pack`] wrote.
///
/// # Errors
/// [`CompactError`] for whatever else `bytes` are; never more than [`MAX_UNPACKED`] is made of them.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CompactError> {
    match bytes.split_first() {
        Some((&BATCH, rest)) => from_node(read::read(rest, None)?),
        Some((&mark, _)) if mark > BATCH && mark < ROW => Err(CompactError::Newer { mark }),
        _ => Err(CompactError::Damaged),
    }
}

/// `value` in the compact form for one row of a database, not to be compressed.
///
/// Rows stay in the database that they were written to: a program older than the
/// row may not know its table.
///
/// # Panics
/// When `value` cannot be JSON: a mistake in the program, never in its input.
pub fn pack_row<T: Serialize>(value: &T) -> Vec<u8> {
    let table = table::newest();
    row::write(value, ROW + table.generation(), table).expect("our types are JSON")
}

/// What [`pack_row`] wrote, or the JSON text that older databases hold.
///
/// # Errors
/// [`CompactError`] for whatever else `bytes` are; never more than [`MAX_UNPACKED`] is made of them.
pub fn unpack_row<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CompactError> {
    match bytes.split_first() {
        Some((b'{', _)) => serde_json::from_slice(bytes).map_err(|error| CompactError::Unreadable(error.to_string())),
        Some((&mark, rest)) if mark >= ROW => {
            let table = table::of(mark - ROW).ok_or(CompactError::Newer { mark })?;
            if mark == ROW {
                // The first generation was a batch of one.
                return from_node(read::read(rest, Some(table))?);
            }
            row::read(rest, table)
        }
        _ => Err(CompactError::Damaged),
    }
}

fn to_node<T: Serialize>(value: &T) -> Node<'static> {
    serialize::node(value).expect("our types are JSON")
}

fn from_node<T: DeserializeOwned>(node: Node<'_>) -> Result<T, CompactError> {
    deserialize::value(node)
}
