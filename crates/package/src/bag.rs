//! Writing a bag: BagIt 1.0 in one top folder inside a ZIP, signed.
//!
//! Every payload is read twice, once before anything is written and once on
//! the way in: a damaged photo is found before half a package lies on the disk,
//! and the ZIP's headers can stand in front of the bytes without seeking back.
//!
//! Source: RFC 8493 (BagIt 1.0).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use domain::canonical;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::PackageError;
use crate::container::{self, Entry};
use crate::manifest::{self, Manifest};

pub(crate) const BAGIT: &str = "bagit.txt";
pub(crate) const BAG_INFO: &str = "bag-info.txt";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(crate) const SIGNATURE: &str = "signature.json";
pub(crate) const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
pub(crate) const SIGNED_BY: &str = "Signed-By";
pub(crate) const OXUM: &str = "Payload-Oxum";

/// How much of a payload is held at a time.
const CHUNK: usize = 64 * 1024;

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
pub type Opener<'a> = Box<dyn Fn() -> io::Result<Box<dyn Read + 'a>> + 'a>;

/// Where a payload's bytes come from.
pub enum Source<'a> {
    /// From memory.
    Bytes(Vec<u8>),
    /// From wherever the opener reads them; called twice.
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

/// `signature.json`: an Ed25519 signature over the bytes of the tag manifest,
/// which holds the hash of the manifest, which holds the hash of every payload.
///
/// It is not listed in the tag manifest itself, for it cannot be hashed before
/// what it signs exists; RFC 8493 (2.2.1) lets a tag file be unlisted. That it
/// belongs to the bag stands in `bag-info.txt`, so that taking it out is seen.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureFile {
    pub(crate) algorithm: String,
    pub(crate) by: String,
    pub(crate) key: String,
    pub(crate) over: String,
    pub(crate) signature: String,
}

/// Writes the bag with `files` under `data/`, signed when there is a `signer`.
///
/// `progress` hears the bytes done and to be done (each payload counts twice)
/// and may stop the work. After an error, what `out` holds is no package:
/// callers write to a temporary file and rename it at the end.
///
/// # Errors
/// [`PackageError::PayloadDamaged`] when a payload's bytes are not those of its hash,
/// and the other refusals of [`PackageError`] that concern files.
pub fn write(
    out: impl Write,
    about: &Description,
    files: &[PayloadFile<'_>],
    signer: Option<&Signer<'_>>,
    progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Written, PackageError> {
    let mut payloads: BTreeMap<String, &PayloadFile<'_>> = BTreeMap::new();
    let mut folded = BTreeSet::new();
    for file in files {
        let path = format!("data/{}", file.path);
        if !container::is_safe(&path) {
            return Err(PackageError::BadPath { path: file.path.clone() });
        }
        // Windows takes two names that differ in case only for one file.
        if !folded.insert(path.to_lowercase()) {
            return Err(PackageError::DuplicatePath { path: file.path.clone() });
        }
        if file.bytes > container::MAX_FILE {
            return Err(PackageError::FileTooLarge {
                path: file.path.clone(),
                bytes: file.bytes.to_string(),
                limit: container::MAX_FILE.to_string(),
            });
        }
        payloads.insert(path, file);
    }
    let octets: u64 = files.iter().map(|file| file.bytes).sum();
    let mut meter = Meter { done: 0, total: octets.saturating_mul(2), progress };
    let mut crcs = BTreeMap::new();
    for (path, file) in &payloads {
        crcs.insert(path.clone(), file.pass(&mut io::sink(), &mut meter)?);
    }
    let tags = tag_files(about, &payloads, octets, signer);
    let top = top_folder(&about.identifier);
    let mut entries: Vec<(Entry, Content<'_, '_>)> = Vec::new();
    for (path, bytes) in &tags {
        let entry = Entry { path: format!("{top}/{path}"), crc: crc32fast::hash(bytes), bytes: bytes.len() as u64 };
        entries.push((entry, Content::Tag(bytes)));
    }
    for (path, file) in &payloads {
        let entry = Entry { path: format!("{top}/{path}"), crc: crcs[path], bytes: file.bytes };
        entries.push((entry, Content::Payload(file)));
    }
    entries.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let mut out = Hashing { inner: out, sha256: Sha256::new(), bytes: 0 };
    for (entry, content) in &entries {
        out.write_all(&container::local_header(entry)).map_err(unwritable)?;
        match content {
            Content::Tag(bytes) => out.write_all(bytes).map_err(unwritable)?,
            Content::Payload(file) => {
                file.pass(&mut out, &mut meter)?;
            }
        }
    }
    let entries: Vec<Entry> = entries.into_iter().map(|(entry, _)| entry).collect();
    out.write_all(&container::tail(&entries)).map_err(unwritable)?;
    out.flush().map_err(unwritable)?;
    Ok(Written { sha256: hex::encode(out.sha256.finalize()), bytes: out.bytes, files: entries.len() as u64 })
}

enum Content<'b, 'a> {
    Tag(&'b [u8]),
    Payload(&'b PayloadFile<'a>),
}

/// The bag's own files by path, the tag manifest and the signature with them.
fn tag_files(
    about: &Description,
    payloads: &BTreeMap<String, &PayloadFile<'_>>,
    octets: u64,
    signer: Option<&Signer<'_>>,
) -> BTreeMap<&'static str, Vec<u8>> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut info = format!(
        "Source-Organization: {}\nExternal-Identifier: {}\nBagging-Date: {}\n{OXUM}: {octets}.{}\nBag-Software-Agent: {}\n",
        line(&about.organization),
        line(&about.identifier),
        line(&about.date),
        payloads.len(),
        line(&about.software),
    );
    if let Some(signer) = signer {
        info.push_str(&format!("{SIGNED_BY}: {}\n", signed_by(&signer.by, &signer.key)));
    }
    let listed: Manifest = payloads.iter().map(|(path, file)| (path.clone(), file.sha256.clone())).collect();
    let mut tags = BTreeMap::from([
        (BAGIT, DECLARATION.as_bytes().to_vec()),
        (BAG_INFO, info.into_bytes()),
        (MANIFEST, manifest::write(&listed)),
    ]);
    let hashes = tags.iter().map(|(path, bytes)| ((*path).to_owned(), hex::encode(Sha256::digest(bytes)))).collect();
    let tag_manifest = manifest::write(&hashes);
    if let Some(signer) = signer {
        let mut signature = canonical::to_vec(&SignatureFile {
            algorithm: "Ed25519".to_owned(),
            by: signer.by.clone(),
            key: signer.key.clone(),
            over: TAG_MANIFEST.to_owned(),
            signature: hex::encode((signer.sign)(&tag_manifest)),
        });
        signature.push(b'\n');
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
fn unwritable(error: io::Error) -> PackageError {
    PackageError::PackageUnwritable { reason: error.to_string() }
}

/// Bytes done, told as they are done.
struct Meter<'p> {
    done: u64,
    total: u64,
    progress: &'p mut dyn FnMut(u64, u64) -> ControlFlow<()>,
}

impl PayloadFile<'_> {
    /// Reads the file once into `out`, holding a chunk at a time, and answers its CRC-32.
    fn pass(&self, out: &mut dyn Write, meter: &mut Meter<'_>) -> Result<u32, PackageError> {
        let unreadable =
            |error: io::Error| PackageError::PayloadUnreadable { path: self.path.clone(), reason: error.to_string() };
        let damaged = || PackageError::PayloadDamaged { path: self.path.clone() };
        let mut source: Box<dyn Read + '_> = match &self.source {
            Source::Bytes(bytes) => Box::new(bytes.as_slice()),
            Source::Open(open) => open().map_err(unreadable)?,
        };
        let (mut sha256, mut crc, mut length) = (Sha256::new(), crc32fast::Hasher::new(), 0_u64);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match source.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(error)),
            };
            length += read as u64;
            if length > self.bytes {
                return Err(damaged());
            }
            sha256.update(&chunk[..read]);
            crc.update(&chunk[..read]);
            out.write_all(&chunk[..read]).map_err(unwritable)?;
            meter.done += read as u64;
            if (meter.progress)(meter.done, meter.total).is_break() {
                return Err(PackageError::Cancelled);
            }
        }
        if length != self.bytes || hex::encode(sha256.finalize()) != self.sha256 {
            return Err(damaged());
        }
        Ok(crc.finalize())
    }
}

/// Counts and hashes what passes through.
struct Hashing<W> {
    inner: W,
    sha256: Sha256,
    bytes: u64,
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
