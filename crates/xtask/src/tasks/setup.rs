//! Set-up: what a machine needs, found by asking for the thing itself and not
//! for a package, so that it does not matter how it came there.
//!
//! As root on Debian and its kin what is missing is installed, in sight. For
//! anyone else it is named, with the command that would install it: a task that
//! asks for a password half-way is no task.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use end_to_end::programs::{BUILD, FOLDER};
use end_to_end::{Programs, bagit};

use crate::checkout::{Checkout, Stop, answer, run};
use crate::postgres;

/// What a machine is set up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building the programs and opening the window.
    Build,
    /// Opening the window where there is no screen.
    HiddenScreen,
    /// Driving the window and a plain browser, looking at PDF pages, wrong clocks, full disks, and the
    /// district on PostgreSQL.
    Tests,
}

impl Purpose {
    pub(crate) const ALL: [Self; 3] = [Self::Build, Self::HiddenScreen, Self::Tests];
}

enum Probe {
    /// A program on the path.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A font that has Chinese.
    ChineseFont,
    /// PostgreSQL's server, which lies off the path.
    Postgres,
    /// A browser of Chromium's kin, for the pages without a window.
    Browser,
    /// Python's installer, which is not always a program of its own.
    Pip,
}

/// One thing a Linux machine needs: for what, how it is found, and Debian's package of it.
struct Need(Purpose, Probe, &'static str);

const NEEDS: &[Need] = &[
    Need(Purpose::Build, Probe::Program("cc"), "build-essential"),
    Need(Purpose::Build, Probe::Program("make"), "build-essential"),
    Need(Purpose::Build, Probe::Program("perl"), "perl"),
    Need(Purpose::Build, Probe::Program("pkg-config"), "pkg-config"),
    Need(Purpose::Build, Probe::Library("webkit2gtk-4.1"), "libwebkit2gtk-4.1-dev"),
    Need(Purpose::Build, Probe::Library("gtk+-3.0"), "libgtk-3-dev"),
    Need(Purpose::Build, Probe::Library("librsvg-2.0"), "librsvg2-dev"),
    Need(Purpose::Build, Probe::Program("fc-list"), "fontconfig"),
    Need(Purpose::Build, Probe::ChineseFont, "fonts-noto-cjk"),
    Need(Purpose::HiddenScreen, Probe::Program("Xvfb"), "xvfb"),
    Need(Purpose::HiddenScreen, Probe::Program("xauth"), "xauth"),
    Need(Purpose::HiddenScreen, Probe::Program("dbus-run-session"), "dbus-x11"),
    Need(Purpose::HiddenScreen, Probe::Program("import"), "imagemagick"),
    Need(Purpose::Tests, Probe::Program("WebKitWebDriver"), "webkit2gtk-driver"),
    Need(Purpose::Tests, Probe::Browser, "chromium"),
    Need(Purpose::Tests, Probe::Program("pdftotext"), "poppler-utils"),
    Need(Purpose::Tests, Probe::Program("python3"), "python3"),
    Need(Purpose::Tests, Probe::Pip, "python3-pip"),
    Need(Purpose::Tests, Probe::Program("faketime"), "faketime"),
    Need(Purpose::Tests, Probe::Program("unshare"), "util-linux"),
    Need(Purpose::Tests, Probe::Postgres, "postgresql"),
];

/// Makes sure that this machine has what `purposes` need.
pub(crate) fn setup(checkout: &Checkout, purposes: &[Purpose]) -> Result<(), Stop> {
    if cfg!(target_os = "linux") {
        linux(purposes)?;
    }
    if purposes.contains(&Purpose::Tests) {
        bagit()?;
    }
    node(checkout)
}

/// The Library of Congress's validator of bags, installed once for all clones of this person.
fn bagit() -> Result<(), Stop> {
    let folder = bagit::folder().ok_or_else(|| Stop("no folder for tools: HOME is not set".to_owned()))?;
    if folder.join("bagit.py").exists() {
        return Ok(());
    }
    println!("安装 BagIt 校验器 · installing bagit {} …", bagit::VERSION);
    let wanted = format!("bagit=={}", bagit::VERSION);
    let mut pip = std::process::Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
    ]);
    run(pip.arg("--target").arg(&folder).arg(wanted))
}

fn linux(purposes: &[Purpose]) -> Result<(), Stop> {
    let missing = || -> Vec<&'static str> {
        let wanted = NEEDS.iter().filter(|Need(purpose, probe, _)| purposes.contains(purpose) && !found(probe));
        let mut packages: Vec<_> = wanted.map(|Need(_, _, package)| *package).collect();
        packages.sort_unstable();
        packages.dedup();
        packages
    };
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !Path::new("/etc/debian_version").exists() {
        let names = packages.join(", ");
        return Err(Stop(format!(
            "缺少软件 · missing, by Debian's names: {names}; install your system's packages of them"
        )));
    }
    if answer("id", &["-u"]).as_deref() != Some("0") {
        return Err(Stop(format!("缺少软件，请运行 · missing; run:\n\n    sudo {install}\n")));
    }
    println!("安装系统软件 · installing: {}", packages.join(" "));
    let apt = |args: &[&str]| {
        let mut command = std::process::Command::new("apt-get");
        // Another apt may be at work on a fresh machine; it is waited for.
        command.args(["-q", "-o", "DPkg::Lock::Timeout=600"]).args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat())?;
    match missing().as_slice() {
        [] => Ok(()),
        still => Err(Stop(format!("installed, and yet not found: {}", still.join(" ")))),
    }
}

fn found(probe: &Probe) -> bool {
    match probe {
        Probe::Program(name) => on_path(name).is_some(),
        Probe::Library(name) => answer("pkg-config", &["--exists", name]).is_some(),
        Probe::Postgres => postgres::programs().is_some(),
        Probe::Browser => browser().is_some(),
        Probe::Pip => answer("python3", &["-m", "pip", "--version"]).is_some(),
        Probe::ChineseFont => answer("fc-list", &[":lang=zh", "family"]).is_some_and(|fonts| !fonts.is_empty()),
    }
}

/// Where the shell would find `name`.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A browser of Chromium's kin, by the names under which systems have it.
pub(crate) fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "chrome.exe", "msedge.exe"].into_iter().find_map(on_path)
}

/// Node 20 or newer, without which the window has no pages.
fn node(checkout: &Checkout) -> Result<(), Stop> {
    let version = answer("node", &["--version"]).unwrap_or_default();
    let major: u32 = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let npm = checkout.npm(&["--version"]).output().is_ok_and(|done| done.status.success());
    if major >= 20 && npm {
        return Ok(());
    }
    let seen = if version.is_empty() { "none" } else { &version };
    let windows = if cfg!(windows) { "; also Strawberry Perl and the C++ build tools of Visual Studio" } else { "" };
    Err(Stop(format!(
        "需要 Node.js 20 及以上（含 npm） · needs Node.js 20 or newer with npm (https://nodejs.org), found {seen}{windows}"
    )))
}

/// The packages of `ui`, as its lock file names them.
pub(crate) fn node_modules(checkout: &Checkout) -> Result<(), Stop> {
    packages(checkout, "ui", "安装界面依赖")
}

/// The foreign tus client that the district's uploads are tried with.
pub(crate) fn tus_client(checkout: &Checkout) -> Result<(), Stop> {
    packages(checkout, "tests/tus", "安装 tus 客户端")
}

/// PouchDB, beside which the exchange is measured.
pub(crate) fn pouchdb(checkout: &Checkout) -> Result<(), Stop> {
    packages(checkout, "tests/peers/pouchdb", "安装 PouchDB")
}

/// Tauri's bundler, which makes Debian packages and installers.
pub(crate) fn bundler(checkout: &Checkout) -> Result<PathBuf, Stop> {
    let folder = checkout.top.join("crates/xtask/bundler");
    let name = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let program = folder.join("node_modules/.bin").join(name);
    if !program.exists() {
        println!("安装打包工具 · npm install …");
        // Without a lock file: npm writes it for one platform alone, and no other can install by it.
        let mut npm = checkout.npm(&["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel", "error"]);
        run(npm.current_dir(&folder))?;
    }
    Ok(program)
}

fn packages(checkout: &Checkout, folder: &str, words: &str) -> Result<(), Stop> {
    let folder = checkout.top.join(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    // Inside node_modules, so that whoever deletes the packages deletes the stamp.
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("{words} · npm ci …");
    let mut npm = checkout.npm(&["ci", "--no-audit", "--no-fund", "--loglevel", "error"]);
    run(npm.current_dir(&folder))?;
    Ok(fs::write(stamp, lock)?)
}

/// Builds the pages of the window where they are older than their sources, then the three
/// programs; unless `NONGHUAN_PROGRAMS` names a folder that has them, such as a release to try.
pub(crate) fn programs(checkout: &Checkout) -> Result<Programs, Stop> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Ok(Programs::in_folder(Path::new(&folder)));
    }
    pages(checkout)?;
    println!("编译程序 · building the programs (the first time takes 10 to 20 minutes) …");
    run(checkout.cargo(&["build"]).args(BUILD))?;
    Ok(Programs::in_folder(&checkout.target.join("debug")))
}

/// The pages of the window and of the bare one beside it, built where they are older than what they are made of.
pub(crate) fn pages(checkout: &Checkout) -> Result<(), Stop> {
    node_modules(checkout)?;
    built(checkout, "build", "dist", &["src", "public", "index.html", "../crates/app/texts"])?;
    built(checkout, "build:bare", "dist-bare", &["bare"])
}

/// Runs `script` where the page in `made` is older than `parts` or than what all pages are built with.
fn built(checkout: &Checkout, script: &str, made: &str, parts: &[&str]) -> Result<(), Stop> {
    let ui = checkout.top.join("ui");
    let page = fs::metadata(ui.join(made).join("index.html")).and_then(|page| page.modified()).ok();
    let with = ["package-lock.json", "vite.config.ts", "weight.ts", "tsconfig.json"];
    let newest = parts.iter().chain(&with).filter_map(|part| newest(&ui.join(part))).max();
    if page.is_some() && page >= newest {
        return Ok(());
    }
    println!("构建界面 · npm run {script} …");
    run(&mut checkout.npm(&["run", "--silent", script, "--", "--logLevel", "warn"]))
}

/// When anything in `path` was last written.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = fs::metadata(path).and_then(|data| data.modified()).ok()?;
    let inside = fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest(&entry.path()));
    inside.chain([own]).max()
}

/// cargo-deny, installed once for all clones of this person.
pub(crate) fn cargo_deny(checkout: &Checkout) -> Result<PathBuf, Stop> {
    if let Some(own) = on_path(&format!("cargo-deny{}", std::env::consts::EXE_SUFFIX)) {
        return Ok(own);
    }
    let tools = bagit::tools().unwrap_or_else(|| checkout.target.join("nonghuan/tools"));
    let program = tools.join(format!("bin/cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        println!("安装 cargo-deny · installing cargo-deny (some minutes) …");
        run(checkout.cargo(&["install", "--locked", "cargo-deny", "--root"]).arg(&tools))?;
    }
    Ok(program)
}
