//! Compile: an application with all that it rests on becomes one package.
//!
//! Pictures are made small one at a time; then the originals go into the bag while
//! the pages are set beside them, and what was set goes in last. It can be stopped
//! at any stage and leaves nothing; the package appears whole or not at all. The same records and the same day
//! give the same bytes, as long as the same fonts are installed.

mod contents;
mod data;
mod evidence;
mod files;
mod flowing;
mod forms;
mod preview;
mod promises;
mod site;
mod workbook;

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use bag::{Bag, BagError, Description, PayloadFile, Signer};
use domain::RecordId;
use ed25519_dalek::Signer as _;
use package::volume::{self, Volume};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::types::Compiled;
use crate::{Laptop, Result, Trouble};

use flowing::Flowing;
pub use preview::{Preview, PreviewPage};

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CompileStage {
    /// Pictures are made small; counted in pictures.
    Pictures,
    /// Pages are set; nothing to be counted.
    Pages,
    /// Files go into the package; counted in bytes.
    Files,
}

/// How far a package has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompileStep {
    /// What is being done.
    pub stage: CompileStage,
    /// How much of it is done.
    #[ts(type = "number")]
    pub done: u64,
    /// How much there is of it.
    #[ts(type = "number")]
    pub total: u64,
}

/// Hears how far the work has come, and may stop it.
pub(crate) type Progress<'p> = &'p mut dyn FnMut(CompileStep) -> ControlFlow<()>;

/// Tells `progress` and hears whether to go on.
fn tell(progress: Progress<'_>, stage: CompileStage, done: u64, total: u64) -> Result<()> {
    match progress(CompileStep { stage, done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(BagError::Cancelled.into()),
    }
}

impl Laptop {
    /// Compiles the application into a package at `path`, which bears `day`
    /// (`YYYY-MM-DD`), or today.
    ///
    /// # Errors
    /// A record that is no application, a photo or scan whose bytes are not here, a
    /// missing font or letter, a file that cannot be written, or a stop.
    pub fn compile(&self, id: RecordId, path: &Path, day: Option<&str>, progress: Progress<'_>) -> Result<Compiled> {
        let made = self.contents(id, day, progress)?;
        tell(progress, CompileStage::Pages, 0, 1)?;
        let tables = self.workbook(&made.volume)?;
        let about = Description {
            organization: made.volume.applicant.clone(),
            identifier: made.volume.number.clone(),
            date: made.day,
            software: concat!("Nonghuan ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let key = self.signing_key();
        let signer = Signer {
            by: self.identity.person.clone(),
            key: hex::encode(key.verifying_key().as_bytes()),
            sign: &|bytes| key.sign(bytes).to_bytes(),
        };
        let originals: Vec<PayloadFile<'_>> = made.originals.iter().map(|original| self.payload(original)).collect();
        let (printed, written) = write(path, |out| {
            std::thread::scope(|scope| {
                let printing = scope.spawn(|| Printed::of(&made.volume, made.pictures));
                let mut bag = Bag::begin(out, &about);
                let mut told = |done, total| progress(CompileStep { stage: CompileStage::Files, done, total });
                bag.add(&originals, &mut told)?;
                tell(progress, CompileStage::Pages, 0, 1)?;
                let mut printed = printing.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault))?;
                tell(progress, CompileStage::Pages, 1, 1)?;
                let mut files =
                    vec![PayloadFile::made("申报表格.xlsx", tables), PayloadFile::made(bag::DATA, made.data)];
                let given = [("奖补金额.json", made.amount), ("政策.toml", made.policy)];
                files.extend(given.into_iter().filter_map(|(name, bytes)| Some(PayloadFile::made(name, bytes?))));
                files.append(&mut printed.files);
                let mut told = |done, total| progress(CompileStep { stage: CompileStage::Files, done, total });
                bag.add(&files, &mut told)?;
                Ok((printed, bag.end(Some(&signer))?))
            })
        })?;
        Ok(Compiled {
            path: path.display().to_string(),
            bytes: written.bytes,
            sha256: written.sha256,
            data: made.volume.seal.digest.clone(),
            files: written.files,
            pages: printed.pages,
            substitutes: printed.substitutes,
            omitted: made.omitted,
        })
    }
}

/// What is set from a volume, beside the writing of the originals.
struct Printed {
    files: Vec<PayloadFile<'static>>,
    pages: u64,
    substitutes: Vec<String>,
}

impl Printed {
    fn of(volume: &Volume, pictures: BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let composed = volume::compose(volume, pictures)?;
        let pdf = composed.pdf()?;
        let mut files = vec![PayloadFile::made("申报书.pdf", pdf.bytes)];
        let texts = [("申报请示.docx", volume::letter_docx(volume)?), ("实施方案.docx", volume::plan_docx(volume)?)];
        files.extend(texts.into_iter().filter_map(|(name, bytes)| Some(PayloadFile::made(name, bytes?))));
        let pages = u64::try_from(pdf.pages).unwrap_or(u64::MAX);
        Ok(Self { files, pages, substitutes: composed.substitutes })
    }
}

/// Writes beside `path` first, so that what stands there is always a whole package.
fn write<T>(path: &Path, work: impl FnOnce(&mut Flowing) -> Result<T>) -> Result<T> {
    let part = path.with_extension(format!("part{}", std::process::id()));
    let unwritable = |error: std::io::Error| Trouble::writing(path, &error);
    let outcome = (|| -> Result<T> {
        let file = File::create(&part).map_err(unwritable)?;
        let mut out = Flowing::to(&file).map_err(unwritable)?;
        let written = work(&mut out)?;
        out.end().map_err(unwritable)?;
        file.sync_all().map_err(unwritable)?;
        std::fs::rename(&part, path).map_err(unwritable)?;
        Ok(written)
    })();
    if outcome.is_err() {
        let _ = std::fs::remove_file(&part); // It may never have come into being.
    }
    outcome
}
