//! The rules of this house, as tests: what a reviewer would otherwise have to
//! remember. Each says why it is a rule; to break one on purpose, change it here.

mod house;

use std::collections::{BTreeMap, BTreeSet};

use house::{House, Refusals};

/// The longest file, in lines.
const LONGEST: usize = 600;

/// Opening with what the file is and why spares the reader from guessing it.
#[test]
fn every_rust_file_opens_with_what_it_is() {
    let house = House::read();
    let silent: Vec<&str> =
        house.files(".rs").filter(|file| !file.text.starts_with("//!")).map(|file| file.path.as_str()).collect();
    assert!(silent.is_empty(), "begin with `//!`: {silent:#?}");
}

/// Beyond this a file is two files, and nobody reads it from end to end.
#[test]
fn no_file_is_too_long_to_read() {
    let house = House::read();
    let long: Vec<String> = [".rs", ".ts", ".vue", ".css"]
        .into_iter()
        .flat_map(|end| house.files(end))
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, path)| *lines > LONGEST && !path.ends_with("backend/types.ts"))
        .map(|(lines, path)| format!("{path}: {lines}"))
        .collect();
    assert!(long.is_empty(), "more than {LONGEST} lines: {long:#?}");
}

/// `domain` decides the same on every device, today and in a replay ten years on.
#[test]
fn domain_knows_no_file_network_clock_or_chance() {
    let house = House::read();
    let worldly = [
        "std::fs",
        "std::net",
        "std::env",
        "std::thread",
        "std::process",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "chrono::Local",
        "now_v7",
        "new_v4",
        "getrandom",
    ];
    let seen = house.found_in("crates/domain/src/", &worldly);
    assert!(seen.is_empty(), "pass it in instead: {seen:#?}");
    let allowed: BTreeSet<&str> =
        ["serde", "serde_json", "toml", "uuid", "chrono", "thiserror", "ts-rs", "sha2", "hex"].into();
    let other: Vec<&String> =
        house.dependencies("nonghuan-domain").iter().filter(|name| !allowed.contains(name.as_str())).collect();
    assert!(other.is_empty(), "domain stands on values only: {other:?}");
}

/// Arrows run one way, so that any room can be understood without those above it.
#[test]
fn crates_depend_only_on_the_rooms_below_them() {
    let may: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("nonghuan-domain", &[] as &[&str]),
        ("nonghuan-store", &["nonghuan-domain"]),
        ("nonghuan-sync", &["nonghuan-domain", "nonghuan-store"]),
        ("nonghuan-bag", &["nonghuan-domain"]),
        ("nonghuan-package", &["nonghuan-domain"]),
        ("nonghuan-sheet", &["nonghuan-domain"]),
        ("nonghuan-photo", &["nonghuan-domain"]),
        ("nonghuan-handover", &[]),
        ("nonghuan-release", &[]),
        (
            "nonghuan-app",
            &[
                "nonghuan-handover",
                "nonghuan-domain",
                "nonghuan-store",
                "nonghuan-sync",
                "nonghuan-bag",
                "nonghuan-package",
                "nonghuan-sheet",
                "nonghuan-photo",
                "nonghuan-release",
            ],
        ),
        ("nonghuan-district", &["nonghuan-bag", "nonghuan-domain", "nonghuan-release", "nonghuan-sync"]),
        ("nonghuan-cli", &["nonghuan-app"]),
        ("nonghuan-desktop", &["nonghuan-app"]),
        ("nonghuan-bare-window", &[]),
        ("nonghuan-browser-window", &["nonghuan-desktop"]),
        ("nonghuan-tests", &[]),
        ("nonghuan-simulation", &["nonghuan-domain", "nonghuan-store", "nonghuan-sync", "nonghuan-district"]),
        (
            "nonghuan-hostile",
            &[
                "nonghuan-domain",
                "nonghuan-store",
                "nonghuan-sync",
                "nonghuan-sheet",
                "nonghuan-photo",
                "nonghuan-district",
            ],
        ),
        ("xtask", &["nonghuan-release", "nonghuan-tests"]),
    ]);
    let house = House::read();
    for member in house.members() {
        let allowed = may.get(member.as_str()).unwrap_or_else(|| panic!("{member} has no place in the map yet"));
        let wrong: Vec<&String> = house
            .dependencies(member)
            .iter()
            .filter(|name| may.contains_key(name.as_str()) && !allowed.contains(&name.as_str()))
            .collect();
        assert!(wrong.is_empty(), "{member} may not depend on {wrong:?}");
    }
}

/// SQL in one room for each side: a table can change without a search through the house.
#[test]
fn only_store_and_district_speak_sql() {
    let house = House::read();
    let sql = ["SELECT ", "INSERT INTO", "CREATE TABLE", "DELETE FROM"];
    let seen: Vec<String> = house
        .found_in("", &sql)
        .into_iter()
        .filter(|place| {
            // A test or benchmark may look into a database to see what a program left there.
            let free = ["crates/store/", "crates/district/", "tests/"];
            !free.iter().any(|room| place.starts_with(room))
        })
        .collect();
    assert!(seen.is_empty(), "ask `store` or `district` for it: {seen:#?}");
}

/// Tauri can be left without rewriting what people do.
#[test]
fn only_the_shell_knows_tauri() {
    let house = House::read();
    // The bare window is what the shell is measured against, and is nothing but Tauri; the
    // browser's gives the shell's commands to a page, through Tauri's own stand-in for a window.
    let shells = ["nonghuan-desktop", "nonghuan-bare-window", "nonghuan-browser-window"];
    for member in house.members().filter(|member| !shells.contains(&member.as_str())) {
        let tauri: Vec<&String> = house.dependencies(member).iter().filter(|name| name.starts_with("tauri")).collect();
        assert!(tauri.is_empty(), "{member} depends on {tauri:?}");
    }
}

/// One door to the host: the same pages can run in a browser.
#[test]
fn only_the_backend_folder_imports_tauri() {
    let house = House::read();
    let seen: Vec<&str> = [".ts", ".vue"]
        .into_iter()
        .flat_map(|end| house.files(end))
        .filter(|file| file.path.starts_with("ui/") && !file.path.starts_with("ui/src/backend/"))
        .filter(|file| file.text.contains("@tauri-apps/"))
        .map(|file| file.path.as_str())
        .collect();
    assert!(seen.is_empty(), "go through ui/src/backend: {seen:?}");
}

/// A test that does not run is a promise nobody keeps.
#[test]
fn nothing_is_left_out_or_left_for_later() {
    let house = House::read();
    // Put together here, so that this file does not find itself.
    let marks: Vec<String> =
        [("#[ign", "ore"), ("to", "do!("), ("unimple", "mented!(")].map(|(a, b)| format!("{a}{b}")).into();
    let marks: Vec<&str> = marks.iter().map(String::as_str).collect();
    let seen = house.found_in("", &marks);
    assert!(seen.is_empty(), "finish it or take it out: {seen:#?}");
    let skips = ["it.skip(", "test.skip(", "describe.skip(", "it.only(", "test.only(", "describe.only(", "it.todo("];
    for file in house.files(".ts") {
        let seen: Vec<&&str> = skips.iter().filter(|skip| file.text.contains(**skip)).collect();
        assert!(seen.is_empty(), "{}: {seen:?}", file.path);
    }
}

/// What is true on one machine only is wrong on the next.
#[test]
fn no_path_of_one_machine_is_written_down() {
    let house = House::read();
    let roots: Vec<String> = ["work", "root", "tmp", "home"].map(|root| format!("/{root}/")).into();
    let mut seen = Vec::new();
    for file in house.all().filter(|file| !file.path.ends_with("lock.json") && !file.path.ends_with(".lock")) {
        for (number, line) in file.text.lines().enumerate() {
            if roots.iter().any(|root| absolute(line, root)) {
                seen.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert!(seen.is_empty(), "find it at run time: {seen:#?}");
}

/// Whether `root` stands in `line` as the beginning of a path, and not in the midst of one.
fn absolute(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-~}*/".contains(c)))
    })
}

/// A code without a sentence is shown to an official as a code.
/// Who reads Chinese is promised the same, and told of the same that is missed.
#[test]
fn both_readmes_list_the_same_limits() {
    let house = House::read();
    let rows = |readme: &str, missed: &str| {
        // A row says what, what was measured, and last the limit.
        let rows = house.text(readme).lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() == 2);
        let said = |row: &str| {
            let limit = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
            (limit.matches(|c: char| c.is_ascii_digit() || c == '.').collect::<String>(), row.contains(missed))
        };
        rows.map(said).collect::<Vec<_>>()
    };
    let (english, chinese) = (rows("README.md", "**missed**"), rows("README.zh-CN.md", "**没有达到**"));
    assert!(english.len() > 15, "the limits stand in tables of three columns");
    assert_eq!(english, chinese, "the tables of README.md and README.zh-CN.md say the same, row by row");
}

#[test]
fn every_refusal_has_its_sentence_in_both_languages() {
    let house = House::read();
    let refusals = Refusals::of(
        &house,
        &[
            ("crates/domain/src/refusal.rs", "Refusal"),
            ("crates/sync/src/wire/mod.rs", "WireError"),
            ("crates/sync/src/bundle/error.rs", "BundleError"),
            ("crates/sheet/src/reading.rs", "CellError"),
            ("crates/bag/src/lib.rs", "BagError"),
            ("crates/package/src/lib.rs", "PackageError"),
            ("crates/app/src/error.rs", "Trouble"),
            ("crates/domain/src/programme/problem.rs", "ProgrammeFault"),
            ("crates/domain/src/programme/problem.rs", "AmountProblem"),
        ],
    );
    assert!(refusals.blanks.len() > 40, "the enums were not found: {refusals:?}");
    assert!(refusals.twice.is_empty(), "one code, one meaning: {:?}", refusals.twice);
    let mut wrong = Vec::new();
    for language in ["zh-CN", "en"] {
        let file = format!("crates/app/texts/{language}.json");
        let sentences: BTreeMap<String, String> =
            serde_json::from_str(house.text(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for (code, fields) in &refusals.blanks {
            match sentences.get(code) {
                None => wrong.push(format!("{file}: no sentence for {code}")),
                Some(sentence) => {
                    let strange: Vec<String> = blanks(sentence).difference(fields).cloned().collect();
                    if !strange.is_empty() {
                        wrong.push(format!("{file}: {code} has no field for the blanks {strange:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A reader of either language learns the same.
#[test]
fn both_languages_have_the_same_sentences_with_the_same_blanks() {
    let house = House::read();
    let read = |language: &str| -> BTreeMap<String, String> {
        let text = house.text(&format!("crates/app/texts/{language}.json"));
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{language}.json: {error}"))
    };
    let (chinese, english) = (read("zh-CN"), read("en"));
    let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
    let apart: Vec<_> = keys(&chinese).symmetric_difference(&keys(&english)).cloned().collect();
    assert!(apart.is_empty(), "in one language only: {apart:?}");
    for (code, sentence) in &chinese {
        assert_eq!(blanks(sentence), blanks(&english[code]), "the blanks of {code}");
    }
}

/// The `{name}`s of a sentence.
fn blanks(sentence: &str) -> BTreeSet<String> {
    let parts = sentence.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name.trim().to_string()).collect()
}
