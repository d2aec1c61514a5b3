//! One form for texts that people type in several: full-width letters, digits
//! and brackets, odd spaces.

/// `text` with full-width ASCII made half-width and the ideographic space made plain.
///
/// For comparing and for reading numbers and dates; text that is kept stays as it was typed.
pub(crate) fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '【' | '〔' => '(',
        '】' | '〕' => ')',
        '￥' => '¥',
        c => c,
    };
    text.replace('㎡', "m²").chars().map(narrow).collect()
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
    let shown: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if shown == 0.0 { "0".to_owned() } else { format!("{shown}") }
}

#[cfg(test)]
mod tests {
    use super::{half_width, key, number};

    #[test]
    fn full_width_forms_become_plain_ones() {
        assert_eq!(half_width("１２．５（万元）"), "12.5(万元)", "a number is read however it was typed");
        assert_eq!(key(" 合 同\n价（万元）"), "合同价(万元)", "headings are often broken over two lines");
        assert_eq!(half_width("㎡"), "m²", "one sign for the square metre");
    }

    #[test]
    fn a_number_shows_no_more_digits_than_a_spreadsheet_does() {
        assert_eq!(number(0.1 + 0.2), "0.3", "floating dust is no digit of the clerk's");
        assert_eq!(number(320_902_001_001.0), "320902001001", "a place code typed as a number keeps its digits");
        assert_eq!(number(-0.0), "0", "there is one zero");
    }
}
