//! Reading a row straight into one of our types, and an error for everything else.
//!
//! Whatever is made is charged to the budget of the input before it is made.

use std::borrow::Cow;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::super::deserialize::Key;
use super::super::input::Input;
use super::super::table::Table;
use super::super::text::{self, Clock};
use super::super::{
    ARRAY, BIG, CompactError, DAY, DEEPEST, DIGITS, FALSE, FLOAT, HEX, INSTANT, INTEGER, MAX_UNPACKED, NULL, OBJECT,
    SMALL, TEXT, TRUE, UUID, WORD, ints,
};
use super::{END, FAR_WORD};

use CompactError::Damaged;

/// What a value takes in memory, at least.
const VALUE: usize = 32;

/// The value in `bytes`, after their mark.
pub(in super::super) fn read<T: DeserializeOwned>(bytes: &[u8], table: &'static Table) -> Result<T, CompactError> {
    let mut reader = Reader { input: Input::new(bytes, MAX_UNPACKED), table, depth: 0 };
    let value = T::deserialize(&mut reader)?;
    reader.input.end()?;
    Ok(value)
}

struct Reader<'de> {
    input: Input<'de>,
    table: &'static Table,
    depth: usize,
}

impl<'de> Reader<'de> {
    fn text(&mut self, mark: u8) -> Result<&'de str, CompactError> {
        let text = match mark {
            WORD.. => self.table.text((mark - WORD).into()).ok_or(Damaged)?,
            FAR_WORD => self.input.len().and_then(|place| self.table.text(place).ok_or(Damaged))?,
            TEXT => {
                let length = self.input.len()?;
                std::str::from_utf8(self.input.take(length)?).map_err(|_| Damaged)?
            }
            _ => return Err(Damaged),
        };
        self.input.charge(text.len(), 1)?;
        Ok(text)
    }

    fn signed(&mut self) -> Result<i64, CompactError> {
        ints::signed(&mut self.input)
    }

    fn uuid(&mut self) -> Result<[u8; 16], CompactError> {
        self.input.take(16)?.try_into().map_err(|_| Damaged)
    }

    /// What stands between here and the end that fits.
    fn inside<T>(
        &mut self,
        read: impl FnOnce(&mut Inside<'_, 'de>) -> Result<T, CompactError>,
    ) -> Result<T, CompactError> {
        if self.depth >= DEEPEST {
            return Err(Damaged);
        }
        self.depth += 1;
        let mut inside = Inside { reader: self, ended: false };
        let read = read(&mut inside)?;
        if !inside.ended && !inside.is_end()? {
            return Err(Damaged);
        }
        self.depth -= 1;
        Ok(read)
    }

    fn value<V: Visitor<'de>>(&mut self, mark: u8, visitor: V) -> Result<V::Value, CompactError> {
        match mark {
            NULL => visitor.visit_unit(),
            FALSE => visitor.visit_bool(false),
            TRUE => visitor.visit_bool(true),
            SMALL..WORD => visitor.visit_u64((mark - SMALL).into()),
            INTEGER => {
                let number = self.signed()?;
                match u64::try_from(number) {
                    Ok(number) => visitor.visit_u64(number),
                    Err(_) => visitor.visit_i64(number),
                }
            }
            BIG => visitor.visit_u64(self.input.number()?),
            FLOAT => {
                let float = f64::from_be_bytes(self.input.take(8)?.try_into().map_err(|_| Damaged)?);
                if float.is_finite() { visitor.visit_f64(float) } else { Err(Damaged) }
            }
            UUID => visitor.visit_str(text::uuid_text(self.uuid()?, &mut [0; 36])),
            HEX => {
                let length = self.input.len()?;
                self.input.charge(length, 2)?;
                visitor.visit_string(hex::encode(self.input.take(length)?))
            }
            DIGITS => visitor.visit_string(self.signed()?.to_string()),
            DAY => visitor.visit_string(text::day_text(self.signed()?).ok_or(Damaged)?),
            INSTANT => {
                let clock = Clock::of(self.input.byte()?).ok_or(Damaged)?;
                let instant = self.signed()?;
                let offset = if clock.has_offsets() { self.signed()? } else { 0 };
                visitor.visit_string(text::instant_text(clock, instant, offset).ok_or(Damaged)?)
            }
            ARRAY => self.inside(|inside| visitor.visit_seq(inside)),
            OBJECT => self.inside(|inside| visitor.visit_map(inside)),
            _ => visitor.visit_borrowed_str(self.text(mark)?),
        }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = CompactError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CompactError> {
        self.input.charge(1, VALUE)?;
        let mark = self.input.byte()?;
        self.value(mark, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CompactError> {
        if self.input.peek() != Some(UUID) {
            return self.deserialize_any(visitor);
        }
        self.input.byte()?;
        visitor.visit_bytes(&self.uuid()?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CompactError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CompactError> {
        if self.input.peek() == Some(NULL) {
            self.input.byte()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, CompactError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CompactError> {
        self.input.charge(1, VALUE)?;
        match self.input.byte()? {
            OBJECT => {
                self.inside(|inside| MapAccessDeserializer::new(inside).deserialize_enum(name, variants, visitor))
            }
            mark => visitor.visit_enum(StrDeserializer::new(self.text(mark)?)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The inside of an array or an object.
struct Inside<'r, 'de> {
    reader: &'r mut Reader<'de>,
    ended: bool,
}

impl Inside<'_, '_> {
    /// Whether the end is here, which is then passed.
    fn is_end(&mut self) -> Result<bool, CompactError> {
        self.ended = self.reader.input.peek().ok_or(Damaged)? == END;
        if self.ended {
            self.reader.input.byte()?;
        }
        Ok(self.ended)
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, 'de> {
    type Error = CompactError;
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, CompactError> {
        if self.ended || self.is_end()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, 'de> {
    type Error = CompactError;
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, CompactError> {
        if self.ended || self.is_end()? {
            return Ok(None);
        }
        let mark = self.reader.input.byte()?;
        self.reader.input.charge(1, VALUE)?;
        let key = self.reader.text(mark)?;
        seed.deserialize(Key(Cow::Borrowed(key))).map(Some)
    }
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, CompactError> {
        seed.deserialize(&mut *self.reader)
    }
}
