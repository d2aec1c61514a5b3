//! A field's value in the words of a Chinese form, for papers that people read:
//! a choice by its label, money in 元, a record by its title.

use domain::catalog::{Field, FieldType};
use domain::record::Attachment;
use domain::{Fields, RecordId, Value, money};

use crate::{Laptop, Result};

impl Laptop {
    /// What `value` says; nothing where the field is empty.
    pub(crate) fn said(&self, field: &Field, value: &Value) -> Result<String> {
        use FieldType as T;
        let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Ok(match field.field_type {
            _ if value.is_null() => String::new(),
            T::Money => value.as_i64().map_or_else(text, |fen| format!("{}元", money::yuan(fen))),
            T::YesNo => value.as_bool().map_or_else(text, |yes| if yes { "是" } else { "否" }.to_owned()),
            T::Choice => choice(field, &text()),
            T::Choices => self.each(value, |item| Ok(choice(field, item.as_str().unwrap_or_default())))?,
            T::Reference => self.named(field, value)?,
            T::References => self.each(value, |item| self.named(field, item))?,
            T::Place => match (value["lon"].as_f64(), value["lat"].as_f64()) {
                (Some(lon), Some(lat)) => {
                    format!(
                        "东经 {lon:.6}°，北纬 {lat:.6}°（{}）",
                        value["system"].as_str().unwrap_or("wgs84").to_uppercase()
                    )
                }
                _ => text(),
            },
            T::Rate => rate(value),
            T::Attachments => {
                let names = value.as_array().into_iter().flatten().filter_map(Attachment::read).map(|file| file.name);
                names.collect::<Vec<_>>().join("、")
            }
            T::Remarks => self.each(value, |item| Ok(item["text"].as_str().unwrap_or_default().to_owned()))?,
            T::Integer | T::Decimal => match &field.unit {
                Some(unit) => format!("{} {unit}", text()),
                None => text(),
            },
            T::Text | T::Date | T::Month => text(),
        })
    }

    fn each(&self, value: &Value, said: impl Fn(&Value) -> Result<String>) -> Result<String> {
        let items = value.as_array().into_iter().flatten();
        Ok(items.map(said).collect::<Result<Vec<_>>>()?.join("、"))
    }

    fn named(&self, field: &Field, value: &Value) -> Result<String> {
        let text = value.as_str().unwrap_or_default();
        let title = match (&field.by, text.parse::<RecordId>()) {
            (None, Ok(id)) => self.store.title(id)?,
            (Some(by), _) => {
                let kind = self.kind(field.to.as_deref().unwrap_or_default())?;
                let found = self.store.find(&kind, by, value)?;
                found.first().map(|row| store::title(self.catalog(), &row.record))
            }
            (None, Err(_)) => None,
        };
        Ok(title.filter(|title| !title.is_empty()).unwrap_or_else(|| text.to_owned()))
    }
}

/// A choice by its Chinese label.
fn choice(field: &Field, value: &str) -> String {
    field.choice(value).map_or_else(|| value.to_owned(), |label| label.zh.clone())
}

/// Numerator, denominator, date and basis; the percentage follows from them.
fn rate(value: &Value) -> String {
    let (Some(numerator), Some(denominator)) = (value["numerator"].as_i64(), value["denominator"].as_i64()) else {
        return String::new();
    };
    let percent = domain::indicator::percent(numerator, denominator);
    let percent = percent.map(|percent| format!("{percent} %（")).unwrap_or_else(|| "（".to_owned());
    let about = |name: &str| value[name].as_str().filter(|text| !text.is_empty()).map(|text| format!("，{text}"));
    format!(
        "{percent}{numerator}/{denominator}{}{}）",
        about("asOf").unwrap_or_default(),
        about("basis").unwrap_or_default()
    )
}

/// Whether two sets of fields say the same in `name`; what is empty is as what is not there.
pub(crate) fn same(one: &Fields, other: &Fields, name: &str) -> bool {
    let value = |fields: &Fields| fields.get(name).cloned().unwrap_or_default();
    value(one) == value(other)
}
