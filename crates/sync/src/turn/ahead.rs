//! What is said next, before the answer that has just come is taken.
//!
//! While the laptop writes down what one answer brought, the district can work on
//! what follows. Where an answer is as plain as most are, it shows already how
//! things will stand once it is taken: how far the logs go, and that every change
//! was heard. Should it turn out otherwise, no harm is done: a page that begins
//! after what is here is passed over and asked for again, and a change that the
//! district knows has its receipt again.

use std::collections::BTreeSet;

use domain::{Change, Scope};
use store::Store;

use super::{Error, SAID, Speaker, numbered};
use crate::wire::{Answer, Cursor, FillCursor, Message, Part};

/// The changes that are to follow `message`, while the line is busy with it.
///
/// # Errors
/// When the database cannot be read.
pub fn to_follow(store: &Store, message: &Message) -> Result<Vec<Change>, Error> {
    Ok(match message.changes.last() {
        Some(last) => store.to_send_from(last.counter + 1, SAID)?,
        None => Vec::new(),
    })
}

/// What is to be said after `message`, to which `answer` came that is not taken yet;
/// `changes` are those [`to_follow`] it.
/// None where nothing is left to say or to ask for, or where it depends on what
/// the answer will make of this laptop. A message that is composed has to be said.
///
/// # Errors
/// When the database cannot be read or written.
pub fn compose_ahead(
    store: &Store,
    speaker: &Speaker<'_>,
    message: &Message,
    answer: &Answer,
    changes: Vec<Change>,
) -> Result<Option<Message>, Error> {
    if !is_plain(store, message, answer)? || (changes.is_empty() && !answer.more) {
        return Ok(None);
    }
    let advanced = message.cursors.iter().map(|cursor| advanced(cursor, answer));
    let Some(cursors) = advanced.collect::<Option<Vec<_>>>() else { return Ok(None) };
    let ahead = numbered(store, speaker, changes, cursors)?;
    Ok(Some(Message { recipient: String::new(), ..ahead }))
}

/// Whether the answer says of this laptop nothing but what it expects.
fn is_plain(store: &Store, message: &Message, answer: &Answer) -> Result<bool, Error> {
    let writer = store.writer()?;
    let expected = match message.changes.last() {
        Some(last) => last.counter + 1,
        None => store.first_unanswered()?.unwrap_or(store.next_counter()?),
    };
    let granted: BTreeSet<&Scope> = answer.scopes.iter().map(|news| &news.scope).collect();
    let held: BTreeSet<&Scope> = message.cursors.iter().map(|cursor| &cursor.scope).collect();
    let is_whole = || Ok::<_, Error>(store.scopes()?.iter().all(|row| row.lost.is_none() && !row.anew));
    let is_ours = answer.device == writer.device && message.writer == writer && answer.turn == message.turn;
    let is_heard = answer.stopped.is_none() && answer.incarnation == writer.incarnation;
    let is_short = message.returned.is_empty() && message.room.is_none();
    Ok(is_ours && is_heard && is_short && answer.next_counter == expected && granted == held && is_whole()?)
}

/// Where the log will stand that `cursor` is about; none where the answer does not
/// go on from there.
fn advanced(cursor: &Cursor, answer: &Answer) -> Option<Cursor> {
    let news = answer.scopes.iter().find(|news| news.scope == cursor.scope)?;
    match &news.part {
        Part::Nothing => Some(cursor.clone()),
        Part::Log(page) if cursor.fill.is_none() && page.after == cursor.seq && page.before == cursor.hash => {
            Some(Cursor { seq: page.end(), hash: page.hash.clone(), ..cursor.clone() })
        }
        Part::Fill(page) if !page.done => {
            let after = page.records.last()?.record.id;
            let fill = FillCursor { seq: page.seq, hash: page.hash.clone(), after };
            Some(Cursor { fill: Some(fill), ..cursor.clone() })
        }
        Part::Past(page) => Some(Cursor { past: page.after, ..cursor.clone() }),
        _ => None,
    }
}
