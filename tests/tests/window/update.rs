//! New programs: handed on by the district, fetched, refused when they are not
//! what was signed, and started once before they take the old one's place.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use ed25519_dalek::SigningKey;
use nonghuan_tests::{District, Laptop, PIN, Programs, Screen, YANDONG, sample};
use release::{Form, News, Release, target, write};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A district and a laptop whose programs know a key, and the key.
struct Maker {
    programs: Programs,
    district: District,
    laptop: Laptop,
    key: SigningKey,
    folder: TempDir,
}

impl Maker {
    fn new() -> Self {
        let key = SigningKey::from_bytes(&[42; 32]);
        let known = format!("NONGHUAN_RELEASE_KEYS={}", hex::encode(key.verifying_key().as_bytes()));
        let programs = Programs::built().expect("the programs build").through(["env", &known]);
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        let laptop = Laptop::new(&programs, &folder.path().join("laptop"));
        laptop.enrol(&district.code(YANDONG, "clerk").expect("a code"), "样例用户").expect("enrolled");
        // A program of its person's own: what lies under /usr the system would have to replace.
        fs::create_dir(folder.path().join("own")).expect("a folder");
        let maker = Self { programs, district, laptop, key, folder };
        fs::hard_link(maker.programs.path("nonghuan-desktop"), maker.program())
            .or_else(|_| fs::copy(maker.programs.path("nonghuan-desktop"), maker.program()).map(drop))
            .expect("an installed program");
        maker
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("own/nonghuan-desktop")
    }

    /// A release of `payload`, signed by `key`.
    fn release(&self, key: &SigningKey, version: &str, form: Form, payload: &[u8]) -> PathBuf {
        let release = Release {
            version: version.parse().expect("a version"),
            target: target(form),
            bytes: 0,
            sha256: String::new(),
            at: "2026-05-01".into(),
            news: News { zh: "新的月调度表".into(), en: "A new month report".into() },
        };
        let file = self.folder.path().join(release.file_name());
        let mut out = File::create(&file).expect("a file");
        write(&mut out, key, &release, &mut Cursor::new(payload)).expect("written");
        file
    }

    fn update(&self, args: &[&str]) -> Result<Value, String> {
        let program = self.program().to_string_lossy().into_owned();
        let args = [&["update"], args, &["--program", &program]].concat();
        self.laptop.try_ask(&args).expect("an answer").map_err(|refused| refused.code)
    }
}

#[test]
fn a_release_comes_by_the_district_or_a_stick_and_only_as_it_was_signed() {
    let maker = Maker::new();
    assert_eq!(maker.update(&["find"]), Ok(Value::Null), "the district offers nothing");
    let payload: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
    let file = maker.release(&maker.key, "0.9.0", Form::Program, &payload);
    let shown = file.to_string_lossy().into_owned();
    maker.district.ask(&["release", "add", &shown]).expect("the district takes it");

    let found = maker.update(&["find"]).expect("an offer");
    assert_eq!((&found["version"], &found["zh"], &found["came"]), (&json!("0.9.0"), &json!("新的月调度表"), &json!(0)));
    // Half of it had come when the line broke.
    let whole = fs::read(&file).expect("the release");
    let kept = maker.laptop.folder().join("updates").join(file.file_name().expect("a name"));
    fs::create_dir_all(kept.parent().expect("a folder")).expect("a folder");
    fs::write(kept.with_extension("part"), &whole[..whole.len() / 2]).expect("written");
    let found = maker.update(&["find"]).expect("an offer");
    assert_eq!(found["came"], json!(whole.len() / 2), "what came is not fetched again");
    maker.update(&["fetch"]).expect("fetched");
    assert!(fs::read(&kept).expect("the release") == whole, "byte for byte, whichever half came when");

    // What lay there was something else: found at the end, thrown away, and fetched whole the next time.
    fs::remove_file(&kept).expect("removed");
    fs::write(kept.with_extension("part"), vec![0; 1_000]).expect("written");
    assert_eq!(maker.update(&["fetch"]), Err("notARelease".into()));
    maker.update(&["fetch"]).expect("fetched");

    let stranger = SigningKey::from_bytes(&[7; 32]);
    let mut damaged = whole.clone();
    damaged[whole.len() - 9] ^= 1;
    let broken = maker.folder.path().join("broken.nhu");
    fs::write(&broken, damaged).expect("written");
    for (file, code, why) in [
        (maker.release(&stranger, "0.9.1", Form::Program, b"x"), "releaseUntrusted", "somebody else signed it"),
        (maker.release(&maker.key, "0.0.1", Form::Program, b"x"), "releaseNotNewer", "an older one with an old fault"),
        (maker.release(&maker.key, "0.9.2", Form::Installer, b"x"), "releaseForOthers", "another machine's"),
        (broken, "releaseDamaged", "one bit"),
        (sample("photos/ditch-before.jpg"), "notARelease", "a file that is not what it says"),
    ] {
        let file = file.to_string_lossy().into_owned();
        assert_eq!(maker.update(&["show", &file]), Err(code.into()), "{why}");
        assert_eq!(maker.update(&["install", &file]), Err(code.into()), "{why}, and nobody looked before");
        if code != "releaseNotNewer" && code != "releaseForOthers" {
            assert!(maker.district.ask(&["release", "add", &file]).is_err(), "{why}: the district hands on none");
        }
    }
}

#[test]
fn a_new_program_replaces_the_old_one_once_its_window_was_there() {
    let maker = Maker::new();
    let before = fs::metadata(maker.program()).expect("the program").len();
    let screen = Screen::hidden().expect("a virtual screen");
    let install = |file: &Path| -> Value {
        let mut command = screen.command(&maker.programs.path("nonghuan"));
        command.arg("--data").arg(maker.laptop.folder()).args(["--json", "update", "install"]).arg(file);
        command.arg("--program").arg(maker.program()).stdin(Stdio::null()).env("NONGHUAN_PIN", PIN);
        command.env("NONGHUAN_RELEASE_KEYS", hex::encode(maker.key.verifying_key().as_bytes()));
        command.env("HOME", maker.folder.path());
        let done = command.output().expect("it starts");
        let said = String::from_utf8_lossy(&done.stdout);
        // The session bus has its say on the same pipe.
        let document = said.lines().find_map(|line| serde_json::from_str(line).ok());
        document.unwrap_or_else(|| panic!("{}: {said}{}", done.status, String::from_utf8_lossy(&done.stderr)))
    };
    let failing = maker.release(&maker.key, "0.9.1", Form::Program, b"#!/bin/sh\nexit 3\n");
    let said = install(&failing);
    assert_eq!(said["error"]["code"], "updateNotStarted", "{said}");
    assert_eq!(fs::metadata(maker.program()).expect("the program").len(), before, "the old one is in its place");

    let mut newer = fs::read(maker.program()).expect("the program");
    newer.extend_from_slice(b"newer");
    let good = maker.release(&maker.key, "0.9.0", Form::Program, &newer);
    let said = install(&good);
    assert!(said["installed"].is_string(), "{said}");
    assert_eq!(fs::metadata(maker.program()).expect("the program").len(), before + 5, "the new one took its place");
    let own = fs::metadata(maker.programs.path("nonghuan-desktop")).expect("the built program").len();
    assert_eq!(own, before, "by a rename: whoever runs the old file keeps it");
}
