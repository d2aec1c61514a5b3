//! The laptop's catalog: what ships, with the files of its own `catalog` folder laid over it.

use std::path::Path;

use domain::Catalog;

use crate::{Result, Trouble};

pub(crate) fn load(folder: &Path) -> Result<Catalog> {
    let folder = folder.join("catalog");
    if !folder.is_dir() {
        return Ok(Catalog::shipped());
    }
    let wrong = |file: String, reason: String| Trouble::CatalogWrong { file, key: String::new(), reason };
    let mut files: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|error| wrong(folder.display().to_string(), error.to_string()))? {
        let path = entry.map_err(|error| Trouble::storage(&error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).map_err(|error| wrong(name.clone(), error.to_string()))?;
            files.push((name, text));
        }
    }
    files.sort();
    let catalog = Catalog::over_shipped(&files);
    Ok(catalog.map_err(|e| Trouble::CatalogWrong { file: e.file, key: e.key, reason: e.reason })?)
}
