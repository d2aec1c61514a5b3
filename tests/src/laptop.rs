//! A laptop: its folder, and `nonghuan --json` called in it as a person would.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::programs::Running;
use crate::wait::pass;
use crate::{PIN, Programs, Trouble, trouble};

/// A laptop, enrolled or not.
#[derive(Debug, Clone)]
pub struct Laptop {
    programs: Programs,
    folder: PathBuf,
    pin: String,
}

/// What became of a command that was to be killed after a while.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was quicker: exit code 0, and its answer.
    Done(Value),
    /// It was quicker, and refused.
    Refused(Refused),
    /// It was killed, and nobody knows how far it came.
    Killed,
}

/// A refusal: exit code 1, with its code and the values of its blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Keys the sentence.
    pub code: String,
    /// The blanks, as JSON.
    pub fields: Value,
}

impl Laptop {
    /// A laptop that keeps its records in `folder`.
    #[must_use]
    pub fn new(programs: &Programs, folder: &Path) -> Self {
        Self { programs: programs.clone(), folder: folder.to_path_buf(), pin: PIN.into() }
    }

    /// The same laptop in the hands of someone who types another PIN.
    #[must_use]
    pub fn with_pin(&self, pin: &str) -> Self {
        Self { pin: pin.into(), ..self.clone() }
    }

    /// The same laptop with a clock that is off, in the words of `faketime`: `-1000d`, `+20y`.
    #[must_use]
    pub fn with_clock(&self, off: &str) -> Self {
        Self { programs: self.programs.through(["faketime", "-f", off]), ..self.clone() }
    }

    /// The laptop that lies in another folder, with the same person before it.
    #[must_use]
    pub fn in_folder(&self, folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), ..self.clone() }
    }

    /// Where its records are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `nonghuan --data FOLDER --json ARGS`, with the PIN in the environment.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.programs.command("nonghuan");
        command.arg("--data").arg(&self.folder).arg("--json").args(args).env("NONGHUAN_PIN", &self.pin);
        command.stdin(Stdio::null());
        command
    }

    /// What the command answers.
    ///
    /// # Errors
    /// When it exits with anything but 0, or prints no JSON.
    pub fn ask(&self, args: &[&str]) -> Result<Value, Trouble> {
        match self.try_ask(args)? {
            Ok(answer) => Ok(answer),
            Err(refused) => Err(Trouble(format!("`nonghuan {}` was refused: {refused:?}", shown(args)))),
        }
    }

    /// The refusal that the command must meet.
    ///
    /// # Errors
    /// When it is done, or fails in another way.
    pub fn refused(&self, args: &[&str]) -> Result<Refused, Trouble> {
        match self.try_ask(args)? {
            Err(refused) => Ok(refused),
            Ok(answer) => Err(Trouble(format!("`nonghuan {}` was not refused: {answer}", shown(args)))),
        }
    }

    /// The answer or the refusal.
    ///
    /// # Errors
    /// When the exit code is neither 0 nor 1, or what was printed does not fit it.
    pub fn try_ask(&self, args: &[&str]) -> Result<Result<Value, Refused>, Trouble> {
        let done = self.command(args).output().map_err(trouble("nonghuan does not start"))?;
        let said = String::from_utf8_lossy(&done.stdout);
        let error = String::from_utf8_lossy(&done.stderr);
        let odd = |why: &str| Trouble(format!("`nonghuan {}` ({}) {why}:\n{said}{error}", shown(args), done.status));
        let json: Value = serde_json::from_str(&said).map_err(|_| odd("printed no JSON document"))?;
        match done.status.code() {
            Some(0) => Ok(Ok(json)),
            Some(1) => Ok(Err(refusal(&json).ok_or_else(|| odd("refused without a code"))?)),
            _ => Err(odd("ended oddly")),
        }
    }

    /// Starts the command and kills it after `moment`, unless it has ended by then.
    ///
    /// # Errors
    /// As [`Laptop::try_ask`].
    pub fn strike(&self, args: &[&str], moment: Duration) -> Result<Outcome, Trouble> {
        let mut running = Running::start(self.command(args).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let start = Instant::now();
        while running.runs() && start.elapsed() < moment {
            pass(Duration::from_millis(2));
        }
        running.kill();
        let (mut said, child) = (String::new(), running.child());
        let status = child.wait().map_err(trouble("nonghuan does not end"))?;
        let read = child.stdout.take().map(|mut pipe| pipe.read_to_string(&mut said));
        read.transpose().map_err(trouble("what nonghuan said"))?;
        let odd = || Trouble(format!("`nonghuan {}` ({status}) printed no JSON document:\n{said}", shown(args)));
        let json = || serde_json::from_str::<Value>(&said).map_err(|_| odd());
        match status.code() {
            None => Ok(Outcome::Killed),
            Some(0) => json().map(Outcome::Done),
            Some(1) => refusal(&json()?).map(Outcome::Refused).ok_or_else(odd),
            Some(_) => Err(odd()),
        }
    }

    /// Starts the command and leaves it running, to be killed at a bad moment.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(&self, args: &[&str]) -> Result<Running, Trouble> {
        Running::start(self.command(args).stdout(Stdio::null()).stderr(Stdio::null()))
    }

    /// Enrols with a one-time code.
    ///
    /// # Errors
    /// As [`Laptop::ask`].
    pub fn enrol(&self, code: &str, name: &str) -> Result<Value, Trouble> {
        self.ask(&["enrol", code, "--name", name])
    }

    /// Adds a record and gives its id.
    ///
    /// # Errors
    /// As [`Laptop::ask`].
    pub fn add(&self, kind: &str, fields: &[&str]) -> Result<String, Trouble> {
        let answer = self.ask(&[&["add", kind], fields].concat())?;
        answer["id"].as_str().map(String::from).ok_or_else(|| Trouble(format!("`add` gave no id: {answer}")))
    }

    /// Attaches files to a record.
    ///
    /// # Errors
    /// As [`Laptop::ask`].
    pub fn attach<P: AsRef<OsStr>>(&self, id: &str, files: &[P]) -> Result<Value, Trouble> {
        let files: Vec<_> = files.iter().map(|file| file.as_ref().to_string_lossy()).collect();
        let args: Vec<&str> = ["attach", id].into_iter().chain(files.iter().map(AsRef::as_ref)).collect();
        self.ask(&args)
    }

    /// All records of a kind.
    ///
    /// # Errors
    /// As [`Laptop::ask`].
    pub fn list(&self, kind: &str) -> Result<Vec<Value>, Trouble> {
        let answer = self.ask(&["list", kind, "--limit", "100000"])?;
        let records = answer["records"].as_array().cloned();
        records.ok_or_else(|| Trouble(format!("`list {kind}` gave no records: {answer}")))
    }

    /// The id of the one record of `kind` whose `field` is `value`.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn find(&self, kind: &str, field: &str, value: &str) -> Result<String, Trouble> {
        let found: Vec<Value> =
            self.list(kind)?.into_iter().filter(|record| record["fields"][field] == value).collect();
        match found.as_slice() {
            [one] => Ok(one["id"].as_str().unwrap_or_default().to_string()),
            _ => Err(Trouble(format!("{} {kind} have {field} = {value}, not one", found.len()))),
        }
    }
}

fn refusal(json: &Value) -> Option<Refused> {
    let code = json["error"]["code"].as_str()?;
    Some(Refused { code: code.into(), fields: json["error"]["fields"].clone() })
}

/// Arguments as a person would type them, for a message.
fn shown(args: &[&str]) -> String {
    args.join(" ")
}
