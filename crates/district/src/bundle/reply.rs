//! The reply to a laptop's bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use domain::DeviceId;
use domain::page::What;
use futures_util::TryStreamExt;
use sync::bundle::{BundleError, Header, Outgoing, Party, Preface, Sealing};
use sync::wire::{Admission, Cursor, FillCursor, News, Part, seal};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::{Heard, PartWritten, Progress, Replied, ReplyTerms, files};
use crate::answer::Arrival;
use crate::append::named;
use crate::database::device::Device;
use crate::database::{attachment, attachment_name};
use crate::district::District;
use crate::error::Result;

/// A file that the laptop lacks.
struct Lacking {
    bytes: u64,
    sha256: String,
    came: u64,
}

pub(super) fn write(
    district: &Arc<District>,
    runtime: &Runtime,
    file: &Path,
    heard: &Heard,
    admission: Option<Admission>,
    wanted: &ReplyTerms,
    progress: Progress<'_>,
) -> Result<Replied> {
    let mut replied = Replied::default();
    let mut talk = heard.answers.clone();
    let mut lacks: BTreeMap<String, u64> = heard.wants.iter().map(|want| (want.sha256.clone(), want.came)).collect();
    let room = Outgoing::talk_room(&wanted.terms);
    let mut said: u64 = talk.iter().map(|envelope| envelope.len() as u64).sum();
    let mut message = heard.last.clone();
    if heard.verdicts.refused > 0 {
        // With their receipts the laptop takes them out of its outbox, and holds their bodies no more.
        message.holds = None;
    }
    loop {
        let answer = district.answer(&heard.device, &message, Arrival::Stick)?;
        let envelope = seal(&district.key, district.own, &answer);
        let last = envelope.len() as u64;
        said += last;
        talk.push(envelope);
        replied.more = answer.more;
        replied.news += answer.scopes.iter().map(count).sum::<u64>();
        for sha256 in names(&answer.scopes, heard.device.id) {
            lacks.entry(sha256).or_default();
        }
        if !advance(&mut message.cursors, &answer.scopes) || !answer.more || said + last > room {
            break;
        }
    }
    let due = district.lacking(&heard.device, &lacks)?;
    let stands = district.database.read(|tx| files::stands(tx, &heard.device, &heard.offers))?;
    let header = Header {
        bundle: Uuid::now_v7(),
        part: 1,
        at: crate::now(),
        from: Party::District(hex::encode(district.key.verifying_key().as_bytes())),
        to: Party::Laptop(heard.device.id),
    };
    let (answers, turn) = (heard.bundle, heard.bundle.map(|_| heard.last.turn));
    let preface = Preface { header, answers, turn, offers: Vec::new(), wants: Vec::new(), stands, admission };
    let sealing = Sealing { key: &district.key, signer: district.own, recipient: &heard.last.recipient };
    let mut outgoing = Outgoing::begin(file, wanted.terms, sealing, preface, talk)?;
    let total = due.iter().map(|lacking| lacking.bytes - lacking.came).sum();
    for Lacking { bytes, sha256, came } in due {
        if !wanted.files || outgoing.is_full() {
            replied.left += 1;
            continue;
        }
        let mut read = |at: u64, length: usize| district.piece(runtime, &sha256, at, length);
        let to = match outgoing.carry(&sha256, (came, bytes), bytes, &mut read, &mut |done| progress(done, total)) {
            Err(BundleError::BundleUnreadable { reason, .. }) => {
                tracing::error!(sha256, reason, "an attachment that should be here cannot be read");
                continue;
            }
            to => to?,
        };
        replied.files += u64::from(to > came || bytes == 0);
        replied.bytes += to - came;
        replied.left += u64::from(to < bytes);
    }
    for part in outgoing.finish()? {
        replied.parts.push(PartWritten { file: part.file, bytes: part.bytes });
    }
    Ok(replied)
}

impl District {
    /// Which of these files can be given to the laptop, smallest first.
    fn lacking(&self, device: &Device, lacks: &BTreeMap<String, u64>) -> Result<Vec<Lacking>> {
        let mut due = self.database.read(|tx| {
            let mut due = Vec::new();
            for (sha256, came) in lacks {
                let named = attachment_name::scopes(tx, sha256)?.iter().any(|scope| device.reach.covers(scope));
                let Some(bytes) = attachment::bytes(tx, sha256)?.filter(|_| named) else { continue };
                if *came < bytes || bytes == 0 {
                    due.push(Lacking { bytes, sha256: sha256.clone(), came: (*came).min(bytes) });
                }
            }
            Ok(due)
        })?;
        due.sort_by(|one, other| (one.bytes, &one.sha256).cmp(&(other.bytes, &other.sha256)));
        Ok(due)
    }

    fn piece(&self, runtime: &Runtime, sha256: &str, at: u64, length: usize) -> std::io::Result<Vec<u8>> {
        let gone = || std::io::Error::from(std::io::ErrorKind::NotFound);
        runtime.block_on(async {
            let range = at..at + length as u64;
            let bytes = self.attachments.read(sha256, range).await.map_err(std::io::Error::other)?.ok_or_else(gone)?;
            let bytes: Vec<axum::body::Bytes> = bytes.try_collect().await?;
            let bytes = bytes.concat();
            if bytes.len() == length { Ok(bytes) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
        })
    }
}

fn count(news: &News) -> u64 {
    match &news.part {
        Part::Log(page) => page.entries.len() as u64,
        Part::Fill(page) => page.records.len() as u64,
        _ => 0,
    }
}

/// The files that the news name, as far as others wrote them.
fn names(news: &[News], device: DeviceId) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for news in news {
        match &news.part {
            Part::Log(page) => {
                for told in &page.entries {
                    match &told.what {
                        What::Change(change) if change.writer.device != device => names.extend(named(change)),
                        _ => {}
                    }
                }
            }
            Part::Fill(page) => {
                let records = page.records.iter();
                names.extend(records.flat_map(|filled| filled.record.attachments()).map(|file| file.sha256));
            }
            _ => {}
        }
    }
    names
}

/// Moves the cursors to where the laptop will stand when it has taken the news;
/// whether any moved.
fn advance(cursors: &mut Vec<Cursor>, news: &[News]) -> bool {
    let mut moved = false;
    for News { scope, part, .. } in news {
        let at = cursors.iter().position(|cursor| cursor.scope == *scope).unwrap_or_else(|| {
            cursors.push(Cursor::beginning(scope));
            cursors.len() - 1
        });
        let cursor = &mut cursors[at];
        match part {
            Part::Log(page) => (cursor.seq, cursor.hash) = (page.end(), page.hash.clone()),
            Part::Fill(page) => match page.records.last().filter(|_| !page.done) {
                Some(last) => {
                    let (seq, hash, after) = (page.seq, page.hash.clone(), last.record.id);
                    cursor.fill = Some(FillCursor { seq, hash, after });
                }
                None => {
                    (cursor.seq, cursor.hash) = (page.seq, page.hash.clone());
                    (cursor.fill, cursor.past) = (None, page.seq);
                }
            },
            Part::Past(page) => cursor.past = page.after,
            Part::Nothing | Part::Lost { .. } | Part::Anew { .. } => continue,
        }
        moved = true;
    }
    moved
}
