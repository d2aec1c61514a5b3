//! A file that was dropped on the window and has no path there: its pieces are
//! put aside on the disk, so that a package of any size is checked in little
//! memory, and nothing of it stays behind.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use app::types::Verified;
use app::{AppError, Trouble};
use tauri::ipc::Request;

use super::{OnDesk, body, header, headers};
use crate::desk::{Answer, Desk};

/// Longest name of a drop: the window's own, a UUID.
const NAME: usize = 36;

/// The file of a drop, beside the laptop's records; the name may not lead anywhere else.
fn put_by(desk: &Desk, name: &str) -> Result<PathBuf, AppError> {
    let plain = name.len() <= NAME && !name.is_empty() && name.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if !plain {
        return Err(Trouble::FileUnreadable { path: name.to_owned(), reason: "not a name".to_owned() }.into());
    }
    Ok(desk.folder().join(format!("dropped-{name}")))
}

/// A piece as the raw body; headers `x-name` and `x-first`: the first piece begins the file anew.
#[tauri::command(async)]
pub(crate) fn put_aside(desk: OnDesk<'_>, request: Request<'_>) -> Answer<()> {
    let (headers, bytes) = (headers(&request), body(&request)?);
    let path = put_by(&desk, header(&headers, "x-name")).map_err(|error| error.view())?;
    let file = match header(&headers, "x-first") {
        "true" => File::create(&path),
        _ => OpenOptions::new().append(true).open(&path),
    };
    let written = file.and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&path); // A piece of a file is of no use.
        let path = path.display().to_string();
        let trouble = match error.kind() {
            std::io::ErrorKind::StorageFull => Trouble::DiskFull,
            _ => Trouble::FileUnwritable { path, reason: error.to_string() },
        };
        AppError::from(trouble).view()
    })
}

/// Verifies what was put aside, and takes it away.
#[tauri::command(async)]
pub(crate) fn verify_put_aside(desk: OnDesk<'_>, name: &str) -> Answer<Verified> {
    let path = put_by(&desk, name).map_err(|error| error.view())?;
    let verified = app::verify(&path);
    let _ = std::fs::remove_file(&path); // It is the person's file that stays.
    verified.map_err(|error| error.view())
}
