//! The original files beside the database, encrypted with a key kept in it.
//!
//! A file is named by the SHA-256 of its plain bytes and never changes. It is
//! written whole under another name first, so that a file that is there is whole.
//!
//! What came down of a file before the line broke lies under `coming/<sha256>/`,
//! in pieces named `<start>-<bytes>`. Each piece is encrypted like a whole file:
//! nothing that a laptop fetches ever lies open on its disk. That costs some
//! hundred bytes for each piece, and a second pass over the file once it is whole.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use age::secrecy::ExposeSecret;
use age::stream::StreamReader;
use age::x25519;
use domain::record::Attachment;
use sha2::{Digest, Sha256};
use sync::files::{Files, Source};

use crate::{Result, Trouble};

/// How much of a large file is held in memory, in bytes.
const BLOCK: usize = 256 << 10;

/// Tells the unfinished files of one program apart.
static PART: AtomicU64 = AtomicU64::new(0);

/// The folder of encrypted originals.
#[derive(Clone)]
pub(crate) struct FileVault {
    folder: PathBuf,
    identity: x25519::Identity,
}

impl FileVault {
    /// A new key for a new laptop.
    pub(crate) fn new_key() -> String {
        x25519::Identity::generate().to_string().expose_secret().to_owned()
    }

    /// The vault in this laptop's folder.
    pub(crate) fn open(laptop: &Path, key: &str) -> Result<Self> {
        let identity = key.parse().map_err(|reason: &str| Trouble::Storage { reason: reason.to_owned() })?;
        Ok(Self { folder: laptop.join("attachments"), identity })
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(&sha256[..2]).join(sha256)
    }

    fn coming(&self, sha256: &str) -> PathBuf {
        self.folder.join("coming").join(sha256)
    }

    /// Keeps `bytes`, which `sha256` was computed of, unless they are here already.
    pub(crate) fn put(&self, sha256: &str, bytes: &[u8]) -> std::io::Result<()> {
        let path = self.path(sha256);
        if path.exists() { Ok(()) } else { self.seal(&path, |out| out.write_all(bytes)) }
    }

    /// The same for one of many: its bytes are on disk when this returns, its name
    /// when [`FileVault::settle`] has been told of it.
    pub(crate) fn put_unsettled(&self, sha256: &str, bytes: &[u8]) -> std::io::Result<()> {
        let path = self.path(sha256);
        if path.exists() { Ok(()) } else { self.seal_unsettled(&path, |out| out.write_all(bytes)) }
    }

    /// Brings the names of these files to disk. A folder whose names a neighbour's
    /// have taken along costs next to nothing.
    pub(crate) fn settle<'s>(&self, files: impl Iterator<Item = &'s str>) -> std::io::Result<()> {
        let folders: BTreeSet<PathBuf> =
            files.filter_map(|sha256| Some(self.path(sha256).parent()?.to_owned())).collect();
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    /// Keeps what `source` holds to its end, hashed and encrypted as it is read; its
    /// name and length from now on. For files too large to be held in memory.
    pub(crate) fn put_from(&self, source: &mut dyn Read) -> std::io::Result<(String, u64)> {
        let (mut hash, mut length) = (Sha256::new(), 0);
        // Until it is hashed it has no name of its own.
        let nameless = self.folder.join(format!("unnamed-{}-{}", std::process::id(), PART.fetch_add(1, Relaxed)));
        self.seal(&nameless, |out| {
            let mut block = vec![0; BLOCK];
            loop {
                let read = source.read(&mut block)?;
                if read == 0 {
                    return Ok(());
                }
                hash.update(&block[..read]);
                length += read as u64;
                out.write_all(&block[..read])?;
            }
        })?;
        let sha256 = hex::encode(hash.finalize());
        let path = self.path(&sha256);
        let named = match path.parent() {
            Some(folder) if !path.exists() => make_folder(folder).and_then(|()| fs::rename(&nameless, &path)),
            _ => fs::remove_file(&nameless),
        };
        named.inspect_err(|_| drop(fs::remove_file(&nameless)))?;
        Ok((sha256, length))
    }

    /// Keeps a small picture of an original, encrypted like it.
    pub(crate) fn keep_small(&self, sha256: &str, jpeg: &[u8]) -> std::io::Result<()> {
        self.seal_unsettled(&self.small_path(sha256), |out| out.write_all(jpeg))
    }

    /// The small picture of an original, if one was kept.
    pub(crate) fn small(&self, sha256: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.unseal(&self.small_path(sha256)).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn small_path(&self, sha256: &str) -> PathBuf {
        self.folder.with_file_name("pictures").join(&sha256[..2]).join(sha256)
    }

    /// The bytes of a file that is here.
    pub(crate) fn read(&self, sha256: &str) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.unseal(&self.path(sha256))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Takes a file away, if it is here.
    pub(crate) fn remove(&self, sha256: &str) -> std::io::Result<()> {
        absent_is_well(fs::remove_file(self.small_path(sha256)))?;
        absent_is_well(fs::remove_file(self.path(sha256)))
    }

    /// What `bytes` are called once they are kept.
    pub(crate) fn named(name: &str, bytes: &[u8]) -> Attachment {
        let sha256 = hex::encode(Sha256::digest(bytes));
        Attachment { sha256, name: name.to_owned(), bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
    }

    /// Encrypts what `write` writes: whole and on disk at `path`, or not there.
    fn seal(&self, path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
        self.seal_unsettled(path, write)?;
        sync_folder(folder_of(path))
    }

    /// The same; its name is on disk once its folder is.
    fn seal_unsettled(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let recipient = self.identity.to_public();
        let to = std::iter::once(&recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(to).map_err(std::io::Error::other)?;
        write_unsettled(path, |file| {
            let mut sealed = encryptor.wrap_output(file)?;
            write(&mut sealed)?;
            sealed.finish().map(drop)
        })
    }

    fn unseal(&self, path: &Path) -> std::io::Result<StreamReader<BufReader<fs::File>>> {
        let sealed = BufReader::new(fs::File::open(path)?);
        let decryptor = age::Decryptor::new_buffered(sealed).map_err(std::io::Error::other)?;
        decryptor.decrypt(std::iter::once(&self.identity as &dyn age::Identity)).map_err(std::io::Error::other)
    }

    /// The pieces of a file that follow each other from its beginning, and how
    /// many bytes they have.
    fn pieces(&self, sha256: &str) -> std::io::Result<(Vec<PathBuf>, u64)> {
        let folder = self.coming(sha256);
        let mut found = Vec::new();
        match fs::read_dir(&folder) {
            Ok(entries) => {
                for entry in entries {
                    let name = entry?.file_name();
                    found.extend(name.to_str().and_then(piece_of)); // Others are of a write that broke off.
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        found.sort_unstable();
        let (mut pieces, mut end) = (Vec::new(), 0);
        for (start, bytes) in found {
            if start == end {
                pieces.push(folder.join(piece_name(start, bytes)));
                end += bytes;
            }
        }
        Ok((pieces, end))
    }
}

impl Files for FileVault {
    fn source(&self, sha256: &str) -> std::io::Result<Box<dyn Source>> {
        Ok(Box::new(self.unseal(&self.path(sha256))?))
    }

    fn keep(&self, file: &Attachment, bytes: &[u8]) -> std::io::Result<()> {
        debug_assert_eq!(hex::encode(Sha256::digest(bytes)), file.sha256, "hashed before it is kept");
        self.put(&file.sha256, bytes)
    }

    fn came(&self, sha256: &str) -> std::io::Result<u64> {
        Ok(self.pieces(sha256)?.1)
    }

    fn add(&self, sha256: &str, start: u64, piece: &[u8]) -> std::io::Result<()> {
        let bytes = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.seal(&self.coming(sha256).join(piece_name(start, bytes)), |out| out.write_all(piece))
    }

    fn complete(&self, file: &Attachment) -> std::io::Result<bool> {
        let (pieces, _) = self.pieces(&file.sha256)?;
        let mut hash = Sha256::new();
        let written = self.seal(&self.path(&file.sha256), |out| {
            let mut block = vec![0; BLOCK];
            for piece in &pieces {
                let mut piece = self.unseal(piece)?;
                loop {
                    let read = piece.read(&mut block)?;
                    if read == 0 {
                        break;
                    }
                    hash.update(&block[..read]);
                    out.write_all(&block[..read])?;
                }
            }
            let is_right = hex::encode(hash.finalize()) == file.sha256;
            if is_right { Ok(()) } else { Err(std::io::ErrorKind::InvalidData.into()) } // It must not take its name.
        });
        let is_right = match written {
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => false,
            written => written.map(|()| true)?,
        };
        self.forget(&file.sha256)?;
        Ok(is_right)
    }

    fn forget(&self, sha256: &str) -> std::io::Result<()> {
        absent_is_well(fs::remove_dir_all(self.coming(sha256)))
    }
}

fn piece_name(start: u64, bytes: u64) -> String {
    format!("{start:012}-{bytes}")
}

fn piece_of(name: &str) -> Option<(u64, u64)> {
    let (start, bytes) = name.split_once('-')?;
    Some((start.parse().ok()?, bytes.parse().ok()?))
}

fn absent_is_well(done: std::io::Result<()>) -> std::io::Result<()> {
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Writes a file so that it is either whole and on disk, or not there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_unsettled(path, |file| file.write_all(bytes))?;
    sync_folder(folder_of(path))
}

/// A file's name is on disk only when its folder is: a failing power must not take
/// back what was said to be kept. Windows keeps names by itself, and opens no folder.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    sync_folder(folder_of(folder))
}

fn write_unsettled(path: &Path, write: impl FnOnce(&mut fs::File) -> std::io::Result<()>) -> std::io::Result<()> {
    make_folder(folder_of(path))?;
    // Several threads may write at once, of one program or of two.
    let part = path.with_extension(format!("part{}-{}", std::process::id(), PART.fetch_add(1, Relaxed)));
    let written = (|| {
        let mut file = fs::File::create(&part)?;
        write(&mut file)?;
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&part); // It may never have come into being.
    }
    written
}
