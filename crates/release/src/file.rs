//! The file of a release, written and read as a stream.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use ed25519_dalek::{Signature, Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::{Keys, Release};

const MAGIC: &str = "nonghuan-release ";
const VERSION: &str = "1";

/// What is signed begins so, and nothing else that this key signs does.
const PURPOSE: &[u8] = b"nonghuan release 1\n";

/// The longest head: what is new is a page of text, in two languages.
const MAX_LINE: u64 = 64 << 10;

/// How much of a program is held in memory.
const BLOCK: usize = 256 << 10;

/// Why bytes are not taken for a release.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// They do not begin as one does.
    #[error("this is no release")]
    Foreign,
    /// A later program wrote them.
    #[error("this is a release of version {0}")]
    Newer(String),
    /// They break off, or were changed.
    #[error("the release is damaged: {0}")]
    Damaged(&'static str),
    /// No key that is known here has signed them.
    #[error("the release is not signed by a key that is known here")]
    Untrusted,
    /// They could not be read at all.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What stands before the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it says, signed.
    pub release: Release,
    /// Where the program begins.
    pub begins: u64,
}

impl Head {
    /// How many bytes the whole file has.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.begins + self.release.bytes
    }
}

/// Writes `release` with the program in `payload`; its length and hash are found here.
///
/// # Errors
/// When one cannot be read or the other not be written.
pub fn write(
    out: &mut impl Write,
    key: &SigningKey,
    release: &Release,
    payload: &mut (impl Read + Seek),
) -> io::Result<Release> {
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut block = vec![0; BLOCK];
    loop {
        let many = payload.read(&mut block)?;
        if many == 0 {
            break;
        }
        hash.update(&block[..many]);
        bytes += many as u64;
    }
    payload.seek(SeekFrom::Start(0))?;
    let release = Release { bytes, sha256: hex::encode(hash.finalize()), ..release.clone() };
    let line = serde_json::to_string(&release)?;
    let signature = key.sign(&[PURPOSE, line.as_bytes()].concat());
    write!(out, "{MAGIC}{VERSION}\n{line}\n{}\n", hex::encode(signature.to_bytes()))?;
    io::copy(payload, out)?;
    Ok(release)
}

/// Reads what stands before the program, and leaves `source` where that begins.
///
/// # Errors
/// [`Fault`]; a head that no key of `keys` has signed is [`Fault::Untrusted`].
pub fn head(source: &mut impl BufRead, keys: &Keys) -> Result<Head, Fault> {
    let mut magic = Vec::new();
    source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic)?;
    if magic != MAGIC.as_bytes() {
        return Err(Fault::Foreign);
    }
    let version = line(source, 16)?;
    if version != VERSION {
        let digits = !version.is_empty() && version.chars().all(|c| c.is_ascii_digit());
        return Err(if digits { Fault::Newer(version) } else { Fault::Damaged("its first line") });
    }
    let text = line(source, MAX_LINE)?;
    let signature = line(source, 200)?;
    let begins = (MAGIC.len() + version.len() + text.len() + signature.len() + 3) as u64;
    let signature = hex::decode(&signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signature = signature.ok_or(Fault::Damaged("its signature"))?;
    let signed = [PURPOSE, text.as_bytes()].concat();
    if !keys.iter().any(|key| key.verify_strict(&signed, &signature).is_ok()) {
        return Err(Fault::Untrusted);
    }
    let release: Release = serde_json::from_str(&text).map_err(|_| Fault::Damaged("its head"))?;
    if !release.is_plain() {
        return Err(Fault::Damaged("its head"));
    }
    Ok(Head { release, begins })
}

/// Reads the program to its end, gives it to `out`, and says whether it is the one that was signed.
///
/// # Errors
/// [`Fault`]; what `out` has by then is of no use.
pub fn check(
    source: &mut impl Read,
    release: &Release,
    mut out: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Fault> {
    let (mut hash, mut left) = (Sha256::new(), release.bytes);
    let mut block = vec![0; BLOCK];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(BLOCK);
        let many = source.read(&mut block[..most])?;
        if many == 0 {
            return Err(Fault::Damaged("it breaks off"));
        }
        hash.update(&block[..many]);
        out(&block[..many])?;
        left -= many as u64;
    }
    if source.read(&mut [0])? > 0 {
        return Err(Fault::Damaged("something after its end"));
    }
    if hex::encode(hash.finalize()) != release.sha256 {
        return Err(Fault::Damaged("the program in it was changed"));
    }
    Ok(())
}

/// A line without its end, of at most `most` bytes.
fn line(source: &mut impl BufRead, most: u64) -> Result<String, Fault> {
    let mut line = Vec::new();
    source.by_ref().take(most).read_until(b'\n', &mut line)?;
    let Some(b'\n') = line.pop() else { return Err(Fault::Damaged("it breaks off in its head")) };
    String::from_utf8(line).map_err(|_| Fault::Damaged("its head"))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{News, read_secret, secret_text};

    fn made(key: &SigningKey, payload: &[u8]) -> Vec<u8> {
        let release = Release {
            version: "0.2.0".parse().expect("a version"),
            target: "linux-x86_64-deb".into(),
            bytes: 0,
            sha256: String::new(),
            at: "2026-05-01".into(),
            news: News { zh: "厕所\n台账".into(), en: "toilets".into() },
        };
        let mut out = Vec::new();
        write(&mut out, key, &release, &mut Cursor::new(payload)).expect("in memory");
        out
    }

    /// What comes of reading it to its end: the program, or why not.
    fn taken(bytes: &[u8], keys: &Keys) -> Result<Vec<u8>, Fault> {
        let mut source = Cursor::new(bytes);
        let head = head(&mut source, keys)?;
        assert_eq!(source.position(), head.begins, "the program is what follows");
        let mut program = Vec::new();
        check(&mut source, &head.release, |block| {
            program.extend_from_slice(block);
            Ok(())
        })?;
        assert_eq!(head.total(), bytes.len() as u64);
        Ok(program)
    }

    #[test]
    fn a_release_is_taken_from_who_may_make_one_and_not_with_one_bit_changed() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let payload: Vec<u8> = (0..300_000_u32).map(|n| u8::try_from(n % 251).expect("below 251")).collect();
        let (bytes, keys) = (made(&key, &payload), Keys::from(&key));
        assert_eq!(taken(&bytes, &keys).expect("as it was signed"), payload);
        let other = Keys::from(&SigningKey::from_bytes(&[2; 32]));
        assert!(matches!(taken(&bytes, &other), Err(Fault::Untrusted)), "another's key");
        assert!(matches!(taken(&bytes, &Keys::default()), Err(Fault::Untrusted)), "a program that knows no key");
        for at in (0..700).chain([bytes.len() / 2, bytes.len() - 1]) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(taken(&changed, &keys).is_err(), "a bit of byte {at} was changed");
        }
        assert!(matches!(taken(&bytes[..bytes.len() - 1], &keys), Err(Fault::Damaged(_))), "cut short");
        assert!(matches!(taken(&[bytes.as_slice(), b"!"].concat(), &keys), Err(Fault::Damaged(_))), "lengthened");
        assert!(matches!(taken(b"MZ", &keys), Err(Fault::Foreign)));
        assert!(matches!(taken(b"nonghuan-release 2\n", &keys), Err(Fault::Newer(_))));
    }

    #[test]
    fn a_secret_key_survives_its_file_and_a_public_one_its_text() {
        let key = SigningKey::from_bytes(&[3; 32]);
        assert_eq!(read_secret(&secret_text(&key)), Ok(key.clone()));
        assert!(read_secret("nonghuan-release-key 12").is_err());
        let text = format!("{}, {}", hex::encode(key.verifying_key()), hex::encode(key.verifying_key()));
        assert_eq!(Keys::read(&text).expect("two keys").iter().count(), 2);
        assert!(Keys::read("00").is_err() && Keys::read("").expect("none").is_empty());
    }
}
