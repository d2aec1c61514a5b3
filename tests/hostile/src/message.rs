//! A laptop in wrong hands, its key and token still good: whatever it says, the
//! district answers with a word or a refusal and never with a fault, its log
//! stays whole, nothing of another township comes out, and the honest laptop of
//! the same township goes on with its work.

use std::collections::BTreeSet;

use district::{Arrival, DistrictError};
use domain::page::What;
use domain::{Change, RecordId, Value};
use serde_json::json;
use sync::wire::{Answer, Cursor, Message, News, Part, Returned, WireError, open, seal};
use uuid::Uuid;

use crate::people::{HERE, House, OUR_FILE, Person, SECRET, THERE, change, created, edited, message, name_of, scope};
use crate::source::Source;

/// Where a message holds what districts count and look up by.
const PLACES: [&str; 16] = [
    "/turn",
    "/at",
    "/recipient",
    "/writer/incarnation",
    "/cursors/0/seq",
    "/cursors/0/hash",
    "/cursors/0/past",
    "/cursors/1/seq",
    "/changes/0/counter",
    "/changes/0/seen",
    "/changes/0/kind",
    "/changes/0/at",
    "/changes/0/author",
    "/changes/1/seen",
    "/returned/0/entries/0/seq",
    "/returned/0/before",
];

/// Says up to six things that `data` chooses, and lets the honest laptop speak after them.
///
/// # Panics
/// Where the district breaks its word.
pub fn one(data: &[u8]) {
    let house = House::new();
    let mut source = Source::new(data);
    let person = &house.people.hostile;
    for _ in 0..=source.below(6) {
        let said = hostile(&mut source, &house, person);
        let envelope = seal(&person.key, person.device, &said);
        let arrival = if source.once_in(4) { Arrival::Stick } else { Arrival::Line };
        match house.district.exchange(&envelope, arrival) {
            Ok(answer) => check(&house, &answer),
            Err(DistrictError::Wire(WireError::DistrictFault | WireError::DistrictDiskFull)) => panic!("a fault"),
            Err(DistrictError::Wire(_)) => {}
            Err(other) => panic!("no word of a laptop is a fault of the district's: {other:?}"),
        }
    }
    let audit = house.district.audit(&mut |_| {}).expect("the logs can be read");
    assert!(audit.ok, "the log is whole: {:?}", audit.broken);
    let mut store = house.store();
    house.exchange_honestly(&mut store);
    let audit = store.audit(&mut |_| {}).expect("the laptop's logs can be read");
    assert!(audit.ok, "the honest laptop's log is whole: {:?}", audit.broken);
}

/// What the district answers, and to whom.
fn check(house: &House, envelope: &[u8]) {
    let key = house.people.district.verifying_key();
    let answer: Answer = open(&key, envelope).expect("an answer can be read");
    let reach = BTreeSet::from([scope(HERE), scope("320902")]);
    for News { scope, part, .. } in &answer.scopes {
        assert!(reach.contains(scope), "{scope} is not this laptop's");
        let entries = match part {
            Part::Log(page) | Part::Past(page) => page.entries.as_slice(),
            Part::Fill(fill) => {
                assert!(fill.records.iter().all(|filled| filled.record.scope == *scope), "a record of another scope");
                &[]
            }
            Part::Nothing | Part::Lost { .. } | Part::Anew { .. } => &[],
        };
        for told in entries {
            let What::Change(change) = &told.what else { continue };
            assert_eq!(change.scope, *scope, "a change of another scope");
        }
    }
    let text = serde_json::to_string(&answer).expect("JSON");
    assert!(!text.contains(SECRET), "what stands in the next township's records");
}

/// Something an honest laptop might say, bent in a few places.
fn hostile(source: &mut Source<'_>, house: &House, person: &Person) -> Value {
    let people = house.people;
    let known = people.heard.scopes.iter().chain(&people.first.scopes);
    let mut said = message(person, &people.district.verifying_key(), Vec::new());
    let (undone, bent) = (source.below(4), source.below(5));
    if source.once_in(2) {
        said.cursors = people.said.cursors.clone();
        let hash = if source.once_in(2) { source.text() } else { String::new() };
        said.cursors.push(Cursor { hash, ..Cursor::beginning(&scope(HERE)) });
        let at = source.below(said.cursors.len());
        said.cursors.swap(0, at);
    }
    if source.once_in(4) {
        let entries: Vec<_> = known.filter_map(|news| page_of(news).map(|page| (&news.scope, page))).collect();
        if let Some((scope, page)) = entries.get(source.below(entries.len())) {
            let (mut before, mut kept) = (page.before.clone(), Vec::new());
            for (seq, told) in (page.after + 1..).zip(&page.entries) {
                let What::Change(change) = &told.what else { continue };
                let verdict = told.verdict.clone();
                let entry = domain::LogEntry::chained(&before, seq, Change::clone(change), verdict, told.skew);
                before.clone_from(&entry.hash);
                kept.push(entry);
            }
            let (scope, before, seal) = (Clone::clone(*scope), page.before.clone(), page.seal.clone());
            said.returned.push(Returned { scope, before, entries: kept, seal });
        }
    }
    for counter in (2..).take(source.below(5)) {
        said.changes.push(hostile_change(source, house, person, counter));
    }
    let mut said: Value = serde_json::to_value::<Message>(said).expect("JSON");
    for _ in 0..undone {
        source.undo(&mut said, &PLACES);
    }
    for _ in 0..bent {
        source.bend(&mut said);
    }
    said
}

fn page_of(news: &News) -> Option<&domain::page::Page> {
    if let Part::Log(page) = &news.part { Some(page) } else { None }
}

fn hostile_change(source: &mut Source<'_>, house: &House, person: &Person, counter: u64) -> Change {
    let people = house.people;
    let own = RecordId(Uuid::from_u128(0x100 + u128::from(counter)));
    let photo = json!([{"sha256": name_of(OUR_FILE), "name": "b.jpg", "bytes": OUR_FILE.len()}]);
    let (record, kind, at, actions) = match source.below(9) {
        0 => {
            let code = format!("3209021073{counter:02}");
            let fields = json!({"code": code, "name": "新村", "township": HERE});
            (own, "village", HERE, created("village", &fields))
        }
        1 => (people.village, "village", HERE, edited("village", &json!({"households": source.number() >> 44}))),
        2 => (people.village, "village", HERE, edited("village", &json!({"photos": photo}))),
        3 => (people.theirs, "village", THERE, edited("village", &json!({"name": "占领村"}))),
        4 => (people.theirs, "village", HERE, edited("village", &json!({"name": "占领村"}))),
        5 => (people.village, "village", HERE, vec![domain::Action::Delete, domain::Action::Restore]),
        6 => {
            let any = domain::Action::Unknown(source.value(0));
            (own, "petition", HERE, vec![domain::Action::Create { state: None }, any])
        }
        7 => {
            let values = [(source.text(), source.value(0))].into();
            let write = domain::Action::Write { group: source.text(), values };
            (own, "petition", HERE, vec![domain::Action::Create { state: Some(source.text()) }, write])
        }
        _ => {
            let items = vec![source.value(0), source.value(0)];
            let add = domain::Action::Add { field: source.text(), items };
            let remove = domain::Action::Remove { field: "photos".to_owned(), keys: vec![source.text()] };
            (people.village, "village", HERE, vec![add, remove])
        }
    };
    change(person, counter, record, kind, at, actions)
}
