//! Writing a row: every one of our types, as it serializes itself.

use std::fmt::Display;

use serde::ser::{self, Error as _, Serialize};

use crate::key;

use super::super::node::Node;
use super::super::table::Table;
use super::super::{
    ARRAY, BIG, CompactError, DAY, DIGITS, FALSE, FLOAT, HEX, INSTANT, INTEGER, NULL, OBJECT, SMALL, TEXT, TRUE, UUID,
    WORD, ints, text,
};
use super::{END, FAR_WORD};

/// About what a record takes.
const USUAL: usize = 768;

/// `value` after `mark`.
pub(in super::super) fn write<T: Serialize + ?Sized>(
    value: &T,
    mark: u8,
    table: &'static Table,
) -> Result<Vec<u8>, CompactError> {
    let mut out = Out { bytes: Vec::with_capacity(USUAL), table };
    out.bytes.push(mark);
    value.serialize(&mut out)?;
    out.bytes.shrink_to_fit();
    Ok(out.bytes)
}

/// What has been written.
struct Out {
    bytes: Vec<u8>,
    table: &'static Table,
}

type Done = Result<(), CompactError>;

impl Out {
    fn text(&mut self, given: &str) {
        match self.table.place(given) {
            Some(place) => self.word(place),
            None => self.plain(given),
        }
    }

    fn word(&mut self, place: usize) {
        match u8::try_from(place).ok().and_then(|place| place.checked_add(WORD)) {
            Some(mark) => self.bytes.push(mark),
            None => {
                self.bytes.push(FAR_WORD);
                ints::put_len(&mut self.bytes, place);
            }
        }
    }

    fn plain(&mut self, given: &str) {
        self.bytes.push(TEXT);
        ints::put_len(&mut self.bytes, given.len());
        self.bytes.extend_from_slice(given.as_bytes());
    }

    fn number(&mut self, mark: u8, value: i64) {
        self.bytes.push(mark);
        ints::put_signed(&mut self.bytes, value);
    }

    fn uuid(&mut self, bytes: &[u8]) {
        self.bytes.push(UUID);
        self.bytes.extend_from_slice(bytes);
    }

    /// Opens what [`END`] will close, inside the variant if one is named.
    fn open(&mut self, variant: Option<&'static str>, mark: u8) -> Open<'_> {
        if let Some(variant) = variant {
            self.bytes.push(OBJECT);
            self.text(variant);
        }
        self.bytes.push(mark);
        Open { out: self, ends: if variant.is_some() { 2 } else { 1 } }
    }
}

/// An array or object on its way.
struct Open<'o> {
    out: &'o mut Out,
    ends: usize,
}

impl Open<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Done {
        item.serialize(&mut *self.out)
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Done {
        self.out.text(key);
        self.item(value)
    }

    fn close(self) {
        self.out.bytes.extend(std::iter::repeat_n(END, self.ends));
    }
}

impl<'o> ser::Serializer for &'o mut Out {
    type Ok = ();
    type Error = CompactError;
    type SerializeSeq = Open<'o>;
    type SerializeTuple = Open<'o>;
    type SerializeTupleStruct = Open<'o>;
    type SerializeTupleVariant = Open<'o>;
    type SerializeMap = Open<'o>;
    type SerializeStruct = Open<'o>;
    type SerializeStructVariant = Open<'o>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.bytes.push(if value { TRUE } else { FALSE });
        Ok(())
    }
    fn serialize_i8(self, value: i8) -> Done {
        self.serialize_i64(value.into())
    }
    fn serialize_i16(self, value: i16) -> Done {
        self.serialize_i64(value.into())
    }
    fn serialize_i32(self, value: i32) -> Done {
        self.serialize_i64(value.into())
    }
    fn serialize_i64(self, value: i64) -> Done {
        match u8::try_from(value).ok().and_then(|value| value.checked_add(SMALL)).filter(|mark| *mark < WORD) {
            Some(mark) => self.bytes.push(mark),
            None => self.number(INTEGER, value),
        }
        Ok(())
    }
    fn serialize_u8(self, value: u8) -> Done {
        self.serialize_i64(value.into())
    }
    fn serialize_u16(self, value: u16) -> Done {
        self.serialize_i64(value.into())
    }
    fn serialize_u32(self, value: u32) -> Done {
        self.serialize_i64(value.into())
    }
    fn serialize_u64(self, value: u64) -> Done {
        if let Ok(value) = i64::try_from(value) {
            return self.serialize_i64(value);
        }
        self.bytes.push(BIG);
        ints::put(&mut self.bytes, value);
        Ok(())
    }
    fn serialize_i128(self, value: i128) -> Done {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => self.serialize_i64(value),
            (_, Ok(value)) => self.serialize_u64(value),
            _ => Err(CompactError::custom("a number out of range")),
        }
    }
    fn serialize_u128(self, value: u128) -> Done {
        let value = u64::try_from(value).map_err(|_| CompactError::custom("a number out of range"))?;
        self.serialize_u64(value)
    }
    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }
    fn serialize_f64(self, value: f64) -> Done {
        if !value.is_finite() {
            return self.serialize_unit(); // JSON knows neither infinity nor what is no number.
        }
        self.bytes.push(FLOAT);
        self.bytes.extend_from_slice(&value.to_be_bytes());
        Ok(())
    }
    fn serialize_char(self, value: char) -> Done {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Done {
        match text::known(value) {
            Some(Node::Uuid(bytes)) => self.uuid(&bytes),
            Some(Node::Hex(bytes)) => {
                self.bytes.push(HEX);
                ints::put_len(&mut self.bytes, bytes.len());
                self.bytes.extend_from_slice(&bytes);
            }
            Some(Node::Digits(number)) => self.number(DIGITS, number),
            Some(Node::Day(day)) => self.number(DAY, day),
            Some(Node::Instant(clock, instant, offset)) => {
                self.bytes.extend_from_slice(&[INSTANT, clock.byte()]);
                ints::put_signed(&mut self.bytes, instant);
                if clock.has_offsets() {
                    ints::put_signed(&mut self.bytes, offset);
                }
            }
            _ => self.text(value),
        }
        Ok(())
    }
    fn serialize_bytes(self, value: &[u8]) -> Done {
        if value.len() == 16 {
            self.uuid(value);
            return Ok(());
        }
        self.collect_seq(value)
    }
    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Done {
        self.bytes.push(NULL);
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.text(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut object = self.open(None, OBJECT);
        object.entry(variant, value)?;
        object.close();
        Ok(())
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'o>, CompactError> {
        Ok(self.open(None, ARRAY))
    }
    fn serialize_tuple(self, _: usize) -> Result<Open<'o>, CompactError> {
        Ok(self.open(None, ARRAY))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'o>, CompactError> {
        Ok(self.open(None, ARRAY))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'o>, CompactError> {
        Ok(self.open(Some(variant), ARRAY))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Open<'o>, CompactError> {
        Ok(self.open(None, OBJECT))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'o>, CompactError> {
        Ok(self.open(None, OBJECT))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'o>, CompactError> {
        Ok(self.open(Some(variant), OBJECT))
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done {
        self.serialize_str(&value.to_string())
    }
}

macro_rules! items {
    ($($of:ident $each:ident)*) => {$(
        impl ser::$of for Open<'_> {
            type Ok = ();
            type Error = CompactError;
            fn $each<T: Serialize + ?Sized>(&mut self, item: &T) -> Done {
                self.item(item)
            }
            fn end(self) -> Done {
                self.close();
                Ok(())
            }
        }
    )*};
}

items! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

macro_rules! entries {
    ($($of:ident)*) => {$(
        impl ser::$of for Open<'_> {
            type Ok = ();
            type Error = CompactError;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
                self.entry(key, value)
            }
            fn end(self) -> Done {
                self.close();
                Ok(())
            }
        }
    )*};
}

entries! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = CompactError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        key::text(key, |key| self.out.text(key))
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.item(value)
    }
    fn end(self) -> Done {
        self.close();
        Ok(())
    }
}
