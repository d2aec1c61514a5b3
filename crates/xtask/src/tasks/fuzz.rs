//! `cargo xtask fuzz TARGET`: libFuzzer over one target of `tests/hostile`, for as
//! long as was asked.
//!
//! The instruments that a fuzzer needs are flags of the ordinary compiler, so no
//! nightly toolchain is needed; `cargo fuzz run` with one finds the same programs.
//! What a run finds interesting stays with the build; what broke a target is kept
//! in `fuzz/artifacts`, and belongs into `fuzz/corpus` together with its mending.

use std::fs;

use crate::checkout::{Checkout, Stop, answer, run};

/// Counts which ways are taken, and sees what is compared with what.
const INSTRUMENTS: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing";

/// Longer inputs are slower and find no more.
const LONGEST: &str = "-max_len=4096";

/// One input that takes so many seconds counts as broken, and one that takes so many megabytes.
const LIMITS: [&str; 2] = ["-timeout=30", "-rss_limit_mb=2048"];

/// Builds the target's fuzzer and runs it for so many minutes.
pub(crate) fn fuzz(checkout: &Checkout, target: &str, minutes: &str) -> Result<(), Stop> {
    let own = checkout.top.join("fuzz");
    let examples = own.join("corpus").join(target);
    if !own.join("targets").join(format!("{target}.rs")).exists() {
        return Err(Stop(format!("there is no target `{target}`; there are those of fuzz/targets")));
    }
    let minutes: u64 = minutes.parse().map_err(|_| Stop(format!("`{minutes}` is no number of minutes")))?;
    let host = answer("rustc", &["-vV"]).unwrap_or_default();
    let host =
        host.lines().find_map(|line| line.strip_prefix("host: ")).ok_or_else(|| Stop("rustc -vV: no host".into()))?;
    let folder = checkout.target.join("fuzz");
    // With a target named, the flags are for it alone and not for build scripts.
    let mut build =
        checkout.cargo(&["build", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target", host, "--bin"]);
    run(build.arg(target).env("RUSTFLAGS", INSTRUMENTS).env("CARGO_TARGET_DIR", &folder))?;
    let (found, broken) = (folder.join("corpus").join(target), own.join("artifacts").join(target));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&broken)?;
    let program = folder.join(host).join("debug").join(format!("{target}{}", std::env::consts::EXE_SUFFIX));
    let mut fuzzer = checkout.command(program);
    fuzzer.arg(found).arg(examples).arg(LONGEST).args(LIMITS);
    fuzzer.arg(format!("-max_total_time={}", minutes * 60));
    fuzzer.arg(format!("-artifact_prefix={}{}", broken.display(), std::path::MAIN_SEPARATOR));
    run(&mut fuzzer)
}
