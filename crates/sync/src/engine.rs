//! One exchange with the district over the line: turns, then attachments.
//!
//! Every step leaves the store whole, so an exchange may break off anywhere and
//! the next one goes on from there. Records go before files, small files before
//! large ones: what people read first arrives first.

use std::sync::Arc;

use domain::Scope;
use ed25519_dalek::{SigningKey, VerifyingKey};
use store::Store;
use tokio::task::JoinHandle;

use crate::files::{Able, Files, Pace, Terms, Transfer};
use crate::http::{self, District};
use crate::turn::{self, Heard, Speaker};
use crate::wire::{Answer, CatalogFile, Message};

/// After so many turns in which nothing came although there is more, it is not
/// the line that is to blame.
const QUIET: u32 = 3;

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
    /// To whom the district encrypts bundles for this laptop.
    pub recipient: &'a str,
    /// The laptop's wall time (RFC 3339).
    pub now: &'a (dyn Fn() -> String + Sync),
    /// A number that none of this laptop's lives has had.
    pub life: &'a (dyn Fn() -> u32 + Sync),
    /// How its person wants files to move.
    pub terms: Terms,
    /// Asked between two pieces of a file: whether its person wants no more of them now.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// What an exchange did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Receipts that came.
    pub pushed: u64,
    /// Log entries applied.
    pub pulled: u64,
    /// Records that a first fill brought.
    pub filled: u64,
    /// Older entries that followed it.
    pub past: u64,
    /// Scopes that were withdrawn and are gone from here.
    pub purged: Vec<Scope>,
    /// Entries given back to a district that had lost them.
    pub returned: u64,
    /// Whether this laptop turned out to have been restored from a backup.
    pub reborn: bool,
    /// The district's wall time (RFC 3339), and this laptop's when it heard it.
    pub clocks: Option<(String, String)>,
    /// To whom bundles for the district are encrypted.
    pub recipient: String,
    /// Receipts by verdict: accepted, merged, conflict, refused, waiting.
    pub verdicts: [u64; 5],
    /// Files that the district took.
    pub sent: u64,
    /// Files that came in.
    pub received: u64,
    /// The district's catalog, by its digest.
    pub catalog: String,
    /// The district's own catalog files, where it has brought them.
    pub overlay: Option<Vec<CatalogFile>>,
    /// The role that the district now gives this laptop's person.
    pub role: String,
}

impl Report {
    pub(crate) fn take(&mut self, answer: &Answer, heard: &Heard) {
        self.pushed += heard.verdicts.iter().sum::<u64>();
        self.pulled += heard.entries;
        self.filled += heard.filled;
        self.past += heard.past;
        self.returned += heard.lost;
        self.reborn |= heard.reborn;
        self.purged.extend(heard.purged.iter().cloned());
        for (sum, count) in self.verdicts.iter_mut().zip(heard.verdicts) {
            *sum += count;
        }
        if heard.current {
            self.catalog.clone_from(&answer.catalog);
            if heard.overlay.is_some() {
                self.overlay.clone_from(&heard.overlay);
            }
            self.role.clone_from(&answer.role);
            if !answer.recipient.is_empty() {
                self.recipient.clone_from(&answer.recipient);
            }
        }
    }
}

/// What an exchange is doing, for a bar on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Changes sent, of all that were to be sent at the start.
    Pushing(u64, u64),
    /// Log entries and records that came in, of all that are known to come: of a
    /// first fill nobody knows.
    Pulling(u64, u64),
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
    /// What the district said does not hold.
    #[error(transparent)]
    Turn(#[from] turn::Error),
}

/// A message that is on its way, or heard already.
struct Said {
    message: Arc<Message>,
    answer: JoinHandle<Result<Answer, http::Error>>,
}

impl Exchange<'_> {
    /// Pushes what is pending, pulls what is new, moves files.
    ///
    /// # Errors
    /// Why it broke off; `report` holds what was done until then.
    pub async fn run(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        self.turns(report, progress).await?;
        if report.returned > 0 {
            self.store.attachments_in_doubt()?; // What lost records may have lost files.
        }
        if !self.terms.files {
            return Ok(());
        }
        let mut transfer = self.transfer();
        let unsent = transfer.send(report, progress).await?;
        let unfetched = transfer.fetch(report, progress).await?;
        if report.sent > 0 {
            self.turns(report, progress).await?; // A file may have released what waited for it.
        }
        unsent.or(unfetched).map_or(Ok(()), Err)
    }

    /// Says what there is to say and takes what is new, turn by turn, until both
    /// sides know the same.
    async fn turns(&mut self, report: &mut Report, progress: &mut (dyn FnMut(Step) + Send)) -> Result<(), Error> {
        let total = self.store.pending_counts()?.0;
        let (mut quiet, mut ahead) = (0, None);
        loop {
            let at = (self.now)();
            let speaker = Speaker { district: self.district_key, recipient: self.recipient, at: &at };
            let Said { message, answer } = match ahead.take() {
                Some(said) => said,
                None => {
                    let message = turn::compose(self.store, &speaker)?;
                    self.say(message)
                }
            };
            let next = turn::to_follow(self.store, &message)?;
            let answer = answer.await.unwrap_or_else(|gone| Err(http::Error::Broken(gone.to_string())));
            if let Err(http::Error::Broken(_)) = answer {
                turn::went_out(self.store, &message)?;
                turn::line_broke(self.store)?;
            }
            let answer = answer?;
            turn::line_held(self.store)?;
            let next = turn::compose_ahead(self.store, &speaker, &message, &answer, next)?;
            ahead = next.map(|next| self.say(next));
            let heard = turn::absorb(self.store, self.district_key, &answer, (self.life)());
            if let (Err(_), Some(next)) = (&heard, &ahead) {
                turn::went_out(self.store, &next.message)?;
            }
            if !matches!(&heard, Ok(heard) if heard.reborn) {
                // What was answered has left the outbox, mostly, and need not be shown
                // on its way for a moment. A new life has other numbers.
                turn::went_out(self.store, &message)?;
            }
            let heard = heard?;
            report.take(&answer, &heard);
            report.clocks = Some((answer.at.clone(), (self.now)()));
            if heard.verdicts.iter().any(|count| *count > 0) {
                progress(Step::Pushing(report.pushed, total));
            }
            if heard.entries + heard.filled + heard.past > 0 {
                let came = report.pulled + report.filled + report.past;
                progress(Step::Pulling(came, came + self.to_come(&answer)?));
            }
            if !heard.more {
                return Ok(());
            }
            quiet = if heard.is_news() { 0 } else { quiet + 1 };
            if quiet >= QUIET {
                return Err(http::Error::Unreadable("there is more, and nothing comes".to_owned()).into());
            }
        }
    }

    /// How many entries the logs have by the district's word and this laptop has not.
    fn to_come(&self, answer: &Answer) -> Result<u64, store::Error> {
        let head = |scope: &Scope| answer.scopes.iter().find(|news| news.scope == *scope).map_or(0, |news| news.head);
        let rows = self.store.scopes()?.into_iter().filter(|row| row.fill.is_none());
        Ok(rows.map(|row| head(&row.scope).saturating_sub(row.seq)).sum())
    }

    /// Says a message while the store is free for something else.
    fn say(&self, message: Message) -> Said {
        let (district, key, district_key) = (self.district.clone(), self.key.clone(), *self.district_key);
        let message = Arc::new(message);
        let said = Arc::clone(&message);
        let answer = tokio::spawn(async move { district.exchange(&key, &district_key, &said).await });
        Said { message, answer }
    }

    fn transfer(&mut self) -> Transfer<'_> {
        let pace = Pace::new(self.terms.bytes_per_second);
        let Self { files, district, stop, now, .. } = *self;
        Transfer { store: self.store, files, district, stop, now, pace, able: Able::default() }
    }
}
