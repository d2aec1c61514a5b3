//! A disk so small that a test can fill it.
//!
//! A tmpfs of a few megabytes in a name space of its own, held by a process that
//! waits; who is to see it is started inside. An ordinary user may make one where
//! the kernel lets users have name spaces, and root always; neither finds it among
//! the mounts afterwards, however the test ends.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::programs::Running;
use crate::{Programs, Trouble, trouble, until};

/// How long a disk may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// A disk that is gone with its owner.
#[derive(Debug)]
pub struct SmallDisk {
    folder: PathBuf,
    /// The same folder, seen from outside.
    seen: PathBuf,
    inside: Vec<String>,
    _holder: Running,
}

impl SmallDisk {
    /// A disk of so many KiB; `at` becomes an empty folder that names it.
    ///
    /// # Errors
    /// When this machine lets nobody have one.
    pub fn new(at: &Path, kib: u64) -> Result<Self, Trouble> {
        fs::create_dir_all(at).map_err(trouble(at.display()))?;
        let mut why = Vec::new();
        // A user's own name space first: root of a container may lack the right to mount outside of one.
        for space in [&["--user", "--map-root-user", "--mount"] as &[&str], &["--mount"]] {
            match Self::held(at, kib, space) {
                Ok(disk) => return Ok(disk),
                Err(Trouble(reason)) => why.push(reason),
            }
        }
        Err(Trouble(format!("no small disk here (`unshare --mount` as root, or user name spaces): {}", why.join("; "))))
    }

    fn held(at: &Path, kib: u64, space: &[&str]) -> Result<Self, Trouble> {
        let mut command = Command::new("unshare");
        // `cat` waits for ever, or until the test is gone and its pipe is closed.
        let script = "mount -t tmpfs -o \"size=$1k,mode=700\" tmpfs \"$2\" && touch \"$2/.mounted\" && exec cat";
        command.args(space).args(["--", "sh", "-c", script, "sh", &kib.to_string()]).arg(at);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut holder = Running::start(&mut command)?;
        let inside = at.strip_prefix("/").map_err(trouble("the place of a small disk is absolute"))?;
        let seen = Path::new("/proc").join(holder.child().id().to_string()).join("root").join(inside);
        let mounted = until("a small disk", PATIENCE, || {
            let there = seen.join(".mounted").exists();
            (there || !holder.runs()).then_some(there)
        })?;
        if !mounted {
            return Err(Trouble(format!("unshare {} cannot mount", space.join(" "))));
        }
        fs::remove_file(seen.join(".mounted")).map_err(trouble("the small disk is not writable"))?;
        let target = holder.child().id().to_string();
        let mut inside = vec!["nsenter".to_owned(), "--target".to_owned(), target, "--mount".to_owned()];
        if space.contains(&"--user") {
            inside.extend(["--user".to_owned(), "--preserve-credentials".to_owned()]);
        }
        inside.push("--".to_owned());
        Ok(Self { folder: at.to_path_buf(), seen, inside, _holder: holder })
    }

    /// Its top folder, for programs that see it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The programs, so started that they see this disk.
    #[must_use]
    pub fn seen_by(&self, programs: &Programs) -> Programs {
        programs.through(self.inside.clone())
    }

    /// Fills it, leaving so many KiB; [`SmallDisk::make_room`] makes room again.
    ///
    /// # Errors
    /// When it fails otherwise than by being full.
    pub fn fill(&self, leaving: u64) -> Result<(), Trouble> {
        let path = self.seen.join("ballast");
        let mut file = fs::File::options().create(true).append(true).open(&path).map_err(trouble(path.display()))?;
        let mut block: &[u8] = &[0; 4 << 10];
        loop {
            match file.write(block) {
                Ok(written) if written > 0 => {}
                Err(error) if error.kind() != std::io::ErrorKind::StorageFull => {
                    return Err(Trouble(format!("{}: {error}", path.display())));
                }
                _ if block.len() > 1 => block = &block[..block.len() / 2],
                _ => break,
            }
        }
        let full = file.metadata().map_err(trouble(path.display()))?.len();
        file.set_len(full.saturating_sub(leaving << 10)).map_err(trouble(path.display()))
    }

    /// Takes away what filled it.
    ///
    /// # Errors
    /// When nothing did.
    pub fn make_room(&self) -> Result<(), Trouble> {
        let path = self.seen.join("ballast");
        fs::remove_file(&path).map_err(trouble(path.display()))
    }
}
