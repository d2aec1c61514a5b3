//! The house as the rules look at it: its files as git sees them, its crates as cargo does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use nonghuan_tests::clone_folder;
use serde_json::Value;

/// A file of text.
pub(crate) struct File {
    /// From the top folder, with `/`.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

/// Everything that is committed, or would be.
pub(crate) struct House {
    files: Vec<File>,
    /// Each member with what it depends on, development and build included only for outside crates.
    dependencies: BTreeMap<String, BTreeSet<String>>,
}

impl House {
    pub(crate) fn read() -> Self {
        let top = clone_folder();
        let git = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&top)
            .output()
            .expect("the rules need git");
        assert!(git.status.success(), "the rules need a git checkout");
        let paths = String::from_utf8_lossy(&git.stdout).into_owned();
        // What is no text (photos, spreadsheets) or was just deleted has no lines to look at.
        let read = |path: &str| Some(File { path: path.into(), text: fs::read_to_string(top.join(path)).ok()? });
        let files = paths.split_terminator('\0').filter_map(read).collect();
        Self { files, dependencies: dependencies() }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// The files whose name ends so.
    pub(crate) fn files<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.ends_with(end))
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        let file = self.files.iter().find(|file| file.path == path);
        &file.unwrap_or_else(|| panic!("there is no {path}")).text
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &String> {
        self.dependencies.keys()
    }

    pub(crate) fn dependencies(&self, member: &str) -> &BTreeSet<String> {
        &self.dependencies[member]
    }

    /// Where any of `words` stands in code (comments aside) of the Rust files below `folder`.
    /// The rules themselves, which must name what they forbid, are passed over.
    pub(crate) fn found_in(&self, folder: &str, words: &[&str]) -> Vec<String> {
        let mut seen = Vec::new();
        for file in self.files(".rs").filter(|file| file.path.starts_with(folder)) {
            if file.path.starts_with("tests/tests/house") {
                continue;
            }
            for (number, line) in file.text.lines().enumerate() {
                let code = line.trim();
                if !code.starts_with("//") && words.iter().any(|word| code.contains(word)) {
                    seen.push(format!("{}:{}: {code}", file.path, number + 1));
                }
            }
        }
        seen
    }
}

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(clone_folder())
        .output()
        .expect("the rules need cargo");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo's own JSON");
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_string();
    let mut members = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let normal = package["dependencies"].as_array().expect("dependencies").iter();
        // `kind` is null for what the crate itself is built with; its tests may look wherever they like.
        let normal = normal.filter(|dependency| dependency["kind"].is_null()).map(name).collect();
        members.insert(name(package), normal);
    }
    members
}

/// The codes that cross borders, with the fields that each carries; read from the
/// enums' own source, since a running program cannot list its variants.
#[derive(Debug)]
pub(crate) struct Refusals {
    pub(crate) blanks: BTreeMap<String, BTreeSet<String>>,
    /// Codes that two enums use with different fields.
    pub(crate) twice: Vec<String>,
}

impl Refusals {
    pub(crate) fn of(house: &House, enums: &[(&str, &str)]) -> Self {
        let (mut blanks, mut twice) = (BTreeMap::new(), Vec::new());
        for (path, name) in enums {
            for (variant, fields) in variants(house.text(path), name) {
                match blanks.get(&variant) {
                    Some(other) if *other != fields => twice.push(variant),
                    _ => drop(blanks.insert(variant, fields)),
                }
            }
        }
        Self { blanks, twice }
    }
}

/// The variants of a formatted enum, in camelCase, with their named fields. A variant
/// that wraps another enum `#[serde(untagged)]` or transparently is spelt by that one.
fn variants(source: &str, name: &str) -> Vec<(String, BTreeSet<String>)> {
    let start = source.find(&format!("pub enum {name} {{")).unwrap_or_else(|| panic!("there is no enum {name}"));
    let body = &source[start..];
    let body = &body[..body.find("\n}").expect("the end of the enum")];
    let mut variants: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in body.lines().skip(1).filter(|line| !line.trim().starts_with(['#', '/'])) {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        if indent == 4 && line.starts_with(char::is_uppercase) {
            let end = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
            if line[end..].starts_with('(') {
                continue;
            }
            variants.push((camel(&line[..end]), BTreeSet::new()));
            if let Some((_, fields)) = line.split_once('{') {
                fields.split(',').for_each(|field| add(&mut variants, field));
            }
        } else if indent == 8 {
            add(&mut variants, line);
        }
    }
    variants
}

fn add(variants: &mut [(String, BTreeSet<String>)], field: &str) {
    if let (Some((_, fields)), Some((name, _))) = (variants.last_mut(), field.split_once(':')) {
        fields.insert(name.trim().to_string());
    }
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}
