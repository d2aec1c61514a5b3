//! Makes the fixture of the district's database as this program writes it:
//! `cargo run -p nonghuan-district --example fixture`, once for each version,
//! before the next one's migration is written.
//!
//! The real server writes it, asked by laptops over the network. It holds laptops
//! of every reach and one that is shut out, receipts inside and outside the logs,
//! every verdict, a conflict that is open, a submission that waits, a key that
//! was given back, and what a newer peer wrote.

use std::collections::BTreeMap;
use std::path::Path;

use common::{HERE, Laptop, SHARED, THERE, TestDistrict, announced, created, edited, new_id};
use domain::change::Action;
use domain::{Change, Verdict};
use expected::{Expected, Known, MISSING_PHOTO};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::wire::Receipt;

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/fixtures/expected.rs"]
mod expected;

/// A laptop, and what it pushed.
struct Speaker {
    laptop: Laptop,
    pushed: Vec<(Change, Receipt)>,
}

impl Speaker {
    async fn say(&mut self, change: Change, verdict: &str) -> Change {
        let receipt = self.laptop.say(change.clone()).await;
        assert_eq!(receipt.verdict.name(), verdict, "{receipt:?}");
        self.pushed.push((change.clone(), receipt));
        change
    }

    /// A later change of a record.
    async fn go_on(&mut self, of: &Change, seen: u64, actions: Vec<Action>, verdict: &str) -> Change {
        let change = self.laptop.change(of.record, &of.kind, of.scope.as_str(), seen, actions);
        self.say(change, verdict).await
    }
}

fn photo(text: &str) -> (String, Value) {
    let sha256 = hex::encode(Sha256::digest(text));
    let item = json!({"sha256": sha256, "name": "现场.jpg", "bytes": text.len()});
    (sha256, item)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut district = TestDistrict::start();
    let expected = runtime.block_on(fill(&district));
    drop(district.running.take());

    let made = district.data().join("district.sqlite");
    let conn = rusqlite::Connection::open(&made).expect("the server's file");
    conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").expect("one small file");
    let version: u32 =
        conn.query_row("SELECT MAX(version) FROM refinery_schema_history", [], |row| row.get(0)).expect("its version");
    drop(conn);
    let name = |end: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        folder.join(format!("district-v{version}.{end}"))
    };
    assert!(!name("sqlite").exists(), "version {version} is there already; a released one is never made anew");
    std::fs::copy(&made, name("sqlite")).expect("in its place");
    let text = serde_json::to_string_pretty(&expected).expect("JSON");
    std::fs::write(name("json"), text + "\n").expect("written");
}

async fn fill(district: &TestDistrict) -> Expected {
    let mut speakers = Vec::new();
    for (scope, role) in [(HERE, "lead"), (HERE, "clerk"), (THERE, "clerk"), (SHARED, "reviewer"), ("", "admin")] {
        speakers.push(Speaker { laptop: district.enrol(scope, role).await, pushed: Vec::new() });
    }
    let _unused = district.code(HERE, "clerk");
    let Ok([mut lead, mut clerk, mut neighbour, reviewer, mut admin]) = <[Speaker; 5]>::try_from(speakers) else {
        unreachable!("five speakers")
    };

    let township = created("township", &json!({"code": HERE, "name": "黄尖镇"}));
    let township = admin.laptop.change(new_id(), "township", HERE, 0, township);
    admin.say(township, "accepted").await;
    let village = clerk.say(clerk.laptop.village("320902107200", "洋中村"), "accepted").await;
    let gone = clerk.say(clerk.laptop.village("320902107201", "并入他村"), "accepted").await;
    clerk.go_on(&gone, 3, vec![Action::Delete], "accepted").await;
    clerk.say(clerk.laptop.village("320902107201", "新洋村"), "accepted").await;
    clerk.say(clerk.laptop.village("320902107200", "同码村"), "refused").await;
    clerk.go_on(&village, 5, edited("village", &json!({"households": 512})), "accepted").await;
    lead.go_on(&village, 5, edited("village", &json!({"population": 1_800})), "merged").await;
    lead.go_on(&village, 5, edited("village", &json!({"households": 498})), "conflict").await;
    neighbour.say(neighbour.laptop.village("320902106200", "邻镇村"), "accepted").await;
    neighbour.go_on(&village, 0, edited("village", &json!({"name": "占领村"})), "refused").await;
    let seal: Action = serde_json::from_value(json!({"do": "sign", "seal": "红章"})).expect("any action");
    let newer = vec![Action::Create { state: None }, seal];
    clerk.say(clerk.laptop.change(new_id(), "petition", HERE, 0, newer), "accepted").await;

    // One submission that waited and was let pass, and one that waits still.
    let mut waiting = None;
    for (number, (text, category)) in [("工地照片", "sewage"), (MISSING_PHOTO, "waste")].into_iter().enumerate() {
        let (sha256, item) = photo(text);
        let works = json!({"village": village.record, "name": format!("整治{number}期"), "category": category,
            "number": format!("GC-2026-A-00{number}"), "photos": [item]});
        let works = lead.laptop.change(new_id(), "works", HERE, 0, created("works", &works));
        let works = lead.say(works, "accepted").await;
        let application = json!({"name": "洋中村整治", "year": 2026, "programme": "以奖促治",
            "works": [works.record], "requested": 5_000_000, "total": 5_000_000, "own_funds": 0});
        let application = lead.laptop.change(new_id(), "application", HERE, 0, created("application", &application));
        let application = lead.say(application, "accepted").await;
        for step in announced(&lead.laptop, &application) {
            lead.say(step, "accepted").await;
        }
        for (state, verdict) in
            [("village_notice", "accepted"), ("township_review", "accepted"), ("reported", "waiting")]
        {
            let step = Action::Move { to: state.to_owned(), remark: None };
            waiting = Some(lead.go_on(&application, 8, vec![step], verdict).await);
        }
        if text != MISSING_PHOTO {
            lead.laptop.put(&sha256, text.as_bytes()).await.expect("the photo");
        }
    }

    let mut logs = BTreeMap::new();
    for scope in [HERE, THERE, SHARED] {
        logs.insert(scope.to_owned(), admin.laptop.whole_log(scope).await);
    }
    assert!(logs[HERE].iter().any(|entry| entry.verdict == Verdict::Merged), "a little of everything");
    district.district().revoke(&reviewer.laptop.enrolled.device.to_string()).expect("shut out");
    let mut records = BTreeMap::new();
    for kind in ["township", "village", "works", "application", "petition"] {
        let listed = district.district().list(kind, None, 0).expect("a list").records;
        let values = listed.iter().map(|record| serde_json::to_value(record).expect("JSON")).collect();
        records.insert(kind.to_owned(), values);
    }
    let laptops = [(lead, false), (clerk, false), (neighbour, false), (reviewer, true), (admin, false)];
    let laptops = laptops.map(|(Speaker { laptop, pushed }, revoked)| Known {
        device: laptop.enrolled.device,
        letter: laptop.enrolled.letter.clone(),
        token: laptop.enrolled.token.clone(),
        revoked,
        pushed,
    });
    Expected { laptops: laptops.into(), logs, records, waiting: waiting.expect("the second submission") }
}
