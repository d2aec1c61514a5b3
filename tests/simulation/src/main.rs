//! `cargo xtask simulate`: many histories on all cores, or one with every step.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person at the terminal")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use simulation::{Failure, Ground, Promise, run, seed_of};

const USAGE: &str = "simulate [--histories N] [--from SEED] [--minutes M] [--stop FAILURES] | --seed SEED";

/// So many failures are enough to begin with, unless it is said otherwise.
const ENOUGH: u64 = 20;

struct Plan {
    from: u64,
    histories: u64,
    enough: u64,
    until: Option<Instant>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut plan = Plan { from: 1, histories: 100_000, enough: ENOUGH, until: None };
    for pair in words.chunks(2) {
        let [name, number] = pair else { return usage() };
        let Ok(number) = number.parse::<u64>() else { return usage() };
        match name.as_str() {
            "--seed" => return one(number),
            "--from" => plan.from = number,
            "--histories" => plan.histories = number,
            "--stop" => plan.enough = number,
            "--minutes" => {
                plan.until = Some(Instant::now() + Duration::from_secs(60 * number));
                plan.histories = u64::MAX;
            }
            _ => return usage(),
        }
    }
    many(&plan)
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn one(seed: u64) -> ExitCode {
    match run(&Ground::new(), seed) {
        Ok(trace) => {
            println!("{}\n\nseed {seed} holds", trace.join("\n"));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("{}", told(&failure));
            ExitCode::FAILURE
        }
    }
}

fn told(failure: &Failure) -> String {
    let Failure { seed, broken, trace } = failure;
    format!("{}\n\nseed {seed} breaks: {}\n{}", trace.join("\n"), broken.promise.text(), broken.what)
}

fn many(plan: &Plan) -> ExitCode {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (next, done, stop) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let failures: Mutex<Vec<Failure>> = Mutex::new(Vec::new());
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let ground = Ground::new();
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= plan.histories || plan.until.is_some_and(|until| Instant::now() > until) {
                        break;
                    }
                    if let Err(failure) = run(&ground, seed_of(plan.from.wrapping_add(n))) {
                        let Ok(mut failures) = failures.lock() else { break };
                        println!("seed {}: {} · {}", failure.seed, failure.broken.promise.text(), failure.broken.what);
                        failures.push(*failure);
                        stop.store(failures.len() as u64 >= plan.enough, Ordering::Relaxed);
                    }
                    let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                    if done.is_multiple_of(10_000) {
                        println!("{done} histories · {:.0} s", start.elapsed().as_secs_f64());
                    }
                }
            });
        }
    });
    let (done, seconds) = (done.load(Ordering::Relaxed), start.elapsed().as_secs_f64());
    let failures = failures.into_inner().unwrap_or_default();
    println!(
        "\n{done} histories from seed {} · {seconds:.1} s on {cores} cores · {} failed",
        plan.from,
        failures.len()
    );
    let mut by_promise: BTreeMap<Promise, u64> = BTreeMap::new();
    for failure in &failures {
        *by_promise.entry(failure.broken.promise).or_default() += 1;
    }
    for (promise, count) in by_promise {
        println!("  {count}: {}", promise.text());
    }
    match failures.iter().min_by_key(|failure| failure.trace.len()) {
        None => ExitCode::SUCCESS,
        Some(shortest) => {
            println!("\nthe shortest:\n{}", told(shortest));
            ExitCode::FAILURE
        }
    }
}
