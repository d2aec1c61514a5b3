//! A copy of the SQLite file before each migration: whatever a new program makes
//! of the logs, what the old one left can be opened again. Where it cannot be
//! made, nothing is migrated.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::error::{DistrictError, Result};
use crate::private::{bring_to_disk, make_private};

/// Beside the database.
const FOLDER: &str = "backups";

/// How many copies of one database are kept, the newest ones.
const KEPT: usize = 3;

/// Copies the database in `file`, open as `connection` and of version `version`,
/// to `backups/{name}-v{version}-{UTC time}.sqlite` beside it, whole and on disk.
/// The caller holds the data folder's lock, so that no second program clears away
/// what is being written.
///
/// # Errors
/// [`DistrictError::BackupFailed`], with the place that could not be written.
pub(super) fn keep(connection: &Connection, file: &Path, version: i64) -> Result<PathBuf> {
    let folder = file.with_file_name(FOLDER);
    let copied = || -> Result<PathBuf> {
        make_private(&folder)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let part = folder.join(format!("{name}.part"));
        if part.exists() {
            fs::remove_file(&part)?; // Of a program that was ended while it wrote.
        }
        let time = chrono::Utc::now().format("%Y%m%dT%H%M%SZ");
        let copy = folder.join(format!("{name}-v{version}-{time}.sqlite"));
        write(connection, &part)?;
        fs::rename(&part, &copy)?;
        bring_to_disk(&folder)?;
        clear_away(&folder, &name, &copy)?;
        Ok(copy)
    };
    copied().map_err(|reason| DistrictError::BackupFailed {
        folder: folder.display().to_string(),
        reason: reason.to_string(),
    })
}

/// Writes the copy, for this user only. `VACUUM INTO` sees one moment of the
/// database, its write-ahead log included, and takes an empty file for its own.
fn write(connection: &Connection, part: &Path) -> Result<()> {
    let written = || -> Result<()> {
        super::sqlite::make_private(part)?;
        connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
        Ok(File::options().write(true).open(part)?.sync_all()?)
    };
    let written = written();
    if written.is_err() && part.exists() {
        fs::remove_file(part)?;
    }
    written
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
    let rest = copy.file_name()?.to_str()?.strip_prefix(name)?.strip_prefix("-v")?.strip_suffix(".sqlite")?;
    let (version, time) = rest.split_once('-')?;
    Some((version.parse().ok()?, time.to_owned()))
}
