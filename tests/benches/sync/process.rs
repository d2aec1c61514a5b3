//! The parts of the benchmark that are processes of their own: both servers, so
//! that laptop and district share no lock and no allocator, and the laptops whose
//! memory is measured. Each is this same program, started with the name of its part.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use district::{Config, Location, NewCode, Server};
use nonghuan_tests::programs::Running;

use crate::floor;
use crate::laptop::Laptop;
use crate::sample::scope;

/// Plays the part that the arguments name, if they name one.
pub(crate) fn play(args: &[&str]) -> bool {
    match args {
        ["as-district", folder] => serve(Path::new(folder)),
        ["as-floor", folder] => floor::serve(Path::new(folder), |address| say(&address.to_string())),
        ["as-new-laptop", folder, code] => {
            let mut laptop = Laptop::enrol(Path::new(folder), code, 91);
            let (_, filled) = laptop.fill();
            say(&format!("{filled} {}", peak("self")));
            laptop.exchange();
            laptop.index();
            say(&format!("{filled} {}", peak("self")));
        }
        ["as-busy-laptop", folder, code, count] => {
            let mut laptop = Laptop::enrol(Path::new(folder), code, 92);
            laptop.create(0, count.parse().expect("a number"));
            let (_, report) = laptop.exchange();
            say(&format!("{} {}", report.pushed, peak("self")));
            laptop.index();
            say(&format!("{} {}", report.pushed, peak("self")));
        }
        _ => return false,
    }
    true
}

/// The real server; a one-time code for every line that it is told.
fn serve(folder: &Path) {
    let location = Location { data: folder.to_owned(), ..Location::default() };
    let config = Config { location, listen: "127.0.0.1:0".parse().expect("an address") };
    let running = Server::start(&config).expect("the server starts");
    say(&running.address.to_string());
    for _ in std::io::stdin().lines().map_while(Result::ok) {
        let new = NewCode { scope: Some(scope()), role: "clerk".to_owned(), address: None, days: 7, person: None };
        say(&running.district().code(&new).expect("a code").code);
    }
}

fn say(line: &str) {
    println!("{line}");
    std::io::stdout().flush().expect("somebody listens");
}

/// The most memory that a process ever had, in MB of 2^20 bytes; none where the
/// system does not tell.
pub(crate) fn peak(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<f64> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}

/// How long this process has kept processors busy so far.
pub(crate) fn worked() -> Duration {
    busy("self")
}

/// How long a process has kept processors busy, by all threads that it still has;
/// nothing where the system does not tell.
fn busy(process: &str) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let schedule = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        schedule.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// A process with one of the parts.
pub(crate) struct Part {
    process: Running,
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Part {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Running::start(&mut command).expect("a second process");
        let ask = process.child().stdin.take();
        let answers = BufReader::new(process.child().stdout.take().expect("a pipe"));
        Self { process, ask, answers }
    }

    /// The next line that it says.
    pub(crate) fn heard(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("a line");
        assert!(!line.is_empty(), "the part ended early");
        line.trim().to_owned()
    }

    /// The most memory that it ever had so far, in MB.
    pub(crate) fn peak(&mut self) -> f64 {
        peak(&self.process.child().id().to_string())
    }

    fn worked(&mut self) -> Duration {
        busy(&self.process.child().id().to_string())
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) {
        drop(self.ask.take());
        assert!(self.process.child().wait().expect("it ends").success(), "it ends well");
    }
}

/// A district in a process of its own.
pub(crate) struct District {
    part: Part,
    pub(crate) address: SocketAddr,
}

impl District {
    pub(crate) fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder for the district");
        let mut part = Part::start(&["as-district", &folder.to_string_lossy()]);
        let address = part.heard().parse().expect("an address");
        Self { part, address }
    }

    /// A one-time code for one more laptop.
    pub(crate) fn code(&mut self) -> String {
        let ask = self.part.ask.as_mut().expect("it runs");
        ask.write_all(b"code\n").and_then(|()| ask.flush()).expect("it listens");
        self.part.heard()
    }

    pub(crate) fn peak(&mut self) -> f64 {
        self.part.peak()
    }

    pub(crate) fn worked(&mut self) -> Duration {
        self.part.worked()
    }
}

/// The floor's district in a process of its own.
pub(crate) struct Floor {
    part: Part,
    pub(crate) address: String,
}

impl Floor {
    pub(crate) fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder for the floor");
        let mut part = Part::start(&["as-floor", &folder.to_string_lossy()]);
        let address = part.heard();
        Self { part, address }
    }

    pub(crate) fn peak(&mut self) -> f64 {
        self.part.peak()
    }

    pub(crate) fn worked(&mut self) -> Duration {
        self.part.worked()
    }
}
