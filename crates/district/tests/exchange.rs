//! The exchange: order, receipts, verdicts.

mod common;

use common::{HERE, SHARED, THERE, TestDistrict, code_of, created, new_id, refusal, scope, stranger};
use domain::change::Action;
use domain::log::CHAIN_START;
use domain::weight::MAX_RECORD;
use domain::{Change, Verdict, Writer};
use reqwest::{Method, StatusCode};
use serde_json::json;
use sync::wire::{Message, Part, VERSION, WireError, seal};

#[tokio::test]
async fn what_one_laptop_pushes_another_pulls_in_the_districts_order() {
    let district = TestDistrict::start();
    let (first, second) = (district.enrol(HERE, "clerk").await, district.enrol(HERE, "lead").await);
    let village = first.village("320902107200", "洋中村");
    let edit = first.set(&village, 0, &json!({"households": 512}));
    let reply = first.push(&[village.clone(), edit.clone()]).await.expect("receipts");
    assert_eq!(reply.next_counter, 3);
    assert_eq!(reply.receipts.iter().map(|receipt| receipt.seq).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert!(reply.receipts.iter().all(|receipt| receipt.verdict == Verdict::Accepted));

    let log = second.whole_log(HERE).await;
    assert_eq!(log.iter().map(|entry| &entry.change).collect::<Vec<_>>(), [&village, &edit], "unaltered");
    let news = second.news(HERE, 1, &log[0].hash).await.expect("the rest").expect("its scope");
    match news.part {
        Part::Log(page) => assert_eq!((page.entries.len(), page.after, news.head), (1, 1, 2), "after the cursor"),
        other => panic!("there is one entry more: {other:?}"),
    }
    let news = second.news(HERE, 2, &log[1].hash).await.expect("an answer").expect("its scope");
    assert_eq!(news.part, Part::Nothing, "who knows all hears nothing");
    assert_eq!(reply.catalog, domain::Catalog::shipped().revision());
    let shown = district.district().show(&village.record.to_string()).expect("the record");
    assert_eq!(shown.fields["households"], 512);
}

#[tokio::test]
async fn a_change_sent_again_is_the_same_change_with_the_same_receipt_also_after_a_restart() {
    let mut district = TestDistrict::start();
    let mut laptop = district.enrol(HERE, "clerk").await;
    let village = laptop.village("320902107200", "洋中村");
    let wrong = laptop.set(&village, 1, &json!({"households": -1}));
    let elsewhere = laptop.village("320902106200", "邻镇村");
    let sent = [village, wrong, elsewhere];
    let first = laptop.push(&sent).await.expect("receipts");

    let again = laptop.push(&sent).await.expect("receipts");
    assert_eq!(again.receipts, first.receipts);
    district.restart();
    laptop.base = district.running().url();
    let third = laptop.push(&sent[1..]).await.expect("receipts");
    assert_eq!(third.receipts, first.receipts[1..], "the district's word outlives the server");
    assert_eq!(laptop.whole_log(HERE).await.len(), 2, "nothing was ordered twice");
}

#[tokio::test]
async fn the_largest_change_that_a_laptop_may_save_comes_through_and_one_too_large_for_its_record_is_refused() {
    let district = TestDistrict::start();
    let (laptop, other) = (district.enrol(HERE, "clerk").await, district.enrol(HERE, "clerk").await);
    let village = laptop.village("320902107200", "洋中村");
    // As the rows of a month's report lie in its record: JSON in a text, each of its quotes escaped.
    let text = |bytes: usize| json!({"problems": "\"工程\"".repeat(bytes / 8)});
    let large = laptop.set(&village, 0, &text(MAX_RECORD - (4 << 10)));
    let more = laptop.set(&large, 0, &text(MAX_RECORD - (4 << 10)));
    let said = laptop.push(&[village, large, more]).await.expect("receipts, or these would wait for ever");
    assert_eq!(said.receipts[1].verdict, Verdict::Accepted, "what may be saved is taken");
    assert_eq!(refusal(&said.receipts[2].verdict)["code"], "recordTooLarge", "its verdict, and no refusal of all");
    let (mut seq, mut hash, mut pages) = (0, CHAIN_START.to_owned(), 0);
    while let Part::Log(page) = other.news(HERE, seq, &hash).await.expect("a page that opens").expect("its scope").part
    {
        (seq, hash, pages) = (page.end(), page.hash, pages + 1);
    }
    assert_eq!((seq, pages), (3, 3), "and everybody can read on, past both");
}

#[tokio::test]
async fn gaps_and_forks_are_refused_and_change_nothing() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let (first, lost, third) = (
        laptop.village("320902107200", "洋中村"),
        laptop.village("320902107201", "新洋村"),
        laptop.village("320902107202", "和睦村"),
    );
    let gap = laptop.push(&[first.clone(), third.clone()]).await.expect("an answer");
    let expected = WireError::CounterGap { expected: "2".into(), given: "3".into() };
    assert_eq!((gap.stopped, gap.receipts.len(), gap.next_counter), (Some(expected), 1, 2), "up to the gap");
    assert_eq!(laptop.whole_log(HERE).await.len(), 1, "and nothing after it");

    laptop.push(&[first.clone(), lost, third]).await.expect("dense now");
    let fork = Some(WireError::CounterFork { counter: "1".into() });
    let other = Change { author: "someone else".into(), ..first.clone() };
    assert_eq!(laptop.push(&[other]).await.expect("an answer").stopped, fork, "the same number, another content");
    let renamed = Change { id: domain::ChangeId(uuid::Uuid::now_v7()), ..first.clone() };
    assert_eq!(laptop.push(&[renamed]).await.expect("an answer").stopped, fork, "the same number, another change");
    assert_eq!(laptop.whole_log(HERE).await.len(), 3);
}

#[tokio::test]
async fn a_change_under_a_second_number_is_the_same_change_and_keeps_its_place() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let first = laptop.village("320902107200", "洋中村");
    let word = laptop.say(first.clone()).await;
    // As a laptop says it that was restored from a backup: another life, its own numbers.
    let writer = Writer { incarnation: 77, ..first.writer };
    let again = Change { writer, ..first.clone() };
    let message = Message { writer, ..laptop.message(std::slice::from_ref(&again)) };
    let answer = laptop.exchange(&message).await.expect("an answer");
    assert_eq!((answer.next_counter, answer.incarnation), (2, 77), "its numbers are dense in themselves");
    assert_eq!(answer.receipts, [word], "the same word for the same change");
    assert_eq!(laptop.exchange(&message).await.expect("once more").receipts, answer.receipts);
    assert_eq!(laptop.whole_log(HERE).await.len(), 1, "it is in the log once");
    let forged = Change { counter: 2, author: "someone else".into(), ..again };
    let message = Message { writer, ..laptop.message(&[forged]) };
    assert_eq!(code_of(laptop.exchange(&message).await), "badRequest", "one name, two contents: no laptop does that");
}

#[tokio::test]
async fn a_refused_change_is_in_the_log_and_the_others_go_on() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let village = laptop.village("320902107200", "洋中村");
    let negative = laptop.set(&village, 1, &json!({"households": -5}));
    let twin = laptop.village("320902107200", "同码村");
    let good = laptop.set(&village, 1, &json!({"households": 512}));
    let township =
        laptop.change(new_id(), "township", HERE, 0, created("township", &json!({"code": HERE, "name": "黄尖镇"})));
    let receipts = laptop.push(&[village, negative, twin, good, township]).await.expect("receipts").receipts;

    assert_eq!(refusal(&receipts[1].verdict)["code"], "outOfRange");
    assert_eq!(
        refusal(&receipts[2].verdict),
        json!({"code": "duplicate", "fields": {"field": "code", "given": "320902107200"}})
    );
    assert_eq!(receipts[3].verdict, Verdict::Accepted);
    assert_eq!(refusal(&receipts[4].verdict)["code"], "notAllowed", "a clerk founds no township");
    let seqs: Vec<_> = receipts.iter().map(|receipt| receipt.seq).collect();
    assert_eq!(seqs, [Some(1), Some(2), Some(3), Some(4), Some(5)], "a refusal has its place too");
    assert_eq!(laptop.whole_log(HERE).await.len(), 5);
    assert_eq!(district.district().list("village", None, 0).expect("a list").total, 1);
}

#[tokio::test]
async fn a_key_is_free_again_when_its_record_is_deleted_and_not_given_back_while_taken() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let old = laptop.village("320902107200", "洋中村");
    laptop.say(old.clone()).await;
    laptop.say(laptop.change(old.record, "village", HERE, 1, vec![Action::Delete])).await;
    let new = laptop.say(laptop.village("320902107200", "洋中社区")).await;
    assert_eq!(new.verdict, Verdict::Accepted);
    let back = laptop.say(laptop.change(old.record, "village", HERE, 3, vec![Action::Restore])).await;
    assert_eq!(refusal(&back.verdict)["code"], "duplicate");
}

#[tokio::test]
async fn the_same_field_changed_twice_unseen_is_a_conflict_with_both_values() {
    let district = TestDistrict::start();
    let (first, second) = (district.enrol(HERE, "clerk").await, district.enrol(HERE, "lead").await);
    let village = first.village("320902107200", "洋中村");
    first.say(village.clone()).await;
    let early = first.say(first.set(&village, 1, &json!({"households": 512}))).await;
    assert_eq!(early.verdict, Verdict::Accepted);
    let beside = second.say(second.set(&village, 1, &json!({"population": 1800}))).await;
    assert_eq!(beside.verdict, Verdict::Merged, "another field does not collide");
    let late = second.say(second.set(&village, 1, &json!({"households": 498}))).await;
    assert_eq!(late.verdict, Verdict::Conflict { groups: vec!["households".into()] });

    let shown = district.district().show(&village.record.to_string()).expect("the record");
    let conflict = &shown.conflicts[0];
    assert_eq!(conflict.fields, ["households"]);
    assert_eq!((&conflict.standing.values["households"], conflict.standing.by.as_str()), (&json!(512), "A"));
    assert_eq!((&conflict.parked.values["households"], conflict.parked.by.as_str()), (&json!(498), "B"));
    let seen = first.whole_log(HERE).await.len();
    first.say(first.set(&village, u64::try_from(seen).expect("few"), &json!({"households": 500}))).await;
    let settled = district.district().show(&village.record.to_string()).expect("the record");
    assert!(settled.conflicts.is_empty(), "who has seen it and writes decides it");
    assert_eq!(settled.fields["households"], 500);
}

#[tokio::test]
async fn a_scope_is_closed_to_all_who_do_not_hold_it() {
    let district = TestDistrict::start();
    let (here, there) = (district.enrol(HERE, "lead").await, district.enrol(THERE, "lead").await);
    let village = here.village("320902107200", "洋中村");
    here.say(village.clone()).await;

    let intruder = there.set(&village, 0, &json!({"name": "占领村"}));
    let word = there.say(intruder).await;
    assert_eq!((refusal(&word.verdict)["code"].as_str(), word.seq), (Some("outsideScope"), None), "in no log");
    let disguised =
        there.change(village.record, "village", THERE, 0, common::edited("village", &json!({"name": "占领村"})));
    assert_eq!(refusal(&there.say(disguised).await.verdict)["code"], "unknownRecord", "nor under a scope of one's own");
    let unknown = there.change(village.record, "newer_kind", THERE, 0, vec![Action::Delete]);
    assert_eq!(refusal(&there.say(unknown).await.verdict)["code"], "unknownRecord", "nor as a kind nobody knows");
    assert_eq!(there.news(HERE, 0, "").await.expect("an answer"), None, "who asks for it hears nothing of it");

    assert_eq!(here.whole_log(HERE).await.len(), 1);
    let shown = district.district().show(&village.record.to_string()).expect("the record");
    assert_eq!(shown.fields["name"], "洋中村");
    let reviewer = district.enrol(SHARED, "reviewer").await;
    assert_eq!(reviewer.enrolled.scopes, [scope(SHARED), scope(THERE), scope(HERE)], "the district sees its townships");
    assert_eq!(reviewer.whole_log(HERE).await.len(), 1);
}

#[tokio::test]
async fn the_administrator_reaches_everything_and_townships_as_they_begin() {
    let district = TestDistrict::start();
    let admin = district.enrol("", "admin").await;
    assert!(admin.enrolled.scopes.is_empty(), "nothing is kept here yet");
    let township =
        admin.change(new_id(), "township", HERE, 0, created("township", &json!({"code": HERE, "name": "黄尖镇"})));
    assert_eq!(
        admin.say(township).await.verdict,
        Verdict::Accepted,
        "a scope may begin with an administrator's change"
    );
    let answer = admin.push(&[]).await.expect("an answer");
    let scopes: Vec<_> = answer.scopes.into_iter().map(|news| news.scope).collect();
    assert_eq!(scopes, [scope(SHARED), scope(HERE)]);
}

#[tokio::test]
async fn kinds_and_actions_of_a_newer_peer_are_kept_and_passed_on_untouched() {
    let district = TestDistrict::start();
    let (laptop, reader) = (district.enrol(HERE, "clerk").await, district.enrol(HERE, "reader").await);
    let action: Action = serde_json::from_value(json!({"do": "sign", "seal": "红章"})).expect("any action");
    let newer = laptop.change(new_id(), "petition", HERE, 0, vec![Action::Create { state: None }, action]);
    assert_eq!(laptop.say(newer.clone()).await.verdict, Verdict::Accepted);
    assert_eq!(laptop.whole_log(HERE).await[0].change, newer);
    assert_eq!(district.district().list("petition", None, 0).expect("a list").total, 1);
    let read_only = reader.change(new_id(), "petition", HERE, 0, vec![Action::Create { state: None }]);
    assert_eq!(
        refusal(&reader.say(read_only).await.verdict)["code"],
        "notAllowed",
        "who writes nothing writes nothing new"
    );
}

#[tokio::test]
async fn forged_and_damaged_envelopes_are_not_opened() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    let village = laptop.village("320902107200", "洋中村");
    let message = laptop.message(std::slice::from_ref(&village));
    let post = async |envelope: Vec<u8>| laptop.send(Method::POST, "/v1/exchange", envelope).await;
    let device = laptop.enrolled.device;
    let forger = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let forged = post(seal(&forger, device, &message)).await;
    assert_eq!(forged.err(), Some((StatusCode::BAD_REQUEST, WireError::BadEnvelope)));

    let whole = seal(&laptop.key, device, &message);
    for at in [0, 4, 20, 90, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        assert_eq!(code_of(post(damaged).await), "badEnvelope", "byte {at}");
        assert_eq!(code_of(post(whole[..at].to_vec()).await), "badEnvelope", "cut at {at}");
    }
    let mut newer = whole;
    newer[3] = b'3';
    assert_eq!(code_of(post(newer).await), "versionMismatch", "a later program's envelope is called that");
    assert_eq!(code_of(post(b"{}".to_vec()).await), "badEnvelope");
    assert_eq!(code_of(post(seal(&laptop.key, device, &json!({"turn": "none"}))).await), "badRequest");
    let later = Message { version: VERSION + 1, ..message.clone() };
    assert_eq!(code_of(laptop.exchange(&later).await), "versionMismatch");
    let elsewhere = Message { district: "ab".repeat(32), ..message.clone() };
    assert_eq!(code_of(laptop.exchange(&elsewhere).await), "otherDistrict");

    let mut change = village.clone();
    change.writer.device = stranger();
    let other = Message { writer: change.writer, ..laptop.message(&[change.clone()]) };
    assert_eq!(code_of(laptop.exchange(&other).await), "badRequest", "nobody writes in another's name");
    assert_eq!(code_of(laptop.push(&[change]).await), "badRequest");
    let ahead = Change { seen: 7, ..village };
    assert_eq!(code_of(laptop.push(&[ahead]).await), "badRequest", "nobody has seen what is not there");
    assert_eq!(laptop.whole_log(HERE).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn laptops_that_push_at_once_share_one_dense_order() {
    let district = TestDistrict::start();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..4_u32 {
        let laptop = district.enrol(HERE, "clerk").await;
        tasks.spawn(async move {
            for m in 0..10_u32 {
                let code = format!("320902107{:03}", n * 10 + m + 200);
                let word = laptop.say(laptop.village(&code, "并发村")).await;
                assert_eq!(word.verdict, Verdict::Accepted);
            }
            laptop
        });
    }
    let mut laptop = None;
    while let Some(done) = tasks.join_next().await {
        laptop = Some(done.expect("a laptop's task"));
    }
    let log = laptop.expect("four of them").whole_log(HERE).await;
    assert_eq!(log.len(), 40, "every change has its place, and no place is empty");
}
