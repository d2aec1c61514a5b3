//! The words for every code, in both languages: one table for window and
//! terminal, so that a sentence is mended in one place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

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

/// The sentence for an error: what happened, what was kept, what to do.
#[must_use]
pub fn sentence(error: &ErrorView, language: Language) -> String {
    let table = match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    };
    let general = || table.get("unknown").cloned().unwrap_or_default().replace("{code}", &error.code);
    let mut sentence = table.get(&error.code).cloned().unwrap_or_else(general);
    for (name, value) in &error.fields {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    sentence
}
