//! A village's file on disk: a folder for each section with the original files,
//! and one PDF with index, sections, tables and photo sheets.
//!
//! Both are made aside and take their name when they are whole. Of the same
//! records and the same day come the same bytes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use bag::BagError;
use domain::RecordId;
use package::dossier as paper;
use serde::{Deserialize, Serialize};
use sync::files::Files;
use ts_rs::TS;

use super::{Dossier, DossierFile};
use crate::file_names::{Names, safe};
use crate::{Laptop, Result, Trouble};

/// How large a picture is in the PDF, in pixels.
const EDGE: u32 = 720;

/// The most pictures of one PDF; what is more is named, and lies in the folder.
const PICTURES: usize = 400;

/// What was written of a village's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DossierWritten {
    /// The folder, or the PDF.
    pub path: String,
    /// Original files in it.
    #[ts(type = "number")]
    pub files: u64,
    /// Pages of the PDF.
    #[ts(type = "number")]
    pub pages: u64,
    /// Documents that are there, of those that are asked for.
    pub have: u32,
    /// Documents that are asked for.
    pub wanted: u32,
    /// What is missing, by section.
    pub missing: Vec<String>,
    /// Files that the records name and that are not on this laptop yet.
    pub absent: Vec<String>,
}

/// Hears how many files are done of how many, and may stop the work.
type Progress<'p> = &'p mut dyn FnMut(u64, u64) -> ControlFlow<()>;

impl Laptop {
    /// Writes the village's file as a folder below `into`: a numbered folder for
    /// each section with the original files, and the PDF. `day` (`YYYY-MM-DD`) is
    /// what it bears. A folder of an earlier export is replaced once this is whole.
    ///
    /// # Errors
    /// What [`Laptop::dossier`] refuses, a missing font, a full or read-only disk,
    /// or a stop; what was there is untouched then.
    pub fn export_dossier(
        &self,
        village: RecordId,
        into: &Path,
        day: &str,
        progress: Progress<'_>,
    ) -> Result<DossierWritten> {
        let dossier = self.dossier(village)?;
        let name = safe(&format!("{}-{}-{}", dossier.code, dossier.name, dossier.title));
        let (target, part) = (into.join(&name), into.join(format!(".{name}.part{}", std::process::id())));
        let outcome = self.fill(&dossier, &part, day, progress).and_then(|mut written| {
            replace(&part, &target)?;
            written.path = target.display().to_string();
            Ok(written)
        });
        if outcome.is_err() {
            let _ = fs::remove_dir_all(&part); // It may never have come into being.
        }
        outcome
    }

    /// Writes the village's file as one PDF.
    ///
    /// # Errors
    /// As [`Laptop::export_dossier`].
    pub fn dossier_pdf(
        &self,
        village: RecordId,
        path: &Path,
        day: &str,
        progress: Progress<'_>,
    ) -> Result<DossierWritten> {
        let dossier = self.dossier(village)?;
        let mut count = Count { done: 0, total: pictures(&dossier), progress };
        let pdf = self.paper(&dossier, day, &mut count)?;
        crate::files::write_whole(path, &pdf.bytes).map_err(|error| Trouble::writing(path, &error))?;
        Ok(written(&dossier, path, &pdf, 0))
    }

    fn fill(&self, dossier: &Dossier, part: &Path, day: &str, progress: Progress<'_>) -> Result<DossierWritten> {
        let here = all_files(dossier).filter(|file| file.here).count() as u64;
        let mut count = Count { done: 0, total: here + pictures(dossier), progress };
        make_folder(part)?;
        let mut files = 0;
        for (number, section) in (1..).zip(&dossier.sections) {
            let folder = part.join(safe(&format!("{number}-{}", section.label.zh)));
            make_folder(&folder)?;
            for (nth, document) in (1..).zip(&section.documents) {
                let folder = folder.join(safe(&format!("{number}.{nth:02}-{}", document.label.zh)));
                let mut names = Names::default();
                let several = document.records.len() > 1;
                for record in &document.records {
                    for file in record.files.iter().filter(|file| file.here) {
                        let title = if several { format!("{}-", record.title) } else { String::new() };
                        make_folder(&folder)?;
                        self.copy(file, &folder.join(names.free(&format!("{title}{}", file.name))))?;
                        files += 1;
                        count.one()?;
                    }
                }
            }
        }
        let pdf = self.paper(dossier, day, &mut count)?;
        let name = safe(&format!("0-{}-{}.pdf", dossier.name, dossier.title));
        for (name, bytes) in
            [(name.as_str(), pdf.bytes.as_slice()), ("dossier.json", &domain::canonical::to_vec(dossier))]
        {
            let path = part.join(name);
            crate::files::write_whole(&path, bytes).map_err(|error| Trouble::writing(&path, &error))?;
        }
        Ok(written(dossier, part, &pdf, files))
    }

    fn copy(&self, file: &DossierFile, path: &Path) -> Result<()> {
        let unwritable = |error: std::io::Error| Trouble::writing(path, &error);
        let mut source = self.files.source(&file.sha256).map_err(|error| Trouble::storage(&error))?;
        let mut out = File::create(path).map_err(unwritable)?;
        std::io::copy(&mut source, &mut out).map_err(unwritable)?;
        out.sync_all().map_err(unwritable)?;
        Ok(())
    }

    /// The PDF, with small pictures of what can be shown.
    fn paper(&self, dossier: &Dossier, day: &str, count: &mut Count<'_>) -> Result<package::Pdf> {
        let mut pictures: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut sections = Vec::new();
        for section in &dossier.sections {
            let mut documents = Vec::new();
            for document in &section.documents {
                let mut records = Vec::new();
                for record in &document.records {
                    let (mut papers, mut shown) = (Vec::new(), Vec::new());
                    for file in &record.files {
                        let name = format!("{}.jpg", file.sha256);
                        let room = pictures.contains_key(&name) || pictures.len() < PICTURES;
                        // A picture that cannot be read is named like a paper; the rest goes on.
                        let small = match file.picture && file.here && room {
                            true => self.thumbnail(&file.sha256, EDGE).ok(),
                            false => None,
                        };
                        count.picture(file)?;
                        match small {
                            Some(small) => {
                                pictures.insert(name.clone(), small);
                                let taken = file.taken.as_deref().map(|taken| format!("　{taken}")).unwrap_or_default();
                                shown.push((name, format!("{}{taken}", file.name)));
                            }
                            None if file.here => papers.push(file.name.clone()),
                            None => papers.push(format!("{}（原件不在本机）", file.name)),
                        }
                    }
                    let (title, rows) = (record.title.clone(), record.rows.clone());
                    records.push(paper::Entry { title, rows, papers, pictures: shown });
                }
                documents.push(paper::Document { label: document.label.zh.clone(), records });
            }
            let missing = section.missing.iter().map(|missing| missing.zh.clone()).collect();
            let label = section.label.zh.clone();
            sections.push(paper::Section { label, have: section.have, wanted: section.wanted, missing, documents });
        }
        let made = paper::Dossier {
            title: dossier.title.clone(),
            village: dossier.name.clone(),
            code: dossier.code.clone(),
            path: dossier.path.clone(),
            date: day.to_owned(),
            have: dossier.have,
            wanted: dossier.wanted,
            sections,
        };
        Ok(paper::typeset(&made, pictures)?)
    }
}

/// How far the work has come.
struct Count<'p> {
    done: u64,
    total: u64,
    progress: Progress<'p>,
}

impl Count<'_> {
    fn one(&mut self) -> Result<()> {
        self.done += 1;
        match (self.progress)(self.done, self.total) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(BagError::Cancelled.into()),
        }
    }

    fn picture(&mut self, file: &DossierFile) -> Result<()> {
        if file.picture { self.one() } else { Ok(()) }
    }
}

fn all_files(dossier: &Dossier) -> impl Iterator<Item = &DossierFile> {
    let documents = dossier.sections.iter().flat_map(|section| &section.documents);
    documents.flat_map(|document| &document.records).flat_map(|record| &record.files)
}

fn pictures(dossier: &Dossier) -> u64 {
    all_files(dossier).filter(|file| file.picture).count() as u64
}

fn written(dossier: &Dossier, path: &Path, pdf: &package::Pdf, files: u64) -> DossierWritten {
    let missing = (1..).zip(&dossier.sections).flat_map(|(number, section)| {
        section.missing.iter().map(move |missing| format!("{number} {}：{}", section.label.zh, missing.zh))
    });
    let mut absent: Vec<String> = all_files(dossier).filter(|file| !file.here).map(|file| file.name.clone()).collect();
    absent.sort();
    absent.dedup();
    DossierWritten {
        path: path.display().to_string(),
        files,
        pages: u64::try_from(pdf.pages).unwrap_or(u64::MAX),
        have: dossier.have,
        wanted: dossier.wanted,
        missing: missing.collect(),
        absent,
    }
}

fn make_folder(path: &Path) -> Result<()> {
    Ok(fs::create_dir_all(path).map_err(|error| Trouble::writing(path, &error))?)
}

/// Puts `part` where `target` is. What was there is put aside first, and back where that fails.
fn replace(part: &Path, target: &Path) -> Result<()> {
    let unwritable = |error: std::io::Error| Trouble::writing(target, &error);
    let mut before: PathBuf = part.to_owned();
    before.set_extension(format!("before{}", std::process::id()));
    let stood = target.exists();
    if stood {
        fs::rename(target, &before).map_err(unwritable)?;
    }
    if let Err(error) = fs::rename(part, target) {
        if stood {
            let _ = fs::rename(&before, target); // What was there is better than nothing.
        }
        return Err(unwritable(error).into());
    }
    if stood {
        let _ = fs::remove_dir_all(&before); // Left over it harms nobody.
    }
    Ok(())
}
