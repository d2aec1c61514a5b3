//! The compact form: whatever bytes are read end as values or as an error, what
//! was read can be written and read again, and what was written comes back.

use domain::compact::{CompactError, pack, pack_row, unpack, unpack_row};
use domain::{Change, LogEntry, Record, Value};

use crate::source::Source;

/// Reads `data` as every type that comes in this form, and writes what it makes of it.
///
/// # Panics
/// Where a value does not come back as it went in.
pub fn one(data: &[u8]) {
    if let Ok(value) = unpack::<Value>(data) {
        comes_back(&value);
    }
    if let Ok(value) = unpack_row::<Value>(data) {
        comes_back(&value);
    }
    let _ = (unpack_row::<LogEntry>(data), unpack_row::<Record>(data), unpack::<Vec<Change>>(data));
    let mut source = Source::new(data);
    while !source.is_empty() {
        comes_back(&source.value(0));
    }
}

fn comes_back(value: &Value) {
    let packed = pack(value);
    match unpack::<Value>(&packed) {
        Ok(again) => {
            assert!(again == *value, "a batch comes back as it went in");
            assert!(pack(&again) == packed, "and is written as before");
        }
        // Charged for what it takes in memory, it may be more than is ever read.
        Err(CompactError::TooLarge) => assert!(packed.len() > 1 << 10, "something small is never too large"),
        // Deeper than JSON text may be nested, which no text that was read ever is.
        Err(_) if depth(value) > 127 => {}
        Err(error) => panic!("{error}: what was written is read"),
    }
    match unpack_row::<Value>(&pack_row(value)) {
        Ok(again) => assert!(again == *value, "a row comes back as it went in"),
        Err(CompactError::TooLarge) => {}
        Err(_) if depth(value) > 127 => {}
        Err(error) => panic!("{error}: what was written is read"),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(entries) => 1 + entries.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}
