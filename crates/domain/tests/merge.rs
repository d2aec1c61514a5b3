//! The merge, held against what it promises: the same log gives the same
//! records, and nobody's word is overwritten by someone who had not seen it.
//!
//! The histories are random; the oracle is a plain reading of the rule, written
//! apart from the merge: who wrote a group last, and had the next one seen it?

use std::collections::BTreeMap;

use domain::change::item_key;
use domain::log::{CHAIN_START, LogEntry, replay};
use domain::{
    Action, Change, ChangeId, DeviceId, Fields, Record, RecordId, Scope, Value, Verdict, Writer, merge, overlay,
};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

/// A save as the strategy makes it: who, how far behind the log, what.
#[derive(Debug, Clone)]
struct Save {
    device: u8,
    /// How many of the log's newest entries the device had not applied.
    behind: u64,
    act: Act,
}

#[derive(Debug, Clone)]
enum Act {
    Write(u8, i64),
    Add(u8),
    Remove(u8),
    Move(u8),
    Delete,
    Restore,
}

fn saves() -> impl Strategy<Value = Vec<Save>> {
    let act = prop_oneof![
        6 => (0..3_u8, 0..3_i64).prop_map(|(group, value)| Act::Write(group, value)),
        2 => (0..3_u8).prop_map(Act::Add),
        2 => (0..3_u8).prop_map(Act::Remove),
        1 => (0..3_u8).prop_map(Act::Move),
        1 => Just(Act::Delete),
        1 => Just(Act::Restore),
    ];
    let save = (0..3_u8, 0..6_u64, act).prop_map(|(device, behind, act)| Save { device, behind, act });
    prop::collection::vec(save, 1..40)
}

fn writer(device: u8) -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(u128::from(device) + 1)), incarnation: 1 }
}

/// The log's changes, with `seen` as an honest device has it: never going back.
fn changes(saves: &[Save]) -> Vec<Change> {
    let record = RecordId(Uuid::from_u128(42));
    let change = |seq: usize, device: u8, seen: u64, actions: Vec<Action>| Change {
        id: ChangeId(Uuid::from_u128(1_000 + seq as u128)),
        writer: writer(device),
        counter: seq as u64,
        author: format!("d{device}"),
        at: "2026-05-01T08:00:00+08:00".to_owned(),
        record,
        kind: "works".to_owned(),
        scope: Scope::parse("320902107").expect("a scope"),
        seen,
        actions,
    };
    let create = Action::Create { state: Some("s0".to_owned()) };
    let mut log = vec![change(1, 0, 0, vec![create])];
    let mut seen: BTreeMap<u8, u64> = BTreeMap::new();
    for (at, save) in saves.iter().enumerate() {
        let head = at as u64 + 1;
        let floor = seen.get(&save.device).copied().unwrap_or(0).max(1);
        let now = floor.max(head.saturating_sub(save.behind));
        seen.insert(save.device, now);
        let action = match &save.act {
            Act::Write(group, value) => {
                let group = format!("g{group}");
                Action::Write { values: Fields::from([(group.clone(), json!(value))]), group }
            }
            Act::Add(item) => Action::Add { field: "photos".to_owned(), items: vec![json!(format!("p{item}"))] },
            Act::Remove(item) => Action::Remove { field: "photos".to_owned(), keys: vec![format!("p{item}")] },
            Act::Move(state) => Action::Move { to: format!("s{state}"), remark: None },
            Act::Delete => Action::Delete,
            Act::Restore => Action::Restore,
        };
        log.push(change(at + 2, save.device, now, vec![action]));
    }
    log
}

fn entries(changes: &[Change]) -> (Vec<LogEntry>, Record) {
    let (mut log, mut record, mut hash) = (Vec::new(), None, CHAIN_START.to_owned());
    for (at, change) in changes.iter().enumerate() {
        let seq = at as u64 + 1;
        let (after, verdict) = merge(record.take(), change, seq);
        let entry = LogEntry::chained(&hash, seq, change.clone(), verdict, None);
        hash.clone_from(&entry.hash);
        log.push(entry);
        record = Some(after);
    }
    (log, record.expect("the first change creates it"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_same_log_gives_the_same_record_however_often_it_is_replayed(saves in saves()) {
        let (log, record) = entries(&changes(&saves));
        let mut replayed = None;
        for entry in &log {
            let text = serde_json::to_string(entry).expect("an entry is JSON");
            let entry: LogEntry = serde_json::from_str(&text).expect("and reads back");
            replayed = replay(replayed, &entry).expect("the verdicts are ours");
        }
        prop_assert_eq!(replayed, Some(record), "a laptop that replays must see what the district sees");
    }

    /// The oracle: a write lands when its writer had seen the group's last landed
    /// write by another, or says the same; otherwise what stood stays.
    #[test]
    fn no_write_lands_on_a_value_that_its_writer_had_not_seen(saves in saves()) {
        let changes = changes(&saves);
        let mut standing: BTreeMap<String, (i64, Writer, u64)> = BTreeMap::new();
        let mut record = None;
        for (at, change) in changes.iter().enumerate() {
            let seq = at as u64 + 1;
            let deleted_unseen = record.as_ref().is_some_and(|r: &Record| {
                r.deleted && r.stamps.get("@deleted").is_some_and(|s| s.seq > change.seen && s.writer != change.writer)
            });
            let (after, verdict) = merge(record.take(), change, seq);
            if let [Action::Write { group, values }] = change.actions.as_slice() {
                let value = values[group].as_i64().expect("whole numbers");
                let lands = match standing.get(group) {
                    _ if deleted_unseen => false,
                    Some((old, by, when)) => *by == change.writer || *when <= change.seen || *old == value,
                    None => true,
                };
                if lands {
                    let same_unseen = standing.get(group).is_some_and(|(old, by, when)| *old == value && *by != change.writer && *when > change.seen);
                    if !same_unseen {
                        standing.insert(group.clone(), (value, change.writer, seq));
                    }
                    prop_assert_ne!(verdict.name(), "conflict");
                } else {
                    prop_assert_eq!(verdict.name(), "conflict");
                    let kept = after.conflicts.iter().any(|c| c.change == change.id && c.parked().get(group) == Some(&json!(value)));
                    prop_assert!(kept, "what did not land must be kept beside what stands");
                }
                prop_assert_eq!(after.fields.get(group).and_then(Value::as_i64), standing.get(group).map(|s| s.0));
            }
            record = Some(after);
        }
    }

    #[test]
    fn a_photo_goes_only_by_the_hand_of_someone_who_knew_it(saves in saves()) {
        let changes = changes(&saves);
        let mut record: Option<Record> = None;
        for (at, change) in changes.iter().enumerate() {
            let before = record.clone();
            let (after, _) = merge(record.take(), change, at as u64 + 1);
            let held = |r: &Record| r.items("photos").iter().map(item_key).collect::<Vec<_>>();
            for key in before.as_ref().map(held).unwrap_or_default() {
                if !held(&after).contains(&key) {
                    let stamp = &before.as_ref().expect("it held the photo").stamps[&format!("photos#{key}")];
                    prop_assert!(stamp.seq <= change.seen || stamp.writer == change.writer, "nobody removes what he never saw");
                }
            }
            record = Some(after);
        }
    }

    #[test]
    fn a_conflict_stays_open_until_someone_who_saw_it_writes(saves in saves()) {
        let changes = changes(&saves);
        let mut record: Option<Record> = None;
        for (at, change) in changes.iter().enumerate() {
            let open = record.as_ref().map(|r| r.conflicts.clone()).unwrap_or_default();
            let (after, _) = merge(record.take(), change, at as u64 + 1);
            for conflict in open {
                let gone = after.conflict(&conflict.id).is_none();
                let replaced = conflict.stamp.writer == change.writer
                    && after.conflicts.iter().any(|c| c.change == change.id && c.group == conflict.group);
                prop_assert!(!gone || replaced || conflict.stamp.seq <= change.seen, "a parked value vanished unseen");
            }
            record = Some(after);
        }
    }

    #[test]
    fn an_entry_that_was_altered_breaks_the_chain(saves in saves(), at in any::<prop::sample::Index>()) {
        let (mut log, _) = entries(&changes(&saves));
        let at = at.index(log.len());
        log[at].change.author.push('x');
        let mut hash = CHAIN_START.to_owned();
        let broken = log.iter().position(|entry| {
            let follows = entry.follows(&hash);
            hash.clone_from(&entry.hash);
            !follows
        });
        prop_assert_eq!(broken, Some(at), "the first altered entry is named");
    }
}

fn one(device: u8, seen: u64, seq: u128, actions: Vec<Action>) -> Change {
    let mut change = changes(&[]).remove(0);
    change.id = ChangeId(Uuid::from_u128(seq));
    change.writer = writer(device);
    change.seen = seen;
    change.actions = actions;
    change
}

fn write(group: &str, value: i64) -> Action {
    Action::Write { group: group.to_owned(), values: Fields::from([(group.to_owned(), json!(value))]) }
}

fn created() -> Record {
    merge(None, &one(0, 0, 1, vec![Action::Create { state: None }]), 1).0
}

#[test]
fn a_later_write_by_someone_who_saw_the_conflict_settles_it() {
    let (record, _) = merge(Some(created()), &one(1, 1, 2, vec![write("g", 1)]), 2);
    let (record, verdict) = merge(Some(record), &one(2, 1, 3, vec![write("g", 2)]), 3);
    assert_eq!(verdict, Verdict::Conflict { groups: vec!["g".to_owned()] });
    let (unsettled, _) = merge(Some(record.clone()), &one(1, 2, 4, vec![write("g", 5)]), 4);
    assert_eq!(unsettled.conflicts.len(), 1, "the owner wrote on without having seen the conflict");
    let (settled, verdict) = merge(Some(record), &one(1, 3, 4, vec![write("g", 2)]), 4);
    assert_eq!((settled.conflicts.len(), verdict), (0, Verdict::Accepted), "now he had seen it");
    assert_eq!(settled.fields["g"], json!(2));
}

#[test]
fn an_edit_of_a_record_deleted_meanwhile_is_parked_and_can_be_taken_up() {
    let (record, _) = merge(Some(created()), &one(1, 1, 2, vec![Action::Delete]), 2);
    let (record, verdict) = merge(Some(record), &one(2, 1, 3, vec![write("g", 7)]), 3);
    assert_eq!(verdict.name(), "conflict", "an edit is never lost in a deletion");
    assert!(record.deleted && record.fields.is_empty(), "the deletion stands until a person decides");
    let (record, _) = merge(Some(record), &one(2, 3, 4, vec![Action::Restore, write("g", 7)]), 4);
    assert!(!record.deleted && record.conflicts.is_empty());
    assert_eq!(record.fields["g"], json!(7));
}

#[test]
fn a_deletion_against_unseen_edits_is_parked_and_the_record_lives() {
    let (record, _) = merge(Some(created()), &one(1, 1, 2, vec![write("g", 1)]), 2);
    let (record, verdict) = merge(Some(record), &one(2, 1, 3, vec![Action::Delete]), 3);
    assert_eq!(verdict, Verdict::Conflict { groups: vec!["@deleted".to_owned()] });
    assert!(!record.deleted, "what another just wrote is not thrown away unseen");
}

#[test]
fn a_restored_laptop_counts_as_another_hand() {
    let (record, _) = merge(Some(created()), &one(1, 1, 2, vec![write("g", 1)]), 2);
    let mut again = one(1, 1, 3, vec![write("g", 2)]);
    again.writer.incarnation = 2;
    let (_, verdict) = merge(Some(record), &again, 3);
    assert_eq!(verdict.name(), "conflict", "its former life's write is one that it has not seen");
}

#[test]
fn what_a_newer_peer_does_is_kept_and_passed_on() {
    let text = json!({"do": "annotate", "ink": [1, 2]});
    let action: Action = serde_json::from_value(text.clone()).expect("an action that we do not know");
    assert_eq!(action, Action::Unknown(text.clone()));
    assert_eq!(serde_json::to_value(&action).expect("JSON"), text, "untouched");
    let (record, verdict) = merge(Some(created()), &one(1, 1, 2, vec![action, write("future", 3)]), 2);
    assert_eq!((record.fields["future"].clone(), verdict), (json!(3), Verdict::Accepted));
}

#[test]
fn a_waiting_change_takes_effect_when_it_is_released() {
    let waits = one(1, 1, 2, vec![Action::Move { to: "reported".to_owned(), remark: None }]);
    let record = domain::merge::hold(Some(created()), &waits);
    assert_eq!(record.state, None, "not before its photos are there");
    let (record, _) = merge(Some(record), &one(0, 2, 3, vec![Action::Release { change: waits.id }]), 3);
    assert_eq!((record.state.as_deref(), record.waiting.len()), (Some("reported"), 0));
    assert_eq!(record.stamps["@state"].author, "d0", "it stays the word of the one who moved it");
}

#[test]
fn the_screen_shows_ones_own_change_on_top_and_the_decided_conflict_gone() {
    let (record, _) = merge(Some(created()), &one(1, 1, 2, vec![write("g", 1)]), 2);
    let (record, _) = merge(Some(record), &one(2, 1, 3, vec![write("g", 2)]), 3);
    let shown = overlay(Some(record), &one(2, 3, 4, vec![write("g", 9)]));
    assert_eq!((shown.fields["g"].clone(), shown.conflicts.len()), (json!(9), 0));
}
