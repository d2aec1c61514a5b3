//! Records, changes and their merge; the catalog of kinds; lifecycle, money and
//! rules. The heart of the house, and the only code that laptop and district
//! both trust.
//!
//! No I/O, no clock, no randomness: ids, times and files come in as values, so
//! the same log gives the same records on every machine, and nothing here can
//! fail except by a typed [`Refusal`].

pub mod acceptance;
pub mod calendar;
pub mod canonical;
pub mod catalog;
pub mod change;
pub mod compact;
pub mod dossier;
pub mod duplicates;
pub mod evaluation;
pub mod evidence;
pub mod finding;
pub mod funds;
pub mod gate;
pub mod geo;
pub mod ids;
pub mod indicator;
mod key;
pub mod log;
pub mod merge;
pub mod money;
pub mod month;
pub mod page;
mod pairs;
pub mod places;
pub mod prefill;
pub mod programme;
pub mod record;
pub mod refusal;
pub mod review;
pub mod rules;
pub mod settlement;
mod stamps;
pub mod submission;
mod verdict;
pub mod views;
pub mod weight;

pub use catalog::Catalog;
pub use change::{Action, Change, Writer};
pub use ids::{ChangeId, DeviceId, RecordId, Scope};
pub use log::LogEntry;
pub use merge::{merge, overlay};
pub use record::{Conflict, Record, Stamp};
pub use refusal::Refusal;
pub use serde_json::Value;
pub use stamps::Stamps;
pub use verdict::Verdict;

/// Field values by field name; a sorted map, so that two machines print it alike.
pub type Fields = std::collections::BTreeMap<String, Value>;
