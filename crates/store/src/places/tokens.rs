//! The words of the index: what of a name is kept, and what a query asks for.
//!
//! A letter before each says of which sort it is. `u` one character, `b` two
//! neighbours, `s` the first, `t` the first two; `y` a whole syllable, `i` the
//! initials of two neighbours, `k` the first initial, `j` the first two. A
//! character with several readings has the words of all of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::matching::{Pattern, plain, readings};

/// How many ways of reading one query are tried, those of the fewest syllables first.
const WAYS: usize = 6;

/// How many are thought of before the best are chosen.
const THOUGHT_OF: usize = 64;

/// How many syllables a beginning may stand for.
const BEGINNINGS: usize = 24;

/// The longest syllable: zhuang, shuang, chuang.
const SYLLABLE: usize = 6;

/// All syllables, as the readings of the characters have them.
static SYLLABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| ('\u{4e00}'..='\u{9fa5}').flat_map(readings).collect());

/// The words of `name`, apart by blanks. What hundreds of thousands of names end
/// in (村委会) is found by its characters; by pinyin only its first is.
pub(super) fn of_name(name: &str) -> String {
    let chars: Vec<char> = plain(name).collect();
    let text: String = chars.iter().collect();
    let read = domain::places::stem(&text).chars().count() + 1;
    let mut words = String::new();
    let mut put = |sort: char, what: &[char]| {
        words.push(sort);
        words.extend(what);
        words.push(' ');
    };
    for (at, c) in chars.iter().enumerate() {
        let two = &chars[at..chars.len().min(at + 2)];
        put('u', &[*c]);
        if two.len() == 2 {
            put('b', two);
        }
        if at == 0 {
            put('s', &[*c]);
            if two.len() == 2 {
                put('t', two);
            }
        }
    }
    let chars = &chars[..chars.len().min(read)];
    let initials: Vec<BTreeSet<char>> = chars.iter().map(|c| initials(*c)).collect();
    for initial in initials.first().into_iter().flatten() {
        put('k', &[*initial]);
    }
    for (at, pair) in initials.windows(2).enumerate() {
        for one in &pair[0] {
            for other in &pair[1] {
                put('i', &[*one, *other]);
                if at == 0 {
                    put('j', &[*one, *other]);
                }
            }
        }
    }
    for syllable in chars.iter().flat_map(|c| readings(*c)).collect::<BTreeSet<String>>() {
        let _ = write!(words, "y{syllable} ");
    }
    words
}

fn initials(c: char) -> BTreeSet<char> {
    if c.is_ascii() { BTreeSet::from([c]) } else { readings(c).filter_map(|reading| reading.chars().next()).collect() }
}

/// What of a query stands for one character of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unit {
    /// The character itself.
    Char(char),
    /// A whole syllable.
    Syllable(String),
    /// The beginning of one: its initial, or at the end as far as it was typed.
    Beginning(String),
}

impl Unit {
    fn initial(&self) -> Option<char> {
        match self {
            Self::Char(_) => None,
            Self::Syllable(text) | Self::Beginning(text) => text.chars().next(),
        }
    }
}

/// What to ask the index for `pattern`, in the order in which hits are wanted:
/// names that begin so, then names that have it inside.
pub(super) fn queries(pattern: &Pattern) -> Vec<String> {
    let ways = ways(pattern.chars());
    let (mut first, mut inside) = (Vec::new(), Vec::new());
    for way in &ways {
        first.extend(query(way, true));
        inside.extend(query(way, false));
    }
    first.append(&mut inside);
    first
}

fn query(units: &[Unit], first: bool) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for (at, pair) in units.windows(2).enumerate() {
        let begins = first && at == 0;
        match (&pair[0], &pair[1]) {
            (Unit::Char(one), Unit::Char(other)) => {
                words.push(format!("{}{one}{other}", if begins { 't' } else { 'b' }));
            }
            (one, other) => match (one.initial(), other.initial()) {
                (Some(one), Some(other)) => words.push(format!("{}{one}{other}", if begins { 'j' } else { 'i' })),
                _ => words.extend([one, other].into_iter().filter_map(alone)),
            },
        }
    }
    match units.first()? {
        Unit::Char(c) if first => words.push(format!("s{c}")),
        unit if first => words.extend(unit.initial().map(|initial| format!("k{initial}"))),
        _ => {}
    }
    words.extend(units.iter().filter(|unit| matches!(unit, Unit::Syllable(_))).filter_map(alone));
    if let ([unit], false) = (units, first) {
        words.extend(alone(unit));
    }
    words.sort_unstable();
    words.dedup();
    let quoted = |word: &String| if word.starts_with('(') { word.clone() } else { format!("\"{word}\"") };
    (!words.is_empty()).then(|| words.iter().map(quoted).collect::<Vec<_>>().join(" AND "))
}

/// What one unit asks for by itself; nothing for an initial, which half of all names have.
fn alone(unit: &Unit) -> Option<String> {
    match unit {
        Unit::Char(c) => Some(format!("u{c}")),
        Unit::Syllable(text) => Some(format!("y{text}")),
        Unit::Beginning(text) => {
            let meant: Vec<String> =
                beginning(text).take(BEGINNINGS + 1).map(|whole| format!("\"y{whole}\"")).collect();
            (text.len() > 1 && meant.len() <= BEGINNINGS).then(|| format!("({})", meant.join(" OR ")))
        }
    }
}

/// The syllables that begin with `text`.
fn beginning(text: &str) -> impl Iterator<Item = &'static String> {
    SYLLABLES.range(text.to_owned()..).take_while(move |whole| whole.starts_with(text))
}

/// The ways of reading a query: letters as syllables and initials, all else as itself.
fn ways(chars: &[char]) -> Vec<Vec<Unit>> {
    let mut found = Vec::new();
    let mut way = Vec::new();
    think(chars, &mut way, &mut found);
    found.sort_by_key(Vec::len);
    found.truncate(WAYS);
    // Letters can also be letters: A2O.
    let letters = chars.iter().any(char::is_ascii_alphabetic);
    if letters && !chars.is_empty() {
        found.push(chars.iter().copied().map(Unit::Char).collect());
    }
    found
}

fn think(rest: &[char], way: &mut Vec<Unit>, found: &mut Vec<Vec<Unit>>) {
    if found.len() >= THOUGHT_OF {
        return;
    }
    let Some(c) = rest.first() else {
        if !way.is_empty() {
            found.push(way.clone());
        }
        return;
    };
    let mut go = |unit: Unit, length: usize| {
        way.push(unit);
        think(&rest[length..], way, found);
        way.pop();
    };
    if !c.is_ascii_alphabetic() {
        go(Unit::Char(*c), 1);
        return;
    }
    let letters: String = rest.iter().take_while(|c| c.is_ascii_alphabetic()).take(SYLLABLE).collect();
    for length in (1..=letters.len()).rev() {
        let text = &letters[..length];
        let ends = length == rest.len();
        if SYLLABLES.contains(text) {
            go(Unit::Syllable(text.to_owned()), length);
        }
        let initial = length == 1 || matches!(text, "zh" | "ch" | "sh");
        if (ends || initial) && beginning(text).next().is_some() {
            go(Unit::Beginning(text.to_owned()), length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_two_characters_asks_for_one_word_that_begins_a_name_and_then_for_one_inside() {
        assert_eq!(queries(&Pattern::read("盐东")), ["\"s盐\" AND \"t盐东\"", "\"b盐东\""]);
    }

    #[test]
    fn letters_are_read_in_the_fewest_syllables_first() {
        let first = |query: &str| queries(&Pattern::read(query)).remove(0);
        assert_eq!(first("zhongdong"), "\"jzd\" AND \"kz\" AND \"ydong\" AND \"yzhong\"");
        assert_eq!(first("zd"), "\"jzd\" AND \"kz\"", "initials alone");
        assert!(queries(&Pattern::read("zho")).iter().any(|query| query.contains("\"yzhong\" OR \"yzhou\"")));
    }

    #[test]
    fn whatever_is_typed_is_bounded() {
        let all = queries(&Pattern::read(&"xianan'".repeat(50)));
        assert!(all.len() <= 2 * (WAYS + 1), "{} queries", all.len());
        assert!(
            queries(&Pattern::read("\"); DROP")).iter().all(|query| !query.contains(';')),
            "only words are asked for"
        );
        assert!(queries(&Pattern::read("，。")).is_empty(), "signs ask for nothing");
    }
}
