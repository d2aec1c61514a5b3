//! What breaks in the field, with the real programs: power cuts, bad lines, full
//! disks, copied and restored folders, wrong clocks. Each test ends in quiet, and
//! then every audit is content and every laptop shows what the district has.
//!
//! `NONGHUAN_SEED` repeats what was drawn, `NONGHUAN_ROUNDS` makes the runs longer.

mod clocks;
mod copies;
mod disks;
mod kills;
mod lines;
mod news;
mod world;
