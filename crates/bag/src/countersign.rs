//! The district's signature on receipt: one more tag file in the same exact form.
//!
//! Nothing of what was handed in changes by it: the payloads, the manifests and
//! the device's signature keep their bytes, and the rest of the ZIP is what the
//! exact form makes of one file more.

use std::io::{Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::container::{self, Entry};
use crate::signature::{ALGORITHM, DistrictSignature, document};
use crate::verify::{Report, SignatureRole, verify};
use crate::write::{Hashing, unwritable};
use crate::{BagError, COUNTERSIGNATURE, SIGNATURE, TAG_MANIFEST, Written};

/// Who receives the bag.
pub struct Countersigner<'a> {
    /// The district's name.
    pub by: String,
    /// Its Ed25519 public key in hex.
    pub key: String,
    /// When, by its clock (RFC 3339).
    pub received_at: String,
    /// To whom it gave the key that signed the bag.
    pub device: String,
    /// Signs the given bytes with its key.
    pub sign: &'a dyn Fn(&[u8]) -> [u8; 64],
}

/// A bag that may be countersigned: whole, and signed by a device.
pub struct Receipt<R> {
    reader: R,
    /// What verification said.
    pub report: Report,
    /// The Ed25519 public key that signed it, in hex: whose it is, the district looks up.
    pub device_key: String,
}

impl<R: Read + Seek> Receipt<R> {
    /// Verifies the bag in `reader`.
    ///
    /// # Errors
    /// [`BagError::PackageNotWhole`] with the first problem, [`BagError::PackageUnsigned`],
    /// [`BagError::CountersignedAlready`].
    pub fn of(mut reader: R) -> Result<Self, BagError> {
        let report = verify(&mut reader);
        // A file that can be named says more than the container around it.
        let named = report.problems.iter().find(|problem| !problem.path.is_empty());
        if let Some(problem) = named.or(report.problems.first()) {
            return Err(BagError::PackageNotWhole { path: problem.path.clone() });
        }
        let by = |role: SignatureRole| report.signatures.iter().find(|signature| signature.role == role);
        if let Some(district) = by(SignatureRole::District) {
            return Err(BagError::CountersignedAlready { at: district.at.clone().unwrap_or_default() });
        }
        let device_key = by(SignatureRole::Device).ok_or(BagError::PackageUnsigned)?.key.clone();
        Ok(Self { reader, report, device_key })
    }
}

/// Writes the bag once more, with the district's signature in it.
///
/// # Errors
/// When it cannot be read any more or not be written; what `out` holds is then no package.
pub fn countersign<R: Read + Seek>(
    receipt: Receipt<R>,
    by: &Countersigner<'_>,
    out: impl Write,
) -> Result<Written, BagError> {
    let mut reader = receipt.reader;
    let unreadable = |reason: String| BagError::PayloadUnreadable { path: String::new(), reason };
    let mut entries: Vec<(Entry, From)> = Vec::new();
    let (mut top, mut hashes) = (String::new(), [String::new(), String::new()]);
    {
        let mut archive = ZipArchive::new(&mut reader).map_err(|error| unreadable(error.to_string()))?;
        for i in 0..archive.len() {
            let mut file = archive.by_index(i).map_err(|error| unreadable(error.to_string()))?;
            let path = file.name().map_err(|error| unreadable(error.to_string()))?.into_owned();
            let start = file.data_start().ok_or_else(|| unreadable(path.clone()))?;
            for (hash, tag) in hashes.iter_mut().zip([TAG_MANIFEST, SIGNATURE]) {
                if let Some(folder) = path.strip_suffix(tag).filter(|folder| folder.matches('/').count() == 1) {
                    folder.clone_into(&mut top);
                    let mut bytes = Vec::new();
                    file.read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
                    *hash = hex::encode(Sha256::digest(&bytes));
                }
            }
            entries.push((Entry { path, crc: file.crc32(), bytes: file.size() }, From::Bag(start)));
        }
    }
    let [tag_manifest, device_signature] = hashes;
    let mut signature = DistrictSignature {
        algorithm: ALGORITHM.to_owned(),
        by: by.by.clone(),
        key: by.key.clone(),
        received_at: by.received_at.clone(),
        device: by.device.clone(),
        tag_manifest,
        device_signature,
        signature: String::new(),
    };
    signature.signature = hex::encode((by.sign)(&signature.signed()));
    let own = document(&signature);
    let entry = Entry { path: format!("{top}{COUNTERSIGNATURE}"), crc: crc32fast::hash(&own), bytes: own.len() as u64 };
    entries.push((entry, From::Here));
    entries.sort_by(|(one, _), (other, _)| container::order(&one.path, &other.path));
    let mut out = Hashing::new(out);
    for (entry, from) in &entries {
        out.write_all(&container::local_header(entry)).map_err(unwritable)?;
        match from {
            From::Here => out.write_all(&own).map_err(unwritable)?,
            From::Bag(start) => {
                reader.seek(SeekFrom::Start(*start)).map_err(|error| unreadable(error.to_string()))?;
                let copied = std::io::copy(&mut (&mut reader).take(entry.bytes), &mut out).map_err(unwritable)?;
                if copied != entry.bytes {
                    return Err(unreadable(entry.path.clone()));
                }
            }
        }
    }
    let entries: Vec<Entry> = entries.into_iter().map(|(entry, _)| entry).collect();
    out.write_all(&container::tail(&entries)).map_err(unwritable)?;
    out.finish(entries.len())
}

/// Where an entry's bytes come from.
enum From {
    /// From the bag that was handed in, beginning there.
    Bag(u64),
    /// From here: the district's signature.
    Here,
}
