//! Any of our types as a [`Node`]: the same value that `serde_json::to_value`
//! gives, with keys borrowed from the program and sorted.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;
use serde::ser::{self, Error as _};
use serde_json::Error;

use crate::key;

use super::node::{Entry, Node};
use super::text;

/// `value` as a node.
pub(super) fn node<T: Serialize + ?Sized>(value: &T) -> Result<Node<'static>, Error> {
    value.serialize(Nodes)
}

struct Nodes;

type Made = Result<Node<'static>, Error>;

/// An array on its way, as the content of the variant if one is named.
struct Items {
    variant: Option<&'static str>,
    items: Vec<Node<'static>>,
}

/// An object on its way, as the content of the variant if one is named.
struct Entries {
    variant: Option<&'static str>,
    key: Cow<'static, str>,
    entries: Vec<Entry<'static>>,
}

impl Items {
    fn new(variant: Option<&'static str>, length: usize) -> Self {
        // A hint, and no reason to reserve more than a page.
        Self { variant, items: Vec::with_capacity(length.min(1_024)) }
    }

    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.items.push(node(item)?);
        Ok(())
    }
}

impl Entries {
    fn new(variant: Option<&'static str>, length: usize) -> Self {
        Self { variant, key: Cow::Borrowed(""), entries: Vec::with_capacity(length.min(1_024)) }
    }

    fn push<T: Serialize + ?Sized>(&mut self, key: Cow<'static, str>, value: &T) -> Result<(), Error> {
        self.entries.push((key, node(value)?));
        Ok(())
    }

    fn sorted(mut self) -> Node<'static> {
        if !self.entries.is_sorted_by(|one, next| one.0 < next.0) {
            self.entries.sort_by(|one, next| one.0.cmp(&next.0));
            // Of a key given twice the last value stands, as in every JSON object.
            self.entries.dedup_by(|later, earlier| {
                let twice = later.0 == earlier.0;
                if twice {
                    std::mem::swap(later, earlier);
                }
                twice
            });
        }
        named(self.variant, Node::Object(self.entries))
    }
}

/// `content`, as the content of `variant` if there is one.
fn named(variant: Option<&'static str>, content: Node<'static>) -> Node<'static> {
    match variant {
        Some(variant) => Node::Object(vec![(Cow::Borrowed(variant), content)]),
        None => content,
    }
}

impl ser::Serializer for Nodes {
    type Ok = Node<'static>;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    fn serialize_bool(self, value: bool) -> Made {
        Ok(Node::Bool(value))
    }
    fn serialize_i8(self, value: i8) -> Made {
        Ok(Node::Integer(value.into()))
    }
    fn serialize_i16(self, value: i16) -> Made {
        Ok(Node::Integer(value.into()))
    }
    fn serialize_i32(self, value: i32) -> Made {
        Ok(Node::Integer(value.into()))
    }
    fn serialize_i64(self, value: i64) -> Made {
        Ok(Node::Integer(value))
    }
    fn serialize_u8(self, value: u8) -> Made {
        Ok(Node::Integer(value.into()))
    }
    fn serialize_u16(self, value: u16) -> Made {
        Ok(Node::Integer(value.into()))
    }
    fn serialize_u32(self, value: u32) -> Made {
        Ok(Node::Integer(value.into()))
    }
    fn serialize_u64(self, value: u64) -> Made {
        Ok(i64::try_from(value).map_or(Node::Big(value), Node::Integer))
    }
    fn serialize_i128(self, value: i128) -> Made {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => self.serialize_i64(value),
            (_, Ok(value)) => self.serialize_u64(value),
            _ => Err(Error::custom("a number out of range")),
        }
    }
    fn serialize_u128(self, value: u128) -> Made {
        u64::try_from(value)
            .map_or_else(|_| Err(Error::custom("a number out of range")), |value| self.serialize_u64(value))
    }
    fn serialize_f32(self, value: f32) -> Made {
        self.serialize_f64(value.into())
    }
    fn serialize_f64(self, value: f64) -> Made {
        // JSON knows neither infinity nor what is no number.
        Ok(if value.is_finite() { Node::Float(value) } else { Node::Null })
    }
    fn serialize_char(self, value: char) -> Made {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Made {
        Ok(text::node(value))
    }
    fn serialize_bytes(self, value: &[u8]) -> Made {
        Ok(Node::Array(value.iter().map(|byte| Node::Integer((*byte).into())).collect()))
    }
    fn serialize_none(self) -> Made {
        Ok(Node::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Made {
        Ok(Node::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Made {
        Ok(Node::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Made {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Made {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Made {
        Ok(named(Some(variant), value.serialize(self)?))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Error> {
        Ok(Items::new(None, length.unwrap_or_default()))
    }
    fn serialize_tuple(self, length: usize) -> Result<Items, Error> {
        Ok(Items::new(None, length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items, Error> {
        Ok(Items::new(None, length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, Error> {
        Ok(Items::new(Some(variant), length))
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries::new(None, length.unwrap_or_default()))
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries, Error> {
        Ok(Entries::new(None, length))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Entries, Error> {
        Ok(Entries::new(Some(variant), length))
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Made {
        self.serialize_str(&value.to_string())
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.push(item)
    }
    fn end(self) -> Made {
        Ok(named(self.variant, Node::Array(self.items)))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.push(item)
    }
    fn end(self) -> Made {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for Items {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.push(item)
    }
    fn end(self) -> Made {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleVariant for Items {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.push(item)
    }
    fn end(self) -> Made {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Cow::Owned(key::text::<_, _, Error>(key, str::to_owned)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.push(key, value)
    }
    fn end(self) -> Made {
        Ok(self.sorted())
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.push(Cow::Borrowed(key), value)
    }
    fn end(self) -> Made {
        Ok(self.sorted())
    }
}

impl ser::SerializeStructVariant for Entries {
    type Ok = Node<'static>;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.push(Cow::Borrowed(key), value)
    }
    fn end(self) -> Made {
        Ok(self.sorted())
    }
}
