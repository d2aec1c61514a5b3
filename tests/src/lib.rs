//! What end-to-end tests and `cargo xtask run` stand on: the real programs as
//! processes, a line between them that can be cut, and a screen for the window.
//!
//! Nothing here knows a crate of ours: a program is known by what it prints and
//! by its exit code, exactly as its user knows it.

pub mod bagit;
mod chance;
pub mod district;
pub mod frame;
pub mod laptop;
pub mod line;
pub mod programs;
pub mod screen;
mod small_disk;
mod wait;
pub mod webdriver;

use std::fmt;
use std::path::{Path, PathBuf};

pub use chance::Chance;
pub use district::{District, Elsewhere};
pub use frame::Frame;
pub use laptop::{Laptop, Outcome, Refused};
pub use line::{Line, Way, Weather};
pub use programs::Programs;
pub use screen::{Bus, Screen};
pub use small_disk::SmallDisk;
pub use wait::until;
pub use webdriver::Browser;

/// 盐东镇, the township of the sample works and photos.
pub const YANDONG: &str = "320902107";
/// 新兴镇, a neighbour that must see nothing of 盐东镇.
pub const XINXING: &str = "320902102";
/// The PIN of every sample laptop.
pub const PIN: &str = "123456";

/// What went wrong, in words for the person at the terminal.
#[derive(Debug)]
pub struct Trouble(pub String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

/// Says what was being done when `error` came.
pub fn trouble<E: fmt::Display>(doing: impl fmt::Display) -> impl FnOnce(E) -> Trouble {
    move |error| Trouble(format!("{doing}: {error}"))
}

/// The top folder of the clone.
#[must_use]
pub fn clone_folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A file of the sample district, such as `places.csv` or `photos/ditch-before.jpg`.
#[must_use]
pub fn sample(file: &str) -> PathBuf {
    clone_folder().join("samples/tinghu").join(file)
}
