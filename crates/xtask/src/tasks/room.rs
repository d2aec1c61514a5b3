//! Room on the disk that cargo builds on, made before a long run rather than
//! missed in the middle of it.
//!
//! A build folder that many runs share only grows: cargo keeps what every earlier
//! lock file and source led to. What is thrown away here cargo makes again, so
//! the price is time; the cheapest goes first, and nothing goes while there is room.

use std::fs;
use std::path::Path;

use crate::checkout::{Checkout, Stop, run, stop};

const GIB: u64 = 1 << 30;

/// What a whole run writes where nothing is built yet: about 10 GiB of products, and what its tests keep for a while.
const NEEDED: u64 = 12 * GIB;

/// One thing that can go: what it is, in words, and how it goes.
type Step<'a> = (&'static str, &'a dyn Fn() -> Result<(), Stop>);

/// Makes sure that a whole run fits where cargo builds.
pub(crate) fn make(checkout: &Checkout) -> Result<(), Stop> {
    fs::create_dir_all(&checkout.target)?;
    let members = || {
        remove(&checkout.target.join("debug/incremental"))?;
        remove(&checkout.target.join("release/incremental"))?;
        let mut clean = checkout.cargo(&["clean", "--quiet"]);
        // This task is running; on Windows its own file could not go.
        for name in checkout.members()?.iter().filter(|name| *name != env!("CARGO_PKG_NAME")) {
            clean.args(["--package", name]);
        }
        run(&mut clean)
    };
    let everything = || run(&mut checkout.cargo(&["clean", "--quiet", "--profile", "dev"]));
    let steps: [Step<'_>; 2] = [
        ("自有程序的旧产物 · earlier products of this workspace", &members),
        ("全部旧产物（本次重新编译） · all earlier products; this run builds them anew", &everything),
    ];
    let free = || fs4::available_space(&checkout.target).map_err(stop("how much room is left"));
    until_enough(&checkout.target, free, &steps)
}

/// Takes one step after another until `free` is enough; with none left, says what is needed where.
fn until_enough(target: &Path, free: impl Fn() -> Result<u64, Stop>, steps: &[Step<'_>]) -> Result<(), Stop> {
    let mut left = free()?;
    for (what, go) in steps {
        if left >= NEEDED {
            return Ok(());
        }
        println!("剩余 {} GiB，清除 · {} GiB are free; removing: {what} …", left / GIB, left / GIB);
        go()?;
        left = free()?;
    }
    if left >= NEEDED {
        return Ok(());
    }
    let (needed, left, place) = (NEEDED / GIB, left / GIB, target.display());
    Err(Stop(format!(
        "磁盘空间不足：{place} 所在磁盘需要 {needed} GiB，现有 {left} GiB；请清理磁盘，或用 CARGO_TARGET_DIR 指定别处 · \
         too little room: the disk of {place} needs {needed} GiB free and has {left} GiB; \
         make room there, or set CARGO_TARGET_DIR to a folder elsewhere"
    )))
}

fn remove(folder: &Path) -> Result<(), Stop> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Goes through with `free` at first and `gain` by each of two steps; answers how many were taken, and the end.
    fn tried(free: u64, gain: u64) -> (u32, Result<(), String>) {
        let (free, taken) = (Cell::new(free), Cell::new(0));
        let step = || {
            free.set(free.get() + gain);
            taken.set(taken.get() + 1);
            Ok(())
        };
        let steps: [Step<'_>; 2] = [("first", &step), ("second", &step)];
        let done = until_enough(Path::new("builds"), || Ok(free.get()), &steps);
        (taken.get(), done.map_err(|Stop(why)| why))
    }

    #[test]
    fn nothing_goes_while_there_is_room_and_no_more_than_is_needed_when_there_is_not() {
        assert_eq!(tried(NEEDED, GIB), (0, Ok(())), "products are not thrown away for nothing");
        assert_eq!(tried(NEEDED - 1, GIB), (1, Ok(())), "the cheap step was enough");
        assert_eq!(tried(NEEDED - GIB - 1, GIB), (2, Ok(())), "the dear one comes after it");
    }

    #[test]
    fn a_disk_that_stays_too_full_stops_the_run_and_says_what_is_needed_where() {
        let (taken, done) = tried(GIB, GIB);
        let why = done.expect_err("three of twelve are not enough");
        assert_eq!(taken, 2, "all was tried first");
        assert!(why.contains("builds needs 12 GiB free and has 3 GiB"), "{why}");
    }
}
