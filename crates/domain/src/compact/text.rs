//! Texts that are something else in letters: identifiers, hashes, times, numbers.
//!
//! Each is taken for what it is only when it comes back letter for letter, so a
//! person's remark that happens to read `2026-03-01` stays what was typed.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

use super::node::Node;

/// How an instant is written: digits after the second, and which offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock(u8);

/// Whose offset is `Z`, `+08:00` (all of China), or another, given beside.
const UTC: u8 = 0x00;
const CHINA: u8 = 0x10;
const OTHER: u8 = 0x20;
const CHINA_MINUTES: i64 = 480;

/// Shorter hex is as likely a word or a number.
const SHORTEST_HEX: usize = 16;
/// Longer hex is no hash.
const LONGEST_HEX: usize = 256;
/// Longer numbers may not fit 64 bits; shorter ones cost no more as they are.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=18;

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

/// `text` for what it is.
pub(super) fn node(text: &str) -> Node<'static> {
    known(text).unwrap_or_else(|| Node::Text(Cow::Owned(text.to_owned())))
}

/// `text`, if it is more than a text.
pub(super) fn known(text: &str) -> Option<Node<'static>> {
    let bytes = text.as_bytes();
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !is_hex(bytes.first()?) {
        return None;
    }
    match bytes.len() {
        36 => uuid(text).map(Node::Uuid),
        10 if bytes[4] == b'-' => day(bytes).map(Node::Day),
        20..=35 if bytes[10] == b'T' => instant(bytes),
        length if DIGITS.contains(&length) && bytes[0] != b'0' && bytes.iter().all(u8::is_ascii_digit) => {
            decimal(bytes).map(Node::Digits)
        }
        SHORTEST_HEX..=LONGEST_HEX if bytes.iter().all(is_hex) => {
            hex::decode(bytes).ok().map(|bytes| Node::Hex(Cow::Owned(bytes)))
        }
        _ => None,
    }
}

/// The 16 bytes of a UUID in its usual form.
fn uuid(text: &str) -> Option<[u8; 16]> {
    let usual = text.bytes().all(|byte| !byte.is_ascii_uppercase());
    uuid::Uuid::try_parse(text).ok().filter(|_| usual).map(uuid::Uuid::into_bytes)
}

/// The text of a UUID.
pub(super) fn uuid_text(bytes: [u8; 16], buffer: &mut [u8; 36]) -> &str {
    uuid::Uuid::from_bytes(bytes).hyphenated().encode_lower(buffer)
}

/// The value of a run of decimal digits.
fn decimal(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |value, digit| {
        digit.is_ascii_digit().then(|| value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))).flatten()
    })
}

/// Where days are counted from: near the days that are written, so that they are small.
fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}

/// The day of a text like `2026-03-01`.
fn day(bytes: &[u8]) -> Option<i64> {
    let [y @ .., b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    if y.len() != 4 {
        return None;
    }
    let year = i32::try_from(decimal(y)?).ok()?;
    let month = u32::try_from(decimal(&[*m1, *m2])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, u32::try_from(decimal(&[*d1, *d2])?).ok()?)?;
    Some(i64::from(date.num_days_from_ce() - epoch().num_days_from_ce()))
}

/// The text of a day.
pub(super) fn day_text(day: i64) -> Option<String> {
    let mut out = String::with_capacity(10);
    push_day(&mut out, day)?;
    Some(out)
}

fn push_day(out: &mut String, day: i64) -> Option<()> {
    let from_ce = i32::try_from(day.checked_add(epoch().num_days_from_ce().into())?).ok()?;
    let date = NaiveDate::from_num_days_from_ce_opt(from_ce).filter(|date| (0..=9999).contains(&date.year()))?;
    push_number(out, date.year().into(), 4);
    out.push('-');
    push_number(out, date.month().into(), 2);
    out.push('-');
    push_number(out, date.day().into(), 2);
    Some(())
}

/// `value` in `digits` digits.
fn push_number(out: &mut String, value: i64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = value / 10_i64.pow(place) % 10;
        out.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
    }
}

impl Clock {
    /// The clock whose mark is `byte`.
    pub(super) fn of(byte: u8) -> Option<Self> {
        (byte & 0x0f <= 9 && byte & 0xf0 <= OTHER).then_some(Self(byte))
    }

    /// Its mark.
    pub(super) fn byte(self) -> u8 {
        self.0
    }

    /// Whether each instant's offset stands beside it.
    pub(super) fn has_offsets(self) -> bool {
        self.0 & 0xf0 == OTHER
    }

    fn digits(self) -> u32 {
        u32::from(self.0 & 0x0f)
    }
}

/// The instant that a text like `2026-03-01T08:30:00+08:00` names.
fn instant(text: &[u8]) -> Option<Node<'static>> {
    let (date, rest) = text.split_at_checked(11)?;
    let (time, mut rest) = rest.split_at_checked(8)?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = time else { return None };
    let below = |a: u8, b: u8, limit: i64| decimal(&[a, b]).filter(|value| *value < limit);
    let seconds = below(*h1, *h2, 24)? * 3_600 + below(*m1, *m2, 60)? * MINUTE + below(*s1, *s2, 60)?;
    let mut fraction: &[u8] = &[];
    if let [b'.', after @ ..] = rest {
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (fraction, rest) = after.split_at_checked(digits)?;
        if !(1..=9).contains(&digits) {
            return None;
        }
    }
    let (zone, offset) = match rest {
        [b'Z'] => (UTC, 0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let minutes = below(*h1, *h2, 24)? * 60 + below(*m1, *m2, 60)?;
            match (sign, minutes) {
                (b'+', CHINA_MINUTES) => (CHINA, minutes),
                (b'+', _) => (OTHER, minutes),
                (_, 0) => return None,
                _ => (OTHER, -minutes),
            }
        }
        _ => return None,
    };
    let local = day(date.strip_suffix(b"T")?)? * DAY + seconds;
    let digits = u8::try_from(fraction.len()).ok()?;
    let unit = 10_i64.checked_pow(digits.into())?;
    let value = (local - offset * MINUTE).checked_mul(unit)?.checked_add(decimal(fraction)?)?;
    Some(Node::Instant(Clock(zone | digits), value, offset))
}

/// The text of an instant.
pub(super) fn instant_text(clock: Clock, value: i64, offset: i64) -> Option<String> {
    let unit = 10_i64.pow(clock.digits());
    let offset = match clock.0 & 0xf0 {
        UTC => 0,
        CHINA => CHINA_MINUTES,
        _ => offset,
    };
    if offset.unsigned_abs() >= 24 * 60 {
        return None;
    }
    let local = value.div_euclid(unit).checked_add(offset * MINUTE)?;
    let second = local.rem_euclid(DAY);
    let mut out = String::with_capacity(35);
    push_day(&mut out, local.div_euclid(DAY))?;
    for (mark, part) in [('T', second / 3_600), (':', second / 60 % 60), (':', second % 60)] {
        out.push(mark);
        push_number(&mut out, part, 2);
    }
    if clock.digits() > 0 {
        out.push('.');
        push_number(&mut out, value.rem_euclid(unit), clock.digits());
    }
    if clock.0 & 0xf0 == UTC {
        out.push('Z');
    } else {
        out.push(if offset < 0 { '-' } else { '+' });
        push_number(&mut out, offset.abs() / 60, 2);
        out.push(':');
        push_number(&mut out, offset.abs() % 60, 2);
    }
    Some(out)
}
