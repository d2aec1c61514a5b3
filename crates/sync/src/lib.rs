//! The exchange between a laptop and its district.
//!
//! [`wire`] is what both sides say, and [`bundle`] how they say it on a stick: all
//! that the district knows of this crate. With the feature `engine` comes the
//! laptop's side: [`turn`] is one turn of the conversation with the laptop's store,
//! whatever carries it; [`engine`] takes turns over [`http`], [`stick`] in bundles.

pub mod bundle;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod events;
#[cfg(feature = "engine")]
pub mod files;
#[cfg(feature = "engine")]
pub mod http;
pub mod keys;
#[cfg(feature = "engine")]
mod programs;
#[cfg(feature = "engine")]
pub mod stick;
#[cfg(feature = "engine")]
pub mod transfer;
#[cfg(feature = "engine")]
pub mod turn;
pub mod wire;
