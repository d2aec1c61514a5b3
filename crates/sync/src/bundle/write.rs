//! One part of a bundle, written as a stream.

use std::io::{self, Write};
use std::str::FromStr;

use age::stream::StreamWriter;
use domain::DeviceId;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::{END, ENVELOPE, MAGIC, PIECE, PREFACE, PURPOSE, Preface, VERSION};
use crate::wire::seal;

/// More than age's own header takes, with the random lines that it adds.
const AGE_HEADER: u64 = 2 << 10;

/// Every so many bytes age puts a tag of 16.
const AGE_CHUNK: u64 = 64 << 10;

/// What a frame takes beside its contents.
pub(super) const FRAME: u64 = 5;

/// What a chunk takes beside its bytes.
pub(super) const CHUNK_HEAD: u64 = FRAME + 32 + 8 + 8 + 32;

/// What the end takes.
pub(super) const END_FRAME: u64 = FRAME + 1 + 32 + 64;

/// One part being written.
pub struct Writer<W: Write> {
    out: StreamWriter<W>,
    key: SigningKey,
    hash: Sha256,
    clear: u64,
    inside: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a part: the header in clear, then for `recipient` alone the preface,
    /// signed with `key` by `signer`.
    ///
    /// # Errors
    /// When `out` takes no more, or `recipient` is none.
    pub fn begin(
        mut out: W,
        recipient: &str,
        key: &SigningKey,
        signer: DeviceId,
        preface: &Preface,
    ) -> io::Result<Self> {
        let recipient = age::x25519::Recipient::from_str(recipient).map_err(io::Error::other)?;
        let header = serde_json::to_string(&preface.header)?;
        let clear = format!("{MAGIC}{VERSION}\n{header}\n").into_bytes();
        out.write_all(&clear)?;
        let to = std::iter::once(&recipient as &dyn age::Recipient);
        let out = age::Encryptor::with_recipients(to).map_err(io::Error::other)?.wrap_output(out)?;
        let mut hash = Sha256::new();
        hash.update(&clear);
        let mut writer = Self { out, key: key.clone(), hash, clear: length(&clear), inside: 0 };
        writer.frame(PREFACE, &[&seal(key, signer, preface)])?;
        Ok(writer)
    }

    /// Writes an envelope, exactly as it goes by HTTP.
    ///
    /// # Errors
    /// When no more can be written.
    pub fn envelope(&mut self, envelope: &[u8]) -> io::Result<()> {
        self.frame(ENVELOPE, &[envelope])
    }

    /// Writes the bytes of a file from `start` on; the whole file has `total`.
    ///
    /// # Errors
    /// When no more can be written.
    pub fn chunk(&mut self, sha256: &[u8; 32], start: u64, total: u64, bytes: &[u8]) -> io::Result<()> {
        let digest = Sha256::digest(bytes);
        self.frame(PIECE, &[sha256, &start.to_le_bytes(), &total.to_le_bytes(), &digest, bytes])
    }

    /// At most so many bytes the part has if it were ended after `more` further bytes inside.
    #[must_use]
    pub fn size_with(&self, more: u64) -> u64 {
        let inside = self.inside + more + END_FRAME;
        self.clear + AGE_HEADER + inside + 16 * (inside / AGE_CHUNK + 2)
    }

    /// Ends the part; `further` says that another one follows it.
    ///
    /// # Errors
    /// When no more can be written.
    pub fn end(mut self, further: bool) -> io::Result<W> {
        let hash: [u8; 32] = self.hash.clone().finalize().into();
        let signature = self.key.sign(&signed(&hash, further)).to_bytes();
        self.frame(END, &[&[u8::from(further)], &hash, &signature])?;
        self.out.finish()
    }

    fn frame(&mut self, tag: u8, parts: &[&[u8]]) -> io::Result<()> {
        let bytes: usize = parts.iter().map(|part| part.len()).sum();
        let size = u32::try_from(bytes).map_err(io::Error::other)?.to_le_bytes();
        for part in [&[tag], size.as_slice()].into_iter().chain(parts.iter().copied()) {
            self.hash.update(part);
            self.out.write_all(part)?;
        }
        self.inside += FRAME + u64::from(u32::from_le_bytes(size));
        Ok(())
    }
}

/// What the end's signature covers.
pub(super) fn signed(hash: &[u8; 32], further: bool) -> Vec<u8> {
    [PURPOSE, hash, &[u8::from(further)]].concat()
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
