//! Attach: keep an original file and put it into a record's set.

use std::path::Path;

use domain::catalog::FieldType;
use domain::change::item_key;
use domain::{Action, RecordId, Refusal, Value};
use serde_json::json;

use crate::files::FileVault;
use crate::types::Shown;
use crate::{Laptop, Result, Trouble};

/// A file with its name, its bytes still where they came from.
pub type NamedBytes<'a> = (&'a str, &'a [u8]);

impl Laptop {
    /// Attaches the files at these paths to a record, in one change.
    ///
    /// `field` is the set to put them into; without it, the kind's `photos`, or
    /// its only set of attachments.
    ///
    /// # Errors
    /// A file that cannot be read, a record without such a field, a locked record.
    pub fn attach_paths(&mut self, id: RecordId, field: Option<&str>, paths: &[&Path]) -> Result<Shown> {
        let mut files = Vec::new();
        for path in paths {
            let bytes = std::fs::read(path).map_err(|error| Trouble::reading(path, &error))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, bytes));
        }
        let files: Vec<NamedBytes<'_>> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        self.attach(id, field, &files)
    }

    /// Attaches files whose bytes are here already.
    ///
    /// # Errors
    /// As [`Laptop::attach_paths`].
    pub fn attach(&mut self, id: RecordId, field: Option<&str>, files: &[NamedBytes<'_>]) -> Result<Shown> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let mut sets = kind.fields.iter().filter(|field| field.field_type == FieldType::Attachments);
        let wanted = field.unwrap_or("photos");
        let field = match sets.clone().find(|field| field.name == wanted) {
            Some(field) => field,
            None if field.is_none() && sets.clone().count() == 1 => sets.next().expect("one was counted"),
            None => return Err(Refusal::UnknownField { kind: kind.name.clone(), field: wanted.to_owned() }.into()),
        };
        let mut items = Vec::new();
        for (name, bytes) in files {
            let file = FileVault::named(name, bytes);
            let item = json!({"sha256": file.sha256, "name": file.name, "bytes": file.bytes});
            let same = |held: &Value| item_key(held) == file.sha256;
            if !row.record.items(&field.name).iter().chain(&items).any(same) {
                items.push(item);
            }
        }
        let add = Action::Add { field: field.name.clone(), items: items.clone() };
        if !items.is_empty() {
            // Asked before a file is kept: a refused one would wait here for ever, belonging to nothing.
            self.admissible(id, &kind, row.record.scope.clone(), vec![add.clone()])?;
        }
        for (name, bytes) in files {
            let file = self.files.put(name, bytes).map_err(|error| Trouble::storage(&error))?;
            self.store.attachment_is_here(&file, taken(bytes).as_deref())?;
        }
        if items.is_empty() {
            return self.shown(row);
        }
        let row = self.save(id, &kind, row.record.scope, vec![add], None)?;
        self.shown(row)
    }
}

/// When a picture was taken, by its EXIF: `YYYY-MM-DD HH:MM:SS`.
fn taken(bytes: &[u8]) -> Option<String> {
    // Many a camera writes one entry wrongly and the rest well.
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_from_container(&mut std::io::Cursor::new(bytes));
    let exif = read.or_else(|error| error.distill_partial_result(|_| ())).ok()?;
    let field = exif.get_field(exif::Tag::DateTimeOriginal, exif::In::PRIMARY)?;
    Some(field.display_value().to_string())
}
