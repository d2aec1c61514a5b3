//! Letting go of what belongs to nobody: uploads that nobody finished, and files
//! that nothing names.
//!
//! A name that a scope once gave a file stays for ever, for the history of its
//! records still shows it; so a file that was ever named is never let go. What is
//! left is what the store holds and the database does not know: of a server that
//! was killed between the two, or of a database that was restored from a backup.
//! Such a file waits for [`GRACE`] from the day on which this was first seen: the
//! laptops have until then to name it again, and need not send it again.
//!
//! A file is let go inside the transaction that looks a last time whether anybody
//! sends or names it, and an upload begins in a transaction that holds the same
//! lock: so none that is being received can lose its bytes to this.

use std::sync::Arc;

use chrono::{DateTime, Days, SecondsFormat, Utc};
use futures_util::StreamExt;
use serde::Serialize;

use crate::apart;
use crate::attachments::Found;
use crate::database::{Lock, attachment, attachment_name, orphan, upload};
use crate::district::District;
use crate::error::Result;
use crate::uploads::sweep;

/// For so many days a file that is nobody's stays.
const GRACE: Days = Days::new(30);

/// For so many days bytes stay that belong to no upload: the server that wrote
/// them may be about to count them.
const STRAY: Days = Days::new(1);

/// What a collection did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// Uploads that nobody went on with.
    pub uploads: u64,
    /// Files that were nobody's, and are gone.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are nobody's, and wait.
    pub waiting: u64,
    /// Files that the database did not know though a record names them, and knows now.
    pub found: u64,
}

/// What is to become of a file that the database does not know.
enum Fate {
    /// It is known, or on its way.
    Stays,
    /// A record names it.
    Named,
    /// It is nobody's.
    Waits,
    /// It was nobody's for long enough, and is gone.
    Gone,
}

impl District {
    /// Lets go of what belongs to nobody; `now` is the clock by which it waited.
    ///
    /// # Errors
    /// Those of the database and of the store; what was done until then stays done.
    pub async fn collect(self: &Arc<Self>, now: DateTime<Utc>) -> Result<Collected> {
        let mut collected = Collected::default();
        let (inside, at) = (Arc::clone(self), text(now));
        let ended = apart(move || inside.database.write(|tx| upload::end_expired(tx, &at))).await?;
        for id in ended {
            sweep(self, id).await;
            collected.uploads += 1;
        }
        for (id, newest) in self.attachments.uploads().await? {
            let (inside, name) = (Arc::clone(self), id.clone());
            let stray =
                newest < now - STRAY && !apart(move || inside.database.read(|tx| upload::exists(tx, &name))).await?;
            if stray {
                self.attachments.drop_upload(&id).await?;
                collected.uploads += 1;
            }
        }
        self.attachments.sweep_halves(now - STRAY).await?;
        let mut files = self.attachments.files();
        while let Some(file) = files.next().await {
            let file = file?;
            let (sha256, bytes) = (file.sha256.clone(), file.bytes);
            match self.fate(file, now).await? {
                Fate::Stays => {}
                Fate::Waits => collected.waiting += 1,
                Fate::Gone => {
                    collected.files += 1;
                    collected.bytes += bytes;
                    tracing::info!(sha256, bytes, "a file that nothing names is let go");
                }
                Fate::Named => collected.found += u64::from(self.take_in(&sha256, bytes).await?),
            }
        }
        Ok(collected)
    }

    async fn fate(self: &Arc<Self>, file: Found, now: DateTime<Utc>) -> Result<Fate> {
        let inside = Arc::clone(self);
        let store = tokio::runtime::Handle::current();
        apart(move || {
            let name = &file.sha256;
            if inside.database.read(|tx| attachment::is_held(tx, name))? {
                return Ok(Fate::Stays); // As nearly all are: no reason to lock anything.
            }
            inside.database.write(|tx| {
                tx.lock(Lock::File(name))?;
                if attachment::is_held(tx, name)? || upload::is_coming(tx, name)? {
                    orphan::forget(tx, name)?;
                    return Ok(Fate::Stays);
                }
                if !attachment_name::scopes(tx, name)?.is_empty() {
                    return Ok(Fate::Named);
                }
                let since = orphan::note(tx, name, &text(now))?;
                if since > text(now - GRACE) || file.modified > now - GRACE {
                    return Ok(Fate::Waits);
                }
                store.block_on(inside.attachments.drop_file(name))?;
                orphan::forget(tx, name)?;
                Ok(Fate::Gone)
            })
        })
        .await
    }

    /// Takes a file in that lies in the store already, if its bytes are right.
    pub(crate) async fn take_in(self: &Arc<Self>, sha256: &str, bytes: u64) -> Result<bool> {
        if !self.attachments.is_right(sha256).await? {
            tracing::error!(sha256, "a file in the store does not hold what its name says; it is not counted");
            return Ok(false);
        }
        let (inside, name) = (Arc::clone(self), sha256.to_owned());
        let store = tokio::runtime::Handle::current();
        let write = move || {
            inside.database.write(|tx| {
                tx.lock(Lock::File(&name))?;
                // A collection may have let it go before a record named it.
                if store.block_on(inside.attachments.length(&name))?.is_none() {
                    return Ok(false);
                }
                orphan::forget(tx, &name)?;
                inside.ledger(tx).arrived(&name, bytes)?;
                Ok(true)
            })
        };
        apart(write).await
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
