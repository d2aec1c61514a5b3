//! The desktop shell: one window over one laptop. It unpacks, calls `app`, and
//! returns; what a person can do lives there.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod around;

use std::path::Path;
use std::process::ExitCode;

use around::{Around, one_window};
use desktop::{Desk, folder};
use tauri::{Emitter, Manager};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::writer::MakeWriterExt;

/// For so many days the program's log is kept.
const DAYS: usize = 14;

#[expect(clippy::disallowed_methods, reason = "Tauri's own macro ends the process when it is asked to")]
fn main() -> ExitCode {
    keep_a_log(&folder());
    if let Err(error) = desktop::take_hands() {
        tracing::error!(%error, "the system starts no threads");
        return ExitCode::FAILURE;
    }
    let built = desktop::commands(tauri::Builder::default())
        // First, so that a second window ends before it has begun anything.
        .plugin(one_window(&folder()))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .setup(|shell| {
            let window = shell.handle().clone();
            let desk = Desk::new(folder(), move |event, with| {
                if let Err(error) = window.emit(event, with) {
                    tracing::warn!(%error, event, "the window did not hear of it");
                }
            });
            let arguments: Vec<String> = std::env::args().collect();
            let is_awaited = arguments.iter().any(|argument| argument == app::FIRST_START);
            desk.in_frame(Box::new(Around::new(shell.handle().clone(), is_awaited)));
            desk.opened_with(&arguments, &std::env::current_dir().unwrap_or_default());
            shell.manage(desk);
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(error) = built {
        tracing::error!(%error, "the window could not be opened");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// A log beside the records, a file each day; and on the terminal where there is one.
fn keep_a_log(folder: &Path) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("NONGHUAN_LOG").unwrap_or_else(|_| "warn".into());
    let daily = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(DAYS)
        .filename_prefix("nonghuan")
        .filename_suffix("log")
        .build(folder.join(app::LOGS));
    let logging = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    match daily {
        Ok(daily) => logging.with_writer(daily.and(std::io::stderr)).init(),
        // A laptop that cannot write shall still be read.
        Err(_) => logging.with_writer(std::io::stderr).init(),
    }
}
