//! 一村一档: what belongs into a village's file, section by section, and what a
//! complete one must have.
//!
//! The seven sections are those of the form; which record holds what is data
//! (`plan.toml`), for the form is one county's and the next one asks for another
//! paper. This reads the plan and judges single documents; which records belong
//! to the village, and what they look like on paper, is the app's.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalog::Label;
use crate::evidence::Phase;
use crate::{Catalog, Record};

/// What belongs into a village's file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the file is called.
    pub title: String,
    /// Where the sections come from.
    pub source: String,
    /// In their order; they are numbered by it.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// A section of the file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name in data.
    pub name: String,
    /// Its heading.
    #[serde(deserialize_with = "heading")]
    pub label: Label,
    /// Its documents, in order.
    #[serde(default, rename = "document")]
    pub documents: Vec<Document>,
}

/// One document: the records of a kind that belong to the village.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its heading.
    #[serde(deserialize_with = "heading")]
    pub label: Label,
    /// The kind whose records it shows.
    pub kind: String,
    /// Only those that hold one of these values.
    #[serde(default, rename = "where")]
    pub filters: BTreeMap<String, Vec<String>>,
    /// The fields that must be filled in one of them.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The fields that are shown; all of the kind when not said.
    pub fields: Option<Vec<String>>,
    /// The attachments that are shown; all of the kind when not said.
    pub files: Option<Vec<String>>,
    /// Only pictures of this phase of the works.
    #[serde(default, deserialize_with = "phase")]
    pub phase: Option<Phase>,
    /// Shown where it is there, and not missed where it is not.
    #[serde(default)]
    pub optional: bool,
    /// Asked for only in a village that has a record of this kind.
    pub with: Option<String>,
}

/// A heading in both languages; one text, as older plans have it, is both.
fn heading<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Label, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        One(String),
        Both(Label),
    }
    Ok(match Said::deserialize(deserializer)? {
        Said::One(text) => Label { zh: text.clone(), en: text },
        Said::Both(label) => label,
    })
}

fn phase<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Phase>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let unknown = || serde::de::Error::custom(format!("`{name}` is none of before, during, after"));
    Phase::named(&name).map(Some).ok_or_else(unknown)
}

impl Plan {
    /// The plan that ships with the program.
    ///
    /// # Panics
    /// Never in a released program: a test reads the same file.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("plan.toml"), &Catalog::shipped()).expect("the shipped plan is checked by a test")
    }

    /// The plan that `text` says, of kinds and fields that `catalog` has.
    ///
    /// # Errors
    /// What is wrong with it, for whoever edits it.
    pub fn parse(text: &str, catalog: &Catalog) -> Result<Self, String> {
        let plan: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        for document in plan.sections.iter().flat_map(|section| &section.documents) {
            let wrong = |refusal: crate::Refusal| format!("{}: {refusal}", document.label.zh);
            let kind = catalog.kind(&document.kind).map_err(wrong)?;
            let named =
                document.needs.iter().chain(document.fields.iter().flatten()).chain(document.files.iter().flatten());
            for field in named.chain(document.filters.keys()) {
                kind.field(field).map_err(wrong)?;
            }
            if let Some(with) = &document.with {
                catalog.kind(with).map_err(wrong)?;
            }
        }
        Ok(plan)
    }
}

impl Document {
    /// Whether it shows `record`, one of its kind.
    #[must_use]
    pub fn shows(&self, record: &Record) -> bool {
        self.filters
            .iter()
            .all(|(field, values)| record.text(field).is_some_and(|text| values.iter().any(|v| v == text)))
    }

    /// The fields it needs that none of `records` has. Without any record, all of
    /// them; with `has_pictures` said, pictures count by their phase.
    #[must_use]
    pub fn lacks(&self, records: &[&Record], has_pictures: bool) -> Vec<&str> {
        let filled = |record: &Record, field: &str| {
            let value = record.fields.get(field);
            value.is_some_and(|value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()))
        };
        let by_phase = |field: &str| self.phase.is_some() && self.files.iter().flatten().any(|name| name == field);
        let has = |field: &&String| match by_phase(field) {
            true => has_pictures,
            false => records.iter().any(|record| filled(record, field)),
        };
        self.needs.iter().filter(|field| !has(field)).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_plan_has_the_seven_sections_of_the_form() {
        let labels: Vec<String> = Plan::shipped().sections.into_iter().map(|section| section.label.zh).collect();
        let form = ["行政村基本情况", "资金情况", "整治前", "整治中", "整治完成", "后期运维制度保障", "监督管理"];
        assert_eq!(labels, form, "domain_forms F1");
    }

    #[test]
    fn a_plan_of_before_there_were_two_languages_is_read() {
        let old = include_str!("plan.toml").replacen(
            "label = { zh = \"行政村基本情况\", en = \"The village\" }",
            "label = \"村情\"",
            1,
        );
        let plan = Plan::parse(&old, &Catalog::shipped()).expect("one text is a heading");
        assert_eq!(plan.sections[0].label, Label { zh: "村情".to_owned(), en: "村情".to_owned() });
        assert_eq!(plan.sections[1].label.en, "Money");
    }

    #[test]
    fn a_plan_that_names_what_the_catalog_lacks_is_refused() {
        let catalog = Catalog::shipped();
        let text = include_str!("plan.toml");
        for (from, to, word) in [
            ("kind = \"bill\"", "kind = \"bil\"", "bil"),
            ("needs = [\"problems\"]", "needs = [\"problem\"]", "problem"),
            ("phase = \"before\"", "phase = \"never\"", "never"),
        ] {
            let error = Plan::parse(&text.replacen(from, to, 1), &catalog).expect_err(to);
            assert!(error.contains(word), "{error}");
        }
    }
}
