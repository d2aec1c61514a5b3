//! The exchange holds what it promises, in thousands of histories; and in every
//! one that once broke it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use simulation::{Ground, run};

/// How many histories every test run lives through: other ones would be news,
/// the same ones are a promise. `cargo xtask simulate` runs millions more.
const HISTORIES: u64 = 20_000;

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
        .filter(|line| !line.is_empty())
        .map(|line| line.split(' ').next().and_then(|seed| seed.parse().ok()).expect("a line begins with its seed"))
        .collect();
    assert!(!seeds.is_empty(), "the file was read");
    let (_, failures) = live_through(&seeds);
    assert!(failures.is_empty(), "a fault has come back: {failures:#?}");
}

#[test]
fn thousands_of_histories_keep_every_promise() {
    let seeds: Vec<u64> = (1..=HISTORIES).collect();
    let (lived, failures) = live_through(&seeds);
    assert!(lived >= HISTORIES, "all of them were lived through: {lived}");
    assert!(failures.is_empty(), "{} of {HISTORIES} break a promise: {failures:#?}", failures.len());
}

#[test]
fn the_same_seed_is_the_same_history() {
    let (one, other) = (Ground::new(), Ground::new());
    for seed in 1..20 {
        let trace = |ground| run(ground, seed).unwrap_or_else(|failure| failure.trace);
        assert_eq!(trace(&one), trace(&other), "seed {seed} must say the same tomorrow");
    }
}
