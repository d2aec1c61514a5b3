//! Keys and values as they come, for a map that is built of all of them at once:
//! most of them come in order, and putting them in one by one takes longer than
//! reading them.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What a map holds, in the order in which it came.
pub(crate) struct Pairs<V>(pub(crate) Vec<(String, V)>);

/// A map by way of its [`Pairs`]. Of a key that comes twice the last value stands.
pub(crate) fn map<'de, V, D>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Pairs::deserialize(deserializer).map(|Pairs(pairs)| pairs.into_iter().collect())
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Each(PhantomData))
    }
}

struct Each<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Each<V> {
    type Value = Pairs<V>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("values by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<V>, A::Error> {
        // A hint, and no reason to reserve more than a page.
        let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(24).min(64));
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}
