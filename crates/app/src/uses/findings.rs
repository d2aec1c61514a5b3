//! Findings: what a reviewer would ask about the photos, and the answers given.
//!
//! A finding is computed anew each time, out of records and facts, so it goes away
//! by itself once its cause does. An answer is a record like any other: it reaches
//! the district, has its history, and counts for as long as the question is the same.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::catalog::{FieldType, Kind};
use domain::change::item_key;
use domain::evidence::{self, Limits, Phase, Use, WorksFrame};
use domain::finding::{Finding, FindingRule, Mend, PhotoRef, Severity};
use domain::geo::Point;
use domain::{Action, Fields, Record, RecordId, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Filter, ListQuery, PhotoUse, Row};
use ts_rs::TS;
use uuid::Uuid;

use crate::texts::{Language, sentence};
use crate::types::ErrorView;
use crate::uses::photos::SPOT;
use crate::{Laptop, Result, Trouble};

/// The kind of the answers.
const NOTE: &str = "finding_note";

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// Each of them, those that wait for an answer first.
    pub findings: Vec<FindingView>,
    /// Photos that nobody has looked at yet, or whose bytes are not here: what is not known of them is not found.
    #[ts(type = "number")]
    pub unseen: u64,
}

/// One thing that a reviewer would look at twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingView {
    /// The same for the same question on every device.
    pub key: String,
    /// Which rule.
    pub rule: FindingRule,
    /// Whether it blocks or warns.
    pub severity: Severity,
    /// Where the rule comes from.
    pub clause: String,
    /// The records concerned.
    pub records: Vec<RecordId>,
    /// The pictures concerned.
    pub photos: Vec<PhotoRef>,
    /// What was seen and why it matters, in Chinese.
    pub text: String,
    /// The blanks of that sentence, for another language.
    pub fields: BTreeMap<String, String>,
    /// Where it can be mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mend: Option<Mend>,
    /// Who accepted it, if anybody has.
    pub accepted: Option<Accepted>,
}

/// That a person has accepted a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Accepted {
    /// Who.
    pub by: String,
    /// When, by that person's clock (RFC 3339).
    pub at: String,
    /// Why.
    pub remark: String,
    /// The record that says so.
    pub note: RecordId,
}

impl Laptop {
    /// What there is to ask about the photos of a works; of all of them without one.
    ///
    /// # Errors
    /// When there is no such works.
    pub fn findings(&self, works: Option<RecordId>) -> Result<Findings> {
        let (found, unseen) = match works {
            Some(works) => self.desk()?.of_works(works)?,
            None => self.desk()?.of_all()?,
        };
        self.answered(found, unseen)
    }

    /// What there is to ask about the photos that `records` of some works name, and
    /// how many of them nobody has looked at.
    pub(crate) fn photo_findings<'r>(
        &self,
        works: &[RecordId],
        records: impl IntoIterator<Item = &'r Record>,
    ) -> Result<(Vec<Finding>, u64)> {
        self.desk()?.of_photos(works, &self.named_photos(records)?)
    }

    /// The pictures that these records name.
    fn named_photos<'r>(&self, records: impl IntoIterator<Item = &'r Record>) -> Result<BTreeSet<String>> {
        let mut named = BTreeSet::new();
        for record in records {
            let kind = self.catalog().kind(&record.kind)?;
            for field in kind.fields.iter().filter(|field| evidence::is_photo_field(field)) {
                named.extend(record.items(&field.name).iter().map(item_key));
            }
        }
        Ok(named)
    }

    fn desk(&self) -> Result<Desk<'_>> {
        let limits = self.photo_limits()?;
        Ok(Desk { laptop: self, limits, works: RefCell::default(), places: RefCell::default() })
    }

    /// Findings with the answers that were given, those first that wait for one.
    pub(crate) fn answered(&self, found: Vec<Finding>, unseen: u64) -> Result<Findings> {
        let answers = self.answers()?;
        let mut findings: Vec<FindingView> = found.into_iter().map(|finding| view(finding, &answers)).collect();
        findings.sort_by(|one, other| {
            let order = |view: &FindingView| (view.accepted.is_some(), view.severity, view.rule);
            order(one)
                .cmp(&order(other))
                .then_with(|| one.photos.cmp(&other.photos))
                .then_with(|| one.key.cmp(&other.key))
        });
        findings.dedup_by(|one, other| one.key == other.key);
        Ok(Findings { findings, unseen })
    }

    /// Accepts a finding with a remark; `works` as in [`Laptop::findings`].
    ///
    /// # Errors
    /// [`Trouble::UnknownFinding`] where nothing is found under this key that waits
    /// for an answer; what the rules refuse.
    pub fn accept_finding(&mut self, key: &str, works: Option<RecordId>, remark: &str) -> Result<FindingView> {
        let open = |view: &FindingView| view.key == key && view.accepted.is_none();
        let unknown = || Trouble::UnknownFinding { finding: key.to_owned() };
        let found = self.findings(works)?.findings.into_iter().find(open).ok_or_else(unknown)?;
        self.accept(found, remark)
    }

    /// Keeps a person's answer to a finding.
    pub(crate) fn accept(&mut self, found: FindingView, remark: &str) -> Result<FindingView> {
        let key = found.key.as_str();
        let unknown = || Trouble::UnknownFinding { finding: key.to_owned() };
        if found.severity == Severity::Block {
            return Err(Trouble::FindingBlocks.into());
        }
        let about = self.row(*found.records.first().ok_or_else(unknown)?)?.record;
        let kind = self.kind(NOTE)?;
        let works = match about.kind.as_str() {
            "works" => Some(about.id.to_string()),
            _ => about.text("works").map(str::to_owned),
        };
        let fields = json!({"finding": key, "rule": found.rule.name(), "works": works, "remark": remark});
        let fields: Fields = serde_json::from_value(fields).expect("an object is fields");
        let mut actions = vec![Action::Create { state: None }];
        actions.extend(kind.edit(&Fields::new(), &self.checked(&kind, fields)?)?);
        // Where the record lies that it is about; a village's photo belongs to no works.
        self.save(RecordId(Uuid::now_v7()), &kind, about.scope, actions, None)?;
        let accepted = self.answers()?.remove(key);
        Ok(FindingView { accepted, ..found })
    }

    /// Takes the acceptance of a finding back: it waits for an answer again.
    ///
    /// # Errors
    /// [`Trouble::UnknownFinding`] where nobody has accepted it; what the rules refuse.
    pub fn reopen_finding(&mut self, key: &str) -> Result<()> {
        while let Some(answer) = self.answers()?.remove(key) {
            self.delete(answer.note)?;
            if !self.answers()?.contains_key(key) {
                return Ok(());
            }
        }
        Err(Trouble::UnknownFinding { finding: key.to_owned() }.into())
    }

    /// Findings as they are shown, each with the answer that somebody gave.
    pub(crate) fn finding_views(&self, found: Vec<Finding>) -> Result<Vec<FindingView>> {
        let answers = self.answers()?;
        Ok(found.into_iter().map(|finding| view(finding, &answers)).collect())
    }

    /// Every answer, by the key of its finding; the latest where there are two.
    fn answers(&self) -> Result<BTreeMap<String, Accepted>> {
        let mut answers = BTreeMap::new();
        for Row { record, .. } in self.all_of(NOTE)? {
            let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
            let stamp = record.stamps.get("remark");
            let (by, at) = stamp.map(|stamp| (stamp.author.clone(), stamp.at.clone())).unwrap_or_default();
            answers.insert(text("finding"), Accepted { by, at, remark: text("remark"), note: record.id });
        }
        Ok(answers)
    }

    /// The limits that the district keeps, or those that ship.
    fn photo_limits(&self) -> Result<Limits> {
        Ok(self.all_of(Limits::KIND)?.last().map(|row| Limits::of(&row.record)).unwrap_or_default())
    }

    /// Every live record of a kind, oldest first; none where an own catalog does not know the kind.
    pub(crate) fn all_of(&self, kind: &str) -> Result<Vec<Row>> {
        let Ok(kind) = self.kind(kind) else { return Ok(Vec::new()) };
        let query = ListQuery { kind: &kind, filters: Vec::new(), sort: None, limit: u32::MAX, offset: 0 };
        let mut rows = self.store.list(&query)?.1;
        rows.reverse();
        Ok(rows)
    }
}

fn view(finding: Finding, answers: &BTreeMap<String, Accepted>) -> FindingView {
    let Finding { key, rule, severity, clause, records, photos, fields, mend } = finding;
    let text = sentence(&ErrorView { code: rule.name().to_owned(), fields: fields.clone() }, Language::Zh);
    let accepted = answers.get(&key).cloned();
    FindingView { key, rule, severity, clause, records, photos, text, fields, mend, accepted }
}

/// Findings in the making: what was read once of works and villages is not read again.
struct Desk<'l> {
    laptop: &'l Laptop,
    limits: Limits,
    works: RefCell<BTreeMap<RecordId, Option<Place>>>,
    places: RefCell<BTreeMap<RecordId, Village>>,
}

/// A works with its village.
#[derive(Clone)]
struct Place {
    frame: WorksFrame,
    village: Option<RecordId>,
}

/// A village's name and place.
#[derive(Clone, Default)]
struct Village {
    name: String,
    place: Option<Point>,
}

type Found = (Vec<Finding>, u64);

impl Desk<'_> {
    fn of_works(&self, works: RecordId) -> Result<Found> {
        let rows = self.laptop.photo_rows(works)?;
        self.of_photos(&[works], &self.laptop.named_photos(rows.iter().map(|row| &row.record))?)
    }

    /// Of these pictures, what the works `asked` about are asked.
    fn of_photos(&self, asked: &[RecordId], mine: &BTreeSet<String>) -> Result<Found> {
        let theirs = |works: Option<RecordId>| works.is_some_and(|works| asked.contains(&works));
        let (places, looks) = self.laptop.store.likenesses()?;
        let (mut found, mut unseen, mut own) = (Vec::new(), 0, Vec::new());
        for sha256 in mine {
            let mut uses = self.uses(self.laptop.store.photo_uses(sha256)?)?;
            uses.sort_by_key(|used| !theirs(used.works));
            let Some(known) = self.laptop.store.photo(sha256)?.filter(|known| known.looked) else {
                unseen += 1;
                found.extend(evidence::twice(&uses));
                own.extend(uses);
                continue;
            };
            found.extend(self.of_photo(&uses, &known.facts, &theirs)?);
            for (at, distance) in
                known.likeness.iter().flat_map(|one| evidence::near(one, &looks, self.limits.alike_bits))
            {
                let other = self.laptop.store.photo_at(places[at])?;
                if other != *sha256 {
                    let theirs = self.uses(self.laptop.store.photo_uses(&other)?)?;
                    found.extend(evidence::alike(&self.limits, &uses, &theirs, distance));
                }
            }
            own.extend(uses);
        }
        for works in asked {
            found.extend(self.place(*works)?.and_then(|place| evidence::missing(&place.frame, &own)));
        }
        Ok((found, unseen))
    }

    fn of_all(&self) -> Result<Found> {
        let mut by_photo: BTreeMap<String, Vec<Use>> = BTreeMap::new();
        for used in self.uses(self.laptop.store.all_photo_uses()?)? {
            by_photo.entry(used.sha256.clone()).or_default().push(used);
        }
        let (mut found, mut unseen) = (Vec::new(), 0);
        for (sha256, uses) in &by_photo {
            match self.laptop.store.photo(sha256)?.filter(|known| known.looked) {
                Some(known) => found.extend(self.of_photo(uses, &known.facts, &|_| true)?),
                None => {
                    unseen += 1;
                    found.extend(evidence::twice(uses));
                }
            }
        }
        let (places, looks) = self.laptop.store.likenesses()?;
        for (one, other, distance) in evidence::pairs(&looks, self.limits.alike_bits) {
            let uses = |at: usize| -> Result<&[Use]> {
                let sha256 = self.laptop.store.photo_at(places[at])?;
                Ok(by_photo.get(&sha256).map(Vec::as_slice).unwrap_or_default())
            };
            found.extend(evidence::alike(&self.limits, uses(one)?, uses(other)?, distance));
        }
        let all: Vec<Use> = by_photo.into_values().flatten().collect();
        let mut of_works: BTreeMap<RecordId, Vec<Use>> = BTreeMap::new();
        for used in all {
            of_works.entry(used.works.unwrap_or(used.record)).or_default().push(used);
        }
        // Only of what is built are photos missing.
        let kind = self.laptop.kind("works")?;
        for state in kind.states.iter().filter(|state| is_completed(&kind, &state.name)) {
            for record in self.laptop.gather("works", &[Filter::State(state.name.clone())])? {
                let uses = of_works.remove(&record.id).unwrap_or_default();
                found.extend(self.place(record.id)?.and_then(|place| evidence::missing(&place.frame, &uses)));
            }
        }
        Ok((found, unseen))
    }

    /// What each works asks of one picture, once, and whether it is used for different things.
    fn of_photo(
        &self,
        uses: &[Use],
        facts: &evidence::Facts,
        asked_of: &dyn Fn(Option<RecordId>) -> bool,
    ) -> Result<Vec<Finding>> {
        let mut found: Vec<Finding> = evidence::twice(uses).into_iter().collect();
        let mut asked = BTreeSet::new();
        for used in uses.iter().filter(|used| asked_of(used.works)) {
            if asked.insert((used.works, used.phase)) {
                let place = used.works.map(|works| self.place(works)).transpose()?.flatten();
                found.extend(evidence::of_photo(&self.limits, place.as_ref().map(|place| &place.frame), used, facts));
            }
        }
        Ok(found)
    }

    /// The uses with what they are for.
    fn uses(&self, named: Vec<PhotoUse>) -> Result<Vec<Use>> {
        let mut uses = Vec::new();
        let mut last: Option<Record> = None;
        for PhotoUse { sha256, record: id, field } in named {
            let record = match last.take().filter(|record| record.id == id) {
                Some(record) => record,
                None => self.laptop.row(id)?.record,
            };
            uses.extend(self.used(&record, sha256, &field)?);
            last = Some(record);
        }
        Ok(uses)
    }

    fn used(&self, record: &Record, sha256: String, field: &str) -> Result<Option<Use>> {
        let Some(item) = record.items(field).iter().find(|item| item_key(item) == sha256) else { return Ok(None) };
        let kind = self.laptop.kind(&record.kind)?;
        // One that was recorded twice and joined is one works.
        let works = if record.kind == "works" { Some(record.id) } else { names(&kind, record, "works") };
        let works = works.map(|works| self.laptop.store.root(works)).transpose()?;
        let place = works.map(|works| self.place(works)).transpose()?.flatten();
        let village = match &place {
            Some(place) => place.village,
            None if record.kind == "village" => Some(record.id),
            None => names(&kind, record, "village"),
        };
        let phase = Phase::named(field).filter(|_| record.kind == SPOT);
        let at = village.map(|village| self.village(village)).transpose()?.unwrap_or_default().name;
        let title = store::title(self.laptop.catalog(), record);
        let label = || kind.field(field).map(|field| field.label.zh.clone()).unwrap_or_default();
        let mut shown = match &place {
            Some(place) => format!("{at} {}", place.frame.name),
            None => at,
        };
        if record.kind != "works" && record.kind != "village" {
            shown = format!("{shown} {} {title}", kind.label.zh);
        }
        if phase.is_some() {
            shown = format!("{shown} {}", label());
        }
        Ok(Some(Use {
            name: item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            record: record.id,
            works,
            village,
            phase,
            attached: record.stamps.get(&format!("{field}#{sha256}")).map(|stamp| stamp.at.clone()),
            modified: item.get("modified").and_then(Value::as_str).map(str::to_owned),
            shown: shown.trim().to_owned(),
            sha256,
        }))
    }

    /// A works with its village; nothing where it is not here.
    fn place(&self, works: RecordId) -> Result<Option<Place>> {
        if let Some(known) = self.works.borrow().get(&works) {
            return Ok(known.clone());
        }
        let record = self.laptop.store.record(works)?.map(|row| row.record).filter(|record| record.kind == "works");
        let place = record.map(|record| self.read_place(&record)).transpose()?;
        self.works.borrow_mut().insert(works, place.clone());
        Ok(place)
    }

    fn read_place(&self, record: &Record) -> Result<Place> {
        let kind = self.laptop.kind("works")?;
        let date = |name: &str| record.text(name).and_then(|text| text.parse::<NaiveDate>().ok());
        let village = names(&kind, record, "village");
        let frame = WorksFrame {
            id: record.id,
            name: record.text("name").unwrap_or_default().to_owned(),
            start: date("actual_start").or_else(|| date("planned_start")),
            end: date("actual_end").or_else(|| date("planned_end")),
            completed: record.state.as_deref().is_some_and(|state| is_completed(&kind, state)),
            place: record.fields.get("place").and_then(Point::of),
            village_place: village.map(|village| self.village(village)).transpose()?.and_then(|village| village.place),
        };
        Ok(Place { frame, village })
    }

    fn village(&self, id: RecordId) -> Result<Village> {
        if let Some(known) = self.places.borrow().get(&id) {
            return Ok(known.clone());
        }
        let record = self.laptop.store.record(id)?.map(|row| row.record);
        let village = record.map_or_else(Village::default, |record| Village {
            name: record.text("name").unwrap_or_default().to_owned(),
            place: record.fields.get("place").and_then(Point::of),
        });
        self.places.borrow_mut().insert(id, village.clone());
        Ok(village)
    }
}

/// Whether a works in this state is built; one that was given up is not.
fn is_completed(kind: &Kind, state: &str) -> bool {
    let reached = |name: &str| kind.states.iter().position(|state| state.name == name);
    let aside = kind.state(state).is_ok_and(|state| state.aside);
    !aside && reached("completed").is_some_and(|completed| reached(state) >= Some(completed))
}

/// The record of the kind `to` that a reference of this record names.
fn names(kind: &Kind, record: &Record, to: &str) -> Option<RecordId> {
    let refers = |field: &&domain::catalog::Field| {
        field.field_type == FieldType::Reference && field.to.as_deref() == Some(to) && field.by.is_none()
    };
    kind.fields.iter().filter(refers).find_map(|field| record.text(&field.name)?.parse().ok())
}
