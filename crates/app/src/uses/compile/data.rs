//! The data behind the paper: every record that the application rests on, the
//! amount with its trace, the programme's text, and up to where the logs were read.

use std::collections::BTreeSet;

use domain::submission::Submission;
use serde::Serialize;
use serde_json::{Value, json};

use crate::uses::amount::AmountView;
use crate::{Laptop, Result};

/// How `application.json` is laid out; one more whenever that changes.
const FORMAT: &str = "nonghuan/package/1";

/// Up to where the records were read.
pub(super) struct Log {
    pub(super) heads: Vec<Head>,
    /// Changes of these records that the district has not confirmed.
    pub(super) pending: u64,
}

/// An entry of a scope's log; its hash covers all before it.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    pub(super) scope: String,
    pub(super) seq: u64,
    pub(super) hash: String,
}

impl Laptop {
    pub(super) fn log_positions(&self, submission: &Submission) -> Result<Log> {
        let scopes: BTreeSet<_> =
            submission.records().flat_map(|record| [record.scope.clone(), record.scope.district()]).collect();
        let rows = self.store.scopes()?.into_iter().filter(|row| scopes.contains(&row.scope));
        let heads = rows.map(|row| Head { scope: row.scope.to_string(), seq: row.seq, hash: row.hash }).collect();
        let mut pending = 0;
        for record in submission.records() {
            pending += self.store.pending(record.id)?.len() as u64;
        }
        Ok(Log { heads, pending })
    }

    /// `application.json`, canonical: the same records give the same bytes.
    pub(super) fn data(submission: &Submission, amount: Option<&AmountView>, log: &Log, day: &str) -> Vec<u8> {
        let programme = submission.programme.as_ref().map_or(Value::Null, |programme| {
            let text = |field: &str| programme.text(field);
            json!({
                "record": programme.id, "code": text("code"), "version": programme.integer("version"),
                "name": text("name"), "document": text("document"), "digest": text("digest"), "text": text("rules"),
            })
        });
        domain::canonical::to_vec(&json!({
            "format": FORMAT,
            "day": day,
            "application": submission.application.id,
            "records": submission.records().collect::<Vec<_>>(),
            "amount": amount,
            "programme": programme,
            "log": {"heads": log.heads, "pending": log.pending},
        }))
    }
}
