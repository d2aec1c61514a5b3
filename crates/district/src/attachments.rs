//! Attachments on disk: `aa/<sha256>`, each file named by what it holds.
//!
//! A file comes into being under `incoming/`, is hashed as it is written, brought
//! to disk, and only then takes its name: a name in the folder always means a
//! whole file with the right bytes, also after a power cut in the midst of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use sync::wire::WireError;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::error::{DistrictError, Result};

/// The largest file that is taken, in bytes.
pub(crate) const MAX_FILE: u64 = 200 << 20;

/// After this long an unfinished file is no one's any more.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder of attachments.
pub(crate) struct Attachments {
    folder: PathBuf,
}

impl Attachments {
    /// Opens the folder, makes it where there is none, and clears away what
    /// broken lines left unfinished.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let incoming = folder.join("incoming");
        fs::create_dir_all(&incoming)?;
        for entry in fs::read_dir(&incoming)? {
            let entry = entry?;
            let age = entry.metadata()?.modified().map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
            if age.is_ok_and(|age| age > ABANDONED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where the file of this name lies, if it is there. `sha256` is hex, as
    /// [`is_name`] has it.
    pub(crate) fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(&sha256[..2]).join(sha256)
    }

    /// Takes the bytes and keeps them under their name: whole, right and on disk
    /// when this returns, or not at all. Gives back their number.
    ///
    /// # Errors
    /// [`WireError::AttachmentDamaged`], [`WireError::RequestTooLarge`], a full disk, or
    /// a line that broke.
    pub(crate) async fn keep<S, B, E>(&self, sha256: &str, mut bytes: S) -> Result<u64>
    where
        S: Stream<Item = std::result::Result<B, E>> + Unpin,
        B: AsRef<[u8]>,
        E: std::fmt::Display,
    {
        let part = Unfinished(self.folder.join("incoming").join(format!("{}.part", Uuid::now_v7())));
        let mut file = tokio::fs::File::create_new(&part.0).await?;
        let (mut hash, mut length) = (Sha256::new(), 0_u64);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|error| WireError::BadRequest { reason: error.to_string() })?;
            let chunk = chunk.as_ref();
            length += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if length > MAX_FILE {
                return Err(WireError::RequestTooLarge { limit: MAX_FILE.to_string() }.into());
            }
            hash.update(chunk);
            file.write_all(chunk).await?;
        }
        if hex::encode(hash.finalize()) != sha256 {
            return Err(WireError::AttachmentDamaged { sha256: sha256.to_owned() }.into());
        }
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        let (from, to) = (part.0.clone(), self.path(sha256));
        tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            let shelf = to.parent().expect("a shelf has a folder");
            fs::create_dir_all(shelf)?;
            fs::rename(&from, &to)?;
            bring_to_disk(shelf)?;
            shelf.parent().map_or(Ok(()), bring_to_disk)
        })
        .await
        .map_err(|_| DistrictError::Unreadable { reason: "the thread that kept a file ended".to_owned() })??;
        Ok(length)
    }
}

/// Whether `text` is a file's name: lower-case hex of 32 bytes.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// A new name is safe from a power cut only when its folder is on disk as well.
/// Windows has no such call, and needs none: a rename there is in the journal.
#[cfg(unix)]
pub(crate) fn bring_to_disk(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
#[cfg(not(unix))]
pub(crate) fn bring_to_disk(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A file on its way in; what is not renamed by then is removed with this.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0); // It is gone already when it was renamed.
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn chunks(parts: &[&'static str]) -> impl Stream<Item = std::result::Result<&'static str, &'static str>> + Unpin {
        stream::iter(parts.iter().map(|part| Ok(*part)).collect::<Vec<_>>())
    }

    fn names(folder: &Path) -> usize {
        let mut count = 0;
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            count += if entry.is_dir() { names(&entry) } else { 1 };
        }
        count
    }

    #[tokio::test]
    async fn only_whole_and_right_bytes_get_a_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let attachments = Attachments::open(folder.path()).expect("a new folder");
        let name = crate::sha256_hex("现场照片".as_bytes());

        let wrong = attachments.keep(&name, chunks(&["现场", "照骗"])).await;
        assert!(matches!(wrong, Err(DistrictError::Wire(WireError::AttachmentDamaged { .. }))));
        let broken = stream::iter([Ok("现场"), Err("the line broke")]);
        assert!(attachments.keep(&name, broken).await.is_err(), "half a file is none");
        assert_eq!(names(folder.path()), 0, "nothing is left of either");

        let kept = attachments.keep(&name, chunks(&["现场", "照片"])).await.expect("right bytes");
        assert_eq!(kept, 12);
        assert_eq!(fs::read(attachments.path(&name)).expect("kept"), "现场照片".as_bytes());
        assert_eq!(names(folder.path()), 1, "and no unfinished file beside it");
    }
}
