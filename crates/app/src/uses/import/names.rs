//! Names in a table as records: the same name counts, also in its short form
//! (中东村 is 中东村委会); where several have it, or none has quite this one, a
//! person chooses among those that come near, each with the place where it lies.

use std::collections::HashMap;

use domain::catalog::{Field, FieldType, Kind, Label};
use domain::{Fields, RecordId, Refusal, Value};

use super::identity::place_field;
use super::report::ImportOffer;
use crate::uses::places::PlaceFound;
use crate::{AppError, Laptop, Result, Trouble};

/// How alike a name must be to be offered, and how many are: of two letters, one.
const LIKELY: f64 = 0.4;
const MOST_OFFERS: usize = 6;

/// Beyond so many unknown names in one column the likeness is not looked for: it is another list.
const MOST_UNKNOWN: usize = 300;

/// What a text in a reference's column means.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    Value(Value),
    Offers(Refusal, Vec<ImportOffer>),
    Nothing(Refusal),
}

/// What the texts of all reference columns mean, each looked up once.
pub(super) struct Names<'l> {
    laptop: &'l Laptop,
    columns: HashMap<String, Column>,
}

struct Column {
    known: Vec<Known>,
    by_name: HashMap<String, Vec<usize>>,
    by_core: HashMap<String, Vec<usize>>,
    meanings: HashMap<String, Meaning>,
    unknown: usize,
}

/// A record that may be meant.
struct Known {
    /// What the field holds for it.
    value: Value,
    /// What a person says for it: its code or number, else its id.
    said: String,
    title: String,
    /// The place where it lies.
    parent: String,
}

impl<'l> Names<'l> {
    pub(super) fn new(laptop: &'l Laptop) -> Self {
        Self { laptop, columns: HashMap::new() }
    }

    /// What `text` means in a column of `field`.
    pub(super) fn meaning(&mut self, field: &Field, text: &str) -> Result<Meaning> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Meaning::Value(Value::Null));
        }
        if !self.columns.contains_key(&field.name) {
            let column = Column::read(self.laptop, field)?;
            self.columns.insert(field.name.clone(), column);
        }
        let Some(column) = self.columns.get_mut(&field.name) else {
            return Ok(Meaning::Nothing(unknown(field, text)));
        };
        if let Some(meaning) = column.meanings.get(text) {
            return Ok(meaning.clone());
        }
        let meaning = match column.named(field, text) {
            Some(meaning) => meaning,
            // An id, or the code of a place that is no record here.
            None => match self.laptop.reference(field, &text.into()) {
                Ok(value) => Meaning::Value(value),
                Err(AppError::Refused(refusal)) => column.near(refusal, text),
                Err(other) => return Err(other),
            },
        };
        let meaning = match column.ended(self.laptop, field, text, &meaning)? {
            Some(question) => question,
            None => meaning,
        };
        column.meanings.insert(text.to_owned(), meaning.clone());
        Ok(meaning)
    }

    /// What a list of names means, all of them or none.
    pub(super) fn meanings(&mut self, field: &Field, texts: &[Value]) -> Result<Meaning> {
        let mut values = Vec::new();
        for text in texts {
            match self.meaning(field, text.as_str().unwrap_or_default())? {
                Meaning::Value(value) => values.push(value),
                other => return Ok(other),
            }
        }
        Ok(Meaning::Value(Value::Array(values)))
    }
}

/// The question that a village's own code asks where it has ended: the row is about
/// what followed it, or still about the village as it was.
pub(super) fn ended_key(laptop: &Laptop, field: &Field, code: &str) -> Result<Option<(Refusal, Vec<ImportOffer>)>> {
    let Some((place, refusal)) = ended(laptop, field, code, code)? else { return Ok(None) };
    let followed = place.successors.iter();
    let mut offers: Vec<ImportOffer> = followed
        .map(|next| {
            let code = Label { zh: next.code.clone(), en: next.code.clone() };
            ImportOffer { value: next.code.clone(), title: next.name.clone(), reading: code }
        })
        .collect();
    offers.push(ImportOffer { value: code.to_owned(), title: place.name, reading: as_it_was() });
    Ok(Some((refusal, offers)))
}

fn as_it_was() -> Label {
    Label { zh: "仍记在原村".to_owned(), en: "As it was".to_owned() }
}

/// The place of a code that has ended and that something followed, with the sentence that says so.
fn ended(laptop: &Laptop, field: &Field, given: &str, code: &str) -> Result<Option<(PlaceFound, Refusal)>> {
    let place = match laptop.place(code, None) {
        Ok(history) => history.place,
        Err(AppError::Trouble(Trouble::UnknownPlace { .. })) => return Ok(None),
        Err(other) => return Err(other),
    };
    let Some(until) = place.valid_until.clone().filter(|_| !place.successors.is_empty()) else { return Ok(None) };
    let into = place.successors.iter().map(|next| format!("{}（{}）", next.name, next.code));
    let (field, given, name) = (field.name.clone(), given.to_owned(), place.name.clone());
    let into = into.collect::<Vec<_>>().join("、");
    Ok(Some((place, Refusal::PlaceEnded { field, given, name, until, into })))
}

fn unknown(field: &Field, given: &str) -> Refusal {
    Refusal::UnknownReference { field: field.name.clone(), given: given.to_owned() }
}

impl Column {
    fn read(laptop: &Laptop, field: &Field) -> Result<Self> {
        let kind = laptop.kind(field.to.as_deref().unwrap_or_default())?;
        let parents = parents(laptop, &kind)?;
        let mut column = Self {
            known: Vec::new(),
            by_name: HashMap::new(),
            by_core: HashMap::new(),
            meanings: HashMap::new(),
            unknown: 0,
        };
        for (id, keys) in laptop.store.keys(&kind.name)? {
            let text = |name: &str| keys.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let key = kind.key.as_ref().map(|key| text(key)).unwrap_or_default();
            let value = match &field.by {
                Some(by) => keys.get(by).cloned().unwrap_or_default(),
                None => id.to_string().into(),
            };
            let parent = place_field(&kind).and_then(|place| parents.get(&text(place)).cloned()).unwrap_or_default();
            let title = text(&kind.title);
            let i = column.known.len();
            for name in [&key, &title] {
                column.by_name.entry(name.clone()).or_default().push(i);
            }
            column.by_core.entry(core(&title)).or_default().push(i);
            if !parent.is_empty() {
                column.by_core.entry(core(&format!("{parent}{title}"))).or_default().push(i);
            }
            let said = if key.is_empty() { id.to_string() } else { key };
            column.known.push(Known { value, said, title, parent });
        }
        Ok(column)
    }

    /// By the name itself, else by its short form.
    fn named(&self, field: &Field, text: &str) -> Option<Meaning> {
        let found = self.by_name.get(text).or_else(|| self.by_core.get(&core(text)).filter(|_| !core(text).is_empty()));
        match found?.as_slice() {
            [] => None,
            [one] => Some(Meaning::Value(self.known[*one].value.clone())),
            several => {
                let (field, given, count) = (field.name.clone(), text.to_owned(), several.len().to_string());
                let offers = several.iter().take(MOST_OFFERS).map(|i| self.known[*i].offer()).collect();
                Some(Meaning::Offers(Refusal::AmbiguousReference { field, given, count }, offers))
            }
        }
    }

    /// The question that a village asks whose code has ended: what followed it, or
    /// the village as it was. An id, which the second answer gives, asks nothing.
    fn ended(&self, laptop: &Laptop, field: &Field, text: &str, meaning: &Meaning) -> Result<Option<Meaning>> {
        if field.to.as_deref() != Some("village") || text.parse::<RecordId>().is_ok() {
            return Ok(None);
        }
        let old = match meaning {
            Meaning::Value(value) => self.known.iter().find(|known| known.value == *value),
            _ => None,
        };
        let code = old.map_or(text, |known| known.said.as_str());
        let Some((place, refusal)) = ended(laptop, field, text, code)? else { return Ok(None) };
        let followed = |code: &str| self.known.iter().find(|known| known.said == code);
        let mut offers: Vec<ImportOffer> =
            place.successors.iter().filter_map(|next| followed(&next.code)).map(Known::offer).collect();
        offers.extend(old.map(|known| ImportOffer {
            value: known.value.as_str().unwrap_or_default().to_owned(),
            title: known.title.clone(),
            reading: as_it_was(),
        }));
        Ok(Some(if offers.is_empty() { Meaning::Nothing(refusal) } else { Meaning::Offers(refusal, offers) }))
    }

    /// Those whose names come near.
    fn near(&mut self, refusal: Refusal, text: &str) -> Meaning {
        self.unknown += 1;
        if self.unknown > MOST_UNKNOWN {
            return Meaning::Nothing(refusal);
        }
        let asked = core(text);
        let likeness = |known: &Known| {
            let (plain, full) = (core(&known.title), core(&format!("{}{}", known.parent, known.title)));
            let alike = sheet::similarity(&asked, &plain).max(sheet::similarity(&asked, &full));
            alike.max(0.9 * letters_in_place(&asked, &plain))
        };
        let mut scored: Vec<(f64, &Known)> = self.known.iter().map(|known| (likeness(known), known)).collect();
        scored.retain(|(score, _)| *score >= LIKELY);
        scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        if scored.is_empty() {
            return Meaning::Nothing(refusal);
        }
        Meaning::Offers(refusal, scored.into_iter().take(MOST_OFFERS).map(|(_, known)| known.offer()).collect())
    }
}

impl Known {
    fn offer(&self) -> ImportOffer {
        let place = [self.parent.as_str(), self.said.as_str()];
        let place = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        ImportOffer {
            value: self.said.clone(),
            title: self.title.clone(),
            reading: Label { zh: place.clone(), en: place },
        }
    }
}

/// The titles of what records of `kind` belong to, by what their place field holds.
fn parents(laptop: &Laptop, kind: &Kind) -> Result<HashMap<String, String>> {
    let field = place_field(kind).and_then(|name| kind.field(name).ok());
    let Some(field) = field.filter(|field| field.field_type == FieldType::Reference) else {
        return Ok(HashMap::new());
    };
    let above = laptop.kind(field.to.as_deref().unwrap_or_default())?;
    let held = |(id, keys): (RecordId, Fields)| {
        let title = keys.get(&above.title).and_then(Value::as_str)?.to_owned();
        let held = match &field.by {
            Some(by) => keys.get(by).and_then(Value::as_str)?.to_owned(),
            None => id.to_string(),
        };
        Some((held, title))
    };
    Ok(laptop.store.keys(&above.name)?.into_iter().filter_map(held).collect())
}

/// The share of letters that stand where they stand in the other name, of names
/// of one length: short names are mistyped by one letter, 正样 for 正洋.
fn letters_in_place(a: &str, b: &str) -> f64 {
    let length = a.chars().count();
    if length != b.chars().count() {
        return 0.0;
    }
    let same = a.chars().zip(b.chars()).filter(|(a, b)| a == b).count();
    #[allow(clippy::cast_precision_loss, reason = "letters of a name")]
    let share = same as f64 / length.max(1) as f64;
    share
}

/// A place's name without what says only which sort of place it is.
fn core(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let endings = ["村民委员会", "居民委员会", "社区居委会", "村委会", "居委会", "社区", "村"];
    match endings.iter().find_map(|ending| plain.strip_suffix(ending)) {
        Some(short) if !short.is_empty() => short.to_owned(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::core;

    #[test]
    fn a_villages_short_form_is_its_name() {
        for name in ["中东村", "中东村委会", "中东村民委员会", "中 东"] {
            assert_eq!(core(name), "中东", "{name}");
        }
        assert_eq!(core("村"), "村", "something is left of every name");
    }
}
