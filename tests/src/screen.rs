//! A screen for the window: the real one where there is one, else a virtual one
//! (Xvfb with a session bus), as on a build machine.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::programs::Running;
use crate::{Frame, Trouble, trouble, until};

/// A screen that windows can open on.
#[derive(Debug)]
pub struct Screen {
    /// The virtual one; `None` is the person's own.
    hidden: Option<Hidden>,
}

/// A session bus, on which programs that are started one after the other find each other.
#[derive(Debug)]
pub struct Bus {
    address: String,
    // Held for its end.
    _daemon: Running,
}

impl Bus {
    /// The variable that says to a program where it is, and its value.
    #[must_use]
    pub fn variable(&self) -> (&'static str, &str) {
        ("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }
}

#[derive(Debug)]
struct Hidden {
    display: String,
    runtime: PathBuf,
    // Held for their ends: the server stops and the folder goes when the screen does.
    _server: Running,
    _folder: tempfile::TempDir,
}

impl Screen {
    /// The person's own screen, if there is one; else a virtual one.
    ///
    /// # Errors
    /// When a virtual one is needed and Xvfb does not start.
    pub fn open() -> Result<Self, Trouble> {
        if Self::is_needed() { Self::hidden() } else { Ok(Self { hidden: None }) }
    }

    /// Whether there is no real screen here, so that a virtual one must do.
    #[must_use]
    pub fn is_needed() -> bool {
        cfg!(target_os = "linux") && !["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| set(name))
    }

    /// A virtual screen, also beside a real one, so that a test disturbs nobody.
    ///
    /// # Errors
    /// When Xvfb does not start.
    pub fn hidden() -> Result<Self, Trouble> {
        let folder = tempfile::Builder::new().prefix("nonghuan-screen").tempdir();
        let folder = folder.map_err(trouble("no folder for the screen"))?;
        #[cfg(unix)]
        {
            // WebKitGTK refuses a runtime folder that others may read.
            use std::os::unix::fs::PermissionsExt;
            let private = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(folder.path(), private).map_err(trouble("the screen's folder"))?;
        }
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir"])
            .arg(folder.path());
        let mut server = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let mut number = String::new();
        if let Some(pipe) = server.child().stdout.take() {
            BufReader::new(pipe).read_line(&mut number).map_err(trouble("Xvfb"))?;
        }
        if number.trim().is_empty() {
            return Err(Trouble("Xvfb ended without a display".into()));
        }
        let runtime = folder.path().to_path_buf();
        Ok(Self {
            hidden: Some(Hidden { display: format!(":{}", number.trim()), runtime, _server: server, _folder: folder }),
        })
    }

    /// Whether nobody can see it.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.hidden.is_some()
    }

    /// A command that opens its windows here.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        if self.hidden.is_none() {
            return Command::new(program);
        }
        // Without a session bus WebKitGTK starts slowly and complains.
        let mut command = self.command_without_bus("dbus-run-session".as_ref());
        command.arg("--").arg(program);
        command
    }

    /// The same for a program that finds a session bus, or needs none.
    #[must_use]
    pub fn command_without_bus(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(hidden) = &self.hidden {
            command.env("DISPLAY", &hidden.display).env("XDG_RUNTIME_DIR", &hidden.runtime);
            command.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
        }
        command
    }

    /// A bus for several programs on this screen.
    ///
    /// # Errors
    /// When dbus-daemon does not start.
    pub fn bus(&self) -> Result<Bus, Trouble> {
        let mut command = self.command_without_bus("dbus-daemon".as_ref());
        command.args(["--session", "--nofork", "--print-address"]);
        let mut daemon = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let mut address = String::new();
        if let Some(pipe) = daemon.child().stdout.take() {
            BufReader::new(pipe).read_line(&mut address).map_err(trouble("dbus-daemon"))?;
        }
        match address.trim() {
            "" => Err(Trouble("dbus-daemon ended without an address".into())),
            found => Ok(Bus { address: found.into(), _daemon: daemon }),
        }
    }

    /// A look at what it shows, again and again.
    ///
    /// # Errors
    /// When it is a real one, whose pixels are nobody's business.
    pub fn frame(&self) -> Result<Frame, Trouble> {
        match &self.hidden {
            Some(hidden) => Frame::open(&hidden.runtime.join("Xvfb_screen0")),
            None => Err(Trouble("this screen is a person's own".into())),
        }
    }

    /// Waits until something is painted, then keeps a picture of the whole screen.
    ///
    /// # Errors
    /// When nothing is painted within a minute, or the screen is a real one.
    pub fn picture(&self, file: &Path) -> Result<(), Trouble> {
        until("a painted window", Duration::from_secs(60), || (self.colours()? > 16).then_some(()))?;
        self.import(&[&file.to_string_lossy()]).map(drop)
    }

    /// How many colours are on the screen: an empty one has one, a bare window a few.
    fn colours(&self) -> Option<u32> {
        self.import(&["-format", "%k", "info:-"]).ok()?.trim().parse().ok()
    }

    fn import(&self, args: &[&str]) -> Result<String, Trouble> {
        let Some(hidden) = &self.hidden else { return Err(Trouble("this screen is a person's own".into())) };
        let mut command = Command::new("import");
        let done = command.args(["-silent", "-window", "root"]).args(args).env("DISPLAY", &hidden.display).output();
        let done = done.map_err(trouble("import (ImageMagick) does not start"))?;
        if done.status.success() {
            return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
        }
        Err(Trouble(format!("import: {}", String::from_utf8_lossy(&done.stderr))))
    }
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
