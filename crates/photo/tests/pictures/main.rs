//! What is read of pictures, and what looks alike.

mod camera;
mod codes;
mod likeness;
mod reading;
mod stacks;
