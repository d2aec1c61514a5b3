//! Variations of examples, the same ones on every run: what a fuzzer does without
//! its measuring, so that an ordinary test can do some of it.

/// A small generator (xorshift64*): good enough to vary with, and always the same.
pub struct Dice(u64);

impl Dice {
    /// The generator that begins at `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from((self.next() >> 16) % end).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    /// Some bytes out of nothing.
    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most);
        (0..length).map(|_| self.byte()).collect()
    }

    /// One of `examples`, bent in a few places.
    #[must_use]
    pub fn variation(&mut self, examples: &[Vec<u8>]) -> Vec<u8> {
        if examples.is_empty() || self.below(8) == 0 {
            return self.bytes(512);
        }
        let mut data = examples[self.below(examples.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(data.len() + 1);
            match self.below(7) {
                0 => data.truncate(at),
                1 => data.insert(at, self.byte()),
                2 => drop((at < data.len()).then(|| data.remove(at))),
                3 => {
                    let other = &examples[self.below(examples.len())];
                    let from = self.below(other.len());
                    data.truncate(at);
                    data.extend_from_slice(&other[from..]);
                }
                4 => {
                    let edge = [0, 1, 0x7f, 0x80, 0xff][self.below(5)];
                    let end = (at + self.below(9)).min(data.len());
                    data[at..end].fill(edge);
                }
                5 => {
                    if let Some(byte) = data.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
                _ => {
                    if let Some(byte) = data.get_mut(at) {
                        *byte = self.byte();
                    }
                }
            }
        }
        data
    }
}
