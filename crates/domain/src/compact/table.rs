//! The texts and shapes that rows need not spell out.
//!
//! Published once, a place never changes: rows in people's databases point at
//! it. New texts and shapes go to the end, and a new generation says up to where
//! a row of that time knew them; a test below holds every generation by digest.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// How many texts and shapes each generation knows. Shapes are of the first only:
/// later rows name each key.
const GENERATIONS: [(usize, usize); 2] = [(207, 33), (207, 0)];

/// Texts by place; the first 160 take one byte where they stand alone.
#[rustfmt::skip]
const TEXTS: [&str; 207] = [
    // What actions and verdicts are called.
    "create", "write", "add", "remove", "move", "delete", "restore", "release",
    "accepted", "merged", "conflict", "refused", "waiting", "@state", "@deleted",
    // The keys of our own types.
    "actions", "action", "at", "attachments", "author", "bytes", "by", "change", "code", "conflicts", "counter",
    "deleted", "device", "do", "field", "fields", "group", "groups", "hash", "id", "incarnation", "items", "keys",
    "kind", "missing", "name", "record", "refusal", "remark", "scope", "seen", "seq", "sha256", "stamp", "stamps",
    "state", "text", "to", "values", "verdict", "writer",
    // Parts of field values.
    "lon", "lat", "accuracy", "system", "wgs84", "gcj02", "cgcs2000", "numerator", "denominator", "asOf", "basis",
    // Kinds.
    "village", "works", "progress", "application", "township", "programme", "notice", "petition", "fund",
    // Fields.
    "applicant", "area", "building", "capacity", "category", "contract", "contract_amount", "contract_date",
    "contract_files", "contract_number", "contractor", "date", "actual_start", "actual_end", "planned_start",
    "planned_end", "effects", "farmland", "files", "funding", "households", "income", "keeper", "natural_villages",
    "note", "number", "office_lead", "office_phone", "own_funds", "paid", "percent", "phone", "photos",
    "pipe_length", "place", "planned", "population", "problems", "quantity", "requested", "resident_households",
    "resident_population", "sewage_rate", "total", "village_notice", "village_type", "waste_rate", "year",
    // States.
    "draft", "reported", "township_review", "review", "approved", "returned", "withdrawn", "tendered", "contracted",
    "completed", "handed_over", "stopped", "not_supported",
    // Choices.
    "sewage", "waste", "water_source", "livestock", "black_odour", "diffuse", "industrial_legacy", "other",
    "ordinary", "weak", "problem", "central", "province", "district", "none",
    // Roles.
    "clerk", "lead", "reviewer", "finance", "reader", "admin",
    // What refusals say, and of what.
    "unknownKind", "unknownField", "wrongType", "noSuchDate", "notAChoice", "outOfRange", "wrongDigits",
    "givenByProgram", "wrongGroup", "required", "outsideScope", "scopeNeeded", "duplicate", "unknownReference",
    "ambiguousReference", "notAllowed", "moveNotAllowed", "unknownState", "wrongState", "locked", "unknownRecord",
    "alreadyExists", "unknownConflict", "expected", "given", "choices", "min", "max", "digits", "scopes", "count",
    "role", "from", "skew", "own", "told",
    // Common units and words.
    "m", "km", "㎡", "亩", "户", "人", "吨", "个", "处", "万元", "是", "否", "无",
];

/// No text is longer, in bytes.
const LONGEST: usize = 24;

/// Shapes by place: the sorted keys of objects, with a space between.
const SHAPES: [&str; 33] = [
    "",
    // Log entries and changes.
    "change hash scope seq verdict",
    "change hash scope seq skew verdict",
    "actions at author counter id kind record scope seen writer",
    "device incarnation",
    "do",
    "do group values",
    "do state",
    "do field items",
    "do field keys",
    "do to",
    "do remark to",
    "change do",
    "verdict",
    "groups verdict",
    "refusal verdict",
    "missing verdict",
    "code fields",
    // Records.
    "fields id kind scope stamps",
    "fields id kind scope stamps state",
    "conflicts fields id kind scope stamps",
    "conflicts fields id kind scope stamps state",
    "deleted fields id kind scope stamps",
    "deleted fields id kind scope stamps state",
    "fields id kind scope stamps waiting",
    "fields id kind scope stamps state waiting",
    "at author seq writer",
    "action change group id stamp",
    // Field values.
    "bytes name sha256",
    "accuracy lat lon system",
    "lat lon system",
    "asOf basis denominator numerator",
    "at by id text",
];

/// What rows of one generation know beforehand.
pub(super) struct Table {
    generation: u8,
    texts: &'static [&'static str],
    shapes: Vec<Vec<usize>>,
    places: HashMap<&'static str, usize, Known>,
}

/// Only what stands in this file is ever put into the maps of a table, so nobody
/// can fill them with what collides, and a plain hash will do.
type Known = BuildHasherDefault<Plain>;

/// Words are turned, mixed in and multiplied.
#[derive(Default)]
struct Plain(u64);

impl Plain {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x0100_0000_01B3_9E37);
    }
}

impl Hasher for Plain {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        let last = rest.iter().fold(rest.len() as u64, |last, byte| last << 8 | u64::from(*byte));
        self.mix(last);
    }
    fn write_u8(&mut self, _: u8) {} // The end of a text, which its length tells already.
    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }
    fn finish(&self) -> u64 {
        // The map takes its bits from both ends.
        self.0 ^ self.0 >> 32
    }
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let tables = GENERATIONS.iter().zip(0_u8..);
    tables.map(|((texts, shapes), generation)| Table::new(generation, &TEXTS[..*texts], &SHAPES[..*shapes])).collect()
});

/// The table that rows are written with.
pub(super) fn newest() -> &'static Table {
    TABLES.last().expect("there is a first generation")
}

/// The table of rows of `generation`, if that is not a later program's.
pub(super) fn of(generation: u8) -> Option<&'static Table> {
    TABLES.get(usize::from(generation))
}

impl Table {
    fn new(generation: u8, texts: &'static [&'static str], shapes: &[&str]) -> Self {
        let places: HashMap<&str, usize, Known> = texts.iter().zip(0..).map(|(text, place)| (*text, place)).collect();
        let shapes: Vec<Vec<usize>> =
            shapes.iter().map(|keys| keys.split_whitespace().map(|key| places[key]).collect()).collect();
        Self { generation, texts, shapes, places }
    }

    /// Its number.
    pub(super) fn generation(&self) -> u8 {
        self.generation
    }

    /// How many texts it knows.
    pub(super) fn texts(&self) -> usize {
        self.texts.len()
    }

    /// How many shapes it knows.
    pub(super) fn shapes(&self) -> usize {
        self.shapes.len()
    }

    /// The text at `place`.
    pub(super) fn text(&self, place: usize) -> Option<&'static str> {
        self.texts.get(place).copied()
    }

    /// Where `text` stands.
    pub(super) fn place(&self, text: &str) -> Option<usize> {
        if text.len() > LONGEST {
            return None;
        }
        self.places.get(text).copied()
    }

    /// The places of the keys of the shape at `place`.
    pub(super) fn shape(&self, place: usize) -> Option<&[usize]> {
        self.shapes.get(place).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::{GENERATIONS, LONGEST, SHAPES, TEXTS, newest};

    /// Of each generation's texts and shapes. A line once written here is never changed.
    const PUBLISHED: [&str; 2] = [
        "fe77b4d029bbf6c342887d12a6bd943cab02f7722aa5c109bfa73f19daf7da22",
        "f893cb4e7e3a7111e8aab586d3a323bc89ba5b9f970d1adeb6b0f5b0b9aa928f",
    ];

    #[test]
    fn what_was_published_stays_in_its_place() {
        let now: Vec<String> = GENERATIONS
            .iter()
            .map(|(texts, shapes)| crate::canonical::digest(&(&TEXTS[..*texts], &SHAPES[..*shapes])))
            .collect();
        assert_eq!(now, PUBLISHED, "rows in databases point at these places: append, and add a generation");
        let all = GENERATIONS.last().map(|(texts, _)| *texts);
        assert_eq!(all, Some(TEXTS.len()), "what was appended is written by a new generation only");
    }

    #[test]
    fn every_text_stands_once_and_shapes_are_as_they_were_met() {
        let table = newest();
        assert_eq!(table.places.len(), TEXTS.len(), "a text that stands twice wastes a place");
        for shape in SHAPES {
            let keys: Vec<&str> = shape.split_whitespace().collect();
            assert!(keys.is_sorted(), "`{shape}` would never be met: keys come sorted");
        }
        assert!(TEXTS.iter().all(|text| text.len() <= LONGEST), "a longer one would not be found");
    }
}
