//! Diagnose: one text file for whoever helps from afar, which a person can read
//! before he sends it. Numbers, codes and times; no name, no title, no amount, no
//! place: of the program's own log each run of other than ASCII signs is left out,
//! for that is what names and titles are made of.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sync::bundle::room;

use crate::types::Query;
use crate::{ExchangeEntry, Laptop, Result, Trouble};

/// The folder of the program's own log, below the laptop's.
pub const LOGS: &str = "logs";

/// How much of each log file is taken, from its end.
const TAIL: u64 = 200_000;

/// How many log files, the latest.
const FILES: usize = 3;

/// How many lines of the log of exchanges.
const LINES: u32 = 200;

impl Laptop {
    /// Writes what there is to know about this laptop, but for what is about people,
    /// places and money; how many bytes.
    ///
    /// # Errors
    /// When the database cannot be read or the file not be written.
    pub fn diagnose(&self, out: &Path) -> Result<u64> {
        let mut text = String::new();
        let mut line = |words: std::fmt::Arguments<'_>| {
            let _ = writeln!(text, "{words}"); // A String takes whatever is written.
        };
        line(format_args!("农环台账 诊断信息 / Nonghuan diagnosis"));
        line(format_args!("不含姓名、标题、地点和金额，可以先看再发。No names, titles, places or amounts."));
        line(format_args!("at {}", Self::now()));
        line(format_args!("program {} {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH));
        line(format_args!("device {} letter {}", self.identity.device, self.identity.letter));
        line(format_args!("role {}", self.identity.role));
        let free = room(&self.folder.join("records.db"));
        line(format_args!("free {}", free.map_or_else(|| "unknown".to_owned(), |free| free.to_string())));
        for name in ["records.db", "records.db-wal"] {
            let bytes = fs::metadata(self.folder.join(name)).map_or(0, |meta| meta.len());
            line(format_args!("{name} {bytes}"));
        }
        let status = self.status()?;
        line(format_args!(
            "pending {} sending {} conflicts {} refused {} files {} {} paused {} skew {:?} contact {:?}",
            status.pending,
            status.sending,
            status.conflicts,
            status.refused,
            status.attachments.files,
            status.attachments.bytes,
            status.paused,
            status.clock_skew,
            status.last_contact,
        ));
        for scope in &status.scopes {
            line(format_args!("scope {} {}", scope.scope, scope.seq));
        }
        line(format_args!("catalog {}", self.catalog().kinds.len()));
        for kind in &self.catalog().kinds {
            let query = Query { kind: kind.name.clone(), limit: Some(0), ..Query::default() };
            line(format_args!("kind {} {}", kind.name, self.list(&query)?.total));
        }
        for draft in self.refused()? {
            line(format_args!("refused {} {} {}", draft.at, draft.kind, draft.reason.code));
        }
        for entry in self.exchanges(LINES)? {
            line(format_args!("{}", exchange_line(&entry)));
        }
        for file in latest_logs(&self.folder.join(LOGS)) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            line(format_args!("log {name}"));
            for one in self.cleaned(&tail(&file)).lines() {
                line(format_args!("  {one}"));
            }
        }
        fs::write(out, &text).map_err(|error| Trouble::writing(out, &error))?;
        Ok(text.len() as u64)
    }

    /// A text of the program's log without what is about somebody.
    fn cleaned(&self, log: &str) -> String {
        let folder = self.folder.display().to_string();
        let home = std::env::var("HOME").or_else(|_| std::env::var("USERPROFILE")).unwrap_or_default();
        let mut text = log.replace(&folder, "<data>").replace(&self.identity.address, "<district>");
        if home.len() > 1 {
            text = text.replace(&home, "<home>");
        }
        // A name in Latin letters is one as well.
        if self.identity.person.chars().count() > 1 {
            text = text.replace(&self.identity.person, "<person>");
        }
        let mut clean = String::with_capacity(text.len());
        let mut left_out = false;
        for sign in text.chars() {
            if sign.is_ascii() {
                clean.push(sign);
            } else if !left_out {
                clean.push('…');
            }
            left_out = !sign.is_ascii();
        }
        clean
    }
}

/// What became of an exchange, as numbers and a code.
fn exchange_line(entry: &ExchangeEntry) -> String {
    let outcome = &entry.outcome;
    let mut words = format!("exchange {} {} {} {:?}", entry.at, entry.until, entry.times, entry.way);
    if let Some(report) = &outcome.report {
        let _ = write!(words, " pushed {} pulled {} filled {}", report.pushed, report.pulled, report.filled);
        let _ = write!(words, " files {} {}", report.attachments.sent, report.attachments.received);
    }
    if let Some(written) = &outcome.written {
        let _ = write!(words, " changes {} files {}", written.changes, written.carried.files);
    }
    if let Some(error) = &outcome.error {
        let _ = write!(words, " error {}", error.code);
    }
    words
}

/// The latest log files: their names end with their day.
fn latest_logs(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files.split_off(files.len().saturating_sub(FILES))
}

fn tail(file: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = fs::File::open(file)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
