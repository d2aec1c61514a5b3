//! The exchange between a laptop and its district.
//!
//! [`wire`] is what both sides say, and all that the district knows of this
//! crate; `plan` decides what is to be done, without doing it; `engine` does it
//! with the laptop's store over `http`.

pub mod wire;
