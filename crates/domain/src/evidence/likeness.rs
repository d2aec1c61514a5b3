//! What pictures look like, and which of many look nearly the same.
//!
//! One picture among 100,000 is found by comparing it with each: four words a
//! picture, half a millisecond in all, where a BK-tree over them would visit
//! three quarters of its nodes and take 16. Every two that look alike among them
//! are found band by band, in 0.4 s: two codes that differ in fewer bits than
//! there are bands are equal in at least one of them. (`cargo xtask bench photos`)

/// What a picture looks like, in 256 bits: pictures that look alike differ in few of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness(pub [u64; 4]);

impl Likeness {
    /// How many bits there are.
    pub const BITS: u32 = 256;

    /// In how many bits two pictures differ.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(one, two)| (one ^ two).count_ones()).sum()
    }

    /// As 32 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (part, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            part.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// From 32 bytes; `None` for any other number.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<8>();
        let words: [[u8; 8]; 4] = words.try_into().ok()?;
        rest.is_empty().then(|| Self(words.map(u64::from_be_bytes)))
    }
}

/// Those of `looks` that differ from `one` in at most `limit` bits, by their place and distance.
pub fn near<'l>(one: &'l Likeness, looks: &'l [Likeness], limit: u32) -> impl Iterator<Item = (usize, u32)> + 'l {
    let far = looks.iter().map(|other| one.distance(other)).enumerate();
    far.filter(move |(_, distance)| *distance <= limit)
}

/// Every two of `looks` that differ in at most `limit` bits, by their places and
/// distance; each pair once, the earlier place first.
#[must_use]
pub fn pairs(looks: &[Likeness], limit: u32) -> Vec<(usize, usize, u32)> {
    let mut found = Vec::new();
    let bands = bands(limit);
    for (nth, band) in bands.iter().enumerate() {
        let mut keyed: Vec<(u64, usize)> = looks.iter().enumerate().map(|(at, look)| (look.bits(band), at)).collect();
        keyed.sort_unstable();
        for same in keyed.chunk_by(|one, other| one.0 == other.0) {
            for (at, (_, one)) in same.iter().enumerate() {
                for (_, other) in &same[at + 1..] {
                    let (one, other) = (*one.min(other), *one.max(other));
                    let distance = looks[one].distance(&looks[other]);
                    // Found in an earlier band already, where they were equal too.
                    let earlier = || bands[..nth].iter().any(|band| looks[one].bits(band) == looks[other].bits(band));
                    if distance <= limit && !earlier() {
                        found.push((one, other, distance));
                    }
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// More bands than bits may differ, so that one of them is always whole.
fn bands(limit: u32) -> Vec<std::ops::Range<u32>> {
    let count = (limit + 1).clamp(4, Likeness::BITS);
    (0..count).map(|nth| nth * Likeness::BITS / count..(nth + 1) * Likeness::BITS / count).collect()
}

impl Likeness {
    /// The bits of `band`, of which there are at most 64.
    fn bits(&self, band: &std::ops::Range<u32>) -> u64 {
        let word = |nth: u32| self.0.get(nth as usize).copied().unwrap_or_default();
        let (nth, at) = (band.start / 64, band.start % 64);
        let from = word(nth) >> at;
        let rest = if at == 0 { 0 } else { word(nth + 1) << (64 - at) };
        let mask = u64::MAX >> (64 - (band.end - band.start).clamp(1, 64));
        (from | rest) & mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Always the same codes, and among them some that differ in `1..=limit` bits.
    fn looks(count: usize) -> Vec<Likeness> {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 32) ^ (state << 31)
        };
        let mut looks: Vec<Likeness> = Vec::new();
        for at in 0..count {
            let look = if at % 5 == 4 {
                let mut near = looks[at / 2];
                for _ in 0..next() % 30 {
                    near.0[(next() % 4) as usize] ^= 1 << (next() % 64);
                }
                near
            } else {
                Likeness([next(), next(), next(), next()])
            };
            looks.push(look);
        }
        looks
    }

    #[test]
    fn the_pairs_by_bands_are_those_by_comparing_all() {
        let looks = looks(600);
        for limit in [0, 1, 7, 20, 40] {
            let mut all = Vec::new();
            for (at, one) in looks.iter().enumerate() {
                all.extend(
                    near(one, &looks, limit).filter(|(other, _)| *other > at).map(|(other, far)| (at, other, far)),
                );
            }
            assert_eq!(pairs(&looks, limit), all, "within {limit} bits");
            assert!(limit < 20 || all.len() > 50, "there is something to find: {}", all.len());
        }
    }

    #[test]
    fn a_likeness_survives_being_kept() {
        for look in looks(20) {
            assert_eq!(Likeness::from_bytes(&look.to_bytes()), Some(look));
        }
        assert_eq!(Likeness::from_bytes(&[0; 31]), None);
        assert_eq!(Likeness::from_bytes(&[0; 33]), None);
    }
}
