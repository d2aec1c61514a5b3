//! `cargo xtask release-key` and `cargo xtask release`: the key that a new program
//! is known by, and the signed files that districts and sticks hand on.
//!
//! The key's secret half belongs on a machine that is on no network, or on a stick
//! in a safe: whoever has it decides what runs on every laptop. Its public half is
//! put into the programs here, so only what was built by this task takes what was
//! signed by it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use release::{ENDING, Form, Keys, News, Release, read_secret, secret_text, target, write};

use super::setup::{self, Purpose};
use crate::checkout::{Checkout, Stop, answer, run, stop};

/// What is wanted of a release.
pub(crate) struct Wanted {
    key: PathBuf,
    news: Option<PathBuf>,
    out: PathBuf,
}

impl Wanted {
    /// `--key FILE [--news FILE] [--out DIR]`, in any order.
    pub(crate) fn read(words: &[&str]) -> Option<Self> {
        let (mut key, mut news, mut out) = (None, None, None);
        for pair in words.chunks(2) {
            let [name, value] = pair else { return None };
            let place = match *name {
                "--key" => &mut key,
                "--news" => &mut news,
                "--out" => &mut out,
                _ => return None,
            };
            *place = Some(crate::folder(value));
        }
        Some(Self { key: key?, news, out: out.unwrap_or_else(|| crate::folder("releases")) })
    }
}

/// Makes a release key in `file`, which must not be there yet; says its public half.
pub(crate) fn make_key(file: &Path) -> Result<(), Stop> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(stop("random bytes"))?;
    let key = ed25519_dalek::SigningKey::from_bytes(&seed);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).map_err(stop(file.display()))?;
    out.write_all(secret_text(&key).as_bytes())?;
    out.sync_all()?;
    println!("发布密钥已写到 {}，请离线保管。", file.display());
    println!("The release key is in {}; keep it off every network.", file.display());
    println!("公钥 · public half: {}", hex::encode(key.verifying_key().as_bytes()));
    Ok(())
}

/// Builds the programs with the key's public half in them, bundles the window's, and signs each form of it.
pub(crate) fn release(checkout: &Checkout, wanted: &Wanted) -> Result<(), Stop> {
    let text = fs::read_to_string(&wanted.key).map_err(stop(wanted.key.display()))?;
    let key = read_secret(&text).map_err(stop(wanted.key.display()))?;
    let news = match &wanted.news {
        Some(file) => read_news(&fs::read_to_string(file).map_err(stop(file.display()))?),
        None => News::default(),
    };
    setup::setup(checkout, &[Purpose::Build])?;
    setup::pages(checkout)?;
    let public = hex::encode(key.verifying_key().as_bytes());
    println!("编译发布版 · building the programs for a release …");
    let mut build = checkout.cargo(&["build", "--release", "--bins"]);
    for name in ["nonghuan-desktop", "nonghuan-cli", "nonghuan-district"] {
        build.args(["--package", name]);
    }
    run(build.env("NONGHUAN_RELEASE_KEYS", &public))?;
    bundle(checkout, &public)?;
    fs::create_dir_all(&wanted.out)?;
    let built = checkout.target.join("release");
    for (form, payload) in payloads(&built)? {
        let file = sign(&key, form, &payload, &news, &wanted.out)?;
        println!("✓ {}", file.display());
    }
    println!("区里 · at the district: nonghuan-district release add FILE.{ENDING}");
    Ok(())
}

/// The Debian package on Linux, the installer on Windows.
fn bundle(checkout: &Checkout, public: &str) -> Result<(), Stop> {
    let bundles = if cfg!(windows) { "nsis" } else { "deb" };
    let mut tauri = checkout.command(setup::bundler(checkout)?);
    tauri.current_dir(checkout.top.join("src-tauri")).args(["bundle", "--bundles", bundles]);
    run(tauri.env("NONGHUAN_RELEASE_KEYS", public).env("CARGO_TARGET_DIR", &checkout.target))
}

/// Each form that the window's program was built in here.
fn payloads(built: &Path) -> Result<Vec<(Form, PathBuf)>, Stop> {
    let version = env!("CARGO_PKG_VERSION");
    let bundled = |folder: &str, end: &str| -> Result<PathBuf, Stop> {
        let folder = built.join("bundle").join(folder);
        let entries = fs::read_dir(&folder).map_err(stop(folder.display()))?.flatten().map(|entry| entry.path());
        let named = |path: &PathBuf| path.to_string_lossy().contains(version) && path.to_string_lossy().ends_with(end);
        entries.into_iter().find(named).ok_or_else(|| Stop(format!("no {end} of {version} in {}", folder.display())))
    };
    if cfg!(windows) {
        return Ok(vec![(Form::Installer, bundled("nsis", ".exe")?)]);
    }
    Ok(vec![(Form::Program, built.join("nonghuan-desktop")), (Form::Deb, bundled("deb", ".deb")?)])
}

/// Signs one form, and reads the file again as a laptop would.
fn sign(key: &ed25519_dalek::SigningKey, form: Form, payload: &Path, news: &News, out: &Path) -> Result<PathBuf, Stop> {
    let release = Release {
        version: env!("CARGO_PKG_VERSION").parse().map_err(stop("the version of this workspace"))?,
        target: target(form),
        bytes: 0,
        sha256: String::new(),
        at: today(),
        news: news.clone(),
    };
    let file = out.join(release.file_name());
    let mut source = File::open(payload).map_err(stop(payload.display()))?;
    let mut signed = File::create(&file).map_err(stop(file.display()))?;
    write(&mut signed, key, &release, &mut source)?;
    signed.sync_all()?;
    let mut again = std::io::BufReader::new(File::open(&file)?);
    let head = release::head(&mut again, &Keys::from(key)).map_err(stop(file.display()))?;
    release::check(&mut again, &head.release, |_| Ok(())).map_err(stop(file.display()))?;
    Ok(file)
}

/// A page in Chinese, a line `---`, and the same in English.
fn read_news(text: &str) -> News {
    let (zh, en) = text.split_once("\n---\n").unwrap_or((text, ""));
    News { zh: zh.trim().to_owned(), en: en.trim().to_owned() }
}

/// The day of the commit that is built, so that the same commit makes the same head.
fn today() -> String {
    answer("git", &["log", "-1", "--format=%cs"]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_what_it_signs_is_known_by_its_public_half() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        make_key(&file).expect("a key");
        assert!(make_key(&file).is_err(), "a key that is in use must not be written over");
        let key = read_secret(&fs::read_to_string(&file).expect("the key")).expect("a key");
        let payload = folder.path().join("program");
        fs::write(&payload, "MZ").expect("written");
        let news = read_news("一行\n二行\n---\nOne line\n");
        assert_eq!((news.zh.as_str(), news.en.as_str()), ("一行\n二行", "One line"));
        let signed = sign(&key, Form::Deb, &payload, &news, folder.path()).expect("signed");
        assert!(signed.to_string_lossy().ends_with("-deb.nhu"), "{}", signed.display());
    }

    #[test]
    fn a_release_is_asked_for_with_its_key() {
        assert!(Wanted::read(&["--key", "a", "--out", "b"]).is_some_and(|wanted| wanted.out.ends_with("b")));
        assert!(Wanted::read(&["--out", "b"]).is_none(), "without a key nothing can be signed");
        assert!(Wanted::read(&["--key"]).is_none() && Wanted::read(&["--kee", "a"]).is_none());
    }
}
