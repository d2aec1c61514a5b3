//! What can go wrong with a database.

/// Why the store did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file does not open with this key, or is no database.
    #[error("the database does not open with this key")]
    WrongKey,
    /// A later program wrote the file.
    #[error("the database is of version {found}, this program knows {supported}")]
    Newer {
        /// The file's version.
        found: i64,
        /// The newest that this program knows.
        supported: i64,
    },
    /// The copy that is kept before a migration could not be written.
    #[error("no copy of the database could be kept in {folder}: {reason}")]
    Backup {
        /// Where it was to lie.
        folder: String,
        /// What was in the way.
        reason: String,
    },
    /// Bringing the file up to date failed; it is as it was.
    #[error("migration failed: {0}")]
    Migration(String),
    /// No room on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// A row does not read as what this program wrote.
    #[error("a row cannot be read: {0}")]
    Damaged(String),
    /// A scope's log does not continue where ours ends.
    #[error("the log of {scope} breaks at {seq}")]
    ChainBroken {
        /// Whose log.
        scope: String,
        /// The first entry that does not fit.
        seq: u64,
    },
    /// The log names a change of this laptop without its body, and it is not in
    /// the outbox: the log has to bring it whole.
    #[error("change {counter} of this laptop is not here any more")]
    OwnMissing {
        /// Its counter.
        counter: u64,
    },
    /// This program and the district disagree on what a change does.
    #[error(transparent)]
    Drift(#[from] domain::log::Drift),
    /// The system's word on the file beside the database.
    #[error(transparent)]
    File(std::io::Error),
    /// SQLite's own word.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) if is_full(failure) => Self::DiskFull,
            other => Self::Sqlite(other),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::File(error),
        }
    }
}

impl From<domain::compact::CompactError> for Error {
    fn from(error: domain::compact::CompactError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Whether it is the disk that had no room. Opening a file whose index of the
/// write-ahead log is to be made has a word of its own for that.
fn is_full(failure: rusqlite::ffi::Error) -> bool {
    failure.code == rusqlite::ErrorCode::DiskFull || failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
}
