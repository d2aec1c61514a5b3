//! Bundles at the district: what a laptop's stick brings, and the reply to it.
//!
//! A message on a stick is answered as one over the line is, by the same code. The
//! reply says everything at once: the receipts, then answer after answer, each
//! made as if the laptop had taken the one before, until there is nothing new or
//! no room; and files, the ones that the laptop said to lack and those that the
//! news name.
//!
//! Nothing is told or taken twice by reading a bundle twice: receipts are kept,
//! pieces of files are where they are. So whoever loses a reply reads the bundle
//! again, and has it.

mod admit;
mod files;
mod reply;
mod show;

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{DeviceId, Verdict};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sync::bundle::{BundleError, Fault, Item, Offer, Party, Reader, Sealed, Terms, Want, beside};
use sync::keys::bundle_identity;
use sync::wire::{Answer, Message, News, Part, WireError, open, seal, signer};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::answer::{Arrival, unopened};
use crate::append::bad;
use crate::database::device::{self, Device};
use crate::district::District;
use crate::error::{DistrictError, Result};
pub use admit::Admitted;
use files::{Files, Taken};

/// Told the bytes done, of all; says whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// How the reply is wanted.
#[derive(Debug, Clone, Copy)]
pub struct ReplyTerms {
    /// How large it may become.
    pub terms: Terms,
    /// Whether files go with it.
    pub files: bool,
}

/// What a bundle brought, and what the reply holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleRead {
    /// The laptop.
    pub device: DeviceId,
    /// The letter in the numbers that it gives.
    pub letter: String,
    /// Its person.
    pub name: String,
    /// When it was written, by the laptop's clock.
    pub at: String,
    /// Parts that were read.
    pub parts: u64,
    /// Files beside it that are parts of another bundle, and were not read.
    pub passed_over: u64,
    /// The words on its changes.
    pub verdicts: Verdicts,
    /// Files that are here now and were not before.
    pub files: u64,
    /// Bytes of files that came.
    pub bytes: u64,
    /// Files of which a part is here.
    pub unfinished: u64,
    /// Files that no record names, or whose bytes are not what their name says.
    pub refused_files: u64,
    /// What was written in reply.
    pub reply: Replied,
    /// What was wrong with a part, if something was: all else was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<DistrictError>,
}

/// Receipts by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the verdicts of the domain, counted")]
pub struct Verdicts {
    pub accepted: u64,
    pub merged: u64,
    pub conflict: u64,
    pub refused: u64,
    pub waiting: u64,
}

impl Verdicts {
    fn count(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Accepted => &mut self.accepted,
            Verdict::Merged => &mut self.merged,
            Verdict::Conflict { .. } => &mut self.conflict,
            Verdict::Refused { .. } => &mut self.refused,
            Verdict::Waiting { .. } => &mut self.waiting,
        } += 1;
    }
}

/// What a reply holds.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replied {
    /// Its parts, with their bytes.
    pub parts: Vec<PartWritten>,
    /// Log entries and records in it.
    pub news: u64,
    /// Files in it, whole or in part.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Files that the laptop lacks and that did not fit.
    pub left: u64,
    /// Whether there is more to say than fitted.
    pub more: bool,
}

/// One part of a reply.
#[derive(Debug, Clone, Serialize)]
pub struct PartWritten {
    /// Where it is.
    pub file: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
}

impl District {
    /// Reads a laptop's bundle, with all its parts that lie beside it, and writes
    /// the reply. What is wrong with one part holds up no other.
    ///
    /// # Errors
    /// When nothing of it could be heard, or the reply not be written; what was
    /// taken stays taken, and reading it again is no harm.
    pub fn read_bundle(
        self: &Arc<Self>,
        file: &Path,
        reply: &Path,
        wanted: &ReplyTerms,
        progress: Progress<'_>,
    ) -> Result<BundleRead> {
        if same(file, reply) {
            let reason = "the reply would take the place of what it answers".to_owned();
            return Err(BundleError::BundleUnwritable { file: reply.display().to_string(), reason }.into());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let parts = beside(file)?;
        let length = |part: &PathBuf| std::fs::metadata(part).map_or(0, |meta| meta.len());
        let total = parts.iter().map(length).sum();
        let mut reading = Reading::new(self, &runtime);
        let mut wrong = None;
        for part in &parts {
            let done = reading.done + length(part);
            match reading.part(part, &mut |at| progress(at, total)) {
                Ok(()) => {}
                Err(stopped @ DistrictError::Bundle(BundleError::Cancelled)) => return Err(stopped),
                Err(error) => {
                    tracing::warn!(%error, part = %part.display(), "a part of a bundle was refused");
                    wrong.get_or_insert(error);
                }
            }
            reading.done = done;
        }
        let Some(heard) = reading.heard else {
            return Err(wrong.unwrap_or_else(|| bad("the bundle says nothing")));
        };
        let Taken { files, bytes, unfinished, refused } = reading.files.finish(&heard.device, &heard.offers)?;
        let replied = reply::write(self, &runtime, reply, &heard, None, wanted, progress)?;
        Ok(BundleRead {
            device: heard.device.id,
            letter: heard.device.letter(),
            name: heard.device.name.clone(),
            at: heard.at,
            parts: reading.parts,
            passed_over: reading.passed_over,
            verdicts: heard.verdicts,
            files,
            bytes,
            unfinished,
            refused_files: refused,
            reply: replied,
            error: wrong,
        })
    }

    /// Who wrote the bundle, if he may speak here.
    fn writer_of(&self, part: &Path, sealed: &Sealed<File>) -> Result<Device> {
        let header = sealed.header();
        match &header.to {
            Party::Laptop(_) => return Err(BundleError::meant_for(part, header).into()),
            Party::District(key) if *key != hex::encode(self.key.verifying_key().as_bytes()) => {
                return Err(WireError::OtherDistrict { district: header.to.short() }.into());
            }
            Party::District(_) => {}
        }
        let Party::Laptop(id) = &header.from else {
            return Err(BundleError::of(part, Fault::Damaged("its header")).into());
        };
        let device = self.database.read(|tx| device::read(tx, &id.to_string()))?.ok_or(WireError::DeviceUnknown)?;
        match device.revoked_at {
            Some(at) => Err(WireError::DeviceRevoked { at }.into()),
            None => Ok(device),
        }
    }

    fn open_part(&self, part: &Path) -> Result<(Device, Reader<File>)> {
        let fault = |fault| BundleError::of(part, fault);
        let file = File::open(part).map_err(|error| fault(Fault::Io(error)))?;
        let sealed = Sealed::read(file).map_err(fault)?;
        let device = self.writer_of(part, &sealed)?;
        let reader = sealed.open(&bundle_identity(&self.key), device.public_key).map_err(fault)?;
        Ok((device, reader))
    }
}

/// What was heard of a laptop.
pub(super) struct Heard {
    pub(super) device: Device,
    /// What the reply answers; nothing for a laptop that was let in just now.
    pub(super) bundle: Option<Uuid>,
    pub(super) at: String,
    pub(super) offers: Vec<Offer>,
    pub(super) wants: Vec<Want>,
    /// Receipts, in envelopes.
    pub(super) answers: Vec<Vec<u8>>,
    /// The last message, without its changes.
    pub(super) last: Message,
    pub(super) verdicts: Verdicts,
}

/// A bundle being read.
struct Reading<'a> {
    district: &'a Arc<District>,
    /// The bundle whose parts are read.
    bundle: Option<Uuid>,
    /// Envelopes that were heard, by their hash: each part repeats them.
    envelopes: BTreeSet<[u8; 32]>,
    heard: Option<Heard>,
    files: Files<'a>,
    parts: u64,
    passed_over: u64,
    done: u64,
}

impl<'a> Reading<'a> {
    fn new(district: &'a Arc<District>, runtime: &'a Runtime) -> Self {
        let (bundle, envelopes, heard) = (None, BTreeSet::new(), None);
        let files = Files::new(district, runtime);
        Self { district, bundle, envelopes, heard, files, parts: 0, passed_over: 0, done: 0 }
    }

    fn part(&mut self, part: &Path, step: &mut dyn FnMut(u64) -> ControlFlow<()>) -> Result<()> {
        let (device, mut reader) = self.district.open_part(part)?;
        let preface = reader.preface();
        if *self.bundle.get_or_insert(preface.header.bundle) != preface.header.bundle {
            self.passed_over += 1;
            return Ok(());
        }
        let mut done = self.done;
        while let Some(item) = reader.next_item().map_err(|fault| BundleError::of(part, fault))? {
            match item {
                Item::Envelope(envelope) => {
                    done += envelope.len() as u64;
                    if self.envelopes.insert(Sha256::digest(&envelope).into()) {
                        self.hear(&device, &reader, &envelope)?;
                    }
                }
                Item::Chunk(chunk) => {
                    done += chunk.bytes.len() as u64;
                    self.files.take(&device, &chunk)?;
                }
            }
            if step(done).is_break() {
                return Err(BundleError::Cancelled.into());
            }
        }
        self.parts += 1;
        Ok(())
    }

    /// Takes one message. What is new to the laptop is said later, all at once.
    fn hear(&mut self, device: &Device, reader: &Reader<File>, envelope: &[u8]) -> Result<()> {
        if signer(envelope).map_err(unopened)? != device.id {
            return Err(WireError::BadEnvelope.into());
        }
        let message: Message = open(&device.public_key, envelope).map_err(unopened)?;
        let answer = self.district.answer(device, &message, Arrival::Stick)?;
        let preface = reader.preface();
        let last = Message { changes: Vec::new(), returned: Vec::new(), ..message };
        let heard = self.heard.get_or_insert_with(|| Heard {
            device: device.clone(),
            bundle: Some(preface.header.bundle),
            at: preface.header.at.clone(),
            offers: preface.offers.clone(),
            wants: preface.wants.clone(),
            answers: Vec::new(),
            last: last.clone(),
            verdicts: Verdicts::default(),
        });
        for receipt in &answer.receipts {
            heard.verdicts.count(&receipt.verdict);
        }
        heard.answers.push(seal(&self.district.key, self.district.own, &without_news(answer)));
        heard.last = last;
        Ok(())
    }
}

/// The answer without what a later one says as well.
fn without_news(mut answer: Answer) -> Answer {
    answer.overlay = None;
    for News { part, .. } in &mut answer.scopes {
        if matches!(part, Part::Log(_) | Part::Fill(_) | Part::Past(_)) {
            *part = Part::Nothing;
        }
    }
    answer
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
