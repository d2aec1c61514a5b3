//! What people do on their laptops: few records and few values, so that they meet.

use domain::rules::{Post, admit};
use domain::{Action, Change, ChangeId, Fields, Record, RecordId, Scope, Value};
use serde_json::json;
use store::{Draft, SaveError};

use crate::catalog::Age;
use crate::oracle::{Broken, Promise, broken};
use crate::world::{World, every_scope};

/// The files that photos are: their names say what they hold.
pub(crate) const FILES: usize = 3;

/// The most records that people begin.
const RECORDS: usize = 6;

/// The name of file `n`.
pub(crate) fn file(n: usize) -> String {
    format!("{:064x}", 0xF17E + n)
}

/// What somebody wants to be saved.
struct Wish {
    record: RecordId,
    kind: String,
    scope: Scope,
    actions: Vec<Action>,
    /// The program of this laptop does not ask its own rules: it is older, or bent.
    unasked: bool,
}

impl World<'_> {
    /// Somebody saves something on a laptop.
    pub(crate) fn deed(&mut self, number: usize) -> Result<(), Broken> {
        let Some(wish) = self.wish(number)? else { return Ok(()) };
        self.save(number, wish, None).map(drop)
    }

    /// What somebody may want now.
    fn wish(&mut self, number: usize) -> Result<Option<Wish>, Broken> {
        let fault = |error: store::Error| broken(Promise::HonestIsHeard, error.to_string());
        let held: Vec<Scope> =
            self.laptops[number].store.scopes().map_err(fault)?.into_iter().map(|row| row.scope).collect();
        let begin = self.records.len() < 2 || (self.records.len() < RECORDS && self.chance.percent(25));
        if begin {
            return Ok(self.beginning(number, &held));
        }
        let Some(id) = self.chance.one(&self.records).copied() else { return Ok(None) };
        let Some(row) = self.laptops[number].store.record(id).map_err(fault)? else { return Ok(None) };
        let mut actions = Vec::new();
        for _ in 0..self.chance.within(1..3) {
            let action = self.action(&row.record);
            if actions.iter().all(|other| is_apart(other, &action)) {
                actions.push(action);
            }
        }
        let unasked = self.chance.percent(8);
        Ok(Some(Wish { record: id, kind: row.record.kind.clone(), scope: row.record.scope, actions, unasked }))
    }

    fn beginning(&mut self, number: usize, held: &[Scope]) -> Option<Wish> {
        let foreign = self.chance.percent(4);
        let every: Vec<Scope> = every_scope().into_iter().collect();
        let scope = self.chance.one(if foreign { &every } else { held })?.clone();
        let newer = self.laptops[number].age == Age::Newer && self.chance.percent(40);
        let kind = if newer { "gadget" } else { "site" };
        let record = RecordId(self.chance.uuid(self.now));
        let state = (!newer).then(|| "draft".to_owned());
        let name = self.value("name");
        let mut actions = vec![Action::Create { state }, write("name", [("name", name)])];
        if !newer && self.chance.percent(50) {
            actions.push(write("code", [("code", self.value("code"))]));
        }
        self.records.push(record);
        Some(Wish { record, kind: kind.to_owned(), scope, actions, unasked: foreign })
    }

    /// One thing that can be done to a record.
    fn action(&mut self, record: &Record) -> Action {
        let deleted = record.deleted;
        match self.chance.within(0..24) {
            0..=4 => write("name", [("name", self.value("name"))]),
            5..=9 => write("pair", [("a", self.value("a")), ("b", self.value("b"))]),
            10 | 11 => write("c", [("c", self.value("c"))]),
            12 => write("code", [("code", self.value("code"))]),
            13 | 14 => {
                let id = format!("m{}", self.chance.within(0..3));
                Action::Add { field: "marks".to_owned(), items: vec![json!({"id": id, "text": id})] }
            }
            15 => {
                let key = format!("m{}", self.chance.within(0..3));
                Action::Remove { field: "marks".to_owned(), keys: vec![key] }
            }
            16 if self.weather.files => {
                let sha256 = file(self.chance.within(0..FILES));
                let items = vec![json!({"sha256": sha256, "name": "photo.jpg", "bytes": 7})];
                Action::Add { field: "photos".to_owned(), items }
            }
            17 if self.weather.files => {
                let keys = vec![file(self.chance.within(0..FILES))];
                Action::Remove { field: "photos".to_owned(), keys }
            }
            18..=20 => {
                let to = if record.state.as_deref() == Some("sent") { "back" } else { "sent" };
                Action::Move { to: to.to_owned(), remark: None }
            }
            21 if !deleted => Action::Delete,
            21 | 22 if deleted => Action::Restore,
            23 if self.chance.percent(20) => Action::Unknown(json!({"do": "sparkle"})),
            _ => write("name", [("name", self.value("name"))]),
        }
    }

    /// Mostly a new value, sometimes one that another may write as well, rarely none or a wrong one.
    fn value(&mut self, field: &str) -> Value {
        let small = self.chance.percent(25);
        let n = self.chance.within(0..if small { 2 } else { 1_000_000 });
        match field {
            "c" if self.chance.percent(20) => json!(5_000),
            "c" => json!(n % 1_000),
            "code" => json!(format!("{}", n % 4)),
            "name" => json!(format!("name {n}")),
            _ if self.chance.percent(10) => Value::Null,
            _ => json!(format!("{field} {n}")),
        }
    }

    /// Saves as the program does: by the rules of this laptop's catalog.
    fn save(&mut self, number: usize, wish: Wish, again: Option<ChangeId>) -> Result<bool, Broken> {
        let fault = |error: store::Error| broken(Promise::HonestIsHeard, error.to_string());
        let Wish { record, kind, scope, actions, unasked } = wish;
        let at = self.time_at(number);
        let id = ChangeId(self.chance.uuid(self.now));
        let laptop = &mut self.laptops[number];
        let catalog = laptop.store.catalog().clone();
        let scopes = laptop.store.scopes().map_err(fault)?.into_iter().map(|row| row.scope).collect();
        let post = Post { role: laptop.role.to_owned(), scopes };
        // Somebody looks at the screen before he writes.
        if let Some(row) = laptop.store.record(record).map_err(fault)? {
            let past = laptop.store.history(record).map_err(fault)?;
            laptop.mind.look(&row.record, &past);
        }
        let seen = laptop.mind.of(record);
        let draft = Draft { change: id, author: laptop.name.clone(), at, record, kind, scope, actions, number: None };
        let mut saved: Option<Change> = None;
        let rules = |before: Option<&Record>, change: &Change| {
            saved = Some(change.clone());
            if unasked { Ok(()) } else { admit(&catalog, &post, before, change) }
        };
        let done = match again {
            Some(refused) => laptop.store.save_again(draft, refused, rules),
            None => laptop.store.save(draft, rules),
        };
        match (done, saved) {
            (Ok(_), Some(change)) => {
                laptop.mind.own.entry(record).or_default().insert(change.id);
                if let Some(refused) = again {
                    laptop.mind.own.entry(record).or_default().remove(&refused);
                    self.oracle.given_up(refused);
                }
                let line = format!(
                    "{} saves {} as {} on {record} in {}, seen {}: {:?}",
                    laptop.name, change.id, change.counter, change.scope, change.seen, change.actions
                );
                self.oracle.saved(change, seen);
                self.say(line);
                self.touched.insert(number);
                Ok(true)
            }
            (Err(SaveError::Refused(_)), _) => Ok(false),
            (Err(error), _) => Err(broken(Promise::HonestIsHeard, format!("{} cannot save: {error}", laptop.name))),
            (Ok(_), None) => Err(broken(Promise::HonestIsHeard, "nobody asked the rules")),
        }
    }

    /// Somebody decides a conflict: for what stands or for what was parked.
    pub(crate) fn decide(&mut self, number: usize) -> Result<bool, Broken> {
        let fault = |error: store::Error| broken(Promise::HonestIsHeard, error.to_string());
        let rows = self.laptops[number].store.in_conflict().map_err(fault)?;
        let Some(row) = self.chance.one(&rows).cloned() else { return Ok(false) };
        let record = row.record;
        let Some(conflict) = self.chance.one(&record.conflicts).cloned() else { return Ok(false) };
        let mut actions = match &conflict.action {
            Action::Write { group, .. } if self.chance.percent(50) => {
                vec![Action::Write { group: group.clone(), values: record.standing(&conflict) }]
            }
            Action::Move { .. } if self.chance.percent(50) => {
                vec![Action::Move { to: record.state.clone().unwrap_or_default(), remark: None }]
            }
            Action::Delete => vec![if self.chance.percent(50) { Action::Delete } else { Action::Restore }],
            parked => vec![parked.clone()],
        };
        if record.deleted && !matches!(actions[0], Action::Delete | Action::Restore) {
            actions.insert(0, Action::Restore);
        }
        let (kind, scope) = (record.kind.clone(), record.scope.clone());
        self.save(number, Wish { record: record.id, kind, scope, actions, unasked: false }, None)
    }

    /// Somebody takes up a refused draft: gives it up, or writes it anew.
    pub(crate) fn take_up(&mut self, number: usize, only_discard: bool) -> Result<bool, Broken> {
        let fault = |error: store::Error| broken(Promise::HonestIsHeard, error.to_string());
        let drafts = self.laptops[number].store.refused().map_err(fault)?;
        let Some(draft) = self.chance.one(&drafts).cloned() else { return Ok(false) };
        let (id, record) = (draft.change.id, draft.change.record);
        if only_discard || self.chance.percent(50) {
            let laptop = &mut self.laptops[number];
            laptop.store.forget_refused(id).map_err(fault)?;
            laptop.mind.own.entry(record).or_default().remove(&id);
            let line = format!("{} gives up {id}", laptop.name);
            self.oracle.given_up(id);
            self.say(line);
            self.touched.insert(number);
            return Ok(true);
        }
        let mut actions = draft.change.actions;
        for action in &mut actions {
            if let Action::Write { values, .. } = action {
                for (name, value) in values {
                    *value = self.value(name);
                }
            }
        }
        let wish = Wish { record, kind: draft.change.kind, scope: draft.change.scope, actions, unasked: false };
        self.save(number, wish, Some(id))
    }
}

fn write<const N: usize>(group: &str, values: [(&str, Value); N]) -> Action {
    let values: Fields = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Action::Write { group: group.to_owned(), values }
}

/// Whether two actions of one save have nothing to do with each other.
fn is_apart(one: &Action, other: &Action) -> bool {
    let whole = |action: &Action| matches!(action, Action::Delete | Action::Restore);
    one.group() != other.group() && !whole(one) && !whole(other)
}
