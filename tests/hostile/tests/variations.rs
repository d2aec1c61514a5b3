//! Every target over its committed examples and variations of them, always the
//! same ones: what a fuzzer has found stays found.

use std::path::{Path, PathBuf};

use hostile::TARGETS;
use hostile::vary::Dice;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn examples(target: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder().join("corpus").join(target))
        .expect("every target has examples")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("an example")).collect()
}

/// How many variations are tried of so many: all, or a share in per cent that was asked for.
fn share(all: usize) -> usize {
    let percent = std::env::var("NONGHUAN_HOSTILE_PERCENT").ok().and_then(|text| text.parse::<usize>().ok());
    percent.map_or(all, |percent| all * percent / 100)
}

fn run(name: &str) {
    let (_, one, variations) = TARGETS.into_iter().find(|(target, ..)| *target == name).expect("a target");
    let examples = examples(name);
    assert!(!examples.is_empty(), "{name} has nothing to vary");
    for example in &examples {
        one(example);
    }
    let mut dice = Dice::new(20_260_301);
    for _ in 0..share(variations) {
        let data = dice.variation(&examples);
        if let Err(broken) = std::panic::catch_unwind(|| one(&data)) {
            let file = std::env::temp_dir().join(format!("hostile-{name}"));
            std::fs::write(&file, &data).expect("a file for what broke it");
            let said = broken.downcast_ref::<String>().map(String::as_str).or(broken.downcast_ref::<&str>().copied());
            panic!("{name}: {}; {} belongs into fuzz/corpus/{name}", said.unwrap_or("it broke"), file.display());
        }
    }
}

#[test]
fn nothing_read_in_the_compact_form_does_any_harm() {
    run("compact");
}

#[test]
fn no_envelope_opens_that_nobody_signed_and_none_does_any_harm() {
    run("envelope");
}

#[test]
fn a_laptop_in_wrong_hands_harms_neither_the_district_nor_its_neighbours() {
    run("message");
}

#[test]
fn a_district_that_is_not_itself_harms_no_laptop() {
    run("answer");
}

#[test]
fn no_bundle_does_any_harm() {
    run("bundle");
}

#[test]
fn requests_about_files_in_any_order_do_no_harm() {
    run("tus");
}

#[test]
fn no_table_does_any_harm() {
    run("sheet");
}

#[test]
fn no_template_does_any_harm() {
    run("template");
}

#[test]
fn no_picture_does_any_harm_and_none_says_what_cannot_be() {
    run("photo");
}

#[test]
fn no_boundary_file_does_any_harm() {
    run("boundary");
}

#[test]
fn no_programme_does_any_harm_and_none_pays_what_it_does_not_say() {
    run("programme");
}

/// A target that one runner knows and the other does not would be half tested.
#[test]
fn every_target_can_be_fuzzed() {
    let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).expect("the fuzzers' manifest");
    for (name, ..) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml has no {name}");
        let program = std::fs::read_to_string(folder().join(format!("targets/{name}.rs"))).expect("its program");
        assert!(program.contains(&format!("hostile::{name}::one")), "{name} runs something else");
    }
}
