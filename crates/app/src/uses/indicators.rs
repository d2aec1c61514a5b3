//! Indicators: what the records of a place come to, with the records behind each figure.

use std::collections::BTreeMap;

use domain::catalog::Level;
use domain::indicator::{Figure, Ledger, figures};
use domain::{RecordId, Refusal, Scope, Value};
use serde::{Deserialize, Serialize};
use store::Filter;
use ts_rs::TS;

use crate::{Laptop, Result};

/// The figures of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceFigures {
    /// Its code.
    pub code: String,
    /// Its name, where it is a record here.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// The date that the figures are of.
    pub as_of: String,
    /// The townships whose records were read: those of this laptop.
    pub scopes: Vec<String>,
    /// The figures, in the order of the catalog.
    pub figures: Vec<Figure>,
    /// What heads each record that a figure names.
    pub titles: BTreeMap<RecordId, String>,
    /// The kind of each.
    pub kinds: BTreeMap<RecordId, String>,
}

/// A place that figures are asked of.
struct Place {
    code: String,
    name: String,
    level: Level,
    village: Option<RecordId>,
    scopes: Vec<Scope>,
}

impl Laptop {
    /// The figures of `place`, a village or township by code, id or name, or the
    /// district by its six digits; today's where no date is given.
    ///
    /// # Errors
    /// What names no place here, or no date.
    pub fn indicators(&self, place: &str, as_of: Option<&str>) -> Result<PlaceFigures> {
        let as_of = as_of.map_or_else(Self::today, str::to_owned);
        let as_of = self.date(&as_of)?;
        let place = self.asked_place(place.trim())?;
        let mut ledger = Ledger::default();
        for kind in Ledger::KINDS {
            if self.catalog().kind(kind).is_err() {
                continue; // A district may do without a ledger; its figures then have nothing to count.
            }
            for scope in &place.scopes {
                let records = self.gather(kind, &[Filter::Scope(scope.to_string())])?;
                if let Some(part) = ledger.part(kind) {
                    part.extend(records);
                }
            }
        }
        if let Some(village) = place.village {
            ledger = ledger.of_village(village);
        }
        let figures = figures(self.catalog(), place.level, &ledger, &as_of);
        let mut found = PlaceFigures {
            code: place.code,
            name: place.name,
            level: place.level,
            as_of,
            scopes: place.scopes.iter().map(Scope::to_string).collect(),
            figures,
            titles: BTreeMap::new(),
            kinds: BTreeMap::new(),
        };
        self.name_records(&mut ledger, &mut found);
        Ok(found)
    }

    fn name_records(&self, ledger: &mut Ledger, found: &mut PlaceFigures) {
        let behind = |figure: &Figure| {
            let left_out = figure.left_out.iter().map(|left| left.record);
            figure.counted.iter().chain(&figure.among).copied().chain(left_out).collect::<Vec<_>>()
        };
        let named: std::collections::BTreeSet<RecordId> = found.figures.iter().flat_map(behind).collect();
        for kind in Ledger::KINDS {
            let records = ledger.part(kind).map(std::mem::take).unwrap_or_default();
            for record in records.into_iter().filter(|record| named.contains(&record.id)) {
                found.titles.insert(record.id, store::title(self.catalog(), &record));
                found.kinds.insert(record.id, record.kind);
            }
        }
    }

    fn asked_place(&self, text: &str) -> Result<Place> {
        let scopes: Vec<Scope> = self.scopes()?.into_iter().filter(Scope::is_township).collect();
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let of = |scope: &Scope| match text.len() {
            9 => scope.as_str() == text,
            _ => scope.district().as_str() == text,
        };
        if digits && matches!(text.len(), 6 | 9) {
            let held: Vec<Scope> = scopes.iter().filter(|scope| of(scope)).cloned().collect();
            if held.is_empty() {
                let scopes = scopes.iter().map(Scope::as_str).collect::<Vec<_>>().join(", ");
                return Err(Refusal::OutsideScope { given: text.to_owned(), scopes }.into());
            }
            let level = if text.len() == 9 { Level::Township } else { Level::District };
            let name = if level == Level::Township { self.township_name(text)? } else { String::new() };
            return Ok(Place { code: text.to_owned(), name, level, village: None, scopes: held });
        }
        let field = self.catalog().kind("works")?.field("village")?;
        let found = self.reference(field, &Value::from(text));
        let id: Option<RecordId> = match found {
            Ok(value) => value.as_str().and_then(|id| id.parse().ok()),
            Err(error) => match self.township_called(text)? {
                Some(code) => return self.asked_place(&code),
                None => return Err(error),
            },
        };
        let id = id.ok_or_else(|| Refusal::UnknownReference { field: "village".to_owned(), given: text.to_owned() })?;
        let record = self.row(id)?.record;
        Ok(Place {
            code: record.text("code").unwrap_or_default().to_owned(),
            name: store::title(self.catalog(), &record),
            level: Level::Village,
            village: Some(id),
            scopes: vec![record.scope],
        })
    }

    fn township_name(&self, code: &str) -> Result<String> {
        let found = self.store.find(self.catalog().kind("township")?, "code", &code.into())?;
        Ok(found.first().map(|row| store::title(self.catalog(), &row.record)).unwrap_or_default())
    }

    /// The code of the one township with this name or id.
    fn township_called(&self, text: &str) -> Result<Option<String>> {
        let kind = self.catalog().kind("township")?;
        let found = match text.parse() {
            Ok(id) => self.store.record(id)?.into_iter().filter(|row| row.record.kind == "township").collect(),
            Err(_) => self.store.find(kind, "name", &text.into())?,
        };
        match found.as_slice() {
            [one] => Ok(one.record.text("code").map(str::to_owned)),
            _ => Ok(None),
        }
    }

    /// `text` as a date of the calendar.
    pub(crate) fn date(&self, text: &str) -> Result<String> {
        let known = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        let wrong = || Refusal::NoSuchDate { field: "as_of".to_owned(), given: text.to_owned() };
        Ok(known.map(|_| text.to_owned()).ok_or_else(wrong)?)
    }

    /// Today by this laptop's clock, for defaults only.
    pub(crate) fn today() -> String {
        chrono::Local::now().format("%Y-%m-%d").to_string()
    }
}
