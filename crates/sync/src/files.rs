//! Original files after the records: small ones before large ones, each from
//! where it broke off, and none so fast that nobody else can use the line.
//!
//! The laptop keeps no account of what it has sent of a file: the district is
//! asked, and its word is true after a restart of either side. What came down of
//! a file lies beside the whole ones in pieces, and counts only when all of it was
//! hashed. A file that cannot go holds up no other; why it could not is said at
//! the end.

use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;

use domain::record::Attachment;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{AttachmentRow, Store};
use tokio::time::Instant;

use crate::engine::{Error, Report, Step};
use crate::http::{self, District};
use crate::transfer::NAMES;
use crate::wire::WireError;

/// The most bytes that go or come at once: what a broken line costs at most.
pub const CHUNK: usize = 1 << 20;

/// The bytes that go at once to begin with: a line that breaks again and again
/// must carry at least so many, or a file never gets further.
const LEAST: usize = 64 << 10;

/// Pieces grow while each is through in so short a time.
const BRISK: Duration = Duration::from_secs(2);

/// A file up to this size goes in one request; larger ones ask first, for the
/// district may hold them already.
const SMALL: u64 = 64 << 10;

/// How often a file is tried that makes no headway.
const PATIENCE: u32 = 5;

/// How a person wants files to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// Whether files move at all; records always do.
    pub files: bool,
    /// The most bytes per second, both ways together.
    pub bytes_per_second: Option<u64>,
}

impl Default for Terms {
    fn default() -> Self {
        Self { files: true, bytes_per_second: None }
    }
}

/// A file that is read from any place.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// The original files beside the laptop's database.
pub trait Files {
    /// A file that is here, to be read.
    ///
    /// # Errors
    /// When it cannot be read.
    fn source(&self, sha256: &str) -> std::io::Result<Box<dyn Source>>;

    /// Keeps a file that came in whole; its hash was checked.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep(&self, file: &Attachment, bytes: &[u8]) -> std::io::Result<()>;

    /// How many bytes of a file lie here in pieces, without a gap from its beginning.
    ///
    /// # Errors
    /// When they cannot be read.
    fn came(&self, sha256: &str) -> std::io::Result<u64>;

    /// Keeps a piece of a file that is coming in: the bytes from `start` on.
    ///
    /// # Errors
    /// When it cannot be written.
    fn add(&self, sha256: &str, start: u64, piece: &[u8]) -> std::io::Result<()>;

    /// Makes a whole file of its pieces. `false`, and the pieces gone, when they
    /// are not what its name says.
    ///
    /// # Errors
    /// When they cannot be read, or it cannot be written.
    fn complete(&self, file: &Attachment) -> std::io::Result<bool>;

    /// Lets the pieces of a file go.
    ///
    /// # Errors
    /// When they cannot be removed.
    fn forget(&self, sha256: &str) -> std::io::Result<()>;
}

/// Files on their way, both ways.
pub(crate) struct Transfer<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) files: &'a (dyn Files + Sync),
    pub(crate) district: &'a District,
    /// Asked between pieces: whether a person wants no more.
    pub(crate) stop: &'a (dyn Fn() -> bool + Sync),
    /// The laptop's wall time (RFC 3339).
    pub(crate) now: &'a (dyn Fn() -> String + Sync),
    pub(crate) pace: Pace,
    /// How many bytes go at once, as far as this line has shown itself able.
    pub(crate) able: Able,
}

/// What became of one file.
enum Moved {
    /// It is where it was to go.
    Whole,
    /// Not now: the district does not know it, or a person wants no more.
    Later,
    /// The district knows no record that names it.
    Unknown,
}

impl Transfer<'_> {
    /// Sends what is here and not at the district. Gives back why a single file
    /// could not go; the others have gone.
    ///
    /// # Errors
    /// What concerns more than one file breaks everything off.
    pub(crate) async fn send(
        &mut self,
        report: &mut Report,
        progress: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Option<Error>, Error> {
        let due = self.store.attachments_to_send()?;
        let total: u64 = due.iter().map(|row| row.file.bytes).sum();
        let (mut done, mut unknown, mut wrong) = (0, Vec::new(), None);
        for AttachmentRow { file, .. } in due {
            if (self.stop)() {
                break;
            }
            let mut told = |at: u64| progress(Step::Sending(done + at.min(file.bytes), total));
            match self.send_one(&file, report, &mut told).await {
                Ok(Moved::Whole) => self.store.attachment_is_at_district(&file.sha256)?,
                Ok(Moved::Later) => {}
                Ok(Moved::Unknown) => unknown.push(file.sha256),
                Err(error) => wrong = Some(only_this(error, &file)?),
            }
            done += file.bytes;
            progress(Step::Sending(done, total));
        }
        if !unknown.is_empty() {
            self.store.attachments_unknown(&unknown, &(self.now)())?;
        }
        Ok(wrong)
    }

    async fn send_one(
        &mut self,
        file: &Attachment,
        report: &mut Report,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Moved, Error> {
        let (mut source, mut at, mut best, mut tries) = (None, None, 0, 0);
        loop {
            if (self.stop)() {
                return Ok(Moved::Later);
            }
            let step = match at {
                None if file.bytes <= SMALL => {
                    let bytes = piece(&mut source, self.files, file, 0, usize::MAX)?;
                    self.pace.spend(file.bytes).await;
                    self.district.begin(&file.sha256, file.bytes, Some(bytes)).await
                }
                None => self.district.begin(&file.sha256, file.bytes, None).await,
                Some(at) => {
                    let bytes = piece(&mut source, self.files, file, at, self.able.piece().min(self.pace.piece()))?;
                    let many = bytes.len();
                    self.pace.spend(length(&bytes)).await;
                    let start = Instant::now();
                    let sent = self.district.send(&file.sha256, at, bytes).await;
                    self.able.learn(many, start.elapsed());
                    sent
                }
            };
            let asked = at.is_none();
            match step {
                Ok(stands) if stands >= file.bytes => {
                    // Held before anything was sent: it is not this laptop that brought it.
                    report.sent += u64::from(!asked || file.bytes <= SMALL);
                    return Ok(Moved::Whole);
                }
                Ok(stands) => at = Some(stands),
                Err(http::Error::Refused(refusal)) => match refusal {
                    WireError::AttachmentUnknown { .. } => return Ok(Moved::Unknown),
                    WireError::UploadElsewhere { expected, .. } => at = expected.parse().ok(),
                    WireError::UploadUnknown { .. } => at = None,
                    WireError::ChunkDamaged { .. } => {}
                    other => return Err(http::Error::Refused(other).into()),
                },
                Err(error) => return Err(error.into()),
            }
            tries = if at > Some(best) { 0 } else { tries + 1 };
            best = best.max(at.unwrap_or_default());
            if tries >= PATIENCE {
                let reason = format!("{} makes no headway at {}", file.sha256, at.unwrap_or_default());
                return Err(http::Error::Unreadable(reason).into());
            }
            told(at.unwrap_or_default());
        }
    }

    /// Fetches what records name, is not here, and is at the district. Gives back
    /// why a single file could not come.
    ///
    /// # Errors
    /// As [`Transfer::send`].
    pub(crate) async fn fetch(
        &mut self,
        report: &mut Report,
        progress: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Option<Error>, Error> {
        let mut due = self.store.attachments_to_fetch()?;
        let names: Vec<&str> = due.iter().map(|row| row.file.sha256.as_str()).collect();
        let mut there = std::collections::BTreeSet::new();
        for names in names.chunks(NAMES) {
            there.extend(self.district.held(names).await?);
        }
        due.retain(|row| there.contains(&row.file.sha256));
        let total: u64 = due.iter().map(|row| row.file.bytes).sum();
        let (mut done, mut wrong) = (0, None);
        for AttachmentRow { file, .. } in due {
            if (self.stop)() {
                break;
            }
            let mut told = |at: u64| progress(Step::Receiving(done + at.min(file.bytes), total));
            match self.fetch_one(&file, &mut told).await {
                Ok(Moved::Whole) => {
                    self.store.attachment_is_here(&file, None)?;
                    self.store.attachment_is_at_district(&file.sha256)?;
                    report.received += 1;
                }
                Ok(Moved::Later | Moved::Unknown) => {}
                Err(error) => wrong = Some(only_this(error, &file)?),
            }
            done += file.bytes;
            progress(Step::Receiving(done, total));
        }
        Ok(wrong)
    }

    async fn fetch_one(&mut self, file: &Attachment, told: &mut (dyn FnMut(u64) + Send)) -> Result<Moved, Error> {
        let damaged = || http::Error::Refused(WireError::AttachmentDamaged { sha256: file.sha256.clone() });
        let mut came = self.files.came(&file.sha256)?;
        let mut buffer: Vec<u8> = Vec::new();
        if came < file.bytes || came == 0 {
            let mut download = match self.district.fetch(&file.sha256, came).await {
                Ok(Some(download)) => download,
                Ok(None) => {
                    // The record says that it is longer than it is, so its name is another's.
                    self.files.forget(&file.sha256)?;
                    return Err(damaged().into());
                }
                // Taken back in the meantime.
                Err(http::Error::Refused(WireError::AttachmentUnknown { .. })) => return Ok(Moved::Unknown),
                Err(error) => return Err(error.into()),
            };
            if download.start != came {
                self.files.forget(&file.sha256)?;
                came = 0;
                if download.start != 0 {
                    return Err(http::Error::Unreadable("a part that was not asked for".to_owned()).into());
                }
            }
            loop {
                let next = download.chunk().await;
                if let Ok(Some(bytes)) = &next {
                    let bytes = bytes.as_ref();
                    self.pace.spend(length(bytes)).await;
                    buffer.extend_from_slice(bytes);
                    if came + length(&buffer) > file.bytes {
                        self.files.forget(&file.sha256)?;
                        return Err(damaged().into());
                    }
                }
                let ended = !matches!(next, Ok(Some(_)));
                let whole_and_small = ended && came == 0 && length(&buffer) == file.bytes;
                if !whole_and_small && (buffer.len() >= CHUNK || (ended && !buffer.is_empty())) {
                    self.files.add(&file.sha256, came, &buffer)?;
                    came += length(&buffer);
                    buffer.clear();
                    told(came);
                }
                next?;
                if ended {
                    break;
                }
                if (self.stop)() {
                    if !buffer.is_empty() {
                        self.files.add(&file.sha256, came, &buffer)?;
                    }
                    return Ok(Moved::Later);
                }
            }
        }
        if came == 0 {
            if hex::encode(Sha256::digest(&buffer)) != file.sha256 {
                return Err(damaged().into());
            }
            self.files.keep(file, &buffer)?;
        } else if !self.files.complete(file)? {
            return Err(damaged().into());
        }
        Ok(Moved::Whole)
    }
}

/// An error that concerns one file alone; any other breaks everything off.
fn only_this(error: Error, file: &Attachment) -> Result<Error, Error> {
    let alone = match &error {
        Error::File(_) => true,
        Error::Http(http::Error::Refused(refusal)) => {
            matches!(refusal, WireError::AttachmentDamaged { .. } | WireError::RequestTooLarge { .. })
        }
        _ => false,
    };
    if !alone {
        return Err(error);
    }
    tracing::warn!(%error, sha256 = file.sha256, "a file could not be moved; the others go on");
    Ok(error)
}

/// At most `most` bytes of the file from `at` on.
fn piece(
    source: &mut Option<Box<dyn Source>>,
    files: &dyn Files,
    file: &Attachment,
    at: u64,
    most: usize,
) -> std::io::Result<Vec<u8>> {
    let source = match source {
        Some(source) => source,
        None => source.insert(files.source(&file.sha256)?),
    };
    source.seek(SeekFrom::Start(at))?;
    let most = u64::try_from(most).unwrap_or(u64::MAX).min(file.bytes.saturating_sub(at));
    let mut bytes = Vec::new();
    source.take(most).read_to_end(&mut bytes)?;
    if length(&bytes) < most {
        return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the file here is shorter than it was"));
    }
    Ok(bytes)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// How many bytes a line carries at once: half of what went quickly so far. Where
/// it breaks often, a break then costs at most a third of what went; where not,
/// pieces are soon as large as they get. An exchange that breaks off ends; the
/// next one begins small again.
#[derive(Default)]
pub(crate) struct Able {
    went: usize,
}

impl Able {
    fn piece(&self) -> usize {
        (self.went / 2).clamp(LEAST, CHUNK)
    }

    fn learn(&mut self, bytes: usize, took: Duration) {
        if took < BRISK {
            self.went += bytes;
        }
    }
}

/// So many bytes per second and no more: a bucket that fills with time and holds
/// a second's worth.
pub(crate) struct Pace {
    bytes_per_second: Option<u64>,
    /// When all that was spent will have been earned.
    paid: Instant,
}

impl Pace {
    pub(crate) fn new(bytes_per_second: Option<u64>) -> Self {
        Self { bytes_per_second: bytes_per_second.map(|rate| rate.max(1)), paid: Instant::now() }
    }

    /// How much may go at once: a second's worth, so that others get their turn.
    fn piece(&self) -> usize {
        let most = self.bytes_per_second.map_or(CHUNK, |rate| usize::try_from(rate).unwrap_or(CHUNK));
        most.clamp(16 << 10, CHUNK)
    }

    /// Waits until `bytes` may go.
    async fn spend(&mut self, bytes: u64) {
        let Some(rate) = self.bytes_per_second else { return };
        let earliest = Instant::now().checked_sub(Duration::from_secs(1)).unwrap_or(self.paid);
        self.paid = self.paid.max(earliest);
        let micros = u128::from(bytes) * 1_000_000 / u128::from(rate);
        self.paid += Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX >> 1));
        tokio::time::sleep_until(self.paid).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_line_is_left_to_others_at_the_pace_that_was_asked_for() {
        let mut pace = Pace::new(Some(50_000));
        assert_eq!(pace.piece(), 50_000, "a second's worth at once");
        let start = Instant::now();
        for _ in 0..20 {
            pace.spend(50_000).await;
        }
        let took = start.elapsed().as_secs();
        assert!((19..=21).contains(&took), "a megabyte at 50 kB/s takes 20 s, not {took}");
        tokio::time::advance(Duration::from_secs(3_600)).await;
        let start = Instant::now();
        pace.spend(100_000).await;
        assert_eq!(start.elapsed().as_secs(), 1, "an hour of silence saves up one second, not an hour");
    }

    #[test]
    fn pieces_grow_on_a_quick_line_and_stay_small_on_a_slow_one() {
        let mut able = Able::default();
        able.learn(10 << 20, BRISK);
        assert_eq!(able.piece(), LEAST, "a slow line that breaks loses little");
        let sizes = std::iter::repeat_with(|| {
            let piece = able.piece();
            able.learn(piece, Duration::from_millis(50));
            piece >> 10
        });
        let sizes: Vec<usize> = sizes.take(12).collect();
        assert_eq!(sizes[..4], [64, 64, 64, 96], "each is at most half of what went before it");
        assert_eq!(sizes[11], 1024, "and soon as large as they get: {sizes:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nobody_waits() {
        let mut pace = Pace::new(None);
        let start = Instant::now();
        pace.spend(u64::MAX).await;
        assert_eq!((start.elapsed(), pace.piece()), (Duration::ZERO, CHUNK));
    }
}
