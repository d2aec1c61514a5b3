//! What a person can do.

pub mod types;
