//! Files that come on sticks, piece by piece. They go the way of uploads: what a
//! stick has begun, the line or another stick can finish, and the other way round.
//! A piece that comes before the one it follows waits beside its upload.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use chrono::{Days, SecondsFormat, Utc};
use futures_util::stream;
use sync::bundle::{Chunk, Has, Offer, Stand};
use sync::wire::WireError;
use sync::wire::tus::metadata;
use tokio::runtime::Runtime;

use crate::database::device::Device;
use crate::database::upload_ahead::{self, Ahead};
use crate::database::{Tx, attachment, attachment_name, upload};
use crate::district::District;
use crate::error::{DistrictError, Result};
use crate::uploads::{append, begin, ready};

/// For so many days a file of which a stick brought a part waits for the next one:
/// whoever brings it comes to the district once in a season, not once in a week.
const PATIENCE: Days = Days::new(180);

/// What came of files.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) unfinished: u64,
    pub(super) refused: u64,
}

/// Files being received.
pub(super) struct Files<'a> {
    district: &'a Arc<District>,
    runtime: &'a Runtime,
    /// The file of the last piece, and how far it came.
    current: Option<(String, Stage)>,
    taken: Taken,
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// So many bytes of it are here, and more is wanted.
    Open(u64),
    /// It is here, or will not be: nothing more of it is wanted.
    Done,
}

impl<'a> Files<'a> {
    pub(super) fn new(district: &'a Arc<District>, runtime: &'a Runtime) -> Self {
        Self { district, runtime, current: None, taken: Taken::default() }
    }

    /// Takes a piece, as far as it is news.
    pub(super) fn take(&mut self, device: &Device, chunk: &Chunk) -> Result<()> {
        let stage = match &self.current {
            Some((sha256, stage)) if *sha256 == chunk.sha256 => *stage,
            _ => self.begin(device, chunk)?,
        };
        let stage = match stage {
            Stage::Open(received) => self.put(device, chunk, received)?,
            Stage::Done => Stage::Done,
        };
        self.current = Some((chunk.sha256.clone(), stage));
        Ok(())
    }

    fn begin(&mut self, device: &Device, chunk: &Chunk) -> Result<Stage> {
        let Chunk { sha256, total, .. } = chunk;
        let begun = self.runtime.block_on(async {
            let before = crate::uploads::held(self.district, device, sha256).await?;
            let standing = begin(self.district, device, sha256, *total, metadata(sha256)).await?;
            Ok::<_, DistrictError>((before.is_some(), standing))
        });
        match begun {
            Ok((before, standing)) if standing.expires_at.is_none() => {
                self.taken.files += u64::from(!before); // It was empty, or lay in the store.
                Ok(Stage::Done)
            }
            Ok((_, standing)) => Ok(Stage::Open(standing.received)),
            Err(error) => self.refused(error, sha256),
        }
    }

    /// Puts the piece where it belongs, and then those that waited for it.
    fn put(&mut self, device: &Device, chunk: &Chunk, received: u64) -> Result<Stage> {
        let end = chunk.start + chunk.bytes.len() as u64;
        if end <= received {
            return Ok(Stage::Open(received));
        }
        if chunk.start > received {
            self.set_aside(device, chunk, end)?;
            return Ok(Stage::Open(received));
        }
        self.taken.bytes += end - received;
        let news = usize::try_from(received - chunk.start).unwrap_or(usize::MAX);
        let mut stage = self.go_on(device, &chunk.sha256, received, chunk.bytes[news..].to_vec())?;
        while let Stage::Open(received) = stage {
            let Some(bytes) = self.waiting(device, &chunk.sha256, received)? else { break };
            stage = self.go_on(device, &chunk.sha256, received, bytes)?;
        }
        Ok(stage)
    }

    fn go_on(&mut self, device: &Device, sha256: &str, received: u64, bytes: Vec<u8>) -> Result<Stage> {
        let went = self.runtime.block_on(async {
            let upload = ready(self.district, device, sha256, received, None).await?;
            let chunk = stream::iter([Ok::<_, Infallible>(Bytes::from(bytes))]);
            append(self.district, device, upload, None, chunk).await
        });
        match went {
            Ok(standing) => {
                let done = standing.expires_at.is_none();
                self.taken.files += u64::from(done);
                Ok(if done { Stage::Done } else { Stage::Open(standing.received) })
            }
            // The laptop sends it over the line at this moment: its affair.
            Err(DistrictError::Wire(WireError::UploadElsewhere { .. })) => Ok(Stage::Done),
            Err(error) => self.refused(error, sha256),
        }
    }

    /// Whether one file alone is concerned; then no more of it is taken.
    fn refused(&mut self, error: DistrictError, sha256: &str) -> Result<Stage> {
        use WireError as E;
        match error {
            DistrictError::Wire(
                E::AttachmentUnknown { .. } | E::AttachmentDamaged { .. } | E::RequestTooLarge { .. },
            ) => {
                tracing::warn!(%error, sha256, "a file on a stick was not taken");
                self.taken.refused += 1;
                Ok(Stage::Done)
            }
            other => Err(other),
        }
    }

    fn set_aside(&mut self, device: &Device, chunk: &Chunk, stop: u64) -> Result<()> {
        let found = self.district.database.read(|tx| upload::read(tx, device.id, &chunk.sha256))?;
        let Some(upload) = found else { return Ok(()) };
        let waits = self.district.database.read(|tx| upload_ahead::read(tx, upload.id))?;
        if waits.iter().any(|piece| piece.start <= chunk.start && stop <= piece.stop) {
            return Ok(());
        }
        let kept = self.district.attachments.keep_part(upload.id, chunk.start, chunk.bytes.clone());
        let piece = Ahead { start: chunk.start, stop, object: self.runtime.block_on(kept)? };
        if self.district.database.write(|tx| upload_ahead::note(tx, upload.id, &piece))? {
            self.taken.bytes += stop - chunk.start;
        } else {
            self.runtime.block_on(self.district.attachments.drop_part(&piece.object));
        }
        Ok(())
    }

    /// The bytes that wait and go on where the upload stands.
    fn waiting(&mut self, device: &Device, sha256: &str, received: u64) -> Result<Option<Vec<u8>>> {
        let database = &self.district.database;
        let Some(upload) = database.read(|tx| upload::read(tx, device.id, sha256))? else { return Ok(None) };
        for piece in database.read(|tx| upload_ahead::read(tx, upload.id))? {
            if piece.start > received {
                break;
            }
            let bytes = self.runtime.block_on(self.district.attachments.part(&piece.object))?;
            database.write(|tx| upload_ahead::forget(tx, upload.id, piece.start))?;
            self.runtime.block_on(self.district.attachments.drop_part(&piece.object));
            let news = usize::try_from(received - piece.start).unwrap_or(usize::MAX);
            if let Some(bytes) = bytes.filter(|bytes| bytes.len() > news) {
                return Ok(Some(bytes[news..].to_vec()));
            }
        }
        Ok(None)
    }

    /// What came, when all is read: files of which a part is here wait longer than
    /// those on the line.
    pub(super) fn finish(mut self, device: &Device, offers: &[Offer]) -> Result<Taken> {
        let until = (Utc::now() + PATIENCE).to_rfc3339_opts(SecondsFormat::Secs, true);
        self.taken.unfinished = self.district.database.write(|tx| {
            let mut waits = 0;
            for offer in offers {
                if let Some(upload) = upload::read(tx, device.id, &offer.sha256)? {
                    upload::wait_until(tx, upload.id, &until)?;
                    waits += 1;
                }
            }
            Ok(waits)
        })?;
        Ok(self.taken)
    }
}

/// What is here of the files that the laptop offers.
pub(super) fn stands(tx: &Tx<'_>, device: &Device, offers: &[Offer]) -> Result<Vec<Stand>> {
    let mut stands = Vec::with_capacity(offers.len());
    for Offer { sha256, .. } in offers {
        let named = attachment_name::scopes(tx, sha256)?.iter().any(|scope| device.reach.covers(scope));
        let has = if !named {
            Has::Unnamed
        } else if attachment::is_held(tx, sha256)? {
            Has::All
        } else if let Some(upload) = upload::read(tx, device.id, sha256)? {
            let ahead = upload_ahead::read(tx, upload.id)?.into_iter().map(|piece| (piece.start, piece.stop));
            let whole = (upload.received > 0).then_some((0, upload.received));
            Has::Some(whole.into_iter().chain(ahead).collect())
        } else {
            Has::Some(Vec::new())
        };
        stands.push(Stand { sha256: sha256.clone(), has });
    }
    Ok(stands)
}
