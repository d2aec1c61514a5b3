//! One byte form for any value: JSON without spaces, object keys sorted.
//!
//! Hashes and signatures are taken over these bytes, so they must not depend on
//! how a map happened to be built or on which serde features a build unified.

mod writer;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The canonical bytes of `value`.
///
/// # Panics
/// When `value` cannot be JSON at all (a map with keys that are no strings):
/// a mistake in the program, never in its input.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    value.serialize(writer::Writer { out: &mut out }).expect("our types are JSON");
    out
}

/// Lower-case hex SHA-256 of the canonical bytes of `value`.
pub fn digest<T: Serialize>(value: &T) -> String {
    hex::encode(Sha256::digest(to_vec(value)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::{Value, json};

    /// Every sort of thing that serde knows.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Everything<'a> {
        zebra: Option<u8>,
        unit: (),
        apple: Choice,
        newtype: Choice,
        tuple: Choice,
        fields: Choice,
        tagged: Tagged,
        #[serde(flatten)]
        flat: BTreeMap<String, Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<u8>,
        text: &'a str,
        numbers: (i8, u64, i64, f64, f64, f64, f32),
        letter: char,
        by_number: BTreeMap<u16, bool>,
        bytes: Bytes,
    }

    #[derive(Serialize)]
    enum Choice {
        Unit,
        Newtype(u32),
        Tuple(u8, String),
        #[serde(rename_all = "camelCase")]
        Fields {
            second_word: bool,
            first: u8,
        },
    }

    #[derive(Serialize)]
    #[serde(tag = "zz", rename_all = "camelCase")]
    enum Tagged {
        Inside { a: u8, zzz: u8 },
    }

    struct Bytes;

    impl Serialize for Bytes {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&[0, 255])
        }
    }

    #[test]
    fn whatever_serde_knows_is_written_as_its_json_value_with_sorted_keys() {
        let flat = json!({"mm": {"b": [{}, [], {"y": null, "x": 1}], "a": "引号\" 反斜\\ 行\n 控\u{1}"}, "aa": -1});
        let value = Everything {
            zebra: None,
            unit: (),
            apple: Choice::Unit,
            newtype: Choice::Newtype(7),
            tuple: Choice::Tuple(1, "村".to_owned()),
            fields: Choice::Fields { second_word: true, first: 0 },
            tagged: Tagged::Inside { a: 1, zzz: 2 },
            flat: serde_json::from_value(flat).expect("an object"),
            absent: None,
            text: "厕所/\u{7f}\u{2028}",
            numbers: (i8::MIN, u64::MAX, i64::MIN, 0.1, -0.0, 1e300, 0.1),
            letter: '农',
            by_number: BTreeMap::from([(10, true), (9, false)]),
            bytes: Bytes,
        };
        let json = serde_json::to_value(&value).expect("JSON");
        let mut plain = Vec::new();
        sorted(&json, &mut plain);
        let (ours, plain) = (String::from_utf8(super::to_vec(&value)), String::from_utf8(plain));
        assert_eq!(ours, plain, "hashes of every version are over these bytes");
        assert_eq!(super::to_vec(&json), super::to_vec(&value), "a value and what it was read into");
        let lost = [f64::NAN, f64::INFINITY];
        assert_eq!(super::to_vec(&lost), b"[null,null]", "JSON has no such numbers");
    }

    /// As plainly as it can be said.
    fn sorted(value: &Value, out: &mut Vec<u8>) {
        match value {
            Value::Object(map) => {
                let sorted: BTreeMap<&String, &Value> = map.iter().collect();
                out.push(b'{');
                for (n, (key, value)) in sorted.into_iter().enumerate() {
                    if n > 0 {
                        out.push(b',');
                    }
                    serde_json::to_writer(&mut *out, key).expect("memory takes every byte");
                    out.push(b':');
                    self::sorted(value, out);
                }
                out.push(b'}');
            }
            Value::Array(items) => {
                out.push(b'[');
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        out.push(b',');
                    }
                    sorted(item, out);
                }
                out.push(b']');
            }
            plain => serde_json::to_writer(&mut *out, plain).expect("memory takes every byte"),
        }
    }

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let bytes = super::to_vec(&json!({"b": {"z": 1, "a": [{"y": 1, "x": "厕所"}]}, "a": null}));
        assert_eq!(
            String::from_utf8(bytes).expect("JSON is UTF-8"),
            r#"{"a":null,"b":{"a":[{"x":"厕所","y":1}],"z":1}}"#,
            "a signature must not depend on the order in which a map was filled"
        );
    }
}
