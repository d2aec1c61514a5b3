//! 一村一档: everything that the records here say of a village, in the seven
//! sections of the form, with what is missing.
//!
//! Which record belongs to the village follows from what it refers to: the
//! village itself, one of its works, or a contract, facility or acceptance of
//! those. Where two works were joined, the entries of both belong. Personal
//! numbers are masked, for the file goes through many hands.

mod folder;

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{Field, FieldType, Kind, Label};
use domain::dossier::{Document, Plan};
use domain::evidence::Phase;
use domain::record::Attachment;
use domain::{Record, RecordId, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use folder::DossierWritten;

use crate::{Laptop, Result, Trouble};

/// The file of the data folder that lays another plan over the one that ships.
const PLAN: &str = "dossier.toml";

/// Through what a record may belong to a village, in the order in which it is found.
const THROUGH: [&str; 6] = ["village", "works", "contract", "facility", "acceptance", "water_body"];

/// The kind that shows one spot before, during and after.
const SPOT: &str = "spot";

/// A village's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Dossier {
    /// 一村一档.
    pub title: String,
    /// The village.
    pub village: RecordId,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// The names above it and its own, from the province down.
    pub path: Vec<String>,
    /// Documents that are there, of those that are asked for.
    pub have: u32,
    /// Documents that are asked for.
    pub wanted: u32,
    /// The seven sections.
    pub sections: Vec<DossierSection>,
}

/// A section of a village's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DossierSection {
    /// Its name in data.
    pub name: String,
    /// Its heading.
    pub label: Label,
    /// Documents that are there, of those that are asked for.
    pub have: u32,
    /// Documents that are asked for.
    pub wanted: u32,
    /// What is missing, in words.
    pub missing: Vec<Label>,
    /// Its documents.
    pub documents: Vec<DossierDocument>,
}

/// A document of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DossierDocument {
    /// Its heading.
    pub label: Label,
    /// Whether the file is incomplete without it.
    pub asked: bool,
    /// Whether nothing of it is missing.
    pub complete: bool,
    /// Its records.
    pub records: Vec<DossierRecord>,
}

/// A record of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DossierRecord {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Label and value of what is shown of it, in words.
    pub rows: Vec<(String, String)>,
    /// Its files.
    pub files: Vec<DossierFile>,
}

/// A file of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DossierFile {
    /// Hex SHA-256.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When it was taken, by its EXIF.
    pub taken: Option<String>,
    /// Whether it is a picture that can be shown.
    pub picture: bool,
    /// Whether its bytes are on this laptop.
    pub here: bool,
}

/// The records of a village, by kind.
type Belonging = BTreeMap<String, Vec<Record>>;

impl Laptop {
    /// The village's file as the records here fill it.
    ///
    /// # Errors
    /// When there is no such village, or the district's plan is wrong.
    pub fn dossier(&self, village: RecordId) -> Result<Dossier> {
        let record = self.row(village)?.record;
        if record.kind != "village" || record.deleted {
            return Err(Refusal::UnknownRecord { record: village.to_string() }.into());
        }
        let plan = self.dossier_plan()?;
        let belonging = self.belonging(&plan, record.clone())?;
        let mut sections = Vec::new();
        for section in &plan.sections {
            let mut made = DossierSection {
                name: section.name.clone(),
                label: section.label.clone(),
                have: 0,
                wanted: 0,
                missing: Vec::new(),
                documents: Vec::new(),
            };
            for document in &section.documents {
                let (shown, lacks) = self.document(document, &belonging)?;
                made.wanted += u32::from(shown.asked);
                made.have += u32::from(shown.asked && shown.complete);
                made.missing.extend(lacks.filter(|_| shown.asked));
                made.documents.push(shown);
            }
            sections.push(made);
        }
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        let (name, code) = (text("name"), text("code"));
        let known = self.place(&code, None).map(|history| history.place.path);
        Ok(Dossier {
            title: plan.title,
            village,
            path: known.unwrap_or_else(|_| vec![name.clone()]),
            name,
            code,
            have: sections.iter().map(|section| section.have).sum(),
            wanted: sections.iter().map(|section| section.wanted).sum(),
            sections,
        })
    }

    /// The village that is meant by an id, a code or a name.
    ///
    /// # Errors
    /// When there is no such village, or several are called so.
    pub fn village_called(&self, text: &str) -> Result<RecordId> {
        let kind = self.kind("village")?;
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        for field in ["code", "name"] {
            match self.store.find(&kind, field, &text.into())?.as_slice() {
                [] => {}
                [one] => return Ok(one.record.id),
                several => {
                    let (field, given, count) = (field.to_owned(), text.to_owned(), several.len().to_string());
                    return Err(Refusal::AmbiguousReference { field, given, count }.into());
                }
            }
        }
        Err(Refusal::UnknownReference { field: "village".to_owned(), given: text.to_owned() }.into())
    }

    fn dossier_plan(&self) -> Result<Plan> {
        match std::fs::read_to_string(self.folder.join(PLAN)) {
            Ok(text) => Ok(Plan::parse(&text, self.catalog()).map_err(|reason| {
                let (file, key) = (PLAN.to_owned(), String::new());
                Trouble::CatalogWrong { file, key, reason }
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Plan::shipped()),
            Err(error) => Err(Trouble::storage(&error).into()),
        }
    }

    /// The records that belong to the village, of every kind that the plan names.
    fn belonging(&self, plan: &Plan, village: Record) -> Result<Belonging> {
        let mut kinds: Vec<&str> = THROUGH.to_vec();
        let named = plan.sections.iter().flat_map(|section| &section.documents);
        kinds.extend(named.map(|document| document.kind.as_str()).chain([SPOT]));
        let mut ids: BTreeSet<RecordId> = BTreeSet::from([village.id]);
        let mut belonging = Belonging::from([("village".to_owned(), vec![village])]);
        for name in kinds {
            let Ok(kind) = self.kind(name) else { continue }; // A plan may ask for what a catalog lacks.
            if belonging.contains_key(name) {
                continue;
            }
            let mut found = Vec::new();
            for record in self.gather(name, &[])? {
                if self.refers(&kind, &record, &ids)? {
                    found.push(record);
                }
            }
            if THROUGH.contains(&name) {
                ids.extend(found.iter().map(|record| record.id));
            }
            belonging.insert(name.to_owned(), found);
        }
        Ok(belonging)
    }

    /// Whether `record` refers to one of `ids`, through the kinds by which things belong to a village.
    fn refers(&self, kind: &Kind, record: &Record, ids: &BTreeSet<RecordId>) -> Result<bool> {
        for field in kind.fields.iter().filter(|field| field.to.as_deref().is_some_and(|to| THROUGH.contains(&to))) {
            let one = record.text(&field.name).into_iter();
            let several = record.items(&field.name).iter().filter_map(|item| item.as_str());
            for id in one.chain(several).filter_map(|id| id.parse::<RecordId>().ok()) {
                if ids.contains(&self.store.root(id)?) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// A document, and what it lacks in words.
    fn document(&self, document: &Document, belonging: &Belonging) -> Result<(DossierDocument, Option<Label>)> {
        let kind = self.kind(&document.kind)?;
        let of = |name: &str| belonging.get(name).map(Vec::as_slice).unwrap_or_default();
        let records: Vec<&Record> = of(&document.kind).iter().filter(|record| document.shows(record)).collect();
        let mut shown = Vec::new();
        for record in &records {
            let mut files = Vec::new();
            for field in kind.fields.iter().filter(|field| is_shown(document, field)) {
                for file in record.items(&field.name).iter().filter_map(Attachment::read) {
                    let file = self.file_of(file)?;
                    if document.phase.is_none_or(|phase| phase_of(record, file.taken.as_deref()) == Some(phase)) {
                        files.push(file);
                    }
                }
            }
            shown.push(self.entry(&kind, document, record, files)?);
        }
        if let Some(phase) = document.phase {
            for spot in of(SPOT) {
                let files = spot.items(phase.name()).iter().filter_map(Attachment::read);
                let files = files.map(|file| self.file_of(file)).collect::<Result<Vec<_>>>()?;
                if !files.is_empty() {
                    let title = store::title(self.catalog(), spot);
                    shown.push(DossierRecord { id: spot.id, kind: SPOT.to_owned(), title, rows: Vec::new(), files });
                }
            }
        }
        let lacks = document.lacks(&records, shown.iter().any(|entry| !entry.files.is_empty()));
        let complete = lacks.is_empty() && !records.is_empty();
        let labels = |language: fn(&Label) -> &str| -> Vec<String> {
            let label =
                |name: &&str| kind.field(name).map_or_else(|_| (*name).to_owned(), |f| language(&f.label).into());
            lacks.iter().map(label).collect()
        };
        let lacks = match (records.is_empty(), lacks.is_empty()) {
            (false, true) => None,
            // What lacks the one field of its own name is named once.
            (false, false) if labels(|label| &label.zh) == [document.label.zh.as_str()] => Some(document.label.clone()),
            (false, false) => Some(Label {
                zh: format!("{}（{}）", document.label.zh, labels(|label| &label.zh).join("、")),
                en: format!("{} ({})", document.label.en, labels(|label| &label.en).join(", ")),
            }),
            (true, _) => Some(document.label.clone()),
        };
        shown.retain(|entry| !entry.rows.is_empty() || !entry.files.is_empty());
        let asked = !document.optional && document.with.as_ref().is_none_or(|with| !of(with).is_empty());
        Ok((DossierDocument { label: document.label.clone(), asked, complete, records: shown }, lacks))
    }

    fn entry(
        &self,
        kind: &Kind,
        document: &Document,
        record: &Record,
        files: Vec<DossierFile>,
    ) -> Result<DossierRecord> {
        let wanted = |field: &&Field| match &document.fields {
            Some(names) => names.contains(&field.name),
            None => !field.hidden,
        };
        let mut rows = Vec::new();
        for field in kind.fields.iter().filter(wanted).filter(|field| field.field_type != FieldType::Attachments) {
            let said = record.fields.get(&field.name).map(|value| self.said(field, value)).transpose()?;
            if let Some(said) = said.filter(|said| !said.is_empty()) {
                rows.push((field.label.zh.clone(), sheet::masked(&said)));
            }
        }
        let title = sheet::masked(&store::title(self.catalog(), record));
        Ok(DossierRecord { id: record.id, kind: record.kind.clone(), title, rows, files })
    }

    fn file_of(&self, file: Attachment) -> Result<DossierFile> {
        let known = self.store.attachment(&file.sha256)?;
        let end = file.name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
        Ok(DossierFile {
            here: known.as_ref().is_some_and(|known| known.here),
            taken: known.and_then(|known| known.taken),
            picture: matches!(end.as_str(), "jpg" | "jpeg" | "png" | "webp"),
            sha256: file.sha256,
            name: file.name,
            bytes: file.bytes,
        })
    }
}

fn is_shown(document: &Document, field: &Field) -> bool {
    let said = document.files.as_ref().is_none_or(|names| names.contains(&field.name));
    field.field_type == FieldType::Attachments && said
}

/// In which phase of the works a picture was taken, by its day and the works' own
/// days; unknown where either does not say.
pub(crate) fn phase_of(works: &Record, taken: Option<&str>) -> Option<Phase> {
    let day = taken?.get(..10)?;
    let of = |real: &str, planned: &str| works.text(real).or_else(|| works.text(planned));
    let (start, end) = (of("actual_start", "planned_start"), of("actual_end", "planned_end"));
    match (start, end) {
        (Some(start), _) if day < start => Some(Phase::Before),
        (_, Some(end)) if day > end => Some(Phase::After),
        (Some(_), _) => Some(Phase::During),
        (None, _) => None,
    }
}
