//! `update`: new programs, from the district or from a stick.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{Installation, Laptop, Result, UpdateView, install_update, look_into_update};
use clap::Subcommand;
use serde_json::json;

use crate::run::{Out, bar};

/// What the window's program is called.
const WINDOW: &str = "nonghuan-desktop";

#[derive(Debug, Subcommand)]
pub(crate) enum Update {
    /// What the district offers that is newer than this program.
    Find {
        /// The window's program; the one beside this one when not given.
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// Fetches it; an interrupted one goes on from where it was.
    Fetch {
        /// The window's program; the one beside this one when not given.
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// Checks a release in a file, and says what is new.
    Show {
        /// The release (.nhu).
        file: PathBuf,
        /// The window's program; the one beside this one when not given.
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// Starts the program in a release once, and puts it in the place of the old one.
    Install {
        /// The release (.nhu).
        file: PathBuf,
        /// The window's program; the one beside this one when not given.
        #[arg(long)]
        program: Option<PathBuf>,
    },
}

/// What needs no open laptop.
pub(crate) fn without_laptop(folder: &Path, command: &Update, out: &Out) -> Result<Option<ExitCode>> {
    match command {
        Update::Show { file, program } => {
            let found = look_into_update(file, &installation(program.as_deref()))?;
            out.print(&found, |found| words(Some(found)))?;
        }
        Update::Install { file, program } => {
            let installation = installation(program.as_deref());
            install_update(folder, file, &installation)?;
            out.print(&json!({"installed": installation.program}), |_| "新程序已启动并换上。".to_owned())?;
        }
        Update::Find { .. } | Update::Fetch { .. } => return Ok(None),
    }
    Ok(Some(ExitCode::SUCCESS))
}

/// What the district is asked.
pub(crate) fn run(laptop: &Laptop, command: &Update, out: &Out) -> Result<ExitCode> {
    match command {
        Update::Find { program } => {
            let found = laptop.find_update(&installation(program.as_deref()))?;
            out.print(&found, |found| words(found.as_ref()))?;
        }
        Update::Fetch { program } => {
            let bar = bar(out.json);
            let fetched = laptop.fetch_update(&installation(program.as_deref()), &mut |done, total| {
                bar.set_length(total);
                bar.set_position(done);
                ControlFlow::Continue(())
            });
            bar.finish_and_clear();
            out.print(&fetched?, |found| words(found.as_ref()))?;
        }
        Update::Show { .. } | Update::Install { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn installation(program: Option<&Path>) -> Installation {
    let beside = || {
        let name = format!("{WINDOW}{}", std::env::consts::EXE_SUFFIX);
        std::env::current_exe().unwrap_or_default().with_file_name(name)
    };
    Installation::at(&program.map_or_else(beside, Path::to_path_buf))
}

fn words(found: Option<&UpdateView>) -> String {
    let Some(UpdateView { here, version, at, zh, bytes, came, file, .. }) = found else {
        return "已是最新的程序。".to_owned();
    };
    let whole = match file {
        Some(file) => format!("已下载并核对：{file}"),
        None => format!("{came} / {bytes} 字节"),
    };
    format!("新版 {version}（{at}），现在是 {here}\n{zh}\n{whole}")
}
