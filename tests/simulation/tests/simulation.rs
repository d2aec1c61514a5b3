//! The exchange holds what it promises, in thousands of histories; and in every
//! one that once broke it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use simulation::{Ground, run, seed_of};

/// Says how many histories to live through. `cargo xtask test` says 20,000 to an
/// optimised build; without it, it is as many as nobody has to wait for.
const HISTORIES: &str = "NONGHUAN_HISTORIES";

/// As many as nobody has to wait for.
const FEW: u64 = 300;

/// Seeds that failed once, with why: `NUMBER why`.
const FAILED_ONCE: &str = include_str!("failed_once.txt");

/// Runs these histories on all cores; what broke, of how many.
fn live_through(seeds: &[u64]) -> (u64, Vec<String>) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (next, failures) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let ground = Ground::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let seed = usize::try_from(n).ok().and_then(|n| seeds.get(n));
                    let Some(seed) = seed else { break };
                    if let Err(failure) = run(&ground, *seed) {
                        let (promise, what) = (failure.broken.promise.text(), &failure.broken.what);
                        let line = format!("cargo xtask simulate --seed {seed}: {promise}; but {what}");
                        failures.lock().expect("no thread panics while it holds this").push(line);
                    }
                }
            });
        }
    });
    (next.into_inner(), failures.into_inner().expect("no thread panicked"))
}

#[test]
fn what_failed_once_holds_now() {
    let seeds: Vec<u64> = FAILED_ONCE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(' ').next().and_then(|seed| seed.parse().ok()).expect("a line begins with its seed"))
        .collect();
    assert!(!seeds.is_empty(), "the file was read");
    let (_, failures) = live_through(&seeds);
    assert!(failures.is_empty(), "a fault has come back: {failures:#?}");
}

#[test]
fn every_history_keeps_every_promise() {
    let said = std::env::var(HISTORIES).ok();
    let many = said.map_or(FEW, |said| said.parse().expect("a number of histories"));
    let seeds: Vec<u64> = (1..=many).map(seed_of).collect();
    let (lived, failures) = live_through(&seeds);
    assert!(lived >= many, "all of them were lived through: {lived}");
    assert!(failures.is_empty(), "{} of {many} break a promise: {failures:#?}", failures.len());
}

#[test]
fn the_same_seed_is_the_same_history() {
    let (one, other) = (Ground::new(), Ground::new());
    for seed in 1..20 {
        let trace = |ground| run(ground, seed).unwrap_or_else(|failure| failure.trace);
        assert_eq!(trace(&one), trace(&other), "seed {seed} must say the same tomorrow");
    }
}
