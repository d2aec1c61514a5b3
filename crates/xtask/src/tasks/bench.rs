//! `cargo xtask bench`: the limits of the README, measured on this machine.

use crate::checkout::{Checkout, Stop, run};

/// Runs the benchmarks, or those whose name contains `name`.
pub(crate) fn bench(checkout: &Checkout, name: Option<&str>) -> Result<(), Stop> {
    let mut command = checkout.cargo(&["bench", "--bench", "*"]);
    // Only the members that have one: the optimised window would take ten minutes, and is not measured.
    for member in checkout.members_with("bench")? {
        command.args(["--package", &member]);
    }
    run(command.arg("--").args(name))
}
