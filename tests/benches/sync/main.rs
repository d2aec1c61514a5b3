//! The benchmark of the exchange.
fn main() {}
