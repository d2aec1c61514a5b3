//! Take in: hundreds of pictures from a camera, a phone or a folder, in one go.
//!
//! Each file is read once, hashed, encrypted and on disk before the next one of
//! its hand is begun; several hands work at once, since a disk that is asked to
//! keep one file can be asked to keep another. A record learns of them in
//! batches. What is here already is passed over by its hash, so one that was
//! broken off is simply begun again. The files that are read are never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use chrono::{DateTime, Local, SecondsFormat};
use domain::change::item_key;
use domain::evidence::Facts;
use domain::record::Attachment;
use domain::{Action, RecordId, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::files::FileVault;
use crate::types::ErrorView;
use crate::{AppError, Laptop, Result, Trouble};

/// How many files become one change of the record.
const BATCH: usize = 25;

/// The most hands: each holds one picture in memory.
const HANDS: usize = 4;

/// The most files that are taken at once, and the deepest folder they are looked for in.
const MOST: usize = 20_000;
const DEEPEST: usize = 16;

/// What came of taking files in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakenIn {
    /// Files that are the record's now.
    #[ts(type = "number")]
    pub taken: u64,
    /// Files that were the record's already.
    #[ts(type = "number")]
    pub same: u64,
    /// Files of a folder that are no pictures, and were left where they are.
    #[ts(type = "number")]
    pub passed_over: u64,
    /// Files that could not be taken.
    #[ts(type = "number")]
    pub refused: u64,
    /// Whether it was stopped before the end; what was taken stays.
    pub stopped: bool,
    /// Each file, in the order in which they were taken.
    pub files: Vec<TakenFile>,
}

/// One file that was to be taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TakenFile {
    /// Where it lay.
    pub path: String,
    /// What became of it.
    pub verdict: TakenVerdict,
    /// Hex SHA-256, where it was read.
    pub sha256: Option<String>,
    /// Why it was not taken.
    pub reason: Option<ErrorView>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TakenVerdict {
    /// It is the record's now.
    Taken,
    /// It was the record's already.
    Same,
    /// It lay in a folder and is no picture.
    PassedOver,
    /// It could not be taken.
    Refused,
}

/// A file to be taken, and whether a person named it or it lay in a folder.
struct Wanted {
    path: PathBuf,
    named: bool,
}

/// A file that is kept.
struct Kept {
    file: Attachment,
    facts: Option<Facts>,
    modified: Option<String>,
}

enum Outcome {
    Kept(Box<Kept>),
    Same(String),
    PassedOver,
    Refused(ErrorView),
    /// The laptop itself cannot keep any more: no file after it will fare better.
    Over(AppError),
}

impl Laptop {
    /// Takes files, and the pictures of folders and the folders in them, into a set
    /// of a record. `progress` hears how many of how many are done and may stop it;
    /// what was taken until then stays, and the next time goes on from there.
    ///
    /// # Errors
    /// A record that may not have them; a disk or database that takes no more. What
    /// is wrong with one file is said of that file, and the rest goes on.
    pub fn take_in(
        &mut self,
        id: RecordId,
        field: Option<&str>,
        paths: &[PathBuf],
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<TakenIn> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let field = crate::uses::attach::set_of(&kind, field)?.to_owned();
        // Asked before a file is kept: a refused one would wait here for ever, belonging to nothing.
        let any = json!({"sha256": "0".repeat(64), "name": "", "bytes": 0});
        let add = Action::Add { field: field.clone(), items: vec![any] };
        self.admissible(id, &kind, row.record.scope.clone(), vec![add])?;
        let mut wanted = Vec::new();
        for path in paths {
            find(path, &mut wanted)?;
        }
        let held: BTreeSet<String> = row.record.items(&field).iter().map(item_key).collect();
        let (held, next, stop) = (Mutex::new(held), AtomicUsize::new(0), AtomicBool::new(false));
        let vault = self.files.clone();
        let hands = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, HANDS);
        let mut taken = TakenIn::default();
        let outcome = std::thread::scope(|scope| {
            let (send, receive) = sync_channel(hands);
            for _ in 0..hands {
                let (send, vault, wanted, held, next, stop) = (send.clone(), &vault, &wanted, &held, &next, &stop);
                scope.spawn(move || {
                    let mut buffer = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(file) = wanted.get(at) else { break };
                        if send.send((at, take(vault, file, held, &mut buffer))).is_err() {
                            break; // Nobody waits for it any more.
                        }
                    }
                });
            }
            drop(send);
            let total = wanted.len() as u64;
            let (mut early, mut due, mut batch) = (BTreeMap::new(), 0, Vec::new());
            for (done, (at, outcome)) in (1..).zip(receive) {
                early.insert(at, outcome);
                // As the folder has them, whichever hand was quicker.
                while let Some(outcome) = early.remove(&due) {
                    let path = &wanted[due].path;
                    due += 1;
                    if let Outcome::Over(error) = outcome {
                        stop.store(true, Ordering::Relaxed);
                        self.belong(id, &field, &mut batch)?;
                        return Err(error);
                    }
                    taken.note(path, &outcome);
                    if let Outcome::Kept(kept) = outcome {
                        batch.push(*kept);
                    }
                    if batch.len() == BATCH {
                        self.belong(id, &field, &mut batch).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
                    }
                }
                if progress(done, total).is_break() {
                    taken.stopped = true;
                    stop.store(true, Ordering::Relaxed);
                }
            }
            self.belong(id, &field, &mut batch)
        });
        outcome.map(|()| taken)
    }

    /// Makes kept files the record's, in one change.
    fn belong(&mut self, id: RecordId, field: &str, batch: &mut Vec<Kept>) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        // On disk by their names before a record says so.
        let names = batch.iter().map(|kept| kept.file.sha256.as_str());
        self.files.settle(names).map_err(|error| Trouble::storage(&error))?;
        let items = batch.iter().map(item).collect();
        let files: Vec<_> = batch.drain(..).map(|kept| (kept.file, kept.facts)).collect();
        self.store.attachments_are_here(&files, photo::READER)?;
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let add = Action::Add { field: field.to_owned(), items };
        self.save(id, &kind, row.record.scope, vec![add], None)?;
        Ok(())
    }
}

/// A file as its record names it. When a picture's file was last written is no
/// part of its bytes, and a copy elsewhere would not say it: it goes along.
fn item(kept: &Kept) -> Value {
    let Attachment { sha256, name, bytes } = &kept.file;
    match kept.modified.as_ref().filter(|_| kept.facts.as_ref().is_some_and(|facts| !facts.format.is_empty())) {
        Some(modified) => json!({"sha256": sha256, "name": name, "bytes": bytes, "modified": modified}),
        None => json!({"sha256": sha256, "name": name, "bytes": bytes}),
    }
}

impl TakenIn {
    fn note(&mut self, path: &Path, outcome: &Outcome) {
        let (verdict, count, sha256, reason) = match outcome {
            Outcome::Kept(kept) => (TakenVerdict::Taken, &mut self.taken, Some(kept.file.sha256.clone()), None),
            Outcome::Same(sha256) => (TakenVerdict::Same, &mut self.same, Some(sha256.clone()), None),
            Outcome::PassedOver => (TakenVerdict::PassedOver, &mut self.passed_over, None, None),
            Outcome::Refused(reason) => (TakenVerdict::Refused, &mut self.refused, None, Some(reason.clone())),
            Outcome::Over(error) => (TakenVerdict::Refused, &mut self.refused, None, Some(error.view())),
        };
        *count += 1;
        self.files.push(TakenFile { path: path.display().to_string(), verdict, sha256, reason });
    }
}

/// The files that `path` means: itself, or what lies in it.
fn find(path: &Path, wanted: &mut Vec<Wanted>) -> Result<()> {
    if !path.is_dir() {
        wanted.push(Wanted { path: path.to_owned(), named: true });
        return Ok(());
    }
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let mut entries = entries.map_err(|error| Trouble::reading(&folder, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut inside = Vec::new();
        for entry in entries {
            // What begins with a dot is a program's own: thumbnails, half copied files.
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // A link is not followed: it may lead round in a circle.
            let Ok(sort) = entry.file_type() else { continue };
            if hidden {
            } else if sort.is_dir() && depth < DEEPEST {
                inside.push((entry.path(), depth + 1));
            } else if sort.is_file() {
                wanted.push(Wanted { path: entry.path(), named: false });
            }
        }
        folders.extend(inside.into_iter().rev());
        if wanted.len() > MOST {
            return Err(Trouble::TooManyFiles { folder: path.display().to_string(), most: MOST.to_string() }.into());
        }
    }
    Ok(())
}

/// Keeps one file; `held` are the record's, and those that another hand has.
fn take(vault: &FileVault, wanted: &Wanted, held: &Mutex<BTreeSet<String>>, buffer: &mut Vec<u8>) -> Outcome {
    let path = &wanted.path;
    let refused = |error: &std::io::Error| Outcome::Refused(AppError::from(Trouble::reading(path, error)).view());
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return refused(&error),
    };
    let meta = match file.metadata() {
        Ok(meta) if meta.is_dir() => return refused(&std::io::ErrorKind::IsADirectory.into()),
        Ok(meta) => meta,
        Err(error) => return refused(&error),
    };
    let claim = |sha256: &str| held.lock().is_ok_and(|mut held| held.insert(sha256.to_owned()));
    let over = |error: &std::io::Error| Outcome::Over(Trouble::storage(error).into());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let modified =
        meta.modified().ok().map(|at| DateTime::<Local>::from(at).to_rfc3339_opts(SecondsFormat::Secs, false));
    buffer.clear();
    buffer.reserve(usize::try_from(meta.len().min(photo::LARGEST_FILE) + 1).unwrap_or_default());
    // One byte more than is looked into: what has that is large, whatever it said of itself.
    if let Err(error) = (&mut file).take(photo::LARGEST_FILE + 1).read_to_end(buffer) {
        return refused(&error);
    }
    let small = buffer.len() as u64 <= photo::LARGEST_FILE;
    if !wanted.named && (!small || photo::Format::of(buffer).is_none()) {
        return Outcome::PassedOver;
    }
    let (sha256, bytes, facts) = if small {
        let sha256 = hex::encode(Sha256::digest(&buffer));
        if !claim(&sha256) {
            return Outcome::Same(sha256);
        }
        if let Err(error) = vault.put_unsettled(&sha256, buffer) {
            return over(&error);
        }
        (sha256, buffer.len() as u64, Some(photo::facts(buffer)))
    } else {
        let mut whole = buffer.as_slice().chain(file);
        let kept = vault.put_from(&mut whole);
        buffer.shrink_to(0);
        match kept {
            Ok((sha256, _)) if !claim(&sha256) => return Outcome::Same(sha256),
            Ok((sha256, bytes)) => (sha256, bytes, None),
            Err(error) => return over(&error),
        }
    };
    Outcome::Kept(Box::new(Kept { file: Attachment { sha256, name, bytes }, facts, modified }))
}
