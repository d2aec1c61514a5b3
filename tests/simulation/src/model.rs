//! A record as the oracle has it: plain maps, changed by what the log says became
//! of each change. It knows nothing of stamps, of `seen`, or of merging; where the
//! engine may be more careful than it must be, either outcome is held possible
//! until the record itself is looked at.

use std::collections::{BTreeMap, BTreeSet};

use domain::change::item_key;
use domain::{Action, Change, ChangeId, Fields, Record, Value, Writer};

use crate::mind::{DELETED, STATE, Seen};

/// An action that was kept beside.
#[derive(Debug, Clone)]
struct Parked {
    writer: Writer,
    /// Somebody who had seen it has written since, so that it may be gone.
    maybe_gone: bool,
}

/// One record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    /// Whether any change was applied to it.
    pub(crate) exists: bool,
    fields: Fields,
    sets: BTreeMap<String, BTreeSet<String>>,
    /// Items that somebody took out who had seen them.
    doubtful: BTreeSet<(String, String)>,
    state: Option<String>,
    deleted: bool,
    parked: BTreeMap<(ChangeId, String), Parked>,
    waiting: BTreeMap<ChangeId, Held>,
}

/// A change that waits for its files.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) writer: Writer,
    pub(crate) counter: u64,
    pub(crate) actions: Vec<Action>,
}

/// A change as it takes effect.
pub(crate) struct Effect<'e> {
    pub(crate) change: ChangeId,
    pub(crate) writer: Writer,
    /// Its number, where its writer has one for it.
    pub(crate) counter: u64,
    pub(crate) actions: &'e [Action],
    pub(crate) seen: &'e Seen,
    /// The groups that the log says collided.
    pub(crate) collided: &'e [String],
}

impl Model {
    /// Lets a change wait.
    pub(crate) fn hold(&mut self, change: &Change) {
        self.exists = true;
        let Change { writer, counter, actions, .. } = change.clone();
        self.waiting.insert(change.id, Held { writer, counter, actions });
    }

    /// What waited under this name waits no longer.
    pub(crate) fn release(&mut self, change: ChangeId) -> Option<Held> {
        self.waiting.remove(&change)
    }

    /// Lets a change take effect; what is wrong with that, if something is.
    pub(crate) fn take(&mut self, effect: &Effect<'_>) -> Result<(), String> {
        let before = self.exists;
        self.exists = true;
        for action in effect.actions {
            let group = group_of(action);
            if group.is_some_and(|group| effect.collided.iter().any(|collided| collided == group)) {
                self.park(effect, action, group.unwrap_or_default());
                continue;
            }
            if before {
                self.may(effect, action)?;
            }
            self.settle(effect, action);
            self.replace(effect, action);
            self.apply(effect, action);
        }
        Ok(())
    }

    /// Nobody overwrites what he has not seen.
    fn may(&self, effect: &Effect<'_>, action: &Action) -> Result<(), String> {
        let Effect { change, seen, .. } = effect;
        let unseen = |what: String| Err(format!("{change} overwrites {what}, which its writer never saw"));
        match action {
            Action::Write { values, .. } => {
                let standing = |name: &String| self.fields.get(name).cloned().unwrap_or_default();
                if values.iter().all(|(name, value)| standing(name) == *value) {
                    return Ok(());
                }
                match values.keys().find(|name| !seen.knows(name, &standing(name))) {
                    Some(name) => unseen(format!("{name} = {}", standing(name))),
                    None => Ok(()),
                }
            }
            Action::Move { to, .. } => {
                let standing = self.state.clone().map_or(Value::Null, Value::from);
                let same = self.state.as_ref() == Some(to);
                if same || seen.knows(STATE, &standing) { Ok(()) } else { unseen(format!("the state {standing}")) }
            }
            Action::Delete if !self.deleted => {
                if let Some((name, value)) = self.fields.iter().find(|(name, value)| !seen.knows(name, value)) {
                    return unseen(format!("{name} = {value} by a delete"));
                }
                let items = self.sets.iter().flat_map(|(field, keys)| keys.iter().map(move |key| (field, key)));
                let sure = items.filter(|(field, key)| !self.doubtful.contains(&((*field).clone(), (*key).clone())));
                for (field, key) in sure {
                    if !seen.knows_item(field, key) {
                        return unseen(format!("{field} {key} by a delete"));
                    }
                }
                Ok(())
            }
            Action::Restore if self.deleted && !seen.knows(DELETED, &true.into()) => unseen("a delete".to_owned()),
            _ => Ok(()),
        }
    }

    fn park(&mut self, effect: &Effect<'_>, action: &Action, group: &str) {
        for ((_, of), parked) in &mut self.parked {
            if of == group
                && parked.writer == effect.writer
                && matches!(action, Action::Write { .. } | Action::Move { .. })
            {
                parked.maybe_gone = true; // Its own writer has put another in its place.
            }
        }
        let parked = Parked { writer: effect.writer, maybe_gone: false };
        self.parked.insert((effect.change, group.to_owned()), parked);
    }

    fn settle(&mut self, effect: &Effect<'_>, action: &Action) {
        let Some(group) = group_of(action) else { return };
        for ((change, of), parked) in &mut self.parked {
            if (of == group || matches!(action, Action::Delete)) && effect.seen.knows_conflict(*change, of) {
                parked.maybe_gone = true;
            }
        }
    }

    /// Who writes again what he wrote into a change that waits, wants this and not that.
    fn replace(&mut self, effect: &Effect<'_>, action: &Action) {
        if !matches!(action, Action::Write { .. } | Action::Move { .. }) {
            return;
        }
        for held in self.waiting.values_mut() {
            if held.writer == effect.writer && held.counter < effect.counter {
                held.actions.retain(|other| {
                    std::mem::discriminant(other) != std::mem::discriminant(action)
                        || group_of(other) != group_of(action)
                });
            }
        }
    }

    fn apply(&mut self, effect: &Effect<'_>, action: &Action) {
        match action {
            Action::Create { state } => self.state.clone_from(state),
            Action::Write { values, .. } => {
                for (name, value) in values {
                    match value {
                        Value::Null => drop(self.fields.remove(name)),
                        value => drop(self.fields.insert(name.clone(), value.clone())),
                    }
                }
            }
            Action::Add { field, items } => {
                for key in items.iter().map(item_key) {
                    self.doubtful.remove(&(field.clone(), key.clone()));
                    self.sets.entry(field.clone()).or_default().insert(key);
                }
            }
            Action::Remove { field, keys } => {
                let there = self.sets.get(field);
                for key in keys.iter().filter(|key| there.is_some_and(|there| there.contains(*key))) {
                    if effect.seen.knows_item(field, key) {
                        self.doubtful.insert((field.clone(), key.clone()));
                    }
                }
            }
            Action::Move { to, .. } => self.state = Some(to.clone()),
            Action::Delete => self.deleted = true,
            Action::Restore => self.deleted = false,
            Action::Release { .. } | Action::Unknown(_) => {}
        }
    }

    /// Holds the district's record against this one, and takes from it which of
    /// two possible things has happened.
    pub(crate) fn compare(&mut self, record: &Record) -> Result<(), String> {
        let id = record.id;
        let (sets, fields): (Fields, Fields) =
            record.fields.clone().into_iter().partition(|(name, _)| crate::catalog::SETS.contains(&name.as_str()));
        if fields != self.fields {
            return Err(format!("{id} has {fields:?}, and should have {:?}", self.fields));
        }
        if (record.state.as_ref(), record.deleted) != (self.state.as_ref(), self.deleted) {
            let (is, should) = ((&record.state, record.deleted), (&self.state, self.deleted));
            return Err(format!("{id} is {is:?}, and should be {should:?}"));
        }
        for field in crate::catalog::SETS {
            let none = Value::Array(Vec::new());
            let items = sets.get(field).unwrap_or(&none).as_array().cloned().unwrap_or_default();
            let actual: BTreeSet<String> = items.iter().map(item_key).collect();
            let ours = self.sets.entry(field.to_owned()).or_default();
            if let Some(key) = actual.difference(ours).next() {
                return Err(format!("{id}: nobody put {key} into {field}, or somebody took it out"));
            }
            let gone: Vec<String> = ours.difference(&actual).cloned().collect();
            for key in gone {
                if !self.doubtful.contains(&(field.to_owned(), key.clone())) {
                    return Err(format!("{id}: {key} is gone from {field}, and nobody who had seen it took it out"));
                }
                ours.remove(&key);
            }
        }
        self.doubtful.clear();
        let actual: BTreeSet<(ChangeId, String)> =
            record.conflicts.iter().map(|conflict| (conflict.change, conflict.group.clone())).collect();
        if let Some((change, group)) = actual.iter().find(|name| !self.parked.contains_key(*name)) {
            return Err(format!("{id}: {change} never collided in {group}"));
        }
        for (name, parked) in &self.parked {
            if !actual.contains(name) && !parked.maybe_gone {
                let (change, group) = name;
                return Err(format!("{id}: what {change} wanted of {group} is gone, and nobody who saw it decided it"));
            }
        }
        self.parked.retain(|name, _| actual.contains(name));
        let waiting: BTreeSet<ChangeId> = record.waiting.iter().map(|change| change.id).collect();
        let ours: BTreeSet<ChangeId> = self.waiting.keys().copied().collect();
        if waiting != ours {
            return Err(format!("{id} waits for {waiting:?}, and should for {ours:?}"));
        }
        Ok(())
    }
}

/// Where an action can collide.
pub(crate) fn group_of(action: &Action) -> Option<&str> {
    match action {
        Action::Write { group, .. } => Some(group),
        Action::Add { field, .. } | Action::Remove { field, .. } => Some(field),
        Action::Move { .. } => Some(STATE),
        Action::Delete | Action::Restore => Some(DELETED),
        Action::Create { .. } | Action::Release { .. } | Action::Unknown(_) => None,
    }
}
