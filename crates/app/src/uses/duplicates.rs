//! Duplicates: works that may have been recorded twice, offered with the reasons,
//! and never decided here. What a person said of a pair is kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::duplicates::{Facts, Likeness, Reason, Rules, compare, search};
use domain::geo::Point;
use domain::{Fields, Record, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::{Laptop, Result, Trouble};

/// The file of the data folder that says what counts how much, where the district does.
const RULES: &str = "duplicates.toml";

/// How many pairs are offered at once: more than anybody decides on one day.
const MOST: usize = 500;

/// Two works that may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Duplicate {
    /// From 0 to 100.
    pub score: u8,
    /// What they have in common.
    pub reasons: Vec<Reason>,
    /// Their village.
    pub village: String,
    /// The one that was recorded first.
    pub one: DuplicateSide,
    /// The other.
    pub other: DuplicateSide,
}

/// One of two works that may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DuplicateSide {
    /// Its id.
    pub id: RecordId,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who recorded it, where that is known here.
    pub by: String,
}

impl Laptop {
    /// The pairs of works that may be one, those with the most in common first: the
    /// first [`MOST`] of them. Once those are decided, others take their place.
    ///
    /// # Errors
    /// When the database cannot be read, or the district's rules are wrong.
    pub fn duplicates(&self) -> Result<Vec<Duplicate>> {
        let rules = self.duplicate_rules()?;
        let decided = self.decided()?;
        let works = self.gather("works", &[])?;
        let mut known = self.facts(&works)?;
        let facts: Vec<Facts> = works.iter().map(|record| known.remove(&record.id).unwrap_or_default()).collect();
        let mut found: Vec<(usize, usize, Likeness)> = Vec::new();
        let first = |found: &mut Vec<(usize, usize, Likeness)>| {
            found.sort_by_key(|(one, other, alike)| (Reverse(alike.score), *one, *other));
            found.truncate(MOST);
        };
        search(&rules, &facts, &mut |one, other, alike| {
            if !decided.contains(&pair(works[one].id, works[other].id)) {
                found.push((one, other, alike));
                if found.len() >= 2 * MOST {
                    first(&mut found);
                }
            }
        });
        first(&mut found);
        let duplicate = |(one, other, alike): (usize, usize, Likeness)| {
            Ok(Duplicate {
                score: alike.score,
                reasons: alike.reasons,
                village: self.heading_of(&facts[one].village),
                one: self.side(&works[one])?,
                other: self.side(&works[other])?,
            })
        };
        found.into_iter().map(duplicate).collect()
    }

    /// Says that two works are two, so that they are not offered again.
    ///
    /// # Errors
    /// When there are no such works, or the rules refuse it.
    pub fn distinct(&mut self, one: RecordId, other: RecordId) -> Result<()> {
        let (one, other) = (self.works(one)?, self.works(other)?);
        let fields = [
            ("name".to_owned(), json!(pair_name(&one, &other))),
            ("verdict".to_owned(), json!("distinct")),
            ("kept".to_owned(), json!(one.id.to_string())),
            ("other".to_owned(), json!(other.id.to_string())),
        ];
        let kind = self.kind("joining")?;
        let (record, scope, actions) = self.beginning(&kind, Fields::from(fields))?;
        self.save(record, &kind, scope, actions, None).map(drop)
    }

    /// How much these two have in common, and in which words it is kept.
    pub(crate) fn likeness_of(&self, one: &Record, other: &Record) -> Result<(u8, String)> {
        let facts = self.facts(&[one.clone(), other.clone()])?;
        let alike = compare(&self.duplicate_rules()?, &facts[&one.id], &facts[&other.id]);
        let alike = alike.map(|alike| (alike.score, alike.reasons.iter().map(said).collect::<Vec<_>>().join("；")));
        Ok(alike.unwrap_or_default())
    }

    /// A works that stands for itself.
    pub(crate) fn works(&self, id: RecordId) -> Result<Record> {
        let record = self.row(id)?.record;
        if record.kind != "works" || record.deleted {
            return Err(domain::Refusal::UnknownRecord { record: id.to_string() }.into());
        }
        Ok(record)
    }

    fn duplicate_rules(&self) -> Result<Rules> {
        match std::fs::read_to_string(self.folder.join(RULES)) {
            Ok(text) => Ok(Rules::parse(&text).map_err(|reason| {
                let (file, key) = (RULES.to_owned(), String::new());
                Trouble::CatalogWrong { file, key, reason }
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Rules::shipped()),
            Err(error) => Err(Trouble::storage(&error).into()),
        }
    }

    /// The pairs of which a person said that they are two.
    fn decided(&self) -> Result<BTreeSet<(RecordId, RecordId)>> {
        let mut decided = BTreeSet::new();
        for record in self.gather("joining", &[])? {
            let id = |field: &str| record.text(field).and_then(|id| id.parse().ok());
            if record.text("verdict") == Some("distinct")
                && let (Some(one), Some(other)) = (id("kept"), id("other"))
            {
                decided.insert(pair(one, other));
            }
        }
        Ok(decided)
    }

    /// What of each works is compared: its own fields, its contracts and the files of its entries.
    fn facts(&self, works: &[Record]) -> Result<BTreeMap<RecordId, Facts>> {
        let mut facts: BTreeMap<RecordId, Facts> = works.iter().map(|record| (record.id, of_works(record))).collect();
        for record in self.gather("progress", &[])? {
            let works = record.text("works").and_then(|id| id.parse().ok());
            if let Some(works) = works.map(|id| self.store.root(id)).transpose()?
                && let Some(facts) = facts.get_mut(&works)
            {
                facts.photos.extend(record.attachments().map(|file| file.sha256));
            }
        }
        for record in self.gather("contract", &[])? {
            let more = record.items("more_works").iter().filter_map(|item| item.as_str());
            for works in record.text("works").into_iter().chain(more).filter_map(|id| id.parse().ok()) {
                if let Some(facts) = facts.get_mut(&self.store.root(works)?) {
                    facts.contracts.extend(record.text("contract_number").map(str::to_owned));
                }
            }
        }
        Ok(facts)
    }

    fn side(&self, works: &Record) -> Result<DuplicateSide> {
        let text = |field: &str| works.text(field).unwrap_or_default().to_owned();
        let first = self.history(works.id)?.into_iter().min_by(|one, other| one.at.cmp(&other.at));
        let by = first.map(|entry| entry.by).unwrap_or_default();
        Ok(DuplicateSide { id: works.id, number: text("number"), name: text("name"), by })
    }

    fn heading_of(&self, id: &str) -> String {
        id.parse().ok().and_then(|id| self.heading(id)).unwrap_or_default()
    }
}

/// What a joining of the two is called.
pub(crate) fn pair_name(one: &Record, other: &Record) -> String {
    let called = |record: &Record| {
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        format!("{} {}", text("number"), text("name")).trim().to_owned()
    };
    format!("{} / {}", called(one), called(other))
}

fn pair(one: RecordId, other: RecordId) -> (RecordId, RecordId) {
    (one.min(other), one.max(other))
}

fn of_works(record: &Record) -> Facts {
    let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
    let day = |real: &str, planned: &str| record.text(real).or_else(|| record.text(planned))?.parse().ok();
    Facts {
        village: text("village"),
        category: text("category"),
        name: text("name"),
        span: (day("actual_start", "planned_start"), day("actual_end", "planned_end")),
        contracts: record.text("contract_number").map(str::to_owned).into_iter().collect(),
        place: record.fields.get("place").and_then(Point::of),
        photos: record.attachments().map(|file| file.sha256).collect(),
    }
}

/// A reason as it is kept with the joining.
fn said(reason: &Reason) -> String {
    match reason {
        Reason::SameCategory => "同一类别".to_owned(),
        Reason::Name { percent } => format!("名称相近（{percent} %）"),
        Reason::DatesOverlap { from, until } => format!("工期重叠（{from} 至 {until}）"),
        Reason::SameContract { number } => format!("同一合同编号（{number}）"),
        Reason::Near { metres } => format!("位置相距 {metres} 米"),
        Reason::SamePhoto { count } => format!("{count} 个文件逐字节相同"),
    }
}
