//! The originals that a package carries along, each with its folder.

use std::collections::BTreeMap;
use std::io::Read;

use bag::{PayloadFile, Source};
use domain::Record;
use domain::record::Attachment;
use domain::submission::Submission;
use sync::files::Files as _;

use crate::file_names::safe;
use crate::uses::photos::SPOT;
use crate::{Laptop, Result, Trouble};

/// An original file in the package.
pub(super) struct Original {
    /// Its path under `data/`.
    pub(super) path: String,
    pub(super) file: Attachment,
}

impl Laptop {
    /// Every file of the application's records, once in each folder that it belongs to.
    ///
    /// # Errors
    /// [`Trouble::AttachmentAbsent`] with the name of one whose bytes are not here.
    pub(super) fn originals(&self, submission: &Submission) -> Result<Vec<Original>> {
        let mut taken = Taken::default();
        taken.add_all(self, "附件材料", &submission.application)?;
        for (number, document) in (1..).zip(self.documents_in_order(submission)?) {
            let sort = self.value_said(document, "sort")?;
            taken.add_all(self, &format!("申报材料/{number:02}-{}", safe(&sort)), document)?;
        }
        let headed = |record: &Record| safe(&store::title(self.catalog(), record));
        for works in &submission.works {
            let folder = format!("照片/{}", safe(works.text("number").unwrap_or_default()));
            taken.add_all(self, &folder, works)?;
            let of_it = |record: &&Record| record.text("works").is_some_and(|id| id == works.id.to_string());
            for spot in submission.spots.iter().filter(of_it) {
                for (field, name) in [("before", "1-整治前"), ("during", "2-整治中"), ("after", "3-整治后")] {
                    taken.add_set(self, &format!("{folder}/{}/{name}", headed(spot)), spot, field)?;
                }
                debug_assert_eq!(spot.kind, SPOT, "spots are what the submission says");
            }
            for entry in submission.progress.iter().filter(of_it) {
                taken.add_all(self, &format!("{folder}/{}", entry.text("date").unwrap_or_default()), entry)?;
            }
        }
        for (folder, records) in [
            ("公示", &submission.notices),
            ("合同", &submission.contracts),
            ("合同/变更", &submission.variations),
            ("验收", &submission.acceptances),
            ("意见", &submission.opinions),
        ] {
            for record in records {
                taken.add_all(self, &format!("{folder}/{}", headed(record)), record)?;
            }
        }
        Ok(taken.originals)
    }

    /// The documents in the order of their sorts in the catalog, then of their making.
    pub(super) fn documents_in_order<'s>(&self, submission: &'s Submission) -> Result<Vec<&'s Record>> {
        let kind = self.kind("document")?;
        let choices = &kind.field("sort")?.choices;
        let place = |document: &&Record| {
            let sort = document.text("sort").unwrap_or_default();
            (choices.iter().position(|choice| choice.value == sort).unwrap_or(usize::MAX), document.id)
        };
        let mut documents: Vec<&Record> = submission.documents.iter().collect();
        documents.sort_by_key(place);
        Ok(documents)
    }

    /// The original as the bag takes it: read from this laptop when it is written.
    pub(super) fn payload<'l>(&'l self, original: &'l Original) -> PayloadFile<'l> {
        let (vault, file) = (&self.files, &original.file);
        let open = move || -> std::io::Result<Box<dyn Read + 'l>> { Ok(vault.source(&file.sha256)?) };
        PayloadFile {
            path: original.path.clone(),
            source: Source::Open(Box::new(open)),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
        }
    }
}

/// Which paths are given already; two photos may both be called IMG_0001.jpg.
#[derive(Default)]
struct Taken {
    originals: Vec<Original>,
    paths: BTreeMap<String, String>,
}

impl Taken {
    fn add_all(&mut self, laptop: &Laptop, folder: &str, record: &Record) -> Result<()> {
        record.attachments().try_for_each(|file| self.add(laptop, folder, file))
    }

    fn add_set(&mut self, laptop: &Laptop, folder: &str, record: &Record, field: &str) -> Result<()> {
        record.items(field).iter().filter_map(Attachment::read).try_for_each(|file| self.add(laptop, folder, file))
    }

    fn add(&mut self, laptop: &Laptop, folder: &str, file: Attachment) -> Result<()> {
        if laptop.store.attachment(&file.sha256)?.is_none_or(|known| !known.here) {
            return Err(Trouble::AttachmentAbsent { name: file.name }.into());
        }
        let name = match safe(&file.name) {
            name if name.is_empty() || name.starts_with('.') => format!("_{name}"),
            name => name,
        };
        let mut path = format!("{folder}/{name}");
        match self.paths.get(&path.to_lowercase()) {
            Some(same) if *same == file.sha256 => return Ok(()),
            Some(_) => path = format!("{folder}/{}-{name}", &file.sha256[..8]),
            None => {}
        }
        if self.paths.insert(path.to_lowercase(), file.sha256.clone()).is_none() {
            self.originals.push(Original { path, file });
        }
        Ok(())
    }
}
