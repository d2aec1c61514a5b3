//! This checkout: its folders, and running the tools that work on it.

use std::fmt::Display;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use end_to_end::Trouble;
use serde_json::Value;

/// Why a task ended early, for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Stop(pub(crate) String);

impl From<Trouble> for Stop {
    fn from(Trouble(why): Trouble) -> Self {
        Self(why)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Says what was being done when `error` came.
pub(crate) fn stop<E: Display>(doing: impl Display) -> impl FnOnce(E) -> Stop {
    move |error| Stop(format!("{doing}: {error}"))
}

/// The clone that this task was built from.
pub(crate) struct Checkout {
    /// Its top folder.
    pub(crate) top: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
}

impl Checkout {
    pub(crate) fn find() -> Result<Self, Stop> {
        let top = end_to_end::clone_folder();
        let metadata = metadata(&top)?;
        let target = metadata["target_directory"].as_str().ok_or_else(|| Stop("cargo metadata: no target".into()))?;
        Ok(Self { top, target: target.into() })
    }

    /// The names of all members.
    pub(crate) fn members(&self) -> Result<Vec<String>, Stop> {
        let metadata = metadata(&self.top)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        Ok(packages.filter_map(|package| package["name"].as_str().map(String::from)).collect())
    }

    /// The members that have a target of `kind`, such as `bench`, each with its name.
    pub(crate) fn targets(&self, kind: &str) -> Result<Vec<(String, String)>, Stop> {
        let metadata = metadata(&self.top)?;
        let mut found = Vec::new();
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let targets = package["targets"].as_array().into_iter().flatten();
            for target in targets.filter(|target| target["kind"][0] == kind) {
                let name = |value: &Value| value["name"].as_str().map(String::from);
                found.extend(name(package).zip(name(target)));
            }
        }
        Ok(found)
    }

    /// A command in the clone's top folder.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.top);
        command
    }

    /// A cargo command.
    pub(crate) fn cargo(&self, args: &[&str]) -> Command {
        let mut command = self.command(cargo());
        command.args(args);
        command
    }

    /// An npm command in `ui`.
    pub(crate) fn npm(&self, args: &[&str]) -> Command {
        // On Windows npm is a script, which only its shell finds by its bare name.
        let mut command = self.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.top.join("ui")).args(args);
        command
    }
}

/// What cargo knows of this workspace.
fn metadata(top: &Path) -> Result<Value, Stop> {
    let mut command = Command::new(cargo());
    command.args(["metadata", "--no-deps", "--format-version", "1", "--offline"]).current_dir(top);
    let done = command.output().map_err(stop("cargo does not start"))?;
    serde_json::from_slice(&done.stdout).map_err(stop("cargo metadata"))
}

/// The cargo that runs this task.
fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs a command to its end, its words going to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), Stop> {
    let status = command.status().map_err(stop(format!("`{}` does not start", shown(command))))?;
    if status.success() { Ok(()) } else { Err(Stop(format!("`{}` ended with {status}", shown(command)))) }
}

/// Runs a command to its end, its words going to the terminal and to `each` by line.
pub(crate) fn run_reading(command: &mut Command, mut each: impl FnMut(&str)) -> Result<(), Stop> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(stop(format!("`{}` does not start", shown(command))))?;
    if let Some(pipe) = child.stdout.take() {
        for line in BufReader::new(pipe).lines() {
            let line = line?;
            println!("{line}");
            each(&line);
        }
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(Stop(format!("`{}` ended with {status}", shown(command)))) }
}

/// What a command prints, when it succeeds.
pub(crate) fn answer(program: &str, args: &[&str]) -> Option<String> {
    let done = Command::new(program).args(args).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_string())
}

/// A command as it would be typed.
pub(crate) fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    command.get_args().fold(name, |line, arg| format!("{line} {}", arg.to_string_lossy()))
}
