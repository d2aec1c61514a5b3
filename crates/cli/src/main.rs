//! `nonghuan`: what the window does, from a terminal.
//!
//! Exit 0 done, 1 refused, 2 wrong usage. With `--json` one document stands on
//! stdout, also for a refusal; without it, words for a person.
#![allow(clippy::print_stderr, reason = "this is the terminal")]

mod application;
mod arguments;
mod bundle;
mod dossier;
mod duplicates;
mod enrol;
mod evidence;
mod exchange;
mod export;
mod fund;
mod import;
mod package;
mod place;
mod practice;
mod programme;
mod reports;
mod run;
mod settle;
mod update;
mod words;

use std::process::ExitCode;

use app::texts::Language;
use clap::Parser;

use arguments::Arguments;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("NONGHUAN_LOG").unwrap_or_else(|_| "error".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let json = arguments.json;
    match run::run(arguments) {
        Ok(outcome) => outcome,
        Err(failed) => {
            if json {
                run::say(&serde_json::json!({"error": failed.view}).to_string());
            }
            eprintln!("{}", failed.words);
            ExitCode::from(1)
        }
    }
}

/// English where the terminal asks for it, Chinese otherwise.
fn language() -> Language {
    match std::env::var("NONGHUAN_LANGUAGE").or_else(|_| std::env::var("LANG")) {
        Ok(lang) if lang.starts_with("en") => Language::En,
        _ => Language::Zh,
    }
}
