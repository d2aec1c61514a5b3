//! The words for every code, in both languages: one table for window and
//! terminal, so that a sentence is mended in one place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::Catalog;
use domain::catalog::{Choice, Field, FieldType, Kind, Label};

use crate::money;
use crate::types::ErrorView;

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

type Sentences = BTreeMap<String, String>;

static ZH: LazyLock<Sentences> = LazyLock::new(|| read(include_str!("../texts/zh-CN.json")));
static EN: LazyLock<Sentences> = LazyLock::new(|| read(include_str!("../texts/en.json")));

fn read(text: &str) -> Sentences {
    serde_json::from_str(text).expect("the shipped sentences are checked by a test")
}

fn table(language: Language) -> &'static Sentences {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// The same with the catalog's labels where a blank names a field, a kind, a state
/// or a role; `kind` is the record's, where the error does not say it.
#[must_use]
pub fn explain(catalog: &Catalog, kind: Option<&str>, error: &ErrorView, language: Language) -> String {
    let named = error.fields.get("kind").map(String::as_str).or(kind);
    let kinds: Vec<&Kind> = match named.and_then(|name| catalog.kind(name).ok()) {
        Some(kind) => vec![kind],
        None => catalog.kinds.iter().collect(),
    };
    // Of a record that is held fast by another, the state is the other's.
    let above = error.fields.get("with").and_then(|name| catalog.kind(name).ok());
    let words = |label: &Label| match language {
        Language::Zh => label.zh.clone(),
        Language::En => label.en.clone(),
    };
    let field = error.fields.get("field").and_then(|name| kinds.iter().find_map(|kind| kind.field(name).ok()));
    let said = |(blank, value): (&String, &String)| {
        let label = match blank.as_str() {
            "field" => field.map(|field| &field.label),
            "kind" | "with" => catalog.kind(value).ok().map(|kind| &kind.label),
            "state" | "from" | "to" => {
                above.iter().chain(&kinds).find_map(|kind| kind.state(value).ok()).map(|state| &state.label)
            }
            "role" => catalog.role(value).map(|role| &role.label),
            _ => None,
        };
        let text = label.map(words).or_else(|| of_field(field?, blank, value, language, &words));
        (blank.clone(), text.unwrap_or_else(|| value.clone()))
    };
    let fields = error.fields.iter().map(said).collect();
    sentence(&ErrorView { code: error.code.clone(), fields }, language)
}

/// What is said of a field's value in a person's terms: its choices by their labels, its money in 元,
/// and what the field takes by an example.
fn of_field(
    field: &Field,
    blank: &str,
    value: &str,
    language: Language,
    words: &dyn Fn(&Label) -> String,
) -> Option<String> {
    let between = if language == Language::Zh { "、" } else { ", " };
    let choices = |choices: &[Choice]| choices.iter().map(|one| words(&one.label)).collect::<Vec<_>>().join(between);
    match blank {
        "expected" => {
            let sort = serde_json::to_value(field.field_type).ok()?;
            table(language).get(&format!("wrongType.{}", sort.as_str()?)).cloned()
        }
        "choices" if !field.choices.is_empty() => Some(choices(&field.choices)),
        "given" | "min" | "max" if field.field_type == FieldType::Money => {
            let yuan = value.parse().map(money::grouped).ok()?;
            Some(if language == Language::Zh { format!("{yuan} 元") } else { format!("{yuan} yuan") })
        }
        _ => None,
    }
}

/// The sentence for an error: what happened, what was kept, what to do.
#[must_use]
pub fn sentence(error: &ErrorView, language: Language) -> String {
    let table = table(language);
    let general = || table.get("unknown").cloned().unwrap_or_default().replace("{code}", &error.code);
    let mut sentence = table.get(&error.code).cloned().unwrap_or_else(general);
    for (name, value) in &error.fields {
        // A word that the program has for itself: of what a table has too much.
        let value = table.get(&format!("{}.{value}", error.code)).unwrap_or(value);
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    sentence
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Language, explain};
    use crate::types::ErrorView;

    #[test]
    fn a_refusal_names_fields_states_and_choices_as_the_form_does() {
        let catalog = domain::Catalog::shipped();
        let error = |code: &str, fields: &[(&str, &str)]| ErrorView {
            code: code.to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>(),
        };
        let said = |kind, error: &ErrorView, language| explain(&catalog, Some(kind), error, language);
        let required = error("required", &[("field", "contract_amount")]);
        assert_eq!(said("works", &required, Language::Zh), "“合同价”必须填写。");
        assert!(said("works", &required, Language::En).contains("Contract amount"));
        let range =
            error("outOfRange", &[("field", "amount"), ("given", "0"), ("min", "1"), ("max", "100000000000000")]);
        assert!(said("fund_entry", &range, Language::Zh).contains("“金额”填的 0.00 元"), "money in 元");
        let choice = error("notAChoice", &[("field", "sort"), ("given", "付"), ("choices", "allocated, arrived")]);
        let choice = said("fund_entry", &choice, Language::Zh);
        assert!(choice.contains("“类型”") && choice.contains("下达、到位"), "{choice}");
        let wrong = error("wrongType", &[("field", "place"), ("expected", "{\"lon\",\"lat\"}"), ("given", "0/0")]);
        assert!(
            said("works", &wrong, Language::Zh).contains("应填 经度和纬度，如 "),
            "by an example, not by its form in data"
        );
        let large =
            error("tableTooLarge", &[("name", "甲.xlsx"), ("what", "unpacked"), ("given", "9"), ("limit", "8")]);
        assert!(said("works", &large, Language::Zh).contains("解压后的字节数 为 9"), "in the reader's language");
        let state = error("wrongState", &[("from", "planned"), ("to", "accepted")]);
        assert_eq!(said("works", &state, Language::Zh), "不能从“计划”直接转为“已验收”。");
        let held = error("lockedWith", &[("kind", "figure"), ("with", "application"), ("state", "reported")]);
        let fast = said("figure", &held, Language::Zh);
        assert!(fast.starts_with("奖补申报在“报区”状态下，测算数据不能再增改。"), "{fast}");
        let only = error("appendOnly", &[("kind", "progress")]);
        assert!(said("works", &only, Language::Zh).starts_with("“进度”只增不改"), "the error's own kind goes first");
        let unknown = error("unknownField", &[("kind", "works"), ("field", "colour")]);
        assert!(said("works", &unknown, Language::Zh).contains("“colour”"), "what there is not keeps its name");
    }
}
