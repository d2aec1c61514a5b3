//! The laptop's side of a bundle: what it writes on a stick, and what it makes of
//! the district's reply.
//!
//! It is the same conversation as over the line: messages out, answers in, and
//! everything may come twice, late or never. What is different is that nobody
//! answers at once. So the laptop writes everything that it has to say, notes which
//! bytes of files went into which bundle, and does not carry them a second time
//! until it hears what the district has, or is told to carry all once more.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use store::{Run, Standing, Store};
use uuid::Uuid;

use crate::bundle::{
    BundleError, Chunk, Has, Header, Item, Offer, Outgoing, Party, Preface, Sealed, Sealing, Terms, Want, Written,
    beside,
};
use crate::engine::Report;
use crate::files::Files;
use crate::keys::{bundle_identity, bundle_recipient};
use crate::turn::{self, Speaker, absorb, compose_from};
use crate::wire::{Answer, PAGE, WireError, open, seal};

/// The laptop, before a stick.
pub struct Stick<'a> {
    /// Its records.
    pub store: &'a mut Store,
    /// Its files.
    pub files: &'a dyn Files,
    /// Signs what it writes, and opens what it reads.
    pub key: &'a SigningKey,
    /// Whose signature counts on what it reads.
    pub district_key: &'a VerifyingKey,
    /// The laptop's wall time (RFC 3339).
    pub now: &'a dyn Fn() -> String,
    /// A number that none of this laptop's lives has had.
    pub life: &'a dyn Fn() -> u32,
}

/// How a person wants a bundle to be.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// How large it may become.
    pub terms: Terms,
    /// Whether files go with it.
    pub files: bool,
    /// Whether those go once more that went before.
    pub again: bool,
}

/// Told the bytes done, of all; says whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// How much of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Files.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    /// The bundle's name.
    pub bundle: Uuid,
    /// Its parts.
    pub parts: Vec<Written>,
    /// Changes in it.
    pub changes: u64,
    /// Changes that did not fit.
    pub changes_left: u64,
    /// Files in it, whole or in part.
    pub carried: Amount,
    /// Files of which something stays for the next stick.
    pub left: Amount,
    /// Files that went with earlier sticks, and of which nothing was heard yet.
    pub under_way: u64,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// When the district wrote it, by its clock.
    pub at: String,
    /// Parts read.
    pub parts: u64,
    /// Files beside it that are parts of another bundle.
    pub passed_over: u64,
    /// Files that the district says to hold now.
    pub at_district: u64,
    /// Files that came in whole.
    pub received: Amount,
    /// Whether the district has more to say than the bundle holds.
    pub more: bool,
    /// What was wrong with a part, if something was: all else was taken.
    pub wrong: Option<Error>,
}

/// Why a bundle was not written or read. What was taken until then stays taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// It is another district's.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// What the district said does not hold.
    #[error(transparent)]
    Turn(#[from] turn::Error),
    /// The laptop's database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The laptop's files.
    #[error("a file could not be read or written: {0}")]
    File(std::io::Error),
}

impl Stick<'_> {
    /// Writes what there is to say, and files, for the district with this recipient.
    ///
    /// # Errors
    /// [`Error`]; then nothing of it is on the stick, and counts as sent.
    pub fn write(
        &mut self,
        file: &Path,
        recipient: &str,
        wishes: &Wishes,
        progress: Progress<'_>,
    ) -> Result<Packed, Error> {
        let bundle = Uuid::now_v7();
        let said = self.talk(&wishes.terms)?;
        let due = self.store.attachments_to_send()?;
        let mut wants = Vec::new();
        for row in self.store.attachments_to_fetch()? {
            let came = self.files.came(&row.file.sha256).map_err(Error::File)?;
            wants.push(Want { sha256: row.file.sha256, came });
        }
        let offers = due.iter().map(|row| Offer { sha256: row.file.sha256.clone(), bytes: row.file.bytes }).collect();
        let from = self.store.writer()?.device;
        let header = Header {
            bundle,
            part: 1,
            at: (self.now)(),
            from: Party::Laptop(from),
            to: Party::District(hex::encode(self.district_key.as_bytes())),
        };
        let preface = Preface { header, answers: None, turn: None, offers, wants, stands: Vec::new(), admission: None };
        let carried = if wishes.again { std::collections::BTreeMap::new() } else { self.store.carried()? };
        let sealing = Sealing { key: self.key, signer: from, recipient };
        let mut outgoing = Outgoing::begin(file, wishes.terms, sealing, preface, said.envelopes)?;

        let mut packed = Packed { bundle, changes: said.changes, ..Packed::default() };
        let mut noted: Vec<(String, Run)> = Vec::new();
        let runs = |sha256: &str, bytes| rest(bytes, carried.get(sha256).map_or(&[], Vec::as_slice));
        let total = due.iter().flat_map(|row| runs(&row.file.sha256, row.file.bytes)).map(|run| run.1 - run.0).sum();
        for row in &due {
            let (sha256, bytes) = (&row.file.sha256, row.file.bytes);
            let runs = runs(sha256, bytes);
            if runs.is_empty() {
                packed.under_way += 1;
                continue;
            }
            let mut left: u64 = runs.iter().map(|run| run.1 - run.0).sum();
            let mut went = false;
            for run in runs {
                if !wishes.files || outgoing.is_full() {
                    break;
                }
                let mut source = None;
                let mut read = |at, length| piece(&mut source, self.files, sha256, at, length);
                let mut step = |done| progress(done, total);
                let to = match outgoing.carry(sha256, run, bytes, &mut read, &mut step) {
                    Err(BundleError::BundleUnreadable { reason, .. }) => {
                        tracing::warn!(sha256, reason, "a file that should be here cannot be read");
                        break;
                    }
                    to => to?,
                };
                if to > run.0 || bytes == 0 {
                    noted.push((sha256.clone(), (run.0, to)));
                    packed.carried.bytes += to - run.0;
                    (left, went) = (left - (to - run.0), true);
                }
            }
            packed.carried.files += u64::from(went);
            if left > 0 || !went {
                packed.left.files += 1;
                packed.left.bytes += left;
            }
        }
        packed.parts = outgoing.finish()?;
        if let Some((first, last)) = said.counters {
            self.store.mark_sent_between(first, last)?;
        }
        if wishes.again {
            self.store.forget_carried()?;
        }
        self.store.note_carried(bundle, &noted)?;
        packed.changes_left = self.store.pending_counts()?.0.saturating_sub(packed.changes);
        Ok(packed)
    }

    /// Everything there is to say, in envelopes, as far as it fits.
    fn talk(&mut self, terms: &Terms) -> Result<Talk, Error> {
        let (at, recipient) = ((self.now)(), bundle_recipient(self.key));
        let speaker = Speaker { district: self.district_key, recipient: &recipient, at: &at };
        let room = usize::try_from(Outgoing::talk_room(terms)).unwrap_or(usize::MAX);
        let (mut talk, mut bytes, mut next) = (Talk::default(), 0, 0);
        loop {
            let mut message = compose_from(self.store, &speaker, next, PAGE)?;
            message.catalog = self.store.indexed_by()?; // A stick is slow: it need not be asked for first.
            let envelope = seal(self.key, message.writer.device, &message);
            let last = envelope.len();
            bytes += last;
            talk.envelopes.push(envelope);
            talk.changes += u64::try_from(message.changes.len()).unwrap_or(u64::MAX);
            let (Some(first), Some(end)) = (message.changes.first(), message.changes.last()) else { break };
            talk.counters = Some((talk.counters.map_or(first.counter, |(from, _)| from), end.counter));
            next = end.counter + 1;
            // A message once composed has to be said, or its answer would never be the last.
            let more = message.changes.len() == PAGE && !self.store.to_send_from(next, 1)?.is_empty();
            if !more || bytes + last > room {
                break;
            }
        }
        Ok(talk)
    }

    /// Reads a reply of the district, with all its parts that lie beside it. What
    /// is wrong with one part holds up no other.
    ///
    /// # Errors
    /// [`Error`], when nothing of it could be heard, or a person wants no more.
    pub fn read(&mut self, file: &Path, report: &mut Report, progress: Progress<'_>) -> Result<Unpacked, Error> {
        let parts = beside(file)?;
        let length = |part: &std::path::PathBuf| std::fs::metadata(part).map_or(0, |meta| meta.len());
        let total = parts.iter().map(length).sum();
        let mut reading = Reading { heard: BTreeSet::new(), bundle: None, unpacked: Unpacked::default(), done: 0 };
        let mut wrong: Option<Error> = None;
        for part in parts {
            let done = reading.done + length(&part);
            match self.read_part(&part, &mut reading, report, &mut |at| progress(at, total)) {
                Ok(()) => {}
                Err(error @ Error::Bundle(BundleError::Cancelled)) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, part = %part.display(), "a part of a bundle was refused");
                    wrong.get_or_insert(error);
                }
            }
            reading.done = done;
        }
        match wrong {
            Some(error) if reading.heard.is_empty() => Err(error),
            wrong => Ok(Unpacked { wrong, ..reading.unpacked }),
        }
    }

    fn read_part(
        &mut self,
        part: &Path,
        reading: &mut Reading,
        report: &mut Report,
        step: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let fault = |fault| BundleError::of(part, fault);
        let sealed = Sealed::read(File::open(part).map_err(|error| fault(error.into()))?).map_err(fault)?;
        let header = sealed.header().clone();
        let own = self.store.writer()?.device;
        match (&header.to, &header.from) {
            (Party::Laptop(device), _) if *device != own => return Err(turn::Error::Misdirected(*device).into()),
            (Party::District(_), _) => return Err(BundleError::meant_for(part, &header).into()),
            (_, Party::District(key)) if *key == hex::encode(self.district_key.as_bytes()) => {}
            (_, from) => return Err(WireError::OtherDistrict { district: from.short() }.into()),
        }
        if *reading.bundle.get_or_insert(header.bundle) != header.bundle {
            reading.unpacked.passed_over += 1;
            return Ok(());
        }
        let mut reader = sealed.open(&bundle_identity(self.key), *self.district_key).map_err(fault)?;
        reading.unpacked.at = header.at;
        let (mut done, mut talked) = (reading.done, false);
        while let Some(item) = reader.next_item().map_err(fault)? {
            match item {
                Item::Envelope(envelope) => {
                    done += envelope.len() as u64;
                    if reading.heard.insert(Sha256::digest(&envelope).into()) {
                        let damaged = |_| fault(crate::bundle::Fault::Damaged("an answer in it"));
                        let answer: Answer = open(self.district_key, &envelope).map_err(damaged)?;
                        let heard = absorb(self.store, self.district_key, &answer, (self.life)())?;
                        report.take(&answer, &heard);
                        reading.unpacked.more = answer.more;
                        if heard.lost > 0 {
                            self.store.attachments_in_doubt()?;
                        }
                    }
                }
                Item::Chunk(chunk) => {
                    if !talked {
                        self.stands(reader.preface(), reading)?;
                        talked = true;
                    }
                    done += chunk.bytes.len() as u64;
                    self.take(&chunk, reading)?;
                }
            }
            if step(done).is_break() {
                return Err(BundleError::Cancelled.into());
            }
        }
        if !talked {
            self.stands(reader.preface(), reading)?;
        }
        reading.unpacked.parts += 1;
        Ok(())
    }

    /// Takes the district's word on the files that were offered to it.
    fn stands(&mut self, preface: &Preface, reading: &mut Reading) -> Result<(), Error> {
        let (Some(bundle), Some(turn)) = (preface.answers, preface.turn) else { return Ok(()) };
        if turn::is_in_doubt(self.store, turn)? {
            return Ok(());
        }
        let (mut standings, mut unnamed) = (Vec::new(), Vec::new());
        for stand in &preface.stands {
            match &stand.has {
                Has::All => {
                    let news = self.store.attachment(&stand.sha256)?.is_some_and(|row| !row.district);
                    reading.unpacked.at_district += u64::from(news);
                    standings.push((stand.sha256.clone(), Standing::Whole));
                }
                Has::Some(runs) => standings.push((stand.sha256.clone(), Standing::Runs(runs.clone()))),
                Has::Unnamed => unnamed.push(stand.sha256.clone()),
            }
        }
        self.store.take_standings(bundle, &standings)?;
        if !unnamed.is_empty() {
            self.store.attachments_unknown(&unnamed, &(self.now)())?;
        }
        Ok(())
    }

    /// Takes a piece of a file that records here name and that is not here yet.
    fn take(&mut self, chunk: &Chunk, reading: &mut Reading) -> Result<(), Error> {
        let Chunk { sha256, start, total, bytes } = chunk;
        let Some(row) = self.store.attachment(sha256)? else { return Ok(()) };
        if row.here || row.file.bytes != *total {
            return Ok(());
        }
        let end = start + bytes.len() as u64;
        let whole = if *start == 0 && end == *total {
            if hex::encode(Sha256::digest(bytes)) != *sha256 {
                return Err(WireError::AttachmentDamaged { sha256: sha256.clone() }.into());
            }
            self.files.keep(&row.file, bytes).and_then(|()| self.files.forget(sha256)).map_err(Error::File)?;
            true
        } else {
            let came = self.files.came(sha256).map_err(Error::File)?;
            if end <= came {
                return Ok(());
            }
            // One that comes before its predecessor lies there until that has come.
            let at = came.clamp(*start, end);
            let news = usize::try_from(at - start).unwrap_or(usize::MAX);
            self.files.add(sha256, at, &bytes[news..]).map_err(Error::File)?;
            let came = self.files.came(sha256).map_err(Error::File)?;
            if came == *total && !self.files.complete(&row.file).map_err(Error::File)? {
                return Err(WireError::AttachmentDamaged { sha256: sha256.clone() }.into());
            }
            came == *total
        };
        if whole {
            self.store.attachment_is_here(&row.file, None)?;
            self.store.attachment_is_at_district(sha256)?;
            reading.unpacked.received.files += 1;
            reading.unpacked.received.bytes += total;
        }
        Ok(())
    }
}

/// What is said in a bundle.
#[derive(Default)]
struct Talk {
    envelopes: Vec<Vec<u8>>,
    changes: u64,
    /// The first and the last counter of the changes in them.
    counters: Option<(u64, u64)>,
}

/// A bundle being read.
struct Reading {
    /// Envelopes that were heard, by their hash: each part repeats them.
    heard: BTreeSet<[u8; 32]>,
    bundle: Option<Uuid>,
    unpacked: Unpacked,
    done: u64,
}

/// What is left of a file of `total` bytes beside `runs`, which are in order.
fn rest(total: u64, runs: &[Run]) -> Vec<Run> {
    if total == 0 {
        return if runs.is_empty() { vec![(0, 0)] } else { Vec::new() };
    }
    let (mut rest, mut at) = (Vec::new(), 0);
    for &(start, stop) in runs {
        if start > at {
            rest.push((at, start.min(total)));
        }
        at = at.max(stop);
    }
    if at < total {
        rest.push((at, total));
    }
    rest
}

/// `length` bytes of a file from `at` on.
fn piece(
    source: &mut Option<Box<dyn crate::files::Source>>,
    files: &dyn Files,
    sha256: &str,
    at: u64,
    length: usize,
) -> std::io::Result<Vec<u8>> {
    let source = match source {
        Some(source) => source,
        None => source.insert(files.source(sha256)?),
    };
    source.seek(SeekFrom::Start(at))?;
    let mut bytes = vec![0; length];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_file_is_what_no_stick_has_carried() {
        assert_eq!(rest(10, &[]), [(0, 10)]);
        assert_eq!(rest(10, &[(0, 4)]), [(4, 10)]);
        assert_eq!(rest(10, &[(2, 4), (4, 6), (9, 10)]), [(0, 2), (6, 9)]);
        assert_eq!(rest(10, &[(0, 10)]), [], "nothing");
        assert_eq!(rest(0, &[]), [(0, 0)], "an empty file is carried once as well");
        assert_eq!(rest(0, &[(0, 0)]), []);
    }
}
