//! Typed views over the fields of the kinds that have logic. A test holds each
//! view against the catalog, so that neither can change alone.

use crate::{Record, RecordId, money};

/// What the township head and the package need of an application.
pub struct Application<'r>(pub &'r Record);

impl Application<'_> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["name", "year", "programme", "works", "requested"];

    /// The works it bundles, in the order in which they were added.
    pub fn works(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.0.items("works").iter().filter_map(|item| item.as_str()?.parse().ok())
    }

    /// The money asked for, in 分.
    #[must_use]
    pub fn requested(&self) -> Option<i64> {
        self.0.integer("requested")
    }
}

/// What totals need of a works.
pub struct Works<'r>(pub &'r Record);

impl Works<'_> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["contract_amount", "village", "name"];

    /// The contract price in 分; nothing before there is a contract.
    #[must_use]
    pub fn contract_amount(&self) -> Option<i64> {
        self.0.integer("contract_amount")
    }

    /// The contract prices of `works` together, in 分.
    ///
    /// `None` when the sum leaves what 64 bits hold.
    #[must_use]
    pub fn total<'r>(works: impl IntoIterator<Item = &'r Record>) -> Option<i64> {
        money::sum(works.into_iter().filter_map(|record| Works(record).contract_amount()))
    }
}

/// What a works' progress needs of its dated entries.
pub struct Progress<'r>(pub &'r Record);

impl Progress<'_> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] = &["works", "date", "percent"];

    /// How far the works stands by the newest of its `entries`, in percent; of
    /// two entries of one day the later written counts (ids carry their order).
    pub fn latest<'r>(entries: impl IntoIterator<Item = &'r Record>) -> Option<&'r Record> {
        entries.into_iter().max_by_key(|entry| (entry.text("date").map(str::to_owned), entry.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn every_field_that_a_view_reads_is_in_the_catalog() {
        let catalog = Catalog::shipped();
        for (kind, fields) in
            [("application", Application::FIELDS), ("works", Works::FIELDS), ("progress", Progress::FIELDS)]
        {
            let kind = catalog.kind(kind).expect("the kind ships");
            for field in fields {
                assert!(kind.field(field).is_ok(), "{} lost `{field}`, which the code reads", kind.name);
            }
        }
    }
}
