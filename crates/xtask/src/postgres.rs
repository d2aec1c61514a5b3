//! A PostgreSQL server for the tests of one run: made in a temporary folder,
//! listening on this machine alone, and gone with the run.
//!
//! It stands in the foreground, as a child of this task: what ends the task from
//! the terminal ends it too. Nothing that it keeps has to outlive a power cut, so
//! it never waits for the disk.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::checkout::{Stop, answer, run, stop};

/// The tests find the server by this variable; where it is set already, that
/// server is used and none is started.
pub(crate) const ADDRESS: &str = "NONGHUAN_POSTGRES";

/// What the server says when it takes connections.
const READY: &str = "ready to accept connections";

/// A server; it ends with this.
pub(crate) struct Postgres {
    url: String,
    started: Option<Started>,
}

struct Started {
    child: Child,
    programs: PathBuf,
    folder: TempDir,
}

impl Postgres {
    /// The server that was named, or a new one.
    pub(crate) fn find_or_start() -> Result<Self, Stop> {
        match std::env::var(ADDRESS) {
            Ok(url) => Ok(Self { url, started: None }),
            Err(_) => Self::start(),
        }
    }

    /// Makes a server and waits until it takes connections.
    fn start() -> Result<Self, Stop> {
        let programs = programs().ok_or_else(|| Stop("PostgreSQL is not installed".into()))?;
        let folder = tempfile::Builder::new().prefix("nonghuan-postgres-").tempdir()?;
        own(folder.path())?;
        let data = folder.path().join("data");
        let log = std::fs::File::create(folder.path().join("initdb.log"))?;
        let mut initdb = command(&programs, "initdb");
        initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        run(initdb.stdout(log))?;
        certificate(&data)?;
        // Free a moment ago; should another take it meanwhile, the server says so and ends.
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = command(&programs, "postgres");
        server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "ssl=on",
            "fsync=off",
            "full_page_writes=off",
            "lc_messages=C",
        ] {
            server.args(["-c", setting]);
        }
        let mut child = server.stderr(Stdio::piped()).spawn().map_err(stop("postgres does not start"))?;
        let said = child.stderr.take().ok_or_else(|| Stop("postgres: no output".into()))?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let postgres = Self { url, started: Some(Started { child, programs, folder }) };
        let mut lines = BufReader::new(said).lines();
        let mut heard = String::new();
        loop {
            match lines.next() {
                Some(Ok(line)) if line.contains(READY) => break,
                Some(Ok(line)) => heard = heard + "\n" + &line,
                Some(Err(_)) | None => return Err(Stop(format!("postgres ended by itself:{heard}"))),
            }
        }
        // What it says of the tests' own mistakes interests nobody, but has to be taken from it.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(postgres)
    }

    /// Its address, as an administrator's.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let Some(Started { child, programs, folder }) = &mut self.started else { return };
        let mut end = command(programs, "pg_ctl");
        end.arg("-D").arg(folder.path().join("data")).args(["-m", "immediate", "-s", "stop"]);
        if !end.status().is_ok_and(|status| status.success()) {
            let _ = child.kill(); // It may have ended by itself.
        }
        let _ = child.wait();
    }
}

/// Where the programs of the newest PostgreSQL on this machine lie.
pub(crate) fn programs() -> Option<PathBuf> {
    let name = format!("initdb{}", std::env::consts::EXE_SUFFIX);
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    // Debian and Windows keep versions side by side, off the path.
    for versions in ["/usr/lib/postgresql", "C:/Program Files/PostgreSQL"] {
        for version in std::fs::read_dir(versions).into_iter().flatten().flatten() {
            let number = version.file_name().to_str().and_then(|name| name.parse().ok());
            let programs = version.path().join("bin");
            if let Some(number) = number.filter(|_| programs.join(&name).is_file()) {
                found.push((number, programs));
            }
        }
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let newest = found.into_iter().max().map(|(_, programs)| programs);
    newest.or_else(|| std::env::split_paths(&path).find(|folder| folder.join(&name).is_file()))
}

/// A program of PostgreSQL's. It refuses to run as root, who runs it as the user
/// that Debian's package brings.
fn command(programs: &Path, name: &str) -> Command {
    let program = programs.join(name);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // The working folder may be one that the other user cannot enter.
    command.current_dir(std::env::temp_dir());
    command
}

fn is_root() -> bool {
    cfg!(unix) && answer("id", &["-u"]).as_deref() == Some("0")
}

/// Gives a folder or file to the user that the server runs as.
fn own(path: &Path) -> Result<(), Stop> {
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(path))?;
    }
    Ok(())
}

/// A certificate by which the server can prove itself to the tests.
fn certificate(data: &Path) -> Result<(), Stop> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).map_err(stop("a certificate"))?;
    let (key, certificate) = (data.join("server.key"), data.join("server.crt"));
    std::fs::write(&certificate, made.cert.pem())?;
    std::fs::write(&key, made.signing_key.serialize_pem())?;
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    [certificate, key].iter().try_for_each(|file| own(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_takes_connections_and_is_gone_with_its_run() {
        let postgres = Postgres::start().expect("a server");
        let address = postgres.url().split(['@', '/']).find(|part| part.contains(':') && part.contains('.'));
        let address = address.expect("host and port").to_owned();
        std::net::TcpStream::connect(&address).expect("it listens");
        let folder = postgres.started.as_ref().expect("ours").folder.path().to_owned();
        drop(postgres);
        assert!(std::net::TcpStream::connect(&address).is_err(), "a server that stays would stay for ever");
        assert!(!folder.exists(), "and so would its folder");
    }
}
