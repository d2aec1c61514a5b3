//! Programmes: those that ship and those of the district, read, checked, tried
//! and published.
//!
//! A district takes a published policy, makes it its own, and tries it on a case
//! or on the applications it has before anybody is bound by it. What is published
//! never changes: a new version takes its place, and an application keeps the one
//! that it was made under.

use std::path::Path;

use domain::programme::{
    Amount, AmountProblem, Case, Demand, Heading, Primitive, Programme, ProgrammeProblem, SHIPPED, Unit,
};
use domain::{Catalog, Fields, Record, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::error::view_of;
use crate::types::ErrorView;
use crate::uses::save::creation;
use crate::{Laptop, Result, Trouble};
use domain::catalog::Label;

/// The kind of the district's own.
const KIND: &str = "programme";

/// Largest case file that is read.
const MAX_CASE_BYTES: u64 = 16 << 20;

/// A programme, shipped or the district's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeView {
    /// The record of it; nothing for one that ships.
    pub id: Option<RecordId>,
    /// `shipped`, or the state of its record: drafted, published, retired.
    pub state: String,
    /// Its name in data.
    pub code: String,
    /// Which version.
    pub version: u32,
    /// Its name on paper.
    pub name: Label,
    /// 文号.
    pub document: String,
    /// Who issued it.
    pub issuer: String,
    /// promote, reward, agriculture, pilot.
    pub sort: String,
    /// environment or agriculture.
    pub stream: String,
    /// From which level it is paid.
    pub level: String,
    /// Where it holds.
    pub area: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// What there is to say about it.
    pub note: Option<Label>,
    /// How many of its clauses were inferred.
    pub inferred: u32,
    /// Hex SHA-256 of its text.
    pub digest: String,
    /// What it asks for and pays, in order.
    pub parts: Vec<ProgrammePart>,
    /// The whole text, as it is edited.
    pub text: String,
}

/// Something that a programme says, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammePart {
    /// applicant, category, requirement, excluded, document, clock, rule, share.
    pub sort: String,
    /// Its name in data.
    pub name: String,
    /// Its name on paper, where it has one of its own.
    pub label: Option<Label>,
    /// For a rule: which primitive it is.
    pub primitive: Option<Primitive>,
    /// For a rule or requirement: of what it is computed.
    pub of: Option<Unit>,
    /// The clause as a person cites it.
    pub clause: String,
    /// What the clause says.
    pub text: Option<Label>,
    /// Where it was read.
    pub source: String,
    /// It was inferred.
    pub inferred: bool,
}

/// What is wrong with a text that should be a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProgrammeChecked {
    /// It can be published.
    pub ok: bool,
    /// Everything that is wrong.
    pub problems: Vec<PlacedProblem>,
    /// What was read, where nothing is wrong.
    pub programme: Option<ProgrammeView>,
}

/// A problem with the place of the text where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlacedProblem {
    /// `rule.reward`, `share[2]`; empty for the whole.
    pub place: String,
    /// What is wrong there.
    pub problem: ErrorView,
}

/// What a programme comes to for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CaseTried {
    /// What is wrong with the programme itself.
    pub wrong: Vec<PlacedProblem>,
    /// What the case lacks.
    pub problems: Vec<ErrorView>,
    /// What it comes to.
    pub amount: Option<Amount>,
    /// The papers that it asks for.
    pub documents: Vec<Demand>,
}

/// What a past application would get under another text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastTried {
    /// The application.
    pub application: RecordId,
    /// What heads it.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// The version that it is made under.
    pub frozen_version: u32,
    /// What it asks for, in 分.
    #[ts(type = "number | null")]
    pub requested: Option<i64>,
    /// What it may ask for under its own version, in 分.
    #[ts(type = "number | null")]
    pub frozen: Option<i64>,
    /// What it might ask for under the other, in 分.
    #[ts(type = "number | null")]
    pub tried: Option<i64>,
    /// Why the other comes to nothing.
    pub problems: Vec<ErrorView>,
}

/// Whether `text` is a programme that could be published. Needs no laptop.
#[must_use]
pub fn check_programme(text: &str) -> ProgrammeChecked {
    match sound(text, &Catalog::shipped()) {
        Ok(programme) => {
            let view = view(&programme, text, None, "file");
            ProgrammeChecked { ok: true, problems: Vec::new(), programme: Some(view) }
        }
        Err(problems) => ProgrammeChecked { ok: false, problems: placed(&problems), programme: None },
    }
}

/// What the programme `text` comes to for `case`. Needs no laptop.
#[must_use]
pub fn try_programme(text: &str, case: &Case) -> CaseTried {
    let nothing = CaseTried { wrong: Vec::new(), problems: Vec::new(), amount: None, documents: Vec::new() };
    let programme = match Programme::parse(text) {
        Ok(programme) => programme,
        Err(problems) => return CaseTried { wrong: placed(&problems), ..nothing },
    };
    let documents = programme.documents(case);
    match programme.amount(case) {
        Ok(amount) => CaseTried { amount: Some(amount), documents, ..nothing },
        Err(problems) => CaseTried { problems: views(&problems), documents, ..nothing },
    }
}

/// The case in the JSON file at `path`.
///
/// # Errors
/// [`Trouble::CaseUnreadable`], or a file that cannot be read.
pub fn read_case(path: &Path) -> Result<Case> {
    let unreadable = |line: usize, reason: String| {
        let path = path.display().to_string();
        Trouble::CaseUnreadable { path, line: line.to_string(), reason }
    };
    let text = text_of(path, MAX_CASE_BYTES)?;
    let case = serde_json::from_str(&text).map_err(|error| unreadable(error.line(), error.to_string()));
    Ok(case?)
}

/// The text of a programme's file.
///
/// # Errors
/// A file that cannot be read.
pub fn read_programme(path: &Path) -> Result<String> {
    text_of(path, 4 * domain::programme::MAX_BYTES as u64)
}

fn text_of(path: &Path, most: u64) -> Result<String> {
    use std::io::Read;
    let reading = |error: std::io::Error| Trouble::reading(path, &error);
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(reading)?;
    file.take(most + 1).read_to_string(&mut text).map_err(reading)?;
    if text.len() as u64 > most {
        return Err(Trouble::FileUnreadable {
            path: path.display().to_string(),
            reason: format!("> {} KB", most >> 10),
        }
        .into());
    }
    Ok(text)
}

/// The programmes that ship.
#[must_use]
pub fn shipped_programmes() -> Vec<ProgrammeView> {
    let read = SHIPPED.iter().filter_map(|(_, text)| Some((Programme::parse(text).ok()?, text)));
    read.map(|(programme, text)| view(&programme, text, None, "shipped")).collect()
}

impl Laptop {
    /// The district's programmes, the newest version of each first, and those that ship.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programmes(&self) -> Result<Vec<ProgrammeView>> {
        let mut views: Vec<ProgrammeView> = self.gather(KIND, &[])?.iter().map(of_record).collect();
        views.sort_by(|one, other| (&one.code, other.version).cmp(&(&other.code, one.version)));
        views.extend(shipped_programmes());
        Ok(views)
    }

    /// The programme that is meant: a record's id, a code with `@version`, or a code
    /// alone, which is the newest published version, else the one that ships.
    ///
    /// # Errors
    /// [`Trouble::UnknownProgramme`].
    pub fn programme(&self, which: &str) -> Result<ProgrammeView> {
        let all = self.programmes()?;
        let by_id = all.iter().find(|one| one.id.is_some_and(|id| id.to_string() == which));
        let named = || match which.split_once('@') {
            Some((code, version)) => all.iter().find(|one| one.code == code && one.version.to_string() == version),
            None => {
                let of_code = || all.iter().filter(|one| one.code == which);
                of_code().find(|one| one.state == "published").or_else(|| of_code().next_back())
            }
        };
        let unknown = || Trouble::UnknownProgramme { given: which.to_owned() };
        Ok(by_id.or_else(named).cloned().ok_or_else(unknown)?)
    }

    /// Keeps `text` as a draft, in the place of the draft of the same code and version.
    /// It need not hold together yet; its code, version and name must be readable.
    ///
    /// # Errors
    /// [`Trouble::ProgrammeWrong`] for a text without a heading,
    /// [`Trouble::ProgrammeVersionTaken`], or what the rules refuse.
    pub fn draft_programme(&mut self, text: &str) -> Result<ProgrammeView> {
        let parsed = Programme::parse(text);
        let Some(head) = Heading::of(text) else {
            return Err(wrong(&parsed.err().unwrap_or_default()).into());
        };
        self.free(&head.code, head.version)?;
        let fields = match parsed {
            Ok(programme) => fields(&programme, text),
            Err(_) => unfinished(&head, text),
        };
        let id = self.drafted(&head.code, head.version, &fields)?;
        Ok(of_record(&self.row(id)?.record))
    }

    /// Publishes `text`, which from then on never changes. With `retire`, the
    /// published versions before it are retired.
    ///
    /// # Errors
    /// [`Trouble::ProgrammeWrong`] for a text with any problem, [`Trouble::ProgrammeVersionTaken`],
    /// [`domain::Refusal::NotAllowed`] for who may not. Nothing is kept then.
    pub fn publish_programme(&mut self, text: &str, retire: bool) -> Result<ProgrammeView> {
        let programme = sound(text, self.catalog()).map_err(|problems| wrong(&problems))?;
        self.free(&programme.code, programme.version)?;
        let id = self.drafted(&programme.code, programme.version, &fields(&programme, text))?;
        self.move_to(id, "published", None)?;
        if retire {
            for older in self.versions(&programme.code)? {
                if older.id != id && older.state.as_deref() == Some("published") {
                    self.move_to(older.id, "retired", None)?;
                }
            }
        }
        Ok(of_record(&self.row(id)?.record))
    }

    /// What the applications of this programme would get under `text`; with `all`, those of every programme.
    ///
    /// # Errors
    /// [`Trouble::ProgrammeWrong`], or when the database cannot be read.
    pub fn try_on_past(&self, text: &str, all: bool) -> Result<Vec<PastTried>> {
        let programme = Programme::parse(text).map_err(|problems| wrong(&problems))?;
        let today = chrono::Local::now().date_naive();
        let mut tried = Vec::new();
        for application in self.gather("application", &[])? {
            let Some(policy) = application.text("policy").and_then(|id| id.parse().ok()) else { continue };
            let Some(frozen) = self.store.record(policy)?.map(|row| row.record) else { continue };
            if !all && frozen.text("code") != Some(&programme.code) {
                continue;
            }
            let submission = self.submission(application.id)?;
            let under_frozen = domain::programme::recompute(&submission, today);
            let under_frozen = under_frozen.and_then(std::result::Result::ok).and_then(|one| one.amount);
            let under_new = programme.recompute(&submission, today);
            tried.push(PastTried {
                title: store::title(self.catalog(), &application),
                state: application.state.clone().unwrap_or_default(),
                frozen_version: version(&frozen),
                requested: application.integer("requested"),
                frozen: under_frozen.map(|amount| amount.asked),
                tried: under_new.amount.map(|amount| amount.asked),
                problems: views(&under_new.problems),
                application: application.id,
            });
        }
        Ok(tried)
    }

    /// The version lies beyond all that were published.
    fn free(&self, code: &str, asked: u32) -> Result<()> {
        let bound = self.versions(code)?.into_iter().filter(|one| one.state.as_deref() != Some("drafted"));
        let newest = bound.map(|one| version(&one)).max().unwrap_or(0);
        if asked > newest {
            return Ok(());
        }
        let (code, version, newest) = (code.to_owned(), asked.to_string(), newest.to_string());
        Err(Trouble::ProgrammeVersionTaken { code, version, newest }.into())
    }

    /// The record of the draft, with these fields.
    fn drafted(&mut self, code: &str, asked: u32, fields: &Fields) -> Result<RecordId> {
        let kind = self.kind(KIND)?;
        let standing = self.versions(code)?.into_iter().find(|one| version(one) == asked);
        if let Some(record) = standing {
            let actions = kind.edit(&record.fields, fields)?;
            if !actions.is_empty() {
                self.save(record.id, &kind, record.scope, actions, None)?;
            }
            return Ok(record.id);
        }
        let (id, scope, _) = self.beginning(&kind, Fields::new())?;
        Ok(self.save(id, &kind, scope, creation(&kind, fields)?, None)?.record.id)
    }

    fn versions(&self, code: &str) -> Result<Vec<Record>> {
        self.gather(KIND, &[store::Filter::Field("code".to_owned(), code.into())])
    }
}

/// The programme that `text` says, where nothing is wrong with it and `catalog` knows what it speaks of.
fn sound(text: &str, catalog: &Catalog) -> std::result::Result<Programme, Vec<ProgrammeProblem>> {
    let programme = Programme::parse(text)?;
    let strange = programme.unknown_to(catalog);
    if strange.is_empty() { Ok(programme) } else { Err(strange) }
}

fn fields(programme: &Programme, text: &str) -> Fields {
    let fields = json!({
        "code": programme.code, "version": programme.version, "name": programme.name.zh,
        "document": Some(&programme.document).filter(|document| !document.is_empty()),
        "from": programme.from, "until": programme.until, "sort": programme.sort.name(),
        "stream": programme.stream.name(), "issuer": programme.issuer,
        "rules": text, "digest": programme.digest(),
    });
    serde_json::from_value(fields).expect("an object is fields")
}

/// The fields of a draft of which only the heading can be read.
fn unfinished(head: &Heading, text: &str) -> Fields {
    let fields = json!({
        "code": head.code, "version": head.version, "name": head.name.zh, "document": null, "from": null,
        "until": null, "sort": null, "stream": null, "issuer": null, "rules": text, "digest": null,
    });
    serde_json::from_value(fields).expect("an object is fields")
}

pub(crate) fn version(record: &Record) -> u32 {
    record.integer("version").and_then(|version| u32::try_from(version).ok()).unwrap_or(0)
}

pub(crate) fn wrong(problems: &[ProgrammeProblem]) -> Trouble {
    let place = problems.first().map(|problem| problem.place.clone()).unwrap_or_default();
    Trouble::ProgrammeWrong { count: problems.len().to_string(), place }
}

fn placed(problems: &[ProgrammeProblem]) -> Vec<PlacedProblem> {
    let view = |problem: &ProgrammeProblem| {
        let value = serde_json::to_value(&problem.fault).unwrap_or_default();
        PlacedProblem { place: problem.place.clone(), problem: view_of(&value) }
    };
    problems.iter().map(view).collect()
}

/// Problems of a case as they cross a border.
pub(crate) fn views(problems: &[AmountProblem]) -> Vec<ErrorView> {
    problems.iter().map(|problem| view_of(&serde_json::to_value(problem).unwrap_or_default())).collect()
}

/// A record's programme. One whose text this program cannot read is shown by its fields.
fn of_record(record: &Record) -> ProgrammeView {
    let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
    let (rules, state) = (text("rules"), record.state.clone().unwrap_or_default());
    if let Ok(programme) = Programme::parse(&rules) {
        return view(&programme, &rules, Some(record.id), &state);
    }
    ProgrammeView {
        id: Some(record.id),
        state,
        code: text("code"),
        version: version(record),
        name: Label { zh: text("name"), en: text("name") },
        document: text("document"),
        issuer: text("issuer"),
        sort: text("sort"),
        stream: text("stream"),
        level: String::new(),
        area: String::new(),
        from: text("from"),
        until: record.text("until").map(str::to_owned),
        note: None,
        inferred: 0,
        digest: text("digest"),
        parts: Vec::new(),
        text: rules,
    }
}

fn view(programme: &Programme, text: &str, id: Option<RecordId>, state: &str) -> ProgrammeView {
    let inferred = programme.clauses.iter().filter(|clause| clause.inferred).count();
    ProgrammeView {
        id,
        state: state.to_owned(),
        code: programme.code.clone(),
        version: programme.version,
        name: programme.name.clone(),
        document: programme.document.clone(),
        issuer: programme.issuer.clone(),
        sort: programme.sort.name().to_owned(),
        stream: programme.stream.name().to_owned(),
        level: programme.level.name().to_owned(),
        area: programme.area.clone(),
        from: programme.from.to_string(),
        until: programme.until.map(|until| until.to_string()),
        note: programme.note.clone(),
        inferred: u32::try_from(inferred).unwrap_or(u32::MAX),
        digest: programme.digest().to_owned(),
        parts: parts(programme),
        text: text.to_owned(),
    }
}

fn parts(programme: &Programme) -> Vec<ProgrammePart> {
    let part = |sort: &str, name: &str, label: Option<&Label>, clause: &str| {
        let said = programme.clause(clause);
        ProgrammePart {
            sort: sort.to_owned(),
            name: name.to_owned(),
            label: label.cloned(),
            primitive: None,
            of: None,
            clause: programme.cite(clause),
            text: said.map(|clause| clause.text.clone()),
            source: said.map(|clause| clause.source.clone()).unwrap_or_default(),
            inferred: said.is_some_and(|clause| clause.inferred),
        }
    };
    let mut parts = Vec::new();
    parts.extend(programme.applicants.iter().map(|one| part("applicant", one.who.name(), None, &one.clause)));
    for one in &programme.categories {
        parts.extend(one.names.iter().map(|name| part("category", name, None, &one.clause)));
    }
    for one in &programme.requirements {
        parts.push(ProgrammePart { of: Some(one.of), ..part("requirement", &one.name, Some(&one.label), &one.clause) });
    }
    parts.extend(programme.exclusions.iter().map(|one| part("excluded", &one.name, Some(&one.label), &one.clause)));
    for one in &programme.papers {
        parts.extend(one.sorts.iter().map(|sort| part("document", sort, None, &one.clause)));
    }
    for one in &programme.clocks {
        let name = serde_json::to_value((one.name, one.unit)).unwrap_or_default();
        let name = |at: usize| name[at].as_str().unwrap_or_default().to_owned();
        parts.push(part("clock", &format!("{} {} {}", name(0), one.length, name(1)), None, &one.clause));
    }
    for one in &programme.rules {
        parts.push(ProgrammePart {
            of: Some(one.of),
            primitive: one.primitive(),
            ..part("rule", &one.name, Some(&one.label), &one.clause)
        });
    }
    parts.extend(programme.shares.iter().map(|one| part("share", one.level.name(), Some(&one.label), &one.clause)));
    parts
}
