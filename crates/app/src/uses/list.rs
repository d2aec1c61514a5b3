//! List: one kind, filtered, sorted, a page at a time.

use domain::Refusal;
use domain::catalog::{Field, FieldType, Kind};
use serde_json::Number;
use store::{Filter, ListQuery, Row, Sort, Sum};

use crate::types::{Page, Query, Sums};
use crate::{Laptop, Result};

/// How many records a page has when nobody says.
const PAGE: u32 = 50;

/// Decimals are added by floating point; so many of its places are the numbers' own.
const DECIMALS: f64 = 1e6;

impl Laptop {
    /// One page of a list.
    ///
    /// # Errors
    /// An unknown kind or field, or a filter value that the field cannot hold.
    pub fn list(&self, query: &Query) -> Result<Page> {
        let kind = self.kind(&query.kind)?;
        let (total, rows) = self.store.list(&self.asked(&kind, query)?)?;
        self.page(total, rows)
    }

    /// Rows as they are shown, `total` of which there are.
    pub(crate) fn page(&self, total: u64, rows: Vec<Row>) -> Result<Page> {
        let names = self.names(&rows)?;
        let records = rows.into_iter().map(|row| self.shown_with(row, &names)).collect::<Result<_>>()?;
        Ok(Page { total, records })
    }

    /// What the number and money fields `of` come to over the whole list, whatever its page.
    ///
    /// # Errors
    /// As [`Laptop::list`]; a field that cannot be added up is passed over.
    pub fn sums(&self, query: &Query, of: &[String]) -> Result<Sums> {
        let kind = self.kind(&query.kind)?;
        let adds =
            |field: &&Field| matches!(field.field_type, FieldType::Money | FieldType::Integer | FieldType::Decimal);
        let fields: Vec<&Field> = kind.fields.iter().filter(|field| of.contains(&field.name)).filter(adds).collect();
        let (count, sums) = self.store.sums(&self.asked(&kind, query)?, &fields)?;
        let number = |sum| match sum {
            Sum::Whole(sum) => Some(sum.into()),
            Sum::Decimal(sum) => Number::from_f64((sum * DECIMALS).round() / DECIMALS),
        };
        let named = fields.iter().zip(sums).filter_map(|(field, sum)| Some((field.name.clone(), number(sum)?)));
        Ok(Sums { count, fields: named.collect() })
    }

    fn asked<'k>(&self, kind: &'k Kind, query: &Query) -> Result<ListQuery<'k>> {
        let own = query.filters.iter().map(|(name, text)| self.filter(kind, name, text));
        let words = query.find.clone().map(|text| Ok(Filter::Words(text)));
        Ok(ListQuery {
            filters: own.chain(words).collect::<Result<_>>()?,
            sort: query.sort.as_deref().map(|text| sort(kind, text)).transpose()?,
            limit: query.limit.unwrap_or(PAGE),
            offset: query.offset.unwrap_or(0),
            kind,
        })
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
