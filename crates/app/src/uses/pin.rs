//! The PIN: set anew by who knows it or holds the recovery key; and tries that
//! come ever more slowly once several were wrong.
//!
//! The count lies beside the database, where whoever has the disk may delete it:
//! it holds up the hand at the keyboard. Against the others each guess costs what
//! Argon2 makes it cost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::laptop::read_vault;
use crate::vault::{Vault, is_recovery_key};
use crate::{Laptop, Result, Trouble};

/// So many may be wrong before anybody waits: a finger slips.
const FREE: u32 = 5;

/// The first wait in seconds; each one after it is twice as long, up to the last.
const FIRST: u64 = 30;
const LONGEST: u64 = 900;

const FILE: &str = "attempts.json";

/// What could not be written, by the laptop's folder, until this process ends.
static UNWRITTEN: Mutex<BTreeMap<PathBuf, Attempts>> = Mutex::new(BTreeMap::new());

/// Opens the laptop in `folder` with its PIN or recovery key, and sets another PIN.
///
/// # Errors
/// As [`Laptop::open`], or [`Trouble::PinTooShort`].
pub fn set_pin(folder: &Path, secret: &str, new: &str) -> Result<Laptop> {
    let (vault, key) = unlocked(folder, secret)?;
    vault.with_pin(new, &key)?.write(folder)?;
    Laptop::with_key(folder, key)
}

/// The same for who forgot the PIN: what was typed is meant as the recovery key, however short it came out.
///
/// # Errors
/// As [`set_pin`], but never [`Trouble::WrongPin`].
pub fn set_forgotten_pin(folder: &Path, recovery_key: &str, new: &str) -> Result<Laptop> {
    if !is_recovery_key(recovery_key) {
        return Err(Trouble::WrongRecoveryKey.into());
    }
    set_pin(folder, recovery_key, new)
}

/// The vault of `folder` and what is in it, for a PIN or the recovery key.
pub(crate) fn unlocked(folder: &Path, secret: &str) -> Result<(Vault, store::Key)> {
    let not_enrolled = || Trouble::NotEnrolled { folder: folder.display().to_string() };
    let vault = read_vault(folder)?.ok_or_else(not_enrolled)?;
    let key = tried(folder, &vault, secret)?;
    Ok((vault, key))
}

/// What is in a vault, for a PIN or the recovery key, where it may be tried now.
pub(crate) fn tried(folder: &Path, vault: &Vault, secret: &str) -> Result<store::Key> {
    // A recovery key is not guessed, and who types it has waited enough.
    let counts = !is_recovery_key(secret);
    let now = chrono::Utc::now().timestamp();
    let before = Attempts::read(folder);
    if counts && let Some(seconds) = before.wait(now) {
        return Err(Trouble::PinTooSoon { seconds: seconds.to_string() }.into());
    }
    match vault.open(secret) {
        Ok(key) => {
            if before.wrong > 0 {
                Attempts::forget(folder);
            }
            Ok(key)
        }
        Err(error) => {
            if counts {
                Attempts { wrong: before.wrong.saturating_add(1), last: now }.keep(folder);
            }
            Err(error)
        }
    }
}

/// How many were wrong in a row, and when the last one was (seconds since 1970).
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Attempts {
    wrong: u32,
    last: i64,
}

impl Attempts {
    /// What was counted; nothing where that cannot be read.
    fn read(folder: &Path) -> Self {
        let written = || fs::read(path(folder)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        unwritten().get(folder).copied().or_else(written).unwrap_or_default()
    }

    /// Counts on, in memory where the disk has no room: who tries again hears of the PIN and waits all the same.
    fn keep(self, folder: &Path) {
        let bytes = serde_json::to_vec(&self).unwrap_or_default();
        let written = crate::files::write_whole(&path(folder), &bytes).is_ok();
        if written {
            unwritten().remove(folder)
        } else {
            unwritten().insert(folder.to_owned(), self)
        };
    }

    fn forget(folder: &Path) {
        let _ = fs::remove_file(path(folder)); // One that stays makes the next slip cost a wait, no more.
        unwritten().remove(folder);
    }

    /// The seconds until the next try; none where it may be at once. A clock that
    /// was set back makes nobody wait longer than the wait is.
    fn wait(self, now: i64) -> Option<u64> {
        let over = self.wrong.checked_sub(FREE)?;
        let wait = FIRST.saturating_mul(1 << over.min(16)).min(LONGEST);
        let passed = u64::try_from(now.saturating_sub(self.last)).ok()?;
        wait.checked_sub(passed).filter(|left| *left > 0)
    }
}

fn unwritten() -> MutexGuard<'static, BTreeMap<PathBuf, Attempts>> {
    UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_pin_beyond_the_fifth_waits_twice_as_long_and_never_for_ever() {
        let wait = |wrong, passed: i64| Attempts { wrong, last: 1_000 }.wait(1_000 + passed);
        assert_eq!(wait(4, 0), None, "a finger slips");
        assert_eq!((wait(5, 0), wait(6, 0), wait(7, 0)), (Some(30), Some(60), Some(120)));
        assert_eq!((wait(5, 29), wait(5, 30)), (Some(1), None));
        assert_eq!(wait(u32::MAX, 0), Some(LONGEST));
        assert_eq!(wait(6, -86_400), None, "a clock that was set back locks nobody out");
    }

    #[test]
    fn a_wrong_pin_that_no_disk_takes_is_counted_all_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(path(folder.path())).expect("a folder in the file's place, over which nothing is written");
        for wrong in 1..=FREE {
            Attempts { wrong, last: 1_000 }.keep(folder.path());
        }
        assert_eq!(Attempts::read(folder.path()).wait(1_000), Some(FIRST), "a full disk gives no free guesses");
        fs::remove_dir(path(folder.path())).expect("room again");
        Attempts { wrong: FREE + 1, last: 1_000 }.keep(folder.path());
        assert_eq!(Attempts::read(folder.path()).wrong, FREE + 1, "and from then on by the file");
        Attempts::forget(folder.path());
        assert_eq!(Attempts::read(folder.path()).wrong, 0);
    }
}
