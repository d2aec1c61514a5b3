//! One form for texts that people type in several: full-width letters, digits
//! and brackets, odd spaces.

use std::borrow::Cow;

/// `text` with full-width ASCII made half-width and the ideographic space made plain.
///
/// For comparing and for reading numbers and dates; text that is kept stays as it was typed.
pub(crate) fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
        '【' | '〔' => '(',
        '】' | '〕' => ')',
        '￥' => '¥',
        // The minus of Unicode, the full-width hyphen of some input methods, and dashes.
        '\u{2212}' | '\u{2010}'..='\u{2014}' => '-',
        c => c,
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '㎡' => out.push_str("m²"),
            '㎥' => out.push_str("m³"),
            '㎞' => out.push_str("km"),
            c => out.push(narrow(c)),
        }
    }
    Cow::Owned(out)
}

/// `text` as headings are compared: half-width, no white space, lower case.
pub(crate) fn key(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A spreadsheet's number as it shows it: at most fifteen digits, no exponent.
///
/// 0.3 is kept as 0.30000000000000004 in many files; the seventeenth digit is the
/// machine's and not the clerk's.
pub(crate) fn number(value: f64) -> String {
    if let Some(whole) = whole(value) {
        return whole.to_string();
    }
    let plain = format!("{value}");
    if plain.bytes().filter(u8::is_ascii_digit).count() <= 15 {
        return plain;
    }
    let shown: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if shown == 0.0 { "0".to_owned() } else { format!("{shown}") }
}

/// The whole number that `value` is, within the fifteen digits that a spreadsheet keeps.
pub(crate) fn whole(value: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "fifteen digits are exact in a float")]
    (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64)
}

/// How alike two short names are, from 0 to 1: their common letters and pairs of
/// letters; one that contains the other is closer than its letters say.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    let start = |text: &str| key(&text.chars().take(256).collect::<String>()).chars().take(64).collect::<Vec<_>>();
    let (a, b) = (start(a), start(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let pairs = |text: &[char]| text.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>();
    let score = (dice(&a, b.clone()) + dice(&pairs(&a), pairs(&b))) / 2.0;
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    #[allow(clippy::cast_precision_loss, reason = "lengths of at most 64")]
    let within = long.windows(short.len()).any(|part| part == short.as_slice()) && short.len() > 1;
    #[allow(clippy::cast_precision_loss, reason = "lengths of at most 64")]
    let contained = if within { 0.6 + 0.4 * short.len() as f64 / long.len() as f64 } else { 0.0 };
    score.max(contained)
}

/// Twice the common items over all items.
fn dice<T: PartialEq>(a: &[T], mut b: Vec<T>) -> f64 {
    let all = a.len() + b.len();
    let common = a.iter().filter(|item| b.iter().position(|other| other == *item).map(|i| b.swap_remove(i)).is_some());
    #[allow(clippy::cast_precision_loss, reason = "lengths of at most 64")]
    let score = 2.0 * common.count() as f64 / all.max(1) as f64;
    score
}

#[cfg(test)]
mod tests {
    use super::{half_width, key, number, similarity};

    #[test]
    fn full_width_forms_become_plain_ones() {
        assert_eq!(half_width("１２．５（万元）"), "12.5(万元)", "a number is read however it was typed");
        assert_eq!(half_width("－３．２＋１−２"), "-3.2+1-2", "and so is its sign");
        assert_eq!(key(" 合 同\n价（万元）"), "合同价(万元)", "headings are often broken over two lines");
        assert_eq!(half_width("㎡"), "m²", "one sign for the square metre");
    }

    #[test]
    fn a_number_shows_no_more_digits_than_a_spreadsheet_does() {
        assert_eq!(number(0.1 + 0.2), "0.3", "floating dust is no digit of the clerk's");
        assert_eq!(number(320_902_001_001.0), "320902001001", "a place code typed as a number keeps its digits");
        assert_eq!(number(-0.0), "0", "there is one zero");
        assert_eq!(number(12.5), "12.5");
        assert_eq!(number(1e15), "1000000000000000");
    }

    #[test]
    fn likeness_ranks_names_as_a_person_would() {
        assert!(similarity("合同总价", "合同价") > similarity("合同总价", "总投资"), "three letters of four");
        assert!(similarity("中东村", "中东村委会") > similarity("中东村", "正洋村委会"));
        assert!(similarity("联系人", "备注") < 0.01, "nothing in common");
        assert!((similarity("开 工", "开工") - 1.0).abs() < 1e-9, "spaces are no letters");
    }
}
