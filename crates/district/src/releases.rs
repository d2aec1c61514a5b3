//! Releases of the laptops' program, as this district hands them on.
//!
//! They lie in `releases/` of the data folder, each under the name that its own
//! head gives it. A district cannot make one, and takes none that its own program
//! would not run: laptops check again.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use release::{ENDING, Head, Keys, Release, ReleaseError, check, head};
use serde::Serialize;
use sync::wire::ReleaseOffer;

use crate::district::District;
use crate::error::Result;

const FOLDER: &str = "releases";

/// A release that laptops are offered.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseView {
    /// The name of its file.
    pub name: String,
    /// What it says.
    #[serde(flatten)]
    pub release: Release,
}

impl District {
    /// Checks the release in `file`, and offers it to the laptops from now on.
    ///
    /// # Errors
    /// [`ReleaseError`]; a full disk. What was offered before stays as it was.
    pub fn add_release(&self, file: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<ReleaseView> {
        let fault = |fault| ReleaseError::of(file, fault);
        let mut source = BufReader::new(File::open(file).map_err(|error| fault(error.into()))?);
        let Head { release, begins } = head(&mut source, &Keys::built_in()).map_err(fault)?;
        let folder = self.data.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let (name, part) = (release.file_name(), folder.join(format!("{}.part", release.file_name())));
        let kept = copy(file, &mut source, &release, begins, &part, progress);
        if kept.is_err() && part.exists() {
            fs::remove_file(&part)?;
        }
        kept?;
        fs::rename(part, folder.join(&name))?;
        Ok(ReleaseView { name, release })
    }

    /// What laptops are offered, the newest first.
    ///
    /// # Errors
    /// When the folder cannot be read. A file in it that is no release is none.
    pub fn releases(&self) -> Result<Vec<ReleaseView>> {
        let offered = self.offered()?.into_iter();
        Ok(offered.map(|(path, Head { release, .. })| ReleaseView { name: name_of(&path), release }).collect())
    }

    /// Offers a release no more.
    ///
    /// # Errors
    /// [`ReleaseError::NotARelease`] where none has this name.
    pub fn drop_release(&self, name: &str) -> Result<()> {
        let found = self.release_file(name)?;
        let path = found.ok_or_else(|| ReleaseError::NotARelease { file: name.to_owned() })?;
        Ok(fs::remove_file(path)?)
    }

    /// The same for a laptop: with each head as it was signed.
    pub(crate) fn release_offers(&self) -> Result<Vec<ReleaseOffer>> {
        let mut offers = Vec::new();
        for (path, found) in self.offered()? {
            let mut bytes = vec![0; usize::try_from(found.begins).unwrap_or_default()];
            std::io::Read::read_exact(&mut File::open(&path)?, &mut bytes)?;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            offers.push(ReleaseOffer { name: name_of(&path), head: text, total: found.total() });
        }
        Ok(offers)
    }

    /// The file of a release that is offered under this name.
    pub(crate) fn release_file(&self, name: &str) -> Result<Option<PathBuf>> {
        Ok(self.offered()?.into_iter().map(|(path, _)| path).find(|path| name_of(path) == name))
    }

    fn offered(&self) -> Result<Vec<(PathBuf, Head)>> {
        let entries = match fs::read_dir(self.data.join(FOLDER)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let keys = Keys::built_in();
        let files = entries.flatten().map(|entry| entry.path());
        let ended = files.filter(|path| path.extension().is_some_and(|end| end == ENDING));
        let read = |path: PathBuf| Some((head(&mut BufReader::new(File::open(&path).ok()?), &keys).ok()?, path));
        let mut offered: Vec<(PathBuf, Head)> = ended.filter_map(read).map(|(head, path)| (path, head)).collect();
        offered.sort_by(|(_, one), (_, other)| {
            let key = |head: &Head| (head.release.version.clone(), head.release.target.clone());
            key(other).cmp(&key(one))
        });
        Ok(offered)
    }
}

/// Copies the whole file, and checks what it copies.
fn copy(
    file: &Path,
    source: &mut BufReader<File>,
    release: &Release,
    begins: u64,
    part: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<()> {
    let mut out = BufWriter::new(File::create(part)?);
    let mut before = std::io::Read::take(File::open(file)?, begins);
    std::io::copy(&mut before, &mut out)?;
    let mut done = begins;
    let checked = check(source, release, |block| {
        done += block.len() as u64;
        progress(done, begins + release.bytes);
        out.write_all(block)
    });
    checked.map_err(|fault| ReleaseError::of(file, fault))?;
    let out = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(out.sync_all()?)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
