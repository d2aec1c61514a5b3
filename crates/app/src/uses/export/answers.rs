//! What a template's placeholders stand for: records, what they refer to, and the
//! few words about the table itself.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use domain::catalog::{Field, FieldType, Kind};
use domain::{Fields, Record, RecordId, Value};
use sheet::template::{Answers, Ask, Filling};
use store::Filter;

use super::computed::Computed;
use super::{ExportAsked, derived};
use crate::{AppError, Laptop, Result};

/// The records that a template is filled from; read when they are asked for.
pub(super) struct Records<'l> {
    laptop: &'l Laptop,
    asked: &'l ExportAsked,
    subject: Option<Record>,
    /// Read once for each kind, and shared by all the cells that ask for a value of one.
    rows: HashMap<String, Rc<Vec<Fields>>>,
    /// What is computed and stands in no row of its own.
    single: HashMap<String, Rc<Vec<Fields>>>,
    /// The fields of the one record that the table is about.
    about: Rc<Vec<Fields>>,
    /// Records that others refer to, by kind and by what the reference holds.
    referred: HashMap<String, HashMap<String, Option<Rc<Fields>>>>,
    /// What broke beneath, and is more than a wrong placeholder.
    pub(super) trouble: Option<AppError>,
}

/// Why a placeholder has no answer.
enum Wrong {
    Sentence(String),
    Trouble(AppError),
}

impl<E: Into<AppError>> From<E> for Wrong {
    fn from(error: E) -> Self {
        Self::Trouble(error.into())
    }
}

impl<'l> Records<'l> {
    pub(super) fn new(laptop: &'l Laptop, asked: &'l ExportAsked) -> Result<Self> {
        let subject = match &asked.of {
            Some(id) => {
                let id: RecordId = id.parse().map_err(|_| AppError::unknown_record(id))?;
                Some(laptop.row(id)?.record)
            }
            None => None,
        };
        let about = Rc::new(subject.clone().map(with_state).into_iter().collect());
        Ok(Self {
            laptop,
            asked,
            subject,
            rows: HashMap::new(),
            single: HashMap::new(),
            about,
            referred: HashMap::new(),
            trouble: None,
        })
    }

    /// How many records stand in the table's rows.
    pub(super) fn written(&self) -> u64 {
        self.rows.values().map(|rows| rows.len() as u64).sum()
    }

    fn said<T>(&mut self, outcome: std::result::Result<T, Wrong>) -> std::result::Result<T, String> {
        outcome.map_err(|wrong| match wrong {
            Wrong::Sentence(sentence) => sentence,
            Wrong::Trouble(error) => {
                let sentence = error.to_string();
                self.trouble = Some(error);
                sentence
            }
        })
    }

    fn kind(&self, name: &str) -> std::result::Result<&'l Kind, Wrong> {
        let named = |kind: &&Kind| kind.name == name || kind.label.zh == name || kind.label.en == name;
        let found = self.laptop.catalog().kinds.iter().find(named);
        found.ok_or_else(|| Wrong::Sentence(format!("“{name}”既不是台账的名称，也不是可用的词")))
    }

    fn read(&mut self, name: &str) -> std::result::Result<Option<usize>, Wrong> {
        if let Some(rows) = self.rows.get(name) {
            return Ok(Some(rows.len()));
        }
        if self.single.contains_key(name) {
            return Ok(None);
        }
        let computed = Computed::named(name);
        let rows = if let Some(what) = computed {
            self.laptop.computed_rows(what, self.asked)?.map_err(|needs| Wrong::Sentence(needs.to_owned()))?
        } else {
            let kind = self.kind(name)?;
            if self.subject.as_ref().is_some_and(|subject| subject.kind == kind.name) {
                return Ok(None);
            }
            self.records(kind)?
        };
        let count = rows.len();
        if computed.is_some_and(|what| !what.repeats()) {
            self.single.insert(name.to_owned(), Rc::new(rows));
            return Ok(None);
        }
        self.rows.insert(name.to_owned(), Rc::new(rows));
        Ok(Some(count))
    }

    fn records(&self, kind: &Kind) -> std::result::Result<Vec<Fields>, Wrong> {
        let mut filters = Vec::new();
        for (name, text) in self.asked.filters.iter().filter(|(name, _)| kind.field(name).is_ok()) {
            let field = kind.field(name)?;
            let value = match field.field_type {
                FieldType::Reference => self.laptop.reference(field, &text.as_str().into())?,
                _ => field.read_text(text)?,
            };
            filters.push(Filter::Field(name.clone(), value));
        }
        let replaced = self.replaced(kind)?;
        let rows = self.laptop.every(kind, &filters)?.into_iter().map(|row| row.record);
        let mut rows: Vec<Record> = rows.filter(|record| !replaced.contains_key(&record.id)).collect();
        self.laptop.derive_fields(kind, &mut rows)?;
        let rows = rows.into_iter();
        let Some(subject) = &self.subject else { return Ok(rows.map(with_state).collect()) };
        let Some((first, second)) = self.way(kind, &subject.kind) else {
            return Err(Wrong::Sentence(format!("“{}”与这张表说的那条记录没有关联", kind.label.zh)));
        };
        let mut found = Vec::new();
        for record in rows {
            let held = record.text(&first.name).unwrap_or_default().to_owned();
            let belongs = match &second {
                None => refers(first, &held, subject),
                Some(second) => self
                    .laptop
                    .store
                    .record(held.parse().unwrap_or(record.id))?
                    .is_some_and(|row| refers(second, row.record.text(&second.name).unwrap_or_default(), subject)),
            };
            if belongs {
                found.push(with_state(record));
            }
        }
        Ok(found)
    }

    /// Entries that a later one corrects: kept among the records, and in no table that is handed in.
    fn replaced(&self, kind: &Kind) -> Result<BTreeMap<RecordId, RecordId>> {
        if !kind.append_only {
            return Ok(BTreeMap::new());
        }
        let all = self.laptop.every(kind, &[])?;
        Ok(domain::views::replaced(all.iter().map(|row| &row.record)))
    }

    /// By which reference a record of `kind` belongs to one of kind `to`, at once or through another.
    fn way(&self, kind: &'l Kind, to: &str) -> Option<(&'l Field, Option<&'l Field>)> {
        let single = |kind: &'l Kind| kind.fields.iter().filter(|field| field.field_type == FieldType::Reference);
        let straight = |kind: &'l Kind| single(kind).find(|field| field.to.as_deref() == Some(to));
        if let Some(field) = straight(kind) {
            return Some((field, None));
        }
        single(kind).filter(|field| field.by.is_none()).find_map(|field| {
            let next = self.laptop.catalog().kind(field.to.as_deref()?).ok()?;
            Some((field, Some(straight(next)?)))
        })
    }

    fn answer(&mut self, ask: Ask<'_>) -> std::result::Result<Filling, Wrong> {
        let placeholder = ask.placeholder;
        let form = placeholder.unit.as_deref();
        let (kind, path) = match placeholder.path.split_first() {
            Some((kind, path)) if !path.is_empty() => (kind, path),
            _ => return self.word(placeholder.kind(), form),
        };
        let computed = Computed::named(kind);
        if let Some(what) = computed.filter(|what| !what.repeats()) {
            self.read(kind)?;
            let single = self.single.get(kind).and_then(|rows| rows.first()).cloned().unwrap_or_default();
            return what.value(&single, path, form)?.map_err(Wrong::Sentence);
        }
        if computed.is_some() && ask.row.is_none() {
            return Err(Wrong::Sentence("这一项要放在它自己的、会重复的一行里".to_owned()));
        }
        let (records, at) = match (ask.row, self.rows.get(kind)) {
            (Some(row), Some(rows)) => (Rc::clone(rows), row),
            _ => (Rc::clone(&self.about), 0),
        };
        let Some(record) = records.get(at) else {
            let kind = kind.as_str();
            return Err(Wrong::Sentence(format!("没有说明这张表是哪一条“{kind}”的")));
        };
        if let Some(what) = computed {
            return what.value(record, path, form)?.map_err(Wrong::Sentence);
        }
        let described = self.kind(kind)?;
        if !self.rows.contains_key(kind) && self.subject.as_ref().is_none_or(|subject| subject.kind != described.name) {
            return Err(Wrong::Sentence(format!("这张表不是按“{}”填的", described.label.zh)));
        }
        self.value(described, record, path, form)
    }

    /// The value at the end of `path`, from a record of `kind` on.
    fn value(
        &mut self,
        kind: &'l Kind,
        record: &Fields,
        path: &[String],
        form: Option<&str>,
    ) -> std::result::Result<Filling, Wrong> {
        let (name, rest) = path.split_first().map_or(("", path), |(name, rest)| (name.as_str(), rest));
        if rest.is_empty() && matches!(name, "state" | "状态") && !kind.states.is_empty() {
            let state = record.get(STATE).and_then(Value::as_str).and_then(|state| kind.state(state).ok());
            return Ok(state.map_or(Filling::Empty, |state| Filling::Text(state.label.zh.clone())));
        }
        if let Some(filling) = derived::value(kind, record, name, form)?.filter(|_| rest.is_empty()) {
            return filling.map_err(Wrong::Sentence);
        }
        let named = |field: &&Field| field.name == name || field.label.zh == name || field.label.en == name;
        let Some(field) = kind.fields.iter().find(named) else {
            return Err(Wrong::Sentence(format!("“{}”没有“{name}”这一项", kind.label.zh)));
        };
        let value = record.get(&field.name).unwrap_or(&Value::Null);
        if !rest.is_empty() {
            let to = field.to.as_deref().and_then(|to| self.laptop.catalog().kind(to).ok());
            let Some(to) = to.filter(|_| field.field_type == FieldType::Reference) else {
                return Err(Wrong::Sentence(format!("“{name}”不指向别的记录，后面不能再接一项")));
            };
            let referred = self.referred(field, to, value.as_str().unwrap_or_default())?;
            return match referred {
                Some(referred) => self.value(to, &referred, rest, form),
                None => Ok(Filling::Empty),
            };
        }
        let mut names = BTreeMap::new();
        if matches!(field.field_type, FieldType::Reference | FieldType::References)
            && let Some(to) = field.to.as_deref().and_then(|to| self.laptop.catalog().kind(to).ok())
        {
            for held in value.as_array().into_iter().flatten().chain([value]).filter_map(Value::as_str) {
                let referred = self.referred(field, to, held)?;
                let title =
                    referred.and_then(|fields| fields.get(&to.title).and_then(Value::as_str).map(str::to_owned));
                names.extend(title.map(|title| (held.to_owned(), title)));
            }
        }
        let filling = sheet::filling(field, value, form, &|id| names.get(id).cloned()).map_err(Wrong::Sentence)?;
        Ok(match filling {
            Filling::Text(text) if !self.asked.personal && field.digits.is_none() => {
                Filling::Text(sheet::masked(&text))
            }
            filling => filling,
        })
    }

    fn referred(&mut self, field: &Field, to: &Kind, held: &str) -> std::result::Result<Option<Rc<Fields>>, Wrong> {
        if held.is_empty() {
            return Ok(None);
        }
        if let Some(known) = self.referred.get(&to.name).and_then(|known| known.get(held)) {
            return Ok(known.clone());
        }
        let record = match (&field.by, held.parse::<RecordId>()) {
            // What was joined into another is that other, as in every figure.
            (None, Ok(id)) => self.laptop.store.record(self.laptop.store.root(id)?)?.map(|row| row.record),
            (Some(by), _) => self.laptop.store.find(to, by, &held.into())?.into_iter().next().map(|row| row.record),
            (None, Err(_)) => None,
        };
        let fields = record.map(with_state).map(Rc::new);
        self.referred.entry(to.name.clone()).or_default().insert(held.to_owned(), fields.clone());
        Ok(fields)
    }

    /// A word about the table itself.
    fn word(&self, word: &str, form: Option<&str>) -> std::result::Result<Filling, Wrong> {
        let text = |text: &str| Ok(Filling::Text(text.to_owned()));
        match word {
            "today" | "今天" => Ok(Filling::Date(Laptop::today())),
            "person" | "填报人" => text(&self.laptop.identity.person),
            "month" | "月份" => text(self.asked.month.as_deref().unwrap_or_default()),
            "year" | "年度" => {
                text(self.asked.month.as_deref().unwrap_or(&Laptop::today()).get(..4).unwrap_or_default())
            }
            "township" | "乡镇" | "district" | "区县" => {
                let scopes = self.laptop.scopes()?;
                let township = self.asked.township.as_deref();
                let scope =
                    scopes.iter().find(|scope| township.map_or(scope.is_township(), |code| scope.as_str() == code));
                let code = scope.map_or("", |scope| scope.as_str());
                let code = if matches!(word, "district" | "区县") { code.get(..6).unwrap_or(code) } else { code };
                let name = self.place_name(code)?;
                text(form.filter(|form| *form == "代码").map_or(name.as_str(), |_| code))
            }
            word => Err(Wrong::Sentence(format!("“{word}”既不是台账的名称，也不是可用的词"))),
        }
    }

    /// The name of the township or district with this code, else the code.
    fn place_name(&self, code: &str) -> std::result::Result<String, Wrong> {
        for (kind, code) in [("township", code.to_owned()), ("place", format!("{code:0<12}"))] {
            let Ok(kind) = self.laptop.catalog().kind(kind) else { continue };
            let found = self.laptop.store.find(kind, "code", &code.clone().into())?;
            if let Some(row) = found.first() {
                return Ok(store::title(self.laptop.catalog(), &row.record));
            }
        }
        Ok(code.to_owned())
    }
}

impl Answers for Records<'_> {
    fn rows(&mut self, kind: &str) -> std::result::Result<Option<usize>, String> {
        let outcome = self.read(kind);
        self.said(outcome)
    }

    fn filling(&mut self, ask: Ask<'_>) -> std::result::Result<Filling, String> {
        let outcome = self.answer(ask);
        self.said(outcome)
    }
}

/// Where a record's lifecycle state stands among its fields; no field is called so.
const STATE: &str = "$state";

fn with_state(record: Record) -> Fields {
    let mut fields = record.fields;
    fields.extend(record.state.map(|state| (STATE.to_owned(), state.into())));
    fields
}

fn refers(field: &Field, held: &str, subject: &Record) -> bool {
    match &field.by {
        Some(by) => subject.text(by).is_some_and(|key| key == held),
        None => held == subject.id.to_string(),
    }
}
