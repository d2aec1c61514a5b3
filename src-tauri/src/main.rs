//! The desktop shell: one window over one laptop. It unpacks, calls `app`, and
//! returns; what a person can do lives there.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod desk;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::ExitCode;

use desk::Desk;
use tauri::Manager;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::writer::MakeWriterExt;

/// For so many days the program's log is kept.
const DAYS: usize = 14;

#[expect(clippy::disallowed_methods, reason = "Tauri's own macro ends the process when it is asked to")]
fn main() -> ExitCode {
    keep_a_log(&desk::folder());
    let built = tauri::Builder::default()
        // First, so that a second window ends before it has begun anything.
        .plugin(one_window(&desk::folder()))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .setup(|shell| {
            let desk = Desk::new(shell.handle().clone());
            let arguments: Vec<String> = std::env::args().collect();
            desk.opened_with(&arguments, &std::env::current_dir().unwrap_or_default());
            shell.manage(desk);
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![
            commands::stage,
            commands::enrol,
            commands::unlock,
            commands::lock,
            commands::catalog,
            commands::list,
            commands::sums,
            commands::show,
            commands::add,
            commands::set,
            commands::check_edits,
            commands::remove,
            commands::restore,
            commands::moves,
            commands::move_state,
            commands::history,
            commands::search,
            commands::attach,
            commands::attachments,
            commands::thumbnail,
            commands::import_table,
            commands::import_templates,
            commands::imports,
            commands::undo_import,
            commands::export_table,
            commands::export_templates,
            commands::export_with,
            commands::default_path,
            commands::verify,
            commands::status,
            commands::sync,
            commands::transfers,
            commands::set_transfers,
            commands::conflicts,
            commands::settle,
            commands::refused,
            commands::resend,
            commands::discard,
            commands::drafts,
            commands::keep_draft,
            commands::drop_draft,
            commands::stop,
            commands::applications::check,
            commands::applications::accept_of_application,
            commands::applications::application_steps,
            commands::applications::prefill,
            commands::applications::preview,
            commands::applications::compile,
            commands::applications::settlement,
            commands::applications::begin_settlement,
            commands::applications::hand_in_settlement,
            commands::applications::self_evaluation,
            commands::applications::begin_evaluation,
            commands::applications::hand_in_evaluation,
            commands::programmes::programmes,
            commands::programmes::check_programme,
            commands::programmes::try_programme,
            commands::programmes::try_on_past,
            commands::programmes::draft_programme,
            commands::programmes::publish_programme,
            commands::programmes::amount,
            commands::funds::fund_list,
            commands::funds::fund_balances,
            commands::funds::payments_due,
            commands::funds::reverse_fund,
            commands::funds::fund_chart,
            commands::funds::money_by_year,
            commands::dropped::put_aside,
            commands::dropped::verify_put_aside,
            commands::dossier::dossier,
            commands::dossier::write_dossier,
            commands::exchange::moving,
            commands::exchange::pause,
            commands::exchange::on_its_way,
            commands::exchange::exchanges,
            commands::exchange::sticks,
            commands::exchange::write_bundle,
            commands::exchange::read_bundle,
            commands::exchange::audit,
            commands::exchange::diagnose,
            commands::exchange::opened_files,
            commands::exchange::code_in_picture,
            commands::exchange::set_pin,
            commands::exchange::open_to_phone,
            commands::exchange::shut_phone,
            commands::map::map_points,
            commands::map::boundaries,
            commands::map::boundary_areas,
            commands::map::load_boundary,
            commands::map::whereabouts,
            commands::photos::works_photos,
            commands::photos::take_in,
            commands::photos::findings,
            commands::photos::accept_finding,
            commands::photos::reopen_finding,
            commands::figures::indicators,
            commands::figures::month_report,
            commands::figures::begin_month_report,
            commands::figures::hand_in_month_report,
            commands::figures::reminders,
            commands::places::find_place,
            commands::places::duplicates,
            commands::places::distinct,
            commands::places::join,
            commands::places::unjoin,
        ])
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
            shell.state::<Desk>().opened_with(&arguments, Path::new(&folder));
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
