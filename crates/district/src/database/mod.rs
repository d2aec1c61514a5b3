//! The district's database, one file here for each table.
//!
//! It is an SQLite file or a database on a PostgreSQL server, and only `sqlite`,
//! `postgres` and [`Tx`] know which: a write is one transaction, on disk when it
//! returns; a read sees one moment of the database and waits for nobody. Other
//! processes may have the same database open.

pub(crate) mod attachment;
pub(crate) mod attachment_name;
pub(crate) mod awaited;
mod backup;
mod cell;
pub(crate) mod device;
pub(crate) mod device_scope;
pub(crate) mod enrolment;
pub(crate) mod given_back;
mod lock;
pub(crate) mod log;
pub(crate) mod orphan;
mod place;
mod postgres;
pub(crate) mod receipt;
pub(crate) mod record;
pub(crate) mod renumbered;
pub(crate) mod scope_head;
pub(crate) mod setting;
mod sqlite;
mod tls;
mod tx;
pub(crate) mod upload;
pub(crate) mod upload_ahead;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Scope;
use serde::de::DeserializeOwned;

use crate::error::{DistrictError, Result};
pub(crate) use cell::{Cell, params};
pub(crate) use lock::Lock;
pub(crate) use place::Place;
use postgres::Postgres;
use sqlite::Sqlite;
pub(crate) use tx::{Row, Tx};

/// How long a write waits for another process's before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// One open database.
pub(crate) struct Database {
    kept: Kept,
    new: bool,
}

enum Kept {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

impl Database {
    /// Opens the database, makes what is missing, and brings it up to date.
    ///
    /// # Errors
    /// [`DistrictError::DatabaseNewer`] and [`DistrictError::NotADatabase`], both
    /// before anything of it was changed; [`DistrictError::DatabaseUnreachable`].
    pub(crate) fn open(place: &Place) -> Result<Self> {
        let (kept, new) = match place {
            Place::File(file) => Sqlite::open(file).map(|(sqlite, new)| (Kept::Sqlite(Box::new(sqlite)), new))?,
            Place::Server(address) => {
                Postgres::open(address).map(|(postgres, new)| (Kept::Postgres(Box::new(postgres)), new))?
            }
        };
        Ok(Self { kept, new })
    }

    /// A database in memory that begins as `image`.
    pub(crate) fn from_image(image: &[u8]) -> Result<Self> {
        Ok(Self { kept: Kept::Sqlite(Box::new(Sqlite::from_image(image)?)), new: false })
    }

    /// This database at this moment, as bytes; none of one on a server.
    pub(crate) fn image(&self) -> Result<Option<Vec<u8>>> {
        match &self.kept {
            Kept::Sqlite(sqlite) => sqlite.image().map(Some),
            Kept::Postgres(_) => Ok(None),
        }
    }

    /// Whether opening it made it.
    pub(crate) fn is_new(&self) -> bool {
        self.new
    }

    /// Runs `work` over one unchanging view of the database.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        match &self.kept {
            Kept::Sqlite(sqlite) => sqlite.read(work),
            Kept::Postgres(postgres) => postgres.read(work),
        }
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns, or
    /// nothing of it is. Where another server gets in the way it is rolled back
    /// and runs again, so it must do nothing but ask and tell the transaction.
    pub(crate) fn write<T>(&self, work: impl FnMut(&Tx<'_>) -> Result<T>) -> Result<T> {
        match &self.kept {
            Kept::Sqlite(sqlite) => sqlite.write(work),
            Kept::Postgres(postgres) => postgres.write(work),
        }
    }

    /// How many bytes the database takes on disk, asked within `tx`.
    pub(crate) fn bytes(&self, tx: &Tx<'_>) -> Result<u64> {
        match &self.kept {
            Kept::Sqlite(sqlite) => Ok(sqlite.bytes()),
            Kept::Postgres(_) => tx.only("SELECT pg_database_size(current_database())", params![], |row| row.get(0)),
        }
    }
}

/// A poisoned lock guards a connection whose transaction was rolled back when
/// its thread unwound: the connection itself is as good as before.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a database holds before it is touched.
enum Found {
    Empty,
    Version(i64),
    Foreign,
}

impl Found {
    /// The version, where `runner` has something to bring up to date.
    fn older(&self, runner: &refinery::Runner) -> Option<i64> {
        match self {
            Self::Version(version @ 1..) if *version < newest(runner) => Some(*version),
            _ => None,
        }
    }

    /// Whether it is ours to bring up to date by `runner`; `shown` is its name for people.
    fn check(&self, runner: &refinery::Runner, shown: impl FnOnce() -> String) -> Result<()> {
        match self {
            Self::Version(version) if *version > newest(runner) => Err(DistrictError::DatabaseNewer { file: shown() }),
            Self::Foreign => Err(DistrictError::NotADatabase { file: shown() }),
            Self::Version(_) | Self::Empty => Ok(()),
        }
    }
}

/// The version that `runner` brings a database up to.
fn newest(runner: &refinery::Runner) -> i64 {
    runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or_default()
}

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

/// The scope that stands in a column.
fn scope_in(row: &Row<'_>, column: usize) -> Result<Scope> {
    let text = row.text(column)?;
    Scope::parse(&text).ok_or_else(|| DistrictError::Unreadable { reason: format!("`{text}` is no scope") })
}

#[cfg(test)]
#[path = "../../tests/common/scratch.rs"]
mod scratch;

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::scratch::Scratch;
    use super::*;

    /// Runs `test` with a new database of each sort.
    fn on_both(test: impl Fn(&Database)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = Place::File(folder.path().join("district.sqlite"));
        test(&Database::open(&file).expect("a new database"));
        let scratch = Scratch::new();
        let server = Place::parse(&scratch.url()).expect("an address");
        test(&Database::open(&server).expect("a new database"));
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_behind() {
        on_both(|database| {
            let failed: Result<()> = database.write(|tx| {
                setting::write(tx, "half", "done")?;
                Err(DistrictError::DiskFull)
            });
            assert!(failed.is_err());
            let kept = database.read(|tx| setting::read(tx, "half")).expect("readable");
            assert_eq!(kept, None, "half a transaction is none");
        });
    }

    #[test]
    fn a_write_that_panics_leaves_nothing_behind_and_the_next_one_goes_on() {
        on_both(|database| {
            let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                database.write(|tx| -> Result<()> {
                    setting::write(tx, "half", "done")?;
                    panic!("in the midst of it")
                })
            }));
            assert!(panicked.is_err());
            database.write(|tx| setting::write(tx, "whole", "done")).expect("the next one goes on");
            let kept = database.read(|tx| Ok((setting::read(tx, "half")?, setting::read(tx, "whole")?)));
            assert_eq!(kept.expect("readable"), (None, Some("done".to_owned())));
        });
    }

    #[test]
    fn a_read_sees_one_moment_and_cannot_write() {
        on_both(|database| {
            database.write(|tx| setting::write(tx, "name", "before")).expect("written");
            let seen = database.read(|tx| {
                let first = setting::read(tx, "name")?;
                database.write(|tx| setting::write(tx, "name", "after"))?;
                Ok((first, setting::read(tx, "name")?))
            });
            let before = Some("before".to_owned());
            assert_eq!(seen.expect("readable"), (before.clone(), before), "what came later is another moment");
            let wrote = database.read(|tx| setting::write(tx, "name", "never"));
            assert!(wrote.is_err(), "a read that writes would be lost without a word");
            assert_eq!(database.read(|tx| setting::read(tx, "name")).expect("readable").as_deref(), Some("after"));
        });
    }

    #[test]
    fn every_value_comes_back_as_it_went_in() {
        on_both(|database| {
            let seen = database.write(|tx| {
                let bytes = if matches!(database.kept, Kept::Sqlite(_)) { "BLOB" } else { "BYTEA" };
                tx.execute(&format!("CREATE TABLE odds (id BIGINT, text TEXT, bytes {bytes}, no BIGINT)"), params![])?;
                let text = "厕所 'quoted' \\ \u{1f6bd}";
                let bytes: &[u8] = &[0, 1, 255];
                tx.execute("INSERT INTO odds VALUES (?1, ?2, ?3, ?4)", params![i64::MIN, text, bytes, false])?;
                tx.execute(
                    "INSERT INTO odds VALUES (?1, ?2, ?3, ?4)",
                    params![u64::MAX, None::<String>, None::<Vec<u8>>, None::<bool>],
                )?;
                let read = |row: &Row<'_>| {
                    let (id, no): (i64, Option<bool>) = (row.get(0)?, row.get(3)?);
                    Ok((id, row.get::<Option<String>>(1)?, row.get::<Option<Vec<u8>>>(2)?, no))
                };
                let rows = tx.all("SELECT id, text, bytes, no FROM odds ORDER BY id", params![], read)?;
                assert_eq!(rows[0], (i64::MIN, Some(text.to_owned()), Some(bytes.to_vec()), Some(false)));
                assert_eq!(rows[1], (i64::MAX, None, None, None), "a number without end is the largest that there is");
                let wrong = tx.one("SELECT text FROM odds ORDER BY id LIMIT 1", params![], |row| row.get::<u64>(0));
                assert!(wrong.is_err(), "text is no number");
                Ok(rows.len())
            });
            assert_eq!(seen.expect("kept"), 2);
        });
    }

    #[test]
    fn rows_come_one_by_one_until_there_is_enough_of_them() {
        on_both(|database| {
            let seen = database.write(|tx| {
                for n in 0..600_u64 {
                    setting::write(tx, &format!("{n:04}"), "x")?;
                }
                let mut names: Vec<String> = Vec::new();
                tx.each("SELECT name FROM setting ORDER BY name", params![], |row| {
                    names.push(row.get(0)?);
                    let enough = names.len() == 500;
                    Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                })?;
                let all: Vec<String> = tx.all("SELECT name FROM setting ORDER BY name", params![], |row| row.get(0))?;
                assert_eq!(all[..500], names, "the first of all, in their order");
                Ok((names.len(), all.len()))
            });
            assert_eq!(seen.expect("readable"), (500, 600));
        });
    }

    #[test]
    fn it_takes_more_room_the_more_is_kept() {
        on_both(|database| {
            let before = database.read(|tx| database.bytes(tx)).expect("a size");
            let noise = hex::encode((0..100).flat_map(|_| crate::random::<4096>()).collect::<Vec<u8>>());
            database.write(|tx| setting::write(tx, "large", &noise)).expect("written");
            let after = database.read(|tx| database.bytes(tx)).expect("a size");
            assert!(after > before + 300_000, "{before} and 800 kB more are not {after}");
        });
    }
}
