//! `cargo xtask types`: the window's TypeScript, written anew from the Rust types.
//! A test of `app` fails while the committed file differs.

use std::fs;

use crate::checkout::{Checkout, Stop, stop};

/// Writes `ui/src/backend/types.ts`.
pub(crate) fn types(checkout: &Checkout) -> Result<(), Stop> {
    let mut command = checkout.cargo(&["run", "--quiet", "--package", "nonghuan-app", "--example", "types"]);
    let done = command.stderr(std::process::Stdio::inherit()).output()?;
    if !done.status.success() {
        return Err(Stop("the types could not be generated".into()));
    }
    let file = checkout.top.join("ui/src/backend/types.ts");
    let before = fs::read(&file).unwrap_or_default();
    fs::write(&file, &done.stdout).map_err(stop(file.display()))?;
    let news = if before == done.stdout { "as they were" } else { "written anew" };
    println!("{} · {news}", file.display());
    Ok(())
}
