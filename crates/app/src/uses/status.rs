//! Status: where this laptop stands with its district.

use crate::laptop::{CLOCK_SKEW, LAST_CONTACT};
use crate::types::{AttachmentsDue, ScopeStatus, Status};
use crate::{Laptop, Result};

impl Laptop {
    /// What is waiting, what is in doubt, and when the district last answered.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn status(&self) -> Result<Status> {
        let (pending, sending) = self.store.pending_counts()?;
        let due = self.store.attachments_to_send()?;
        let conflicts: usize = self.store.in_conflict()?.iter().map(|row| row.record.conflicts.len()).sum();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let scopes = self.store.scopes()?.into_iter();
        Ok(Status {
            scopes: scopes.map(|row| ScopeStatus { scope: row.scope.to_string(), seq: row.seq }).collect(),
            pending,
            sending,
            conflicts: count(conflicts),
            refused: count(self.store.refused()?.len()),
            attachments: AttachmentsDue { files: count(due.len()), bytes: due.iter().map(|row| row.file.bytes).sum() },
            last_contact: self.store.meta(LAST_CONTACT)?,
            paused: self.is_paused()?,
            clock_skew: self.store.meta(CLOCK_SKEW)?.and_then(|text| text.parse().ok()),
            person: self.identity.person.clone(),
            role: self.identity.role.clone(),
            letter: self.identity.letter.clone(),
            district: self.identity.address.clone(),
        })
    }
}
