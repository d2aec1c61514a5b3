//! Two servers on one PostgreSQL serve one district: no log has a gap or a
//! change twice, however the laptops' turns meet.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use district::{Config, Running, Server};
use domain::change::Action;
use domain::log::CHAIN_START;
use domain::page::What;
use domain::{Change, LogEntry, Verdict};
use serde_json::json;
use sha2::{Digest, Sha256};
use sync::wire::{Part, is_sealed};

use crate::common::{HERE, Laptop, SHARED, THERE, TestDistrict, announced, code_of, created, new_id, refusal, scope};

/// How many turns every laptop takes, and with how many changes each.
const TURNS: usize = 12;
const CHANGES: usize = 4;

/// A district, and a second server on the same database.
struct Pair {
    district: TestDistrict,
    second: Running,
}

impl Pair {
    fn start() -> Self {
        let district = TestDistrict::start();
        let config = Config { location: district.location(), listen: "127.0.0.1:0".parse().expect("an address") };
        let second = Server::start(&config).expect("a second server");
        Self { district, second }
    }

    fn bases(&self) -> [String; 2] {
        [self.district.running().url(), self.second.url()]
    }

    async fn laptop(&self, scope: &str, role: &str) -> Laptop {
        let mut laptop = self.district.enrol(scope, role).await;
        laptop.base = self.bases()[0].clone();
        laptop
    }
}

/// The same laptop, calling the other server.
fn at(laptop: &Laptop, base: &str) -> Laptop {
    Laptop {
        client: laptop.client.clone(),
        base: base.to_owned(),
        key: laptop.key.clone(),
        district: laptop.district,
        enrolled: laptop.enrolled.clone(),
        counter: laptop.counter.load(Ordering::SeqCst).into(),
    }
}

/// Reads a log page by page from both servers in turn, until `end` is set and
/// everything is read, and lets no gap pass.
async fn follow(laptop: Laptop, bases: [String; 2], scope_text: &'static str, end: Arc<AtomicBool>) -> Vec<LogEntry> {
    let servers = bases.map(|base| at(&laptop, &base));
    let (mut entries, mut hash): (Vec<LogEntry>, String) = (Vec::new(), CHAIN_START.to_owned());
    for server in servers.iter().cycle() {
        let ending = end.load(Ordering::SeqCst);
        let seq = u64::try_from(entries.len()).expect("a short log");
        let news = server.news(scope_text, seq, &hash).await.expect("an answer");
        match news.map(|news| news.part) {
            Some(Part::Log(page)) => {
                assert_eq!((page.after, &page.before), (seq, &hash), "the page follows what was read");
                for (told, seq) in page.entries.into_iter().zip(seq + 1..) {
                    let What::Change(change) = told.what else { panic!("a body for each entry") };
                    let entry = LogEntry::chained(&hash, seq, *change, told.verdict, told.skew);
                    hash.clone_from(&entry.hash);
                    entries.push(entry);
                }
                let end = u64::try_from(entries.len()).expect("a short log");
                assert_eq!(hash, page.hash, "the chain of {scope_text} holds up to {end}");
                assert!(is_sealed(&laptop.district, &scope(scope_text), end, &hash, &page.seal), "the district's word");
            }
            None | Some(Part::Nothing) if ending => break,
            None | Some(Part::Nothing) => tokio::task::yield_now().await,
            other => panic!("{scope_text} after {seq}: {other:?}"),
        }
    }
    entries
}

/// The changes that a laptop sends, four at a time: a village, and edits of it.
fn turns(laptop: &Laptop, scope_text: &str, number: usize) -> Vec<Vec<Change>> {
    (0..TURNS)
        .map(|turn| {
            let village = laptop.village(&format!("{scope_text}{number}{turn:02}"), "洋中村");
            let edit = |n: usize| laptop.set(&village, 0, &json!({"households": n}));
            let edits: Vec<Change> = (1..CHANGES).map(edit).collect();
            [vec![village.clone()], edits].concat()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_that_meet_give_one_order_that_a_reader_sees_without_a_gap() {
    let pair = Pair::start();
    let bases = pair.bases();
    let end = Arc::new(AtomicBool::new(false));
    let mut readers = Vec::new();
    for scope_text in [HERE, THERE] {
        let reader = pair.laptop(scope_text, "reader").await;
        readers.push(tokio::spawn(follow(reader, bases.clone(), scope_text, Arc::clone(&end))));
    }
    let mut writers = Vec::new();
    for (number, scope_text) in [HERE, HERE, HERE, THERE, THERE].into_iter().enumerate() {
        let laptop = pair.laptop(scope_text, "clerk").await;
        let turns = turns(&laptop, scope_text, number + 2);
        let bases = bases.clone();
        writers.push(tokio::spawn(async move {
            for (turn, changes) in turns.iter().enumerate() {
                // The answer is late, so the laptop says it again, to the other server.
                let [one, other] = [0, 1].map(|n| at(&laptop, &bases[(number + turn + n) % 2]));
                let (first, again) = tokio::join!(one.push(changes), other.push(changes));
                let (first, again) = (first.expect("an answer"), again.expect("the same answer"));
                assert!(first.stopped.is_none() && again.stopped.is_none(), "{first:?} {again:?}");
                let words = |answer: &sync::wire::Answer| json!(answer.receipts);
                assert_eq!(words(&first), words(&again), "one change, one word");
                let sent = u64::try_from((turn + 1) * CHANGES).expect("a few");
                assert_eq!((first.next_counter, again.next_counter), (sent + 1, sent + 1), "the counter is dense");
            }
            turns.concat()
        }));
    }
    let mut sent: Vec<Change> = Vec::new();
    for writer in writers {
        sent.extend(writer.await.expect("a laptop that was answered"));
    }
    end.store(true, Ordering::SeqCst);
    for (reader, scope_text) in readers.into_iter().zip([HERE, THERE]) {
        let log = reader.await.expect("a reader that saw no gap");
        let told: Vec<_> = log.iter().map(|entry| entry.change.id).collect();
        let due: BTreeSet<_> = sent.iter().filter(|c| c.scope == scope(scope_text)).map(|c| c.id).collect();
        assert_eq!(told.len(), due.len(), "nothing twice in {scope_text}");
        assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), due, "and nothing lost");
        assert!(log.iter().all(|entry| entry.verdict == Verdict::Accepted), "nobody collides with himself");
    }
    let scratch = pair.district.scratch.as_ref().expect("on PostgreSQL");
    let heads = scratch.number("SELECT sum(seq)::BIGINT FROM scope_head");
    assert_eq!(heads, scratch.number("SELECT count(*) FROM log"), "each place is given once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_given_once_also_when_two_townships_ask_for_it_at_once() {
    let pair = Pair::start();
    let bases = pair.bases();
    let mut laptops = Vec::new();
    for (scope_text, base) in [(HERE, &bases[0]), (THERE, &bases[1])] {
        let laptop = at(&pair.laptop(scope_text, "clerk").await, base);
        let village = laptop.village(&format!("{scope_text}200"), "洋中村");
        assert_eq!(laptop.say(village.clone()).await.verdict, Verdict::Accepted);
        laptops.push((laptop, scope_text, village.record));
    }
    for n in 0..20 {
        let claims = laptops.iter().map(|(laptop, scope_text, village)| {
            let works =
                json!({"number": format!("GC-2026-{n}"), "village": village, "name": "污水管网", "category": "sewage"});
            laptop.say(laptop.change(new_id(), "works", scope_text, 0, created("works", &works)))
        });
        let words = futures_util::future::join_all(claims).await;
        let won = words.iter().filter(|word| word.verdict == Verdict::Accepted).count();
        assert_eq!(won, 1, "GC-2026-{n}: {words:?}");
        let lost = words.iter().find(|word| word.verdict != Verdict::Accepted).expect("one of two");
        assert_eq!(refusal(&lost.verdict)["code"], "duplicate");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_that_meets_its_last_photo_on_the_way_does_not_wait_for_ever() {
    let pair = Pair::start();
    let bases = pair.bases();
    let (here, there) = (pair.laptop(HERE, "lead").await, pair.laptop(THERE, "lead").await);
    for round in 0..12 {
        let bytes = format!("公示照片 {round}");
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let file = json!({"sha256": sha256, "name": "公示.jpg", "bytes": bytes.len()});
        // The photo is the application's own, or that of a works in the neighbouring
        // township, whose log the submission does not touch.
        let (own, photos) = if round % 2 == 0 { (json!([file]), json!([])) } else { (json!([]), json!([file])) };
        let village = there.village(&format!("{THERE}{:03}", 200 + round), "邻村");
        let works = json!({"village": village.record, "name": "污水管网", "category": "sewage", "photos": photos});
        let works = there.change(new_id(), "works", THERE, 0, created("works", &works));
        let application = json!({
            "name": format!("第{round}批"), "year": 2026, "programme": "以奖促治", "works": [works.record],
            "requested": 5_000_000, "total": 5_000_000, "own_funds": 0, "files": own,
        });
        let application = here.change(new_id(), "application", HERE, 0, created("application", &application));
        let record = application.record;
        let to = |state: &str| {
            let actions = vec![Action::Move { to: state.to_owned(), remark: None }];
            here.change(record, "application", HERE, 0, actions)
        };
        let told = there.push(&[village, works]).await.expect("an answer");
        assert!(told.receipts.iter().all(|word| word.verdict == Verdict::Accepted), "{:?}", told.receipts);
        let [notice, posted] = announced(&here, &application);
        let all = [application, notice, posted, to("village_notice"), to("township_review")];
        let told = here.push(&all).await.expect("an answer");
        assert!(told.receipts.iter().all(|word| word.verdict == Verdict::Accepted), "{:?}", told.receipts);

        let sender = at(if round % 2 == 0 { &here } else { &there }, &bases[1]);
        let (word, sent) = tokio::join!(here.say(to("reported")), sender.put(&sha256, bytes.as_bytes()));
        sent.expect("the photo is there");
        assert!(matches!(word.verdict, Verdict::Accepted | Verdict::Waiting { .. }), "{word:?}");
        let shown = pair.district.district().show(&record.to_string()).expect("the application");
        assert_eq!(shown.state.as_deref(), Some("reported"), "round {round}: nothing is left to wait for");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_lets_one_laptop_in_also_at_two_servers_at_once() {
    let pair = Pair::start();
    for round in 1..=8 {
        let code = pair.district.code(SHARED, "reviewer");
        let addresses = [pair.district.running().address, pair.second.address];
        let codes = addresses.map(|address| {
            let mut code = code.clone();
            code.address = address.to_string();
            code
        });
        let (one, other) = tokio::join!(Laptop::enrol(&codes[0]), Laptop::enrol(&codes[1]));
        let (let_in, refused) = if one.is_ok() { (one, other) } else { (other, one) };
        let laptop = let_in.expect("one of the two is let in");
        assert_eq!(code_of(refused), "codeUsed", "one code, one laptop");
        let scratch = pair.district.scratch.as_ref().expect("on PostgreSQL");
        assert_eq!(scratch.number("SELECT count(*) FROM device"), round, "no letter is left out or given twice");
        assert_eq!(scratch.number("SELECT max(number) FROM device"), round);
        drop(laptop);
    }
}
