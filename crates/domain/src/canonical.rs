//! One byte form for any value: JSON without spaces, object keys sorted.
//!
//! Hashes and signatures are taken over these bytes, so they must not depend on
//! how a map happened to be built or on which serde features a build unified.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical bytes of `value`.
///
/// # Panics
/// When `value` cannot be JSON at all (a map with keys that are no strings):
/// a mistake in the program, never in its input.
pub fn to_vec<T: Serialize>(value: &T) -> Vec<u8> {
    let value = serde_json::to_value(value).expect("our types are JSON");
    let mut out = Vec::with_capacity(256);
    write(&value, &mut out);
    out
}

/// Lower-case hex SHA-256 of the canonical bytes of `value`.
pub fn digest<T: Serialize>(value: &T) -> String {
    hex::encode(Sha256::digest(to_vec(value)))
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push(b'{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_plain(&Value::String(key.clone()), out);
                out.push(b':');
                write(&map[key], out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        plain => write_plain(plain, out),
    }
}

fn write_plain(value: &Value, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("memory takes every byte");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
