//! A laptop and a district that is not itself: answers bent in any way, with or
//! without the district's true seal on them. The laptop takes them or says why
//! not; its log stays whole where the seal is not the district's, and what waits
//! to be sent stays until a receipt or the log has it.

use domain::page::What;
use domain::{Change, LogEntry, Value};
use ed25519_dalek::SigningKey;
use serde_json::json;
use store::Store;
use sync::turn::{Speaker, absorb, compose};
use sync::wire::{Answer, News, Part, seal_log};

use crate::people::House;
use crate::source::Source;

/// Where an answer holds what laptops count by.
const PLACES: [&str; 14] = [
    "/turn",
    "/nextCounter",
    "/incarnation",
    "/receipts/0/counter",
    "/receipts/0/seq",
    "/scopes/0/head",
    "/scopes/1/head",
    "/scopes/0/after",
    "/scopes/1/after",
    "/scopes/1/seq",
    "/scopes/1/common",
    "/scopes/1/before",
    "/scopes/1/hash",
    "/scopes/1/seal",
];

/// Lets the honest laptop hear up to five answers that `data` chooses.
///
/// # Panics
/// Where the laptop believes what it can check, or loses what it was to send.
pub fn one(data: &[u8]) {
    let house = House::people();
    let mut store = Store::from_image(&house.image, domain::Catalog::shipped()).expect("an image of our own");
    let mut source = Source::new(data);
    let key = house.district.verifying_key();
    let forged = source.once_in(2);
    let forger = SigningKey::from_bytes(&[66; 32]);
    for _ in 0..=source.below(5) {
        if source.once_in(2) {
            let speaker = Speaker { district: &key, recipient: "age1", at: "2026-03-01T10:00:00+08:00" };
            compose(&mut store, &speaker).expect("it has something to say whatever it heard");
        }
        let said = example(&mut source, house);
        let Ok(mut answer) = serde_json::from_value::<Answer>(said) else { continue };
        if source.once_in(2) {
            for news in &mut answer.scopes {
                sealed_anew(if forged { &forger } else { &house.district }, news);
            }
        }
        let life = u32::try_from(source.below(5)).unwrap_or_default();
        let _ = absorb(&mut store, &key, &answer, life);
        let audit = store.audit(&mut |_| {}).expect("what was taken can be read");
        // A false word of the district's own, under its own seal, is what an audit is there to find.
        assert!(audit.ok || !forged || !audit.broken.iter().any(|broken| broken.scope.is_some()), "{:?}", audit.broken);
    }
}

/// An answer as the district might give it.
fn example(source: &mut Source<'_>, house: &crate::people::People) -> Value {
    let mut answer = if source.once_in(2) { house.heard.clone() } else { house.first.clone() };
    if source.once_in(2) {
        answer.turn = 1 + u64::try_from(source.below(4)).unwrap_or_default();
    }
    let (undone, bent) = (source.below(3), source.below(4));
    let mut said = serde_json::to_value(&answer).expect("JSON");
    if source.once_in(3) {
        let parts = [
            json!({"part": "nothing"}),
            json!({"part": "lost", "seq": source.number() % 4, "hash": house.heard.scopes[0].scope}),
            json!({"part": "anew", "common": source.number() % 4}),
        ];
        let part = source.pick(&parts).clone();
        if let Some(news) = said["scopes"].as_array_mut().and_then(|scopes| scopes.last_mut()) {
            let (scope, head) = (news["scope"].clone(), news["head"].clone());
            *news = part;
            (news["scope"], news["head"]) = (scope, head);
        }
    }
    if source.once_in(3) {
        let next = 1 + source.number() % 4;
        said["nextCounter"] = json!(next);
        let ours = house.said.changes.iter().find(|change| change.counter == next);
        let change = ours.filter(|_| !source.once_in(4)).map_or(7, |change| change.id.mark());
        said["receipts"] = json!([{"counter": next, "mark": change, "seq": 3, "verdict": {"verdict": "accepted"}}]);
    }
    for _ in 0..undone {
        source.undo(&mut said, &PLACES);
    }
    for _ in 0..bent {
        source.bend(&mut said);
    }
    said
}

/// Chains and seals a page again, so that it gets past what would have stopped it.
fn sealed_anew(key: &SigningKey, news: &mut News) {
    let Part::Log(page) = &mut news.part else { return };
    let Some(end) = page.after.checked_add(page.entries.len() as u64) else { return };
    let mut hash = page.before.clone();
    for (seq, told) in (page.after.saturating_add(1)..end.saturating_add(1)).zip(&page.entries) {
        let What::Change(change) = &told.what else { return };
        hash = LogEntry::chained(&hash, seq, Change::clone(change), told.verdict.clone(), told.skew).hash;
    }
    page.seal = seal_log(key, &news.scope, end, &hash);
    page.hash = hash;
}
