//! Photos: what is known of pictures, and those of a works by spot and phase.

use std::ops::ControlFlow;

use domain::catalog::FieldType;
use domain::evidence::{Facts, Phase, is_photo_field};
use domain::record::Attachment;
use domain::{Record, RecordId};
use serde::{Deserialize, Serialize};
use store::{Filter, ListQuery, Row};
use ts_rs::TS;

use super::thumbnail::SMALL;
use crate::{Laptop, Result, Trouble};

/// How many pictures are asked for at once.
const BATCH: u32 = 50;

/// The kind whose records hold the pictures of one spot.
pub(crate) const SPOT: &str = "spot";

/// The pictures of a works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WorksPhotos {
    /// The works.
    pub works: RecordId,
    /// Its spots, each with its pictures of before, during and after, to be compared.
    pub spots: Vec<SpotPhotos>,
    /// Pictures that stand for no phase: of the works itself, its progress, its acceptance …
    pub others: Vec<RecordPhotos>,
}

/// The pictures of one spot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SpotPhotos {
    /// The spot.
    pub spot: RecordId,
    /// What it is called.
    pub name: String,
    /// Which way the pictures look.
    pub direction: Option<String>,
    /// 整治前, oldest first.
    pub before: Vec<PhotoView>,
    /// 整治中, oldest first.
    pub during: Vec<PhotoView>,
    /// 整治完成, oldest first.
    pub after: Vec<PhotoView>,
}

/// The pictures of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordPhotos {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Oldest first.
    pub photos: Vec<PhotoView>,
}

/// One picture with what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PhotoView {
    /// Hex SHA-256.
    pub sha256: String,
    /// What its file is called.
    pub name: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether its bytes are on this laptop.
    pub here: bool,
    /// Whether the district has confirmed that it holds them.
    pub district: bool,
    /// What its bytes say; nothing while they are not here.
    pub facts: Option<Facts>,
}

impl Laptop {
    /// What a picture's bytes say; nothing while they are not here.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn photo_facts(&self, sha256: &str) -> Result<Option<Facts>> {
        if let Some(known) = self.store.photo(sha256)? {
            return Ok(Some(known.facts));
        }
        let known = self.store.attachment(sha256)?.filter(|known| known.here);
        let Some(known) = known.filter(|known| known.file.bytes <= photo::LARGEST_FILE) else { return Ok(None) };
        let bytes = self.files.read(sha256).map_err(|error| Trouble::storage(&error))?;
        let facts = photo::facts(&bytes);
        self.store.attachments_are_here(&[(known.file, Some(facts.clone()))], photo::READER)?;
        Ok(Some(facts))
    }

    /// The bytes of an original, as they were when it was kept.
    ///
    /// # Errors
    /// [`Trouble::AttachmentAbsent`] while they are not here.
    pub fn original(&self, sha256: &str) -> Result<Vec<u8>> {
        let known = self.store.attachment(sha256)?.filter(|known| known.here);
        let known = known.ok_or_else(|| Trouble::AttachmentAbsent { name: sha256.to_owned() })?;
        Ok(self.files.read(&known.file.sha256).map_err(|error| Trouble::storage(&error))?)
    }

    /// Looks at every picture that nobody has looked at yet: what its bytes say, and
    /// what it looks like. `progress` hears how many are done and may stop it. How
    /// many there were.
    ///
    /// # Errors
    /// When the database cannot be read or written. A picture that cannot be decoded
    /// is no error: it looks like nothing.
    pub fn look_at_photos(&self, progress: &mut dyn FnMut(u64) -> ControlFlow<()>) -> Result<u64> {
        let mut done = 0;
        loop {
            let due = self.store.photos_due(photo::READER, BATCH)?;
            if due.is_empty() {
                return Ok(done);
            }
            for file in due {
                // One that cannot be read is passed over, or it would be due for ever.
                let small = file.bytes <= photo::LARGEST_FILE;
                let bytes = if small { self.files.read(&file.sha256).unwrap_or_default() } else { Vec::new() };
                let look = photo::look(&bytes, SMALL).ok();
                if let Some(look) = &look {
                    // It is decoded here anyway; where it cannot be kept, it is decoded again.
                    let _ = self.files.keep_small(&file.sha256, &look.thumbnail);
                }
                let likeness = look.and_then(|look| look.likeness);
                self.store.photo_looked(&file.sha256, &photo::facts(&bytes), likeness, photo::READER)?;
                done += 1;
                if progress(done).is_break() {
                    return Ok(done);
                }
            }
        }
    }

    /// The pictures of a works by spot and phase, and those that stand for no phase.
    ///
    /// # Errors
    /// When there is no such works.
    pub fn works_photos(&self, works: RecordId) -> Result<WorksPhotos> {
        let mut photos = WorksPhotos { works, spots: Vec::new(), others: Vec::new() };
        for row in self.photo_rows(works)? {
            let record = &row.record;
            let title = store::title(self.catalog(), record);
            if record.kind == SPOT {
                let [before, during, after] = Phase::ALL.map(|phase| self.photo_views(record, phase.name()));
                photos.spots.push(SpotPhotos {
                    spot: record.id,
                    name: title,
                    direction: record.text("direction").map(str::to_owned),
                    before: before?,
                    during: during?,
                    after: after?,
                });
                continue;
            }
            let kind = self.kind(&record.kind)?;
            let mut views = Vec::new();
            for field in kind.fields.iter().filter(|field| is_photo_field(field)) {
                views.extend(self.photo_views(record, &field.name)?);
            }
            if !views.is_empty() {
                photos.others.push(RecordPhotos { record: record.id, kind: record.kind.clone(), title, photos: views });
            }
        }
        Ok(photos)
    }

    /// The works, and every record of it whose kind has photos.
    pub(crate) fn photo_rows(&self, works: RecordId) -> Result<Vec<Row>> {
        let mut rows = vec![self.row(works)?];
        for kind in self.catalog().kinds.iter().filter(|kind| kind.fields.iter().any(is_photo_field)) {
            let refers = |field: &&domain::catalog::Field| {
                field.field_type == FieldType::Reference && field.to.as_deref() == Some("works")
            };
            for field in kind.fields.iter().filter(refers) {
                let filters = vec![Filter::Field(field.name.clone(), works.to_string().into())];
                let query = ListQuery { kind, filters, sort: None, limit: u32::MAX, offset: 0 };
                let mut found = self.store.list(&query)?.1;
                found.reverse(); // Oldest first.
                rows.extend(found);
            }
        }
        Ok(rows)
    }

    fn photo_views(&self, record: &Record, field: &str) -> Result<Vec<PhotoView>> {
        let mut views = Vec::new();
        for file in record.items(field).iter().filter_map(Attachment::read) {
            let known = self.store.attachment(&file.sha256)?;
            views.push(PhotoView {
                here: known.as_ref().is_some_and(|known| known.here),
                district: known.as_ref().is_some_and(|known| known.district),
                facts: self.photo_facts(&file.sha256)?,
                sha256: file.sha256,
                name: file.name,
                bytes: file.bytes,
            });
        }
        let taken = |view: &PhotoView| view.facts.as_ref().and_then(|facts| facts.taken.clone());
        views.sort_by_cached_key(|view| (taken(view).is_none(), taken(view), view.name.clone()));
        Ok(views)
    }
}
