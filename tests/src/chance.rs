//! Chance that can be had again: the same seed, the same draws.
//!
//! Threads and processes still meet as they please, so a seed repeats what was
//! done and when, not how the machine took it. Small and our own, because a seed
//! in a report must mean the same next year.

use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

/// Names the seed to be had again.
const SEED: &str = "NONGHUAN_SEED";

/// Draws from a seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The seed that `NONGHUAN_SEED` names, or a new one; say it where a test begins.
    #[must_use]
    pub fn seed() -> u64 {
        let named = std::env::var(SEED).ok().and_then(|text| text.parse().ok());
        let nanos = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.subsec_nanos());
        named.unwrap_or_else(|| u64::from(nanos()))
    }

    /// Draws that belong to `seed` and, among several of one seed, to `purpose`.
    #[must_use]
    pub fn of(seed: u64, purpose: &str) -> Self {
        let mixed = purpose.bytes().fold(seed, |sum, byte| Self(sum ^ u64::from(byte)).number());
        Self(mixed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `range`; its beginning where there is none in it.
    pub fn within(&mut self, range: Range<u64>) -> u64 {
        let many = range.end.saturating_sub(range.start).max(1);
        range.start + self.number() % many
    }

    /// Whether something happens that happens once in `of` times.
    pub fn once_in(&mut self, of: u64) -> bool {
        self.within(0..of) == 0
    }

    /// One of them.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        let many = u64::try_from(of.len()).unwrap_or(u64::MAX);
        of.get(usize::try_from(self.within(0..many)).unwrap_or(0))
    }

    /// So many bytes that no compression makes smaller.
    pub fn bytes(&mut self, many: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(many + 8);
        while bytes.len() < many {
            bytes.extend(self.number().to_le_bytes());
        }
        bytes.truncate(many);
        bytes
    }
}
