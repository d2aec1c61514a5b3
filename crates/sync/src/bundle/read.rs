//! One part of a bundle, read as a stream: a pure function of its bytes, in a
//! memory that does not grow with them.

use std::io::{BufRead, BufReader, Chain, Cursor, Read};

use age::stream::StreamReader;
use age::x25519::Identity;
use age::{DecryptError, Decryptor};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::write::signed;
use super::{CHUNK, END, ENVELOPE, Fault, Header, MAGIC, PIECE, PREFACE, Preface, VERSION};
use crate::wire::{EnvelopeError, MAX_ENVELOPE, open};

/// The longest header in clear, in bytes.
const MAX_HEADER: u64 = 1 << 10;

/// The longest header of age, in bytes: ours has one recipient, and a random line
/// or two that age adds.
const MAX_AGE_HEADER: u64 = 8 << 10;

const CHUNK_HEAD: usize = 32 + 8 + 8 + 32;
const END_LENGTH: usize = 1 + 32 + 64;

/// A part of which only the outside was read.
pub struct Sealed<R: Read> {
    header: Header,
    clear: Vec<u8>,
    source: BufReader<R>,
}

/// A part that is open.
pub struct Reader<R: Read> {
    inside: StreamReader<Chain<Cursor<Vec<u8>>, BufReader<R>>>,
    writer: VerifyingKey,
    hash: Sha256,
    preface: Preface,
    further: bool,
    ended: bool,
}

/// What comes out of a part, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An envelope as it goes by HTTP; whoever opens it checks its signature.
    Envelope(Vec<u8>),
    /// A piece of a file, whose own hash was checked.
    Chunk(Chunk),
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The file's name.
    pub sha256: String,
    /// Where the piece begins.
    pub start: u64,
    /// How many bytes the whole file has.
    pub total: u64,
    /// The piece; never empty, unless the file is.
    pub bytes: Vec<u8>,
}

impl<R: Read> Sealed<R> {
    /// Reads the outside of a part.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read(source: R) -> Result<Self, Fault> {
        let mut source = BufReader::with_capacity(64 << 10, source);
        let mut magic = Vec::new();
        source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic != MAGIC.as_bytes() {
            return Err(Fault::Foreign);
        }
        let version = line(&mut source, 16)?;
        let version = version.strip_suffix(b"\n").unwrap_or(&version);
        if version != VERSION.as_bytes() {
            let digits = !version.is_empty() && version.iter().all(u8::is_ascii_digit);
            let text = String::from_utf8_lossy(version).into_owned();
            return Err(if digits { Fault::Newer(text) } else { Fault::Damaged("its first line") });
        }
        let text = line(&mut source, MAX_HEADER)?;
        let header = serde_json::from_slice(&text).map_err(|_| Fault::Damaged("its header"))?;
        let clear = [MAGIC.as_bytes(), version, b"\n", &text].concat();
        Ok(Self { header, clear, source })
    }

    /// What stands outside. Whether it is true is known once it was opened.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Opens the part for the holder of `identity`; `writer` is the key of whom the
    /// header names.
    ///
    /// # Errors
    /// [`Fault`]; a part that is encrypted to somebody else is [`Fault::Damaged`],
    /// for its header says otherwise.
    pub fn open(mut self, identity: &Identity, writer: VerifyingKey) -> Result<Reader<R>, Fault> {
        // Age itself would read a header without an end to its end.
        let mut opening = Vec::new();
        while !opening.ends_with(b"\n") || !last_line(&opening).starts_with(b"---") {
            let left = MAX_AGE_HEADER.saturating_sub(opening.len() as u64);
            opening.extend(line(&mut self.source, left)?);
        }
        let source = Cursor::new(opening).chain(self.source);
        let unsealed = |error| match error {
            DecryptError::Io(error) => Fault::from(error),
            DecryptError::NoMatchingKeys => Fault::Damaged("it is encrypted to somebody else"),
            _ => Fault::Damaged("its encryption"),
        };
        let decryptor = Decryptor::new(source).map_err(unsealed)?;
        let mut inside = decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).map_err(unsealed)?;
        let mut hash = Sha256::new();
        hash.update(&self.clear);
        let (tag, contents) = frame(&mut inside, &mut hash)?;
        if tag != PREFACE {
            return Err(Fault::Damaged("it does not begin with its preface"));
        }
        let preface: Preface = open(&writer, &contents).map_err(|error| match error {
            EnvelopeError::Newer(version) => Fault::Newer(version.to_string()),
            _ => Fault::Damaged("the signature of its preface"),
        })?;
        if preface.header != self.header {
            return Err(Fault::Damaged("its header was changed"));
        }
        Ok(Reader { inside, writer, hash, preface, further: false, ended: false })
    }
}

impl<R: Read> Reader<R> {
    /// What the writer says of files.
    #[must_use]
    pub fn preface(&self) -> &Preface {
        &self.preface
    }

    /// Whether another part follows this one; known at its end.
    #[must_use]
    pub fn further(&self) -> bool {
        self.further
    }

    /// What comes next; `None` after an end that is as it must be.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn next_item(&mut self) -> Result<Option<Item>, Fault> {
        while !self.ended {
            let so_far: [u8; 32] = self.hash.clone().finalize().into();
            let (tag, contents) = frame(&mut self.inside, &mut self.hash)?;
            match tag {
                ENVELOPE => return Ok(Some(Item::Envelope(contents))),
                PIECE => return chunk(&contents).map(|chunk| Some(Item::Chunk(chunk))),
                END => self.end(&so_far, &contents)?,
                later if later.is_ascii_lowercase() => {}
                later if later.is_ascii_uppercase() => return Err(Fault::Newer(char::from(later).to_string())),
                _ => return Err(Fault::Damaged("something in it that is nothing")),
            }
        }
        Ok(None)
    }

    fn end(&mut self, so_far: &[u8; 32], contents: &[u8]) -> Result<(), Fault> {
        let damaged = Fault::Damaged("its end");
        let Ok(contents) = <&[u8; END_LENGTH]>::try_from(contents) else { return Err(damaged) };
        let (Some((&[further], rest)), true) = (contents.split_first_chunk::<1>(), contents[0] <= 1) else {
            return Err(damaged);
        };
        let Some((hash, signature)) = rest.split_first_chunk::<32>() else { return Err(damaged) };
        let signature = Signature::from_slice(signature).map_err(|_| Fault::Damaged("its end"))?;
        let fits = self.writer.verify_strict(&signed(hash, further == 1), &signature);
        if hash != so_far || fits.is_err() {
            return Err(damaged);
        }
        if self.inside.read(&mut [0])? > 0 {
            return Err(Fault::Damaged("something after its end"));
        }
        (self.further, self.ended) = (further == 1, true);
        Ok(())
    }
}

/// A line with its end, of at most `most` bytes.
fn line(source: &mut impl BufRead, most: u64) -> Result<Vec<u8>, Fault> {
    let mut line = Vec::new();
    source.by_ref().take(most).read_until(b'\n', &mut line)?;
    if line.ends_with(b"\n") { Ok(line) } else { Err(Fault::Damaged("it breaks off in its header")) }
}

fn last_line(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.rsplit(|byte| *byte == b'\n').next().unwrap_or_default()
}

/// The next frame. What it says of its length is believed only as far as bytes come.
fn frame(inside: &mut impl Read, hash: &mut Sha256) -> Result<(u8, Vec<u8>), Fault> {
    let mut head = [0; 5];
    inside.read_exact(&mut head)?;
    let [tag, a, b, c, d] = head;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let most = match tag {
        PIECE => CHUNK + CHUNK_HEAD,
        END => END_LENGTH,
        _ => MAX_ENVELOPE,
    };
    if length > most as u64 {
        return Err(Fault::Damaged("a piece that is too long"));
    }
    let mut contents = Vec::new();
    inside.take(length).read_to_end(&mut contents)?;
    if contents.len() as u64 != length {
        return Err(Fault::Damaged("it breaks off"));
    }
    hash.update(head);
    hash.update(&contents);
    Ok((tag, contents))
}

fn chunk(contents: &[u8]) -> Result<Chunk, Fault> {
    let damaged = || Fault::Damaged("a piece of a file");
    let (sha256, rest) = contents.split_first_chunk::<32>().ok_or_else(damaged)?;
    let (start, rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    let (total, rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    let (digest, bytes) = rest.split_first_chunk::<32>().ok_or_else(damaged)?;
    let (start, total) = (u64::from_le_bytes(*start), u64::from_le_bytes(*total));
    let end = start.checked_add(bytes.len() as u64).ok_or_else(damaged)?;
    if end > total || (bytes.is_empty() && total > 0) || Sha256::digest(bytes)[..] != digest[..] {
        return Err(damaged());
    }
    Ok(Chunk { sha256: hex::encode(sha256), start, total, bytes: bytes.to_vec() })
}
