//! The laptop's records: one SQLCipher file.
//!
//! The one place on the laptop that knows SQL. A save writes record and outbox
//! in one transaction that is on disk when it returns; what the district
//! answers is applied in transactions as well, so that a process killed at any
//! point leaves a database that simply has not heard the last sentence yet.

mod audit;
mod backup;
mod body;
mod error;
mod fill;
mod image;
mod import;
mod index;
mod joined;
mod list;
mod places;
mod receive;
mod save;
mod search;
mod standing;
mod still;
mod table;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use domain::catalog::Kind;
use domain::{Catalog, Record};
use rusqlite::{Connection, OpenFlags};

pub use audit::{Audit, Audited, Broken, Fault};
pub use error::Error;
pub use image::Kept;
pub use import::{Admit, LateRefusals};
pub use list::{Filter, ListQuery, Sort, Sum};
pub use places::{PlaceHit, PlaceRow, Places};
pub use receive::{Receipt, Received};
pub use save::{Draft, Numbering, SaveError};
pub use search::Found;
pub use still::Said;
pub use table::attachment::AttachmentRow;
pub use table::carried::{Run, Standing};
pub use table::draft::DraftRow;
pub use table::exchange::ExchangeRow;
pub use table::import::{Batch, BatchEntry, TemplateRow};
pub use table::log::Past;
pub use table::outbox::{Pending, Waiting};
pub use table::photo::{PhotoRow, PhotoUse};
pub use table::record::{Row, SyncState};
pub use table::refused::RefusedRow;
pub use table::scope::{FillState, ScopeRow};

/// What this module's functions give back.
pub type Result<T> = std::result::Result<T, Error>;

/// The database's key: 32 random bytes, never derived from the PIN itself.
pub type Key = [u8; 32];

/// One open database of one laptop.
///
/// Several processes may hold the same file open; SQLite lets one write at a time.
pub struct Store {
    conn: Connection,
    catalog: Catalog,
}

mod migrations {
    refinery::embed_migrations!("migrations");
}

impl Store {
    /// Opens the database at `path`, making it when it is not there, and brings
    /// it up to this program's version. One of an older version is copied into
    /// `backups/` beside it first.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when the file is no database under this key;
    /// [`Error::Newer`] when a later program wrote it, [`Error::Backup`] when the
    /// copy could not be made: the file is then left untouched.
    pub fn open(path: &Path, key: &Key, catalog: Catalog) -> Result<Self> {
        let turn = turn(path)?;
        let mut conn = unlock(path, key)?;
        if let Some(version) = version(&conn)? {
            let supported = newest_migration();
            if version > supported {
                return Err(Error::Newer { found: version, supported });
            }
            if version < supported {
                backup::keep(&conn, path, version)?;
            }
        }
        keep_acknowledged(&conn)?;
        body::teach_field(&conn)?;
        migrate(&mut conn)?;
        let store = Self { conn, catalog };
        store.index_catalog()?;
        drop(turn);
        Ok(store)
    }

    /// Brings what was written into the file itself, which nothing waits for: it is
    /// safe in the write-ahead log already.
    ///
    /// # Errors
    /// When the file cannot be written; then it stays in the log.
    pub fn rest(&self) -> Result<()> {
        Ok(self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }

    /// The catalog that this database is read with.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The kind called `name`, if the catalog has it; newer peers may know more.
    fn kind(&self, name: &str) -> Option<&Kind> {
        self.catalog.kind(name).ok()
    }
}

/// The highest migration that this program knows.
fn newest_migration() -> i64 {
    migrations::migrations::runner().get_migrations().iter().map(|m| i64::from(m.version())).max().unwrap_or(0)
}

/// All steps or none: a program that knows only half of them would open neither file.
fn migrate(conn: &mut Connection) -> Result<()> {
    Ok(migrations::migrations::runner().set_grouped(true).run(conn).map(drop)?)
}

/// Two programs that start at once bring the file up to date one after the other:
/// neither SQLite's own lock nor the migrations' history spans all of it. Free
/// again when the lock is dropped, also by a kill.
fn turn(path: &Path) -> Result<File> {
    let lock = File::create(path.with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// The version of the database; none for an empty one.
fn version(conn: &Connection) -> Result<Option<i64>> {
    let has_history = conn.prepare("SELECT 1 FROM sqlite_master WHERE name = 'refinery_schema_history'")?.exists([])?;
    if !has_history {
        return Ok(None);
    }
    Ok(conn.query_row("SELECT MAX(version) FROM refinery_schema_history", [], |row| row.get(0))?)
}

/// After so many pages (32 MiB) a write brings them into the file by itself.
const LONGEST_LOG: u32 = 8_192;

/// A connection that keeps what it acknowledges: WAL with `synchronous=FULL`.
///
/// # Errors
/// [`Error::WrongKey`] when the first page does not decrypt.
pub fn connect(path: &Path, key: &Key) -> Result<Connection> {
    let conn = unlock(path, key)?;
    keep_acknowledged(&conn)?;
    Ok(conn)
}

/// A connection that has read the first page and written nothing.
fn unlock(path: &Path, key: &Key) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.pragma_update(None, "key", format!("x'{hex}'"))?;
    conn.busy_timeout(Duration::from_secs(10))?;
    match conn.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)) {
        Err(rusqlite::Error::SqliteFailure(failure, _)) if failure.code == rusqlite::ErrorCode::NotADatabase => {
            return Err(Error::WrongKey);
        }
        other => other?,
    };
    Ok(conn)
}

fn keep_acknowledged(conn: &Connection) -> Result<()> {
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    // Pages are decrypted once and kept: no more of them than leaves room for the rest in 64 MB.
    conn.pragma_update(None, "cache_size", -8_192)?;
    // See `Store::rest`; nobody who saves or exchanges should wait for it.
    conn.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// The text of a record's title field, or nothing while it has none.
#[must_use]
pub fn title(catalog: &Catalog, record: &Record) -> String {
    let field = catalog.kind(&record.kind).map(|kind| kind.title.clone());
    field.ok().and_then(|name| record.text(&name).map(str::to_owned)).unwrap_or_default()
}
