//! Attach: keep an original file and put it into a record's set.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use domain::catalog::{FieldType, Kind};
use domain::change::item_key;
use domain::{Action, RecordId, Refusal, Value};
use serde_json::json;

use crate::files::FileVault;
use crate::types::Shown;
use crate::{Laptop, Result, Trouble};

/// A file with its name, its bytes still where they came from.
pub type NamedBytes<'a> = (&'a str, &'a [u8]);

impl Laptop {
    /// Attaches the files at these paths to a record.
    ///
    /// `field` is the set to put them into; without it, the kind's `photos`, or
    /// its only set of attachments.
    ///
    /// # Errors
    /// A file that cannot be read, a record without such a field, a locked record.
    pub fn attach_paths(&mut self, id: RecordId, field: Option<&str>, paths: &[&Path]) -> Result<Shown> {
        for path in paths {
            // All or none, as far as that can be known before they are read.
            std::fs::File::open(path).map_err(|error| Trouble::reading(path, &error))?;
        }
        let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
        let taken = self.take_in(id, field, &paths, &mut |_, _| ControlFlow::Continue(()))?;
        match taken.files.into_iter().find_map(|file| Some((file.path, file.reason?))) {
            Some((path, reason)) => {
                let reason = reason.fields.get("reason").cloned().unwrap_or(reason.code);
                Err(Trouble::FileUnreadable { path, reason }.into())
            }
            None => self.shown(self.row(id)?),
        }
    }

    /// Attaches files whose bytes are here already.
    ///
    /// # Errors
    /// As [`Laptop::attach_paths`].
    pub fn attach(&mut self, id: RecordId, field: Option<&str>, files: &[NamedBytes<'_>]) -> Result<Shown> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let field = set_of(&kind, field)?.to_owned();
        let files: Vec<_> = files.iter().map(|(name, bytes)| (FileVault::named(name, bytes), *bytes)).collect();
        let mut items: Vec<Value> = Vec::new();
        for (file, _) in &files {
            let same = |held: &Value| item_key(held) == file.sha256;
            if !row.record.items(&field).iter().chain(&items).any(same) {
                items.push(json!({"sha256": file.sha256, "name": file.name, "bytes": file.bytes}));
            }
        }
        let add = Action::Add { field, items };
        let adds = matches!(&add, Action::Add { items, .. } if !items.is_empty());
        if adds {
            // Asked before a file is kept: a refused one would wait here for ever, belonging to nothing.
            self.admissible(id, &kind, row.record.scope.clone(), vec![add.clone()])?;
        }
        for (file, bytes) in &files {
            self.files.put(&file.sha256, bytes).map_err(|error| Trouble::storage(&error))?;
        }
        let files: Vec<_> = files.into_iter().map(|(file, bytes)| (file, Some(photo::facts(bytes)))).collect();
        self.store.attachments_are_here(&files, photo::READER)?;
        if !adds {
            return self.shown(row);
        }
        let row = self.save(id, &kind, row.record.scope, vec![add], None)?;
        self.shown(row)
    }
}

/// The set of attachments called `field`; without a name `photos`, or the only one.
pub(crate) fn set_of<'k>(kind: &'k Kind, field: Option<&str>) -> std::result::Result<&'k str, Refusal> {
    let mut sets = kind.fields.iter().filter(|field| field.field_type == FieldType::Attachments);
    let wanted = field.unwrap_or("photos");
    let found = match sets.clone().find(|field| field.name == wanted) {
        Some(found) => Some(found),
        None if field.is_none() && sets.clone().count() == 1 => sets.next(),
        None => None,
    };
    let unknown = || Refusal::UnknownField { kind: kind.name.clone(), field: wanted.to_owned() };
    found.map(|field| field.name.as_str()).ok_or_else(unknown)
}
