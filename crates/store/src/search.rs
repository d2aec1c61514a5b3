//! Search: Chinese by pairs of neighbouring characters, everything else by word.
//!
//! FTS5's own trigram index drops words of two characters in silence, and most
//! Chinese words have two (厕所, 黑臭). A pair index finds any text of two
//! characters and more as a phrase. It is filled after the save, in batches, so
//! that a save never pays for it.

use domain::Record;
use domain::catalog::Kind;
use rusqlite::params;

use crate::{Result, Store, table};

/// A record that a search found, with the text of its kind's search fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The record as it is shown.
    pub record: Record,
    /// Its searched fields, joined.
    pub text: String,
}

impl Store {
    /// The records in which every word of `text` occurs, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<Found>> {
        let query = query(text);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {} FROM record WHERE place IN (SELECT rowid FROM search WHERE grams MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
             AND deleted = 0 ORDER BY place DESC",
            table::record::COLUMNS
        ))?;
        let rows = statement.query_map(params![query, limit], table::record::read)?;
        let mut found = Vec::new();
        for row in rows {
            let record: Record = row?.0.read()?;
            let text = self.kind(&record.kind).map(|kind| searched(kind, &record)).unwrap_or_default();
            found.push(Found { record, text });
        }
        Ok(found)
    }
}

pub(crate) fn searched(kind: &Kind, record: &Record) -> String {
    let texts = kind.search.iter().filter_map(|name| record.text(name));
    texts.collect::<Vec<_>>().join("\n")
}

/// A run of text that is indexed one way.
#[derive(Debug, PartialEq)]
enum Run {
    /// Characters without spaces between words.
    Han(Vec<char>),
    /// A word of letters and digits, in lower case.
    Word(String),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let han = c.is_alphanumeric() && !c.is_ascii() && !is_latin(c);
        match (runs.last_mut().filter(|_| open), c.is_alphanumeric()) {
            (_, false) => {
                open = false;
                continue;
            }
            (Some(Run::Han(chars)), true) if han => chars.push(c),
            (Some(Run::Word(word)), true) if !han => word.push(c),
            _ if han => runs.push(Run::Han(vec![c])),
            _ => runs.push(Run::Word(c.to_string())),
        }
        open = true;
    }
    runs
}

/// Latin, Greek and Cyrillic letters beyond ASCII, which come in words.
fn is_latin(c: char) -> bool {
    ('\u{c0}'..='\u{52f}').contains(&c)
}

/// The text as FTS5 is to see it: pairs, a last single character, and words. No
/// phrase of pairs can run from one run into the next: the single one lies between.
pub(crate) fn grams(text: &str) -> String {
    let mut out = String::new();
    for run in runs(text) {
        match run {
            Run::Han(chars) => {
                for at in 0..chars.len() {
                    out.extend(&chars[at..chars.len().min(at + 2)]);
                    out.push(' ');
                }
            }
            Run::Word(word) => {
                out.push_str(&word);
                out.push(' ');
            }
        }
    }
    out
}

/// `text` as an FTS5 query: each run a phrase, a single character or the start of a word by prefix.
pub(crate) fn query(text: &str) -> String {
    let phrase = |run: Run| match run {
        Run::Han(chars) if chars.len() == 1 => format!("{}*", quoted(&chars[0].to_string())),
        Run::Han(chars) => {
            let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
            quoted(&pairs.join(" "))
        }
        Run::Word(word) => format!("{}*", quoted(&word)),
    };
    runs(text).into_iter().map(phrase).collect::<Vec<_>>().join(" AND ")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_falls_into_runs_of_han_and_words() {
        let han = |text: &str| Run::Han(text.chars().collect());
        let word = |text: &str| Run::Word(text.to_owned());
        assert_eq!(
            runs("GC-2026新建A2O站 厕所"),
            [word("gc"), word("2026"), han("新建"), word("a2o"), han("站"), han("厕所")]
        );
    }

    #[test]
    fn a_query_cannot_break_out_of_its_quotes() {
        assert_eq!(query("\" OR 厕所 NEAR("), "\"or\"* AND \"厕所\" AND \"near\"*");
        assert_eq!(query(" -- "), "", "a query without a word finds nothing");
    }
}
