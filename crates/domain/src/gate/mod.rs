//! The gate: what a change needs of the records around its own.
//!
//! [`rules::admit`](crate::rules::admit) looks at one record. Some rules look
//! further: an application in which something blocks is not reported, one is
//! returned only with a remark to answer, what it asks for stays as it was handed
//! in, none is called accepted, paid or evaluated without the records of it, a
//! programme's version is published once. Laptop and district each lend a
//! [`Shelf`] to look on: the laptop asks for comfort, the district for truth.

mod grounds;

use chrono::NaiveDate;

use crate::catalog::{Kind, Lock};
use crate::change::Action;
use crate::programme::Programme;
use crate::review::{GUARDED, review};
use crate::submission::{Shelf, Submission, id_in};
use crate::{Catalog, Change, Record, Refusal, overlay};

/// The state in which a township mends what a reviewer remarked.
const RETURNED: &str = "returned";

/// The state from which on a programme never changes.
const PUBLISHED: &str = "published";

/// Why `change` may not be made to the record `before` on the day `today`, where
/// the records on `shelf` speak against it.
///
/// # Errors
/// When the shelf cannot be read.
pub fn refusal<S: Shelf>(
    shelf: &S,
    catalog: &Catalog,
    before: Option<&Record>,
    change: &Change,
    today: NaiveDate,
) -> Result<Option<Refusal>, S::Error> {
    if let Ok(kind) = catalog.kind(&change.kind)
        && let Some(refusal) = locked_with(shelf, kind, before, change)?
    {
        return Ok(Some(refusal));
    }
    let moves_to = |state: &str| change.actions.iter().any(|one| matches!(one, Action::Move { to, .. } if to == state));
    let Some(standing) = before else { return Ok(None) };
    match change.kind.as_str() {
        "application" if moves_to(GUARDED) => {
            // As it stands while it is asked: with all that the change writes, and not reported yet.
            let after = overlay(Some(standing.clone()), change);
            let asked = Record { state: standing.state.clone(), ..after };
            Ok(ready(&Submission::of(shelf, asked)?, catalog, today).err())
        }
        "application" if moves_to(RETURNED) => {
            let remarks = shelf.referring("review_remark", "application", &[standing.id])?;
            Ok((!remarks.iter().any(is_open)).then_some(Refusal::ReturnedWithoutRemark))
        }
        "application" => unfounded(shelf, catalog, standing, change, today),
        "programme" if moves_to(PUBLISHED) => published(shelf, catalog, &overlay(Some(standing.clone()), change)),
        _ => Ok(None),
    }
}

/// The first thing that a step of an application rests on and that is not there.
fn unfounded<S: Shelf>(
    shelf: &S,
    catalog: &Catalog,
    standing: &Record,
    change: &Change,
    today: NaiveDate,
) -> Result<Option<Refusal>, S::Error> {
    let Ok(kind) = catalog.kind(&change.kind) else { return Ok(None) };
    let to = change.actions.iter().find_map(|one| match one {
        Action::Move { to, .. } => kind.state(to).ok(),
        _ => None,
    });
    // A step that does not follow on its state is refused for that.
    let follows = |from: &str| to.is_some_and(|state| state.from.iter().any(|one| one == from));
    let to = to.filter(|state| !state.grounds.is_empty() && standing.state.as_deref().is_some_and(follows));
    let Some(state) = to else { return Ok(None) };
    let submission = Submission::of(shelf, overlay(Some(standing.clone()), change))?;
    Ok(state.grounds.iter().find_map(|ground| grounds::missing(&submission, *ground, &state.name, today)))
}

/// Whether nothing in the application blocks on the day `today`.
///
/// # Errors
/// [`Refusal::NotReady`] with the first thing that does.
pub fn ready(submission: &Submission, catalog: &Catalog, today: NaiveDate) -> Result<(), Refusal> {
    let found = review(submission, catalog, today);
    let mut blocking = found.iter().filter(|finding| finding.blocks());
    let Some(first) = blocking.next() else { return Ok(()) };
    let record = first.mend.as_ref().map(|mend| mend.record).or_else(|| first.records.first().copied());
    Err(Refusal::NotReady {
        rule: first.rule.name().to_owned(),
        clause: first.clause.clone(),
        record: record.map(|record| record.to_string()).unwrap_or_default(),
        count: (blocking.count() + 1).to_string(),
    })
}

/// Whether a remark waits for the township's answer.
#[must_use]
pub fn is_open(remark: &Record) -> bool {
    matches!(remark.state.as_deref(), None | Some("open" | "reopened"))
}

/// Why a record is not written, if the one that it belongs to stands where it holds it fast.
fn locked_with<S: Shelf>(
    shelf: &S,
    kind: &Kind,
    before: Option<&Record>,
    change: &Change,
) -> Result<Option<Refusal>, S::Error> {
    if kind.locks.is_empty() {
        return Ok(None);
    }
    let creates = before.is_none();
    let writes = |action: &Action| !matches!(action, Action::Move { .. } | Action::Release { .. } | Action::Unknown(_));
    if !change.actions.iter().any(writes) {
        return Ok(None);
    }
    // Where it belongs, and where it would: what is locked is neither taken out nor put in.
    let after = overlay(before.cloned(), change);
    for lock in kind.locks.iter().filter(|lock| !(creates && lock.adds)) {
        for record in before.into_iter().chain([&after]) {
            if let Some(refusal) = held_by(shelf, kind, lock, record)? {
                return Ok(Some(refusal));
            }
        }
    }
    Ok(None)
}

fn held_by<S: Shelf>(shelf: &S, kind: &Kind, lock: &Lock, record: &Record) -> Result<Option<Refusal>, S::Error> {
    let above = id_in(record, &lock.with).map(|id| shelf.record(id)).transpose()?.flatten();
    let Some(state) = above.and_then(|above| above.state).filter(|state| lock.states.contains(state)) else {
        return Ok(None);
    };
    let with = kind.field(&lock.with).ok().and_then(|field| field.to.clone()).unwrap_or_default();
    Ok(Some(Refusal::LockedWith { kind: kind.name.clone(), with, state }))
}

/// Why a programme's version is not published: its text does not hold together, or
/// another record was published under its code and version.
fn published<S: Shelf>(shelf: &S, catalog: &Catalog, asked: &Record) -> Result<Option<Refusal>, S::Error> {
    if let Some(place) = unsound(catalog, asked) {
        return Ok(Some(Refusal::ProgrammeUnsound { place }));
    }
    let bound = |other: &&Record| {
        other.id != asked.id
            && matches!(other.state.as_deref(), Some(PUBLISHED | "retired"))
            && ["code", "version"].iter().all(|field| other.fields.get(*field) == asked.fields.get(*field))
    };
    let programmes = shelf.all("programme", &asked.scope)?;
    Ok(programmes.iter().find(bound).map(|_| Refusal::ProgrammePublished {
        code: asked.text("code").unwrap_or_default().to_owned(),
        version: asked.integer("version").unwrap_or_default().to_string(),
    }))
}

/// The first place at which the text of a programme does not hold together, or
/// is not the one that its record speaks of.
fn unsound(catalog: &Catalog, record: &Record) -> Option<String> {
    let programme = match Programme::parse(record.text("rules").unwrap_or_default()) {
        Ok(programme) => programme,
        Err(problems) => return Some(problems.first().map(|problem| problem.place.clone()).unwrap_or_default()),
    };
    let own =
        record.text("code") == Some(&programme.code) && record.integer("version") == Some(programme.version.into());
    let strange = programme.unknown_to(catalog).first().map(|problem| problem.place.clone());
    strange.or_else(|| (!own).then(|| "version".to_owned()))
}
