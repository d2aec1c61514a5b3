//! Values out of bytes: a fuzzer's bytes choose, and when they have run out the
//! choice is the simplest one.

use arbitrary::Unstructured;
use domain::Value;
use serde_json::{Map, Number, json};

/// Texts that have been somebody's undoing: empty, NUL, far too long, numbers and
/// times that are none, names from inside.
const TEXTS: [&str; 34] = [
    "",
    "\0",
    "a\0b",
    "厕所",
    "\u{feff}",
    "\u{202e}",
    "320902107",
    "320902106",
    "320902",
    "999999",
    "320902107200",
    "village",
    "works",
    "application",
    "petition",
    "code",
    "name",
    "households",
    "photos",
    "@state",
    "@deleted",
    "draft",
    "reported",
    "2026-03-01T08:00:00+08:00",
    "9999-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "+262142-12-31T23:59:59Z",
    "2026-13-41",
    "00000000-0000-0000-0000-000000000000",
    "../../signing-key",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "-0",
    "1e999",
    "18446744073709551616",
];

/// As deep as anything is nested here: deeper than whatever is allowed.
const DEEPEST: usize = 600;

/// Bytes on their way to being choices.
pub(crate) struct Source<'a>(Unstructured<'a>);

impl<'a> Source<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self(Unstructured::new(data))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A number below `end`; 0 when there is nothing to choose.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        if end < 2 { 0 } else { self.0.int_in_range(0..=end - 1).unwrap_or(0) }
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub(crate) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Numbers near the ends of what anybody counts in.
    pub(crate) fn number(&mut self) -> u64 {
        const EDGE: u64 = i64::MAX.cast_unsigned();
        let near = [0, 1, 2, 3, 1_000, 1_001, u64::from(u32::MAX), EDGE - 1, EDGE, EDGE + 1, u64::MAX - 1, u64::MAX];
        match self.below(near.len() + 4) {
            place if place < near.len() => near[place],
            _ => self.0.arbitrary().unwrap_or_default(),
        }
    }

    pub(crate) fn text(&mut self) -> String {
        match self.below(TEXTS.len() + 4) {
            place if place < TEXTS.len() => TEXTS[place].to_owned(),
            place if place == TEXTS.len() => "长".repeat(1 << self.below(13)),
            _ => {
                let length = self.below(48);
                String::from_utf8_lossy(self.bytes(length)).into_owned()
            }
        }
    }

    /// At most so many bytes as they are.
    pub(crate) fn bytes(&mut self, most: usize) -> &'a [u8] {
        let length = most.min(self.0.len());
        self.0.bytes(length).unwrap_or_default()
    }

    /// Whatever is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        self.bytes(usize::MAX)
    }

    /// Any value; deep only where that was chosen.
    pub(crate) fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth > 3 { 7 } else { 11 }) {
            0 => Value::Null,
            1 => Value::Bool(self.once_in(2)),
            2 => json!(self.number()),
            3 => json!(self.number().cast_signed().wrapping_neg()),
            4 => Number::from_f64(f64::from_bits(self.number())).map_or(Value::Null, Value::Number),
            5 | 6 => Value::String(self.text()),
            7 => (0..self.below(5)).map(|_| self.value(depth + 1)).collect(),
            8 => {
                let entries = (0..self.below(6)).map(|_| (self.text(), self.value(depth + 1)));
                Value::Object(entries.collect::<Map<_, _>>())
            }
            9 => {
                // Many alike, as a table has them; not many of many.
                let like = self.value(5);
                Value::Array(vec![like; self.below(40)])
            }
            _ => self.nested(),
        }
    }

    /// Something in something in something.
    fn nested(&mut self) -> Value {
        let (depth, keys) = (self.below(DEEPEST), self.once_in(2));
        (0..depth).fold(json!("深"), |inner, _| match keys {
            true => Value::Object(Map::from_iter([("a".to_owned(), inner)])),
            false => Value::Array(vec![inner]),
        })
    }

    /// Puts a number or text that is somebody's undoing into one of these places, where it is there.
    pub(crate) fn undo(&mut self, value: &mut Value, places: &[&str]) {
        let at = *self.pick(places);
        match value.pointer_mut(at) {
            Some(place @ Value::String(_)) => *place = Value::String(self.text()),
            Some(place) => *place = json!(self.number()),
            None => {}
        }
    }

    /// Changes something somewhere in `value`: what it says, how often, or whether at all.
    pub(crate) fn bend(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) if !items.is_empty() && !self.once_in(8) => {
                let at = self.below(items.len());
                match self.below(12) {
                    0 => drop(items.remove(at)),
                    1 => items.insert(at, items[at].clone()),
                    2 => items.swap(at, 0),
                    3 => *items = vec![items[at].clone(); self.below(1_100)],
                    _ => self.bend(&mut items[at]),
                }
            }
            Value::Object(entries) if !entries.is_empty() && !self.once_in(12) => {
                let at = self.below(entries.len());
                let Some(key) = entries.keys().nth(at).cloned() else { return };
                match self.below(16) {
                    0 => drop(entries.remove(&key)),
                    1 => drop(entries.insert(self.text(), self.value(0))),
                    _ => {
                        if let Some(inner) = entries.get_mut(&key) {
                            self.bend(inner);
                        }
                    }
                }
            }
            Value::Number(_) if !self.once_in(6) => *value = json!(self.number()),
            Value::String(_) if !self.once_in(6) => *value = Value::String(self.text()),
            other => *other = self.value(0),
        }
    }
}
