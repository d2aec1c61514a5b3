//! On its way: what the district has not confirmed, record by record and file by
//! file, and what it confirmed last. The numbers of [`Laptop::status`], opened.

use std::collections::BTreeSet;

use domain::{RecordId, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Laptop, Result};

/// The most lines of each list: nobody reads more, and the numbers say how many there are.
const MOST: u32 = 100;

/// How far back each log is looked through for this laptop's own changes.
const DEPTH: u32 = 2_000;

/// What is on its way, and what has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OnItsWay {
    /// Records of which something waits: those on their way first.
    pub records: Vec<WaitingRecord>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub records_total: u64,
    /// Files that the district lacks, in the order in which they are sent.
    pub files: Vec<WaitingFile>,
    /// What this laptop sent and the district confirmed, the latest first.
    pub arrived: Vec<ArrivedRecord>,
    /// How many records are as the district has them.
    #[ts(type = "number")]
    pub at_district: u64,
}

/// A record of which something waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitingRecord {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Changes of it without a receipt.
    #[ts(type = "number")]
    pub changes: u64,
    /// Whether they went out, and only the answer is to come.
    pub sent: bool,
}

/// A file that the district lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitingFile {
    /// Hex SHA-256.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many bytes went with a stick, or are at the district already.
    #[ts(type = "number")]
    pub carried: u64,
    /// The record that shows it, where that is a photo.
    pub record: Option<FileOwner>,
}

/// The record that shows a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileOwner {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
}

/// A record that the district confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ArrivedRecord {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// When it was saved here.
    pub at: String,
    /// The district's verdict.
    pub verdict: String,
}

impl Laptop {
    /// What the district has not confirmed yet, and what it confirmed last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn on_its_way(&self) -> Result<OnItsWay> {
        let (records_total, waiting) = self.store.waiting(MOST)?;
        let mut records = Vec::with_capacity(waiting.len());
        for one in waiting {
            let owner = self.owner(one.record)?;
            let FileOwner { id, kind, title } = owner;
            records.push(WaitingRecord { id, kind, title, changes: one.changes, sent: one.sent });
        }
        let carried = self.store.carried()?;
        let mut files = Vec::new();
        for row in self.store.attachments_to_send()?.into_iter().take(MOST as usize) {
            let by = self.store.photo_uses(&row.file.sha256)?.into_iter().next();
            let runs = carried.get(&row.file.sha256).into_iter().flatten();
            files.push(WaitingFile {
                carried: runs.map(|(start, stop)| stop - start).sum(),
                record: by.map(|photo| self.owner(photo.record)).transpose()?,
                sha256: row.file.sha256,
                name: row.file.name,
                bytes: row.file.bytes,
            });
        }
        let (mut seen, mut arrived) = (BTreeSet::new(), Vec::new());
        for (record, at, verdict) in self.store.latest_own(DEPTH)? {
            if arrived.len() < MOST as usize && !matches!(verdict, Verdict::Refused { .. }) && seen.insert(record) {
                let FileOwner { id, kind, title } = self.owner(record)?;
                arrived.push(ArrivedRecord { id, kind, title, at, verdict: verdict.name().to_owned() });
            }
        }
        Ok(OnItsWay { records, records_total, files, arrived, at_district: self.store.at_district()? })
    }

    /// The record by its kind and title.
    fn owner(&self, id: RecordId) -> Result<FileOwner> {
        let row = self.store.record(id)?;
        let title = row.as_ref().map(|row| store::title(self.catalog(), &row.record)).unwrap_or_default();
        Ok(FileOwner { id, kind: row.map(|row| row.record.kind).unwrap_or_default(), title })
    }
}
