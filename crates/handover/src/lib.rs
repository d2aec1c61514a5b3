//! Phone hand-over: a door in this laptop, open for minutes, through which one
//! phone on the same Wi-Fi or hotspot puts photos from its camera.
//!
//! The phone needs no app and no internet: it opens the address in the QR code.
//! That address holds a token. The first phone that begins with it gets a session
//! of its own, and the token is spent; a page that was only looked at, as some
//! scanners do, spends nothing. The door shuts when the phone or the laptop says
//! so, when nothing came for a while, and after an hour in any case.
//!
//! Plain HTTP: a laptop without a name has no certificate that a phone would
//! believe, and a warning that one is taught to click away protects nobody. What
//! a stranger on the same Wi-Fi could do is read photos along the way; he can put
//! none in, and sees nothing of the records.
//!
//! This crate knows no record: photos go to whoever opened the door.

mod address;
mod door;
mod routes;
mod upload;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use address::{qr_svg, qr_text};
pub use door::{Handover, open};

/// What a phone may do.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Where to listen; all addresses of this laptop and any port, unless a test says otherwise.
    pub listen: SocketAddr,
    /// The longest file, in bytes. One is in memory at a time.
    pub longest: usize,
    /// The most files.
    pub files: u32,
    /// How long nothing may come.
    pub idle: Duration,
    /// How long the door is open at most.
    pub whole: Duration,
}

/// What the phone shows: where its photos go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// The record's title.
    pub title: String,
    /// The sets of photos that it has, of which the phone chooses one.
    pub sets: Vec<PhotoSet>,
    /// The set that is chosen at first.
    pub chosen: String,
}

/// A set of photos of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoSet {
    /// Its field.
    pub name: String,
    /// What it is called, in Chinese.
    pub zh: String,
    /// What it is called, in English.
    pub en: String,
}

/// A photo that came, whole.
#[derive(Debug)]
pub struct Photo {
    /// The set that it goes into.
    pub set: String,
    /// Its name, as the phone gave it: for a label, and for nothing else.
    pub name: String,
    /// Its bytes, as the phone had them.
    pub bytes: Vec<u8>,
}

/// What was made of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Whether it was there already.
    pub same: bool,
    /// When it was taken, if it says so.
    pub taken: Option<String>,
    /// Whether it says where.
    pub place: bool,
}

/// Why a photo was not kept: a code, and a sentence for the phone in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotKept {
    /// Keys the sentence on the laptop.
    pub code: String,
    /// For the phone, in Chinese.
    pub zh: String,
    /// For the phone, in English.
    pub en: String,
}

/// What happens at the door, for the laptop's screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "news", rename_all = "camelCase")]
#[ts(rename = "PhoneNews")]
pub enum News {
    /// A phone began.
    Began,
    /// Bytes of a photo came, of all.
    Coming {
        /// The photo.
        name: String,
        /// Bytes that came.
        #[ts(type = "number")]
        bytes: u64,
        /// Of how many.
        #[ts(type = "number")]
        of: u64,
    },
    /// A photo is kept.
    Kept {
        /// The photo.
        name: String,
        /// Whether it was there already.
        same: bool,
        /// Photos kept so far.
        count: u32,
    },
    /// A photo is not kept.
    NotKept {
        /// The photo.
        name: String,
        /// Why, as a code.
        code: String,
    },
    /// The door is shut.
    Ended {
        /// By whom.
        by: End,
        /// Photos kept.
        count: u32,
    },
}

/// By whom the door was shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PhoneEnd")]
pub enum End {
    /// The person at the phone.
    Phone,
    /// The person at the laptop.
    Laptop,
    /// Time.
    Time,
}

/// Why the door was not opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system gives no port, no thread or no randomness.
    #[error("the door cannot be opened: {0}")]
    Io(#[from] std::io::Error),
    /// This laptop is on no network that a phone could be on as well.
    #[error("this laptop is on no network")]
    NoNetwork,
}

/// Keeps a photo, or says why not. Called from a thread of its own, one at a time.
pub type Keep = Arc<dyn Fn(Photo) -> Result<Kept, NotKept> + Send + Sync>;

/// Hears what happens.
pub type Told = Arc<dyn Fn(News) + Send + Sync>;

impl Default for Terms {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 0)),
            longest: 64 << 20,
            files: 500,
            idle: Duration::from_secs(10 * 60),
            whole: Duration::from_secs(60 * 60),
        }
    }
}
