//! What people have seen: the oracle's own knowledge, taken from the screen at
//! the moment at which somebody looks at a record to write. No stamp and no
//! number of the engine's is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::change::item_key;
use domain::{Action, ChangeId, Record, RecordId, Scope, Value, Verdict};
use store::Past;

use crate::catalog::{FIELDS, SETS};
use crate::model::group_of;

/// The name under which a record's being there is seen.
pub(crate) const DELETED: &str = "@deleted";
/// The name under which its state is seen.
pub(crate) const STATE: &str = "@state";

/// What the people of one laptop have seen of a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// By field, every value that was ever on the screen, as JSON.
    values: BTreeMap<String, BTreeSet<String>>,
    items: BTreeSet<(String, String)>,
    conflicts: BTreeSet<String>,
}

impl Seen {
    fn look(&mut self, record: &Record) {
        for (field, _) in FIELDS {
            let value = record.fields.get(field).unwrap_or(&Value::Null);
            self.note(field, value);
        }
        for field in SETS {
            self.items.extend(record.items(field).iter().map(|item| (field.to_owned(), item_key(item))));
        }
        self.note(STATE, &record.state.clone().map_or(Value::Null, Value::from));
        self.note(DELETED, &record.deleted.into());
        self.conflicts
            .extend(record.conflicts.iter().map(|conflict| format!("{}:{}", conflict.change, conflict.group)));
    }

    /// Who sees what stands has seen what it replaced, as far as the log here tells:
    /// he must not be stopped where that comes back, for its successor was lost. Not
    /// so where something pending of this laptop hides what stands.
    fn look_back(&mut self, past: &[Past]) {
        let hidden = |group: &str| {
            let pending = past.iter().filter(|past| past.ordered.is_none());
            pending.flat_map(|past| &past.change.actions).any(|action| group_of(action) == Some(group))
        };
        for Past { change, ordered, .. } in past {
            let parked: &[String] = match ordered {
                Some((_, Verdict::Accepted | Verdict::Merged)) => &[],
                Some((_, Verdict::Conflict { groups })) => groups,
                _ => continue,
            };
            for action in &change.actions {
                let Some(group) = group_of(action).filter(|group| !hidden(group)) else { continue };
                if parked.iter().any(|parked| parked == group) {
                    continue;
                }
                match action {
                    Action::Write { values, .. } => values.iter().for_each(|(field, value)| self.note(field, value)),
                    Action::Move { to, .. } => self.note(STATE, &to.as_str().into()),
                    _ => {}
                }
            }
        }
    }

    fn note(&mut self, field: &str, value: &Value) {
        self.values.entry(field.to_owned()).or_default().insert(value.to_string());
    }

    pub(crate) fn knows(&self, field: &str, value: &Value) -> bool {
        self.values.get(field).is_some_and(|values| values.contains(&value.to_string()))
    }

    pub(crate) fn knows_item(&self, field: &str, key: &str) -> bool {
        self.items.contains(&(field.to_owned(), key.to_owned()))
    }

    pub(crate) fn knows_conflict(&self, change: ChangeId, group: &str) -> bool {
        self.conflicts.contains(&format!("{change}:{group}"))
    }
}

/// What a laptop's people know; a copy of the laptop has a copy of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mind {
    seen: BTreeMap<RecordId, Rc<Seen>>,
    /// What was saved here and neither discarded nor written anew.
    pub(crate) own: BTreeMap<RecordId, BTreeSet<ChangeId>>,
    /// The scopes of which the laptop was last told, and those in which something
    /// of its own was still to be answered then.
    pub(crate) may: BTreeSet<Scope>,
    /// The district of which the laptop last heard: it counts up with every restore.
    pub(crate) heard: u32,
}

impl Mind {
    /// Somebody looks at a record, and at what was done to it.
    pub(crate) fn look(&mut self, record: &Record, past: &[Past]) {
        let seen = Rc::make_mut(self.seen.entry(record.id).or_default());
        seen.look(record);
        seen.look_back(past);
    }

    /// All that was seen of it so far.
    pub(crate) fn of(&self, record: RecordId) -> Rc<Seen> {
        self.seen.get(&record).cloned().unwrap_or_default()
    }
}
