//! Figures as a rule writes them: money with its unit, plain numbers, percentages
//! and ratios. All are whole numbers inside (分, millionths, hundredths of a
//! percent), so that the same rule gives the same 分 on every machine.

use std::cmp::Ordering;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::money::{self, WAN, YUAN};

/// One 亿元 in 分.
const YI: i64 = 10_000 * WAN;

/// Millionths in one: how a plain number is held.
pub(super) const ONE: i64 = 1_000_000;

/// A hundredth, as scores are kept: the finest difference that a band knows.
pub(super) const HUNDREDTH: i64 = ONE / 100;

/// 分 from text with its unit: `50万元`, `2,000元`, `1亿元`.
pub(super) fn fen(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.strip_suffix("亿元").or_else(|| text.strip_suffix('亿')) {
        Some(number) => money::parse_scaled(number, YI),
        None => money::parse(text),
    }
}

/// Millionths from a plain number.
pub(super) fn number(text: &str) -> Option<i64> {
    money::parse_scaled(text, ONE)
}

/// A plain number without needless zeros: `83`, `0.5`.
pub(super) fn plain(millionths: i64) -> String {
    trimmed(millionths, ONE, 6)
}

fn trimmed(value: i64, unit: i64, places: usize) -> String {
    let (sign, value, unit) = (if value < 0 { "-" } else { "" }, value.unsigned_abs(), unit.unsigned_abs());
    let part = format!("{:0places$}", value % unit);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{part}", value / unit)
}

/// An amount as a Chinese text says it, to the last 分: `5.4亿元`, `24万元`, `1234.5元`.
#[must_use]
pub fn zh(fen: i64) -> String {
    let size = fen.unsigned_abs();
    if size >= YI.unsigned_abs() && fen % (YI / 100) == 0 {
        format!("{}亿元", trimmed(fen, YI, 10))
    } else if size >= WAN.unsigned_abs() && fen % (WAN / 100) == 0 {
        format!("{}万元", trimmed(fen, WAN, 6))
    } else {
        format!("{}元", trimmed(fen, YUAN, 2))
    }
}

/// An amount as an English text says it: `CNY 240,000`, `CNY 1,234.50`.
#[must_use]
pub fn en(fen: i64) -> String {
    let yuan = (fen / YUAN).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in yuan.chars().enumerate() {
        if at > 0 && (yuan.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if fen < 0 { "-" } else { "" };
    match (fen % YUAN).unsigned_abs() {
        0 => format!("CNY {sign}{grouped}"),
        part => format!("CNY {sign}{grouped}.{part:02}"),
    }
}

/// A percentage with at most two places, as hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub i64);

/// The whole.
pub(super) const WHOLE: i64 = 10_000;

impl fmt::Display for Percent {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}%", trimmed(self.0, 100, 2))
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = crate::indicator::ten_thousandths(text.trim().trim_end_matches('%')).map(Self);
        read.ok_or_else(|| D::Error::custom(format!("`{text}` is no percentage with at most two places")))
    }
}

/// `1:1`: so much from the one for so much from the other, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// What is matched.
    pub matched: i64,
    /// What is given for it.
    pub given: i64,
}

impl fmt::Display for Ratio {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}", plain(self.matched), plain(self.given))
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let positive = |side: &str| number(side).filter(|value| *value > 0);
        let sides = text.split_once([':', '：']).and_then(|(a, b)| positive(a).zip(positive(b)));
        let read = sides.map(|(matched, given)| Self { matched, given });
        read.ok_or_else(|| D::Error::custom(format!("`{text}` is no ratio such as 1:1")))
    }
}

/// A figure that something is compared with: money, or a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// 分.
    Money(i64),
    /// Millionths.
    Number(i64),
}

impl Figure {
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Money(one), Self::Money(other)) | (Self::Number(one), Self::Number(other)) => Some(one.cmp(&other)),
            _ => None,
        }
    }

    /// The whole number inside, whatever it counts.
    pub(super) fn raw(self) -> i64 {
        let (Self::Money(raw) | Self::Number(raw)) = self;
        raw
    }

    /// The smallest step of its kind that a band can tell apart.
    pub(super) fn finest(self) -> i64 {
        if matches!(self, Self::Money(_)) { 1 } else { HUNDREDTH }
    }

    pub(super) fn with_raw(self, raw: i64) -> Self {
        if matches!(self, Self::Money(_)) { Self::Money(raw) } else { Self::Number(raw) }
    }

    pub(super) fn zh(self) -> String {
        match self {
            Self::Money(fen) => zh(fen),
            Self::Number(number) => plain(number),
        }
    }

    pub(super) fn en(self) -> String {
        match self {
            Self::Money(fen) => en(fen),
            Self::Number(number) => plain(number),
        }
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = fen(&text).map(Self::Money).or_else(|| number(&text).map(Self::Number));
        read.ok_or_else(|| D::Error::custom(format!("`{text}` is neither money such as 50万元 nor a number")))
    }
}

/// An amount as a rule says it: `50万元`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fen(pub i64);

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = fen(&text).filter(|fen| *fen >= 0).map(Self);
        read.ok_or_else(|| D::Error::custom(format!("`{text}` is no amount such as 50万元 or 2000元")))
    }
}

#[cfg(test)]
mod tests {
    use super::{en, fen, number, plain, zh};

    #[test]
    fn an_amount_is_said_in_the_unit_that_loses_nothing() {
        for (value, chinese, english) in [
            ("5.4亿元", "5.4亿元", "CNY 540,000,000"),
            ("100万元", "100万元", "CNY 1,000,000"),
            ("1234.5元", "1234.5元", "CNY 1,234.50"),
            ("12345.67元", "12345.67元", "CNY 12,345.67"),
            ("0元", "0元", "CNY 0"),
            ("-500元", "-500元", "CNY -500"),
        ] {
            let value = fen(value).expect("money");
            assert_eq!((zh(value).as_str(), en(value).as_str()), (chinese, english));
            assert_eq!(fen(&zh(value)), Some(value), "what is printed can be read again");
        }
    }

    #[test]
    fn a_number_is_read_to_the_millionth_and_no_further() {
        assert_eq!(number("83.5").map(plain).as_deref(), Some("83.5"));
        assert_eq!(number("0.0000001"), None, "finer than is kept");
        assert_eq!(fen("1亿亿元"), None);
    }
}
