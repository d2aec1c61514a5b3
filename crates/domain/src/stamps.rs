//! Who last wrote what of a record.
//!
//! One change writes many groups and leaves the same stamp on each, so a record
//! has few different ones: they are shared in memory, and kept once in a row of a
//! database. For people and in JSON each group has its own.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pairs::Pairs;
use crate::record::Stamp;

/// Stamps by group, and by item of a set (`field#key`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stamps(BTreeMap<String, Arc<Stamp>>);

impl Stamps {
    /// Leaves `stamp` on `group`.
    pub fn set(&mut self, group: &str, stamp: &Arc<Stamp>) {
        match self.0.get_mut(group) {
            Some(standing) => *standing = Arc::clone(stamp),
            None => drop(self.0.insert(group.to_owned(), Arc::clone(stamp))),
        }
    }

    /// Takes the stamp off `group`.
    pub fn remove(&mut self, group: &str) {
        self.0.remove(group);
    }
}

impl Deref for Stamps {
    type Target = BTreeMap<String, Arc<Stamp>>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Serialize for Stamps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_map(self.0.iter().map(|(group, stamp)| (group, stamp.as_ref())));
        }
        let mut different: Vec<&Arc<Stamp>> = Vec::new();
        let mut groups: Vec<(&str, usize)> = Vec::with_capacity(self.0.len());
        for (group, stamp) in &self.0 {
            let at = different.iter().position(|other| Arc::ptr_eq(other, stamp) || *other == stamp);
            groups.push((group, at.unwrap_or(different.len())));
            if at.is_none() {
                different.push(stamp);
            }
        }
        (Shared(&different), Places(&groups)).serialize(serializer)
    }
}

struct Shared<'s>(&'s [&'s Arc<Stamp>]);

impl Serialize for Shared<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(AsRef::as_ref))
    }
}

struct Places<'s>(&'s [(&'s str, usize)]);

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl<'de> Deserialize<'de> for Stamps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_map(Each)
        } else {
            deserializer.deserialize_tuple(2, Each)
        }
    }
}

/// Reads either form.
struct Each;

impl<'de> Visitor<'de> for Each {
    type Value = Stamps;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("stamps by group")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Stamps, A::Error> {
        let (mut stamps, mut last) = (BTreeMap::new(), None::<Arc<Stamp>>);
        while let Some((group, stamp)) = map.next_entry::<String, Stamp>()? {
            let shared = last.filter(|last| **last == stamp).unwrap_or_else(|| Arc::new(stamp));
            stamps.insert(group, Arc::clone(&shared));
            last = Some(shared);
        }
        Ok(Stamps(stamps))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Stamps, A::Error> {
        let missing = || A::Error::custom("stamps without their groups");
        let different: Vec<Stamp> = parts.next_element()?.ok_or_else(missing)?;
        let different: Vec<Arc<Stamp>> = different.into_iter().map(Arc::new).collect();
        let Pairs(groups) = parts.next_element::<Pairs<usize>>()?.ok_or_else(missing)?;
        let shared = |(group, at): (String, usize)| Ok((group, Arc::clone(different.get(at).ok_or_else(missing)?)));
        groups.into_iter().map(shared).collect::<Result<_, _>>().map(Stamps)
    }
}
