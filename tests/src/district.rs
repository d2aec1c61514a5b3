//! A district: `nonghuan-district serve` as a process, ended with its owner.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::programs::Running;
use crate::wait::pass;
use crate::{Programs, Trouble, trouble};

/// How long a district may take to be up, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running district server.
#[derive(Debug)]
pub struct District {
    programs: Programs,
    folder: PathBuf,
    address: SocketAddr,
    process: Running,
    /// What it said on its start.
    pub words: Vec<String>,
}

/// Where a district keeps what does not lie in its folder.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// Options of `serve`, which remembers them.
    pub options: Vec<String>,
    /// Keys, which nobody remembers: each of its programs needs them.
    pub keys: Vec<(&'static str, &'static str)>,
}

impl District {
    /// Starts a server over `folder` on a free port.
    ///
    /// # Errors
    /// When it ends, or is not up in a minute; with what it said.
    pub fn start(programs: &Programs, folder: &Path) -> Result<Self, Trouble> {
        Self::start_at(programs, folder, "127.0.0.1:0")
    }

    /// As [`District::start`], with its database and its originals elsewhere: by the
    /// options that say so, and the keys in its environment.
    ///
    /// # Errors
    /// As [`District::start`].
    pub fn start_with(programs: &Programs, folder: &Path, elsewhere: &Elsewhere) -> Result<Self, Trouble> {
        Self::begin(programs, folder, "127.0.0.1:0", elsewhere)
    }

    /// As [`District::start`], at a given address.
    ///
    /// # Errors
    /// As [`District::start`].
    pub fn start_at(programs: &Programs, folder: &Path, listen: &str) -> Result<Self, Trouble> {
        Self::begin(programs, folder, listen, &Elsewhere::default())
    }

    fn begin(programs: &Programs, folder: &Path, listen: &str, elsewhere: &Elsewhere) -> Result<Self, Trouble> {
        let mut command = programs.command("nonghuan-district");
        command.arg("--data").arg(folder).args(["serve", "--listen", listen]).args(&elsewhere.options);
        command.envs(elsewhere.keys.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Running::start(&mut command)?;
        let lines = lines_of(&mut process);
        let mut words = Vec::new();
        let start = Instant::now();
        let address = loop {
            match lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
                Ok(line) => {
                    let address = listening(&line);
                    words.push(line);
                    if let Some(address) = address {
                        break address;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Trouble(format!("the district ended instead of serving:\n{}", words.join("\n"))));
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(Trouble(format!("the district is not up:\n{}", words.join("\n"))));
                }
            }
        };
        // Its further words are read away, or the pipe would fill and stop it.
        thread::spawn(move || while lines.recv().is_ok() {});
        Ok(Self { programs: programs.clone(), folder: folder.to_path_buf(), address, process, words })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether it is still up.
    pub fn runs(&mut self) -> bool {
        self.process.runs()
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Lets it serve for a moment, and then ends it as a power cut does.
    pub fn strike(&mut self, moment: Duration) {
        pass(moment);
        self.kill();
    }

    /// Starts it again over the same folder, at the same address.
    ///
    /// # Errors
    /// As [`District::start`].
    pub fn start_again(&mut self) -> Result<(), Trouble> {
        self.kill();
        let (programs, folder, address) = (self.programs.clone(), self.folder.clone(), self.address.to_string());
        *self = Self::start_at(&programs, &folder, &address)?;
        Ok(())
    }

    /// What `nonghuan-district ARGS` prints, over this district's folder.
    ///
    /// # Errors
    /// When it exits with anything but 0; with what it said.
    pub fn ask(&self, args: &[&str]) -> Result<String, Trouble> {
        let done = self.programs.command("nonghuan-district").arg("--data").arg(&self.folder).args(args).output();
        let done = done.map_err(trouble("nonghuan-district does not start"))?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        if done.status.success() {
            return Ok(said);
        }
        let error = String::from_utf8_lossy(&done.stderr);
        Err(Trouble(format!("nonghuan-district {} ended with {}:\n{said}{error}", args.join(" "), done.status)))
    }

    /// Loads the places of a CSV list (`code,name,parent,level,kind`).
    ///
    /// # Errors
    /// As [`District::ask`].
    pub fn load_places(&self, file: &Path) -> Result<String, Trouble> {
        self.ask(&["places", "load", &file.to_string_lossy()])
    }

    /// A one-time enrolment code.
    ///
    /// # Errors
    /// As [`District::ask`], or when what it prints holds no code.
    pub fn code(&self, scope: &str, role: &str) -> Result<String, Trouble> {
        self.code_over(self.address, scope, role)
    }

    /// A one-time enrolment code for a laptop that will call at `address`.
    ///
    /// # Errors
    /// As [`District::code`].
    pub fn code_over(&self, address: SocketAddr, scope: &str, role: &str) -> Result<String, Trouble> {
        let said = self.ask(&["code", "--scope", scope, "--role", role, "--address", &address.to_string()])?;
        let code = said.split_whitespace().find(|word| word.trim_matches('"').starts_with("NH1-"));
        let code = code.ok_or_else(|| Trouble(format!("there is no code in: {said}")))?;
        Ok(code.trim_matches(['"', ',']).to_string())
    }

    /// All records of a kind, as the district has them.
    ///
    /// # Errors
    /// As [`District::ask`], or when it prints no JSON list.
    pub fn list(&self, kind: &str) -> Result<Vec<Value>, Trouble> {
        let said = self.ask(&["--json", "list", kind])?;
        let value: Value = serde_json::from_str(&said).map_err(trouble(format!("the district's list of {kind}")))?;
        let records = value.get("records").unwrap_or(&value).as_array().cloned();
        records.ok_or_else(|| Trouble(format!("the district's list of {kind} is no list: {said}")))
    }

    /// What the audit of every log found: `ok`, `scopes` and `broken`. Also of one
    /// that found something.
    ///
    /// # Errors
    /// When it prints no JSON.
    pub fn audit(&self) -> Result<Value, Trouble> {
        let mut command = self.programs.command("nonghuan-district");
        command.arg("--data").arg(&self.folder).args(["--json", "audit"]);
        let done = command.output().map_err(trouble("nonghuan-district does not start"))?;
        serde_json::from_slice(&done.stdout).map_err(trouble(String::from_utf8_lossy(&done.stderr)))
    }

    /// One record, as the district has it.
    ///
    /// # Errors
    /// As [`District::ask`], or when it prints no JSON.
    pub fn show(&self, id: &str) -> Result<Value, Trouble> {
        let said = self.ask(&["--json", "show", id])?;
        serde_json::from_str(&said).map_err(trouble(format!("the district's record {id}")))
    }
}

/// The address in `… listening on https://ADDRESS …`.
fn listening(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("https://")?;
    if !line.contains("listening on") {
        return None;
    }
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".:[]".contains(c))).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// What a process says, on either channel, line by line.
fn lines_of(process: &mut Running) -> Receiver<String> {
    let (say, lines) = channel();
    let child = process.child();
    let channels: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|pipe| Box::new(pipe) as _), child.stderr.take().map(|pipe| Box::new(pipe) as _)];
    for channel in channels.into_iter().flatten() {
        let say = say.clone();
        thread::spawn(move || {
            for line in BufReader::new(channel).lines().map_while(Result::ok) {
                // Nobody listens any more: read on all the same, so that the process never blocks.
                let _ = say.send(line);
            }
        });
    }
    lines
}
