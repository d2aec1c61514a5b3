//! Money: whole 分 (hundredths of a yuan), never floating point.

use std::num::NonZeroI64;

/// One yuan in 分.
pub const YUAN: i64 = 100;

/// One 万元 in 分.
pub const WAN: i64 = 10_000 * YUAN;

/// 分 from text with its unit: `12.5万元`, `125000元`, `1,200.50 元`.
///
/// `None` without a unit (12.5 what?), with more places than the unit has 分,
/// and for what is no number.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(number) = text.strip_suffix("万元").or_else(|| text.strip_suffix('万')) {
        parse_scaled(number, WAN)
    } else if let Some(number) = text.strip_suffix('元') {
        parse_scaled(number, YUAN)
    } else {
        None
    }
}

/// The decimal `number` times `unit`, if that is a whole number of 分.
///
/// Commas between digits (half or full width) are passed over.
#[must_use]
pub fn parse_scaled(number: &str, unit: i64) -> Option<i64> {
    let number: String = number.trim().chars().filter(|c| !matches!(c, ',' | '，')).collect();
    let (negative, digits) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.as_str()),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let mut fen = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()?.checked_mul(unit)? };
    let mut step = unit;
    for digit in part.bytes() {
        let digit = i64::from(digit - b'0');
        if step % 10 == 0 {
            step /= 10;
            fen = fen.checked_add(digit * step)?;
        } else if digit != 0 {
            return None; // Finer than a 分.
        }
    }
    Some(if negative { -fen } else { fen })
}

/// `12.50`: yuan with two places.
#[must_use]
pub fn yuan(fen: i64) -> String {
    decimal(fen, YUAN, 2)
}

/// `2,143,000.00`: the same as a sentence says it, in groups of three.
#[must_use]
pub fn grouped(fen: i64) -> String {
    let plain = yuan(fen);
    let (sign, size) = plain.strip_prefix('-').map_or(("", plain.as_str()), |size| ("-", size));
    let (whole, places) = size.split_once('.').unwrap_or((size, ""));
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{places}")
}

/// `0.13`: 万元 with two places, as official tables show it; a tie goes away from zero.
#[must_use]
pub fn wan(fen: i64) -> String {
    let cents_of_wan = round_to(fen, NonZeroI64::new(WAN / 100).expect("a constant above zero"));
    decimal(cents_of_wan, 100, 2)
}

/// `fen` in whole steps, a tie going away from zero (四舍五入).
fn round_to(fen: i64, step: NonZeroI64) -> i64 {
    let step = step.get();
    (fen.abs() + step / 2) / step * fen.signum()
}

fn decimal(value: i64, unit: i64, places: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let unit = unit.unsigned_abs();
    format!("{sign}{}.{:0places$}", value / unit, value % unit)
}

/// The sum, or `None` when it leaves what 64 bits hold.
#[must_use]
pub fn sum(amounts: impl IntoIterator<Item = i64>) -> Option<i64> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add)
}

/// `amount` × `numerator` / `denominator` to the nearest 分, a tie going away from
/// zero (四舍五入), and whether nothing had to be rounded.
///
/// `None` for a denominator of nothing, or where the result leaves what 64 bits hold.
#[must_use]
pub fn part(amount: i64, numerator: i64, denominator: i64) -> Option<(i64, bool)> {
    if denominator <= 0 {
        return None;
    }
    let product = i128::from(amount).checked_mul(i128::from(numerator))?;
    let of = i128::from(denominator);
    let size = (product.abs() + of / 2) / of;
    Some((i64::try_from(size * product.signum()).ok()?, product % of == 0))
}

/// `total` divided by `weights`, so that the parts come to the total to the last 分:
/// each gets its whole 分, and the 分 that remain go one by one to those that lost
/// most by rounding down, the earlier first where two lost the same (最大余数法).
///
/// `None` without a weight above zero, or with one below it.
#[must_use]
pub fn apportion(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let of: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if of <= 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let size = i128::from(total.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let product = size.checked_mul(i128::from(*weight))?;
        parts.push((product % of, at, product / of));
    }
    let mut left = size - parts.iter().map(|(_, _, part)| part).sum::<i128>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(parts[*at].0), *at));
    for at in order {
        if left == 0 {
            break;
        }
        parts[at].2 += 1;
        left -= 1;
    }
    let sign = i128::from(total.signum());
    parts.into_iter().map(|(_, _, part)| i64::try_from(part * sign).ok()).collect()
}

/// The amount in capitals (大写), as a receipt writes it: 壹拾贰万伍仟元整.
///
/// Source: 中国人民银行《支付结算办法》附一《正确填写票据和结算凭证的基本规定》.
#[must_use]
pub fn capitals(fen: i64) -> String {
    const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
    const FOURS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
    let mut out = String::new();
    if fen < 0 {
        out.push('负');
    }
    let fen = fen.unsigned_abs();
    let (yuan, jiao, cent) = (fen / 100, fen / 10 % 10, fen % 10);
    let digit = |d: u64| DIGITS[usize::try_from(d).expect("below ten")];
    if yuan > 0 {
        let text = yuan.to_string();
        let mut zero_due = false;
        let mut four_written = false;
        for (i, byte) in text.bytes().enumerate() {
            let power = text.len() - 1 - i;
            let d = u64::from(byte - b'0');
            if d == 0 {
                zero_due = true;
            } else {
                if zero_due {
                    out.push('零');
                }
                zero_due = false;
                out.push_str(digit(d));
                out.push_str(PLACES[power % 4]);
                four_written = true;
            }
            if power % 4 == 0 {
                if four_written {
                    out.push_str(FOURS[power / 4]);
                }
                four_written = false;
            }
        }
        out.push('元');
    }
    if jiao == 0 && cent == 0 {
        if yuan == 0 {
            out.push_str("零元");
        }
        out.push('整');
        return out;
    }
    if jiao > 0 {
        out.push_str(digit(jiao));
        out.push('角');
    } else if yuan > 0 {
        out.push('零');
    }
    if cent > 0 {
        out.push_str(digit(cent));
        out.push('分');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_with_their_unit_and_to_the_last_fen() {
        for (text, fen) in [
            ("12.5万元", 12_500_000),
            ("125000元", 12_500_000),
            ("1,200.50 元", 120_050),
            ("0.000001万", 1),
            ("-3元", -300),
            ("１２元", i64::MIN), // full-width digits are the importer's business
            ("12.5", i64::MIN),
            ("0.001元", i64::MIN),
            ("元", i64::MIN),
            ("99999999999999999999元", i64::MIN),
        ] {
            let expected = (fen != i64::MIN).then_some(fen);
            assert_eq!(parse(text), expected, "`{text}` must be read exactly or not at all");
        }
    }

    #[test]
    fn a_sentence_groups_its_yuan_by_threes() {
        for (fen, said) in [
            (0, "0.00"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (214_300_000, "2,143,000.00"),
            (-12_345_600, "-123,456.00"),
            (i64::MIN, "-92,233,720,368,547,758.08"),
        ] {
            assert_eq!(grouped(fen), said);
            assert_eq!(said.replace(',', ""), yuan(fen), "the same amount");
        }
    }

    #[test]
    fn the_fen_that_remain_go_to_those_who_lost_most_and_then_by_place() {
        assert_eq!(apportion(100, &[1, 1, 1]), Some(vec![34, 33, 33]), "a tie goes to the earlier");
        assert_eq!(apportion(100, &[1, 2, 4]), Some(vec![14, 29, 57]), "4/7 lost least by rounding down");
        assert_eq!(apportion(-100, &[1, 1, 1]), Some(vec![-34, -33, -33]), "what is paid back alike");
        assert_eq!(apportion(5, &[0, 1]), Some(vec![0, 5]), "who has no weight gets nothing");
        assert_eq!((apportion(1, &[]), apportion(1, &[0]), apportion(1, &[2, -1])), (None, None, None));
        assert_eq!(part(i64::MAX, 2, 1), None, "too large is no amount");
    }

    #[test]
    fn capitals_read_as_a_receipt_has_them() {
        for (fen, text) in [
            (0, "零元整"),
            (12_500_000, "壹拾贰万伍仟元整"),
            (100_000_000, "壹佰万元整"),
            (140_953, "壹仟肆佰零玖元伍角叁分"),
            (600_714, "陆仟零柒元壹角肆分"),
            (10_700_053, "壹拾万零柒仟元伍角叁分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (1_000_000_010_000, "壹佰亿零壹佰元整"),
        ] {
            assert_eq!(capitals(fen), text, "{fen} 分");
        }
    }

    proptest! {
        #[test]
        fn parts_come_to_the_total_and_none_is_a_fen_off_its_share(
            total in -1_000_000_000_000_000_i64..1_000_000_000_000_000,
            weights in prop::collection::vec(0_i64..1_000_000, 1..40),
        ) {
            let of: i64 = weights.iter().sum();
            prop_assume!(of > 0);
            let parts = apportion(total, &weights).expect("weights above zero");
            prop_assert_eq!(parts.iter().sum::<i64>(), total, "to the last 分");
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(*part) * i128::from(of) - i128::from(total) * i128::from(*weight);
                prop_assert!(off.abs() < i128::from(of), "less than a 分 from its exact share");
            }
            prop_assert_eq!(&parts, &apportion(total, &weights).expect("again"), "the same every time");
        }

        #[test]
        fn a_part_is_the_nearest_fen(amount in -1_000_000_000_000_i64..1_000_000_000_000, n in 0_i64..20_000, d in 1_i64..20_000) {
            let (part, exact) = part(amount, n, d).expect("within bounds");
            let off = (i128::from(part) * i128::from(d) - i128::from(amount) * i128::from(n)).abs();
            prop_assert!(off * 2 <= i128::from(d), "nearest");
            prop_assert_eq!(exact, off == 0);
        }

        #[test]
        fn what_is_printed_in_yuan_is_read_back_unchanged(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            prop_assert_eq!(parse(&format!("{}元", yuan(fen))), Some(fen));
        }

        #[test]
        fn wan_is_never_further_off_than_half_its_last_place(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            let shown = parse_scaled(&wan(fen), WAN).expect("two places of 万元 are whole 分");
            prop_assert!((shown - fen).abs() <= WAN / 200);
        }
    }
}
