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
    /// Pages of the file are damaged or gone.
    #[error("the database file is damaged")]
    Corrupt,
    /// Another program holds the file, and did not let go of it in time.
    #[error("another program holds the database")]
    Busy,
    /// The file or its folder can be read and not be written.
    #[error("the database cannot be written")]
    ReadOnly,
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
            rusqlite::Error::SqliteFailure(failure, _) => Self::of(failure).unwrap_or(Self::Sqlite(error)),
            other => Self::Sqlite(other),
        }
    }
}

impl From<refinery::Error> for Error {
    fn from(error: refinery::Error) -> Self {
        let sqlite = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<rusqlite::Error>());
        let known = sqlite.and_then(rusqlite::Error::sqlite_error).and_then(|failure| Self::of(*failure));
        known.unwrap_or_else(|| Self::Migration(error.to_string()))
    }
}

impl Error {
    /// What a person can do something about, among all that SQLite may meet.
    fn of(failure: rusqlite::ffi::Error) -> Option<Self> {
        use rusqlite::ErrorCode as Code;
        match failure.code {
            _ if is_full(failure) => Some(Self::DiskFull),
            Code::DatabaseCorrupt | Code::NotADatabase => Some(Self::Corrupt),
            Code::DatabaseBusy | Code::DatabaseLocked => Some(Self::Busy),
            Code::ReadOnly | Code::PermissionDenied | Code::CannotOpen => Some(Self::ReadOnly),
            _ => None,
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
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

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::Error;

    #[test]
    fn what_a_person_can_mend_is_told_apart_from_what_only_sqlite_knows() {
        let met = |code| Error::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        assert!(matches!(met(ffi::SQLITE_BUSY), Error::Busy));
        assert!(matches!(met(ffi::SQLITE_READONLY), Error::ReadOnly));
        assert!(matches!(met(ffi::SQLITE_CANTOPEN), Error::ReadOnly));
        assert!(matches!(met(ffi::SQLITE_CORRUPT), Error::Corrupt));
        assert!(matches!(met(ffi::SQLITE_FULL), Error::DiskFull));
        assert!(matches!(met(ffi::SQLITE_IOERR_SHMSIZE), Error::DiskFull), "full in another word");
        assert!(matches!(met(ffi::SQLITE_CONSTRAINT), Error::Sqlite(_)), "a fault of the program stays one");
    }
}
