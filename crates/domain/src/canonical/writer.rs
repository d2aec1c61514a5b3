//! Canonical JSON, written as serde goes through a value: what is hashed for every
//! change on every device is not first made into a tree.
//!
//! The bytes are those of `serde_json::to_value` with sorted keys. An object's
//! entries are written as they come; where they come in another order than their
//! keys', they are put in order when the object ends.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{self, Error as _};
use serde_json::Error;

use crate::key;

/// Writes one value to the end of `out`.
pub(super) struct Writer<'o> {
    pub(super) out: &'o mut Vec<u8>,
}

type Done = Result<(), Error>;

/// An array on its way.
pub(super) struct Items<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
    /// Closes the object around it, where it is the content of a variant.
    inside: bool,
}

/// An object on its way.
pub(super) struct Entries<'o> {
    out: &'o mut Vec<u8>,
    /// Where its first entry begins.
    start: usize,
    /// Each key, and where its entry begins.
    entries: Vec<(Key, usize)>,
    inside: bool,
}

type Key = std::borrow::Cow<'static, str>;

impl<'o> Writer<'o> {
    fn plain<T: Serialize + ?Sized>(self, value: &T) -> Done {
        serde_json::to_writer(self.out, value)
    }

    /// Begins the object around the content of a variant.
    fn named(&mut self, variant: &'static str) -> Done {
        self.out.push(b'{');
        Writer { out: self.out }.plain(variant)?;
        self.out.push(b':');
        Ok(())
    }

    fn items(self, inside: bool) -> Items<'o> {
        self.out.push(b'[');
        Items { out: self.out, first: true, inside }
    }

    fn entries(self, length: usize, inside: bool) -> Entries<'o> {
        self.out.push(b'{');
        let start = self.out.len();
        Entries { out: self.out, start, entries: Vec::with_capacity(length.min(64)), inside }
    }
}

impl Items<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Done {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        item.serialize(Writer { out: self.out })
    }

    fn close(self) -> Done {
        self.out.push(b']');
        if self.inside {
            self.out.push(b'}');
        }
        Ok(())
    }
}

impl Entries<'_> {
    fn key(&mut self, key: Key) -> Done {
        if !self.entries.is_empty() {
            self.out.push(b',');
        }
        let at = self.out.len();
        Writer { out: self.out }.plain(key.as_ref())?;
        self.out.push(b':');
        self.entries.push((key, at));
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(Writer { out: self.out })
    }

    fn close(mut self) -> Done {
        if !self.entries.is_sorted_by(|one, next| one.0 < next.0) {
            self.sort();
        }
        self.out.push(b'}');
        if self.inside {
            self.out.push(b'}');
        }
        Ok(())
    }

    fn sort(&mut self) {
        let written = self.out.split_off(self.start);
        let mut entries: Vec<(&Key, &[u8])> = Vec::with_capacity(self.entries.len());
        for (n, (key, at)) in self.entries.iter().enumerate() {
            // Up to the comma before the next one.
            let end = self.entries.get(n + 1).map_or(written.len(), |next| next.1 - self.start - 1);
            entries.push((key, &written[at - self.start..end]));
        }
        entries.sort_by(|one, other| one.0.cmp(other.0));
        let last_of_its_key = |n: usize| entries.get(n + 1).is_none_or(|next| next.0 != entries[n].0);
        for n in (0..entries.len()).filter(|n| last_of_its_key(*n)) {
            if self.out.len() > self.start {
                self.out.push(b',');
            }
            self.out.extend_from_slice(entries[n].1);
        }
    }
}

impl<'o> ser::Serializer for Writer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'o>;
    type SerializeTuple = Items<'o>;
    type SerializeTupleStruct = Items<'o>;
    type SerializeTupleVariant = Items<'o>;
    type SerializeMap = Entries<'o>;
    type SerializeStruct = Entries<'o>;
    type SerializeStructVariant = Entries<'o>;

    fn serialize_bool(self, value: bool) -> Done {
        self.plain(&value)
    }
    fn serialize_i8(self, value: i8) -> Done {
        self.plain(&value)
    }
    fn serialize_i16(self, value: i16) -> Done {
        self.plain(&value)
    }
    fn serialize_i32(self, value: i32) -> Done {
        self.plain(&value)
    }
    fn serialize_i64(self, value: i64) -> Done {
        self.plain(&value)
    }
    fn serialize_i128(self, value: i128) -> Done {
        match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => self.plain(&value),
            (_, Ok(value)) => self.plain(&value),
            _ => Err(Error::custom("a number out of range")),
        }
    }
    fn serialize_u8(self, value: u8) -> Done {
        self.plain(&value)
    }
    fn serialize_u16(self, value: u16) -> Done {
        self.plain(&value)
    }
    fn serialize_u32(self, value: u32) -> Done {
        self.plain(&value)
    }
    fn serialize_u64(self, value: u64) -> Done {
        self.plain(&value)
    }
    fn serialize_u128(self, value: u128) -> Done {
        match u64::try_from(value) {
            Ok(value) => self.plain(&value),
            Err(_) => Err(Error::custom("a number out of range")),
        }
    }
    fn serialize_f32(self, value: f32) -> Done {
        // A JSON value keeps every fraction as this.
        self.plain(&f64::from(value))
    }
    fn serialize_f64(self, value: f64) -> Done {
        self.plain(&value)
    }
    fn serialize_char(self, value: char) -> Done {
        self.plain(&value)
    }
    fn serialize_str(self, value: &str) -> Done {
        self.plain(value)
    }
    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.plain(value)
    }
    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Done {
        self.out.extend_from_slice(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.plain(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.named(variant)?;
        value.serialize(Writer { out: self.out })?;
        self.out.push(b'}');
        Ok(())
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'o>, Error> {
        Ok(self.items(false))
    }
    fn serialize_tuple(self, _: usize) -> Result<Items<'o>, Error> {
        Ok(self.items(false))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'o>, Error> {
        Ok(self.items(false))
    }
    fn serialize_tuple_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'o>, Error> {
        self.named(variant)?;
        Ok(self.items(true))
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Entries<'o>, Error> {
        Ok(self.entries(length.unwrap_or(0), false))
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries<'o>, Error> {
        Ok(self.entries(length, false))
    }
    fn serialize_struct_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Entries<'o>, Error> {
        self.named(variant)?;
        Ok(self.entries(length, true))
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done {
        self.plain(&value.to_string())
    }
}

macro_rules! items {
    ($($of:ident $push:ident)*) => {$(
        impl ser::$of for Items<'_> {
            type Ok = ();
            type Error = Error;
            fn $push<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.push(value)
            }
            fn end(self) -> Done {
                self.close()
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

macro_rules! fields {
    ($($of:ident)*) => {$(
        impl ser::$of for Entries<'_> {
            type Ok = ();
            type Error = Error;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
                self.key(Key::Borrowed(key))?;
                self.value(value)
            }
            fn end(self) -> Done {
                self.close()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        let key = key::text::<_, _, Error>(key, str::to_owned)?;
        self.key(Key::Owned(key))
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.value(value)
    }
    fn end(self) -> Done {
        self.close()
    }
}
