//! `cargo xtask bench window`: from start to first paint, and memory, against a
//! bare Tauri window with the same UI libraries, in one run.
//!
//! Both programs are watched from outside, on a virtual screen of their own: the
//! clock runs from exec to the first look in which letters stand on the screen.
//! So no program tells the time of itself, and the desktop program is exactly the
//! one that people start, over an enrolled laptop: what it paints is the PIN.
//! They take turns, since a machine is never equally busy for long.
//!
//! The laptop has 10,000 works. Then it gets 100,000, and their list is scrolled,
//! filtered and sorted in a plain browser that tells of every long task.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use end_to_end::programs::{BUILD, FOLDER, Running};
use end_to_end::{Bus, District, Laptop, Programs, Screen, YANDONG, sample, until};

use super::setup::{self, Purpose};
use crate::checkout::{Checkout, Stop, run, stop};

/// Which programs are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// As people get them.
    Release,
    /// As they are while writing: quick to build, and good for a first idea.
    Debug,
}

/// First paint, as a multiple of the bare window's.
const PAINT_LIMIT: f64 = 1.3;
/// Memory over the bare window's, in MB of 2^20 bytes.
const MEMORY_LIMIT: f64 = 100.0;
/// Starts of each program that count; one more goes before, to fill the caches of both.
const ROUNDS: usize = 9;
/// More colours than any window has before its page is painted.
const PAINTED: usize = 16;
/// The works of a laptop that has been used for years.
const WORKS: usize = 10_000;
/// The works of the longest list that there is.
const ROWS: usize = 100_000;
/// Between two looks at the screen: the grain of the times.
const LOOK: Duration = Duration::from_millis(5);
/// Between two looks at the memory.
const BREATH: Duration = Duration::from_millis(250);
/// How long one thing may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures both windows; ends in an error when a limit is not kept.
pub(crate) fn bench(checkout: &Checkout, build: Build) -> Result<(), Stop> {
    if !cfg!(target_os = "linux") {
        println!("window: not measured; it is watched on a virtual screen, which only Linux has");
        return Ok(());
    }
    setup::setup(checkout, &[Purpose::Build, Purpose::HiddenScreen])?;
    let programs = programs(checkout, build)?;
    let folder = tempfile::Builder::new().prefix("nonghuan-bench").tempdir()?;
    let laptop = enrolled(&programs, folder.path())?;
    works(&laptop, folder.path(), WORKS)?;
    let stage = Stage::set(folder.path())?;
    let pictures = checkout.target.join("bench-window");
    fs::create_dir_all(&pictures)?;
    let mut bare = Entrant::new("bare window", programs.path("nonghuan-bare-window"), pictures.join("bare.png"));
    let mut ours = Entrant::new("desktop, locked", programs.path("nonghuan-desktop"), pictures.join("desktop.png"));
    println!("window: {ROUNDS} starts of each in turn, {build:?} programs …");
    for round in 0..=ROUNDS {
        for entrant in [&mut bare, &mut ours] {
            let seen = stage.watch(entrant, laptop.folder())?;
            if round > 0 {
                entrant.seen.push(seen);
            }
        }
    }
    println!("pictures of what was taken as painted: {}", pictures.display());
    let opened = report(&bare, &ours);
    works(&laptop, folder.path(), ROWS - WORKS)?;
    let rows = rows(checkout, &programs, &laptop);
    opened.and(rows)
}

/// Enters so many works, as an office does: from a table.
fn works(laptop: &Laptop, folder: &Path, count: usize) -> Result<(), Stop> {
    println!("window: {count} works from a table …");
    let villages = laptop.list("village")?;
    let categories = ["sewage", "waste", "black_odour"];
    let mut table = String::from("工程名称,村,工程类别,合同价（元）,计划开工,计划完工\n");
    for (number, village) in (0..count).zip(villages.iter().cycle()) {
        let code = village["fields"]["code"].as_str().unwrap_or_default();
        let category = categories.get(number % categories.len()).copied().unwrap_or_default();
        let amount = 100_000 + number % 900 * 1_000;
        writeln!(table, "{count} 项中的第 {number} 项整治工程,{code},{category},{amount},2026-03-01,2026-10-31")
            .map_err(stop("the table"))?;
    }
    let file = folder.join("works.csv");
    fs::write(&file, table)?;
    laptop.ask(&["import", &file.to_string_lossy(), "--kind", "works"])?;
    let there = laptop.ask(&["list", "works", "--limit", "1"])?["total"].as_u64().unwrap_or_default();
    if there < count as u64 { Err(Stop(format!("{there} works came of a table of {count}"))) } else { Ok(()) }
}

/// The longest list in a plain browser, over the program and its store.
fn rows(checkout: &Checkout, programs: &Programs, laptop: &Laptop) -> Result<(), Stop> {
    let Some(browser) = setup::browser() else {
        return Err(Stop("no browser of Chromium's kin (chromium, google-chrome) is on the path".into()));
    };
    let bridge = programs.path("nonghuan-browser-window");
    let folder = bridge.parent().unwrap_or(Path::new("."));
    let mut bench = checkout.npm(&["run", "--silent", "journeys"]);
    bench.env(FOLDER, folder).env("NONGHUAN_BROWSER", browser).env("NONGHUAN_ROWS", laptop.folder());
    run(bench.env("NONGHUAN_RESULTS", checkout.target.join("bench-window")))
}

/// The programs, built unless a folder that has them is named.
fn programs(checkout: &Checkout, build: Build) -> Result<Programs, Stop> {
    if build == Build::Debug || std::env::var_os(FOLDER).is_some() {
        return setup::programs(checkout);
    }
    setup::pages(checkout)?;
    println!("编译发布版 · building the release programs (the first time takes 10 to 20 minutes) …");
    run(checkout.cargo(&["build", "--release"]).args(BUILD))?;
    Ok(Programs::in_folder(&checkout.target.join("release")))
}

/// A laptop as a clerk finds it in the morning. Its district is gone again: the PIN needs none.
fn enrolled(programs: &Programs, folder: &Path) -> Result<Laptop, Stop> {
    let district = District::start(programs, &folder.join("district"))?;
    district.load_places(&sample("places.csv"))?;
    let laptop = Laptop::new(programs, &folder.join("laptop"));
    laptop.enrol(&district.code(YANDONG, "clerk")?, "样例用户")?;
    laptop.ask(&["sync"])?;
    Ok(laptop)
}

/// One of the two programs, with what was seen of it.
struct Entrant {
    name: &'static str,
    program: PathBuf,
    picture: PathBuf,
    seen: Vec<Seen>,
}

impl Entrant {
    fn new(name: &'static str, program: PathBuf, picture: PathBuf) -> Self {
        Self { name, program, picture, seen: Vec::new() }
    }

    fn spread(&self, of: impl Fn(&Seen) -> f64) -> Spread {
        Spread::of(self.seen.iter().map(of).collect())
    }
}

/// One start of one program.
struct Seen {
    /// Seconds from exec to the first letters.
    paint: f64,
    /// The memory of all its processes at rest (PSS), in MB of 2^20 bytes.
    memory: f64,
}

/// Where windows open: a screen that is watched, a session bus, and a home that is nobody's.
struct Stage {
    screen: Screen,
    home: PathBuf,
    bus: Bus,
}

impl Stage {
    /// The bus is up before any clock runs, as on a desktop.
    fn set(folder: &Path) -> Result<Self, Stop> {
        let screen = Screen::hidden()?;
        let home = folder.join("home");
        fs::create_dir_all(&home)?;
        let bus = screen.bus()?;
        Ok(Self { screen, home, bus })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = self.screen.command_without_bus(program);
        command.envs([self.bus.variable()]).env("HOME", &self.home);
        for own in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env_remove(own);
        }
        // With no desktop around it a window complains of what is not there.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the program on the empty screen, looks until it has painted and rests, and ends it.
    fn watch(&self, entrant: &Entrant, data: &Path) -> Result<Seen, Stop> {
        let mut screen = self.screen.frame()?;
        until("an empty screen", PATIENCE, || (screen.colours(2).ok()? == 1).then_some(()))?;
        let mut command = self.command(&entrant.program);
        let start = Instant::now();
        let mut window = Running::start(command.env("NONGHUAN_DATA", data))?;
        while screen.colours(PAINTED)? < PAINTED {
            if !window.runs() || start.elapsed() > PATIENCE {
                return Err(Stop(format!("{}: nothing was painted", entrant.name)));
            }
            thread::park_timeout(LOOK);
        }
        let paint = start.elapsed().as_secs_f64();
        let memory = at_rest(window.child().id(), entrant.name)?;
        self.screen.picture(&entrant.picture)?;
        Ok(Seen { paint, memory })
    }
}

/// The memory of `process` and all it started, once it no longer grows or shrinks.
fn at_rest(process: u32, name: &str) -> Result<f64, Stop> {
    let (mut last, mut same) = (0.0, 0);
    let start = Instant::now();
    while same < 4 {
        if start.elapsed() > PATIENCE {
            return Err(Stop(format!("{name}: its memory does not come to rest")));
        }
        thread::park_timeout(BREATH);
        let now = memory(process).map_err(stop(format!("{name}: its memory")))?;
        same = if (now - last).abs() < 1.0 { same + 1 } else { 0 };
        last = now;
    }
    Ok(last)
}

/// Proportional set size of `process` and all below it: a page that several share counts once in their sum.
fn memory(process: u32) -> std::io::Result<f64> {
    let mut kilobytes = 0.0;
    for id in family(process)? {
        let rollup = match fs::read_to_string(format!("/proc/{id}/smaps_rollup")) {
            // One that was started has ended since it was listed.
            Err(_) if id != process => continue,
            read => read?,
        };
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let figure = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes += figure.ok_or_else(|| std::io::Error::other("smaps_rollup without a Pss"))?;
    }
    Ok(kilobytes / 1024.0)
}

/// `process` and all that it, or one of them, started.
fn family(process: u32) -> std::io::Result<Vec<u32>> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")?
        .filter_map(|entry| {
            let id = entry.ok()?.file_name().to_str()?.parse().ok()?;
            // The name of a program may hold anything; what follows it does not.
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            Some((id, stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?))
        })
        .collect();
    let mut family = vec![process];
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        at += 1;
    }
    Ok(family)
}

/// The middle of some figures, and how far they lie apart.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |place: usize| figures.get(place).copied().unwrap_or(f64::NAN);
        let last = figures.len().saturating_sub(1);
        Self { least: at(0), median: f64::midpoint(at(last / 2), at(last - last / 2)), most: at(last) }
    }
}

fn report(bare: &Entrant, ours: &Entrant) -> Result<(), Stop> {
    println!("\n{:<16}  {:^26}  {:^26}", "", "first paint, ms", "memory (PSS), MB");
    for entrant in [bare, ours] {
        let (paint, memory) = (entrant.spread(|seen| seen.paint * 1000.0), entrant.spread(|seen| seen.memory));
        print!("{:<16}", entrant.name);
        for Spread { least, median, most } in [paint, memory] {
            print!("  {median:>8.0}  ({least:.0} … {most:.0})");
        }
        println!();
    }
    let ratio = ours.spread(|seen| seen.paint).median / bare.spread(|seen| seen.paint).median;
    let above = ours.spread(|seen| seen.memory).median - bare.spread(|seen| seen.memory).median;
    let verdicts = [
        (ratio <= PAINT_LIMIT, format!("first paint {ratio:.2}× the bare window; limit {PAINT_LIMIT}×")),
        (above <= MEMORY_LIMIT, format!("memory {above:+.0} MB over the bare window; limit {MEMORY_LIMIT:+.0} MB")),
    ];
    for (kept, words) in &verdicts {
        println!("{words} · {}", if *kept { "ok" } else { "OVER" });
    }
    let over: Vec<&str> = verdicts.iter().filter(|(kept, _)| !kept).map(|(_, words)| words.as_str()).collect();
    if over.is_empty() { Ok(()) } else { Err(Stop(over.join("; "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_and_not_the_mean() {
        let odd = Spread::of(vec![9.0, 1.0, 2.0]);
        assert_eq!((odd.least, odd.median, odd.most), (1.0, 2.0, 9.0), "one slow start moves nothing");
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 9.0]).median, 3.0, "between the two in the middle");
    }

    #[test]
    fn a_window_over_either_limit_ends_the_benchmark_in_an_error() {
        let entrant = |paint, memory| {
            let seen = (0..3).map(|_| Seen { paint, memory }).collect();
            Entrant { seen, ..Entrant::new("sample", PathBuf::new(), PathBuf::new()) }
        };
        let bare = entrant(1.0, 300.0);
        assert!(report(&bare, &entrant(1.3, 400.0)).is_ok(), "at the limits is within them");
        for (slow_or_large, over) in [(entrant(1.31, 300.0), "first paint"), (entrant(1.0, 401.0), "memory")] {
            let Err(Stop(why)) = report(&bare, &slow_or_large) else { panic!("{over} is over its limit") };
            assert!(why.starts_with(over), "only what is over is named: {why}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_counts_the_processes_below_too() {
        let mut below = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process that waits");
        let (family, own) = (family(std::process::id()), memory(below.id()));
        drop(below.stdin.take());
        below.wait().expect("it ends with its input");
        assert!(family.expect("/proc").contains(&below.id()), "WebKit's processes are below the window's");
        assert!(own.expect("its size") > 0.0, "and each has a size");
    }
}
