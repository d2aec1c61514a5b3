//! Writing a bag: BagIt 1.0 in one top folder inside a ZIP, signed.
//!
//! The ZIP's headers bear a checksum of the bytes that follow them. A file up to
//! some megabytes, as photos are, is therefore read whole, checked and written; a
//! longer one is read twice. Two threads read, decrypt and check, file by file in
//! turn, while the third hashes the whole and writes; what lies between them is
//! bounded, and goes round: a photo that was written lends its room to the next.
//!
//! The originals come first and may be written while what is made for the package
//! is still in the making.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use sha2::{Digest, Sha256};

use crate::container::{self, Entry};
use crate::manifest::{self, Manifest};
use crate::signature::{ALGORITHM, DeviceSignature, document};
use crate::{BAG_INFO, BAGIT, BagError, DECLARATION, MANIFEST, OXUM, SIGNATURE, SIGNED_BY, TAG_MANIFEST};

/// How much of a long payload is held at a time.
const CHUNK: usize = 256 * 1024;

/// The longest payload that is held whole.
const WHOLE: u64 = 8 * 1024 * 1024;

/// How many threads read: deciphering and hashing a photo takes longer than writing it.
const READERS: usize = 2;

/// How many pieces of each of them may wait to be written: a checksum and a photo.
const AHEAD: usize = 2;

/// What a bag says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Who hands it in: the applicant.
    pub organization: String,
    /// The application's number; also names the top folder.
    pub identifier: String,
    /// `YYYY-MM-DD`, given so that the same application gives the same bytes.
    pub date: String,
    /// The program and its version.
    pub software: String,
}

/// Opens a payload's bytes from their beginning, each time it is called.
pub type Opener<'a> = Box<dyn Fn() -> io::Result<Box<dyn Read + 'a>> + Send + Sync + 'a>;

/// Where a payload's bytes come from.
pub enum Source<'a> {
    /// From memory.
    Bytes(Vec<u8>),
    /// From wherever the opener reads them; called twice for a long file.
    Open(Opener<'a>),
}

/// A file that the bag carries.
pub struct PayloadFile<'a> {
    /// Its path under `data/`, with `/` between.
    pub path: String,
    /// Its bytes.
    pub source: Source<'a>,
    /// Lower-case hex SHA-256 that its bytes must have.
    pub sha256: String,
    /// The length that it must have.
    pub bytes: u64,
}

impl PayloadFile<'_> {
    /// A file made just now, whose hash is that of its bytes.
    #[must_use]
    pub fn made(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        let (sha256, length) = (hex::encode(Sha256::digest(&bytes)), bytes.len() as u64);
        Self { path: path.into(), source: Source::Bytes(bytes), sha256, bytes: length }
    }
}

/// Who vouches for the bag.
pub struct Signer<'a> {
    /// The name that people know.
    pub by: String,
    /// The Ed25519 public key in hex.
    pub key: String,
    /// Signs the given bytes with that key.
    pub sign: &'a dyn Fn(&[u8]) -> [u8; 64],
}

/// A bag written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Hex SHA-256 of the whole ZIP.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// The files in it, tag files too.
    pub files: u64,
}

/// A bag in the making. What `out` holds after an error, or before the end, is no
/// package: callers write to a temporary file and rename it.
pub struct Bag<'d, W> {
    out: Hashing<W>,
    about: &'d Description,
    top: String,
    /// What stands in it so far.
    entries: Vec<Entry>,
    listed: Manifest,
    octets: u64,
    /// Paths as Windows compares them, which takes two names that differ in case only for one file.
    folded: BTreeSet<String>,
}

impl<'d, W: Write> Bag<'d, W> {
    /// An empty bag.
    pub fn begin(out: W, about: &'d Description) -> Self {
        let (entries, listed, folded) = (Vec::new(), Manifest::new(), BTreeSet::new());
        Self { out: Hashing::new(out), about, top: top_folder(&about.identifier), entries, listed, octets: 0, folded }
    }

    /// Writes more files under `data/`. Those that lie in folders come before those
    /// that lie in none, each sort by path: what is added later must come later.
    ///
    /// `progress` hears the payloads' bytes written and to be written so far, and may
    /// stop the work.
    ///
    /// # Errors
    /// [`BagError::PayloadDamaged`] when a payload's bytes are not those of its hash,
    /// and the other refusals of [`BagError`] that concern files.
    pub fn add(
        &mut self,
        files: &[PayloadFile<'_>],
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<(), BagError> {
        let mut payloads: Vec<(String, &PayloadFile<'_>)> = Vec::with_capacity(files.len());
        for file in files {
            let path = format!("data/{}", file.path);
            if !container::is_safe(&path) {
                return Err(BagError::BadPath { path: file.path.clone() });
            }
            if !self.folded.insert(path.to_lowercase()) {
                return Err(BagError::DuplicatePath { path: file.path.clone() });
            }
            if file.bytes > container::MAX_FILE {
                return Err(BagError::FileTooLarge {
                    path: file.path.clone(),
                    bytes: file.bytes.to_string(),
                    limit: container::MAX_FILE.to_string(),
                });
            }
            self.listed.insert(path.clone(), file.sha256.clone());
            payloads.push((format!("{}/{path}", self.top), file));
        }
        payloads.sort_by(|(one, _), (other, _)| container::order(one, other));
        let before = self.octets;
        self.octets += files.iter().map(|file| file.bytes).sum::<u64>();
        let mut meter = Meter { done: before, total: self.octets, progress };
        std::thread::scope(|scope| {
            let mut lines = Vec::with_capacity(READERS);
            for first in 0..READERS {
                let ((give, take), (back, spare)) = (sync_channel(AHEAD), channel());
                let own = payloads.iter().skip(first).step_by(READERS);
                let own: Vec<&PayloadFile<'_>> = own.map(|(_, file)| *file).collect();
                scope.spawn(move || read_ahead(&own, &Giver { give, spare }));
                lines.push(Line { take, back });
            }
            for ((path, file), line) in payloads.iter().zip((0..READERS).cycle()) {
                let line = &lines[line];
                self.head(Entry { path: path.clone(), crc: line.checksum()?, bytes: file.bytes })?;
                line.write(&mut self.out, file.bytes, &mut meter)?;
            }
            // A long file that changed while it was read is found at its end.
            lines.iter().try_for_each(|line| match line.take.recv() {
                Ok(Err(error)) => Err(error),
                Ok(Ok(_)) => Err(out_of_order()),
                Err(_) => Ok(()),
            })
        })
    }

    /// Writes what the bag says of itself, signed when there is a `signer`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self, signer: Option<&Signer<'_>>) -> Result<Written, BagError> {
        for (path, bytes) in tag_files(self.about, &self.listed, self.octets, signer) {
            let (path, length) = (format!("{}/{path}", self.top), bytes.len() as u64);
            self.head(Entry { path, crc: crc32fast::hash(&bytes), bytes: length })?;
            self.out.write_all(&bytes).map_err(unwritable)?;
        }
        self.out.write_all(&container::tail(&self.entries)).map_err(unwritable)?;
        self.out.finish(self.entries.len())
    }

    /// Writes the header of an entry whose bytes follow.
    fn head(&mut self, entry: Entry) -> Result<(), BagError> {
        if self.entries.last().is_some_and(|last| container::order(&last.path, &entry.path).is_ge()) {
            return Err(out_of_order());
        }
        self.out.write_all(&container::local_header(&entry)).map_err(unwritable)?;
        self.entries.push(entry);
        Ok(())
    }
}

/// What the reading thread gives to the writing one: for each payload its
/// checksum, then its bytes in pieces.
enum Piece {
    Checksum(u32),
    Bytes(Vec<u8>),
}

type Given = Result<Piece, BagError>;

/// A reading thread's end of its line.
struct Giver {
    give: SyncSender<Given>,
    /// Room that was written out and may be filled again.
    spare: Receiver<Vec<u8>>,
}

/// The writing thread's end of one reading thread's line.
struct Line {
    take: Receiver<Given>,
    back: Sender<Vec<u8>>,
}

/// Reads the payloads in their order, until one cannot be read or nobody takes them any more.
fn read_ahead(files: &[&PayloadFile<'_>], to: &Giver) {
    for file in files {
        match file.give(to) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let _ = to.give.send(Err(error)); // Whoever stopped listening knows why.
                return;
            }
        }
    }
}

fn out_of_order() -> BagError {
    BagError::PackageUnwritable { reason: "out of order".to_owned() }
}

impl Line {
    fn next(&self) -> Given {
        let ended = || BagError::PackageUnwritable { reason: "the reading ended early".to_owned() };
        self.take.recv().map_err(|_| ended())?
    }

    fn checksum(&self) -> Result<u32, BagError> {
        match self.next()? {
            Piece::Checksum(crc) => Ok(crc),
            Piece::Bytes(_) => Err(out_of_order()),
        }
    }

    /// Writes the pieces of a payload of so many bytes.
    fn write(&self, out: &mut impl Write, bytes: u64, meter: &mut Meter<'_>) -> Result<(), BagError> {
        let mut left = bytes;
        while left > 0 {
            let Piece::Bytes(bytes) = self.next()? else { return Err(out_of_order()) };
            out.write_all(&bytes).map_err(unwritable)?;
            let written = bytes.len() as u64;
            left -= written;
            let _ = self.back.send(bytes); // Nobody reads on after the last.
            meter.pass(written)?;
        }
        Ok(())
    }
}

/// The bag's own files by path, the tag manifest and the signature with them.
fn tag_files(
    about: &Description,
    listed: &Manifest,
    octets: u64,
    signer: Option<&Signer<'_>>,
) -> BTreeMap<&'static str, Vec<u8>> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut info = format!(
        "Source-Organization: {}\nExternal-Identifier: {}\nBagging-Date: {}\n{OXUM}: {octets}.{}\nBag-Software-Agent: {}\n",
        line(&about.organization),
        line(&about.identifier),
        line(&about.date),
        listed.len(),
        line(&about.software),
    );
    if let Some(signer) = signer {
        info.push_str(&format!("{SIGNED_BY}: {}\n", signed_by(&signer.by, &signer.key)));
    }
    let mut tags = BTreeMap::from([
        (BAGIT, DECLARATION.as_bytes().to_vec()),
        (BAG_INFO, info.into_bytes()),
        (MANIFEST, manifest::write(listed)),
    ]);
    let hashes = tags.iter().map(|(path, bytes)| ((*path).to_owned(), hex::encode(Sha256::digest(bytes)))).collect();
    let tag_manifest = manifest::write(&hashes);
    if let Some(signer) = signer {
        let signature = document(&DeviceSignature {
            algorithm: ALGORITHM.to_owned(),
            by: signer.by.clone(),
            key: signer.key.clone(),
            over: TAG_MANIFEST.to_owned(),
            signature: hex::encode((signer.sign)(&tag_manifest)),
        });
        tags.insert(SIGNATURE, signature);
    }
    tags.insert(TAG_MANIFEST, tag_manifest);
    tags
}

/// The value of `Signed-By`: the name in one line, then the key.
pub(crate) fn signed_by(by: &str, key: &str) -> String {
    let name = by.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{name} {key}").trim_start().to_owned()
}

/// The one folder in the ZIP, safe as a name on every system.
fn top_folder(identifier: &str) -> String {
    let safe = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name: String = identifier.trim().chars().take(80).map(safe).collect();
    let name = name.trim_end_matches([' ', '.']);
    if container::is_safe(name) { name.to_owned() } else { "package".to_owned() }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(crate) fn unwritable(error: io::Error) -> BagError {
    BagError::PackageUnwritable { reason: error.to_string() }
}

/// Bytes done, told as they are done.
struct Meter<'p> {
    done: u64,
    total: u64,
    progress: &'p mut dyn FnMut(u64, u64) -> ControlFlow<()>,
}

impl Meter<'_> {
    fn pass(&mut self, bytes: u64) -> Result<(), BagError> {
        self.done += bytes;
        if (self.progress)(self.done, self.total).is_break() { Err(BagError::Cancelled) } else { Ok(()) }
    }
}

impl PayloadFile<'_> {
    /// Gives the checksum and then the bytes; whether anybody takes them.
    fn give(&self, to: &Giver) -> Result<bool, BagError> {
        let give = &to.give;
        let room = || to.spare.try_recv().unwrap_or_default();
        if self.bytes <= WHOLE {
            let mut whole: Vec<u8> = room();
            whole.resize(usize::try_from(self.bytes).unwrap_or(0), 0);
            let crc = self.fill(&mut whole)?;
            return Ok(give.send(Ok(Piece::Checksum(crc))).is_ok()
                && (whole.is_empty() || give.send(Ok(Piece::Bytes(whole))).is_ok()));
        }
        let crc = self.pass(&mut |_| true)?;
        let mut taken = give.send(Ok(Piece::Checksum(crc))).is_ok();
        self.pass(&mut |chunk| {
            let mut piece = room();
            piece.clear();
            piece.extend_from_slice(chunk);
            taken = taken && give.send(Ok(Piece::Bytes(piece))).is_ok();
            taken
        })?;
        Ok(taken)
    }

    fn open(&self) -> Result<Box<dyn Read + '_>, BagError> {
        match &self.source {
            Source::Bytes(bytes) => Ok(Box::new(bytes.as_slice())),
            Source::Open(open) => open().map_err(|error| self.unreadable(&error)),
        }
    }

    fn unreadable(&self, error: &io::Error) -> BagError {
        BagError::PayloadUnreadable { path: self.path.clone(), reason: error.to_string() }
    }

    fn damaged(&self) -> BagError {
        BagError::PayloadDamaged { path: self.path.clone() }
    }

    /// Reads the file, which has exactly this length, and checks it on the way; its CRC-32.
    fn fill(&self, whole: &mut [u8]) -> Result<u32, BagError> {
        let mut source = self.open()?;
        let (mut sha256, mut crc) = (Sha256::new(), crc32fast::Hasher::new());
        // A piece at a time, so that what was read is hashed while it is at hand.
        for piece in whole.chunks_mut(CHUNK) {
            source.read_exact(piece).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => self.damaged(),
                _ => self.unreadable(&error),
            })?;
            sha256.update(&*piece);
            crc.update(piece);
        }
        let more = source.read(&mut [0]).map_err(|error| self.unreadable(&error))?;
        if more > 0 || hex::encode(sha256.finalize()) != self.sha256 {
            return Err(self.damaged());
        }
        Ok(crc.finalize())
    }

    /// Reads the file once, a chunk at a time, until its end or until `each` has enough; its CRC-32.
    fn pass(&self, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<u32, BagError> {
        let mut source = self.open()?;
        let (mut sha256, mut crc, mut length) = (Sha256::new(), crc32fast::Hasher::new(), 0_u64);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match source.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.unreadable(&error)),
            };
            length += read as u64;
            if length > self.bytes {
                return Err(self.damaged());
            }
            sha256.update(&chunk[..read]);
            crc.update(&chunk[..read]);
            if !each(&chunk[..read]) {
                return Ok(0); // Nobody will ask for it.
            }
        }
        if length != self.bytes || hex::encode(sha256.finalize()) != self.sha256 {
            return Err(self.damaged());
        }
        Ok(crc.finalize())
    }
}

/// Counts and hashes what passes through.
pub(crate) struct Hashing<W> {
    inner: W,
    sha256: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, sha256: Sha256::new(), bytes: 0 }
    }

    pub(crate) fn finish(mut self, files: usize) -> Result<Written, BagError> {
        self.inner.flush().map_err(unwritable)?;
        Ok(Written { sha256: hex::encode(self.sha256.finalize()), bytes: self.bytes, files: files as u64 })
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sha256.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
