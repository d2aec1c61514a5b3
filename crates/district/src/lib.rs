//! The district's server: it puts the changes of each scope into one order,
//! keeps the records that follow and the attachments that they name, and says
//! its signed word on every change.
//!
//! [`Server`] is the real thing, for the program and for tests alike; what the
//! administrator does at the terminal is [`District`]'s, in one process beside a
//! running server or without one: the database is the only meeting place.
//!
//! All SQL is in `database/`. `append` is the only code that gives a change its
//! place. A laptop's word is never taken for anything that can be checked here.

mod answer;
mod append;
mod attachments;
mod audit;
mod bundle;
mod check;
mod clock;
mod collect;
mod database;
mod district;
mod enrolment;
mod error;
mod folder;
mod image;
mod news;
mod package;
mod places;
mod private;
mod releases;
mod returned;
mod reuse;
mod routes;
mod server;
mod submission;
mod tls;
mod uploads;
mod view;

pub use answer::Arrival;
pub use audit::{Audit, Audited, Broken, Fault};
pub use bundle::{Admitted, BundleRead, PartWritten, Progress, Replied, ReplyTerms, Verdicts};
pub use check::Checked;
use clock::now;
pub use collect::Collected;
pub use district::{DeviceView, District};
pub use enrolment::{NewCode, PrintedCode};
pub use error::{DistrictError, PlaceProblem, Result};
pub use folder::{Founding, Location};
pub use image::Guest;
pub use package::PackageReceived;
pub use places::{Codes, Count, Ended, Loaded, Named, PlaceLoad, Renamed, Succession};
pub use releases::ReleaseView;
pub use server::{Config, Running, Server};
pub use view::{ConflictView, Listed, RecordView, Side};

/// Random bytes of the operating system, for secrets and tokens.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every system we run on gives random bytes");
    bytes
}

/// Hex SHA-256, the only form in which a secret is kept.
fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

/// Runs `work`, which waits for disk, where waiting is allowed.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let ended = |_| DistrictError::Unreadable { reason: "the thread of a request ended in a panic".to_owned() };
    tokio::task::spawn_blocking(work).await.map_err(ended)?
}
