//! Putting a new program in the place of the old one.
//!
//! The new one is started once from beside the records while the old one, which
//! has stepped aside, waits for its word ([`STARTED`]). Only then is the old file
//! replaced, by a rename. Whatever happens before, a crash, a window that does not
//! open, a failing power, leaves the old program where it was. What the system
//! installs (a Debian package) or its own installer (Windows) is handed to that.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use release::{Form, Head, Release, ReleaseError, check};

use super::{FOLDER, Installation, begun, fits};
use crate::uses::listen::turn_in;
use crate::{Result, Trouble};

/// With this argument a program is started for the first time: it says [`STARTED`] once its window answers.
pub const FIRST_START: &str = "--first-start";

/// The line by which a new program says that its window is there.
pub const STARTED: &str = "nonghuan started";

/// How long a new program may take to open its window, on a slow laptop.
const PATIENCE: Duration = Duration::from_secs(90);

/// How much of a program is held in memory while it is written.
const BLOCK: usize = 1 << 20;

/// Installs the release in `file`, which was shown to its person, who agreed. When
/// this returns well, the new program is running (or the system's installer is),
/// and the old one should end.
///
/// # Errors
/// [`ReleaseError`]; [`Trouble::ExchangeBusy`] while an exchange runs;
/// [`Trouble::UpdateNotStarted`] and [`Trouble::UpdateNotInstalled`], with which the
/// old program is where it was and goes on.
pub fn install_update(folder: &Path, file: &Path, installation: &Installation) -> Result<()> {
    // Held to the end: neither is an exchange cut off, nor does one begin under a program that is going.
    let _turn = turn_in(folder)?;
    let staged = staged(folder, file, installation)?;
    match installation.form {
        Form::Program | Form::AppImage => {
            let mut child = first_start(&staged, folder)?;
            replace(&staged, &installation.program).inspect_err(|_| end(&mut child))
        }
        Form::Deb => {
            let kept = keep(folder, &installation.program)?;
            by_the_system(&staged)?;
            let started = first_start(&installation.program, folder);
            started.map(drop).map_err(|trouble| kept_at(trouble, &kept).into())
        }
        Form::Installer => {
            // Passive, and the program is started again at its end.
            let begun = Command::new(&staged).args(["/P", "/R"]).spawn();
            Ok(begun.map(drop).map_err(|error| not_installed(&error))?)
        }
    }
}

/// The program out of the release, checked, in a file of its own beside the records.
fn staged(folder: &Path, file: &Path, installation: &Installation) -> Result<PathBuf> {
    let (Head { release, .. }, mut source) = begun(file)?;
    fits(&release, installation)?;
    let trying = folder.join(FOLDER).join("trying");
    let storage = |error: std::io::Error| Trouble::storage(&error);
    if trying.exists() {
        fs::remove_dir_all(&trying).map_err(storage)?;
    }
    fs::create_dir_all(&trying).map_err(storage)?;
    let path = trying.join(name(&release, installation));
    let mut out = BufWriter::with_capacity(BLOCK, File::create(&path).map_err(storage)?);
    let mut failed = None;
    let checked = check(&mut source, &release, |block| {
        out.write_all(block).inspect_err(|error| failed = Some(Trouble::storage(error)))
    });
    if let Some(trouble) = failed {
        return Err(trouble.into());
    }
    checked.map_err(|fault| ReleaseError::of(file, fault))?;
    let out = out.into_inner().map_err(|error| storage(error.into_error()))?;
    out.sync_all().map_err(storage)?;
    drop(out); // A file that is open for writing cannot be started.
    may_be_started(&path).map_err(storage)?;
    Ok(path)
}

fn name(release: &Release, installation: &Installation) -> String {
    match installation.form {
        Form::Deb => format!("nonghuan-{}.deb", release.version),
        Form::Installer => format!("nonghuan-{}-setup.exe", release.version),
        // Under its own name: that is what the desktop and the person know it by.
        Form::Program | Form::AppImage => {
            let name = installation.program.file_name().map(|name| name.to_string_lossy().into_owned());
            name.unwrap_or_else(|| "nonghuan-desktop".to_owned())
        }
    }
}

#[cfg(unix)]
fn may_be_started(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn may_be_started(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Starts `program` on this laptop, and waits for its word.
fn first_start(program: &Path, folder: &Path) -> std::result::Result<Child, Trouble> {
    let mut command = Command::new(program);
    command.arg(FIRST_START).env("NONGHUAN_DATA", folder).stdin(Stdio::null()).stdout(Stdio::piped());
    // Whatever this program was started with is not for the new one.
    for name in ["APPIMAGE", "APPDIR", "TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"] {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| not_started(error.to_string()))?;
    match heard(&mut child, PATIENCE) {
        Ok(()) => Ok(child),
        Err(reason) => {
            end(&mut child);
            Err(not_started(reason.to_owned()))
        }
    }
}

fn end(child: &mut Child) {
    let _ = child.kill(); // It may have ended by itself.
    let _ = child.wait(); // Then it leaves no trace in the system's list.
}

/// A copy of the program that the system is about to replace.
fn keep(folder: &Path, program: &Path) -> Result<PathBuf> {
    let kept = folder.join(FOLDER).join("previous");
    let copied = fs::create_dir_all(&kept).and_then(|()| {
        let kept = kept.join(program.file_name().unwrap_or_default());
        fs::copy(program, &kept).map(|_| kept)
    });
    Ok(copied.map_err(|error| Trouble::storage(&error))?)
}

/// Says where the former program is, when the one in its place does not start.
fn kept_at(trouble: Trouble, kept: &Path) -> Trouble {
    match trouble {
        Trouble::UpdateNotStarted { reason } => not_started(format!("{reason}; {}", kept.display())),
        other => other,
    }
}

/// Waits until the new program says that its window is there.
fn heard(child: &mut Child, patience: Duration) -> std::result::Result<(), &'static str> {
    let Some(pipe) = child.stdout.take() else { return Err("it has no voice") };
    let (say, hear) = channel();
    std::thread::spawn(move || {
        let said = BufReader::new(pipe).lines().map_while(std::result::Result::ok).any(|line| line.trim() == STARTED);
        let _ = say.send(said); // Whoever has lost patience hears no more.
    });
    match hear.recv_timeout(patience) {
        Ok(true) => Ok(()),
        Ok(false) | Err(RecvTimeoutError::Disconnected) => Err("it ended before its window was there"),
        Err(RecvTimeoutError::Timeout) => Err("its window did not open"),
    }
}

/// Puts the new program where the old one lies, in one step.
fn replace(staged: &Path, program: &Path) -> Result<()> {
    let next = program.with_extension("new");
    let replaced = (|| {
        fs::copy(staged, &next)?;
        File::open(&next)?.sync_all()?;
        fs::rename(&next, program)
    })();
    replaced.map_err(|error| {
        let _ = fs::remove_file(&next); // Half a program is of no use.
        not_installed(&error).into()
    })
}

/// Hands a package to the system, which asks for the administrator's word.
fn by_the_system(package: &Path) -> Result<()> {
    let done = Command::new("pkexec").args(["dpkg", "--install"]).arg(package).stdin(Stdio::null()).output();
    let done = done.map_err(|error| not_installed(&error))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let reason = format!("dpkg: {}; {last}", done.status);
    Err(Trouble::UpdateNotInstalled { reason }.into())
}

fn not_started(reason: String) -> Trouble {
    Trouble::UpdateNotStarted { reason }
}

fn not_installed(error: &std::io::Error) -> Trouble {
    Trouble::UpdateNotInstalled { reason: error.to_string() }
}
