//! The district's database: SQLite in one file, one file here for each table.
//!
//! A write is one immediate transaction, on disk when it returns. The terminal's
//! commands open the same file beside the running server, so a write also waits
//! for theirs. Reads see one moment of the database and wait for nobody.

pub(crate) mod attachment;
pub(crate) mod attachment_name;
pub(crate) mod awaited;
pub(crate) mod device;
pub(crate) mod device_scope;
pub(crate) mod enrolment;
mod lock;
pub(crate) mod log;
pub(crate) mod orphan;
pub(crate) mod receipt;
pub(crate) mod record;
pub(crate) mod renumbered;
pub(crate) mod scope_head;
pub(crate) mod setting;
mod tx;
pub(crate) mod upload;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Scope;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use serde::de::DeserializeOwned;

use crate::error::{DistrictError, Result};
pub(crate) use lock::Lock;
pub(crate) use tx::{Cell, Row, Tx, params};

mod migrations {
    refinery::embed_migrations!("migrations/sqlite");
}

/// How long a write waits for another process's before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most idle reading connections that are kept open.
const IDLE_READERS: usize = 8;

/// One open database.
pub(crate) struct Database {
    file: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Database {
    /// Opens `file`, makes it where there is none, and brings it up to date.
    ///
    /// # Errors
    /// [`DistrictError::DatabaseNewer`] and [`DistrictError::NotADatabase`], both
    /// before a byte of it was changed.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let shown = || file.display().to_string();
        make_private(file)
            .map_err(|error| DistrictError::FolderUnusable { path: shown(), reason: error.to_string() })?;
        let mut writer = Connection::open(file)?;
        writer.busy_timeout(PATIENCE)?;
        let runner = migrations::migrations::runner();
        let ours = runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or_default();
        match found_version(&writer) {
            Ok(Found::Version(version)) if version > i64::from(ours) => {
                return Err(DistrictError::DatabaseNewer { file: shown() });
            }
            Ok(Found::Foreign) => return Err(DistrictError::NotADatabase { file: shown() }),
            Ok(Found::Version(_) | Found::Empty) => {}
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                return Err(DistrictError::NotADatabase { file: shown() });
            }
            Err(error) => return Err(error.into()),
        }
        writer.pragma_update(None, "journal_mode", "WAL")?;
        settle(&writer)?;
        runner.run(&mut writer)?;
        Ok(Self { file: file.to_owned(), writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) })
    }

    /// Runs `work` over one unchanging view of the database.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        let idle = held(&self.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => {
                let reader = Connection::open(&self.file)?;
                reader.busy_timeout(PATIENCE)?;
                settle(&reader)?;
                reader.pragma_update(None, "query_only", true)?;
                reader
            }
        };
        let answer = work(&Tx::sqlite(reader.transaction()?));
        let mut readers = held(&self.readers);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        answer
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns,
    /// or nothing of it is.
    pub(crate) fn write<T>(&self, mut work: impl FnMut(&Tx<'_>) -> Result<T>) -> Result<T> {
        let mut writer = held(&self.writer);
        let tx = Tx::sqlite(writer.transaction_with_behavior(TransactionBehavior::Immediate)?);
        let answer = work(&tx)?;
        tx.commit()?;
        Ok(answer)
    }

    /// How many bytes the database takes on disk.
    pub(crate) fn bytes(&self) -> u64 {
        let size = |file: PathBuf| std::fs::metadata(file).map_or(0, |meta| meta.len());
        let mut log = self.file.clone().into_os_string();
        log.push("-wal");
        size(self.file.clone()) + size(log.into())
    }
}

/// Makes an empty file that only this user may read; SQLite's own beside it get
/// the same mode. One that is there stays as it is.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// A poisoned lock guards a connection whose transaction was rolled back when
/// its thread unwound: the connection itself is as good as before.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)
}

enum Found {
    Empty,
    Version(i64),
    Foreign,
}

/// What the file holds, without changing it.
fn found_version(connection: &Connection) -> rusqlite::Result<Found> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table'", [], |r| r.get(0))?;
    let history: Option<i64> = connection
        .query_row("SELECT 1 FROM sqlite_master WHERE name = 'refinery_schema_history'", [], |r| r.get(0))
        .optional()?;
    match history {
        None if tables == 0 => Ok(Found::Empty),
        None => Ok(Found::Foreign),
        Some(_) => {
            let version = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
            connection.query_row(version, [], |r| r.get(0)).map(Found::Version)
        }
    }
}

/// The scope that stands in a column.
/// What a body holds, and how long it is as it is kept: in column 0 in compact
/// form, or in column 1 as JSON, as earlier versions kept it.
fn unpacked<T: DeserializeOwned>(row: &Row<'_>) -> Result<(usize, T)> {
    if let Some(packed) = row.get::<Option<Vec<u8>>>(0)? {
        let body = domain::compact::unpack_row(&packed);
        return Ok((packed.len(), body.map_err(|error| DistrictError::Unreadable { reason: error.to_string() })?));
    }
    let text = row.text(1)?;
    Ok((text.len(), serde_json::from_str(&text)?))
}

fn scope_in(row: &Row<'_>, column: usize) -> Result<Scope> {
    let text = row.text(column)?;
    Scope::parse(&text).ok_or_else(|| DistrictError::Unreadable { reason: format!("`{text}` is no scope") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("district.sqlite");
        drop(Database::open(&file).expect("a new database"));
        let raw = Connection::open(&file).expect("opens");
        raw.execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (999, 'tomorrow', '2030-01-01T00:00:00Z', '1')",
            [],
        )
        .expect("a migration that we do not know");
        raw.pragma_update(None, "wal_checkpoint", "TRUNCATE").expect("everything in the main file");
        drop(raw);
        let before = std::fs::read(&file).expect("readable");
        let refused = Database::open(&file).err().expect("it is too new");
        assert!(matches!(refused, DistrictError::DatabaseNewer { .. }), "{refused}");
        assert_eq!(std::fs::read(&file).expect("readable"), before, "not a byte may change");
    }

    #[test]
    fn another_programs_file_is_not_taken_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = folder.path().join("letter.txt");
        std::fs::write(&text, "敬启者：".repeat(400)).expect("written");
        assert!(matches!(Database::open(&text).err(), Some(DistrictError::NotADatabase { .. })), "text is no database");
        let foreign = folder.path().join("foreign.sqlite");
        Connection::open(&foreign).expect("opens").execute_batch("CREATE TABLE theirs (a)").expect("their table");
        assert!(
            matches!(Database::open(&foreign).err(), Some(DistrictError::NotADatabase { .. })),
            "theirs stays theirs"
        );
    }

    #[test]
    fn a_full_disk_is_told_from_other_trouble_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = Database::open(&folder.path().join("district.sqlite")).expect("a new database");
        // SQLite says of its own limit what it says of the disk's.
        held(&database.writer).pragma_update(None, "max_page_count", 1).expect("no page more than there are");
        let full = database.write(|tx| {
            setting::write(tx, "small", "fits")?;
            setting::write(tx, "large", &"大".repeat(1 << 20))
        });
        assert!(matches!(full, Err(DistrictError::DiskFull)), "{full:?}");
        let kept = database.read(|tx| setting::read(tx, "small")).expect("readable");
        assert_eq!(kept, None, "half a transaction is none");
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = Database::open(&folder.path().join("district.sqlite")).expect("a new database");
        let failed: Result<()> = database.write(|tx| {
            setting::write(tx, "half", "done")?;
            Err(DistrictError::DiskFull)
        });
        assert!(failed.is_err());
        let kept = database.read(|tx| setting::read(tx, "half")).expect("readable");
        assert_eq!(kept, None, "half a transaction is none");
    }
}
