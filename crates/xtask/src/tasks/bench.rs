//! `cargo xtask bench`: the limits of the README, measured on this machine.

use crate::checkout::{Checkout, Stop, run};

/// Runs the benchmarks, or those whose name contains `name`.
pub(crate) fn bench(checkout: &Checkout, name: Option<&str>) -> Result<(), Stop> {
    run(checkout.cargo(&["bench", "--package", "nonghuan-tests", "--bench", "*", "--"]).args(name))
}
