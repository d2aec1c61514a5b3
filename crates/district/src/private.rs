//! Folders and files that only the server's own user may read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::Result;

/// Writes a file that only this user may read: whole and on disk, or not at all.
pub(crate) fn write_secret(file: &Path, bytes: &[u8]) -> Result<()> {
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let _ = fs::remove_file(&part); // What a power cut may have left.
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&part)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    drop(out);
    fs::rename(&part, file)?;
    Ok(file.parent().map_or(Ok(()), bring_to_disk)?)
}

/// Makes the folder, for this user only. One that is there keeps its mode.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new name is safe from a power cut only when its folder is on disk as well.
/// Windows has no such call, and needs none: a rename there is in the journal.
#[cfg(unix)]
pub(crate) fn bring_to_disk(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
#[cfg(not(unix))]
pub(crate) fn bring_to_disk(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}
