//! One turn of the exchange, as the laptop takes it: what it has to say, and what
//! it makes of the answer. No line, no clock and no chance in here; a message may
//! go by HTTPS or on a stick, and so may its answer.
//!
//! Nothing that an answer says is taken on its word alone that can be checked:
//! each page of a log must continue the hash of the one here and end in the
//! district's seal.

mod ahead;

use std::collections::{BTreeMap, BTreeSet};

use domain::page::What;
use domain::{Change, DeviceId, Scope, Verdict, Writer, canonical};
use ed25519_dalek::VerifyingKey;
use store::{Receipt, ScopeRow, Store};

use crate::wire::{
    Answer, CatalogFile, Cursor, FillCursor, Message, News, Part, Returned, VERSION, WireError, is_sealed,
};

pub use ahead::{compose_ahead, to_follow};

/// The most changes in one message over the line: while the district works on it,
/// the next one is made ready, and other laptops can fetch what it brought.
const SAID: usize = 500;

/// The number of the last message said.
const TURN: &str = "turn";

/// The number of the last message whose answer was taken.
const HEARD: &str = "heardTurn";

/// The last message said when the district turned out to have lost something.
const LOST: &str = "lostTurn";

/// Set while the log is to bring this laptop's own changes with their bodies.
const WHOLE: &str = "wholeLog";

/// The digest of this laptop's catalog, while it asks for the district's.
const ASKED: &str = "catalogAsked";

/// The digest of the district's catalog that was last brought, or could not be.
const BROUGHT: &str = "catalogBrought";

/// By how many breaks the line has been worse than it was good, of late.
const BREAKS: &str = "lineBreaks";

/// After so many breaks messages grow no smaller.
const MOST_BREAKS: u64 = 6;

/// About what a message carries on a line that has broken once; half of it after
/// the next, and twice as much after each turn that came through. What is said
/// again whole after each break must one day fit between two breaks.
const ROOM: u64 = 512 << 10;

/// Why a turn could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The laptop's database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A page of a log does not end in the district's seal.
    #[error("the log of {scope} is not sealed by the district at {seq}")]
    NotSealed {
        /// Whose log.
        scope: String,
        /// The page's last entry.
        seq: u64,
    },
    /// The answer is meant for another laptop.
    #[error("the answer is for another laptop, {0}")]
    Misdirected(DeviceId),
}

/// What a laptop says of itself beside its records.
#[derive(Debug, Clone)]
pub struct Speaker<'a> {
    /// The district's signing key: to whom it speaks.
    pub district: &'a VerifyingKey,
    /// The age recipient of this laptop.
    pub recipient: &'a str,
    /// Its wall time (RFC 3339).
    pub at: &'a str,
}

/// What one answer brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Receipts taken, by verdict: accepted, merged, conflict, refused, waiting.
    pub verdicts: [u64; 5],
    /// Log entries applied.
    pub entries: u64,
    /// Records that a first fill brought.
    pub filled: u64,
    /// Older entries, from before a fill.
    pub past: u64,
    /// Scopes withdrawn and purged.
    pub purged: Vec<Scope>,
    /// Entries that are to be given back to a district that has lost them.
    pub lost: u64,
    /// Whether this laptop came back as a new incarnation.
    pub reborn: bool,
    /// Whether there is more to say or to hear.
    pub more: bool,
    /// Whether no later answer was heard before.
    pub current: bool,
    /// The district's own catalog files, where it has brought them.
    pub overlay: Option<Vec<CatalogFile>>,
}

impl Heard {
    /// Whether anything happened.
    #[must_use]
    pub fn is_news(&self) -> bool {
        let counted = self.verdicts.iter().sum::<u64>() + self.entries + self.filled + self.past + self.lost;
        counted > 0 || self.reborn || !self.purged.is_empty()
    }
}

/// What this laptop has to say now. Its changes count as sent once they [`went_out`].
///
/// # Errors
/// When the database cannot be read or written.
pub fn compose(store: &mut Store, speaker: &Speaker<'_>) -> Result<Message, Error> {
    let mut message = compose_from(store, speaker, 0, SAID)?;
    if message.changes.is_empty() && message.returned.is_empty() && number(store, HEARD)? > 0 {
        message.recipient.clear(); // Most messages only ask what is new: they should cost little.
    }
    let breaks = number(store, BREAKS)?;
    if breaks > 0 {
        let room = ROOM >> (breaks - 1);
        let mut bytes = 0;
        let fitting = message.changes.iter().take_while(|change| {
            bytes += u64::try_from(canonical::to_vec(*change).len()).unwrap_or(u64::MAX);
            bytes <= room
        });
        let fitting = fitting.count().max(1);
        message.changes.truncate(fitting);
        message.room = Some(room);
    }
    Ok(message)
}

/// Notes that a message went out, whether an answer was heard or not.
///
/// # Errors
/// When the database cannot be written.
pub fn went_out(store: &mut Store, message: &Message) -> Result<(), Error> {
    Ok(store.mark_sent(&message.changes)?)
}

/// Notes that the line broke before an answer was heard: less is said at once.
///
/// # Errors
/// When the database cannot be written.
pub fn line_broke(store: &Store) -> Result<(), Error> {
    let breaks = number(store, BREAKS)?;
    Ok(store.set_meta(BREAKS, &(breaks + 1).min(MOST_BREAKS).to_string())?)
}

/// Notes that the line held for a turn: more is said at once, where it was little.
///
/// # Errors
/// When the database cannot be written.
pub fn line_held(store: &Store) -> Result<(), Error> {
    match number(store, BREAKS)? {
        0 => Ok(()),
        breaks => Ok(store.set_meta(BREAKS, &(breaks - 1).to_string())?),
    }
}

/// The same, as far as it concerns changes from this counter on, at most `limit` of
/// them: what follows a message that is full. Nothing counts as sent by it.
pub(crate) fn compose_from(
    store: &mut Store,
    speaker: &Speaker<'_>,
    counter: u64,
    limit: usize,
) -> Result<Message, Error> {
    let scopes = store.scopes()?;
    let mut returned = Vec::new();
    for (row, from) in scopes.iter().filter(|_| counter == 0).filter_map(|row| Some((row, row.lost?))) {
        let (before, entries) = store.entries_after(&row.scope, from)?;
        returned.push(Returned {
            scope: row.scope.clone(),
            before,
            entries,
            seal: row.seal.clone().unwrap_or_default(),
        });
    }
    // Changes that build on what the district has lost come after it, and those that
    // may have seen more than a log that is begun anew after what it brings.
    let is_lost = scopes.iter().any(|row| row.lost.is_some() || row.anew);
    let changes = if is_lost { Vec::new() } else { store.to_send_from(counter, limit)? };
    let message = numbered(store, speaker, changes, scopes.into_iter().map(cursor).collect())?;
    let catalog = store.meta(ASKED)?.filter(|asked| !asked.is_empty());
    Ok(Message { returned, catalog, ..message })
}

/// The next message, with these changes and cursors.
fn numbered(
    store: &Store,
    speaker: &Speaker<'_>,
    changes: Vec<Change>,
    cursors: Vec<Cursor>,
) -> Result<Message, Error> {
    let turn = number(store, TURN)? + 1;
    store.set_meta(TURN, &turn.to_string())?;
    let holds = match store.meta(WHOLE)?.as_deref() {
        Some("1") => None,
        _ => store.first_pending()?,
    };
    Ok(Message {
        turn,
        version: VERSION,
        abilities: Vec::new(),
        district: hex::encode(speaker.district.as_bytes()),
        writer: store.writer()?,
        at: speaker.at.to_owned(),
        recipient: speaker.recipient.to_owned(),
        changes,
        holds,
        cursors,
        returned: Vec::new(),
        catalog: None,
        room: None,
    })
}

fn cursor(row: ScopeRow) -> Cursor {
    let fill = row.fill.map(|fill| FillCursor { seq: fill.seq, hash: fill.hash, after: fill.after });
    Cursor { scope: row.scope, seq: row.seq, hash: row.hash, fill, past: row.past }
}

/// Takes an answer. Whatever of it was taken before is passed over.
///
/// `life` is the incarnation to begin, should this laptop turn out to have been
/// restored from a backup: any number that none of its lives has had.
///
/// # Errors
/// [`Error`]; what was taken until then stays taken.
pub fn absorb(store: &mut Store, district: &VerifyingKey, answer: &Answer, life: u32) -> Result<Heard, Error> {
    let writer = store.writer()?;
    if answer.device != writer.device {
        return Err(Error::Misdirected(answer.device));
    }
    // What an answer says of how things stand is true until a later one was heard;
    // one that lay on a stick meanwhile still brings entries.
    let last = number(store, HEARD)?;
    let current = (last..=number(store, TURN)?).contains(&answer.turn);
    let mut heard = Heard { current, ..Heard::default() };
    // An entry of the log says what its receipt says, and more; where the two come
    // together, the outbox need not be written twice.
    let (soon, now) = receipts(writer, answer, &mut heard);
    store.take_receipts(writer, &now)?;
    let taken = take_standing(store, district, answer, &mut heard);
    store.take_receipts(writer, &soon)?;
    taken?;
    if heard.current && answer.incarnation == writer.incarnation && answer.turn == number(store, TURN)? {
        store.doubt_receipts_from(answer.next_counter)?;
    }
    if heard.current {
        heard.more |= take_catalog(store, answer, &mut heard.overlay)?;
    }
    heard.reborn = is_another_life(store, writer, answer)?;
    if heard.reborn {
        store.begin_life(life)?;
    }
    heard.more |= answer.more || heard.reborn || heard.lost > 0 || !store.to_send(1)?.is_empty();
    Ok(heard)
}

/// Takes the district's catalog files, or notes that they are to be asked for.
/// Whether they are to be asked for now.
fn take_catalog(store: &Store, answer: &Answer, overlay: &mut Option<Vec<CatalogFile>>) -> Result<bool, Error> {
    let asked = store.meta(ASKED)?.is_some_and(|asked| !asked.is_empty());
    let known = |digest: Option<String>| digest.as_ref() == Some(&answer.catalog);
    overlay.clone_from(&answer.overlay);
    if known(store.indexed_by()?) || known(store.meta(BROUGHT)?) {
        if asked {
            store.set_meta(ASKED, "")?;
        }
        return Ok(false);
    }
    match &answer.overlay {
        Some(_) => Ok(false),
        // An older district, which does not bring it.
        None if asked => catalog_brought(store, &answer.catalog).map(|()| false),
        None => {
            store.set_meta(ASKED, &store.indexed_by()?.unwrap_or_default())?;
            Ok(true)
        }
    }
}

/// Notes that the files are kept which make the district's catalog `revision`, or
/// that nothing can be made of them here: they need not be brought again.
///
/// # Errors
/// When the database cannot be written.
pub fn catalog_brought(store: &Store, revision: &str) -> Result<(), Error> {
    store.set_meta(BROUGHT, revision)?;
    Ok(store.set_meta(ASKED, "")?)
}

/// Takes how things stand: the scopes that are held, and what is new in each.
fn take_standing(store: &mut Store, district: &VerifyingKey, answer: &Answer, heard: &mut Heard) -> Result<(), Error> {
    let (said, last) = (number(store, TURN)?, number(store, HEARD)?);
    let in_order = heard.current;
    if in_order {
        if answer.turn > last {
            store.set_meta(HEARD, &answer.turn.to_string())?;
        }
        let granted: Vec<Scope> = answer.scopes.iter().map(|news| news.scope.clone()).collect();
        heard.purged = store.hold_scopes(&granted)?;
    }
    let before: BTreeMap<Scope, ScopeRow> = store.scopes()?.into_iter().map(|row| (row.scope.clone(), row)).collect();
    for news in &answer.scopes {
        let Some(row) = before.get(&news.scope) else { continue };
        match news.part {
            Part::Lost { .. } | Part::Anew { .. } if !in_order => continue,
            Part::Lost { .. } => store.set_meta(LOST, &said.to_string())?,
            Part::Anew { .. } => {}
            // It knows the entry up to which this laptop came: nothing of it is missing there any more.
            _ if in_order && row.lost.is_some() => store.note_found(&news.scope)?,
            _ => {}
        }
        let entries = heard.entries;
        take_news(store, district, row, news, heard)?;
        if heard.entries > entries && !in_order && is_in_doubt(store, answer.turn)? {
            // Said before the district lost something: whether it has this still, it is to say.
            store.note_lost(&news.scope, row.seq, &row.hash)?;
            heard.lost += 1;
        }
        if in_order && !matches!(news.part, Part::Lost { .. } | Part::Anew { .. }) {
            store.note_head(&news.scope, news.head)?;
        }
    }
    Ok(())
}

/// The receipts whose entries this answer brings as well, and the others.
fn receipts(writer: Writer, answer: &Answer, heard: &mut Heard) -> (Vec<Receipt>, Vec<Receipt>) {
    if answer.incarnation != writer.incarnation || !heard.current {
        // What a former life was told is in the logs; and what the district said
        // before it was restored may not be true any more. Who asks again is told again.
        return (Vec::new(), Vec::new());
    }
    let pages =
        answer.scopes.iter().filter_map(|news| if let Part::Log(page) = &news.part { Some(page) } else { None });
    let own = pages.flat_map(|page| &page.entries).filter_map(|told| match told.what {
        What::Own(counter) => Some(counter),
        What::Change(_) => None,
    });
    let own: BTreeSet<u64> = own.collect();
    let mut receipts = Vec::with_capacity(answer.receipts.len());
    for receipt in &answer.receipts {
        let refusal = match &receipt.verdict {
            Verdict::Refused { refusal } => Some(refusal.clone()),
            _ => None,
        };
        receipts.push(Receipt { counter: receipt.counter, change: receipt.change, seq: receipt.seq, refusal });
        heard.verdicts[place(&receipt.verdict)] += 1;
    }
    receipts.into_iter().partition(|receipt| own.contains(&receipt.counter))
}

fn take_news(
    store: &mut Store,
    district: &VerifyingKey,
    row: &ScopeRow,
    news: &News,
    heard: &mut Heard,
) -> Result<(), Error> {
    let scope = &news.scope;
    let sealed = |seq, hash: &str, seal: &str| match is_sealed(district, scope, seq, hash, seal) {
        true => Ok(()),
        false => Err(Error::NotSealed { scope: scope.to_string(), seq }),
    };
    match &news.part {
        Part::Nothing => {}
        Part::Log(page) => {
            sealed(page.end(), &page.hash, &page.seal)?;
            let received = match store.apply(scope, page, news.head) {
                Ok(received) => received,
                Err(store::Error::OwnMissing { .. }) => {
                    store.set_meta(WHOLE, "1")?;
                    heard.more = true;
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            };
            heard.entries += received.entries;
            // It goes on from a page that could not be taken, and was asked for ahead.
            heard.more |= received.seq < page.after;
            if store.meta(WHOLE)?.as_deref() == Some("1") && received.seq >= news.head {
                store.set_meta(WHOLE, "0")?;
            }
        }
        Part::Fill(page) => {
            sealed(page.seq, &page.hash, &page.seal)?;
            heard.filled += store.fill(scope, page)?;
        }
        Part::Past(page) => heard.past += store.take_past(scope, page)?,
        Part::Lost { seq, hash } if *seq < row.seq => {
            store.note_lost(scope, *seq, hash)?;
            heard.lost += row.seq - seq;
        }
        // A first fill that is under way has nothing to give back: it begins again.
        Part::Lost { .. } if row.fill.is_some() => {
            store.begin_anew(scope, 0)?;
            heard.lost += 1;
        }
        Part::Lost { .. } => {}
        Part::Anew { .. } if row.lost.is_none() && row.fill.is_none() => {}
        Part::Anew { common } => {
            store.begin_anew(scope, *common)?;
            heard.lost += 1;
        }
    }
    Ok(())
}

/// Whether the district knows more, or other things, of this writer than this
/// laptop: it was restored from a backup, or copied, or the district was.
fn is_another_life(store: &Store, writer: Writer, answer: &Answer) -> Result<bool, Error> {
    if answer.incarnation != writer.incarnation {
        return Ok(false);
    }
    if matches!(answer.stopped, Some(WireError::CounterGap { .. } | WireError::CounterFork { .. })) {
        return Ok(true);
    }
    let next = store.next_counter()?;
    let fresh = number(store, TURN)? == answer.turn;
    let expects = store.first_unanswered()?.unwrap_or(next);
    Ok(answer.next_counter > next || (fresh && answer.next_counter != expects))
}

/// Whether the district has been found to have lost something after it answered
/// `turn`: what it said then to hold may be gone.
pub(crate) fn is_in_doubt(store: &Store, turn: u64) -> Result<bool, Error> {
    Ok(store.meta(LOST)?.is_some() && turn <= number(store, LOST)?)
}

fn number(store: &Store, name: &str) -> Result<u64, Error> {
    Ok(store.meta(name)?.and_then(|text| text.parse().ok()).unwrap_or(0))
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
