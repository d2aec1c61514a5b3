//! The district's side of one turn: takes what a laptop says, and says what is
//! new. The same for HTTPS and for sticks.
//!
//! First it is seen whether the laptop's logs are this district's at all. Where
//! one is not, the district has been restored from a backup, and nothing new is
//! taken until it has back what it lost: a change must not be entered as having
//! seen what is not there.

use std::collections::{BTreeMap, BTreeSet};

use domain::page::{Fill, Page, Told, What};
use domain::{LogEntry, Scope, Writer};
use sync::bundle::short;
use sync::keys::is_recipient;
use sync::wire::{
    Answer, Cursor, EnvelopeError, FillCursor, MAX_CURSORS, MAX_ENVELOPE, Message, News, Part, VERSION, WireError,
    open, seal, seal_log, signer,
};

use crate::append::{Sent, Taken, bad};
use crate::clock;
use crate::database::device::{self, Device};
use crate::database::{Tx, log, receipt, record, scope_head};
use crate::district::District;
use crate::error::Result;
use crate::returned::Outcome;

/// The most that the bodies in one answer take, as they are kept: an answer must
/// reach a village over a line that breaks often.
const ANSWER_BYTES: usize = 2 << 20;

/// The least that a laptop may ask for, so that an exchange comes to an end.
const LEAST_BYTES: usize = 16 << 10;

/// How a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Over the line, just now.
    Line,
    /// On a stick, some time after it was said.
    Stick,
}

impl District {
    /// Takes a message as it lies in its envelope, and gives the answer in one.
    ///
    /// # Errors
    /// An envelope that is damaged, too large, of another version or not signed by
    /// a laptop of this district, and what is wrong with the message in it.
    pub fn exchange(&self, envelope: &[u8], arrival: Arrival) -> Result<Vec<u8>> {
        let id = signer(envelope).map_err(unopened)?;
        let device = self.database.read(|tx| device::read(tx, &id.to_string()))?.ok_or(WireError::DeviceUnknown)?;
        if let Some(at) = device.revoked_at {
            return Err(WireError::DeviceRevoked { at }.into());
        }
        let message: Message = open(&device.public_key, envelope).map_err(unopened)?;
        let answer = self.answer(&device, &message, arrival)?;
        // Signed after the commit: the district's word is on disk before it is given.
        Ok(seal(&self.key, self.own, &answer))
    }

    /// Takes what the laptop says and answers it, in at most one transaction that
    /// writes and one that reads.
    ///
    /// # Errors
    /// A message for another district, of another version, of a revoked laptop,
    /// or one that no honest laptop says; nothing of it was taken then.
    pub(crate) fn answer(&self, device: &Device, message: &Message, arrival: Arrival) -> Result<Answer> {
        if message.version != VERSION {
            let (district, laptop) = (VERSION.to_string(), message.version.to_string());
            return Err(WireError::VersionMismatch { district, laptop }.into());
        }
        if message.district != hex::encode(self.key.verifying_key().as_bytes()) {
            return Err(WireError::OtherDistrict { district: short(&message.district) }.into());
        }
        if message.writer.device != device.id {
            return Err(bad("the message is another device's"));
        }
        if message.cursors.len() > MAX_CURSORS {
            return Err(bad(&format!("more than {MAX_CURSORS} cursors")));
        }
        if !message.recipient.is_empty() && !is_recipient(&message.recipient) {
            return Err(bad("bundles cannot be encrypted to this recipient"));
        }
        let at = clock::now();
        let heard = self.hear(device, message, arrival, &at)?;
        if !heard.taken.entered.is_empty() || !heard.outcomes.is_empty() {
            self.bell.look(&self.database);
        }
        let (news, more) = self.database.read(|tx| self.news(tx, device.id, message, &heard))?;
        Ok(Answer {
            turn: message.turn,
            version: VERSION,
            abilities: Vec::new(),
            device: device.id,
            at,
            recipient: if message.recipient.is_empty() { String::new() } else { self.recipient.clone() },
            role: heard.role,
            catalog: self.revision.clone(),
            overlay: message.catalog.as_ref().filter(|here| **here != self.revision).map(|_| self.overlay.clone()),
            incarnation: message.writer.incarnation,
            next_counter: heard.taken.next,
            receipts: heard.taken.receipts,
            stopped: heard.taken.stopped,
            scopes: news,
            more,
        })
    }

    /// Takes the changes, and what is given back.
    fn hear(&self, device: &Device, message: &Message, arrival: Arrival, at: &str) -> Result<Heard> {
        let idle = message.changes.is_empty() && message.returned.is_empty();
        if idle && device.seen_at.as_ref().is_some_and(|seen| seen[..16] == at[..16]) {
            // Said hello within this minute and has nothing else to say: nothing is written.
            return self.database.read(|tx| {
                let next = receipt::next_counter(tx, message.writer)?;
                let taken = Taken::nothing(next);
                Ok(Heard { role: device.role.clone(), taken, outcomes: BTreeMap::new() })
            });
        }
        let written = self.database.write(|tx| {
            // As it is now: revoked a moment ago, it sends nothing more.
            let device = device::lock(tx, device.id)?.ok_or(WireError::DeviceUnknown)?;
            if let Some(at) = device.revoked_at {
                return Err(WireError::DeviceRevoked { at }.into());
            }
            device::note_seen(tx, device.id, at)?;
            if !message.recipient.is_empty() && device::recipient(tx, device.id)?.as_ref() != Some(&message.recipient) {
                device::note_recipient(tx, device.id, &message.recipient)?;
            }
            let ledger = self.ledger(tx);
            let returned = message.returned.iter().map(|returned| &returned.scope);
            let scopes = returned.chain(message.changes.iter().map(|change| &change.scope));
            scope_head::lock_all(tx, scopes.filter(|scope| device.reach.covers(scope)))?;
            let past =
                |scope: &Scope| message.cursors.iter().find(|cursor| cursor.scope == *scope).map_or(0, |c| c.past);
            let mut outcomes = BTreeMap::new();
            for returned in message.returned.iter().filter(|returned| device.reach.covers(&returned.scope)) {
                let outcome = ledger.take_back(&self.key.verifying_key(), returned, past(&returned.scope))?;
                outcomes.insert(returned.scope.clone(), outcome);
            }
            let mut fits = true;
            for cursor in message.cursors.iter().filter(|cursor| device.reach.covers(&cursor.scope)) {
                fits &= lost(tx, cursor)?.is_none();
            }
            let taken = if fits {
                let clock = if arrival == Arrival::Line { clock::skew(&message.at) } else { None };
                ledger.take(&device, &Sent { writer: message.writer, changes: &message.changes, clock })?
            } else {
                Taken::nothing(receipt::next_counter(tx, message.writer)?)
            };
            Ok(Heard { role: device.role, taken, outcomes })
        });
        match written {
            // A laptop may still hear what is new from a district whose disk is full.
            Err(crate::DistrictError::DiskFull) if idle => {
                tracing::warn!("cannot note when a laptop was seen: the disk is full");
                let next = self.database.read(|tx| receipt::next_counter(tx, message.writer))?;
                let taken = Taken::nothing(next);
                Ok(Heard { role: device.role.clone(), taken, outcomes: BTreeMap::new() })
            }
            other => other,
        }
    }

    /// What is new to the laptop, as much as one answer holds.
    fn news(
        &self,
        tx: &Tx<'_>,
        device: domain::DeviceId,
        message: &Message,
        heard: &Heard,
    ) -> Result<(Vec<News>, bool)> {
        let device = device::read(tx, &device.to_string())?.ok_or(WireError::DeviceUnknown)?;
        let mut room = Room::of(message.room, self.page);
        let (mut news, mut more) = (Vec::new(), false);
        // A log that a restored district has lost whole has not begun here; who knows it is to tell.
        let mut scopes: BTreeSet<Scope> = device.reach.scopes(tx)?.into_iter().collect();
        let known = message.cursors.iter().map(|cursor| &cursor.scope);
        scopes.extend(known.filter(|scope| device.reach.covers(scope)).cloned());
        for scope in scopes {
            let beginning = Cursor::beginning(&scope);
            let cursor = message.cursors.iter().find(|cursor| cursor.scope == scope).unwrap_or(&beginning);
            let head = scope_head::read(tx, &scope)?;
            let (part, left) = match heard.outcomes.get(&scope) {
                Some(Outcome::Parted { common }) => (Part::Anew { common: *common }, true),
                Some(Outcome::Further { seq }) => (lost_after(tx, &scope, *seq)?, true),
                Some(Outcome::Restored) | None => match lost(tx, cursor)? {
                    Some(seq) => (lost_after(tx, &scope, seq)?, true),
                    None => self.part(tx, (message, heard), cursor, &head, &mut room)?,
                },
            };
            more |= left;
            news.push(News { scope, head: head.seq, part });
        }
        if news.iter().all(|news| news.part == Part::Nothing) && message.changes.is_empty() {
            // Nothing else is to be said: the history of what a fill has brought.
            for (news, cursor) in news.iter_mut().filter_map(|news| {
                let cursor = message.cursors.iter().find(|cursor| cursor.scope == news.scope && cursor.past > 0)?;
                Some((news, cursor))
            }) {
                if let Some(page) = self.past(tx, cursor, &mut room)? {
                    more |= page.after > 0;
                    news.part = Part::Past(page);
                }
            }
        }
        Ok((news, more))
    }

    /// What this answer brings of one scope, and whether there is more of it.
    fn part(
        &self,
        tx: &Tx<'_>,
        (message, heard): (&Message, &Heard),
        cursor: &Cursor,
        head: &scope_head::ScopeHead,
        room: &mut Room,
    ) -> Result<(Part, bool)> {
        let begins = cursor.seq == 0 && head.seq > u64::try_from(self.fill_from).unwrap_or(u64::MAX);
        if cursor.seq >= head.seq && cursor.fill.is_none() {
            return Ok((Part::Nothing, false));
        }
        if room.is_full() {
            return Ok((Part::Nothing, true));
        }
        if begins || cursor.fill.is_some() {
            let (seq, hash, after) = match &cursor.fill {
                Some(FillCursor { seq, hash, after }) => (*seq, hash.clone(), Some(*after)),
                None => (head.seq, head.hash.clone(), None),
            };
            let records = record::after(tx, &cursor.scope, after, room.entries, &mut room.bytes)?;
            room.entries = room.entries.saturating_sub(records.len());
            let last = records.last().map(|filled| filled.record.id).or(after);
            let done = record::after(tx, &cursor.scope, last, 1, &mut 0)?.is_empty();
            if !done {
                room.bytes = 0; // As below.
            }
            let seal = seal_log(&self.key, &cursor.scope, seq, &hash);
            return Ok((Part::Fill(Fill { seq, hash, seal, after, records, done }), true));
        }
        if let Some(page) = self.echo((message, heard), cursor, room) {
            let left = page.end() < head.seq;
            return Ok((Part::Log(page), left));
        }
        let entries = log::after(tx, &cursor.scope, cursor.seq, room.entries, &mut room.bytes)?;
        let left = entries.last().is_some_and(|last| last.seq < head.seq);
        if left {
            room.bytes = 0; // What was cut off here goes on before anything else begins.
        }
        room.entries = room.entries.saturating_sub(entries.len());
        let part = self.page(&cursor.scope, &cursor.hash, &entries).map(|mut page| {
            for told in &mut page.entries {
                elide(&mut told.what, message.writer, message.holds);
            }
            Part::Log(page)
        });
        Ok((part.unwrap_or(Part::Nothing), left))
    }

    /// The page of what this very message has brought into the log, where that is
    /// all that the laptop's cursor lacks up to there: none of it need be read
    /// again, for the laptop holds the bodies.
    fn echo(&self, (message, heard): (&Message, &Heard), cursor: &Cursor, room: &mut Room) -> Option<Page> {
        let holds = message.holds?;
        let mut seq = cursor.seq;
        let (mut entries, mut hash) = (Vec::new(), "");
        for entered in heard.taken.entered.iter().filter(|entered| entered.scope == cursor.scope) {
            if entered.receipt.seq != Some(seq + 1) || entered.receipt.counter < holds || entries.len() >= room.entries
            {
                return None;
            }
            seq += 1;
            hash = &entered.hash;
            let what = What::Own(entered.receipt.counter);
            entries.push(Told { what, verdict: entered.receipt.verdict.clone(), skew: entered.skew });
        }
        if entries.is_empty() {
            return None;
        }
        room.entries -= entries.len();
        let (after, before, hash) = (cursor.seq, cursor.hash.clone(), hash.to_owned());
        let seal = seal_log(&self.key, &cursor.scope, seq, &hash);
        Some(Page { after, before, entries, hash, seal })
    }

    /// The newest page of what came before the laptop's fill.
    fn past(&self, tx: &Tx<'_>, cursor: &Cursor, room: &mut Room) -> Result<Option<Page>> {
        // Nothing came by a fill that lies after what the laptop knows.
        let last = cursor.past.min(cursor.seq);
        let entries = log::until(tx, &cursor.scope, last, room.entries, &mut room.bytes)?;
        room.entries = room.entries.saturating_sub(entries.len());
        let first = entries.first().map_or(1, |entry| entry.seq);
        let before = log::hash_at(tx, &cursor.scope, first - 1)?.unwrap_or_default();
        Ok(self.page(&cursor.scope, &before, &entries))
    }

    fn page(&self, scope: &Scope, before: &str, entries: &[LogEntry]) -> Option<Page> {
        let last = entries.last()?;
        Page::of(before, entries, &seal_log(&self.key, scope, last.seq, &last.hash))
    }
}

/// Why an envelope was not opened, as its sender is told.
pub(crate) fn unopened(error: EnvelopeError) -> WireError {
    match error {
        EnvelopeError::Damaged | EnvelopeError::WrongSignature => WireError::BadEnvelope,
        EnvelopeError::Newer(version) => {
            let (district, laptop) = (VERSION.to_string(), version.to_string());
            WireError::VersionMismatch { district, laptop }
        }
        EnvelopeError::TooLarge => WireError::RequestTooLarge { limit: MAX_ENVELOPE.to_string() },
        EnvelopeError::Unreadable(reason) => WireError::BadRequest { reason },
    }
}

/// What became of what a laptop said.
struct Heard {
    role: String,
    taken: Taken,
    outcomes: BTreeMap<Scope, Outcome>,
}

/// What still fits into an answer.
struct Room {
    entries: usize,
    bytes: usize,
}

impl Room {
    /// As much as an answer holds, or as little as a laptop on a bad line asks for.
    fn of(asked: Option<u64>, page: usize) -> Self {
        let bytes = asked.and_then(|asked| usize::try_from(asked).ok()).unwrap_or(ANSWER_BYTES);
        let bytes = bytes.clamp(LEAST_BYTES, ANSWER_BYTES);
        Self { entries: (bytes >> 10).min(page), bytes }
    }

    fn is_full(&self) -> bool {
        self.entries == 0 || self.bytes == 0
    }
}

/// The entry after which the laptop has what this district has not, if so.
fn lost(tx: &Tx<'_>, cursor: &Cursor) -> Result<Option<u64>> {
    let head = scope_head::read(tx, &cursor.scope)?;
    let has = |seq, hash: &String| match seq {
        seq if seq > head.seq => Ok(false),
        seq if seq == head.seq => Ok(head.hash == *hash),
        seq => Ok::<bool, crate::DistrictError>(log::hash_at(tx, &cursor.scope, seq)?.as_ref() == Some(hash)),
    };
    if let Some(fill) = &cursor.fill {
        return Ok((!has(fill.seq, &fill.hash)?).then_some(0));
    }
    if has(cursor.seq, &cursor.hash)? {
        return Ok(None);
    }
    Ok(Some(head.seq.min(cursor.seq.saturating_sub(1))))
}

/// The word that nothing is known here of what a laptop has after `seq`.
fn lost_after(tx: &Tx<'_>, scope: &Scope, seq: u64) -> Result<Part> {
    Ok(Part::Lost { seq, hash: log::hash_at(tx, scope, seq)?.unwrap_or_default() })
}

/// Leaves the body out of the laptop's own change, where the laptop holds it.
fn elide(what: &mut What, writer: Writer, holds: Option<u64>) {
    if let (What::Change(change), Some(holds)) = (&*what, holds)
        && change.writer == writer
        && change.counter >= holds
    {
        *what = What::Own(change.counter);
    }
}
