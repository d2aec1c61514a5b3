//! What a person can do.

pub mod bindings;
pub mod types;
