//! The key of a map's entry as the text that it is in JSON: a number or truth value
//! is a key as its text, and anything with parts is none. Three forms are written
//! from serde (canonical, batches, rows), and their keys are the same.

use std::fmt::Display;
use std::marker::PhantomData;

use serde::Serialize;
use serde::ser::{Error, Impossible, Serializer};

/// What `take` makes of the text of `key`.
///
/// # Errors
/// A key that is no text.
pub(crate) fn text<T: Serialize + ?Sized, R, E: Error>(key: &T, take: impl FnOnce(&str) -> R) -> Result<R, E> {
    key.serialize(Text(take, PhantomData))
}

struct Text<F, R, E>(F, PhantomData<(R, E)>);

macro_rules! in_letters {
    ($($method:ident($given:ty))*) => {$(
        fn $method(self, value: $given) -> Result<R, E> {
            self.serialize_str(&value.to_string())
        }
    )*};
}

macro_rules! no_keys {
    ($($method:ident($($given:ty),*) $($made:ident)?;)*) => {$(
        fn $method(self, $(_: $given),*) -> Result<no_keys!(@ $($made)?), E> {
            Err(no_text())
        }
    )*};
    (@) => { R };
    (@ $made:ident) => { Self::$made };
}

fn no_text<E: Error>() -> E {
    E::custom("a key must be a text")
}

impl<F: FnOnce(&str) -> R, R, E: Error> Serializer for Text<F, R, E> {
    type Ok = R;
    type Error = E;
    type SerializeSeq = Impossible<R, E>;
    type SerializeTuple = Impossible<R, E>;
    type SerializeTupleStruct = Impossible<R, E>;
    type SerializeTupleVariant = Impossible<R, E>;
    type SerializeMap = Impossible<R, E>;
    type SerializeStruct = Impossible<R, E>;
    type SerializeStructVariant = Impossible<R, E>;

    fn serialize_str(self, value: &str) -> Result<R, E> {
        Ok(self.0(value))
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<R, E> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<R, E> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<R, E> {
        Err(no_text())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<R, E> {
        value.serialize(self)
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<R, E> {
        self.serialize_str(&value.to_string())
    }

    in_letters! {
        serialize_bool(bool) serialize_char(char)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    no_keys! {
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_seq(Option<usize>) SerializeSeq;
        serialize_tuple(usize) SerializeTuple;
        serialize_tuple_struct(&'static str, usize) SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) SerializeTupleVariant;
        serialize_map(Option<usize>) SerializeMap;
        serialize_struct(&'static str, usize) SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) SerializeStructVariant;
    }
}
