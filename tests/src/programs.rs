//! Where the built programs are, and running them.
//!
//! Tests always ask cargo to build first: that costs a moment when all is fresh,
//! and no test ever passes on yesterday's program.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::{Trouble, clone_folder, trouble};

/// Names a folder of programs that are built already; `cargo xtask` sets it.
pub const FOLDER: &str = "NONGHUAN_PROGRAMS";

/// What every build of the programs is asked for. One wording everywhere, since
/// cargo builds a dependency anew for each set of members that it is asked for.
pub const BUILD: [&str; 4] = ["--workspace", "--exclude", "xtask", "--bins"];

/// The folder that the three programs are in.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    through: Vec<String>,
}

impl Programs {
    /// The programs in `folder`.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), through: Vec::new() }
    }

    /// The programs of this clone, built when they are older than their sources.
    ///
    /// # Errors
    /// When they cannot be built.
    pub fn built() -> Result<Self, Trouble> {
        static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        match BUILT.get_or_init(build) {
            Ok(folder) => Ok(Self::in_folder(folder)),
            Err(why) => Err(Trouble(why.clone())),
        }
    }

    /// The program `name`, for this platform.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The same programs, started by another one that changes the world around
    /// them: `faketime -f +20y`.
    #[must_use]
    pub fn through<S: Into<String>>(&self, starter: impl IntoIterator<Item = S>) -> Self {
        Self { folder: self.folder.clone(), through: starter.into_iter().map(Into::into).collect() }
    }

    /// A command that runs the program `name`.
    #[must_use]
    pub fn command(&self, name: &str) -> Command {
        match self.through.split_first() {
            None => Command::new(self.path(name)),
            Some((starter, args)) => {
                let mut command = Command::new(starter);
                command.args(args).arg(self.path(name));
                command
            }
        }
    }
}

fn build() -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Ok(folder.into());
    }
    // A test runs as target/debug/deps/NAME: its programs are two folders up.
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = this.parent().and_then(Path::parent).ok_or("this test is in no target folder")?.to_path_buf();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo)
        .arg("build")
        .args(BUILD)
        .current_dir(clone_folder())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if done.status.success() { Ok(folder) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}

/// A process that ends with its owner, together with what it started.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts `command` in a process group of its own, so that all of it can be ended.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(command: &mut Command) -> Result<Self, Trouble> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let name = command.get_program().to_string_lossy().into_owned();
        Ok(Self { child: command.spawn().map_err(trouble(format!("{name} does not start")))? })
    }

    /// The process itself, for its pipes and its exit code.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it is still there.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Interrupts it, as Ctrl-C does.
    pub fn interrupt(&self) {
        signal(&self.child, "INT");
    }

    /// Ends it as a power cut does: at once, with nothing tidied up.
    pub fn kill(&mut self) {
        signal(&self.child, "KILL");
        // Only fails when it has ended already, which is what was wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.runs() {
            signal(&self.child, "TERM");
            let gone = crate::until("the end", std::time::Duration::from_secs(3), || (!self.runs()).then_some(()));
            if gone.is_err() {
                self.kill();
            }
        }
        // What the process itself started may outlive it by a moment; it must not outlive its owner.
        signal(&self.child, "KILL");
    }
}

/// Signals the whole group of `child`; where there are no groups its own kill has to do.
fn signal(child: &Child, name: &str) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-s", name, "--", &group]).stderr(Stdio::null()).status();
    }
}
