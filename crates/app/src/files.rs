//! The original files beside the database, encrypted with a key kept in it.
//!
//! A file is named by the SHA-256 of its plain bytes and never changes. It is
//! written whole under another name first, so that a file that is there is whole.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret;
use age::x25519;
use domain::record::Attachment;
use sha2::{Digest, Sha256};

use crate::{Result, Trouble};

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

    /// Keeps `bytes`, unless they are here already; what they are called from now on.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> std::io::Result<Attachment> {
        let file = Self::named(name, bytes);
        let path = self.path(&file.sha256);
        if !path.exists() {
            let other = |error: age::EncryptError| std::io::Error::other(error.to_string());
            let recipient = self.identity.to_public();
            let encryptor =
                age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).map_err(other)?;
            let mut sealed = Vec::with_capacity(bytes.len() + 1024);
            let mut writer = encryptor.wrap_output(&mut sealed)?;
            writer.write_all(bytes)?;
            writer.finish()?;
            write_whole(&path, &sealed)?;
        }
        Ok(file)
    }

    /// What `bytes` are called once they are kept.
    pub(crate) fn named(name: &str, bytes: &[u8]) -> Attachment {
        let sha256 = hex::encode(Sha256::digest(bytes));
        Attachment { sha256, name: name.to_owned(), bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
    }
}

impl sync::engine::Files for FileVault {
    fn read(&self, sha256: &str) -> std::io::Result<Vec<u8>> {
        let other = |error: age::DecryptError| std::io::Error::other(error.to_string());
        let sealed = fs::read(self.path(sha256))?;
        let decryptor = age::Decryptor::new(sealed.as_slice()).map_err(other)?;
        let mut bytes = Vec::with_capacity(sealed.len());
        decryptor
            .decrypt(std::iter::once(&self.identity as &dyn age::Identity))
            .map_err(other)?
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn keep(&self, file: &Attachment, bytes: &[u8]) -> std::io::Result<()> {
        self.put(&file.name, bytes).map(drop)
    }
}

/// Writes a file so that it is either whole and on disk, or not there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let part = path.with_extension(format!("part{}", std::process::id()));
    let written = (|| {
        let mut file = fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&part); // It may never have come into being.
    }
    written
}
