//! A value on its way in or out: like `serde_json::Value`, with texts taken for
//! what they are, and borrowing where it can. Most of the time that packing
//! takes would else be spent on copies of keys.

use std::borrow::Cow;

use super::text::Clock;

/// One value.
#[derive(Debug, Clone)]
pub(super) enum Node<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// A whole number above `i64::MAX`.
    Big(u64),
    Float(f64),
    /// Nothing but a text.
    Text(Cow<'a, str>),
    /// A UUID in lower case with hyphens.
    Uuid([u8; 16]),
    /// Bytes in lower-case hex.
    Hex(Cow<'a, [u8]>),
    /// A whole number without sign and leading zeros, as text.
    Digits(i64),
    /// A day, `2026-03-01`, counted from one near ours.
    Day(i64),
    /// An instant in the form of its clock, in its smallest unit, and its offset in minutes.
    Instant(Clock, i64, i64),
    Array(Vec<Node<'a>>),
    /// Keys sorted, each once.
    Object(Vec<Entry<'a>>),
}

/// A key and its value.
pub(super) type Entry<'a> = (Cow<'a, str>, Node<'a>);
