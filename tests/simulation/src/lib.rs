//! The exchange, simulated: the real laptop's store and the real district, with
//! real envelopes between them, under one scheduler that draws every step from a
//! seed. No network, no thread, no clock. After every step an oracle that was
//! written without the engine asks what must hold at all times; at the end there
//! is a time without faults, after which everything must be the same everywhere.
//!
//! A seed is a history: the same seed, the same steps.

mod catalog;
mod chance;
mod deeds;
mod faults;
mod ground;
mod history;
mod laptop;
mod mind;
mod model;
mod oracle;
mod post;
mod world;

pub use ground::Ground;
pub use history::{Failure, run};
pub use oracle::{Broken, Promise};
pub use world::seed_of;
