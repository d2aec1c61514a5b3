//! `cargo xtask run`: from a fresh clone to an open window with a sample district.
//!
//! The first run makes everything; a later one finds it again, with whatever was
//! entered since. All of it lies in one folder, and deleting that starts anew.

use std::fs;
use std::io::{BufRead, IsTerminal};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use end_to_end::programs::Running;
use end_to_end::{District, Laptop, PIN, Programs, Screen, YANDONG, sample};

use super::setup::{self, Purpose};
use crate::checkout::{Checkout, Stop, stop};
use crate::sample::{LIST, SECOND, record};
use crate::sample_application;

/// What the person asked for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Where the sample lives; `run/` in the clone when absent.
    data: Option<PathBuf>,
    /// Only the district and the sample, for a window of one's own.
    no_window: bool,
}

impl Options {
    /// Reads the words after `run`; `None` when they make no sense.
    pub(crate) fn read(words: &[&str]) -> Option<Self> {
        match words {
            [] => Some(Self::default()),
            ["--data", folder, rest @ ..] => Some(Self { data: Some(crate::folder(folder)), ..Self::read(rest)? }),
            ["--no-window", rest @ ..] => Some(Self { no_window: true, ..Self::read(rest)? }),
            _ => None,
        }
    }
}

/// Runs until the person ends it, or the window is closed.
pub(crate) fn run(checkout: &Checkout, options: &Options) -> Result<(), Stop> {
    let start = Instant::now();
    setup::setup(checkout, &[Purpose::Build])?;
    let hidden = !options.no_window && Screen::is_needed();
    if hidden {
        setup::setup(checkout, &[Purpose::Build, Purpose::HiddenScreen])?;
    }
    let programs = setup::programs(checkout)?;
    let data = options.data.clone().unwrap_or_else(|| checkout.top.join("run"));
    fs::create_dir_all(&data).map_err(stop(data.display()))?;
    let asked_to_end = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&asked_to_end)).map_err(stop("no way to hear Ctrl-C"))?;
    }

    let mut district = start_district(&programs, &data)?;
    let laptop = Laptop::new(&programs, &data.join("laptop"));
    fill(&district, &laptop, &data)?;
    println!("\n区服务 · district   https://{}  (health page: /health)", district.address());
    println!("数据 · data         {}", data.display());
    println!("笔记本 · laptop     {}", laptop.folder().display());
    println!("PIN                 {PIN}");
    let terminal = programs.path("nonghuan");
    println!(
        "命令行 · terminal   NONGHUAN_PIN={PIN} {} --data {} list works",
        terminal.display(),
        laptop.folder().display()
    );

    let screen = if options.no_window { None } else { Some(Screen::open()?) };
    let mut window = None;
    if let Some(screen) = &screen {
        let mut command = screen.command(&programs.path("nonghuan-desktop"));
        command.env("NONGHUAN_DATA", laptop.folder());
        if screen.is_hidden() {
            // Where nobody looks, the desktop's own services complain of what is not there.
            let log = fs::File::create(data.join("window.log"))?;
            command.stdout(log.try_clone()?).stderr(log);
        }
        let opened = Instant::now();
        window = Some(Running::start(&mut command)?);
        if screen.is_hidden() {
            let picture = data.join("window.png");
            screen.picture(&picture)?;
            let seconds = opened.elapsed().as_secs_f64();
            println!(
                "窗口 · window       on a virtual display, painted after {seconds:.1} s; its picture: {}",
                picture.display()
            );
        } else {
            println!("窗口 · window       open");
        }
    }
    println!("\n就绪 · ready after {:.0} s", start.elapsed().as_secs_f64());
    if std::io::stdin().is_terminal() {
        println!("停止 · to stop: Enter, Ctrl-C, or close the window");
        let entered = Arc::clone(&asked_to_end);
        thread::spawn(move || {
            // At the end of the input nobody can press Enter any more; Ctrl-C remains.
            if std::io::stdin().lock().lines().next().is_some() {
                entered.store(true, Ordering::SeqCst);
            }
        });
    } else {
        println!("停止 · to stop: kill {}", std::process::id());
    }
    // Looked at by the clock, since any of three things may end it and none can wait for the others.
    while !asked_to_end.load(Ordering::SeqCst) && window.as_mut().is_none_or(Running::runs) {
        if !district.runs() {
            return Err(Stop("the district server ended by itself".into()));
        }
        thread::park_timeout(Duration::from_millis(300));
    }
    println!("已停止，数据仍在 · stopped; the data stay in {}", data.display());
    Ok(())
}

/// At the address of the last run, since that is where the laptop will look.
fn start_district(programs: &Programs, data: &Path) -> Result<District, Stop> {
    let note = data.join("address");
    let last: Option<SocketAddr> = fs::read_to_string(&note).ok().and_then(|text| text.trim().parse().ok());
    let listen = last.map_or_else(|| "127.0.0.1:0".into(), |address| address.to_string());
    let district = District::start_at(programs, &data.join("district"), &listen)?;
    fs::write(note, district.address().to_string())?;
    Ok(district)
}

/// Places, an enrolled laptop and sample records; nothing of it twice.
fn fill(district: &District, laptop: &Laptop, data: &Path) -> Result<(), Stop> {
    let done = data.join("sample-is-in");
    if done.exists() {
        println!("沿用已有样例 · the sample of an earlier run is kept");
        return Ok(());
    }
    if laptop.folder().exists() {
        let folder = data.display();
        return Err(Stop(format!(
            "an earlier run broke off while it filled {folder}; delete that folder and run again"
        )));
    }
    println!("装入样例区 · filling the sample district: 盐城市亭湖区");
    district.load_places(&sample("places.csv"))?;
    sample_application::publish(district, &laptop.in_folder(&data.join("reviewer")))?;
    laptop.enrol(&district.code(YANDONG, "clerk")?, "样例用户")?;
    laptop.ask(&["sync"])?;
    sample_application::apply(laptop)?;
    record(laptop, SECOND)?;
    laptop.ask(&["import", &sample(LIST).to_string_lossy(), "--kind", "works"])?;
    let report = laptop.ask(&["sync"])?;
    println!("样例已送区 · {} changes and {} photos at the district", report["pushed"], report["attachments"]["sent"]);
    Ok(fs::write(done, "")?)
}
