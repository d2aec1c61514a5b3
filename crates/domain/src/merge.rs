//! Merge: what a change makes of a record, given its place in the log.
//!
//! One pure function, used by the server to decide and by every laptop to
//! replay. Time plays no part: a write collides when its writer had not seen
//! another's write of the same group, and for no other reason. Nothing that
//! collides is lost; it is kept beside the standing value.

use std::sync::Arc;

use crate::change::{Action, DELETED_GROUP, STATE_GROUP, item_key};
use crate::record::{Conflict, Record, Stamp};
use crate::{Change, Fields, Value, Verdict};

/// Applies `change`, at its place `seq` in the scope's log, to `record`.
///
/// The verdict is accepted, merged or conflict; whether the change was allowed
/// at all is asked before, by [`crate::rules::admit`].
#[must_use]
pub fn merge(record: Option<Record>, change: &Change, seq: u64) -> (Record, Verdict) {
    let mut record = record.unwrap_or_else(|| Record::blank(change));
    if let [Action::Release { change: waiting }] = change.actions.as_slice()
        && let Some(at) = record.waiting.iter().position(|held| held.id == *waiting)
    {
        let held = record.waiting.remove(at);
        return merge(Some(record), &held, seq);
    }
    let stamp = Arc::new(Stamp::of(change, seq));
    let unseen = edited_unseen(&record, change);
    let mut groups: Vec<String> = Vec::new();
    for action in &change.actions {
        if collides(&record, change, action) {
            let group = action.group().unwrap_or_default().to_owned();
            park(&mut record, change, action, &stamp);
            if !groups.contains(&group) {
                groups.push(group);
            }
        } else {
            settle(&mut record, change, action);
            replace_waiting(&mut record, change, action);
            apply(&mut record, change, action, &stamp);
        }
    }
    let verdict = if !groups.is_empty() {
        Verdict::Conflict { groups }
    } else if unseen {
        Verdict::Merged
    } else {
        Verdict::Accepted
    };
    (record, verdict)
}

/// Keeps `change` with its record until its attachments have arrived.
#[must_use]
pub fn hold(record: Option<Record>, change: &Change) -> Record {
    let mut record = record.unwrap_or_else(|| Record::blank(change));
    record.waiting.push(change.clone());
    record
}

/// The record as its own writer sees it before the district has spoken: the
/// change on top, whatever stands below, and the conflicts that it decides gone.
#[must_use]
pub fn overlay(record: Option<Record>, change: &Change) -> Record {
    let mut record = record.unwrap_or_else(|| Record::blank(change));
    let stamp = Arc::new(Stamp::of(change, change.seen));
    for action in &change.actions {
        settle(&mut record, change, action);
        apply(&mut record, change, action, &stamp);
    }
    record
}

/// Whether `action` meets a write that its writer had not seen and that says
/// something else. Set items never collide, save with an unseen delete.
#[must_use]
pub fn collides(record: &Record, change: &Change, action: &Action) -> bool {
    let behind = |group: &str| record.stamps.get(group).is_some_and(|stamp| unseen(stamp, change));
    match action {
        Action::Create { .. } | Action::Release { .. } | Action::Unknown(_) => false,
        Action::Delete => !record.deleted && edited_unseen(record, change),
        Action::Restore => record.deleted && behind(DELETED_GROUP),
        _ if record.deleted && behind(DELETED_GROUP) => true,
        Action::Add { .. } | Action::Remove { .. } => false,
        Action::Write { group, values } => behind(group) && !stands(&record.fields, values),
        Action::Move { to, .. } => behind(STATE_GROUP) && record.state.as_ref() != Some(to),
    }
}

/// A stamp left by another hand, later than the change's writer had looked.
fn unseen(stamp: &Stamp, change: &Change) -> bool {
    stamp.seq > change.seen && stamp.writer != change.writer
}

fn edited_unseen(record: &Record, change: &Change) -> bool {
    record.stamps.values().any(|stamp| unseen(stamp, change))
}

/// Whether the fields hold `values` already; an absent field is `null`.
fn stands(fields: &Fields, values: &Fields) -> bool {
    values.iter().all(|(name, value)| fields.get(name).unwrap_or(&Value::Null) == value)
}

/// Keeps the action beside what stands. A writer's later value for a group
/// takes the place of the one he had parked there before: he replaced it himself.
fn park(record: &mut Record, change: &Change, action: &Action, stamp: &Stamp) {
    let group = action.group().unwrap_or_default();
    let same_sort = |conflict: &Conflict| {
        conflict.group == group
            && conflict.stamp.writer == change.writer
            && matches!(
                (&conflict.action, action),
                (Action::Write { .. }, Action::Write { .. }) | (Action::Move { .. }, Action::Move { .. })
            )
    };
    record.conflicts.retain(|conflict| !same_sort(conflict));
    let nth = record.conflicts.iter().filter(|c| c.change == change.id && c.group == group).count();
    let id = if nth == 0 { format!("{}:{group}", change.id) } else { format!("{}:{group}:{nth}", change.id) };
    record.conflicts.push(Conflict {
        id,
        group: group.to_owned(),
        action: action.clone(),
        change: change.id,
        stamp: stamp.clone(),
    });
}

/// A write by someone who had seen a conflict of the group decides it; a delete
/// decides all that its writer had seen. Adding to a set or taking from it does
/// not: it says nothing about the parked value.
fn settle(record: &mut Record, change: &Change, action: &Action) {
    let group = match action {
        Action::Write { group, .. } => Some(group.as_str()),
        Action::Move { .. } => Some(STATE_GROUP),
        Action::Restore => Some(DELETED_GROUP),
        Action::Delete => None,
        Action::Add { field, .. } | Action::Remove { field, .. } => Some(field.as_str()),
        Action::Create { .. } | Action::Release { .. } | Action::Unknown(_) => return,
    };
    record.conflicts.retain(|conflict| {
        let concerned = group.is_none_or(|group| group == conflict.group);
        let known = conflict.stamp.seq <= change.seen;
        !(concerned && known)
    });
}

/// What waits for its files takes effect late: where its own writer has written
/// since, that is what he wants, and not what he wanted before.
fn replace_waiting(record: &mut Record, change: &Change, action: &Action) {
    let same_sort = |waiting: &Action| {
        waiting.group() == action.group()
            && matches!(
                (waiting, action),
                (Action::Write { .. }, Action::Write { .. }) | (Action::Move { .. }, Action::Move { .. })
            )
    };
    let earlier = |held: &&mut Change| held.writer == change.writer && held.counter < change.counter;
    for held in record.waiting.iter_mut().filter(earlier) {
        held.actions.retain(|waiting| !same_sort(waiting));
    }
}

fn apply(record: &mut Record, change: &Change, action: &Action, stamp: &Arc<Stamp>) {
    let touch = |record: &mut Record, group: &str| record.stamps.set(group, stamp);
    match action {
        Action::Create { state } => {
            record.state.clone_from(state);
            touch(record, STATE_GROUP);
        }
        Action::Write { group, values } => {
            let behind = record.stamps.get(group).is_some_and(|stamp| unseen(stamp, change));
            if behind && stands(&record.fields, values) {
                return; // The same said twice: the first to say it keeps the stamp.
            }
            for (name, value) in values {
                if value.is_null() {
                    record.fields.remove(name);
                } else {
                    record.fields.insert(name.clone(), value.clone());
                }
            }
            touch(record, group);
        }
        Action::Add { field, items } => {
            for item in items {
                let key = item_key(item);
                let present = record.items(field).iter().any(|held| item_key(held) == key);
                if !present {
                    set_items(record, field, |held| held.push(item.clone()));
                }
                touch(record, &format!("{field}#{key}"));
            }
        }
        Action::Remove { field, keys } => {
            for key in keys {
                let stamp_name = format!("{field}#{key}");
                if record.stamps.get(&stamp_name).is_some_and(|stamp| unseen(stamp, change)) {
                    continue; // Put in by someone whom the remover had not seen: it stays.
                }
                set_items(record, field, |held| held.retain(|item| item_key(item) != *key));
                record.stamps.remove(&stamp_name);
            }
        }
        Action::Move { to, .. } => {
            record.state = Some(to.clone());
            touch(record, STATE_GROUP);
        }
        Action::Delete => {
            record.deleted = true;
            touch(record, DELETED_GROUP);
        }
        Action::Restore => {
            record.deleted = false;
            touch(record, DELETED_GROUP);
        }
        Action::Release { .. } | Action::Unknown(_) => {}
    }
}

/// Changes a set field's items and keeps them in one order on every machine.
fn set_items(record: &mut Record, field: &str, edit: impl FnOnce(&mut Vec<Value>)) {
    let mut items = record.items(field).to_vec();
    edit(&mut items);
    if items.is_empty() {
        record.fields.remove(field);
    } else {
        record.fields.insert(field.to_owned(), Value::Array(items));
    }
}
