//! How alike two Chinese names are: what is left of them without the words that
//! every such name has, and how many pairs of neighbouring characters they share.

use std::cmp::Ordering;

/// What a village's or township's official name ends in, longest first.
const ENDINGS: [&str; 14] = [
    "社区居民委员会",
    "居民委员会",
    "村民委员会",
    "社区居委会",
    "社区村委会",
    "街道办事处",
    "村委会",
    "居委会",
    "办事处",
    "居民委",
    "街道",
    "社区",
    "行政村",
    "村",
];

/// A place's name as people say it: 中东村委会, 中东社区居民委员会 and 中东村 are all 中东.
/// A name that is nothing but an ending stays as it is.
#[must_use]
pub fn stem(name: &str) -> String {
    let mut stem = name.trim();
    for _ in 0..2 {
        let cut = ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending).filter(|rest| !rest.is_empty()));
        stem = cut.unwrap_or(stem);
    }
    stem.to_owned()
}

/// How alike two texts are, from 0 to 100: twice the pairs of characters that they
/// share, of all pairs that they have (Dice). Case, width and all that is neither
/// letter nor digit do not count; one character alone is a pair with nothing.
#[must_use]
pub fn likeness(one: &str, other: &str) -> u8 {
    Letters::of(one).likeness(&Letters::of(other))
}

/// What of a text is compared, for one that is compared with many.
#[derive(Debug, Clone)]
pub(crate) struct Letters {
    /// Its pairs of neighbouring characters, in order, each as often as it occurs.
    pairs: Vec<(char, char)>,
}

impl Letters {
    pub(crate) fn of(text: &str) -> Self {
        let plain = |c: char| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        };
        let chars: Vec<char> =
            text.chars().map(plain).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let mut pairs: Vec<(char, char)> = match chars.as_slice() {
            [one] => vec![(*one, '\0')],
            several => several.windows(2).map(|pair| (pair[0], pair[1])).collect(),
        };
        pairs.sort_unstable();
        Self { pairs }
    }

    /// As [`likeness`] says.
    pub(crate) fn likeness(&self, other: &Self) -> u8 {
        let all = self.pairs.len() + other.pairs.len();
        if all == 0 {
            return 0;
        }
        let (mut one, mut two, mut shared) = (0, 0, 0);
        while let (Some(mine), Some(theirs)) = (self.pairs.get(one), other.pairs.get(two)) {
            match mine.cmp(theirs) {
                Ordering::Less => one += 1,
                Ordering::Greater => two += 1,
                Ordering::Equal => (one, two, shared) = (one + 1, two + 1, shared + 1),
            }
        }
        u8::try_from(200 * shared / all).unwrap_or(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_called_by_what_is_left_without_its_ending() {
        for name in ["中东村委会", "中东村民委员会", "中东社区居民委员会", "中东村", " 中东 "]
        {
            assert_eq!(stem(name), "中东", "{name}");
        }
        assert_eq!(stem("村"), "村", "what is only an ending is a name");
    }

    #[test]
    fn alike_is_what_shares_its_pairs_of_characters() {
        assert_eq!(likeness("中东村生活污水管网工程", "中东村生活污水管网工程"), 100);
        assert_eq!(likeness("Ａ２Ｏ站", "a2o站"), 100, "width and case are no difference");
        assert!(likeness("中东村污水管网", "中东村污水管网工程（一期）") > 60);
        assert!(likeness("中东村污水管网", "正洋村垃圾收集点") < 20);
        assert_eq!(likeness("", ""), 0, "two empty names say nothing");
    }
}
