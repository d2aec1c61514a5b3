//! Verifying a bag: has any byte of it been changed, taken out or added?
//!
//! Three rings, each of which finds what the others cannot: the manifests say
//! which *file* is wrong; the signature says whether someone rewrote files and
//! manifests together; and the container is compared with the one exact form,
//! so that bytes in front of, between or behind the files are found too.
//!
//! The file may come from anywhere, so nothing in it is believed: it is read in
//! chunks, nothing is unpacked, and no path is followed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};

use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, ZipArchive};

use crate::container::{self, Entry};
use crate::manifest::{self, Manifest};
use crate::signature::{DeviceSignature, DistrictSignature, document};
use crate::write::signed_by;
use crate::{BAG_INFO, BAGIT, COUNTERSIGNATURE, DATA, DECLARATION, MANIFEST, OXUM, SIGNATURE, SIGNED_BY, TAG_MANIFEST};

/// What is held of all tag files together: the manifest of some two hundred thousand files.
const MAX_TAGS: u64 = 32 * 1024 * 1024;

/// The most files that are looked at.
const MAX_ENTRIES: usize = 200_000;

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// No problem at all. An unsigned bag can be whole too.
    pub ok: bool,
    /// Everything wrong, by path.
    pub problems: Vec<Problem>,
    /// The signatures that the bag carries or says it carries, the device's first.
    pub signatures: Vec<SignatureCheck>,
    /// What the bag says of itself.
    pub about: About,
    /// SHA-256 of the data, as the QR code on the cover has it; nothing where there is none.
    pub data: Option<String>,
    /// How many payload files were read and hashed.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// What `bag-info.txt` says, believed only as far as a signature over it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// Who hands it in.
    pub organization: String,
    /// The application's number.
    pub identifier: String,
    /// The day that it bears.
    pub date: String,
    /// The program and its version.
    pub software: String,
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The path in the bag; empty for the container as a whole.
    pub path: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What can be wrong with a file of a bag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemKind {
    /// Its bytes are not those of its hash.
    Changed,
    /// It is listed, but not there.
    Missing,
    /// It is there, but not listed.
    Added,
    /// It is signed, but the signature does not hold.
    Signature,
    /// The ZIP around the files is not the exact form of a package.
    Container,
    /// It cannot be read, or must not be: a path that leads outside, a size that cannot be.
    Unreadable,
}

/// Whose signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SignatureRole {
    /// The laptop's that compiled the package.
    Device,
    /// The district's that received it.
    District,
}

/// A signature, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureCheck {
    /// The laptop's or the district's.
    pub role: SignatureRole,
    /// Who signed, by their own word.
    pub by: String,
    /// When the district received it, by its clock.
    pub at: Option<String>,
    /// To whom the district had given the laptop's key, by the district's word.
    pub device: Option<String>,
    /// The Ed25519 public key in hex. Whose key it is, only the district can say.
    pub key: String,
    /// Whether the signature is this key's, over this bag.
    pub ok: bool,
}

/// Checks the bag that `reader` holds.
pub fn verify(mut reader: impl Read + Seek) -> Report {
    let mut findings = Findings::default();
    if findings.examine(&mut reader).is_err() {
        findings.add("", ProblemKind::Unreadable);
    }
    let Findings { problems, signatures, about, data, files, bytes } = findings;
    let problems: Vec<Problem> = problems.into_iter().collect();
    Report { ok: problems.is_empty(), problems, signatures, about, data, files, bytes }
}

#[derive(Default)]
struct Findings {
    problems: BTreeSet<Problem>,
    signatures: Vec<SignatureCheck>,
    about: About,
    data: Option<String>,
    files: u64,
    bytes: u64,
}

/// A file of the container, read.
struct Seen {
    entry: Entry,
    sha256: String,
    /// Where its bytes begin.
    start: Option<u64>,
    /// Its bytes, for tag files.
    text: Vec<u8>,
}

impl Findings {
    fn add(&mut self, path: &str, kind: ProblemKind) {
        self.problems.insert(Problem { path: path.to_owned(), kind });
    }

    fn examine(&mut self, reader: &mut (impl Read + Seek)) -> io::Result<()> {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.rewind()?;
        let Ok(mut archive) = ZipArchive::new(&mut *reader) else {
            self.add("", ProblemKind::Unreadable);
            return Ok(());
        };
        let Some(seen) = self.read_entries(&mut archive, length) else { return Ok(()) };
        drop(archive);
        self.compare_container(reader, length, &seen)?;
        let top = seen.keys().find_map(|path| path.strip_suffix(BAGIT)).filter(|top| top.matches('/').count() == 1);
        let top = match top.or_else(|| seen.keys().next().and_then(|path| path.split_inclusive('/').next())) {
            Some(top) => top.to_owned(),
            None => String::new(),
        };
        let mut files: BTreeMap<&str, &Seen> = BTreeMap::new();
        for (path, file) in &seen {
            match path.strip_prefix(&top) {
                Some(inner) => {
                    files.insert(inner, file);
                }
                None => self.add(path, ProblemKind::Added),
            }
        }
        self.data = files.get(format!("data/{DATA}").as_str()).map(|file| file.sha256.clone());
        self.compare_manifests(&files);
        self.check_info(&files);
        self.check_countersignature(&files);
        Ok(())
    }

    /// Every file that can be read, by its whole path; `None` when the ZIP is no package at all.
    fn read_entries<R: Read + Seek>(
        &mut self,
        archive: &mut ZipArchive<R>,
        length: u64,
    ) -> Option<BTreeMap<String, Seen>> {
        if archive.len() > MAX_ENTRIES {
            self.add("", ProblemKind::Unreadable);
            return None;
        }
        // Stored files cannot hold more than the container; entries that overlap would.
        let (mut left, mut tags_left) = (length, MAX_TAGS);
        let mut seen = BTreeMap::new();
        for i in 0..archive.len() {
            // Raw, for a reader that stops at a wrong checksum would hide the file from all that follows.
            let Ok(mut entry) = archive.by_index_raw(i) else {
                self.add(&format!("#{i}"), ProblemKind::Unreadable);
                continue;
            };
            let Some(path) = entry.name().ok().map(std::borrow::Cow::into_owned) else {
                self.add(&format!("#{i}"), ProblemKind::Unreadable);
                continue;
            };
            let shown = path.split_once('/').map_or(path.as_str(), |(_, inner)| inner).to_owned();
            if !container::is_safe(&path) || entry.is_symlink() {
                self.add(&path, ProblemKind::Unreadable);
                continue;
            }
            if entry.compression() != CompressionMethod::Stored || entry.encrypted() {
                self.add(&shown, ProblemKind::Container);
                continue;
            }
            let (start, declared) = (entry.data_start(), entry.crc32());
            let is_payload = shown.starts_with("data/");
            let limit = if is_payload { left } else { left.min(tags_left) };
            match read_one(&mut entry, limit, !is_payload) {
                Ok(Some((crc, bytes, sha256, text))) => {
                    left -= bytes;
                    tags_left -= if is_payload { 0 } else { bytes };
                    if crc != declared {
                        self.add(&shown, ProblemKind::Changed);
                    }
                    let entry = Entry { path: path.clone(), crc: declared, bytes };
                    seen.insert(path, Seen { entry, sha256, start, text });
                }
                Ok(None) => {
                    self.add(&shown, ProblemKind::Unreadable);
                    if is_payload {
                        return None;
                    }
                }
                Err(_) => self.add(&shown, ProblemKind::Unreadable),
            }
        }
        Some(seen)
    }

    /// Compares everything around the files' bytes with the one exact form.
    fn compare_container(
        &mut self,
        reader: &mut (impl Read + Seek),
        length: u64,
        seen: &BTreeMap<String, Seen>,
    ) -> io::Result<()> {
        let by_path: Vec<&Seen> = seen.values().collect();
        let mut in_order = by_path.clone();
        in_order.sort_by(|one, other| container::order(&one.entry.path, &other.entry.path));
        if !is_exact(reader, length, &in_order)? && !is_exact(reader, length, &by_path)? {
            self.add("", ProblemKind::Container);
        }
        Ok(())
    }

    fn compare_manifests(&mut self, files: &BTreeMap<&str, &Seen>) {
        match files.get(BAGIT) {
            Some(file) if file.text == DECLARATION.as_bytes() => {}
            Some(_) => self.add(BAGIT, ProblemKind::Changed),
            None => self.missing(BAGIT),
        }
        let lists = [(MANIFEST, true), (TAG_MANIFEST, false)];
        for (list, payload) in lists {
            let Some(file) = files.get(list) else {
                self.missing(list);
                continue;
            };
            let Some(listed) = manifest::read(&file.text) else {
                self.add(list, ProblemKind::Unreadable);
                continue;
            };
            self.compare_list(files, &listed, payload);
        }
    }

    fn compare_list(&mut self, files: &BTreeMap<&str, &Seen>, listed: &Manifest, payload: bool) {
        let belongs = |path: &str| {
            if payload {
                path.starts_with("data/")
            } else {
                !path.starts_with("data/") && ![TAG_MANIFEST, SIGNATURE, COUNTERSIGNATURE].contains(&path)
            }
        };
        for (path, sha256) in listed {
            match files.get(path.as_str()) {
                _ if !belongs(path) => self.add(path, ProblemKind::Added),
                Some(file) if file.sha256 == *sha256 => {}
                Some(_) => self.add(path, ProblemKind::Changed),
                None => self.missing(path),
            }
        }
        for path in files.keys().filter(|path| belongs(path) && !listed.contains_key(**path)) {
            self.add(path, ProblemKind::Added);
        }
    }

    /// A file that was there but could not be read has its problem already.
    fn missing(&mut self, path: &str) {
        if self.problems.iter().all(|problem| problem.path != path) {
            self.add(path, ProblemKind::Missing);
        }
    }

    /// What the bag says of itself: its size and who signed it.
    fn check_info(&mut self, files: &BTreeMap<&str, &Seen>) {
        let Some(info) = files.get(BAG_INFO) else {
            self.missing(BAG_INFO);
            self.check_signature(files, &[]);
            return;
        };
        let text = String::from_utf8_lossy(&info.text);
        let values = |label: &str| -> Vec<String> {
            let named = text.lines().filter_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
            named.map(str::to_owned).collect()
        };
        let payloads = files.iter().filter(|(path, _)| path.starts_with("data/"));
        let (octets, count) =
            payloads.fold((0_u64, 0_u64), |(octets, count), (_, file)| (octets + file.entry.bytes, count + 1));
        (self.files, self.bytes) = (count, octets);
        let one = |label: &str| values(label).into_iter().next().unwrap_or_default();
        self.about = About {
            organization: one("Source-Organization"),
            identifier: one("External-Identifier"),
            date: one("Bagging-Date"),
            software: one("Bag-Software-Agent"),
        };
        if values(OXUM) != [format!("{octets}.{count}")] {
            self.add(BAG_INFO, ProblemKind::Changed);
        }
        self.check_signature(files, &values(SIGNED_BY));
    }

    fn check_signature(&mut self, files: &BTreeMap<&str, &Seen>, said: &[String]) {
        let Some(file) = files.get(SIGNATURE) else {
            for line in said {
                self.missing(SIGNATURE);
                let (by, key) = line.rsplit_once(' ').unwrap_or(("", line));
                self.signed(SignatureRole::Device, by, key, false);
            }
            return;
        };
        let Ok(signature) = serde_json::from_slice::<DeviceSignature>(&file.text) else {
            self.add(SIGNATURE, ProblemKind::Unreadable);
            return;
        };
        let exact = document(&signature) == file.text;
        let announced = said == [signed_by(&signature.by, &signature.key)];
        let ok = exact && announced && files.get(TAG_MANIFEST).is_some_and(|list| signature.holds(&list.text));
        if !ok {
            self.add(SIGNATURE, ProblemKind::Signature);
        }
        self.signed(SignatureRole::Device, &signature.by, &signature.key, ok);
    }

    /// The district's word that it received the bag as it is, where there is one.
    fn check_countersignature(&mut self, files: &BTreeMap<&str, &Seen>) {
        let Some(file) = files.get(COUNTERSIGNATURE) else { return };
        let Ok(signature) = serde_json::from_slice::<DistrictSignature>(&file.text) else {
            self.add(COUNTERSIGNATURE, ProblemKind::Unreadable);
            return;
        };
        let hash = |path: &str| files.get(path).map_or("", |file| file.sha256.as_str());
        let ok = document(&signature) == file.text && signature.holds(hash(TAG_MANIFEST), hash(SIGNATURE));
        if !ok {
            self.add(COUNTERSIGNATURE, ProblemKind::Signature);
        }
        self.signed(SignatureRole::District, &signature.by, &signature.key, ok);
        if let Some(check) = self.signatures.last_mut() {
            (check.at, check.device) = (Some(signature.received_at), Some(signature.device));
        }
    }

    fn signed(&mut self, role: SignatureRole, by: &str, key: &str, ok: bool) {
        let (by, key) = (by.to_owned(), key.to_owned());
        self.signatures.push(SignatureCheck { role, by, at: None, device: None, key, ok });
    }
}

/// CRC-32, length, SHA-256 and, if kept, the bytes; `None` beyond `limit`.
type ReadOne = Option<(u32, u64, String, Vec<u8>)>;

fn read_one(source: &mut dyn Read, limit: u64, keep: bool) -> io::Result<ReadOne> {
    let (mut sha256, mut crc, mut length, mut text) = (Sha256::new(), crc32fast::Hasher::new(), 0_u64, Vec::new());
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        length += read as u64;
        if length > limit {
            return Ok(None);
        }
        sha256.update(&chunk[..read]);
        crc.update(&chunk[..read]);
        if keep {
            text.extend_from_slice(&chunk[..read]);
        }
    }
    Ok(Some((crc.finalize(), length, hex::encode(sha256.finalize()), text)))
}

/// Whether the container is what the exact form makes of these files in this order.
fn is_exact(reader: &mut (impl Read + Seek), length: u64, files: &[&Seen]) -> io::Result<bool> {
    let entries: Vec<Entry> = files.iter().map(|file| file.entry.clone()).collect();
    let (offsets, end) = container::offsets(&entries);
    let tail = container::tail(&entries);
    let mut same = length == end + tail.len() as u64;
    for (file, offset) in files.iter().zip(offsets) {
        let header = container::local_header(&file.entry);
        same = same && file.start == Some(offset + header.len() as u64) && holds(reader, offset, &header)?;
    }
    Ok(same && holds(reader, end, &tail)?)
}

/// Whether exactly `expected` stands at `offset`.
fn holds(reader: &mut (impl Read + Seek), offset: u64, expected: &[u8]) -> io::Result<bool> {
    reader.seek(SeekFrom::Start(offset))?;
    let mut found = vec![0; expected.len()];
    match reader.read_exact(&mut found) {
        Ok(()) => Ok(found == expected),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
