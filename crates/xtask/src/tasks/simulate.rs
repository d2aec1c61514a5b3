//! `cargo xtask simulate`: the exchange under a seeded scheduler, in as many
//! histories as there is time for, or one of them with every step.

use crate::checkout::{Checkout, Stop, run};

/// Builds the simulation optimised, and hands it the options.
pub(crate) fn simulate(checkout: &Checkout, options: &[&str]) -> Result<(), Stop> {
    let mut command = checkout.cargo(&["run", "--release", "--quiet", "--package", "nonghuan-simulation", "--"]);
    run(command.args(options))
}
