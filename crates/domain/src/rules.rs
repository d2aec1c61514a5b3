//! What may be done: roles, lifecycle, locks and required fields.
//!
//! The laptop asks before it saves, for comfort; the server asks again, for truth.

use crate::catalog::{Field, FieldType, Kind, Required, State};
use crate::change::Action;
use crate::merge::{collides, overlay};
use crate::weight::bounded;
use crate::{Catalog, Change, Record, Refusal, Scope, Value};

/// The one role that may do everything.
pub const ADMIN: &str = "admin";

/// Who asks: a role, and the scopes that it holds there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// A role of the catalog.
    pub role: String,
    /// The scopes it is held in.
    pub scopes: Vec<Scope>,
}

/// Whether `change` may be made to `record` by someone in `post`.
///
/// An action that will collide is not judged by the record's present state: it
/// is parked, and judged when a person decides it.
///
/// # Errors
/// The first rule that the change breaks.
pub fn admit(catalog: &Catalog, post: &Post, record: Option<&Record>, change: &Change) -> Result<(), Refusal> {
    if !post.scopes.contains(&change.scope) {
        return Err(outside(&change.scope, &post.scopes));
    }
    bounded(record, change)?;
    let Ok(kind) = catalog.kind(&change.kind) else {
        return Ok(()); // A newer peer's kind: kept and passed on untouched.
    };
    let creates = matches!(change.actions.first(), Some(Action::Create { .. }));
    match record {
        None if !creates => return Err(Refusal::UnknownRecord { record: change.record.to_string() }),
        Some(_) if creates => return Err(Refusal::AlreadyExists { record: change.record.to_string() }),
        Some(record) if record.scope != change.scope || record.kind != change.kind => {
            return Err(Refusal::UnknownRecord { record: change.record.to_string() });
        }
        _ => {}
    }
    let mut brought_back: Option<Record> = None;
    for action in &change.actions {
        let standing = brought_back.as_ref().or(record);
        if standing.is_some_and(|record| collides(record, change, action)) {
            continue;
        }
        admit_action(catalog, post, kind, standing, &change.scope, action)?;
        if matches!(action, Action::Restore) {
            // What follows is done to a record that is there again.
            brought_back = standing.map(|record| Record { deleted: false, ..record.clone() });
        }
    }
    if demands(kind, change) { required(kind, &After::of(record, change), change) } else { Ok(()) }
}

/// A record as `change` leaves it, as far as [`required`] asks.
enum After<'a> {
    /// Made whole, where a set loses items: whether it does is for `merge` to say.
    Made(Box<Record>),
    /// Seen through the change: a record need not be copied to know what it lacks.
    Seen(Option<&'a Record>, &'a [Action]),
}

impl<'a> After<'a> {
    fn of(record: Option<&'a Record>, change: &'a Change) -> Self {
        if change.actions.iter().any(|action| matches!(action, Action::Remove { .. })) {
            return Self::Made(Box::new(overlay(record.cloned(), change)));
        }
        Self::Seen(record, &change.actions)
    }

    fn deleted(&self) -> bool {
        match self {
            Self::Made(record) => record.deleted,
            Self::Seen(record, actions) => {
                let last = actions.iter().rev().find(|action| matches!(action, Action::Delete | Action::Restore));
                last.map_or_else(|| record.is_some_and(|record| record.deleted), |last| matches!(last, Action::Delete))
            }
        }
    }

    fn state(&self) -> Option<&str> {
        match self {
            Self::Made(record) => record.state.as_deref(),
            Self::Seen(record, actions) => {
                let last = actions.iter().rev().find_map(|action| match action {
                    Action::Create { state } => Some(state.as_deref()),
                    Action::Move { to, .. } => Some(Some(to.as_str())),
                    _ => None,
                });
                last.unwrap_or_else(|| record.and_then(|record| record.state.as_deref()))
            }
        }
    }

    /// A field's value; of a set, which decides nothing, only what stood before.
    fn value(&self, field: &str) -> Option<&Value> {
        match self {
            Self::Made(record) => record.fields.get(field),
            Self::Seen(record, actions) => {
                let last = actions.iter().rev().find_map(|action| match action {
                    Action::Write { values, .. } => values.get(field),
                    _ => None,
                });
                last.or_else(|| record.and_then(|record| record.fields.get(field)))
            }
        }
    }

    /// Whether `field` belongs to the record.
    fn has(&self, kind: &Kind, field: &Field) -> bool {
        kind.conditions(field).all(|when| when.holds(self.value(&when.field)))
    }

    fn is_empty(&self, field: &str) -> bool {
        match self {
            Self::Made(record) => is_empty(record, field),
            Self::Seen(record, actions) => {
                let last = actions.iter().rev().find_map(|action| match action {
                    Action::Write { values, .. } => values.get(field).map(lacks),
                    Action::Add { field: name, items } if name == field && !items.is_empty() => Some(false),
                    _ => None,
                });
                last.unwrap_or_else(|| record.is_none_or(|record| is_empty(record, field)))
            }
        }
    }
}

/// Whether `change` can leave anything out that [`required`] asks for: by
/// emptying it, or by bringing in the block of which it is.
fn demands(kind: &Kind, change: &Change) -> bool {
    let asked = |name: &String| {
        kind.field(name).is_ok_and(|field| !matches!(field.required, Required::Always(false))) || decides(kind, name)
    };
    change.actions.iter().any(|action| match action {
        Action::Create { .. } | Action::Move { .. } => true,
        Action::Write { values, .. } => values.keys().any(asked),
        _ => false,
    })
}

/// Whether it depends on this field which others belong to a record.
fn decides(kind: &Kind, name: &str) -> bool {
    let sections = kind.sections.iter().filter_map(|section| section.when.as_ref());
    sections.chain(kind.fields.iter().filter_map(|field| field.when.as_ref())).any(|when| when.field == name)
}

/// Whether `action` leaves every word of an entry as it was: files and remarks
/// may join it, and where two values stand already a person decides between them.
fn only_adds(kind: &Kind, record: &Record, action: &Action) -> bool {
    let open = |group: &str| record.conflicts.iter().any(|conflict| conflict.group == group);
    match action {
        Action::Create { .. } | Action::Release { .. } | Action::Restore | Action::Unknown(_) => true,
        Action::Add { field, .. } => kind
            .field(field)
            .map_or(true, |field| matches!(field.field_type, FieldType::Attachments | FieldType::Remarks)),
        Action::Write { group, values } => {
            open(group) || values.iter().all(|(name, value)| !changes(Some(record), name, value))
        }
        Action::Delete => !record.conflicts.is_empty(),
        Action::Remove { .. } | Action::Move { .. } => false,
    }
}

fn admit_action(
    catalog: &Catalog,
    post: &Post,
    kind: &Kind,
    record: Option<&Record>,
    scope: &Scope,
    action: &Action,
) -> Result<(), Refusal> {
    let state = record.and_then(|record| kind.state(record.state.as_deref()?).ok());
    if record.is_some_and(|record| record.deleted) && !matches!(action, Action::Restore) {
        return Err(Refusal::Deleted { record: record.map(|r| r.id.to_string()).unwrap_or_default() });
    }
    if kind.append_only && record.is_some_and(|record| !only_adds(kind, record, action)) {
        return Err(Refusal::AppendOnly { kind: kind.name.clone() });
    }
    match action {
        Action::Write { group, values } => {
            may_write(catalog, post, kind)?;
            for (name, value) in values {
                if let Ok(field) = kind.field(name) {
                    // Conflicts are found by group: an invented one would write past them.
                    if field.group() != group {
                        return Err(Refusal::WrongGroup { field: name.clone(), group: group.clone() });
                    }
                    field.check(value)?;
                    field.check_concealed(value)?;
                    lies_within(field, value, scope)?;
                }
            }
            values
                .keys()
                .filter(|name| changes(record, name, &values[*name]))
                .try_for_each(|name| unlocked(state, name))
        }
        Action::Add { field: name, items } => {
            may_write(catalog, post, kind)?;
            if let Ok(field) = kind.field(name) {
                items.iter().try_for_each(|item| field.check_item(item).map(drop))?;
            }
            unlocked(state, name)
        }
        Action::Remove { field, .. } => {
            may_write(catalog, post, kind)?;
            unlocked(state, field)
        }
        Action::Move { to, .. } => may_move(post, kind, state, to),
        Action::Delete | Action::Restore => {
            may_write(catalog, post, kind)?;
            match state.filter(|state| !state.locks.is_empty()) {
                Some(state) => Err(Refusal::Locked { field: kind.title.clone(), state: state.name.clone() }),
                None => Ok(()),
            }
        }
        Action::Create { state } => {
            may_write(catalog, post, kind)?;
            let first = kind.states.first().map(|first| first.name.clone());
            if *state == first {
                Ok(())
            } else {
                Err(Refusal::WrongState { from: String::new(), to: state.clone().unwrap_or_default() })
            }
        }
        Action::Release { .. } => Err(Refusal::NotAllowed { role: post.role.clone(), kind: kind.name.clone() }),
        Action::Unknown(_) => Ok(()),
    }
}

/// A place code, of a township or a village, lies in the scope of its record.
fn lies_within(field: &Field, value: &Value, scope: &Scope) -> Result<(), Refusal> {
    let code = value.as_str().filter(|_| field.digits.is_some_and(|digits| digits >= 9));
    match code {
        Some(code) if code.get(..9) != Some(scope.as_str()) => {
            Err(Refusal::OutsideScope { given: code.to_owned(), scopes: scope.to_string() })
        }
        _ => Ok(()),
    }
}

fn changes(record: Option<&Record>, name: &str, value: &Value) -> bool {
    record.and_then(|record| record.fields.get(name)).unwrap_or(&Value::Null) != value
}

fn may_write(catalog: &Catalog, post: &Post, kind: &Kind) -> Result<(), Refusal> {
    let writes = |role: &crate::catalog::Role| role.writes.iter().any(|name| name == "*" || *name == kind.name);
    if catalog.role(&post.role).is_some_and(writes) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed { role: post.role.clone(), kind: kind.name.clone() })
    }
}

fn may_move(post: &Post, kind: &Kind, state: Option<&State>, to: &str) -> Result<(), Refusal> {
    let target = kind.state(to)?;
    let from = state.map(|state| state.name.as_str()).unwrap_or_default();
    if from == to {
        return Ok(());
    }
    if !target.from.iter().any(|name| name == from) {
        return Err(Refusal::WrongState { from: from.to_owned(), to: to.to_owned() });
    }
    if post.role != ADMIN && !target.by.contains(&post.role) {
        return Err(Refusal::MoveNotAllowed { role: post.role.clone(), kind: kind.name.clone(), to: to.to_owned() });
    }
    Ok(())
}

/// Where a record can go from here, for someone in this role.
#[must_use]
pub fn moves<'k>(kind: &'k Kind, state: Option<&str>, role: &str) -> Vec<&'k State> {
    let open = |target: &&State| {
        state.is_some_and(|from| target.from.iter().any(|name| name == from))
            && (role == ADMIN || target.by.iter().any(|by| by == role))
    };
    kind.states.iter().filter(open).collect()
}

fn unlocked(state: Option<&State>, field: &str) -> Result<(), Refusal> {
    match state {
        Some(state) if state.locks.iter().any(|lock| lock == "*" || lock == field) => {
            Err(Refusal::Locked { field: field.to_owned(), state: state.name.clone() })
        }
        _ => Ok(()),
    }
}

/// Every field that the record's state requires is filled, as far as `change`
/// is the one that could have filled it: a record that came to lack a field by
/// a later rule can still be edited elsewhere.
fn required(kind: &Kind, after: &After<'_>, change: &Change) -> Result<(), Refusal> {
    if after.deleted() {
        return Ok(());
    }
    let arrives = change.actions.iter().any(|action| matches!(action, Action::Create { .. } | Action::Move { .. }));
    let written = |name: &String| {
        change.actions.iter().any(|action| matches!(action, Action::Write { values, .. } if values.contains_key(name)))
    };
    let touched =
        |field: &Field| arrives || written(&field.name) || kind.conditions(field).any(|when| written(&when.field));
    let lacking = |field: &Field| after.is_empty(&field.name) && after.has(kind, field);
    let missing = |field: &&Field| is_required(kind, field, after.state()) && touched(field) && lacking(field);
    if let Some(field) = kind.fields.iter().find(missing) {
        return Err(Refusal::Required { field: field.name.clone() });
    }
    let state = after.state().and_then(|name| kind.state(name).ok()).filter(|_| arrives);
    let needed = |name: &&String| match kind.field(name) {
        Ok(field) => lacking(field),
        Err(_) => after.is_empty(name),
    };
    match state.and_then(|state| state.needs.iter().find(needed)) {
        Some(name) => Err(Refusal::Required { field: name.clone() }),
        None => Ok(()),
    }
}

fn is_empty(record: &Record, field: &str) -> bool {
    record.fields.get(field).is_none_or(lacks)
}

fn lacks(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Whether a record in `state` must have `field` filled, where the field belongs to it.
#[must_use]
pub fn is_required(kind: &Kind, field: &Field, state: Option<&str>) -> bool {
    let place = |name: &str| kind.states.iter().position(|state| state.name == name);
    match &field.required {
        Required::Always(always) => *always,
        Required::From { from } => {
            let Some(at) = state.and_then(place) else { return false };
            !kind.states[at].aside && place(from).is_some_and(|from| at >= from)
        }
    }
}

fn outside(scope: &Scope, scopes: &[Scope]) -> Refusal {
    let scopes: Vec<&str> = scopes.iter().map(Scope::as_str).collect();
    Refusal::OutsideScope { given: scope.to_string(), scopes: scopes.join(", ") }
}
