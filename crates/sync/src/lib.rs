//! The exchange between a laptop and its district.
//!
//! [`wire`] is what both sides say, and all that the district knows of this
//! crate. With the feature `engine` comes the laptop's side: [`plan`] decides
//! what is to be done, without doing it; [`engine`] does it with the laptop's
//! store, over [`http`].

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
pub mod stick;
#[cfg(feature = "engine")]
pub mod transfer;
#[cfg(feature = "engine")]
pub mod turn;
pub mod wire;
