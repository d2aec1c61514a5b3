//! The bare window: what Tauri, WebKit and the UI libraries cost before anything
//! of ours runs. `cargo xtask bench window` starts it in turn with the desktop
//! program; the limits of the README are over this one.
//!
//! It has no command and keeps nothing, not even a word on when it has painted:
//! both programs are looked at from outside, on the screen.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "Tauri's own macro ends the process when it is asked to")]
fn main() -> ExitCode {
    let opened = tauri::Builder::default().run(tauri::generate_context!());
    if opened.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
