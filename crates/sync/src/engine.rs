//! One exchange with the district: push, pull, attachments.
//!
//! Every step leaves the store whole, so an exchange may break off anywhere and
//! the next one goes on from there. Records go before files, small files before
//! large ones: what people read first arrives first.

use domain::Verdict;
use domain::record::Attachment;
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use store::{Receipt, Store};

use crate::http::{self, District};
use crate::plan;
use crate::wire::{self, Hello, PAGE, Push, WireError};

/// The laptop's side of an exchange.
pub struct Exchange<'a> {
    /// The laptop's records.
    pub store: &'a mut Store,
    /// Its files.
    pub files: &'a (dyn Files + Sync),
    /// The district.
    pub district: &'a District,
    /// Signs what is pushed.
    pub key: &'a SigningKey,
    /// Whose signature counts on what is pulled.
    pub district_key: &'a VerifyingKey,
}

/// The original files beside the laptop's database.
pub trait Files {
    /// The bytes of a file that is here.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, sha256: &str) -> std::io::Result<Vec<u8>>;

    /// Keeps a file that came in; its hash was checked.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep(&self, file: &Attachment, bytes: &[u8]) -> std::io::Result<()>;
}

/// What an exchange did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Receipts that came.
    pub pushed: u64,
    /// Log entries applied.
    pub pulled: u64,
    /// Receipts by verdict: accepted, merged, conflict, refused, waiting.
    pub verdicts: [u64; 5],
    /// Files that the district took.
    pub sent: u64,
    /// Files that came in.
    pub received: u64,
    /// The district's catalog, by its digest.
    pub catalog: String,
    /// The role that the district now gives this laptop's person.
    pub role: String,
}

/// What an exchange is doing, for a bar on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Changes sent, of all that were to be sent at the start.
    Pushing(u64, u64),
    /// Log entries applied.
    Pulling(u64),
    /// Bytes of files sent, of all to be sent.
    Sending(u64, u64),
    /// Bytes of files that came in, of all to come.
    Receiving(u64, u64),
}

/// Why an exchange broke off. What was done until then stays done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The line or the district.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// The laptop's database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The laptop's files.
    #[error("a file could not be read or written: {0}")]
    File(#[from] std::io::Error),
    /// The district has lost entries that this laptop has seen.
    #[error("the district's log of {scope} ends before what this laptop has seen")]
    DistrictBehind {
        /// Whose log.
        scope: String,
    },
}

impl Exchange<'_> {
    /// Pushes what is pending, pulls what is new, moves files.
    ///
    /// # Errors
    /// Why it broke off; `report` holds what was done until then.
    pub async fn run(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        let hello = self.greet().await?;
        report.catalog.clone_from(&hello.catalog);
        report.role.clone_from(&hello.role);
        self.push(report, progress).await?;
        self.pull(report, progress).await?;
        self.send_files(report, progress).await?;
        self.fetch_files(report, progress).await?;
        if report.sent > 0 {
            self.pull(report, progress).await?; // A file may have released what waited for it.
        }
        Ok(())
    }

    async fn greet(&mut self) -> Result<Hello, Error> {
        let hello = self.district.hello().await?;
        if hello.version != wire::VERSION {
            let (district, laptop) = (hello.version.to_string(), wire::VERSION.to_string());
            return Err(http::Error::Refused(WireError::VersionMismatch { district, laptop }).into());
        }
        if let Some(scope) = plan::behind(&self.store.scopes()?, &hello.heads).into_iter().next() {
            return Err(Error::DistrictBehind { scope: scope.to_string() });
        }
        for head in &hello.heads {
            self.store.hold_scope(&head.scope)?;
        }
        Ok(hello)
    }

    async fn push(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        let total = self.store.pending_counts()?.0;
        let writer = self.store.writer()?;
        loop {
            let changes = self.store.to_send(PAGE)?;
            if changes.is_empty() {
                return Ok(());
            }
            self.store.mark_sent(&changes)?;
            let asked = changes.len();
            let reply = self.district.push(self.key, self.district_key, &Push { writer, changes }).await?;
            let mut receipts = Vec::with_capacity(reply.receipts.len());
            for receipt in &reply.receipts {
                let outside = match (&receipt.verdict, receipt.seq) {
                    (Verdict::Refused { refusal }, None) => Some(refusal.clone()),
                    _ => None,
                };
                receipts.push(Receipt { counter: receipt.counter, change: receipt.change, refused_outside: outside });
                report.verdicts[place(&receipt.verdict)] += 1;
                report.pushed += 1;
            }
            self.store.take_receipts(&receipts)?;
            progress(Step::Pushing(report.pushed, total));
            if reply.receipts.len() < asked {
                return Err(http::Error::Unreadable("fewer receipts than changes".to_owned()).into());
            }
        }
    }

    async fn pull(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        let heads = self.district.hello().await?.heads;
        for pull in plan::pulls(&self.store.scopes()?, &heads) {
            let mut after = pull.after;
            loop {
                let page = self.district.log(self.district_key, &pull.scope, after).await?;
                if page.entries.is_empty() {
                    break;
                }
                let received = self.store.apply(&pull.scope, &page.entries)?;
                report.pulled += received.entries;
                after = received.seq;
                progress(Step::Pulling(report.pulled));
                if after >= page.head {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn send_files(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        let due = self.store.attachments_to_send()?;
        let total: u64 = due.iter().map(|row| row.file.bytes).sum();
        let mut done = 0;
        for row in due {
            let sha256 = &row.file.sha256;
            if !self.district.holds(sha256).await? {
                match self.district.put_attachment(sha256, self.files.read(sha256)?).await {
                    Ok(()) => report.sent += 1,
                    // Its record was refused, or was never sent: the file waits here with its draft.
                    Err(http::Error::Refused(WireError::AttachmentUnknown { .. })) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            self.store.attachment_is_at_district(sha256)?;
            done += row.file.bytes;
            progress(Step::Sending(done, total));
        }
        Ok(())
    }

    async fn fetch_files(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        let due = self.store.attachments_to_fetch()?;
        let total: u64 = due.iter().map(|row| row.file.bytes).sum();
        let mut done = 0;
        for row in due {
            let bytes = match self.district.attachment(&row.file.sha256).await {
                Ok(bytes) => bytes,
                // The laptop that took the picture has not sent it yet.
                Err(http::Error::Refused(WireError::AttachmentUnknown { .. })) => continue,
                Err(error) => return Err(error.into()),
            };
            if hex::encode(Sha256::digest(&bytes)) != row.file.sha256 {
                tracing::warn!(sha256 = row.file.sha256, "the district sent other bytes than asked for");
                return Err(http::Error::Refused(WireError::AttachmentDamaged { sha256: row.file.sha256 }).into());
            }
            self.files.keep(&row.file, &bytes)?;
            self.store.attachment_is_here(&row.file, None)?;
            self.store.attachment_is_at_district(&row.file.sha256)?;
            report.received += 1;
            done += row.file.bytes;
            progress(Step::Receiving(done, total));
        }
        Ok(())
    }
}

fn place(verdict: &Verdict) -> usize {
    match verdict {
        Verdict::Accepted => 0,
        Verdict::Merged => 1,
        Verdict::Conflict { .. } => 2,
        Verdict::Refused { .. } => 3,
        Verdict::Waiting { .. } => 4,
    }
}
