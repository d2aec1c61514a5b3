//! The desktop shell: one window over one laptop. It unpacks, calls `app`, and
//! returns; what a person can do lives there.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use desktop::{Desk, folder};
use tauri::{Emitter, Manager};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::writer::MakeWriterExt;

/// For so many days the program's log is kept.
const DAYS: usize = 14;

#[expect(clippy::disallowed_methods, reason = "Tauri's own macro ends the process when it is asked to")]
fn main() -> ExitCode {
    keep_a_log(&folder());
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

/// Two windows over one laptop would only confuse its person: a second one hands
/// over the files that it was opened with, and the first comes to the front. By the
/// laptop's folder, so that somebody with two laptops on one machine has two windows.
fn one_window(folder: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let name = format!("cn.nonghuan.desktop.at{:016x}", hasher.finish());
    tauri_plugin_single_instance::Builder::new()
        .callback(|shell, arguments, folder| {
            shell.state::<Arc<Desk>>().opened_with(&arguments, Path::new(&folder));
            if let Some(window) = shell.get_webview_window("main") {
                let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
                if let Err(error) = shown {
                    tracing::warn!(%error, "the window did not come to the front");
                }
            }
        })
        .dbus_id(name)
        .build()
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
