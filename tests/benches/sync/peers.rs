//! The same edits by others' programs, in the same run, so that the floor itself
//! can be judged. Needs Node, and what `npm ci` installs beside the script.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::{Action, Catalog, Fields};
use nonghuan_tests::clone_folder;
use serde_json::{Value, json};

use crate::sample;

/// What one peer took.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) times: Vec<Duration>,
}

/// PouchDB: the same records and edits, in the same order. None where it is not installed.
pub(crate) fn pouchdb(folder: &Path, edits: u64, rounds: u64) -> Option<Peer> {
    let home = clone_folder().join("tests/peers/pouchdb");
    if !home.join("node_modules").exists() {
        println!("    PouchDB is not installed: `npm ci` in tests/peers/pouchdb");
        return None;
    }
    let catalog = Catalog::shipped();
    let records: Vec<Fields> = (0..edits).map(sample::works).collect();
    let round = |round: u64| -> Vec<Value> {
        let order = sample::Chance::new(round).shuffled(edits);
        let numbered = (edits * (round + 1)..).zip(order);
        numbered.map(|(n, which)| json!([which, written(&sample::edit(&catalog, n))])).collect()
    };
    let task = json!({ "records": records, "rounds": (0..=rounds).map(round).collect::<Vec<_>>() });
    std::fs::create_dir_all(folder).expect("a folder for the peer");
    let mut command = Command::new("node");
    command.arg(home.join("edits.js")).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = command.spawn().ok()?;
    let mut pipe = node.stdin.take().expect("a pipe");
    pipe.write_all(task.to_string().as_bytes()).expect("it listens");
    drop(pipe);
    let done = node.wait_with_output().expect("it ends");
    assert!(done.status.success(), "the peer ended with {}", done.status);
    let times: Vec<f64> = serde_json::from_slice(&done.stdout).expect("its times");
    // The first round warms it up, as with the others.
    let times = times.into_iter().skip(1).map(|time| Duration::from_secs_f64(time / 1e3)).collect();
    Some(Peer { name: "PouchDB (express-pouchdb, leveldb)", times })
}

/// The fields that these actions write.
fn written(actions: &[Action]) -> Fields {
    let values = actions.iter().filter_map(|action| match action {
        Action::Write { values, .. } => Some(values.clone()),
        _ => None,
    });
    values.flatten().collect()
}
