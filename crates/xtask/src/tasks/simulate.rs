//! `cargo xtask simulate`: the exchange under a seeded scheduler, in as many
//! histories as there is time for, or one of them with every step.

use std::process::Command;

use crate::checkout::{Checkout, Stop, run};

/// How many histories a whole test run lives through.
const HISTORIES: &str = "20000";

/// What a history spends its time in, with how far it is to be optimised: enough
/// to live through many, and built in a minute.
const BUSY: [(&str, u8); 7] = [
    ("nonghuan-domain", 2),
    ("nonghuan-store", 2),
    ("nonghuan-sync", 1),
    ("nonghuan-district", 1),
    ("rusqlite", 2),
    ("hashlink", 2),
    ("zstd-safe", 2),
];

/// Builds the simulation optimised, and hands it the options.
pub(crate) fn simulate(checkout: &Checkout, options: &[&str]) -> Result<(), Stop> {
    let mut command = checkout.cargo(&["run", "--release", "--quiet", "--package", "nonghuan-simulation", "--"]);
    run(command.args(options))
}

/// The simulation's tests with many histories. Of the whole workspace, so that
/// cargo builds no other dependency anew for them than those it optimises.
pub(crate) fn many(checkout: &Checkout) -> Command {
    let mut command = checkout.cargo(&["test", "--workspace", "--test", "simulation"]);
    for (package, level) in BUSY {
        command.arg("--config").arg(format!("profile.dev.package.{package}.opt-level={level}"));
    }
    command.env("NONGHUAN_HISTORIES", HISTORIES);
    command
}
