//! One file for each task.

pub(crate) mod bench;
pub(crate) mod bench_window;
pub(crate) mod fuzz;
pub(crate) mod manual;
pub(crate) mod once;
pub(crate) mod release;
pub(crate) mod room;
pub(crate) mod run;
pub(crate) mod setup;
pub(crate) mod simulate;
pub(crate) mod test;
pub(crate) mod types;
