//! The laptop's catalog: what ships, with the files of its `catalog` folder laid
//! over it, which are the district's.

use std::fs;
use std::io;
use std::path::Path;

use domain::Catalog;
use sync::wire::CatalogFile;

use crate::{Result, Trouble};

/// The folder, and what it is called while another takes its place.
const FOLDER: &str = "catalog";
const COMING: &str = "catalog.coming";
const GOING: &str = "catalog.going";

/// The longest name of a file.
const LONGEST_NAME: usize = 80;

pub(crate) fn load(folder: &Path) -> Result<Catalog> {
    let files = read(folder)?;
    if files.is_empty() {
        return Ok(Catalog::shipped());
    }
    let catalog = Catalog::over_shipped(&pairs(&files));
    Ok(catalog.map_err(|e| Trouble::CatalogWrong { file: e.file, key: e.key, reason: e.reason })?)
}

/// What came of the district's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// They are what is here already.
    Same,
    /// They count from the next opening on.
    New,
    /// This program cannot make a catalog of them; what was here counts on.
    Unreadable,
}

/// Keeps the district's files in place of those that are here: all of them or none.
pub(crate) fn keep(folder: &Path, files: &[CatalogFile]) -> Result<Kept> {
    let mut files = files.to_vec();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    if read(folder)? == files {
        return Ok(Kept::Same);
    }
    let plain = |name: &str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        name.ends_with(".toml") && !name.starts_with('.') && name.len() <= LONGEST_NAME && name.chars().all(letters)
    };
    if !files.iter().all(|file| plain(&file.name)) {
        return Ok(Kept::Unreadable);
    }
    if let Err(error) = Catalog::over_shipped(&pairs(&files)) {
        tracing::warn!(%error, "the district's catalog is not one that this program can read");
        return Ok(Kept::Unreadable);
    }
    swap(folder, &files).map_err(|error| Trouble::storage(&error))?;
    Ok(Kept::New)
}

fn swap(folder: &Path, files: &[CatalogFile]) -> io::Result<()> {
    let (here, coming, going) = (folder.join(FOLDER), folder.join(COMING), folder.join(GOING));
    for left in [&coming, &going] {
        if left.exists() {
            fs::remove_dir_all(left)?;
        }
    }
    fs::create_dir(&coming)?;
    for file in files {
        crate::files::write_whole(&coming.join(&file.name), file.text.as_bytes())?;
    }
    if here.exists() {
        fs::rename(&here, &going)?;
    }
    fs::rename(&coming, &here)?;
    if going.exists() { fs::remove_dir_all(&going) } else { Ok(()) }
}

/// The files that are here, by name.
fn read(folder: &Path) -> Result<Vec<CatalogFile>> {
    // Where the power went between two renames, what was here counts on.
    let folder = [FOLDER, GOING].map(|name| folder.join(name)).into_iter().find(|folder| folder.is_dir());
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let wrong = |file: String, reason: String| Trouble::CatalogWrong { file, key: String::new(), reason };
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| wrong(folder.display().to_string(), error.to_string()))? {
        let path = entry.map_err(|error| Trouble::storage(&error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).map_err(|error| wrong(name.clone(), error.to_string()))?;
            files.push(CatalogFile { name, text });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn pairs(files: &[CatalogFile]) -> Vec<(&str, &str)> {
    files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect()
}
