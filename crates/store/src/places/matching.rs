//! What was typed into the picker, and whether a name answers to it.

use pinyin::{Pinyin, ToPinyinMulti};

/// The most characters of a query that are looked at; hardly a name is longer,
/// and as many bits as a number has places.
const LONGEST: usize = 63;

/// What was typed: characters, letters of pinyin, or both in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    chars: Vec<char>,
}

impl Pattern {
    /// Reads what was typed. Spaces, apostrophes and all other signs only separate.
    pub(super) fn read(query: &str) -> Self {
        Self { chars: plain(query).take(LONGEST).collect() }
    }

    /// Its characters.
    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The code that it is the beginning of, if it is two to twelve digits. The
    /// twelve digits of the official list name a township as well as its nine.
    pub(super) fn code(&self) -> Option<String> {
        let digits = (2..=12).contains(&self.chars.len()) && self.chars.iter().all(char::is_ascii_digit);
        let code: String = self.chars.iter().collect();
        let shorter = (1..=4).find_map(|level| domain::places::cut(&code, level)).map(str::to_owned);
        digits.then(|| shorter.unwrap_or(code))
    }

    /// Whether `name` has the pattern somewhere inside: each character itself or by
    /// any of its readings, in full, by its initial, or, at the end, as far as it was typed.
    ///
    /// One pass over the name with the set of all places in the pattern that can
    /// have been reached, so that no query makes it slow.
    pub(super) fn is_in(&self, name: &str) -> bool {
        let end = self.chars.len();
        if end == 0 {
            return false;
        }
        let mut reached: u64 = 0;
        for c in plain(name) {
            let from = reached | 1;
            reached = 0;
            for at in (0..end).filter(|at| from >> at & 1 == 1) {
                self.steps(at, c, &mut reached);
            }
            if reached >> end & 1 == 1 {
                return true;
            }
        }
        false
    }

    /// Marks in `reached` how far the pattern can be read from `at` by the one character `c`.
    fn steps(&self, at: usize, c: char, reached: &mut u64) {
        let rest = &self.chars[at..];
        if rest[0] == c {
            *reached |= 1 << (at + 1);
        }
        if !rest[0].is_ascii_alphabetic() {
            return;
        }
        for reading in readings(c) {
            let same = reading.chars().zip(rest).take_while(|(one, other)| one == *other).count();
            let initial = if reading.get(1..2) == Some("h") { 2 } else { 1 };
            for step in [same.min(1), initial.min(same)] {
                *reached |= u64::from(step > 0) << (at + step);
            }
            if same == rest.len() || same == reading.len() {
                *reached |= 1 << (at + same);
            }
        }
    }
}

/// Letters, digits and characters of `text`, in lower case and plain width. The list
/// has names with characters of the private planes, which were in no standard yet.
pub(super) fn plain(text: &str) -> impl Iterator<Item = char> {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars()
        .map(plain)
        .filter(|c| c.is_alphanumeric() || ('\u{e000}'..='\u{f8ff}').contains(c))
        .flat_map(char::to_lowercase)
}

/// All readings of a character in plain letters, ü as v and as u; none of a rare one.
pub(super) fn readings(c: char) -> impl Iterator<Item = String> {
    let readings = c.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain);
    readings.flat_map(|plain| {
        let written = |as_what: &str| plain.replace('ü', as_what);
        std::iter::once(written("v")).chain(plain.contains('ü').then(|| written("u")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_answers_to_its_characters_its_pinyin_its_initials_and_any_mixture() {
        let answers = |query: &str, name: &str| Pattern::read(query).is_in(name);
        for query in [
            "中东",
            "东村",
            "中",
            "zhongdong",
            "zhong dong",
            "zd",
            "zhd",
            "zdong",
            "zhongd",
            "zhongdo",
            "dcw",
            "中dong",
            "z东",
            "Zhong'Dong",
        ] {
            assert!(answers(query, "中东村委会"), "`{query}` is a way to type 中东村委会");
        }
        for query in ["", "东中", "zhondong", "dz", "zdd", "320"] {
            assert!(!answers(query, "中东村委会"), "`{query}` is not");
        }
    }

    #[test]
    fn every_reading_of_a_character_is_a_way_to_type_it() {
        for (name, queries) in [
            ("重兴村", ["chongxing", "zhongxing"]),
            ("长荡村", ["changdang", "zhangdang"]),
            ("单洋村", ["shanyang", "danyang"]),
            ("曾庄", ["zengzhuang", "cengzhuang"]),
            ("绿洲社区", ["lvzhou", "luzhou"]),
        ] {
            for query in queries {
                assert!(Pattern::read(query).is_in(name), "`{query}` reads {name}");
            }
        }
    }

    #[test]
    fn the_longest_and_most_ambiguous_query_takes_no_time_worth_speaking_of() {
        let name = "西安县先".repeat(100);
        assert!(
            !Pattern::read(&"xian".repeat(1_000).replace('n', "nx")).is_in(&format!("{name}东")),
            "and is not there"
        );
    }
}
