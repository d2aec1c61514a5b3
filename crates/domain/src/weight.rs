//! How large a record may become, and how deep a change may be nested.
//!
//! A change is small enough for a message by itself; but many changes can make one
//! record larger than any answer may be, and a laptop that is new would then never
//! get past it. What a record weighs is counted, not packed: the laptop asks at
//! every save, and the district again.

use crate::{Action, Change, Record, Refusal, Value, canonical};

/// The most that a record may weigh: an eighth of what an envelope may hold, so that
/// it fits with the stamps that it is kept with.
pub const MAX_RECORD: usize = 8 << 20;

/// The most bytes that one change may have in canonical form, so that a message or a
/// page of a log that holds it fits into an envelope. What a laptop saves, its district
/// takes: a month's report of thousands of rows is one change.
pub const MAX_CHANGE: usize = 2 * MAX_RECORD;

/// Escaped, a byte of text takes no more than so many.
const ESCAPED: usize = 6;

/// How deep the values of a change may be nested: no more than half of what any
/// reader of JSON takes, for a record and a page of a log nest around them.
pub const DEEPEST: usize = 64;

/// What is counted for each value beside its text: its name, its length and, for an
/// item of a set, its stamp.
const EACH: usize = 64;

/// Whether `record` stays within [`MAX_RECORD`] when `change` is made to it, and that
/// within [`MAX_CHANGE`]. What only takes out, moves or deletes is always allowed.
///
/// # Errors
/// [`Refusal::RecordTooLarge`].
pub fn bounded(record: Option<&Record>, change: &Change) -> Result<(), Refusal> {
    let adds = |action: &Action| matches!(action, Action::Write { .. } | Action::Add { .. } | Action::Unknown(_));
    let added: usize = change.actions.iter().filter(|action| adds(action)).map(of_action).sum();
    let fits = || added < MAX_CHANGE / ESCAPED || canonical::to_vec(change).len() <= MAX_CHANGE;
    if added == 0 || (record.map_or(0, of_record) + added <= MAX_RECORD && fits()) {
        return Ok(());
    }
    Err(Refusal::RecordTooLarge { record: change.record.to_string(), limit: (MAX_RECORD >> 20).to_string() })
}

/// Whether whatever keeps `change` can also read it again: no value of it is nested
/// deeper than [`DEEPEST`].
#[must_use]
pub fn is_readable(change: &Change) -> bool {
    change.actions.iter().all(|action| match action {
        Action::Write { values, .. } => values.values().all(|value| is_within(value, DEEPEST)),
        Action::Add { items, .. } => items.iter().all(|value| is_within(value, DEEPEST)),
        Action::Unknown(value) => is_within(value, DEEPEST),
        _ => true,
    })
}

fn is_within(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(|item| is_within(item, depth - 1)),
        Value::Object(fields) => depth > 0 && fields.values().all(|field| is_within(field, depth - 1)),
        _ => true,
    }
}

fn of_record(record: &Record) -> usize {
    let fields: usize = record.fields.iter().map(|(name, value)| name.len() + of(value)).sum();
    let conflicts: usize = record.conflicts.iter().map(|conflict| EACH + of_action(&conflict.action)).sum();
    let waiting: usize = record.waiting.iter().flat_map(|change| &change.actions).map(of_action).sum();
    fields + conflicts + waiting
}

fn of_action(action: &Action) -> usize {
    let texts = |texts: &[String]| texts.iter().map(|text| EACH + text.len()).sum::<usize>();
    EACH + match action {
        Action::Write { values, .. } => values.iter().map(|(name, value)| name.len() + of(value)).sum(),
        Action::Add { items, .. } => items.iter().map(of).sum(),
        Action::Remove { keys, .. } => texts(keys),
        Action::Move { remark, .. } => remark.as_ref().map_or(0, String::len),
        Action::Unknown(value) => of(value),
        Action::Create { .. } | Action::Delete | Action::Restore | Action::Release { .. } => 0,
    }
}

fn of(value: &Value) -> usize {
    EACH + match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(of).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + of(value)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{ChangeId, DeviceId, RecordId, Scope, Writer, merge};

    fn change(counter: u64, actions: Vec<Action>) -> Change {
        Change {
            id: ChangeId(Uuid::from_u128(counter.into())),
            writer: Writer { device: DeviceId(Uuid::from_u128(1)), incarnation: 1 },
            counter,
            author: "王芳".to_owned(),
            at: "2026-03-01T09:00:00+08:00".to_owned(),
            record: RecordId(Uuid::from_u128(7)),
            kind: "works".to_owned(),
            scope: Scope::parse("320902107").expect("a township"),
            seen: 0,
            actions,
        }
    }

    fn add(counter: u64, bytes: usize) -> Change {
        let item = json!({"id": format!("m{counter}"), "text": "长".repeat(bytes / 3)});
        change(counter, vec![Action::Add { field: "marks".to_owned(), items: vec![item] }])
    }

    #[test]
    fn many_changes_cannot_make_a_record_that_no_answer_holds() {
        let (mut record, mut counter) = (None, 1);
        let refusal = loop {
            let next = add(counter, 1 << 20);
            match bounded(record.as_ref(), &next) {
                Ok(()) => record = Some(merge(record, &next, counter).0),
                Err(refusal) => break refusal,
            }
            counter += 1;
            assert!(counter < 100, "it ends");
        };
        assert!(matches!(refusal, Refusal::RecordTooLarge { .. }), "{refusal}");
        let record = record.expect("the first changes fit");
        let packed = crate::compact::pack_row(&record).len();
        assert!((MAX_RECORD / 2..2 * MAX_RECORD).contains(&packed), "the count is about what is kept: {packed}");
        let less = change(99, vec![Action::Remove { field: "marks".to_owned(), keys: vec!["m1".to_owned()] }]);
        assert!(bounded(Some(&record), &less).is_ok(), "who takes something out of it is not stopped");
    }

    #[test]
    fn a_change_that_the_district_would_not_take_is_not_saved_either() {
        let texts = |bytes: usize| {
            let values = [("note".to_owned(), json!("\u{1}".repeat(bytes)))].into();
            change(1, vec![Action::Write { group: "note".to_owned(), values }])
        };
        assert!(bounded(None, &texts(2 << 20)).is_ok(), "it fits, escaped as it is");
        let long = texts(4 << 20);
        assert!(canonical::to_vec(&long).len() > MAX_CHANGE, "each of its bytes is written as six");
        assert!(matches!(bounded(None, &long), Err(Refusal::RecordTooLarge { .. })), "or it would wait for ever");
    }

    #[test]
    fn stamps_of_many_small_items_are_counted_with_them() {
        let items = (0..1_000).map(|at| json!({"id": format!("{at}")})).collect();
        let next = change(1, vec![Action::Add { field: "marks".to_owned(), items }]);
        let record = merge(None, &next, 1).0;
        let packed = crate::compact::pack_row(&record).len();
        assert!(packed < 4 * of_record(&record), "well below what an envelope holds, however many: {packed}");
    }
}
