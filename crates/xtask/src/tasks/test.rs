//! `cargo xtask test`: all that must hold, in the order in which it is quickest to fail.
//!
//! A failed section does not hide the next ones, and a test that was left out
//! counts as failed: nothing here passes by not being run.

use std::path::Path;
use std::time::{Duration, Instant};

use end_to_end::programs::FOLDER;

use super::room;
use super::setup::{self, Purpose};
use crate::checkout::{Checkout, Stop, run, run_reading};
use crate::postgres::{self, Postgres};

/// How much is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything; what CI runs.
    All,
    /// Without the window and the dependency check, while writing.
    Fast,
}

/// The tests of the window are of the whole, so that cargo builds no dependency anew for them.
const WITH_WINDOW: [&str; 3] = ["--workspace", "--features", "nonghuan-tests/window"];

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: Vec<String>,
    times: Vec<(&'static str, Duration)>,
}

impl Tally {
    /// Runs one section; it answers how many tests passed in it (a check is one).
    fn section(&mut self, name: &'static str, body: impl FnOnce() -> Result<u64, Stop>) -> bool {
        println!("\n━━ {name}");
        let start = Instant::now();
        let done = body();
        let took = start.elapsed();
        self.times.push((name, took));
        match done {
            Ok(passed) => {
                self.passed += passed;
                println!("✓ {name} · {:.1} s", took.as_secs_f64());
                true
            }
            Err(Stop(why)) => {
                println!("✗ {name} · {:.1} s · {why}", took.as_secs_f64());
                self.failed.push(format!("{name}: {why}"));
                false
            }
        }
    }

    /// A section that is one command.
    fn check(&mut self, name: &'static str, command: &mut std::process::Command) -> bool {
        self.section(name, || run(command).map(|()| 1))
    }
}

/// Runs every section.
pub(crate) fn test(checkout: &Checkout, extent: Extent) -> Result<(), Stop> {
    let start = Instant::now();
    // A full disk fails every section, each in words of its own: one sentence instead, before the first.
    room::make(checkout)?;
    let mut tally = Tally::default();
    let all = extent == Extent::All;
    let purposes: &[Purpose] = if all { &Purpose::ALL } else { &[Purpose::Build, Purpose::Tests] };
    tally.section("set-up", || {
        setup::setup(checkout, purposes)?;
        setup::node_modules(checkout)?;
        setup::tus_client(checkout).map(|()| 1)
    });
    tally.check("rustfmt", &mut checkout.cargo(&["fmt", "--all", "--check"]));
    for (name, script) in [("eslint", "lint"), ("vue-tsc", "typecheck")] {
        tally.check(name, &mut checkout.npm(&["run", "--silent", script]));
    }
    tally.section("vitest", || vitest(checkout));
    tally.section("pages", || setup::pages(checkout).map(|()| 1));
    let mut clippy = checkout.cargo(&["clippy", "--quiet", "--all-targets"]);
    tally.check("clippy", clippy.args(WITH_WINDOW).args(["--", "-D", "warnings"]));
    let mut programs = None;
    tally.section("programs", || {
        programs = Some(setup::programs(checkout)?);
        Ok(1)
    });
    let debug = checkout.target.join("debug");
    let mut postgres = None;
    tally.section("PostgreSQL", || {
        postgres = Some(Postgres::find_or_start()?);
        Ok(1)
    });
    tally.section("Rust tests", || {
        let mut tests = checkout.cargo(&["test", "--no-fail-fast"]);
        tests.arg("--workspace").env(FOLDER, &debug);
        if let Some(postgres) = &postgres {
            tests.env(postgres::ADDRESS, postgres.url());
        }
        cargo_test(&mut tests)
    });
    drop(postgres);
    if all {
        tally.section("simulation", || cargo_test(&mut super::simulate::many(checkout)));
        tally.section("window", || {
            cargo_test(checkout.cargo(&["test", "--test", "window"]).args(WITH_WINDOW).env(FOLDER, &debug))
        });
        tally.section("journeys", || journeys(checkout, &debug));
    }
    tally.section("main job", || match &programs {
        Some(programs) => super::once::main_job(programs).map(|()| 1),
        None => Err(Stop("the programs were not built".into())),
    });
    if all {
        tally.section("dependencies", || dependencies(checkout));
    }
    println!("\n━━ {:.0} s in all", start.elapsed().as_secs_f64());
    for (name, took) in &tally.times {
        println!("{:>8.1} s  {name}", took.as_secs_f64());
    }
    for failure in &tally.failed {
        println!("✗ {failure}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed.len());
    if tally.failed.is_empty() { Ok(()) } else { Err(Stop(format!("{} sections failed", tally.failed.len()))) }
}

/// Runs `cargo test` and counts what it says.
fn cargo_test(command: &mut std::process::Command) -> Result<u64, Stop> {
    let (mut passed, mut left_out) = (0, 0);
    run_reading(command, |line| {
        if line.starts_with("test result:") {
            passed += count_before(line, " passed");
            left_out += count_before(line, " ignored");
        }
    })?;
    verdict(passed, left_out)
}

fn vitest(checkout: &Checkout) -> Result<u64, Stop> {
    let (mut passed, mut left_out) = (0, 0);
    run_reading(checkout.npm(&["test", "--silent"]).env("NO_COLOR", "1").env("CI", "1"), |line| {
        if line.trim_start().starts_with("Tests ") {
            passed += count_before(line, " passed");
            left_out += count_before(line, " skipped") + count_before(line, " todo");
        }
    })?;
    verdict(passed, left_out)
}

/// The journeys in a plain browser. What they leave lies in the build folder: a picture of every
/// screen, and of each that failed what led to it.
fn journeys(checkout: &Checkout, programs: &Path) -> Result<u64, Stop> {
    let Some(browser) = setup::browser() else {
        return Err(Stop("no browser of Chromium's kin (chromium, google-chrome) is on the path".into()));
    };
    let results = checkout.target.join("journeys");
    let (mut passed, mut left_out) = (0, 0);
    let mut journeys = checkout.npm(&["run", "--silent", "journeys"]);
    journeys.env(FOLDER, programs).env("NONGHUAN_BROWSER", browser).env("NONGHUAN_RESULTS", &results);
    run_reading(journeys.env("CI", "1").env("NO_COLOR", "1"), |line| {
        passed += count_before(line, " passed (");
        left_out += count_before(line, " skipped") + count_before(line, " did not run") + count_before(line, " flaky");
    })?;
    println!("pictures of the screens: {}", results.join("screens").display());
    verdict(passed, left_out)
}

fn verdict(passed: u64, left_out: u64) -> Result<u64, Stop> {
    match (passed, left_out) {
        (0, _) => Err(Stop("no test ran".into())),
        (_, 0) => Ok(passed),
        _ => Err(Stop(format!("{left_out} tests were left out"))),
    }
}

/// The number that stands before `word` in `line`; 0 when the word is not there.
fn count_before(line: &str, word: &str) -> u64 {
    let number = line.find(word).and_then(|end| line.get(..end)).and_then(|head| head.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Licences, sources and doubles always; advisories where their database can be reached.
fn dependencies(checkout: &Checkout) -> Result<u64, Stop> {
    // The fuzzers are a workspace of their own; with a lock that knows less of ours than the house does, none is built.
    run(&mut checkout.cargo(&["tree", "--quiet", "--locked", "--depth", "0", "--manifest-path", "fuzz/Cargo.toml"]))?;
    let deny = setup::cargo_deny(checkout)?;
    // Warnings about doubles are for those who ask; CI wants the errors.
    run(checkout.command(&deny).args(["--log-level", "error", "check", "bans", "licenses", "sources"]))?;
    let fetched = checkout.command(&deny).args(["--log-level", "off", "fetch", "db"]).output()?.status.success();
    if !fetched {
        println!("advisories: not checked, since their database cannot be reached from here");
        return Ok(1);
    }
    run(checkout.command(&deny).args(["--log-level", "error", "check", "advisories"])).map(|()| 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_cargo_and_vitest_are_counted() {
        let cargo = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!((count_before(cargo, " passed"), count_before(cargo, " ignored")), (12, 3));
        let vitest = "      Tests  7 passed | 2 skipped (9)";
        assert_eq!((count_before(vitest, " passed"), count_before(vitest, " skipped")), (7, 2));
        assert_eq!(count_before("  11 passed (2.2m)", " passed ("), 11, "as Playwright says it");
    }

    #[test]
    fn a_run_without_tests_or_with_some_left_out_has_not_passed() {
        assert!(verdict(0, 0).is_err(), "a filter that matches nothing must not look green");
        assert!(verdict(9, 1).is_err(), "an ignored test is a failed one");
        assert_eq!(verdict(9, 0).expect("all ran"), 9);
    }
}
