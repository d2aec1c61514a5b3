//! What only a stranger, a thief or a mistaken program sends, over the real line:
//! each is refused with a code, the log has a line about it, and nothing changes.

mod common;

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use common::{HERE, Laptop, SHARED, TestDistrict, code_of, edited, new_id, scope};
use domain::change::{Action, Change};
use domain::compact::pack;
use ed25519_dalek::Signer;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::wire::{Cursor, FillCursor, MAX_ENVELOPE, Message, open, seal, tus};

/// What the server wrote down, all tests of this program together.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<u8>>>);

impl Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Journal {
    fn open() -> Self {
        static JOURNAL: OnceLock<Journal> = OnceLock::new();
        let begin = || {
            let journal = Journal::default();
            let writer = journal.clone();
            let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
            lines.with_max_level(tracing::Level::WARN).init();
            journal
        };
        JOURNAL.get_or_init(begin).clone()
    }

    /// Whether one line names both.
    fn has(&self, code: &str, device: &str) -> bool {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.lines().any(|line| line.contains(&format!("code=\"{code}\"")) && line.contains(device))
    }
}

/// Everything that may not change: each log to its last hash, each record and receipt held against it.
fn standing(district: &TestDistrict) -> Value {
    let audit = district.district().audit(&mut |_| {}).expect("the logs can be read");
    assert!(audit.ok, "the logs are whole: {:?}", audit.broken);
    let villages = district.district().list("village", None, 0).map(|listed| serde_json::to_value(listed.records));
    json!({"audit": audit, "villages": villages.ok().map(|villages| villages.expect("JSON"))})
}

/// An envelope whose contents were compressed by somebody else than our program.
fn around(laptop: &Laptop, packed: &[u8]) -> Vec<u8> {
    let signer = laptop.enrolled.device;
    let signed = [b"nonghuan envelope 2\n".as_slice(), signer.0.as_bytes(), packed].concat();
    [b"NHE2".as_slice(), signer.0.as_bytes(), &laptop.key.sign(&signed).to_bytes(), packed].concat()
}

async fn post(laptop: &Laptop, envelope: Vec<u8>) -> common::Said<Vec<u8>> {
    laptop.send(Method::POST, "/v1/exchange", envelope).await
}

/// A township with a village in it, and a laptop that made it.
async fn settled() -> (TestDistrict, Laptop) {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    laptop.say(laptop.village("320902107200", "洋中村")).await;
    (district, laptop)
}

#[tokio::test]
async fn a_captured_envelope_said_again_changes_nothing_and_says_nothing_new() {
    let (journal, (district, laptop)) = (Journal::open(), settled().await);
    let other = district.enrol(HERE, "clerk").await;
    let edit = laptop.set(&laptop.village("320902107201", "新洋村"), 1, &json!({"households": 7}));
    let captured = seal(&laptop.key, laptop.enrolled.device, &laptop.message(&[Change { counter: 2, ..edit }]));
    let word = |bytes: Vec<u8>| open::<sync::wire::Answer>(&laptop.district, &bytes).expect("signed by the district");
    let first = word(post(&laptop, captured.clone()).await.expect("an answer"));
    other.say(other.village("320902107202", "和睦村")).await;
    let before = standing(&district);

    let again = word(post(&laptop, captured.clone()).await.expect("the same laptop may ask again"));
    assert_eq!((again.receipts, again.next_counter), (first.receipts, first.next_counter), "the same word on it");
    assert_eq!(code_of(post(&other, captured.clone()).await), "badEnvelope", "another laptop has it from the air");
    let device = other.enrolled.device.to_string();
    assert!(journal.has("badEnvelope", &device), "and the log says which laptop that was");
    let stranger =
        Laptop { enrolled: sync::wire::EnrolReply { token: "guessed".into(), ..other.enrolled.clone() }, ..other };
    assert_eq!(code_of(post(&stranger, captured).await), "deviceUnknown", "and so has somebody who is no laptop");
    assert_eq!(standing(&district), before, "nothing of it changed anything");
}

#[tokio::test]
async fn what_is_wrongly_compressed_is_refused_whoever_signed_it() {
    let (journal, (district, laptop)) = (Journal::open(), settled().await);
    let before = standing(&district);
    let honest = pack(&laptop.message(&[laptop.village("320902107201", "新洋村")]));
    let frame = zstd::encode_all(honest.as_slice(), 3).expect("memory");
    let mut with_dictionary = zstd::bulk::Compressor::with_dictionary(3, &honest).expect("a compressor");
    with_dictionary.include_dictid(true).expect("a parameter");
    let with_dictionary = with_dictionary.compress(&honest).expect("memory");
    // A frame that wants a window of two gigabytes before it says a word.
    let greedy = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
    let mut bent = frame.clone();
    bent[4] ^= 0xff;
    for (what, packed) in [
        ("garbage after the frame", [frame.as_slice(), b"garbage"].concat()),
        ("half a frame", frame[..frame.len() / 2].to_vec()),
        ("a head that says nothing true", bent),
        ("a frame that needs a dictionary", with_dictionary),
        ("a frame with a huge window", greedy.to_vec()),
        ("not compressed at all", honest.clone()),
        ("nothing", Vec::new()),
        ("two messages one after the other", [frame.as_slice(), &frame].concat()),
    ] {
        let answer = post(&laptop, around(&laptop, &packed)).await;
        assert!(answer.is_err(), "{what} is refused");
        let code = code_of(answer);
        assert!(["badEnvelope", "badRequest"].contains(&code.as_str()), "{what}: {code}");
        assert!(journal.has(&code, &laptop.enrolled.device.to_string()), "{what} is in the log");
    }
    assert_eq!(standing(&district), before);
}

#[tokio::test]
async fn what_is_too_large_is_refused_on_the_line_and_after_unpacking() {
    let (journal, (district, laptop)) = (Journal::open(), settled().await);
    let before = standing(&district);
    let bomb = zstd::encode_all(std::io::repeat(b' ').take_all(), 1).expect("memory");
    assert!(bomb.len() < 1 << 20, "a small thing that would become a large one");
    let refused = post(&laptop, around(&laptop, &bomb)).await.expect_err("too large");
    let limit = sync::wire::WireError::RequestTooLarge { limit: MAX_ENVELOPE.to_string() };
    assert_eq!(refused, (StatusCode::PAYLOAD_TOO_LARGE, limit), "after unpacking");
    assert!(journal.has("requestTooLarge", &laptop.enrolled.device.to_string()));
    // A few bytes of the compact form that claim a hundred million rows.
    let claims = [0xb1, 0, 13, 0x80, 0x80, 0x80, 0x80, 0x08, 0];
    let claims = zstd::encode_all(claims.as_slice(), 1).expect("memory");
    assert_eq!(code_of(post(&laptop, around(&laptop, &claims)).await), "badRequest", "what it claims is not made");

    let piece = bytes::Bytes::from(vec![b'x'; 1 << 20]);
    let endless = futures_util::stream::iter((0..80).map(move |_| Ok::<_, std::io::Error>(piece.clone())));
    let url = format!("{}/v1/exchange", laptop.base);
    let asking = laptop.client.post(url).bearer_auth(&laptop.enrolled.token);
    match asking.body(reqwest::Body::wrap_stream(endless)).send().await {
        Ok(answer) => assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "on the line"),
        Err(error) => assert!(error.is_request() || error.is_body(), "or the line is closed in its face: {error}"),
    }
    assert_eq!(standing(&district), before);
}

/// The most that a bomb of these tests holds.
trait TakeAll: std::io::Read + Sized {
    fn take_all(self) -> std::io::Take<Self> {
        self.take(u64::try_from(MAX_ENVELOPE).expect("a constant") + 2)
    }
}

impl TakeAll for std::io::Repeat {}

#[tokio::test]
async fn a_laptop_revoked_between_two_turns_is_heard_no_more() {
    let (journal, (district, laptop)) = (Journal::open(), settled().await);
    let before = standing(&district);
    let id = laptop.enrolled.device.to_string();
    let mut listening = laptop.client.get(format!("{}/v1/events", laptop.base)).bearer_auth(&laptop.enrolled.token);
    listening = listening.timeout(Duration::from_secs(60));
    let mut listening = listening.send().await.expect("it listens");
    district.district().revoke(&id).expect("a known device");
    assert_eq!(code_of(laptop.push(&[laptop.village("320902107201", "新洋村")]).await), "deviceRevoked");
    assert!(journal.has("deviceRevoked", &id), "the log says that it tried");
    while listening.chunk().await.expect("the line ends as it should").is_some() {}
    assert_eq!(standing(&district), before);
}

#[tokio::test]
async fn a_laptop_revoked_in_the_midst_of_an_upload_sends_no_further_byte() {
    let (district, laptop) = settled().await;
    let second = district.enrol(HERE, "clerk").await;
    let file = "一张照片".as_bytes();
    let name = hex::encode(Sha256::digest(file));
    let village = laptop.village("320902107203", "照片村");
    laptop.say(village.clone()).await;
    let photo = json!({"photos": [{"sha256": name, "name": "a.jpg", "bytes": file.len()}]});
    laptop.say(laptop.change(village.record, "village", HERE, 2, edited("village", &photo))).await;
    let length = file.len().to_string();
    let begin = [("upload-length", length.as_str()), ("upload-metadata", &tus::metadata(&name))];
    assert_eq!(laptop.tus(Method::POST, "/v1/uploads", &begin, "").await.status(), StatusCode::CREATED);
    district.district().revoke(&laptop.enrolled.device.to_string()).expect("a known device");
    let before = standing(&district);
    let chunk = [("upload-offset", "0"), ("content-type", tus::CHUNK_TYPE)];
    let path = format!("/v1/uploads/{name}");
    for (method, headers) in [(Method::PATCH, chunk.as_slice()), (Method::HEAD, &[]), (Method::DELETE, &[])] {
        let answer = laptop.tus(method.clone(), &path, headers, file.to_vec()).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method}");
    }
    assert!(!second.holds(&name).await, "nothing of it is kept");
    assert_eq!(standing(&district), before);
}

#[tokio::test]
async fn what_is_another_districts_is_refused_here() {
    let (journal, (district, laptop)) = (Journal::open(), settled().await);
    let (elsewhere, stranger) = settled().await;
    let before = standing(&district);
    let envelope = seal(&stranger.key, stranger.enrolled.device, &stranger.message(&[]));
    let lost = Laptop { base: laptop.base.clone(), client: laptop.client.clone(), ..stranger };
    assert_eq!(code_of(post(&lost, envelope.clone()).await), "deviceUnknown", "its token is none here");
    assert_eq!(code_of(post(&laptop, envelope).await), "badEnvelope", "nor is its envelope ours under our token");
    let theirs = Message { district: hex::encode(lost.district.as_bytes()), ..laptop.message(&[]) };
    assert_eq!(code_of(laptop.exchange(&theirs).await), "otherDistrict", "what is said to them is not heard here");
    assert!(journal.has("otherDistrict", &laptop.enrolled.device.to_string()));
    assert_eq!(standing(&district), before);
    drop(elsewhere);
}

/// Each of these would be a fault in one database or the other, were it believed.
#[tokio::test]
async fn texts_and_numbers_that_no_database_takes_are_no_fault_of_the_districts() {
    let (district, laptop) = settled().await;
    let nul = "a\0b".to_owned();
    let field =
        |name: &str, value: Value| vec![Action::Write { group: name.into(), values: [(name.into(), value)].into() }];
    let first = || Action::Create { state: None };
    let hostile = [
        ("petition", vec![Action::Create { state: Some(nul.clone()) }]),
        ("a\0b", vec![first()]),
        ("petition", [vec![first()], field("a\0b", json!("x"))].concat()),
        ("petition", [vec![first()], field("code", json!(nul))].concat()),
        ("village", common::created("village", &json!({"code": "320902107209", "name": nul, "township": HERE}))),
        ("village", common::created("village", &json!({"code": nul, "name": "村", "township": HERE}))),
        ("petition", vec![first(), Action::Add { field: "photos".into(), items: vec![json!({"sha256": nul})] }]),
        ("petition", vec![first(), Action::Unknown(json!({"do": nul, "n": u64::MAX}))]),
        ("petition", vec![first(), Action::Release { change: domain::ChangeId(uuid::Uuid::nil()) }]),
    ];
    for (kind, actions) in hostile {
        let change = Change { counter: 0, ..laptop.change(new_id(), kind, HERE, 0, actions) };
        let next = laptop.push(&[]).await.expect("an answer").next_counter;
        let change = Change { counter: next, ..change };
        let shown = format!("{change:?}");
        if let Err((status, error)) = laptop.push(&[change]).await {
            assert!(status.is_client_error(), "{error} on {shown}");
        }
    }
    let honest = laptop.message(&[]);
    let known = laptop.whole_log(HERE).await;
    let last = known.last().expect("its village");
    let end = Cursor { seq: last.seq, hash: last.hash.clone(), past: u64::MAX, ..Cursor::beginning(&scope(HERE)) };
    let at = |seq, past, fill| Cursor { scope: scope(HERE), seq, hash: "00".into(), fill, past };
    let fill = |seq| Some(FillCursor { seq, hash: "00".into(), after: new_id() });
    for message in [
        Message { recipient: nul.clone(), ..honest.clone() },
        Message { at: nul.clone(), ..honest.clone() },
        Message { holds: Some(u64::MAX), turn: u64::MAX, ..honest.clone() },
        Message { cursors: vec![at(0, 0, None)], ..honest.clone() },
        Message { cursors: vec![end, Cursor::beginning(&scope(SHARED))], ..honest.clone() },
        Message { cursors: vec![at(u64::MAX, u64::MAX, None)], ..honest.clone() },
        Message { cursors: vec![at(1, u64::MAX, fill(u64::MAX))], ..honest.clone() },
        Message { cursors: vec![Cursor { past: u64::MAX, ..Cursor::beginning(&scope(SHARED)) }], ..honest.clone() },
    ] {
        let shown = format!("{message:?}");
        if let Err((status, error)) = laptop.exchange(&message).await {
            assert!(status.is_client_error(), "{error} on {shown}");
        }
    }
    standing(&district);
    let neighbour = district.enrol(HERE, "lead").await;
    assert!(!neighbour.whole_log(HERE).await.is_empty(), "and what was taken reaches the others");
}

#[tokio::test]
async fn a_message_that_knows_too_many_logs_or_names_no_recipient_is_refused_with_a_code() {
    let (district, laptop) = settled().await;
    let honest = laptop.message(&[]);
    let of = |n: usize| Cursor::beginning(&scope(&format!("{:09}", 320_902_000 + n)));
    let cursors = (0..=sync::wire::MAX_CURSORS).map(of).collect();
    assert_eq!(code_of(laptop.exchange(&Message { cursors, ..honest.clone() }).await), "badRequest");
    let recipient = "age1nobody".to_owned();
    assert_eq!(code_of(laptop.exchange(&Message { recipient, ..honest.clone() }).await), "badRequest");
    laptop.exchange(&honest).await.expect("what an honest laptop says is heard");
    standing(&district);
}

/// What is nested deeper than JSON text may be could be written and never read again.
#[tokio::test]
async fn what_is_nested_too_deep_is_refused_before_it_is_kept() {
    let (district, laptop) = settled().await;
    let deepest = u32::try_from(domain::weight::DEEPEST).expect("not that deep");
    for depth in [20, deepest - 1, deepest, 100, 126, 130, 200, 260, 400] {
        let deep = (1..depth).fold(json!(["深"]), |inner, _| Value::Array(vec![inner]));
        let next = laptop.push(&[]).await.expect("an answer").next_counter;
        let actions = vec![Action::Create { state: None }, Action::Unknown(json!({"do": "sign", "seal": deep}))];
        let change = Change { counter: next, ..laptop.change(new_id(), "petition", HERE, 0, actions) };
        match laptop.push(&[change]).await {
            // The action itself is an object around it.
            Ok(_) => assert!(depth < deepest, "{depth} is kept"),
            Err((status, error)) => assert!(depth >= deepest && status.is_client_error(), "{error} at {depth}"),
        }
    }
    let neighbour = district.enrol(HERE, "lead").await;
    let of_petitions = neighbour.whole_log(HERE).await.iter().filter(|entry| entry.change.kind == "petition").count();
    assert_eq!(of_petitions, 2, "and what is kept, others read");
    standing(&district);
}
