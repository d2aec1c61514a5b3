//! Prints the window's TypeScript; `cargo xtask types` puts it in its place.
#![allow(clippy::print_stdout, reason = "printing is all it does")]

fn main() {
    print!("{}", app::bindings::typescript());
}
