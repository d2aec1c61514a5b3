//! A bundle as files on a stick: parts of a length that its file system takes, and
//! all of them there or none.
//!
//! A part is written under another name beside its own; the names are given when
//! all parts are whole and on the stick. So a stick that is pulled out, full, or a
//! person who changes his mind leaves what was there before.

use std::fs::{self, File};
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use domain::DeviceId;
use ed25519_dalek::SigningKey;

use super::write::{CHUNK_HEAD, Writer};
use super::{BundleError, CHUNK, Preface};

/// The least of a file that is worth a frame; a part with less room is done.
const CRUMB: u64 = 4 << 10;

/// The least room for files for which a part is begun.
const SPARE: u64 = CHUNK_HEAD + 2 * CRUMB;

/// The share of a part that preface and envelopes may take.
const TALK_SHARE: u64 = 4;

/// Left free on a stick for its own tables.
const MARGIN: u64 = 1 << 20;

/// How large a bundle may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The most bytes in one part.
    pub limit: u64,
    /// The most bytes in all parts together.
    pub room: u64,
}

/// By whom a bundle is sealed, and for whom.
pub struct Sealing<'a> {
    /// Signs it.
    pub key: &'a SigningKey,
    /// Whose key that is.
    pub signer: DeviceId,
    /// To whom it is encrypted.
    pub recipient: &'a str,
}

/// A part that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub file: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Told how many bytes of files have been carried so far; says whether to go on.
pub type Step<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// A bundle being written.
pub struct Outgoing<'a> {
    file: PathBuf,
    terms: Terms,
    sealing: Sealing<'a>,
    preface: Preface,
    talk: Vec<Vec<u8>>,
    /// What each part begins with, in bytes.
    fixed: u64,
    current: Option<(PathBuf, Writer<BufWriter<File>>)>,
    /// Parts that are whole, under their other names.
    whole: Vec<(PathBuf, u64)>,
    carried: u64,
    finished: bool,
}

impl<'a> Outgoing<'a> {
    /// How many bytes of envelopes a bundle in such parts holds.
    #[must_use]
    pub fn talk_room(terms: &Terms) -> u64 {
        (terms.limit.min(terms.room) / TALK_SHARE).min(super::TALK)
    }

    /// Begins a bundle at `file`. Each part says `talk`, the envelopes.
    ///
    /// # Errors
    /// [`BundleError::LimitTooSmall`] when preface and envelopes leave no place for
    /// files in a part, [`BundleError::StickFull`] when they do not fit at all, and
    /// when the stick cannot be written.
    pub fn begin(
        file: &Path,
        terms: Terms,
        sealing: Sealing<'a>,
        preface: Preface,
        talk: Vec<Vec<u8>>,
    ) -> Result<Self, BundleError> {
        let (whole, current) = (Vec::new(), None);
        let file = file.to_owned();
        let mut this =
            Self { file, terms, sealing, preface, talk, fixed: 0, current, whole, carried: 0, finished: false };
        this.begin_part()?;
        this.fixed = this.size_with(0);
        let least = this.fixed + SPARE;
        if this.fixed > this.terms.room {
            return Err(BundleError::StickFull { file: this.file.display().to_string() });
        }
        if least > this.terms.limit {
            return Err(BundleError::LimitTooSmall { least: least.to_string() });
        }
        Ok(this)
    }

    /// Puts bytes of a file of `total` in, from `start` up to `stop`, as many as there
    /// is room for; how far it came. They are cut only where they fit into no part
    /// of their own.
    ///
    /// # Errors
    /// When it cannot be read, the stick cannot be written, or `step` says to stop.
    pub fn carry(
        &mut self,
        sha256: &str,
        (start, stop): (u64, u64),
        total: u64,
        read: &mut dyn FnMut(u64, usize) -> std::io::Result<Vec<u8>>,
        step: Step<'_>,
    ) -> Result<u64, BundleError> {
        let mut name = [0; 32];
        if hex::decode_to_slice(sha256, &mut name).is_err() || start > stop || stop > total {
            return Ok(start);
        }
        let pieces = |bytes: u64| bytes + (bytes / CHUNK as u64 + 1) * CHUNK_HEAD + bytes / 2048 + CRUMB;
        let all = pieces(stop - start);
        let fits_alone = self.fixed + all <= self.terms.limit && self.used() + self.fixed + all <= self.terms.room;
        if self.size_with(all) > self.terms.limit && fits_alone {
            self.next_part()?;
        }
        let mut at = start;
        while at < stop || total == 0 {
            let place = self.place();
            let left = stop - at;
            let piece = place.min(left).min(CHUNK as u64);
            if piece < left.min(CRUMB) {
                let further = self.used() + self.fixed + SPARE <= self.terms.room;
                if !further {
                    break;
                }
                self.next_part()?;
                continue;
            }
            let length = usize::try_from(piece).unwrap_or(CHUNK);
            let bytes = read(at, length).map_err(|error| BundleError::BundleUnreadable {
                file: sha256.to_owned(),
                reason: error.to_string(),
            })?;
            let (file, writer) = self.current.as_mut().expect("a part is open until the end");
            writer.chunk(&name, at, total, &bytes).map_err(|error| BundleError::writing(file, &error))?;
            at += piece;
            self.carried += piece;
            if step(self.carried).is_break() {
                return Err(BundleError::Cancelled);
            }
            if total == 0 {
                break;
            }
        }
        Ok(at)
    }

    /// Ends the bundle and gives its parts their names.
    ///
    /// # Errors
    /// When the stick cannot be written; then nothing of this bundle is on it, and
    /// what was there before still is.
    pub fn finish(mut self) -> Result<Vec<Written>, BundleError> {
        self.end_part(false)?;
        let mut written = Vec::new();
        for (n, (made, bytes)) in (1..).zip(&self.whole) {
            let file = part(&self.file, n);
            fs::rename(made, &file).map_err(|error| BundleError::writing(&file, &error))?;
            written.push(Written { file, bytes: *bytes });
        }
        self.finished = true;
        // Of a longer bundle that was here before.
        for n in written.len() + 1.. {
            if fs::remove_file(part(&self.file, n)).is_err() {
                break;
            }
        }
        settle(&self.file);
        Ok(written)
    }

    /// Whether there is no room for anything more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.place() < CRUMB && self.used() + self.fixed + SPARE > self.terms.room
    }

    /// How many bytes of a file fit into what is left of this part.
    fn place(&self) -> u64 {
        let most = self.terms.limit.min(self.terms.room.saturating_sub(self.before()));
        // What age adds is counted with the frame, so that it need not be solved for.
        most.saturating_sub(self.size_with(CHUNK_HEAD + CHUNK as u64 / 2048)).min(CHUNK as u64)
    }

    fn before(&self) -> u64 {
        self.whole.iter().map(|(_, bytes)| bytes).sum()
    }

    fn used(&self) -> u64 {
        self.before() + self.size_with(0)
    }

    fn size_with(&self, more: u64) -> u64 {
        self.current.as_ref().map_or(0, |(_, writer)| writer.size_with(more))
    }

    fn begin_part(&mut self) -> Result<(), BundleError> {
        let number = self.whole.len() + 1;
        self.preface.header.part = u32::try_from(number).unwrap_or(u32::MAX);
        let made = beside_name(&part(&self.file, number), ".writing");
        let begun = (|| {
            let out = BufWriter::with_capacity(256 << 10, File::create(&made)?);
            let Sealing { key, signer, recipient } = &self.sealing;
            let mut writer = Writer::begin(out, recipient, key, *signer, &self.preface)?;
            self.talk.iter().try_for_each(|envelope| writer.envelope(envelope))?;
            Ok(writer)
        })();
        match begun {
            Ok(writer) => {
                self.current = Some((made, writer));
                Ok(())
            }
            Err(error) => {
                let _ = fs::remove_file(&made); // It may never have come into being.
                Err(BundleError::writing(&self.file, &error))
            }
        }
    }

    fn next_part(&mut self) -> Result<(), BundleError> {
        self.end_part(true)?;
        self.begin_part()
    }

    fn end_part(&mut self, further: bool) -> Result<(), BundleError> {
        let Some((made, writer)) = self.current.take() else { return Ok(()) };
        let ended = (|| {
            let out = writer.end(further)?;
            let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        })();
        self.whole.push((made, *ended.as_ref().unwrap_or(&0)));
        ended.map(drop).map_err(|error| BundleError::writing(&self.file, &error))
    }
}

impl Drop for Outgoing<'_> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        let open = self.current.take().map(|(made, _)| made);
        for made in self.whole.iter().map(|(made, _)| made).chain(&open) {
            let _ = fs::remove_file(made); // A stick that was pulled out has nothing to clear.
        }
    }
}

/// The parts of the bundle at `file` that lie beside it, in order.
///
/// # Errors
/// When there is none.
pub fn beside(file: &Path) -> Result<Vec<PathBuf>, BundleError> {
    let unreadable = |error: std::io::Error| BundleError::of(file, super::Fault::Io(error));
    fs::metadata(file).map_err(unreadable)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut further = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)?.flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        let number = other.strip_prefix(&name).and_then(|rest| rest.strip_prefix('.'));
        let number = number.filter(|text| text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(number) = number.and_then(|text| text.parse::<u32>().ok()).filter(|number| *number > 1) {
            further.push((number, entry.path()));
        }
    }
    further.sort_unstable();
    Ok(std::iter::once(file.to_owned()).chain(further.into_iter().map(|(_, path)| path)).collect())
}

/// How many bytes may be written where `file` is to lie; none, where that cannot be known.
#[must_use]
pub fn room(file: &Path) -> Option<u64> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let space = fs4::statvfs(folder).ok()?;
    // Some mounts report 0 of 0 bytes: that says nothing, where a full stick says how large it is.
    (space.total_space() > 0).then(|| space.available_space().saturating_sub(MARGIN))
}

/// The name of a part: the first has the bundle's own.
fn part(file: &Path, number: usize) -> PathBuf {
    match number {
        1 => file.to_owned(),
        number => beside_name(file, &format!(".{number:03}")),
    }
}

fn beside_name(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Names are safe from a stick that is pulled out only when their folder is on it.
/// Where a folder cannot be brought to disk, the system does so by itself.
fn settle(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all()); // Windows opens no folder.
}

/// A size as a person types it: bytes, or with K, M, G. `4G` is what FAT32 holds,
/// which is one byte less.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let (digits, shift) = match text.char_indices().last()? {
        (at, 'K' | 'k') => (&text[..at], 10),
        (at, 'M' | 'm') => (&text[..at], 20),
        (at, 'G' | 'g') => (&text[..at], 30),
        _ => (text, 0),
    };
    let bytes = crate::wire::tus::number(digits)?.checked_mul(1 << shift)?;
    Some(if bytes == super::LIMIT + 1 { super::LIMIT } else { bytes })
}
