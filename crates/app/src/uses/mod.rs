//! One file for each thing a person can do.

mod acceptance;
pub(crate) mod attach;
mod audit;
pub(crate) mod bundle;
mod compile;
mod conflicts;
mod drafts;
pub(crate) mod enrol;
pub(crate) mod exchange;
pub(crate) mod export;
mod gather;
mod history;
pub(crate) mod import;
pub(crate) mod indicators;
mod list;
pub(crate) mod listen;
pub(crate) mod month_report;
pub(crate) mod places;
mod refused;
pub(crate) mod reminders;
pub(crate) mod save;
mod search;
mod show;
mod status;
mod terms;
mod thumbnail;
pub(crate) mod verify;
