//! A release: a new program in one signed file, the same on the line and on a stick.
//!
//! ```text
//! nonghuan-release 1\n
//! {"version":"0.2.0","target":"linux-x86_64-deb","bytes":…,"sha256":…,"news":…}\n
//! 3f1a…\n          Ed25519 over the line above, in hex
//! …                 the program: exactly so many bytes, with this hash
//! ```
//!
//! Whoever builds the programs signs them, with a key that no district has: a
//! district hands releases on, and cannot make one. The public half is in the
//! programs themselves, put there when they are built ([`Keys::built_in`]); a
//! program that was built without takes no release at all. The head is short and
//! comes first, so that what is new can be read, and a wrong file refused, before
//! anything is copied.

mod error;
mod file;
mod keys;

use semver::Version;
use serde::{Deserialize, Serialize};

pub use error::ReleaseError;
pub use file::{Fault, Head, check, head, write};
pub use keys::{Keys, KeysUnreadable, read_secret, secret_text};

/// The ending of a release's name.
pub const ENDING: &str = "nhu";

/// What a release says of itself, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The version of the program in it.
    pub version: Version,
    /// For which machines, and in which form: `linux-x86_64-deb`. See [`target`].
    pub target: String,
    /// How many bytes the program has.
    pub bytes: u64,
    /// Hex of its SHA-256.
    pub sha256: String,
    /// The day on which it was made (YYYY-MM-DD).
    pub at: String,
    /// What is new, for people.
    pub news: News,
}

/// What is new, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// In which form a program comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One executable file that a person keeps where he likes.
    Program,
    /// An AppImage: one executable file, too.
    AppImage,
    /// A Debian package, which the system installs.
    Deb,
    /// An installer of Windows.
    Installer,
}

impl Form {
    /// As it stands in a target.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::AppImage => "appimage",
            Self::Deb => "deb",
            Self::Installer => "installer",
        }
    }
}

/// The target of programs of `form` on machines like this one.
#[must_use]
pub fn target(form: Form) -> String {
    format!("{}-{}-{}", std::env::consts::OS, std::env::consts::ARCH, form.name())
}

impl Release {
    /// The name under which the file is kept, the same everywhere.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("nonghuan-{}-{}.{ENDING}", self.version, self.target)
    }

    /// Whether the target is one that a file can be named after.
    fn is_plain(&self) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        self.target.len() <= 60
            && self.target.chars().all(plain)
            && self.version.to_string().len() <= 60
            && self.sha256.len() == 64
            && self.sha256.chars().all(|c| c.is_ascii_hexdigit())
    }
}
