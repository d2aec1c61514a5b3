//! The log of exchanges: when, by line or by stick, what went and what came, or
//! why it broke off. An exchange that had nothing to do is no line of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::types::{ErrorView, SyncReport};
use crate::uses::bundle::{BundleTaken, BundleWritten};
use crate::{AppError, Laptop, Result, Trouble};

/// By which way something was exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ExchangeWay {
    /// Over the line.
    Line,
    /// Written onto a stick.
    StickOut,
    /// Read from a stick.
    StickIn,
}

/// What became of an exchange: each part stands there if there was one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct ExchangeOutcome {
    /// What went and came, over the line or from a stick.
    pub report: Option<SyncReport>,
    /// What was written onto a stick.
    pub written: Option<BundleWritten>,
    /// The stick's file.
    pub file: Option<String>,
    /// When the district wrote that file, by its clock.
    pub replied_at: Option<String>,
    /// Why it broke off.
    pub error: Option<ErrorView>,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExchangeEntry {
    /// When (RFC 3339), by this laptop's clock.
    pub at: String,
    /// The last time, where it failed alike several times in a row.
    pub until: String,
    /// How many times.
    #[ts(type = "number")]
    pub times: u64,
    /// By which way.
    pub way: ExchangeWay,
    /// What became of it.
    pub outcome: ExchangeOutcome,
}

impl ExchangeWay {
    fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::StickOut => "stickOut",
            Self::StickIn => "stickIn",
        }
    }

    fn named(name: &str) -> Self {
        [Self::StickOut, Self::StickIn].into_iter().find(|way| way.name() == name).unwrap_or(Self::Line)
    }
}

impl Laptop {
    /// The latest exchanges, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn exchanges(&self, limit: u32) -> Result<Vec<ExchangeEntry>> {
        let rows = self.store.exchanges(limit)?;
        let entry = |row: store::ExchangeRow| ExchangeEntry {
            at: row.at,
            until: row.until,
            times: row.times,
            way: ExchangeWay::named(&row.way),
            // A later program may have said more than is known here: then only that it was.
            outcome: serde_json::from_str(&row.body).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    pub(crate) fn note_line(&mut self, outcome: &Result<SyncReport>) -> Result<()> {
        let outcome = match outcome {
            Ok(report) if said_nothing(report) => {
                // Worth a line only as the end of a time when the line was down.
                let last = self.exchanges(1)?;
                if !last.iter().any(|last| last.way == ExchangeWay::Line && last.outcome.error.is_some()) {
                    return Ok(());
                }
                ExchangeOutcome { report: Some(report.clone()), ..ExchangeOutcome::default() }
            }
            Ok(report) => ExchangeOutcome { report: Some(report.clone()), ..ExchangeOutcome::default() },
            Err(error) => broken_off(error),
        };
        self.note(ExchangeWay::Line, &outcome)
    }

    pub(crate) fn note_written(&mut self, file: &std::path::Path, outcome: &Result<BundleWritten>) -> Result<()> {
        let outcome = match outcome {
            Ok(written) => ExchangeOutcome { written: Some(written.clone()), ..ExchangeOutcome::default() },
            Err(error) => broken_off(error),
        };
        self.note(ExchangeWay::StickOut, &ExchangeOutcome { file: Some(file.display().to_string()), ..outcome })
    }

    pub(crate) fn note_taken(&mut self, file: &std::path::Path, outcome: &Result<BundleTaken>) -> Result<()> {
        let outcome = match outcome {
            Ok(taken) => ExchangeOutcome {
                report: Some(taken.brought.clone()),
                replied_at: Some(taken.at.clone()),
                error: taken.error.clone(),
                ..ExchangeOutcome::default()
            },
            Err(error) => broken_off(error),
        };
        self.note(ExchangeWay::StickIn, &ExchangeOutcome { file: Some(file.display().to_string()), ..outcome })
    }

    fn note(&mut self, way: ExchangeWay, outcome: &ExchangeOutcome) -> Result<()> {
        let body = serde_json::to_string(outcome).map_err(|error| Trouble::Storage { reason: error.to_string() })?;
        let failed = outcome.error.is_some();
        Ok(self.store.note_exchange(&Self::now(), way.name(), &body, failed)?)
    }
}

fn broken_off(error: &AppError) -> ExchangeOutcome {
    ExchangeOutcome { error: Some(error.view()), ..ExchangeOutcome::default() }
}

/// Whether neither side had anything to say; how wrong a clock is moves nothing.
fn said_nothing(report: &SyncReport) -> bool {
    *report == SyncReport { clock_skew: report.clock_skew, ..SyncReport::default() }
}
