//! Taking an import back as one step: what it made is deleted, what it changed
//! gets its old values again, as ordinary changes that everybody sees. Where
//! somebody has written since, or has built on what it made, nothing is touched,
//! and it is said.

use std::collections::HashMap;
use std::sync::Arc;

use domain::catalog::Kind;
use domain::{Action, Fields, Record, RecordId, Refusal};
use store::{BatchEntry, Draft, Row, SyncState};
use uuid::Uuid;

use super::{ImportBatch, ImportLeft, ImportUndone};
use crate::{AppError, Laptop, Result, Trouble};

/// Records that another refers to, each with one that does.
type BuiltOn = HashMap<RecordId, RecordId>;

/// What is to be done about one row.
struct Step {
    entry: BatchEntry,
    title: String,
    draft: Option<Draft>,
    left: Option<(Vec<String>, AppError)>,
}

impl Laptop {
    /// The imports that can be taken back, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn imports(&self) -> Result<Vec<ImportBatch>> {
        let view = |batch: store::Batch| ImportBatch {
            batch: batch.id.to_string(),
            at: batch.at,
            by: batch.person,
            file: batch.file,
            kind: batch.kind,
            undone_at: batch.undone_at,
            standing: batch.standing,
        };
        Ok(self.store.batches()?.into_iter().map(view).collect())
    }

    /// Takes the import `batch` back, as far as nobody has written since.
    ///
    /// # Errors
    /// [`Trouble::UnknownImport`]; a full disk. Nothing is written then.
    pub fn undo_import(&mut self, batch: &str) -> Result<ImportUndone> {
        let unknown = || Trouble::UnknownImport { batch: batch.to_owned() };
        let id: Uuid = batch.parse().map_err(|_| unknown())?;
        let known = self.store.batches()?.into_iter().find(|known| known.id == id).ok_or_else(unknown)?;
        let kind = self.kind(&known.kind)?;
        let entries: Vec<_> = self.store.batch_entries(id)?.into_iter().filter(|entry| !entry.undone).collect();
        let made = entries.iter().filter(|entry| entry.made).map(|entry| entry.record).collect();
        let built_on = self.store.referred_to(&kind, &made)?;
        let mut steps = Vec::new();
        for entry in entries {
            steps.push(self.step(&kind, entry, &built_on)?);
        }
        let drafts = steps.iter_mut().filter_map(|step| Some((step.entry.row, step.draft.take()?))).collect::<Vec<_>>();
        let written: Vec<u32> = drafts.iter().map(|(row, _)| *row).collect();
        let (catalog, post) = (Arc::clone(&self.rules), self.post()?);
        let mut admit =
            |before: Option<&Record>, change: &domain::Change| domain::rules::admit(&catalog, &post, before, change);
        let late = self.store.undo_batch(id, &Self::now(), drafts, &mut admit)?;
        self.index();
        let mut undone = ImportUndone::default();
        for step in steps {
            let refused = late.iter().find(|(row, _)| *row == step.entry.row).map(|(_, refusal)| refusal.clone());
            if written.contains(&step.entry.row) && refused.is_none() {
                *if step.entry.made { &mut undone.deleted } else { &mut undone.restored } += 1;
            }
            let left = refused.map(|refusal| (Vec::new(), refusal.into())).or(step.left);
            undone.left.extend(left.map(|(fields, reason)| ImportLeft {
                row: step.entry.row,
                record: step.entry.record,
                title: step.title,
                fields,
                reason: reason.view(),
            }));
        }
        Ok(undone)
    }

    fn step(&self, kind: &Kind, entry: BatchEntry, built_on: &BuiltOn) -> Result<Step> {
        let mut step = Step { entry, title: String::new(), draft: None, left: None };
        let id = step.entry.record;
        let Some(row) = self.store.record(id)? else {
            step.left = Some((Vec::new(), AppError::unknown_record(&id.to_string())));
            return Ok(step);
        };
        step.title = store::title(self.catalog(), &row.record);
        let written_since = written_since(kind, &row.record, &step.entry.after)?;
        if let Some(reason) = self.standing_in_the_way(kind, &row, &step.entry, &written_since, built_on)? {
            step.left = Some((written_since, reason));
            return Ok(step);
        }
        let actions = if step.entry.made {
            vec![Action::Delete]
        } else {
            let mut before = step.entry.before.clone();
            before.retain(|name, _| !written_since.contains(name));
            kind.edit(&row.record.fields, &before)?
        };
        if !written_since.is_empty() {
            step.left = Some((written_since, Trouble::WrittenSince { title: step.title.clone() }.into()));
        }
        if !actions.is_empty() {
            step.draft = Some(self.draft_of(id, kind, row.record.scope, actions, None));
        }
        Ok(step)
    }

    /// Why a whole record is left as it is, if it is.
    fn standing_in_the_way(
        &self,
        kind: &Kind,
        row: &Row,
        entry: &BatchEntry,
        written_since: &[String],
        built_on: &BuiltOn,
    ) -> Result<Option<AppError>> {
        let (record, title) = (&row.record, || store::title(self.catalog(), &row.record));
        if record.deleted {
            return Ok(Some(Refusal::Deleted { record: record.id.to_string() }.into()));
        }
        if matches!(row.sync, SyncState::Refused | SyncState::Conflict) {
            return Ok(Some(Trouble::WrittenSince { title: title() }.into()));
        }
        if !entry.made {
            let all = entry.after.keys().all(|name| written_since.contains(name));
            return Ok(all.then(|| Trouble::WrittenSince { title: title() }.into()));
        }
        let added = record.fields.iter().any(|(name, value)| {
            let given = kind.field(name).is_ok_and(|field| field.given);
            !given
                && !value.is_null()
                && !value.as_array().is_some_and(Vec::is_empty)
                && !entry.after.contains_key(name)
        });
        let moved = record.state.as_ref() != kind.states.first().map(|state| &state.name);
        if added || moved || !written_since.is_empty() {
            return Ok(Some(Trouble::WrittenSince { title: title() }.into()));
        }
        let Some(other) = built_on.get(&record.id) else { return Ok(None) };
        let other = self.called(*other)?;
        Ok(Some(Trouble::BuiltOn { title: title(), other }.into()))
    }

    /// The title of a record, or what it is where it has none.
    fn called(&self, id: RecordId) -> Result<String> {
        let row = self.row(id)?;
        let title = store::title(self.catalog(), &row.record);
        Ok(if title.is_empty() { self.kind(&row.record.kind)?.label.zh.clone() } else { title })
    }
}

/// The fields of an import's row that are not as it left them: with every field that is decided with them.
fn written_since(kind: &Kind, record: &Record, after: &Fields) -> Result<Vec<String>> {
    let mut groups: std::collections::BTreeMap<&str, Fields> = std::collections::BTreeMap::new();
    for (name, value) in after {
        let group = kind.field(name).map_or(name.as_str(), domain::catalog::Field::group);
        groups.entry(group).or_default().insert(name.clone(), value.clone());
    }
    let mut names = Vec::new();
    for fields in groups.values() {
        let known: Fields =
            fields.iter().filter(|(name, _)| kind.field(name).is_ok()).map(|(n, v)| (n.clone(), v.clone())).collect();
        if !kind.edit(&record.fields, &known)?.is_empty() {
            names.extend(known.into_keys());
        }
    }
    Ok(names)
}
