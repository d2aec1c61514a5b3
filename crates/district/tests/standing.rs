//! How laptops and district stand to each other over time: who listens, who
//! holds what, what an audit says, and what a restored district is given back.

mod common;

use common::{HERE, Laptop, SHARED, THERE, TestDistrict, code_of, scope};
use domain::{Change, LogEntry, Writer};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::json;
use sync::wire::{Cursor, Message, Part, Returned, seal_log};

/// A laptop that listens.
struct Ear(std::pin::Pin<Box<dyn futures_util::Stream<Item = Vec<u8>> + Send>>);

impl Ear {
    async fn of(laptop: &Laptop) -> Self {
        let request = laptop.client.request(Method::GET, format!("{}/v1/events", laptop.base));
        let response = request.bearer_auth(&laptop.enrolled.token).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        let bytes = response.bytes_stream().map(|chunk| chunk.map(|chunk| chunk.to_vec()).unwrap_or_default());
        let mut ear = Self(Box::pin(bytes));
        assert!(ear.hears().await, "whoever begins to listen may have missed something");
        ear
    }

    /// Whether news comes; not when the district lets go.
    async fn hears(&mut self) -> bool {
        while let Some(chunk) = self.0.next().await {
            if String::from_utf8_lossy(&chunk).contains("event: news") {
                return true;
            }
        }
        false
    }
}

#[tokio::test]
async fn who_listens_hears_within_a_second_and_only_of_its_own_scopes() {
    let district = TestDistrict::start();
    let (writer, neighbour) = (district.enrol(HERE, "clerk").await, district.enrol(THERE, "clerk").await);
    let (mut here, mut there) = (Ear::of(&writer).await, Ear::of(&neighbour).await);
    let second = std::time::Duration::from_secs(1);

    let village = writer.village("320902107200", "洋中村");
    writer.say(village.clone()).await;
    tokio::time::timeout(second, here.hears()).await.expect("news within a second");
    let of_its_own = neighbour.village("320902106200", "邻镇村");
    let (word, first) = tokio::join!(neighbour.say(of_its_own), tokio::time::timeout(second * 5, there.hears()));
    assert!(first.expect("news of its own") && word.seq == Some(1));
    let again = tokio::time::timeout(second * 2, there.hears()).await;
    assert!(again.is_err(), "one event for its own change, and none for its neighbour's before it");

    // What a command at the terminal writes is news as well: another process, one database.
    let file = district.folder.path().join("places.csv");
    let list = "code,name,parent,level,kind
320902107000,黄尖镇,320902000000,4,镇
320902107300,新村村委会,320902107000,5,村委会
";
    std::fs::write(&file, list).expect("a list");
    let beside = district::District::open(&district.location()).expect("opened a second time");
    beside.load_places(&file, "admin").expect("loaded");
    tokio::time::timeout(second, here.hears()).await.expect("whoever wrote it");

    district.district().revoke(&writer.enrolled.device.to_string()).expect("revoked");
    assert!(!here.hears().await, "who is shut out hears no more");
}

#[tokio::test]
async fn a_township_granted_is_open_at_once_and_one_withdrawn_is_closed() {
    let district = TestDistrict::start();
    let (laptop, there) = (district.enrol(HERE, "clerk").await, district.enrol(THERE, "clerk").await);
    there.say(there.village("320902106200", "邻镇村")).await;
    let id = laptop.enrolled.device.to_string();
    let granted = district.district().reach(&id, &[scope(THERE)], &[]).expect("granted");
    assert_eq!(granted.scopes, [scope(SHARED), scope(THERE), scope(HERE)]);
    assert_eq!(laptop.whole_log(THERE).await.len(), 1, "its past came with it");

    district.district().reach(&id, &[], &[scope(HERE)]).expect("withdrawn");
    assert_eq!(laptop.news(HERE, 0, "").await.expect("an answer"), None);
    let word = laptop.say(laptop.village("320902107200", "洋中村")).await;
    assert_eq!(common::refusal(&word.verdict)["code"], "outsideScope", "what is pending there gets its verdict");
    let empty = district.district().reach(&id, &[], &[scope(THERE)]);
    assert!(empty.is_err(), "a laptop that holds nothing is revoked, not emptied");
}

/// Three villages by one laptop, and their log.
async fn three(district: &TestDistrict) -> (Laptop, Vec<LogEntry>) {
    let laptop = district.enrol(HERE, "clerk").await;
    for (code, name) in [("320902107200", "洋中村"), ("320902107201", "新洋村"), ("320902107202", "和睦村")] {
        laptop.say(laptop.village(code, name)).await;
    }
    let log = laptop.whole_log(HERE).await;
    (laptop, log)
}

/// What the database is when it comes back from a backup: the log of [`HERE`] ends after its first entry.
fn restore(district: &TestDistrict, log: &[LogEntry]) {
    let first = domain::log::replay(None, &log[0]).expect("accepted").expect("a record");
    district.execute(&format!(
        "DELETE FROM receipt WHERE change IN (SELECT change FROM log WHERE scope = '{HERE}' AND seq > 1);
         DELETE FROM record WHERE scope = '{HERE}' AND id <> '{}';
         UPDATE record SET told = 1, packed = NULL, body = '{}' WHERE scope = '{HERE}';
         DELETE FROM log WHERE scope = '{HERE}' AND seq > 1;
         UPDATE scope_head SET seq = 1, hash = '{}' WHERE scope = '{HERE}';",
        first.id,
        serde_json::to_string(&first).expect("JSON"),
        log[0].hash
    ));
}

fn knows(log: &[LogEntry]) -> Cursor {
    let last = log.last().expect("entries");
    Cursor { seq: last.seq, hash: last.hash.clone(), ..Cursor::beginning(&scope(HERE)) }
}

fn returned(district: &TestDistrict, log: &[LogEntry], after: usize) -> Returned {
    let last = log.last().expect("entries");
    let key = std::fs::read_to_string(district.data().join("signing-key")).expect("the district's key");
    let mut bytes = [0; 32];
    hex::decode_to_slice(key.trim(), &mut bytes).expect("hex");
    let key = ed25519_dalek::SigningKey::from_bytes(&bytes);
    let before = after.checked_sub(1).map_or(String::new(), |before| log[before].hash.clone());
    let seal = seal_log(&key, &scope(HERE), last.seq, &last.hash);
    Returned { scope: scope(HERE), before, entries: log[after..].to_vec(), seal }
}

fn part(answer: &sync::wire::Answer) -> &Part {
    &answer.scopes.iter().find(|news| news.scope == scope(HERE)).expect("its scope").part
}

#[tokio::test]
async fn a_restored_district_is_given_back_its_entries_in_their_places() {
    let district = TestDistrict::start();
    let (laptop, log) = three(&district).await;
    restore(&district, &log);

    let told = Message { cursors: vec![knows(&log)], ..laptop.message(&[laptop.village("320902107203", "四村")]) };
    let answer = laptop.exchange(&told).await.expect("an answer");
    let end = Part::Lost { seq: 1, hash: log[0].hash.clone() };
    assert_eq!(part(&answer), &end, "it says where its log ends");
    assert!(answer.receipts.is_empty(), "and takes nothing new that has seen what is not there");

    let back = Message { returned: vec![returned(&district, &log, 1)], changes: Vec::new(), ..told.clone() };
    assert_eq!(part(&laptop.exchange(&back).await.expect("an answer")), &Part::Nothing, "now both know the same");
    assert_eq!(laptop.whole_log(HERE).await, log, "as it was, hash by hash");
    let word = laptop.exchange(&told).await.expect("an answer").receipts;
    assert_eq!(word[0].seq, Some(4), "and it goes on from there");
    assert!(district.district().audit(&mut |_| {}).expect("an audit").ok);
}

#[tokio::test]
async fn what_a_parted_log_had_is_entered_anew_once_and_overwrites_nothing() {
    let district = TestDistrict::start();
    let (laptop, mut log) = three(&district).await;
    let first = &log[0].change.clone();
    laptop.say(laptop.set(first, 3, &json!({"households": 512}))).await;
    log = laptop.whole_log(HERE).await;
    restore(&district, &log);
    // Another laptop writes before the first one comes.
    let other = district.enrol(HERE, "lead").await;
    let rival = other.set(first, 1, &json!({"households": 300}));
    assert_eq!(other.say(rival).await.seq, Some(2));

    let back = Message { cursors: vec![knows(&log)], ..laptop.message(&[]) };
    let answer = laptop.exchange(&back).await.expect("an answer");
    assert!(
        matches!(part(&answer), Part::Lost { seq: 2, hash } if *hash != log[1].hash),
        "by the hash the laptop sees that its own entry there is lost as well"
    );
    let back = Message { returned: vec![returned(&district, &log, 2)], ..back };
    let answer = laptop.exchange(&back).await.expect("an answer");
    assert!(matches!(part(&answer), Part::Lost { seq: 0, .. }), "nothing in common there: further back");
    let back = Message { returned: vec![returned(&district, &log, 0)], ..back };
    assert_eq!(part(&laptop.exchange(&back).await.expect("an answer")), &Part::Anew { common: 1 });
    assert_eq!(laptop.exchange(&back).await.expect("twice").scopes.len(), 2, "twice does no harm");

    let now = laptop.whole_log(HERE).await;
    let mut ids: Vec<_> = now.iter().map(|entry| entry.change.id).collect();
    assert_eq!(ids.len(), 5, "four of the old log and the rival");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5, "each once");
    let shown = district.district().show(&first.record.to_string()).expect("the record");
    assert_eq!(shown.fields["households"], 300, "what stands stays");
    assert_eq!(shown.conflicts[0].parked.values["households"], 512, "and the other value beside it, for a person");
    assert!(district.district().audit(&mut |_| {}).expect("an audit").ok);
}

#[tokio::test]
async fn nobody_gives_back_what_the_district_never_sealed() {
    let district = TestDistrict::start();
    let (laptop, log) = three(&district).await;
    restore(&district, &log);
    let told = |returned| Message { cursors: vec![knows(&log)], returned: vec![returned], ..laptop.message(&[]) };
    let honest = returned(&district, &log, 1);
    let mut altered = honest.clone();
    altered.entries[1].change.author.push('x');
    assert_eq!(code_of(laptop.exchange(&told(altered)).await), "badRequest", "an altered entry");
    let mut invented = honest.clone();
    let change = Change { writer: Writer { incarnation: 9, ..log[2].change.writer }, ..log[2].change.clone() };
    invented.entries[1] = LogEntry::chained(&log[1].hash, 3, change, log[2].verdict.clone(), None);
    assert_eq!(code_of(laptop.exchange(&told(invented)).await), "badRequest", "well chained, and not sealed");
    let unsealed = Returned { seal: "00".repeat(64), ..honest };
    assert_eq!(code_of(laptop.exchange(&told(unsealed)).await), "badRequest", "no seal at all");
    let head = laptop.news(HERE, 1, &log[0].hash).await.expect("an answer").expect("its scope").head;
    assert_eq!(head, 1, "nothing of it was taken");
}

#[tokio::test]
async fn an_audit_names_the_first_thing_that_does_not_hold() {
    let district = TestDistrict::start();
    let (_, log) = three(&district).await;
    let audit = |district: &TestDistrict| district.district().audit(&mut |_| {}).expect("an audit");
    let whole = audit(&district);
    assert!(whole.ok && whole.broken.is_empty());
    let here = whole.scopes.iter().find(|audited| audited.scope == scope(HERE)).expect("its scope");
    assert_eq!((here.entries, &here.hash), (3, &log[2].hash));

    let fault = |district: &TestDistrict| {
        let audit = audit(district);
        assert!(!audit.ok);
        serde_json::to_value(&audit.broken[0]).expect("JSON")
    };
    district.execute(&format!(
        "UPDATE receipt SET body = replace(body, '\"seq\":2', '\"seq\":7') WHERE change = '{}'",
        log[1].change.id
    ));
    let found = fault(&district);
    assert_eq!((&found["code"], &found["seq"]), (&json!("receiptDiffers"), &json!(2)));
    district.execute(&format!("UPDATE log SET seq = 9 WHERE scope = '{HERE}' AND seq = 2"));
    let found = fault(&district);
    assert_eq!((&found["code"], &found["seq"], &found["scope"]), (&json!("chainBroken"), &json!(3), &json!(HERE)));
}
