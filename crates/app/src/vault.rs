//! The key of the laptop's database, wrapped twice: by the PIN, and by a
//! recovery key that is printed at enrolment and locked away.
//!
//! The database key itself is random and never changes; a new PIN only wraps
//! it anew. Argon2id makes each guess of a PIN cost time and memory.

use std::path::{Path, PathBuf};

use argon2::Argon2;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};

use crate::{Result, Trouble};

/// The shortest PIN, in characters.
pub(crate) const SHORTEST_PIN: usize = 4;

const FILE: &str = "keys.json";

/// The same of a laptop that has asked to be let in and was not answered yet.
const ASKED: &str = "keys-asked.json";

/// What the keys file holds; it is readable by anyone and useless without PIN or recovery key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Vault {
    version: u32,
    /// Whose laptop it is, shown before the PIN is asked for.
    pub(crate) person: String,
    pin: Wrapped,
    recovery: Wrapped,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wrapped {
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
    #[serde(with = "hex::serde")]
    nonce: [u8; 12],
    #[serde(with = "hex::serde")]
    key: Vec<u8>,
}

impl Vault {
    /// Wraps `key`; the recovery key comes back once and is kept nowhere.
    pub(crate) fn new(person: &str, pin: &str, key: &store::Key) -> Result<(Self, String)> {
        let pin = long_enough(pin)?;
        let text = BASE32_NOPAD.encode(&random::<20>()?);
        let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..at + 4]).collect();
        let recovery = groups.join("-");
        let vault = Self {
            version: 1,
            person: person.to_owned(),
            pin: Wrapped::seal(pin, key)?,
            recovery: Wrapped::seal(&plain(&recovery), key)?,
        };
        Ok((vault, recovery))
    }

    /// The vault of this folder, if there is one.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        Self::read_file(folder, FILE)
    }

    /// The vault of a laptop that waits to be let in, if it does.
    pub(crate) fn read_asked(folder: &Path) -> Result<Option<Self>> {
        Self::read_file(folder, ASKED)
    }

    fn read_file(folder: &Path, name: &str) -> Result<Option<Self>> {
        match std::fs::read(folder.join(name)) {
            Ok(bytes) => {
                let unreadable = |error: serde_json::Error| {
                    tracing::warn!(%error, name, "the keys cannot be read");
                    Trouble::KeysUnreadable { file: folder.join(name).display().to_string() }
                };
                Ok(Some(serde_json::from_slice(&bytes).map_err(unreadable)?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Trouble::storage(&error).into()),
        }
    }

    /// Keeps the vault; from here on the folder counts as enrolled.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        self.write_file(&path(folder))
    }

    /// Keeps the vault of a laptop that waits to be let in.
    pub(crate) fn write_asked(&self, folder: &Path) -> Result<()> {
        self.write_file(&folder.join(ASKED))
    }

    /// The laptop was let in: from here on the folder counts as enrolled.
    pub(crate) fn let_in(folder: &Path) -> Result<()> {
        Ok(std::fs::rename(folder.join(ASKED), path(folder)).map_err(|error| Trouble::storage(&error))?)
    }

    /// Gives up what was asked.
    pub(crate) fn forget_asked(folder: &Path) -> Result<()> {
        match std::fs::remove_file(folder.join(ASKED)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Trouble::storage(&error).into()),
            _ => Ok(()),
        }
    }

    fn write_file(&self, path: &Path) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|error| Trouble::Storage { reason: error.to_string() })?;
        Ok(crate::files::write_whole(path, &bytes).map_err(|error| Trouble::storage(&error))?)
    }

    /// The database's key, for the PIN or for the recovery key.
    pub(crate) fn open(&self, pin: &str) -> Result<store::Key> {
        let by_pin = self.pin.unseal(pin);
        let by_recovery = || is_recovery_key(pin).then(|| self.recovery.unseal(&plain(pin))).flatten();
        let wrong = || if is_recovery_key(pin) { Trouble::WrongRecoveryKey } else { Trouble::WrongPin };
        by_pin.or_else(by_recovery).ok_or_else(|| wrong().into())
    }

    /// The same key under another PIN; the recovery key stays what it is.
    pub(crate) fn with_pin(self, pin: &str, key: &store::Key) -> Result<Self> {
        Ok(Self { pin: Wrapped::seal(long_enough(pin)?, key)?, ..self })
    }
}

impl Wrapped {
    fn seal(secret: &str, key: &store::Key) -> Result<Self> {
        let (salt, nonce) = (random()?, random()?);
        let sealed = cipher(secret, &salt).encrypt(&nonce.into(), key.as_slice());
        let key = sealed.map_err(|_| Trouble::Storage { reason: "the key could not be wrapped".to_owned() })?;
        Ok(Self { salt, nonce, key })
    }

    fn unseal(&self, secret: &str) -> Option<store::Key> {
        let key = cipher(secret, &self.salt).decrypt(&self.nonce.into(), self.key.as_slice()).ok()?;
        key.try_into().ok()
    }
}

fn long_enough(pin: &str) -> Result<&str> {
    if pin.chars().count() < SHORTEST_PIN {
        return Err(Trouble::PinTooShort { least: SHORTEST_PIN.to_string() }.into());
    }
    Ok(pin)
}

/// Whether this is as long as a recovery key; no PIN is tried as one.
pub(crate) fn is_recovery_key(text: &str) -> bool {
    plain(text).len() >= 32
}

fn cipher(secret: &str, salt: &[u8; 16]) -> ChaCha20Poly1305 {
    let mut derived = [0; 32];
    Argon2::default()
        .hash_password_into(secret.as_bytes(), salt, &mut derived)
        .expect("salt and output have lengths that Argon2 takes");
    ChaCha20Poly1305::new(&derived.into())
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Trouble::Storage { reason: error.to_string() })?;
    Ok(bytes)
}

/// A recovery key without what a hand adds: spaces, dashes, small letters.
fn plain(recovery: &str) -> String {
    recovery.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_and_the_recovery_key_open_the_vault_and_nothing_else_does() {
        let key = [7; 32];
        let (vault, recovery) = Vault::new("张三", "2468", &key).expect("a PIN of four");
        assert_eq!(vault.open("2468").expect("the PIN"), key);
        assert_eq!(
            vault.open(&recovery.to_lowercase().replace('-', " ")).expect("the recovery key, typed by hand"),
            key
        );
        for wrong in ["", "2469", "24680", &recovery[..recovery.len() - 1]] {
            assert!(vault.open(wrong).is_err(), "`{wrong}` must not open the records");
        }
    }

    #[test]
    fn a_pin_of_three_is_refused() {
        assert!(Vault::new("张三", "246", &[7; 32]).is_err(), "three digits are guessed in a minute");
    }
}
