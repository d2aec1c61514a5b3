//! What is read of pictures, and what looks alike.

mod camera;
mod likeness;
mod reading;
