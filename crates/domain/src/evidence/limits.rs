//! The limits of the photo checks.
//!
//! No rule that was found sets them; all are inferred and marked so. A district
//! keeps its own in a record of kind `photo_limits`, which reaches every laptop
//! like any other record; a field left empty stays as it ships.

use crate::Record;

/// From where on a reviewer would look twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Metres from the place of the works.
    pub works_metres: u32,
    /// Metres from the place of the village, where the works has none of its own.
    pub village_metres: u32,
    /// Days by which a picture may miss the dates of its phase.
    pub slack_days: u32,
    /// Days before the start within which 整治前 is taken.
    pub before_days: u32,
    /// Days after the end within which a picture still belongs to the works.
    pub after_days: u32,
    /// Bits in which two pictures differ that look nearly the same.
    pub alike_bits: u32,
    /// Minutes by which a device's clock may be off.
    pub clock_minutes: u32,
    /// Names of programs that edit pictures, in lower case.
    pub editors: Vec<String>,
}

/// Programs that are used to edit pictures, as they name themselves in EXIF.
const EDITORS: &str = "photoshop, lightroom, gimp, snapseed, picsart, meitu, 美图, 醒图, xingtu, faceu, vsco, acdsee, \
                       paint.net, pixelmator, affinity, capture one, polarr, picasa, xiuxiu, photoscape, irfanview";

impl Default for Limits {
    fn default() -> Self {
        Self {
            works_metres: 1_000,
            village_metres: 3_000,
            slack_days: 30,
            before_days: 730,
            after_days: 365,
            alike_bits: 20,
            clock_minutes: 60,
            editors: words(EDITORS),
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split([',', '，', '、', ';', '；', '\n']).map(|word| word.trim().to_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

impl Limits {
    /// The kind of the record that holds a district's own.
    pub const KIND: &'static str = "photo_limits";

    /// Every field that is read of it.
    pub const FIELDS: &'static [&'static str] = &[
        "works_metres",
        "village_metres",
        "slack_days",
        "before_days",
        "after_days",
        "alike_bits",
        "clock_minutes",
        "editors",
    ];

    /// The limits as a district keeps them.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let ships = Self::default();
        let number = |name: &str, ships: u32| {
            record.integer(name).and_then(|number| u32::try_from(number).ok()).unwrap_or(ships)
        };
        Self {
            works_metres: number("works_metres", ships.works_metres),
            village_metres: number("village_metres", ships.village_metres),
            slack_days: number("slack_days", ships.slack_days),
            before_days: number("before_days", ships.before_days),
            after_days: number("after_days", ships.after_days),
            alike_bits: number("alike_bits", ships.alike_bits),
            clock_minutes: number("clock_minutes", ships.clock_minutes),
            editors: record.text("editors").map_or(ships.editors, words),
        }
    }

    /// Whether `software` is a program that edits pictures.
    #[must_use]
    pub fn edits(&self, software: &str) -> bool {
        let software = software.to_lowercase();
        self.editors.iter().any(|editor| software.contains(editor))
    }
}
