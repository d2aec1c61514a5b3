//! What a writing transaction holds alone, and in which order it takes it.
//!
//! SQLite has one writer at a time, so nothing here does anything there. On
//! PostgreSQL several servers write at once, and each of these stands for
//! something that two of them must not do at the same time:
//!
//! 1. the device's row (`device::lock`): the counters of one laptop stay dense;
//! 2. the rows of the scopes, in the order of their codes (`scope_head::lock_all`):
//!    who appends to a log is alone with it until the entry can be read, so no
//!    reader ever sees a number before the ones below it;
//! 3. names of records and files ([`Lock::Key`], [`Lock::File`]);
//! 4. the district's own counter ([`Lock::OwnCounter`]), always last.
//!
//! Whoever keeps to this order never waits in a circle. Where it cannot be kept
//! (a file arrives for which a change in another scope waits), PostgreSQL ends
//! one of the two transactions, and `Database::write` runs it again.

/// Something that only one transaction at a time may be busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock<'a> {
    /// What is made once in a district's life.
    Founding,
    /// The number of the next laptop.
    DeviceNumber,
    /// Who is called `key` among the records of `kind`.
    Key {
        /// The kind.
        kind: &'a str,
        /// The value that names the record.
        key: &'a str,
    },
    /// Whether a file has arrived, and who waits for it.
    File(&'a str),
    /// The counter of the district's own changes.
    OwnCounter,
}

impl Lock<'_> {
    /// Its name, of which PostgreSQL keeps a number.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Founding => "founding".to_owned(),
            Self::DeviceNumber => "device number".to_owned(),
            Self::Key { kind, key } => format!("key {kind} {key}"),
            Self::File(sha256) => format!("file {sha256}"),
            Self::OwnCounter => "own counter".to_owned(),
        }
    }
}
