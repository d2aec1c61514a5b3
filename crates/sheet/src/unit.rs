//! Units as they stand in headings and behind numbers, and exact conversion to
//! the unit in which a field is kept.

use domain::money::{WAN, YUAN};

/// 分 in one of the money unit `text` names, if it names one.
pub(crate) fn money(text: &str) -> Option<i64> {
    match text.trim() {
        "元" | "人民币元" | "yuan" | "rmb" | "cny" | "¥" => Some(YUAN),
        "千元" => Some(1_000 * YUAN),
        "万元" | "万" => Some(WAN),
        "百万元" => Some(100 * WAN),
        "亿元" | "亿" => Some(10_000 * WAN),
        _ => None,
    }
}

/// The plain name of the measure that `text` names, and how many of it one is.
pub(crate) fn measure(text: &str) -> Option<(&'static str, u32)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    Some(match text.as_str() {
        "m" | "米" => ("m", 1),
        "km" | "公里" | "千米" => ("m", 1_000),
        "m²" | "m2" | "平方米" | "平米" => ("m²", 1),
        "km²" | "km2" | "平方公里" | "平方千米" => ("km²", 1),
        "m³" | "m3" | "立方米" | "方" => ("m³", 1),
        // A ton of sewage is taken as a cubic metre, as every design sheet does.
        "t/d" | "吨/天" | "吨/日" | "吨/d" | "m³/d" | "m3/d" | "立方米/天" | "立方米/日" => ("t/d", 1),
        "万吨/天" | "万吨/日" | "万t/d" | "万m³/d" => ("t/d", 10_000),
        "亩" => ("亩", 1),
        "万亩" => ("亩", 10_000),
        "公顷" | "ha" | "hm²" => ("亩", 15),
        "户" => ("户", 1),
        "万户" => ("户", 10_000),
        "人" => ("人", 1),
        "万人" => ("人", 10_000),
        "个" => ("个", 1),
        "%" => ("%", 1),
        _ => return None,
    })
}

/// `number` (a plain decimal) with its unit behind it, apart: `350 米` is `350` and `米`.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | ' '))).unwrap_or(text.len());
    (text[..end].trim(), text[end..].trim())
}

/// The decimal `number` times `factor`, exact and without idle zeros; `None` when it is no decimal.
pub(crate) fn times(number: &str, factor: u32) -> Option<String> {
    let plain: String = number.chars().filter(|c| *c != ',').collect();
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    if factor == 1 {
        let whole = if whole.is_empty() { "0" } else { whole };
        return Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") });
    }
    let product = format!("{whole}{part}").parse::<u128>().ok()?.checked_mul(u128::from(factor))?;
    let digits = format!("{product:0>width$}", width = part.len() + 1);
    let (whole, part) = digits.split_at(digits.len() - part.len());
    let part = part.trim_end_matches('0');
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::{money, split, times};

    #[test]
    fn conversion_is_exact() {
        for (number, factor, expected) in [
            ("1.25", 1_000, Some("1250")),
            ("0.0005", 1_000, Some("0.5")),
            ("-2", 15, Some("-30")),
            ("1,200", 1, Some("1200")),
            ("1.50", 1, Some("1.50")),
            ("1e3", 1, None),
            ("", 1, None),
        ] {
            assert_eq!(times(number, factor).as_deref(), expected, "{number} × {factor}");
        }
    }

    #[test]
    fn a_number_stands_apart_from_its_unit() {
        assert_eq!(split("350 米"), ("350", "米"), "the unit behind a number is read as its unit");
        assert_eq!(split("约350"), ("", "约350"), "what does not begin as a number is none");
        assert_eq!(money("万元"), Some(1_000_000), "in 分");
    }
}
