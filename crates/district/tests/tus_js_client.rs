//! A tus client that we did not write against the district's server, over real
//! TLS: that both sides of our own understand each other proves little.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{HERE, Laptop, TestDistrict};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One file of one laptop, and the foreign client that is to send it.
struct Foreign {
    district: TestDistrict,
    laptop: Laptop,
    bytes: Vec<u8>,
    sha256: String,
}

impl Foreign {
    async fn new(length: usize) -> Self {
        let bytes: Vec<u8> = (0..length).map(|n| u8::try_from((n * 13 + n / 241) % 256).expect("below 256")).collect();
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let district = TestDistrict::start();
        std::fs::write(district.folder.path().join("photo.jpg"), &bytes).expect("written");
        let laptop = district.enrol(HERE, "clerk").await;
        let village = laptop.village("320902107200", "洋中村");
        laptop.say(village.clone()).await;
        let item = json!({"sha256": sha256, "name": "现场.jpg", "bytes": length});
        laptop.say(laptop.set(&village, 1, &json!({"photos": [item]}))).await;
        Self { district, laptop, bytes, sha256 }
    }

    /// What the client asked of the server, and how it ended.
    async fn act(&self, act: &'static str) -> Value {
        let file = |name: &str| self.district.folder.path().join(name);
        let given = json!({
            "endpoint": format!("{}/v1/uploads", self.laptop.base),
            "token": self.laptop.enrolled.token,
            "sha256": self.sha256,
            "file": file("photo.jpg"),
            "memory": file("memory.json"),
        });
        let mut node = Command::new("node");
        node.args(["client.mjs", act, &given.to_string()]).current_dir(client());
        node.env("NODE_EXTRA_CA_CERTS", self.district.data().join("certificate.pem"));
        // Beside this test, which must see what becomes of its own lines meanwhile.
        let done = tokio::task::spawn_blocking(move || node.output().expect("Node.js")).await.expect("no panic");
        let (said, odd) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        serde_json::from_str(&said).unwrap_or_else(|_| panic!("{act} ended without a word: {said}{odd}"))
    }

    async fn is_held(&self) -> bool {
        self.laptop.get(&self.sha256).await.is_ok_and(|bytes| bytes == self.bytes)
    }
}

/// The client's folder, with its packages as the lock file has them.
fn client() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tus");
    let installed = folder.join("node_modules/tus-js-client").is_dir();
    assert!(installed, "`npm ci` in tests/tus first, as `cargo xtask test` does");
    folder
}

#[tokio::test]
async fn it_sends_a_file_and_finds_that_a_second_time_there_is_nothing_to_send() {
    let foreign = Foreign::new(3_000_000).await;
    let sent = foreign.act("whole").await;
    assert_eq!((&sent["asked"], &sent["ended"]), (&json!(["POST", "PATCH 0"]), &json!("success")), "{sent}");
    assert!(foreign.is_held().await);
    let again = foreign.act("whole").await;
    assert_eq!(again["ended"], "success", "{again}");
    let asked = again["asked"].as_array().expect("a list");
    assert_eq!(asked.last(), Some(&json!("HEAD")), "it is told that all of it is here: {again}");
}

#[tokio::test]
async fn it_sends_chunk_by_chunk_the_first_with_the_announcement() {
    let foreign = Foreign::new(600_000).await;
    let sent = foreign.act("chunks").await;
    assert_eq!(sent["asked"], json!(["POST", "PATCH 262144", "PATCH 524288"]), "{sent}");
    assert_eq!(sent["ended"], "success");
    assert!(foreign.is_held().await);
}

#[tokio::test]
async fn cut_off_in_the_middle_it_goes_on_after_the_server_was_restarted() {
    let mut foreign = Foreign::new(40_000_000).await;
    let cut = foreign.act("cut").await;
    assert_eq!(cut["ended"], "cut", "{cut}");
    assert!(!foreign.is_held().await, "half a file is none");
    foreign.district.restart_in_place();
    foreign.laptop.client = common::client(foreign.district.running().fingerprint()); // The old lines are dead.
    let resumed = foreign.act("resume").await;
    assert_eq!(resumed["ended"], "success", "{resumed}");
    let asked: Vec<&str> = resumed["asked"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(asked[0], "HEAD", "it asks where the server stands");
    let at: usize = asked[1].strip_prefix("PATCH ").expect("then it sends on").parse().expect("an offset");
    assert!(at > 0, "and does not begin again: {asked:?}");
    assert!(foreign.is_held().await);
}

#[tokio::test]
async fn it_gives_an_upload_up_and_nothing_of_it_stays() {
    let foreign = Foreign::new(600_000).await;
    let given_up = foreign.act("terminate").await;
    assert_eq!(given_up["ended"], "terminated", "{given_up}");
    assert_eq!(given_up["asked"].as_array().and_then(|asked| asked.last()), Some(&json!("DELETE")), "{given_up}");
    let path = format!("/v1/uploads/{}", foreign.sha256);
    let gone = foreign.laptop.tus(Method::HEAD, &path, &[], "").await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_that_no_record_names_is_refused_with_our_word() {
    let mut foreign = Foreign::new(1_000).await;
    foreign.sha256 = "0".repeat(64);
    let refused = foreign.act("whole").await;
    assert_eq!((&refused["ended"], &refused["status"]), (&json!("error"), &json!(404)), "{refused}");
    assert!(refused["body"].as_str().is_some_and(|body| body.contains("attachmentUnknown")), "{refused}");
}
