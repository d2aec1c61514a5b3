//! Show: one record, and its attachments.

use domain::RecordId;
use domain::record::Attachment;

use crate::types::{AttachmentView, Shown};
use crate::{Laptop, Result};

impl Laptop {
    /// The record as it is shown.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn show(&self, id: RecordId) -> Result<Shown> {
        self.shown(self.row(id)?)
    }

    /// The files in one set field of a record, with where their bytes are.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn attachments(&self, id: RecordId, field: &str) -> Result<Vec<AttachmentView>> {
        let row = self.row(id)?;
        let mut views = Vec::new();
        for file in row.record.items(field).iter().filter_map(Attachment::read) {
            let known = self.store.attachment(&file.sha256)?;
            views.push(AttachmentView {
                here: known.as_ref().is_some_and(|known| known.here),
                district: known.as_ref().is_some_and(|known| known.district),
                taken: known.and_then(|known| known.taken),
                sha256: file.sha256,
                name: file.name,
                bytes: file.bytes,
            });
        }
        Ok(views)
    }
}
