//! A finding: what was seen, by which rule, in which records and pictures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Use;
use crate::{RecordId, canonical};

/// One thing that a reviewer would look at twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// The same for the same question on every device; an answer is kept under it.
    pub key: String,
    /// Which rule.
    pub rule: FindingRule,
    /// Whether it blocks or warns.
    pub severity: Severity,
    /// Where the rule comes from.
    pub clause: String,
    /// The records concerned, first the one that it is about.
    pub records: Vec<RecordId>,
    /// The pictures concerned.
    pub photos: Vec<PhotoRef>,
    /// The blanks of the rule's sentence.
    pub fields: BTreeMap<String, String>,
}

/// Whether a finding stops what is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It must be mended first.
    Block,
    /// It should be looked at.
    Warn,
}

/// The rules of photos; each has its sentence under its name in the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FindingRule {
    /// The same bytes are used twice.
    PhotoTwice,
    /// Two pictures look nearly the same.
    PhotoAlike,
    /// Taken outside the dates of the works or of the phase.
    PhotoOutsideDates,
    /// Taken far from the works.
    PhotoFarAway,
    /// Says nothing of when and where it was taken.
    PhotoWithoutExif,
    /// Written by a program that edits pictures, or written again later.
    PhotoEdited,
    /// Says something that cannot be so.
    PhotoOdd,
    /// The device's clock was wrong.
    PhotoClock,
    /// A completed works lacks a picture of before or after.
    PhotoMissing,
}

impl FindingRule {
    /// Every rule.
    pub const ALL: [Self; 9] = [
        Self::PhotoTwice,
        Self::PhotoAlike,
        Self::PhotoOutsideDates,
        Self::PhotoFarAway,
        Self::PhotoWithoutExif,
        Self::PhotoEdited,
        Self::PhotoOdd,
        Self::PhotoClock,
        Self::PhotoMissing,
    ];

    /// Its name in data and texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PhotoTwice => "photoTwice",
            Self::PhotoAlike => "photoAlike",
            Self::PhotoOutsideDates => "photoOutsideDates",
            Self::PhotoFarAway => "photoFarAway",
            Self::PhotoWithoutExif => "photoWithoutExif",
            Self::PhotoEdited => "photoEdited",
            Self::PhotoOdd => "photoOdd",
            Self::PhotoClock => "photoClock",
            Self::PhotoMissing => "photoMissing",
        }
    }

    /// Where the rule comes from. That photos of before, during and after are kept
    /// and comparable is demanded; the rest is inferred from how photos were faked.
    fn clause(self) -> &'static str {
        match self {
            Self::PhotoMissing => "《农村环境综合整治“一村一档”电子台账》第3、5项：整治前、整治完成照片",
            Self::PhotoOutsideDates => "《农村环境综合整治“一村一档”电子台账》第3至5项；天数为推定",
            _ => "防止照片重复使用和失实（推定，限值由区里设定）",
        }
    }
}

/// A picture as a finding names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct PhotoRef {
    /// Hex SHA-256.
    pub sha256: String,
    /// What the file is called.
    pub name: String,
    /// The record that uses it.
    pub record: RecordId,
}

impl PhotoRef {
    pub(super) fn of(used: &Use) -> Self {
        Self { sha256: used.sha256.clone(), name: used.name.clone(), record: used.record }
    }
}

impl Finding {
    pub(super) fn new(
        rule: FindingRule,
        mut records: Vec<RecordId>,
        photos: Vec<PhotoRef>,
        fields: &[(&str, String)],
    ) -> Self {
        let mut seen = Vec::new();
        records.retain(|record| {
            !seen.contains(record) && {
                seen.push(*record);
                true
            }
        });
        let (mut ids, mut shas) = (records.clone(), photos.iter().map(|photo| &photo.sha256).collect::<Vec<_>>());
        ids.sort();
        shas.sort();
        shas.dedup();
        let digest = canonical::digest(&(rule.name(), ids, shas));
        Self {
            key: format!("{}-{}", rule.name(), digest.get(..16).unwrap_or(&digest)),
            rule,
            severity: Severity::Warn,
            clause: rule.clause().to_owned(),
            records,
            photos,
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        }
    }
}
