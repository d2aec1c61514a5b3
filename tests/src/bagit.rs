//! The validator of the Library of Congress for BagIt bags, written by others in
//! another language: what it accepts is a bag, and not only in our eyes.
//!
//! `cargo xtask test` installs it once for all clones of a person.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Trouble, trouble};

/// The version that is installed; its checksum is the package index's word.
pub const VERSION: &str = "1.9.0";

/// Where tools lie that all clones of a person share; none where nobody lives here.
#[must_use]
pub fn tools() -> Option<PathBuf> {
    let home = ["XDG_CACHE_HOME", "LOCALAPPDATA"].iter().find_map(std::env::var_os).map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    Some(home.join("nonghuan/tools"))
}

/// The folder of the validator.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    tools().map(|tools| tools.join(format!("bagit-{VERSION}")))
}

/// What the validator says of the bag in `folder`: nothing where it is valid.
///
/// # Errors
/// When it is not installed.
pub fn validate(bag: &Path) -> Result<Option<String>, Trouble> {
    let program = folder().map(|folder| folder.join("bagit.py")).filter(|program| program.exists());
    let program =
        program.ok_or_else(|| Trouble("the BagIt validator is not here: run `cargo xtask setup`".to_owned()))?;
    let done = Command::new("python3").arg(program).args(["--quiet", "--validate"]).arg(bag).output();
    let done = done.map_err(trouble("python3 does not start"))?;
    let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    Ok(if done.status.success() { None } else { Some(said) })
}
