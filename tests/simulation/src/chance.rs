//! Chance that can be had again: all of a history follows from one seed.

use std::ops::Range;

use uuid::{Builder, Uuid};

/// Draws from a seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(1))
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `range`, which is not empty.
    pub(crate) fn within(&mut self, range: Range<usize>) -> usize {
        let many = u64::try_from(range.len().max(1)).unwrap_or(1);
        range.start + usize::try_from(self.number() % many).unwrap_or(0)
    }

    /// Whether something happens that happens in so many of a hundred times.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.within(0..100) < percent
    }

    /// One of them, where there is one.
    pub(crate) fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        if of.is_empty() { None } else { of.get(self.within(0..of.len())) }
    }

    /// One of them, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, of: &[(T, usize)]) -> Option<T> {
        let total = of.iter().map(|(_, weight)| weight).sum();
        if total == 0 {
            return None;
        }
        let mut left = self.within(0..total);
        for (what, weight) in of {
            if left < *weight {
                return Some(*what);
            }
            left -= weight;
        }
        None
    }

    /// A new name for something made at this moment (seconds since 1970).
    pub(crate) fn uuid(&mut self, now: u64) -> Uuid {
        let (high, low) = (self.number().to_le_bytes(), self.number().to_le_bytes());
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&high);
        bytes[8..].copy_from_slice(&low[..2]);
        Builder::from_unix_timestamp_millis(now * 1000 + self.number() % 1000, &bytes).into_uuid()
    }
}
