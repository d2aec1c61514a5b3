//! Photos of an application that another township uses as well. Its laptop knows
//! its own township's photos only; that one picture stands for two places in two
//! townships, the district alone can see.

use std::collections::BTreeSet;

use domain::change::item_key;
use domain::evidence::{Phase, Use, is_photo_field, twice};
use domain::finding::Finding;
use domain::submission::{Submission, id_in};
use domain::{Catalog, Record, Scope};

use crate::database::{Tx, attachment_name};
use crate::error::Result;
use crate::submission::Shelf;

/// What is found of the application's photos, over all that the district holds.
pub(crate) fn check(
    tx: &Tx<'_>,
    shelf: &Shelf<'_>,
    catalog: &Catalog,
    submission: &Submission,
) -> Result<Vec<Finding>> {
    let own: Vec<Use> = submission.records().flat_map(|record| uses(catalog, record)).collect();
    let (mut found, mut asked) = (Vec::new(), BTreeSet::new());
    for photo in &own {
        if !asked.insert(&photo.sha256) {
            continue;
        }
        let scopes = attachment_name::scopes(tx, &photo.sha256)?;
        let mut all: Vec<Use> = own.iter().filter(|one| one.sha256 == photo.sha256).cloned().collect();
        for scope in scopes.iter().filter(|scope| **scope != submission.application.scope) {
            all.extend(elsewhere(shelf, catalog, scope, &photo.sha256)?);
        }
        // What is used twice within the township its own laptop has said.
        if all.iter().any(|one| own.iter().all(|mine| mine.record != one.record)) {
            found.extend(twice(&all));
        }
    }
    Ok(found)
}

/// Where a scope uses the file called `sha256` as a photo.
fn elsewhere(shelf: &Shelf<'_>, catalog: &Catalog, scope: &Scope, sha256: &str) -> Result<Vec<Use>> {
    let mut found = Vec::new();
    for kind in catalog.kinds.iter().filter(|kind| kind.fields.iter().any(is_photo_field)) {
        for record in domain::submission::Shelf::all(shelf, &kind.name, scope)? {
            found.extend(uses(catalog, &record).into_iter().filter(|one| one.sha256 == sha256));
        }
    }
    Ok(found)
}

/// The photos of a record, each with what it stands for.
fn uses(catalog: &Catalog, record: &Record) -> Vec<Use> {
    let Ok(kind) = catalog.kind(&record.kind) else { return Vec::new() };
    let works = if record.kind == "works" { Some(record.id) } else { id_in(record, "works") };
    let village = if record.kind == "village" { Some(record.id) } else { id_in(record, "village") };
    let title = record.text(&kind.title).unwrap_or_default();
    let mut found = Vec::new();
    for field in kind.fields.iter().filter(|field| is_photo_field(field)) {
        for item in record.items(&field.name) {
            let text = |name: &str| item.get(name).and_then(domain::Value::as_str).map(str::to_owned);
            found.push(Use {
                sha256: item_key(item),
                name: text("name").unwrap_or_default(),
                record: record.id,
                works,
                village,
                phase: Phase::named(&field.name),
                attached: None,
                modified: text("modified"),
                shown: format!("{} {} {title}", record.scope, kind.label.zh).trim().to_owned(),
            });
        }
    }
    found
}
