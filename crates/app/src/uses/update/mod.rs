//! Update: a new program, from the district or from a stick.
//!
//! It is a signed file either way (`release`), and is taken for what its signature
//! proves and never for where it came from. Nothing here needs an open laptop but
//! the district's offer: whoever has a database of a newer program must be able to
//! bring the program up to it while the laptop is still locked.

mod install;
mod installation;

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use release::{Head, Keys, News, Release, ReleaseError, check, head};
use semver::Version;
use serde::{Deserialize, Serialize};
use sync::wire::ReleaseOffer;
use ts_rs::TS;

pub use install::{FIRST_START, STARTED, install_update};
pub use installation::Installation;

use crate::uses::exchange::{named, wait};
use crate::{Laptop, Result, Trouble};

/// Beside the records: what was fetched, and what is being tried.
const FOLDER: &str = "updates";

/// So often a line may break without a byte having come in between.
const PATIENCE: u32 = 3;

/// A new program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UpdateView {
    /// The version of this program.
    pub here: String,
    /// The version of the new one.
    pub version: String,
    /// The day on which it was made (YYYY-MM-DD).
    pub at: String,
    /// What is new, in Chinese.
    pub zh: String,
    /// What is new, in English.
    pub en: String,
    /// How many bytes it has.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many of them are here.
    #[ts(type = "number")]
    pub came: u64,
    /// Where it lies, whole and checked; nothing until then.
    pub file: Option<String>,
}

/// The version of this program.
#[must_use]
pub fn program_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}

/// Checks the release in `file` from its first to its last byte.
///
/// # Errors
/// [`ReleaseError`]: damaged, signed by somebody else, not newer, or for other machines.
pub fn look_into_update(file: &Path, installation: &Installation) -> Result<UpdateView> {
    let fault = |fault| ReleaseError::of(file, fault);
    let (head, mut source) = begun(file)?;
    fits(&head.release, installation)?;
    check(&mut source, &head.release, |_| Ok(())).map_err(fault)?;
    Ok(view(&head, head.total(), Some(file)))
}

/// The head of the release in `file`, signed by a key of this program, and the program behind it.
fn begun(file: &Path) -> Result<(Head, BufReader<File>)> {
    let fault = |fault| ReleaseError::of(file, fault);
    let mut source = BufReader::new(File::open(file).map_err(|error| fault(error.into()))?);
    Ok((head(&mut source, &Keys::built_in()).map_err(fault)?, source))
}

/// Whether the release is newer than this program, and for this installation.
fn fits(release: &Release, installation: &Installation) -> Result<()> {
    let (given, here) = (release.target.clone(), installation.target());
    if given != here {
        return Err(ReleaseError::ReleaseForOthers { given, here }.into());
    }
    let (given, here) = (&release.version, program_version());
    if *given <= here {
        return Err(ReleaseError::ReleaseNotNewer { given: given.to_string(), here: here.to_string() }.into());
    }
    Ok(())
}

fn view(head: &Head, came: u64, file: Option<&Path>) -> UpdateView {
    let Release { version, at, news: News { zh, en }, .. } = &head.release;
    UpdateView {
        here: program_version().to_string(),
        version: version.to_string(),
        at: at.clone(),
        zh: zh.clone(),
        en: en.clone(),
        bytes: head.total(),
        came,
        file: file.map(|file| file.display().to_string()),
    }
}

/// A release that the district offers, and where it is kept here.
struct Offered {
    name: String,
    head: Head,
    file: PathBuf,
}

impl Offered {
    /// The newest one for this installation; what is not signed as it must be is none.
    fn newest(offers: &[ReleaseOffer], folder: &Path, installation: &Installation) -> Option<Self> {
        let keys = Keys::built_in();
        let heads = offers.iter().filter_map(|offer| Some((offer, head(&mut offer.head.as_bytes(), &keys).ok()?)));
        let fitting = heads.filter(|(_, head)| fits(&head.release, installation).is_ok());
        let (offer, head) = fitting.max_by(|(_, one), (_, other)| one.release.version.cmp(&other.release.version))?;
        let file = folder.join(FOLDER).join(head.release.file_name());
        Some(Self { name: offer.name.clone(), head, file })
    }

    fn part(&self) -> PathBuf {
        self.file.with_extension("part")
    }

    fn came(&self) -> u64 {
        let length = |path: &Path| fs::metadata(path).map_or(0, |meta| meta.len());
        if self.file.exists() { self.head.total() } else { length(&self.part()).min(self.head.total()) }
    }

    fn view(&self) -> UpdateView {
        view(&self.head, self.came(), self.file.exists().then_some(self.file.as_path()))
    }
}

impl Laptop {
    /// What the district offers that is newer than this program.
    ///
    /// # Errors
    /// What the line does.
    pub fn find_update(&self, installation: &Installation) -> Result<Option<UpdateView>> {
        Ok(self.offered(installation)?.map(|offered| offered.view()))
    }

    fn offered(&self, installation: &Installation) -> Result<Option<Offered>> {
        let offers = wait(self.district()?.releases()).map_err(|error| self.over(error))?;
        Ok(Offered::newest(&offers, &self.folder, installation))
    }

    /// Fetches it; what came before the line broke stays, and the next call goes on
    /// from there. Nothing where there is nothing newer.
    ///
    /// # Errors
    /// What the line or the disk does; [`ReleaseError`] where what came is not what
    /// was signed, and is gone then.
    pub fn fetch_update(
        &self,
        installation: &Installation,
        progress: &mut (dyn FnMut(u64, u64) -> ControlFlow<()> + Send),
    ) -> Result<Option<UpdateView>> {
        let Some(offered) = self.offered(installation)? else { return Ok(None) };
        let storage = |error: &std::io::Error| Trouble::storage(error);
        if !offered.file.exists() {
            fs::create_dir_all(self.folder.join(FOLDER)).map_err(|error| storage(&error))?;
            if !self.fetch_rest(&offered, progress)? {
                return Ok(Some(offered.view()));
            }
            let part = offered.part();
            if let Err(error) = look_into_update(&part, installation) {
                let _ = fs::remove_file(&part); // What is not as it was signed is fetched anew.
                return Err(error);
            }
            fs::rename(&part, &offered.file).map_err(|error| storage(&error))?;
            forget_others(&offered.file);
        }
        Ok(Some(offered.view()))
    }

    /// Whether all of it came.
    fn fetch_rest(
        &self,
        offered: &Offered,
        progress: &mut (dyn FnMut(u64, u64) -> ControlFlow<()> + Send),
    ) -> Result<bool> {
        let storage = |error: std::io::Error| Trouble::storage(&error);
        let (district, total) = (self.district()?, offered.head.total());
        let mut out = OpenOptions::new().create(true).append(true).open(offered.part()).map_err(storage)?;
        let mut came = out.metadata().map_err(storage)?.len();
        if came > total {
            out.set_len(0).map_err(storage)?;
            came = 0;
        }
        let (mut stopped, mut broken) = (false, 0);
        while came < total && !stopped {
            let before = came;
            let mut take = |bytes: &[u8]| {
                out.write_all(bytes)?;
                came += bytes.len() as u64;
                let on = progress(came.min(total), total);
                stopped = on.is_break();
                Ok::<_, std::io::Error>(on)
            };
            match wait(district.fetch_release(&offered.name, before, &mut take)) {
                Ok(written) => written.map_err(storage)?,
                Err(error @ sync::http::Error::Refused(_)) => return Err(self.over(error)),
                Err(error) => {
                    broken = if came > before { 0 } else { broken + 1 };
                    if broken == PATIENCE {
                        return Err(self.over(error));
                    }
                }
            }
        }
        out.sync_all().map_err(storage)?;
        Ok(came >= total)
    }

    fn over(&self, error: sync::http::Error) -> crate::AppError {
        named(error.into(), &self.identity.address)
    }
}

/// Earlier releases are of no use once a newer one is here.
fn forget_others(kept: &Path) {
    let Some(folder) = kept.parent() else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path != kept && path.is_file() {
            let _ = fs::remove_file(path); // One that stays takes room and does no harm.
        }
    }
}
