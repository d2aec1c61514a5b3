//! Files on their way in, resumable across restarts of either side.
//!
//! An upload belongs to one device and one file. Its bytes lie in the store of
//! attachments as parts; which of them count, and so how far it came, is a row in
//! the database that moves by compare-and-set. So any server on the same database
//! and store goes on where another left off, and two that receive at once cannot
//! mix their bytes: the second finds the upload elsewhere.
//!
//! Work that was begun is not given up when its line breaks: what came is kept,
//! and a file whose last byte came is put together and verified.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sync::wire::WireError;
use sync::wire::tus::{Algorithm, Checksum, MAX_FILE, is_name, metadata};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::apart;
use crate::attachments::PART;
use crate::database::device::{Device, Reach};
use crate::database::upload::{self, Upload};
use crate::database::{Lock, Tx, attachment, attachment_name, orphan};
use crate::district::District;
use crate::error::{DistrictError, Result};

/// For so many days an upload waits for its next byte.
const PATIENCE: chrono::Days = chrono::Days::new(7);

/// After so long without a byte a line counts as broken.
const SILENCE: Duration = Duration::from_secs(60);

/// For so long a refused request is listened to.
const MANNERS: Duration = Duration::from_secs(5);

/// How much is received and put together at once: bounds the memory.
pub(crate) struct Room {
    bodies: Semaphore,
    finishing: Semaphore,
}

impl Default for Room {
    fn default() -> Self {
        Self { bodies: Semaphore::new(64), finishing: Semaphore::new(4) }
    }
}

/// How far a file came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) metadata: String,
    pub(crate) bytes: u64,
    pub(crate) received: u64,
    /// Until when it waits for more (RFC 3339); none once the file is held.
    pub(crate) expires_at: Option<String>,
}

impl Standing {
    fn held(sha256: &str, bytes: u64) -> Self {
        Self { metadata: metadata(sha256), bytes, received: bytes, expires_at: None }
    }

    fn of(upload: Upload) -> Self {
        let Upload { metadata, bytes, received, expires_at, .. } = upload;
        Self { metadata, bytes, received, expires_at: Some(expires_at) }
    }
}

/// The file's bytes, where it is held; for a device that may know.
///
/// # Errors
/// [`WireError::AttachmentUnknown`], the same whether the file is unknown or only
/// not this device's to know.
pub(crate) async fn held(district: &Arc<District>, device: &Device, sha256: &str) -> Result<Option<u64>> {
    let unknown = || WireError::AttachmentUnknown { sha256: sha256.to_owned() };
    if !is_name(sha256) {
        return Err(unknown().into());
    }
    let (inside, reach, name) = (Arc::clone(district), device.reach.clone(), sha256.to_owned());
    let found = apart(move || {
        inside
            .database
            .read(|tx| if is_known(tx, &reach, &name)? { attachment::bytes(tx, &name).map(Some) } else { Ok(None) })
    });
    let bytes = found.await?.ok_or_else(unknown)?;
    if bytes.is_some() && district.attachments.length(sha256).await?.is_none() {
        tracing::error!(sha256, "an attachment that should be here is not; it may be sent again");
        return Ok(None);
    }
    Ok(bytes)
}

/// Whether a record within reach names the file.
pub(crate) fn is_known(tx: &Tx<'_>, reach: &Reach, sha256: &str) -> Result<bool> {
    Ok(attachment_name::scopes(tx, sha256)?.iter().any(|scope| reach.covers(scope)))
}

/// How far the device's upload of this file came.
///
/// # Errors
/// As [`held`]; [`WireError::UploadUnknown`] where nothing was begun.
pub(crate) async fn standing(district: &Arc<District>, device: &Device, sha256: &str) -> Result<Standing> {
    match whereabouts(district, device, sha256).await? {
        Found::Held(bytes) => Ok(Standing::held(sha256, bytes)),
        Found::UnderWay(upload) if upload.received == upload.bytes => finish(district, upload).await,
        Found::UnderWay(upload) => Ok(Standing::of(upload)),
    }
}

enum Found {
    Held(u64),
    UnderWay(Upload),
}

async fn whereabouts(district: &Arc<District>, device: &Device, sha256: &str) -> Result<Found> {
    let (inside, id, name) = (Arc::clone(district), device.id, sha256.to_owned());
    if let Some(bytes) = held(district, device, sha256).await? {
        return Ok(Found::Held(bytes));
    }
    let upload = apart(move || inside.database.read(|tx| upload::read(tx, id, &name))).await?;
    if let Some(upload) = upload {
        return Ok(Found::UnderWay(upload));
    }
    // Between the two questions it may have been finished.
    let unknown = || WireError::UploadUnknown { sha256: sha256.to_owned() };
    Ok(Found::Held(held(district, device, sha256).await?.ok_or_else(unknown)?))
}

/// Begins the upload of a file, or finds the one that is under way.
///
/// # Errors
/// As [`held`]; [`WireError::RequestTooLarge`]; [`WireError::AttachmentDamaged`]
/// for a file that is held and has another length.
pub(crate) async fn begin(
    district: &Arc<District>,
    device: &Device,
    sha256: &str,
    bytes: u64,
    metadata: String,
) -> Result<Standing> {
    match held(district, device, sha256).await? {
        Some(held) if held == bytes => return Ok(Standing::held(sha256, bytes)),
        Some(_) => return Err(WireError::AttachmentDamaged { sha256: sha256.to_owned() }.into()),
        None => {}
    }
    if bytes > MAX_FILE {
        return Err(WireError::RequestTooLarge { limit: MAX_FILE.to_string() }.into());
    }
    // The store may have it from a time that the database has forgotten.
    let lies_there = district.attachments.length(sha256).await? == Some(bytes);
    if lies_there && district.take_in(sha256, bytes).await? {
        return Ok(Standing::held(sha256, bytes));
    }
    let (inside, device) = (Arc::clone(district), device.id);
    let id = Uuid::now_v7();
    let new = Upload { id, sha256: sha256.to_owned(), metadata, bytes, received: 0, expires_at: expiry() };
    let (begun, given_up) = apart(move || {
        inside.database.write(|tx| {
            tx.lock(Lock::File(&new.sha256))?; // The collection looks again behind it.
            let before = upload::read(tx, device, &new.sha256)?;
            let given_up = match before {
                Some(before) if before.bytes == new.bytes => return Ok((before, None)),
                // One of the two lengths is wrong; who speaks last is believed, until the bytes are hashed.
                Some(before) => {
                    upload::end(tx, before.id)?;
                    Some(before.id)
                }
                None => None,
            };
            if upload::begin(tx, device, &new)? {
                return Ok((new.clone(), given_up));
            }
            // Another server was asked at the same moment.
            let begun = upload::read(tx, device, &new.sha256)?;
            let unknown = || WireError::UploadUnknown { sha256: new.sha256.clone() };
            Ok((begun.ok_or_else(unknown)?, given_up))
        })
    })
    .await?;
    if let Some(id) = given_up {
        sweep(district, id).await;
    }
    if begun.received == begun.bytes { finish(district, begun).await } else { Ok(Standing::of(begun)) }
}

/// The upload that goes on at `offset` with a chunk, of so many bytes if that was said.
///
/// # Errors
/// As [`standing`]; [`WireError::UploadElsewhere`]; [`WireError::RequestTooLarge`]
/// for more bytes than announced at the beginning.
pub(crate) async fn ready(
    district: &Arc<District>,
    device: &Device,
    sha256: &str,
    offset: u64,
    announced: Option<u64>,
) -> Result<Upload> {
    let upload = match whereabouts(district, device, sha256).await? {
        Found::Held(bytes) => return Err(elsewhere(sha256, bytes, offset)),
        Found::UnderWay(upload) => upload,
    };
    if upload.received != offset {
        return Err(elsewhere(sha256, upload.received, offset));
    }
    if announced.is_some_and(|announced| announced > upload.bytes - upload.received) {
        return Err(WireError::RequestTooLarge { limit: upload.bytes.to_string() }.into());
    }
    Ok(upload)
}

/// Receives a chunk where the upload stands. What was begun is brought to its end
/// even if the caller goes away in the midst of it.
///
/// # Errors
/// [`WireError::UploadElsewhere`] when somebody else was quicker;
/// [`WireError::ChunkDamaged`]; [`WireError::RequestTooLarge`] for more bytes than
/// announced; [`WireError::AttachmentDamaged`] when the whole file is not what its
/// name says.
pub(crate) async fn append<S, E>(
    district: &Arc<District>,
    device: &Device,
    upload: Upload,
    checksum: Option<Checksum>,
    chunk: S,
) -> Result<Standing>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Send + Unpin + 'static,
    E: std::fmt::Display + Send,
{
    let (district, device) = (Arc::clone(district), device.clone());
    let received = tokio::spawn(async move {
        let _place = district.room.bodies.acquire().await.expect("the semaphore is never closed");
        let (sha256, offset) = (upload.sha256.clone(), upload.received);
        let receiving = Receiving { district: &district, at: offset, upload, unproved: None };
        match receiving.receive(checksum, chunk).await? {
            Some(upload) if upload.received == upload.bytes => finish(&district, upload).await,
            Some(upload) => Ok(Standing::of(upload)),
            None => {
                let stands = standing(&district, &device, &sha256).await?;
                Err(elsewhere(&sha256, stands.received, offset))
            }
        }
    });
    received.await.map_err(panicked)?
}

fn elsewhere(sha256: &str, expected: u64, given: u64) -> DistrictError {
    let (expected, given) = (expected.to_string(), given.to_string());
    WireError::UploadElsewhere { sha256: sha256.to_owned(), expected, given }.into()
}

/// Gives an upload up. A file that is held stays.
///
/// # Errors
/// As [`standing`].
pub(crate) async fn terminate(district: &Arc<District>, device: &Device, sha256: &str) -> Result<()> {
    let id = match whereabouts(district, device, sha256).await? {
        Found::Held(_) => return Err(WireError::UploadUnknown { sha256: sha256.to_owned() }.into()),
        Found::UnderWay(upload) => upload.id,
    };
    let inside = Arc::clone(district);
    apart(move || inside.database.write(|tx| upload::end(tx, id))).await?;
    sweep(district, id).await;
    Ok(())
}

/// Reads away what nobody needs, as far as it is little: a client that finds its
/// line broken in the midst of sending does not read the answer.
pub(crate) async fn drain<S, E>(mut chunks: S)
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Send + Unpin,
{
    let mut left = 2 * PART;
    let reading = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            match left.checked_sub(chunk.len()) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    let _ = tokio::time::timeout(MANNERS, reading).await; // Slower than that, it finds its line broken.
}

/// A chunk being received.
struct Receiving<'a> {
    district: &'a Arc<District>,
    upload: Upload,
    /// Where the next byte belongs.
    at: u64,
    /// The parts of a chunk whose checksum is not known to be right yet.
    unproved: Option<Vec<(u64, String)>>,
}

impl Receiving<'_> {
    /// The upload as it stands after the chunk; `None` when somebody else moved it
    /// in the meantime.
    async fn receive<S, E>(mut self, checksum: Option<Checksum>, mut chunk: S) -> Result<Option<Upload>>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send + Unpin,
        E: std::fmt::Display + Send,
    {
        let mut proof = checksum.map(Proof::new);
        self.unproved = proof.as_ref().map(|_| Vec::new());
        let mut buffer = Vec::new();
        let came = loop {
            let bytes = match tokio::time::timeout(SILENCE, chunk.next()).await {
                Ok(Some(Ok(bytes))) => bytes,
                Ok(None) => break Ok(()),
                Ok(Some(Err(error))) => break Err(WireError::BadRequest { reason: error.to_string() }),
                Err(_) => break Err(WireError::BadRequest { reason: "the line fell silent".to_owned() }),
            };
            let so_far = self.at + u64::try_from(buffer.len() + bytes.len()).unwrap_or(u64::MAX);
            if so_far > self.upload.bytes {
                buffer.clear(); // Who sends more than the file has does not know what it sends.
                drain(chunk).await;
                break Err(WireError::RequestTooLarge { limit: self.upload.bytes.to_string() });
            }
            if let Some(proof) = &mut proof {
                proof.add(&bytes);
            }
            buffer.extend_from_slice(&bytes);
            if buffer.len() >= PART && !self.keep(std::mem::take(&mut buffer)).await? {
                drain(chunk).await;
                return Ok(None);
            }
        };
        let came = came.and_then(|()| match proof.is_none_or(Proof::holds) {
            true => Ok(()),
            false => Err(WireError::ChunkDamaged { sha256: self.upload.sha256.clone() }),
        });
        if came.is_err() && self.unproved.is_some() {
            for (_, part) in self.unproved.take().into_iter().flatten() {
                self.district.attachments.drop_part(&part).await;
            }
        } else if !buffer.is_empty() && !self.keep(buffer).await? {
            return Ok(None);
        }
        came?;
        let proved = self.unproved.take().unwrap_or_default();
        if !proved.is_empty() && !self.count(proved).await? {
            return Ok(None);
        }
        Ok(Some(self.upload))
    }

    /// Brings bytes to the store, and counts them unless a checksum is awaited.
    async fn keep(&mut self, bytes: Vec<u8>) -> Result<bool> {
        let (start, length) = (self.at, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let part = (start, self.district.attachments.keep_part(self.upload.id, start, bytes).await?);
        self.at += length;
        match &mut self.unproved {
            Some(unproved) => {
                unproved.push(part);
                Ok(true)
            }
            None => self.count(vec![part]).await,
        }
    }

    /// Counts parts that lie in the store. `false`, and the parts gone, when the
    /// upload stands elsewhere by now.
    async fn count(&mut self, parts: Vec<(u64, String)>) -> Result<bool> {
        let (inside, id, from, to) = (Arc::clone(self.district), self.upload.id, self.upload.received, self.at);
        let expires_at = expiry();
        let (noted, until) = (parts.clone(), expires_at.clone());
        let write = move || inside.database.write(|tx| upload::advance(tx, id, from, &noted, to, &until));
        if apart(write).await? {
            self.upload.received = to;
            self.upload.expires_at = expires_at;
            return Ok(true);
        }
        for (_, part) in parts {
            self.district.attachments.drop_part(&part).await;
        }
        Ok(false)
    }
}

/// A checksum on its way to being proved.
struct Proof {
    awaited: Vec<u8>,
    hash: Hash,
}

enum Hash {
    Sha256(Sha256),
    Sha1(Sha1),
}

impl Proof {
    fn new(checksum: Checksum) -> Self {
        let hash = match checksum.algorithm {
            Algorithm::Sha256 => Hash::Sha256(Sha256::new()),
            Algorithm::Sha1 => Hash::Sha1(Sha1::new()),
        };
        Self { awaited: checksum.digest, hash }
    }

    fn add(&mut self, bytes: &[u8]) {
        match &mut self.hash {
            Hash::Sha256(hash) => hash.update(bytes),
            Hash::Sha1(hash) => hash.update(bytes),
        }
    }

    fn holds(self) -> bool {
        match self.hash {
            Hash::Sha256(hash) => hash.finalize()[..] == self.awaited[..],
            Hash::Sha1(hash) => hash.finalize()[..] == self.awaited[..],
        }
    }
}

/// Puts a file together whose last byte came, verifies it, and lets pass what
/// waited for it.
async fn finish(district: &Arc<District>, upload: Upload) -> Result<Standing> {
    let district = Arc::clone(district);
    tokio::spawn(async move { finish_here(&district, upload).await }).await.map_err(panicked)?
}

async fn finish_here(district: &Arc<District>, upload: Upload) -> Result<Standing> {
    let Upload { id, sha256, bytes, .. } = upload;
    let _place = district.room.finishing.acquire().await.expect("the semaphore is never closed");
    let inside = Arc::clone(district);
    let parts = apart(move || inside.database.read(|tx| upload::parts(tx, id))).await?;
    // No part where there must be some: another server has finished or ended it.
    let written =
        if parts.is_empty() && bytes > 0 { Ok(false) } else { district.attachments.assemble(&sha256, &parts).await };
    let (inside, name) = (Arc::clone(district), sha256.clone());
    match written {
        Ok(true) => {
            let write = move || {
                inside.database.write(|tx| {
                    inside.ledger(tx).arrived(&name, bytes)?;
                    orphan::forget(tx, &name)?;
                    upload::end_all(tx, &name)
                })
            };
            for ended in apart(write).await? {
                sweep(district, ended).await;
            }
            Ok(Standing::held(&sha256, bytes))
        }
        Ok(false) => {
            let held = apart(move || {
                inside.database.write(|tx| {
                    upload::end(tx, id)?;
                    attachment::is_held(tx, &name)
                })
            });
            let held = held.await?;
            sweep(district, id).await;
            if held { Ok(Standing::held(&sha256, bytes)) } else { Err(WireError::UploadUnknown { sha256 }.into()) }
        }
        Err(DistrictError::Wire(damaged)) => {
            apart(move || inside.database.write(|tx| upload::end(tx, id))).await?;
            sweep(district, id).await;
            Err(damaged.into())
        }
        Err(other) => Err(other), // A full disk, say: it is tried again when the device asks again.
    }
}

/// Clears away the bytes of an upload that ended. What stays is found by the collection.
pub(crate) async fn sweep(district: &Arc<District>, upload: Uuid) {
    if let Err(error) = district.attachments.drop_upload(&upload.to_string()).await {
        tracing::warn!(%error, %upload, "the bytes of an ended upload stay until they are collected");
    }
}

fn expiry() -> String {
    let end = chrono::Utc::now() + PATIENCE;
    end.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn panicked(_: tokio::task::JoinError) -> DistrictError {
    DistrictError::Unreadable { reason: "the task of an upload ended in a panic".to_owned() }
}
