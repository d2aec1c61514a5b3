//! Places: found by characters, pinyin and code; a code through the years; what
//! the places of a record were called when it was made.
//!
//! The picker's list is made from the place records that the district sends to
//! every laptop, and made anew when they change. A district that has not loaded
//! codes since they are kept is searched by its townships and villages. The whole
//! country can be loaded beside it from a file, as reference.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::NaiveDate;
use domain::catalog::{FieldType, Kind};
use domain::places::{self, Place};
use domain::{Record, RecordId, Value};
use serde::{Deserialize, Serialize};
use store::{PlaceHit, PlaceRow, Places};
use ts_rs::TS;

use crate::{Laptop, Result, Trouble};

/// The most bytes that a list of places may have; the country's has 38 MB.
const LARGEST_LIST: u64 = 256 << 20;

/// A place that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceFound {
    /// Its code: two, four, six, nine or twelve digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `province`, `city`, `county`, `township` or `village`.
    pub level: String,
    /// The list's word for what it is: 镇, 村委会 …
    pub category: String,
    /// Names from the province to itself, which tell it from another of the same name.
    pub path: Vec<String>,
    /// The first day of this name (`YYYY-MM-DD`), where it is known.
    pub valid_from: Option<String>,
    /// The first day without it, where it has ended.
    pub valid_until: Option<String>,
    /// What followed it.
    pub successors: Vec<PlaceNamed>,
    /// Whether it is of this district's list, not of the country's.
    pub own: bool,
    /// Its township or village among the records here.
    pub record: Option<RecordId>,
}

/// A code with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaceNamed {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
}

/// A code through the years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaceHistory {
    /// The period in which the day lies that was asked for.
    pub place: PlaceFound,
    /// All periods, the oldest first.
    pub periods: Vec<PlaceFound>,
}

/// A place that a record names, as it was called when the record was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaceOfRecord {
    /// The field that names it.
    pub field: String,
    /// The record's day (`YYYY-MM-DD`).
    pub day: String,
    /// The place as it was on that day.
    pub place: PlaceFound,
    /// Its name now, where that is another one.
    pub now: Option<String>,
}

/// A loaded list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CountryLoaded {
    /// How many places it has; none where the work was stopped.
    #[ts(type = "number")]
    pub places: u64,
}

impl Laptop {
    /// The places that `query` finds by characters of the name, by pinyin (whole,
    /// initials, mixed, any reading) or by the beginning of the code; best first.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn find_place(&self, query: &str, limit: u32) -> Result<Vec<PlaceFound>> {
        let list = self.places()?;
        let hits = list.find(query, usize::try_from(limit).unwrap_or(usize::MAX))?;
        hits.into_iter().map(|hit| self.place_found(list, hit)).collect()
    }

    /// A code through the years, and as it is on `day`; today when none is given.
    ///
    /// # Errors
    /// [`Trouble::UnknownPlace`].
    pub fn place(&self, code: &str, day: Option<NaiveDate>) -> Result<PlaceHistory> {
        let list = self.places()?;
        let unknown = || Trouble::UnknownPlace { code: code.to_owned() };
        let periods = list.periods(code)?;
        let day = day.unwrap_or_else(|| chrono::Local::now().date_naive());
        let place = places::on(periods.iter(), day, |hit| span(hit)).cloned().ok_or_else(unknown)?;
        let periods = periods.into_iter().map(|hit| self.place_found(list, hit)).collect::<Result<_>>()?;
        Ok(PlaceHistory { place: self.place_found(list, place)?, periods })
    }

    /// The places that a record names, each as it was called on the record's day.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn places_of(&self, id: RecordId) -> Result<Vec<PlaceOfRecord>> {
        let record = self.row(id)?.record;
        let kind = self.kind(&record.kind)?;
        let day = day_of(&kind, &record);
        let list = self.places()?;
        let mut found = Vec::new();
        for (field, code) in self.codes_of(&kind, &record)? {
            let periods = list.periods(&code)?;
            let now =
                periods.iter().rev().find(|hit| hit.place.valid_until.is_none()).map(|hit| hit.place.name.clone());
            let Some(hit) = places::on(periods.iter(), day, |hit| span(hit)).cloned() else { continue };
            let now = now.filter(|now| *now != hit.place.name);
            found.push(PlaceOfRecord { field, day: day.to_string(), place: self.place_found(list, hit)?, now });
        }
        Ok(found)
    }

    /// Loads the country's list from a file (`code,name,parent,level,kind`, packed
    /// with zstd or not). `progress` hears how many places are done and may stop it.
    ///
    /// # Errors
    /// [`Trouble::PlaceListWrong`] with the line that cannot be read.
    pub fn load_country(
        &mut self,
        file: &Path,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<CountryLoaded> {
        let rows = read_list(file)?;
        let total = rows.len() as u64;
        let source = file.file_name().unwrap_or_default().to_string_lossy();
        let done = self.places_file()?.put_country(rows, &source, &mut |done| progress(done, total))?;
        Ok(CountryLoaded { places: if done { total } else { 0 } })
    }

    /// Gives up the country's list; the district's own stays.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_country(&mut self) -> Result<()> {
        Ok(self.places_file()?.forget_country()?)
    }

    fn places_file(&self) -> Result<Places> {
        Ok(Places::open(&self.folder.join("places.db"))?)
    }

    /// The list, with the district's own as its records have it now.
    fn places(&self) -> Result<&Places> {
        if self.places.get().is_none() {
            let _ = self.places.set(self.places_file()?); // Nobody else can have set it: this is one thread.
        }
        let list = self.places.get().ok_or_else(|| Trouble::Storage { reason: "places.db".to_owned() })?;
        let logs: Vec<String> = self.store.scopes()?.iter().map(|row| format!("{}:{}", row.scope, row.seq)).collect();
        let state = format!("{} {}", logs.join(" "), self.store.next_counter()?);
        let made_of = list.own_made_of()?.unwrap_or_default();
        let (known, digest) = made_of.split_once('|').unwrap_or_default();
        if known != state {
            let rows = self.own_places()?;
            let texts: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            let now = domain::canonical::digest(&texts);
            if now == digest {
                list.own_is_of(&format!("{state}|{now}"))?;
            } else {
                self.places_file()?.put_own(rows, &format!("{state}|{now}"))?;
            }
        }
        Ok(list)
    }

    /// The district's own list: its place records, and the townships and villages of which there is none.
    fn own_places(&self) -> Result<Vec<PlaceRow>> {
        let records = self.gather("place", &[])?;
        let codes: BTreeMap<RecordId, &str> = records.iter().map(|r| (r.id, Place(r).code())).collect();
        let row = |record: &Record| PlaceRow {
            code: Place(record).code().to_owned(),
            name: Place(record).name().to_owned(),
            category: record.text("category").unwrap_or_default().to_owned(),
            valid_from: record.text("valid_from").map(str::to_owned),
            valid_until: record.text("valid_until").map(str::to_owned),
            successors: Place(record).successors().filter_map(|id| codes.get(&id)).map(|c| (*c).to_owned()).collect(),
        };
        let mut rows: BTreeMap<(String, Option<String>), PlaceRow> = BTreeMap::new();
        for record in &records {
            let row = row(record);
            rows.insert((row.code.clone(), row.valid_from.clone()), row);
        }
        let known: std::collections::BTreeSet<String> = rows.keys().map(|(code, _)| code.clone()).collect();
        for kind in ["township", "village"] {
            for record in self.gather(kind, &[])? {
                let (code, name) = (Place(&record).code().to_owned(), Place(&record).name().to_owned());
                if !known.contains(&code) && places::level(&code).is_some() {
                    let (category, valid_from, valid_until) = (String::new(), None, None);
                    let row = PlaceRow { code, name, category, valid_from, valid_until, successors: Vec::new() };
                    rows.insert((row.code.clone(), None), row);
                }
            }
        }
        Ok(rows.into_values().collect())
    }

    fn place_found(&self, list: &Places, hit: PlaceHit) -> Result<PlaceFound> {
        let PlaceHit { place, path, own } = hit;
        let level = places::level(&place.code).and_then(|level| places::LEVELS.get(level - 1));
        let record = match level {
            Some(kind @ (&"township" | &"village")) if own => self
                .store
                .find(self.catalog().kind(kind)?, "code", &place.code.as_str().into())?
                .first()
                .map(|row| row.record.id),
            _ => None,
        };
        let mut successors = Vec::new();
        for code in place.successors {
            let name = list.periods(&code)?.pop().map(|hit| hit.place.name).unwrap_or_default();
            successors.push(PlaceNamed { code, name });
        }
        Ok(PlaceFound {
            code: place.code,
            name: place.name,
            level: level.map(|level| (*level).to_owned()).unwrap_or_default(),
            category: place.category,
            path,
            valid_from: place.valid_from,
            valid_until: place.valid_until,
            successors,
            own,
            record,
        })
    }

    /// The codes that a record names, by field; its own among them where it is a place itself.
    fn codes_of(&self, kind: &Kind, record: &Record) -> Result<Vec<(String, String)>> {
        let mut codes = Vec::new();
        let own = kind.fields.iter().find(|f| f.name == "code" && matches!(f.digits, Some(9 | 12)));
        codes.extend(own.and_then(|field| Some((field.name.clone(), record.text(&field.name)?.to_owned()))));
        for field in &kind.fields {
            if !matches!(field.to.as_deref(), Some("township" | "village")) {
                continue;
            }
            let named: Vec<&str> = match field.field_type {
                FieldType::References => record.items(&field.name).iter().filter_map(Value::as_str).collect(),
                _ => record.text(&field.name).into_iter().collect(),
            };
            for text in named {
                let code = match text.parse::<RecordId>() {
                    Ok(id) => self.store.record(id)?.and_then(|row| row.record.text("code").map(str::to_owned)),
                    Err(_) => Some(text.to_owned()),
                };
                codes.extend(code.map(|code| (field.name.clone(), code)));
            }
        }
        Ok(codes)
    }
}

/// The first day of a period and the first after it.
fn span(hit: &PlaceHit) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let day = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    (day(&hit.place.valid_from), day(&hit.place.valid_until))
}

/// The day that a record is about: the first date that its form has; else the one on which it was made.
fn day_of(kind: &Kind, record: &Record) -> NaiveDate {
    let dates = kind.fields.iter().filter(|field| field.field_type == FieldType::Date);
    let said = dates.filter_map(|field| record.text(&field.name)?.parse().ok()).next();
    let made = record.id.0.get_timestamp().map(|stamp| stamp.to_unix().0);
    let made = made.and_then(|seconds| chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0));
    said.or(made.map(|at| at.with_timezone(&chrono::Local).date_naive())).unwrap_or_default()
}

fn read_list(file: &Path) -> Result<Vec<PlaceRow>> {
    let path = file.display().to_string();
    let unreadable = |error: std::io::Error| Trouble::FileUnreadable { path: path.clone(), reason: error.to_string() };
    let bytes = std::fs::File::open(file).map_err(unreadable)?;
    let packed = file.extension().is_some_and(|extension| extension == "zst");
    let reader: Box<dyn Read> =
        if packed { Box::new(zstd::Decoder::new(bytes).map_err(unreadable)?) } else { Box::new(bytes) };
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(reader.take(LARGEST_LIST));
    let wrong = |line: u64| Trouble::PlaceListWrong { path: path.clone(), line: line.to_string() };
    let headers = table.headers().map_err(|_| wrong(1))?;
    let column = |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
    let (Some(code), Some(name), Some(level)) = (column("code"), column("name"), column("level")) else {
        return Err(wrong(1).into());
    };
    let category = column("kind");
    let mut rows = Vec::new();
    for row in table.records() {
        let row = row.map_err(|error| wrong(error.position().map_or(0, csv::Position::line)))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let code = cell(level).parse().ok().and_then(|level| places::cut(cell(code), level));
        let (Some(code), false) = (code, cell(name).is_empty()) else { return Err(wrong(line).into()) };
        rows.push(PlaceRow {
            code: code.to_owned(),
            name: cell(name).to_owned(),
            category: category.map(cell).unwrap_or_default().to_owned(),
            valid_from: None,
            valid_until: None,
            successors: Vec::new(),
        });
    }
    if rows.is_empty() { Err(wrong(0).into()) } else { Ok(rows) }
}
