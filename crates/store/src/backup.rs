//! A copy before each migration: whatever a new program makes of the records,
//! what the old one left can be opened again.
//!
//! The copy is whole, encrypted under the same key, and on disk before the
//! migration begins. Where it cannot be made, nothing is migrated.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{Error, Result};

/// Beside the database.
const FOLDER: &str = "backups";

/// How many copies of one database are kept, the newest ones.
const KEPT: usize = 3;

/// Copies the database at `path`, open as `conn` and of version `version`, to
/// `backups/{name}-v{version}-{UTC time}.db` beside it. The caller holds the
/// file's turn, so that no second program clears away what is being written.
///
/// # Errors
/// [`Error::Backup`], with the place that could not be written.
pub(crate) fn keep(conn: &Connection, path: &Path, version: i64) -> Result<PathBuf> {
    let folder = path.with_file_name(FOLDER);
    let copied = || -> Result<PathBuf> {
        fs::create_dir_all(&folder)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let part = folder.join(format!("{name}.part"));
        if part.exists() {
            fs::remove_file(&part)?; // Of a program that was ended while it wrote.
        }
        let time: String = conn.query_row("SELECT strftime('%Y%m%dT%H%M%SZ', 'now')", [], |row| row.get(0))?;
        let copy = folder.join(format!("{name}-v{version}-{time}.db"));
        write(conn, &part)?;
        fs::rename(&part, &copy)?;
        to_disk(&folder)?;
        clear_away(&folder, &name, &copy)?;
        Ok(copy)
    };
    copied().map_err(|reason| Error::Backup { folder: folder.display().to_string(), reason: reason.to_string() })
}

/// Writes the copy. `VACUUM INTO` takes the key of what it copies, and sees one
/// moment of it, the write-ahead log included.
fn write(conn: &Connection, part: &Path) -> Result<()> {
    let written = conn.execute("VACUUM INTO ?1", [part.to_string_lossy()]).map_err(Error::from);
    let written = written.and_then(|_| Ok(File::options().write(true).open(part)?.sync_all()?));
    if written.is_err() && part.exists() {
        fs::remove_file(part)?;
    }
    written
}

/// A new name is on disk when its folder is.
#[cfg(unix)]
fn to_disk(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// Windows writes names to disk by itself, and opens no folder as a file.
#[cfg(not(unix))]
fn to_disk(_: &Path) -> Result<()> {
    Ok(())
}

/// Leaves the newest copies of the database called `name`, and always `newest`:
/// the clock that named the others may have been ahead.
fn clear_away(folder: &Path, name: &str, newest: &Path) -> Result<()> {
    let mut others = Vec::new();
    for entry in fs::read_dir(folder)? {
        let copy = entry?.path();
        if copy != newest
            && let Some(age) = age(&copy, name)
        {
            others.push((age, copy));
        }
    }
    others.sort_unstable();
    let surplus = others.len().saturating_sub(KEPT - 1);
    for (_, copy) in others.into_iter().take(surplus) {
        fs::remove_file(copy)?;
    }
    Ok(())
}

/// The version and the time in a copy's name; none where the file is no copy of ours.
fn age(copy: &Path, name: &str) -> Option<(i64, String)> {
    let rest = copy.file_name()?.to_str()?.strip_prefix(name)?.strip_prefix("-v")?.strip_suffix(".db")?;
    let (version, time) = rest.split_once('-')?;
    Some((version.parse().ok()?, time.to_owned()))
}
