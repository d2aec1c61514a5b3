//! `cargo xtask bench`: the limits of the README, measured on this machine.

use super::bench_window::{self, Build};
use super::setup;
use crate::checkout::{Checkout, Stop, run};

/// Runs the benchmarks, or those whose name contains `name`.
pub(crate) fn bench(checkout: &Checkout, name: Option<&str>) -> Result<(), Stop> {
    if name == Some("window") {
        return bench_window::bench(checkout, Build::Release);
    }
    if name.is_none() {
        setup::pouchdb(checkout)?;
    }
    let targets = checkout.targets("bench")?;
    let named = targets.iter().find(|(_, target)| Some(target.as_str()) == name);
    let mut command = checkout.cargo(&["bench", "--bench", named.map_or("*", |(_, target)| target)]);
    // Only the members that have one: the optimised window takes ten minutes to build, and is measured by its name.
    for (member, _) in named.map_or(targets.as_slice(), std::slice::from_ref) {
        command.args(["--package", member]);
    }
    run(command.arg("--").args(name))
}

/// The exchange beside its floor and beside PouchDB, and the room that logs take.
pub(crate) fn sync(checkout: &Checkout, extent: &[&str]) -> Result<(), Stop> {
    setup::pouchdb(checkout)?;
    let exchange = run(checkout.cargo(&["bench", "--package", "nonghuan-tests", "--bench", "sync", "--"]).args(extent));
    let room = run(&mut checkout.cargo(&["bench", "--package", "nonghuan-store", "--bench", "laptop", "--", "size"]));
    exchange.and(room)
}
