//! The words of tus 1.0 (<https://tus.io/protocols/resumable-upload>), as both
//! sides write and read them: pure, so that any text at all can be thrown at them.
//!
//! How the district speaks tus:
//!
//! - An upload's address is `/v1/uploads/{sha256}`, and every device has its own
//!   under it. So a laptop needs to remember nothing: the file itself says where
//!   to ask how far it came, after a restart of either side.
//! - `Upload-Metadata` must carry `sha256`, the name of the file: 64 lower-case hex.
//! - A file that the district holds already looks like an upload that is done:
//!   `POST` answers 201 and `HEAD` 200, both with `Upload-Offset` equal to
//!   `Upload-Length`, so that nothing is sent. The same is seen by a client whose
//!   last answer got lost.
//! - The last `PATCH` is answered only after the whole file was verified and kept:
//!   204 means that the district holds it. Other bytes than announced end the
//!   upload with 422 and [`super::WireError::AttachmentDamaged`].

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

/// The version of the protocol, in `Tus-Resumable` and `Tus-Version`.
pub const VERSION: &str = "1.0.0";

/// What the district's server can do beyond the core, in `Tus-Extension`.
pub const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";

/// By what it checks a chunk, in `Tus-Checksum-Algorithm`.
pub const ALGORITHMS: &str = "sha256,sha1";

/// The media type of a chunk.
pub const CHUNK_TYPE: &str = "application/offset+octet-stream";

/// The status by which a chunk that does not match its checksum is refused.
pub const CHECKSUM_MISMATCH: u16 = 460;

/// The largest file that is taken, in bytes.
pub const MAX_FILE: u64 = 200 << 20;

/// The most bytes of an `Upload-Metadata` that is read.
const MAX_METADATA: usize = 4 << 10;

/// Whether `text` is a file's name: lower-case hex of 32 bytes.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// A number of bytes as tus writes it: digits and nothing else.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The `Upload-Metadata` of a file.
#[must_use]
pub fn metadata(sha256: &str) -> String {
    format!("sha256 {}", BASE64.encode(sha256.as_bytes()))
}

/// The file's name in an `Upload-Metadata`; `None` where there is none, or none
/// that is a name, or more than one.
#[must_use]
pub fn name_in(metadata: &str) -> Option<String> {
    if metadata.len() > MAX_METADATA {
        return None;
    }
    let mut found = None;
    for pair in metadata.split(',') {
        let mut words = pair.trim_matches(' ').splitn(2, ' ');
        if words.next() != Some("sha256") {
            continue;
        }
        let value = BASE64.decode(words.next()?.as_bytes()).ok()?;
        let name = String::from_utf8(value).ok().filter(|name| is_name(name))?;
        if found.replace(name).is_some() {
            return None;
        }
    }
    found
}

/// By what a chunk is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256, which the laptops use.
    Sha256,
    /// SHA-1, which every tus server knows. It finds accidents; what a file is
    /// called is decided by SHA-256 alone.
    Sha1,
}

/// An `Upload-Checksum`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// How it was computed.
    pub algorithm: Algorithm,
    /// What came out.
    pub digest: Vec<u8>,
}

impl Checksum {
    /// The checksum of a chunk, as the laptops send it.
    #[must_use]
    pub fn of(chunk: &[u8]) -> Self {
        Self { algorithm: Algorithm::Sha256, digest: Sha256::digest(chunk).to_vec() }
    }

    /// Reads the header: `None` for an unknown algorithm or a digest that is none of its.
    #[must_use]
    pub fn read(header: &str) -> Option<Self> {
        let (name, digest) = header.split_once(' ')?;
        let (algorithm, length) = match name {
            "sha256" => (Algorithm::Sha256, 32),
            "sha1" => (Algorithm::Sha1, 20),
            _ => return None,
        };
        let digest = BASE64.decode(digest.as_bytes()).ok().filter(|digest| digest.len() == length)?;
        Some(Self { algorithm, digest })
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> String {
        let name = match self.algorithm {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha1 => "sha1",
        };
        format!("{name} {}", BASE64.encode(&self.digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    #[test]
    fn a_name_survives_the_way_and_stands_among_other_words() {
        assert_eq!(name_in(&metadata(NAME)).as_deref(), Some(NAME));
        let crowded = format!("filename 5Y6V5omALmpwZw==,{}, is_final", metadata(NAME));
        assert_eq!(name_in(&crowded).as_deref(), Some(NAME), "what others add is theirs");
    }

    #[test]
    fn what_is_no_name_is_not_taken_for_one() {
        let upper = format!("sha256 {}", BASE64.encode(NAME.to_uppercase().as_bytes()));
        let short = format!("sha256 {}", BASE64.encode(&NAME.as_bytes()[1..]));
        let path = format!("sha256 {}", BASE64.encode(b"../../signing-key"));
        let twice = format!("{0},{0}", metadata(NAME));
        let long = format!("{},note {}", metadata(NAME), "A".repeat(MAX_METADATA));
        for odd in ["", "sha256", "sha256 ", "sha256 !!", "sha1 AAAA", &upper, &short, &path, &twice, &long] {
            assert_eq!(name_in(odd), None, "`{odd}`");
        }
    }

    #[test]
    fn numbers_are_digits_and_nothing_else() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("1048576"), Some(1 << 20));
        for odd in ["", "+1", "-1", "1 ", "0x10", "１２", "99999999999999999999"] {
            assert_eq!(number(odd), None, "`{odd}`");
        }
    }

    #[test]
    fn a_checksum_is_read_back_as_it_was_written() {
        let sum = Checksum::of("一块".as_bytes());
        assert_eq!(Checksum::read(&sum.header()), Some(sum));
        let sha1 = "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=";
        assert_eq!(Checksum::read(sha1).map(|sum| sum.header()).as_deref(), Some(sha1), "the protocol's own example");
        for odd in ["", "sha256", "sha256 AAAA", "md5 AAAAAAAAAAAAAAAAAAAAAA==", "sha1  Kq5sNclPz7QV2+lfQIuc6R7oRu0="] {
            assert_eq!(Checksum::read(odd), None, "`{odd}`");
        }
    }
}
