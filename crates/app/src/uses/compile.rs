//! Compile: an application with its works and photos becomes one package.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use bag::{BagError, Description, PayloadFile, Signer, Source};
use domain::record::Attachment;
use domain::views;
use domain::{Record, RecordId, Refusal};
use ed25519_dalek::Signer as _;
use package::volume::{FormWorks, Volume};
use serde_json::json;
use store::{Filter, ListQuery, Row};
use sync::files::Files;

use crate::types::Compiled;
use crate::{Laptop, Result, Trouble};

impl Laptop {
    /// Compiles the application into a package at `path`.
    ///
    /// `progress` hears bytes done and bytes in all, and may stop the work. The
    /// file appears whole or not at all.
    ///
    /// # Errors
    /// A record that is no application, a photo whose bytes are not here, a
    /// missing font, a file that cannot be written.
    pub fn compile(
        &self,
        id: RecordId,
        path: &Path,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<Compiled> {
        let application = self.row(id)?.record;
        let kind = self.kind(&application.kind)?;
        if kind.name != "application" {
            return Err(Refusal::UnknownRecord { record: id.to_string() }.into());
        }
        let works = self.works_of(&application)?;
        let form = self.form(&application, &works)?;
        let pdf = package::volume::compose(&form, std::collections::BTreeMap::new())?.pdf()?;
        let table = self.table(self.catalog().kind("works")?, works.clone())?;
        let data =
            json!({"application": application, "works": works.iter().map(|row| &row.record).collect::<Vec<_>>()});
        let mut files = vec![
            PayloadFile::made("申报表.pdf", pdf.bytes),
            PayloadFile::made("工程清单.xlsx", table),
            PayloadFile::made("application.json", domain::canonical::to_vec(&data)),
        ];
        for (folder, record) in self.evidence(&application, &works)? {
            self.add_files(&mut files, &folder, &record)?;
        }
        let about = Description {
            organization: form.applicant.clone(),
            identifier: form.number.clone(),
            date: chrono::Local::now().format("%Y-%m-%d").to_string(),
            software: concat!("Nonghuan ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let key = self.signing_key();
        let signer = Signer {
            by: self.identity.person.clone(),
            key: hex::encode(key.verifying_key().as_bytes()),
            sign: &|bytes| key.sign(bytes).to_bytes(),
        };
        let written = write(path, |out| bag::write(out, &about, &files, Some(&signer), progress))?;
        Ok(Compiled {
            path: path.display().to_string(),
            bytes: written.bytes,
            sha256: written.sha256,
            files: written.files,
            pages: u64::try_from(pdf.pages).unwrap_or(u64::MAX),
        })
    }

    /// The works of an application, each once: of two that were joined the one that was kept.
    fn works_of(&self, application: &Record) -> Result<Vec<Row>> {
        let mut works: Vec<RecordId> = Vec::new();
        for id in views::Application(application).works() {
            let root = self.store.root(id)?;
            if !works.contains(&root) {
                works.push(root);
            }
        }
        works.into_iter().map(|id| self.row(id)).collect()
    }

    /// The application's own documents, then each works and its progress, each with its folder.
    fn evidence(&self, application: &Record, works: &[Row]) -> Result<Vec<(String, Record)>> {
        let mut found = vec![("附件材料".to_owned(), application.clone())];
        for row in works {
            let folder = format!("照片/{}", row.record.text("number").unwrap_or_default());
            found.push((folder.clone(), row.record.clone()));
            for entry in self.progress_of(row.record.id)? {
                found.push((format!("{folder}/{}", entry.record.text("date").unwrap_or_default()), entry.record));
            }
        }
        Ok(found)
    }

    fn progress_of(&self, works: RecordId) -> Result<Vec<Row>> {
        let kind = self.kind("progress")?;
        let filters = vec![Filter::Field("works".to_owned(), works.to_string().into())];
        Ok(self.store.list(&ListQuery { kind: &kind, filters, sort: None, limit: u32::MAX, offset: 0 })?.1)
    }

    fn add_files<'a>(&'a self, files: &mut Vec<PayloadFile<'a>>, folder: &str, record: &Record) -> Result<()> {
        for file in record.attachments() {
            if self.store.attachment(&file.sha256)?.is_none_or(|known| !known.here) {
                return Err(Trouble::AttachmentAbsent { name: file.name }.into());
            }
            let path = free_path(files, folder, &file);
            let sha256 = file.sha256.clone();
            let vault = &self.files;
            let open = move || -> std::io::Result<Box<dyn std::io::Read + 'a>> { Ok(vault.source(&sha256)?) };
            files.push(PayloadFile {
                path,
                source: Source::Open(Box::new(open)),
                sha256: file.sha256,
                bytes: file.bytes,
            });
        }
        Ok(())
    }

    fn form(&self, application: &Record, works: &[Row]) -> Result<Volume> {
        let text = |name: &str| application.text(name).unwrap_or_default().to_owned();
        let township = self.township(application)?;
        let named = |name: &str| format!("{name}人民政府");
        let applicant = application.text("applicant").map_or_else(|| named(&township), str::to_owned);
        let mut volume = Volume {
            number: text("number"),
            name: text("name"),
            year: application.integer("year").unwrap_or_default(),
            applicant,
            total: application.integer("total").or_else(|| views::Works::total(works.iter().map(|row| &row.record))),
            requested: application.integer("requested"),
            ..Volume::default()
        };
        volume.form.problems = text("problems");
        volume.form.works = works
            .iter()
            .map(|row| FormWorks {
                name: row.record.text("name").unwrap_or_default().to_owned(),
                ..FormWorks::default()
            })
            .collect();
        Ok(volume)
    }

    fn township(&self, record: &Record) -> Result<String> {
        let found = self.store.find(self.catalog().kind("township")?, "code", &record.scope.as_str().into())?;
        let named = found.first().and_then(|row| row.record.text("name"));
        Ok(named.map_or_else(|| record.scope.to_string(), str::to_owned))
    }
}

/// A path in the package that no other file has; two photos may both be called IMG_0001.jpg.
fn free_path(files: &[PayloadFile<'_>], folder: &str, file: &Attachment) -> String {
    let name: String =
        file.name.chars().map(|c| if matches!(c, '/' | '\\' | ':') || c.is_control() { '_' } else { c }).collect();
    let name = if name.is_empty() || name.starts_with('.') { format!("_{name}") } else { name };
    let taken = |path: &str| files.iter().any(|other| other.path.to_lowercase() == path.to_lowercase());
    let plain = format!("{folder}/{name}");
    if taken(&plain) { format!("{folder}/{}-{name}", &file.sha256[..8]) } else { plain }
}

/// Writes beside `path` first, so that what stands there is always a whole package.
fn write<T>(path: &Path, work: impl FnOnce(&mut BufWriter<File>) -> std::result::Result<T, BagError>) -> Result<T> {
    let part = path.with_extension(format!("part{}", std::process::id()));
    let unwritable = |error: std::io::Error| Trouble::writing(path, &error);
    let outcome = (|| -> Result<T> {
        let mut out = BufWriter::new(File::create(&part).map_err(unwritable)?);
        let written = work(&mut out)?;
        out.flush().map_err(unwritable)?;
        out.get_ref().sync_all().map_err(unwritable)?;
        std::fs::rename(&part, path).map_err(unwritable)?;
        Ok(written)
    })();
    if outcome.is_err() {
        let _ = std::fs::remove_file(&part); // It may never have come into being.
    }
    outcome
}
