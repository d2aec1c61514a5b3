//! The database as one SQLite file.
//!
//! A write is one immediate transaction, on disk when it returns. The terminal's
//! commands open the same file beside the running server, so a write also waits
//! for theirs. Reads see one moment of the database and wait for nobody.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use rusqlite::{Connection, MAIN_DB, OptionalExtension, TransactionBehavior};

use super::{Found, PATIENCE, Tx, backup, held};
use crate::error::{DistrictError, Result};

mod migrations {
    refinery::embed_migrations!("migrations/sqlite");
}

/// The most idle reading connections that are kept open.
const IDLE_READERS: usize = 8;

/// After so many rows what was written is brought into the file itself.
const ROWS: u64 = 1_000;

/// After so many pages (64 MiB) a write does that by itself.
const LONGEST_LOG: u32 = 16_384;

/// What the writer and each reader keep of the file, in KiB: a message of a thousand
/// changes touches a few hundred pages, and none of them should be written twice.
const WRITER_CACHE: i64 = 32_768;
const READER_CACHE: i64 = 4_096;

/// One open file.
pub(super) struct Sqlite {
    /// None for a database in memory, which has one connection for everything.
    file: Option<PathBuf>,
    writer: Mutex<Writer>,
    readers: Mutex<Vec<Connection>>,
}

/// The one connection that writes.
struct Writer {
    connection: Connection,
    /// None for a database in memory.
    checkpoints: Option<Checkpoints>,
    /// The rows that it had written when it last asked for one.
    rows: u64,
}

impl Writer {
    fn new(connection: Connection, checkpoints: Option<Checkpoints>) -> Mutex<Self> {
        Mutex::new(Self { connection, checkpoints, rows: 0 })
    }

    /// Asks for a checkpoint where much was written since the last.
    fn rest(&mut self) {
        let rows = self.connection.total_changes();
        if let Some(checkpoints) = self.checkpoints.as_ref().filter(|_| rows >= self.rows + ROWS) {
            checkpoints.ask();
            self.rows = rows;
        }
    }
}

/// Brings what was written into the file on a thread of its own, so that no answer waits for it.
struct Checkpoints {
    asks: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    fn of(file: &Path) -> Option<Self> {
        let (asks, asked) = sync_channel(1);
        let file = file.to_owned();
        let thread = Builder::new().name("checkpoints".to_owned()).spawn(move || checkpoint(&file, &asked));
        Some(Self { asks: Some(asks), thread: Some(thread.ok()?) })
    }

    fn ask(&self) {
        // One that is due already does for both.
        self.asks.as_ref().map(|asks| asks.try_send(()));
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.asks = None; // Nobody can ask any more: it ends.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn checkpoint(file: &Path, asked: &Receiver<()>) {
    let Ok(connection) = Connection::open(file) else { return };
    while asked.recv().is_ok() {
        let done = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if let Err(error) = done {
            tracing::warn!(%error, "what was written stays in the write-ahead log");
        }
    }
}

impl Sqlite {
    /// Opens `file`, makes it where there is none, and brings it up to date; one of
    /// an older version is copied into `backups/` beside it first. Also says whether
    /// it was made.
    pub(super) fn open(file: &Path) -> Result<(Self, bool)> {
        let shown = || file.display().to_string();
        let new = !file.exists();
        make_private(file)
            .map_err(|error| DistrictError::FolderUnusable { path: shown(), reason: error.to_string() })?;
        let mut writer = Connection::open(file)?;
        writer.busy_timeout(PATIENCE)?;
        // All steps or none: a program that knows only half of them would open neither file.
        let runner = migrations::migrations::runner().set_grouped(true);
        match found(&writer) {
            Ok(found) => {
                found.check(&runner, shown)?;
                if let Some(version) = found.older(&runner) {
                    let copy = backup::keep(&writer, file, version)?;
                    tracing::info!(version, copy = %copy.display(), "a copy is kept before the database is brought up to date");
                }
            }
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                return Err(DistrictError::NotADatabase { file: shown() });
            }
            Err(error) => return Err(error.into()),
        }
        writer.pragma_update(None, "journal_mode", "WAL")?;
        settle(&writer, WRITER_CACHE)?;
        writer.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG)?;
        runner.run(&mut writer)?;
        let writer = Writer::new(writer, Checkpoints::of(file));
        let file = Some(file.to_owned());
        Ok((Self { file, writer, readers: Mutex::new(Vec::new()) }, new))
    }

    /// A database in memory that begins as `image`, which another one's is.
    pub(super) fn from_image(image: &[u8]) -> Result<Self> {
        /// Where the header says how the file is written to; 1 is the way of a database in memory.
        const WAYS_TO_WRITE: std::ops::Range<usize> = 18..20;
        let mut image = image.to_vec();
        let short = || DistrictError::Unreadable { reason: "image: too short".to_owned() };
        image.get_mut(WAYS_TO_WRITE).ok_or_else(short)?.fill(1);
        let mut writer = Connection::open_in_memory()?;
        writer.deserialize_read_exact(MAIN_DB, image.as_slice(), image.len(), false)?;
        settle(&writer, WRITER_CACHE)?;
        Ok(Self { file: None, writer: Writer::new(writer, None), readers: Mutex::new(Vec::new()) })
    }

    /// This database at this moment, as bytes.
    pub(super) fn image(&self) -> Result<Vec<u8>> {
        Ok(held(&self.writer).connection.serialize(MAIN_DB)?.to_vec())
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        let Some(file) = &self.file else {
            return work(&Tx::from(held(&self.writer).connection.transaction()?));
        };
        let idle = held(&self.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => {
                let reader = Connection::open(file)?;
                reader.busy_timeout(PATIENCE)?;
                settle(&reader, READER_CACHE)?;
                reader.pragma_update(None, "query_only", true)?;
                reader
            }
        };
        let answer = work(&Tx::from(reader.transaction()?));
        let mut readers = held(&self.readers);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        answer
    }

    pub(super) fn write<T>(&self, mut work: impl FnMut(&Tx<'_>) -> Result<T>) -> Result<T> {
        let mut writer = held(&self.writer);
        let tx = Tx::from(writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?);
        let answer = work(&tx)?;
        tx.commit().0?;
        writer.rest();
        Ok(answer)
    }

    /// How many bytes the file and its log take.
    pub(super) fn bytes(&self) -> u64 {
        let size = |file: PathBuf| std::fs::metadata(file).map_or(0, |meta| meta.len());
        let Some(file) = &self.file else { return 0 };
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        size(file.clone()) + size(log.into())
    }
}

/// Makes an empty file that only this user may read; SQLite's own beside it get
/// the same mode. One that is there stays as it is.
pub(super) fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

fn settle(connection: &Connection, cache: i64) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -cache)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "foreign_keys", true)
}

/// What the file holds, without changing it.
fn found(connection: &Connection) -> rusqlite::Result<Found> {
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

#[cfg(test)]
mod tests {
    use super::super::{Database, Kept, Place, setting};
    use super::*;

    fn open(file: &Path) -> Result<Database> {
        Database::open(&Place::File(file.to_owned()))
    }

    #[test]
    fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("district.sqlite");
        drop(open(&file).expect("a new database"));
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
        let refused = open(&file).err().expect("it is too new");
        assert!(matches!(refused, DistrictError::DatabaseNewer { .. }), "{refused}");
        assert_eq!(std::fs::read(&file).expect("readable"), before, "not a byte may change");
    }

    #[test]
    fn another_programs_file_is_not_taken_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = folder.path().join("letter.txt");
        std::fs::write(&text, "敬启者：".repeat(400)).expect("written");
        assert!(matches!(open(&text).err(), Some(DistrictError::NotADatabase { .. })), "text is no database");
        let foreign = folder.path().join("foreign.sqlite");
        Connection::open(&foreign).expect("opens").execute_batch("CREATE TABLE theirs (a)").expect("their table");
        assert!(matches!(open(&foreign).err(), Some(DistrictError::NotADatabase { .. })), "theirs stays theirs");
    }

    #[test]
    fn a_full_disk_is_told_from_other_trouble_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = open(&folder.path().join("district.sqlite")).expect("a new database");
        let Kept::Sqlite(sqlite) = &database.kept else { panic!("a file is SQLite's") };
        // SQLite says of its own limit what it says of the disk's.
        held(&sqlite.writer).connection.pragma_update(None, "max_page_count", 1).expect("no page more than there are");
        let full = database.write(|tx| {
            setting::write(tx, "small", "fits")?;
            setting::write(tx, "large", &"大".repeat(1 << 20))
        });
        assert!(matches!(full, Err(DistrictError::DiskFull)), "{full:?}");
        let kept = database.read(|tx| setting::read(tx, "small")).expect("readable");
        assert_eq!(kept, None, "half a transaction is none");
    }
}
