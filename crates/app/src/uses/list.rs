//! List: one kind, filtered, sorted, a page at a time.

use domain::Refusal;
use domain::catalog::{FieldType, Kind};
use store::{Filter, ListQuery, Sort};

use crate::types::{Page, Query};
use crate::{Laptop, Result};

/// How many records a page has when nobody says.
const PAGE: u32 = 50;

impl Laptop {
    /// One page of a list.
    ///
    /// # Errors
    /// An unknown kind or field, or a filter value that the field cannot hold.
    pub fn list(&self, query: &Query) -> Result<Page> {
        let kind = self.kind(&query.kind)?;
        let filters = query.filters.iter().map(|(name, text)| self.filter(&kind, name, text)).collect::<Result<_>>()?;
        let asked = ListQuery {
            filters,
            sort: query.sort.as_deref().map(|text| sort(&kind, text)).transpose()?,
            limit: query.limit.unwrap_or(PAGE),
            offset: query.offset.unwrap_or(0),
            kind: &kind,
        };
        let (total, rows) = self.store.list(&asked)?;
        let names = self.names(&rows)?;
        let records = rows.into_iter().map(|row| self.shown_with(row, &names)).collect::<Result<_>>()?;
        Ok(Page { total, records })
    }

    fn filter(&self, kind: &Kind, name: &str, text: &str) -> Result<Filter> {
        Ok(match name {
            "state" => Filter::State(kind.state(text)?.name.clone()),
            "scope" => Filter::Scope(text.to_owned()),
            "sync" => Filter::Sync(text.to_owned()),
            _ => {
                let field = kind.field(name)?;
                let mut value = field.read_text(text)?;
                if matches!(field.field_type, FieldType::Reference | FieldType::References) {
                    let one = value.as_array().and_then(|items| items.first()).cloned().unwrap_or(value);
                    value = self.reference(field, &one)?;
                } else if field.is_set() {
                    value = value.as_array().and_then(|items| items.first()).cloned().unwrap_or_default();
                }
                Filter::Field(name.to_owned(), value)
            }
        })
    }
}

fn sort(kind: &Kind, text: &str) -> std::result::Result<Sort, Refusal> {
    let (descending, field) = match text.strip_prefix('-') {
        Some(field) => (true, field),
        None => (false, text),
    };
    if field != "state" {
        kind.field(field)?;
    }
    Ok(Sort { field: field.to_owned(), descending })
}
