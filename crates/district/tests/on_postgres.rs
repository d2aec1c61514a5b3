//! The same tests once more, with the district's database on PostgreSQL.

#![allow(clippy::duplicate_mod, reason = "each file brings the laptops that it needs, here as on its own")]

mod common;

#[path = "attachments.rs"]
mod attachments;
#[path = "enrolment.rs"]
mod enrolment;
#[path = "exchange.rs"]
mod exchange;
#[path = "hostile.rs"]
mod hostile;
#[path = "kept_files.rs"]
mod kept_files;
#[path = "places.rs"]
mod places;
#[path = "standing.rs"]
mod standing;
#[path = "terminal.rs"]
mod terminal;
#[path = "tus_js_client.rs"]
mod tus_js_client;
#[path = "uploads.rs"]
mod uploads;
#[path = "versions.rs"]
mod versions;

#[path = "postgres/broken.rs"]
mod broken;
#[path = "postgres/meeting.rs"]
mod meeting;
#[path = "postgres/two_servers.rs"]
mod two_servers;

/// A file of tests that runs on SQLite alone would say nothing of the other half.
#[test]
fn every_file_of_tests_runs_here_too() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in std::fs::read_dir(here).expect("this folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
        let is_one = name.ends_with(".rs") && name != "on_postgres.rs";
        assert!(!is_one || include_str!("on_postgres.rs").contains(&format!("\"{name}\"")), "{name} is missing here");
    }
}
