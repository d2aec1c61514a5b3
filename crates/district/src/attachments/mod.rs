//! Attachments in an object store: a folder, or a bucket of S3.
//!
//! | object | what it is |
//! | --- | --- |
//! | `aa/<sha256>` | a whole and verified file, named by what it holds |
//! | `incoming/<upload>/<start>-<n>` | bytes of an unfinished upload, from `start` on |
//!
//! A file takes its name only after its bytes were hashed, and at one stroke, so
//! that a name in the store always means a whole file with the right bytes, also
//! after a power cut in the midst of it. Which parts of an upload count is in the
//! database, not here: what a broken line left beside them means nothing.

mod place;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use sync::wire::WireError;
use sync::wire::tus::is_name;
use uuid::Uuid;

use crate::error::{DistrictError, Result};
pub(crate) use place::Place;

/// The most bytes in one part of an upload. Laptops send chunks of this size.
pub(crate) const PART: usize = 1 << 20;

/// The bytes in one part of a file that is written in several: above S3's 5 MiB.
const BLOCK: usize = 8 << 20;

/// Where unfinished uploads lie.
const INCOMING: &str = "incoming";

/// An opened store of attachments.
pub(crate) struct Attachments {
    store: Arc<dyn ObjectStore>,
    place: Place,
    /// Tells parts of the same upload and start apart, with a random beginning,
    /// so that no two processes ever write to one name.
    next: AtomicU64,
}

/// A file in the store, as it is listed.
pub(crate) struct Found {
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
    pub(crate) modified: DateTime<Utc>,
}

/// A file's bytes on their way out.
pub(crate) type Bytestream = BoxStream<'static, std::io::Result<Bytes>>;

impl Attachments {
    /// Opens the store. A folder is made where there is none; a bucket is not
    /// asked anything yet, so that a terminal works without it.
    pub(crate) fn open(place: &Place) -> Result<Self> {
        let next = AtomicU64::new(u64::from_le_bytes(crate::random()));
        Ok(Self { store: place.open()?, place: place.clone(), next })
    }

    /// Where it is.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Asks whether the store answers, and lets in with the keys that it was given.
    ///
    /// # Errors
    /// [`DistrictError::AttachmentsUnusable`].
    pub(crate) async fn answers(&self) -> Result<()> {
        match self.store.head(&file("0".repeat(64).as_str())).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(DistrictError::AttachmentsUnusable {
                place: self.place.remembered(),
                reason: place::causes(&error),
            }),
        }
    }

    /// How many bytes the file has, if it is here.
    pub(crate) async fn length(&self, sha256: &str) -> Result<Option<u64>> {
        Ok(found(self.store.head(&file(sha256)).await)?.map(|meta| meta.size))
    }

    /// The bytes of `range` in the file, if it is here.
    pub(crate) async fn read(&self, sha256: &str, range: Range<u64>) -> Result<Option<Bytestream>> {
        if range.is_empty() {
            return Ok(self.length(sha256).await?.map(|_| futures_util::stream::empty().boxed()));
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let read = found(self.store.get_opts(&file(sha256), options).await)?;
        Ok(read.map(|read| read.into_stream().map_err(std::io::Error::from).boxed()))
    }

    /// Keeps bytes of an upload; the name under which they lie.
    pub(crate) async fn keep_part(&self, upload: Uuid, start: u64, bytes: Vec<u8>) -> Result<String> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let name = Path::from(format!("{INCOMING}/{upload}/{start}-{n:016x}"));
        self.store.put(&name, bytes.into()).await?;
        Ok(name.to_string())
    }

    /// The bytes of a part, if it is here.
    pub(crate) async fn part(&self, name: &str) -> Result<Option<Bytes>> {
        let Some(read) = found(self.store.get(&Path::from(name)).await)? else { return Ok(None) };
        found(read.bytes().await)
    }

    /// Lets a part go that counts no more. One that stays by accident goes with its upload.
    pub(crate) async fn drop_part(&self, name: &str) {
        if let Err(error) = self.store.delete(&Path::from(name)).await {
            tracing::debug!(%error, name, "a part stays until its upload ends");
        }
    }

    /// Puts the file together from its parts, hashes it on the way, and gives it
    /// its name. `false` when a part is gone: somebody else ended the upload.
    ///
    /// # Errors
    /// [`WireError::AttachmentDamaged`] when the bytes are not those of the name;
    /// a full disk.
    pub(crate) async fn assemble(&self, sha256: &str, parts: &[String]) -> Result<bool> {
        let mut whole = Whole { store: &self.store, name: file(sha256), block: Vec::new(), several: None };
        let written = whole.write(sha256, parts).await;
        if !matches!(written, Ok(true))
            && let Some(mut several) = whole.several.take()
            && let Err(error) = several.abort().await
        {
            tracing::debug!(%error, sha256, "the store keeps parts of a file that never was");
        }
        written
    }

    /// Reads the file to its end: whether its bytes are those of its name.
    pub(crate) async fn is_right(&self, sha256: &str) -> Result<bool> {
        let mut hash = Sha256::new();
        let Some(read) = found(self.store.get(&file(sha256)).await)? else { return Ok(false) };
        let mut bytes = read.into_stream();
        while let Some(chunk) = bytes.try_next().await? {
            hash.update(&chunk);
        }
        Ok(hex::encode(hash.finalize()) == sha256)
    }

    /// Lets everything go that came in for this upload.
    pub(crate) async fn drop_upload(&self, upload: &str) -> Result<()> {
        let parts = self.store.list(Some(&Path::from(format!("{INCOMING}/{upload}"))));
        let names = parts.map_ok(|meta| meta.location).boxed();
        let mut gone = self.store.delete_stream(names);
        while let Some(name) = gone.next().await {
            found(name)?;
        }
        Ok(())
    }

    /// Lets a file go.
    pub(crate) async fn drop_file(&self, sha256: &str) -> Result<()> {
        found(self.store.delete(&file(sha256)).await).map(drop)
    }

    /// Every file in the store, in no order.
    pub(crate) fn files(&self) -> BoxStream<'_, Result<Found>> {
        let files = self.store.list(None).try_filter_map(|meta| async move {
            let name = meta.location.filename().filter(|name| is_name(name) && meta.location == file(name));
            let (bytes, modified) = (meta.size, meta.last_modified);
            Ok(name.map(|name| Found { sha256: name.to_owned(), bytes, modified }))
        });
        files.map_err(DistrictError::from).boxed()
    }

    /// Removes what a server that was killed left half written beside the files of
    /// a folder. A bucket keeps such halves out of sight; there a rule of its own
    /// ends them (in S3's words: abort incomplete multipart uploads).
    pub(crate) async fn sweep_halves(&self, before: DateTime<Utc>) -> Result<()> {
        let Place::Folder(folder) = &self.place else { return Ok(()) };
        let folder = folder.clone();
        crate::apart(move || Ok(sweep_halves(&folder, before)?)).await
    }

    /// Every name under `incoming/`, with the time of its newest bytes.
    pub(crate) async fn uploads(&self) -> Result<Vec<(String, DateTime<Utc>)>> {
        let mut uploads = std::collections::BTreeMap::new();
        let mut parts = self.store.list(Some(&Path::from(INCOMING)));
        while let Some(part) = parts.try_next().await? {
            let Some(upload) = part.location.parts().nth(1) else { continue };
            let newest: &mut DateTime<Utc> = uploads.entry(upload.as_ref().to_owned()).or_insert(part.last_modified);
            *newest = part.last_modified.max(*newest);
        }
        Ok(uploads.into_iter().collect())
    }
}

/// A file being put together.
struct Whole<'a> {
    store: &'a Arc<dyn ObjectStore>,
    name: Path,
    /// What waits to be written; at most [`BLOCK`] and a part.
    block: Vec<u8>,
    /// A file of more than a block is written in several, and is there when all are.
    several: Option<Box<dyn MultipartUpload>>,
}

impl Whole<'_> {
    async fn write(&mut self, sha256: &str, parts: &[String]) -> Result<bool> {
        let mut hash = Sha256::new();
        for part in parts {
            let Some(read) = found(self.store.get(&Path::from(part.as_str())).await)? else { return Ok(false) };
            let Some(bytes) = found(read.bytes().await)? else { return Ok(false) };
            hash.update(&bytes);
            self.block.extend_from_slice(&bytes);
            if self.block.len() > BLOCK {
                let rest = self.block.split_off(BLOCK);
                let block = std::mem::replace(&mut self.block, rest);
                self.several().await?.put_part(block.into()).await?;
            }
        }
        if hex::encode(hash.finalize()) != sha256 {
            return Err(WireError::AttachmentDamaged { sha256: sha256.to_owned() }.into());
        }
        let rest = std::mem::take(&mut self.block);
        if self.several.is_none() {
            self.store.put(&self.name, rest.into()).await?;
        } else {
            let several = self.several().await?;
            several.put_part(rest.into()).await?;
            several.complete().await?;
        }
        Ok(true)
    }

    async fn several(&mut self) -> Result<&mut Box<dyn MultipartUpload>> {
        let several = match self.several.take() {
            Some(several) => several,
            None => self.store.put_multipart(&self.name).await?,
        };
        Ok(self.several.insert(several))
    }
}

/// `object_store` writes `NAME#1` first, and gives it its name at the end.
fn sweep_halves(folder: &std::path::Path, before: DateTime<Utc>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let half = name.to_str().and_then(|name| name.split_once('#'));
        if entry.file_type()?.is_dir() {
            sweep_halves(&entry.path(), before)?;
        } else if half.is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            && DateTime::<Utc>::from(entry.metadata()?.modified()?) < before
        {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The name of a whole file; `sha256` is hex, as [`is_name`] has it.
fn file(sha256: &str) -> Path {
    Path::from(format!("{}/{sha256}", &sha256[..2]))
}

/// What the store gave, or nothing where there is nothing.
fn found<T>(given: object_store::Result<T>) -> Result<Option<T>> {
    match given {
        Ok(given) => Ok(Some(given)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Attachments) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = Place::parse(&folder.path().join("files").display().to_string()).expect("a path");
        let attachments = Attachments::open(&place).expect("a new folder");
        (folder, attachments)
    }

    async fn part(attachments: &Attachments, upload: Uuid, start: u64, bytes: &[u8]) -> String {
        attachments.keep_part(upload, start, bytes.to_vec()).await.expect("kept")
    }

    #[tokio::test]
    async fn only_whole_and_right_bytes_get_a_name() {
        let (_folder, attachments) = folder();
        let (name, upload) = (crate::sha256_hex("现场照片".as_bytes()), Uuid::now_v7());
        let first = part(&attachments, upload, 0, "现场".as_bytes()).await;
        let wrong = part(&attachments, upload, 6, "照骗".as_bytes()).await;
        let right = part(&attachments, upload, 6, "照片".as_bytes()).await;
        assert_ne!(wrong, right, "who sends the same place twice overwrites nothing");

        let damaged = attachments.assemble(&name, &[first.clone(), wrong]).await;
        assert!(matches!(damaged, Err(DistrictError::Wire(WireError::AttachmentDamaged { .. }))), "{damaged:?}");
        assert_eq!(attachments.length(&name).await.expect("asked"), None, "wrong bytes get no name");
        let gone = format!("{INCOMING}/{upload}/6-gone");
        assert!(!attachments.assemble(&name, &[first.clone(), gone]).await.expect("asked"), "half a file is none");

        assert!(attachments.assemble(&name, &[first, right]).await.expect("right bytes"));
        assert_eq!(attachments.length(&name).await.expect("asked"), Some(12));
        assert!(attachments.is_right(&name).await.expect("readable"));
        attachments.drop_upload(&upload.to_string()).await.expect("dropped");
        assert!(attachments.uploads().await.expect("listed").is_empty(), "and nothing stays beside it");
    }

    #[tokio::test]
    async fn what_a_killed_server_left_half_written_is_swept_away_and_nothing_else() {
        let (folder, attachments) = folder();
        let (name, upload) = (crate::sha256_hex(b"whole"), Uuid::now_v7());
        let whole = part(&attachments, upload, 0, b"whole").await;
        assert!(attachments.assemble(&name, &[whole]).await.expect("right bytes"));
        let half = folder.path().join("files").join(&name[..2]).join(format!("{name}#1"));
        std::fs::write(&half, "wh").expect("written");
        attachments.sweep_halves(Utc::now() - chrono::Days::new(1)).await.expect("swept");
        assert!(half.exists(), "somebody may be writing it");
        attachments.sweep_halves(Utc::now() + chrono::Days::new(1)).await.expect("swept");
        assert!(!half.exists());
        assert_eq!(attachments.length(&name).await.expect("asked"), Some(5), "whole files stay");
        assert_eq!(attachments.uploads().await.expect("listed").len(), 1, "and so do uploads");
    }

    #[tokio::test]
    async fn a_file_of_several_blocks_is_there_whole_or_not_at_all() {
        let (_folder, attachments) = folder();
        let bytes: Vec<u8> = (0..2 * BLOCK + 5).map(|n| u8::try_from(n % 251).expect("below 251")).collect();
        let (name, upload) = (crate::sha256_hex(&bytes), Uuid::now_v7());
        let mut parts = Vec::new();
        for (n, chunk) in bytes.chunks(PART - 1).enumerate() {
            parts.push(part(&attachments, upload, u64::try_from((PART - 1) * n).expect("small"), chunk).await);
        }
        let mut turned = parts.clone();
        turned.swap(0, 1);
        assert!(attachments.assemble(&name, &turned).await.is_err(), "the order counts");
        assert_eq!(attachments.length(&name).await.expect("asked"), None, "nothing of it stays");

        assert!(attachments.assemble(&name, &parts).await.expect("right bytes"));
        let across = (BLOCK as u64 - 2)..(BLOCK as u64 + 3);
        let read = attachments.read(&name, across).await.expect("asked").expect("it is here");
        let read: Vec<Bytes> = read.try_collect().await.expect("readable");
        assert_eq!(read.concat(), bytes[BLOCK - 2..BLOCK + 3], "blocks meet without a seam");
    }
}
