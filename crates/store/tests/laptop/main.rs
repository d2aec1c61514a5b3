//! The laptop's database, on real SQLCipher files: what is acknowledged is kept,
//! what is refused leaves no trace, what the district says is applied once.
//!
//! One program, for every further one would link SQLCipher again.

mod attachment;
mod audit;
mod desk;
mod exchanges;
mod image;
mod joined;
mod list;
mod open;
mod photo;
mod places;
mod receive;
mod restored;
mod save;
mod search;
mod versions;
