//! `cargo xtask`: everything that is done to this clone, behind one door and the
//! same on every platform, so that a newcomer and the build machine type one thing.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person at the terminal")]

mod checkout;
mod postgres;
mod sample;
mod sample_application;
mod tasks;

use std::path::PathBuf;
use std::process::ExitCode;

use checkout::{Checkout, Stop};
use tasks::bench_window::{self, Build};

const USAGE: &str = "\
cargo xtask run [--data DIR] [--no-window]  set up, build, start a sample district and open the window
cargo xtask run --once                      do the main job through the real programs, without a window, and end
cargo xtask test [--fast]                   all that must hold; --fast leaves out the window and the dependency check
cargo xtask bench [NAME]                    the benchmarks without the window, or those whose name contains NAME
cargo xtask bench sync [--quick]            the exchange beside a floor and beside PouchDB; --quick: fewer records
cargo xtask bench window [--debug]          the window's start and memory, optimised; --debug: as it is built while writing
cargo xtask fuzz TARGET [--minutes M]       any bytes at all for one target of fuzz/, 10 minutes unless said otherwise
cargo xtask simulate [--histories N] [--from SEED] [--minutes M]
                                            the exchange in as many histories, optimised, on all cores
cargo xtask simulate --seed SEED            one history with every step
cargo xtask manual                          take the pictures of docs/manual anew, in the real window
cargo xtask release-key FILE                make the key that releases are signed with; keep it off every network
cargo xtask release --key FILE [--news FILE] [--out DIR]
                                            build, bundle and sign new programs (docs/releases.md)
cargo xtask types                           write the window's TypeScript anew from the Rust types
cargo xtask setup                           install, or name, what is missing on this machine";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["run", "--once"] => with_checkout(tasks::once::once),
        ["run", options @ ..] => match tasks::run::Options::read(options) {
            Some(options) => with_checkout(|checkout| tasks::run::run(checkout, &options)),
            None => return usage(),
        },
        ["test"] => with_checkout(|checkout| tasks::test::test(checkout, tasks::test::Extent::All)),
        ["test", "--fast"] => with_checkout(|checkout| tasks::test::test(checkout, tasks::test::Extent::Fast)),
        ["bench"] => with_checkout(|checkout| tasks::bench::bench(checkout, None)),
        ["bench", "window", "--debug"] => with_checkout(|checkout| bench_window::bench(checkout, Build::Debug)),
        ["bench", "sync"] => with_checkout(|checkout| tasks::bench::sync(checkout, &[])),
        ["bench", "sync", "--quick"] => with_checkout(|checkout| tasks::bench::sync(checkout, &["--quick"])),
        ["bench", name] => with_checkout(|checkout| tasks::bench::bench(checkout, Some(name))),
        ["fuzz", target] => with_checkout(|checkout| tasks::fuzz::fuzz(checkout, target, "10")),
        ["fuzz", target, "--minutes", minutes] => {
            with_checkout(|checkout| tasks::fuzz::fuzz(checkout, target, minutes))
        }
        ["simulate", options @ ..] => with_checkout(|checkout| tasks::simulate::simulate(checkout, options)),
        ["manual"] => with_checkout(tasks::manual::manual),
        ["release-key", file] => tasks::release::make_key(&folder(file)),
        ["release", options @ ..] => match tasks::release::Wanted::read(options) {
            Some(wanted) => with_checkout(|checkout| tasks::release::release(checkout, &wanted)),
            None => return usage(),
        },
        ["types"] => with_checkout(tasks::types::types),
        ["setup"] => with_checkout(|checkout| tasks::setup::setup(checkout, &tasks::setup::Purpose::ALL)),
        _ => return usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop(why)) => {
            eprintln!("\n停止 · stopped: {why}");
            ExitCode::FAILURE
        }
    }
}

fn with_checkout(task: impl FnOnce(&Checkout) -> Result<(), Stop>) -> Result<(), Stop> {
    task(&Checkout::find()?)
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

/// `DIR` as the person meant it: from where they stand.
fn folder(name: &str) -> PathBuf {
    std::path::absolute(name).unwrap_or_else(|_| name.into())
}
