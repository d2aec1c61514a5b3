//! Parts of a log on their way from the district to a laptop.

use serde::{Deserialize, Serialize};

use crate::{Change, LogEntry, Record, RecordId, Verdict};

/// Entries of one scope's log, without a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The `seq` before the first of them.
    pub after: u64,
    /// That entry's hash.
    pub before: String,
    /// The entries.
    pub entries: Vec<Told>,
    /// The hash of the last.
    pub hash: String,
    /// The district's seal on the last, in hex.
    pub seal: String,
}

/// One entry of a page. Its `seq` is its place there, and its hash follows from
/// what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Flat")]
pub struct Told {
    /// What was asked.
    #[serde(flatten)]
    pub what: What,
    /// What became of it.
    pub verdict: Verdict,
    /// As [`crate::LogEntry::skew`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew: Option<i64>,
}

/// [`Told`] as it is read: serde would copy all that is flattened before it reads it.
#[derive(Deserialize)]
struct Flat {
    change: Option<Box<Change>>,
    own: Option<u64>,
    verdict: Verdict,
    skew: Option<i64>,
}

impl TryFrom<Flat> for Told {
    type Error = &'static str;
    fn try_from(Flat { change, own, verdict, skew }: Flat) -> Result<Self, Self::Error> {
        let what = match (change, own) {
            (Some(change), None) => What::Change(change),
            (None, Some(counter)) => What::Own(counter),
            _ => return Err("an entry is about a change, or about one of the laptop's own"),
        };
        Ok(Self { what, verdict, skew })
    }
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// A change that the laptop has not got.
    Change(Box<Change>),
    /// One of the laptop's own changes, which lies in its outbox under this counter.
    Own(u64),
}

impl Page {
    /// The page of `entries`, which follow the one with the hash `before`; `None`
    /// where there are none.
    #[must_use]
    pub fn of(before: &str, entries: &[LogEntry], seal: &str) -> Option<Self> {
        let told = |entry: &LogEntry| Told {
            what: What::Change(Box::new(entry.change.clone())),
            verdict: entry.verdict.clone(),
            skew: entry.skew,
        };
        Some(Self {
            after: entries.first()?.seq - 1,
            before: before.to_owned(),
            entries: entries.iter().map(told).collect(),
            hash: entries.last()?.hash.clone(),
            seal: seal.to_owned(),
        })
    }

    /// The `seq` of the last entry. Whatever a page says of itself, this is a number;
    /// whether it is true, the seal tells.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.after.saturating_add(self.entries.len() as u64)
    }
}

/// Records of a first fill, as they stand at the district. They are read while
/// others write, so each says up to which entry it is told; when the fill is done,
/// the log takes over at `seq` and passes over what a record has in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fill {
    /// The entry after which the log takes over.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The district's seal on it, in hex.
    pub seal: String,
    /// The record after which these come; none at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
    /// The records, by id.
    pub records: Vec<Filled>,
    /// Whether these are the last.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
}

/// One record of a first fill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filled {
    /// The last entry that it is told up to.
    pub told: u64,
    /// The record.
    pub record: Record,
}
