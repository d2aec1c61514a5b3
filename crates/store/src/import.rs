//! Many saves as one: an import and its taking back are in one transaction, so
//! that a process killed half way has written nothing, and begins again.
//!
//! A row that a rule refuses at the last moment is left out, and the others go
//! on: its own part of the transaction is rolled back, and no counter is spent.

use std::collections::{HashMap, HashSet};

use domain::catalog::Kind;
use domain::{Action, Change, Fields, Record, RecordId, Refusal};
use rusqlite::{Transaction, TransactionBehavior};

use crate::save::enter;
use crate::table::import::{self, Batch, BatchEntry};
use crate::{Draft, Result, SaveError, Store, joined, list};

/// What a rule says to a change, with the record as it stands.
pub type Admit<'a> = &'a mut dyn FnMut(Option<&Record>, &Change) -> std::result::Result<(), Refusal>;

/// The rows that were refused at the last moment, by their numbers.
pub type LateRefusals = Vec<(u32, Refusal)>;

impl Store {
    /// Saves the drafts of an import's rows, or none of them, and keeps what they did.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing was.
    pub fn save_batch(&mut self, batch: &Batch, drafts: Vec<(u32, Draft)>, admit: Admit<'_>) -> Result<LateRefusals> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        import::begin(&tx, batch)?;
        let mut late = Vec::new();
        for (row, draft) in drafts {
            let record = draft.record;
            let touched = touched(&draft.actions);
            let standing = crate::table::record::shown(&tx, record)?.map(|row| row.record.fields);
            let made = standing.is_none();
            let saved = saved(&tx, draft, admit)?;
            match saved {
                Err(refusal) => late.push((row, refusal)),
                Ok(after) => {
                    let part = |fields: &Fields| -> Fields {
                        touched
                            .iter()
                            .map(|name| (name.clone(), fields.get(name).cloned().unwrap_or_default()))
                            .collect()
                    };
                    let before = part(&standing.unwrap_or_default());
                    let entry = BatchEntry { row, record, made, before, after: part(&after), undone: false };
                    import::enter(&tx, batch.id, &entry)?;
                }
            }
        }
        tx.commit()?;
        Ok(late)
    }

    /// Saves the drafts that take rows of an import back, or none of them. An import
    /// of which nothing could be taken back does not count as undone.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing was.
    pub fn undo_batch(
        &mut self,
        batch: uuid::Uuid,
        at: &str,
        drafts: Vec<(u32, Draft)>,
        admit: Admit<'_>,
    ) -> Result<LateRefusals> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut late, rows) = (Vec::new(), drafts.len());
        for (row, draft) in drafts {
            match saved(&tx, draft, admit)? {
                Err(refusal) => late.push((row, refusal)),
                Ok(_) => import::take_back(&tx, batch, row)?,
            }
        }
        if late.len() < rows {
            import::end(&tx, batch, at)?;
        }
        tx.commit()?;
        Ok(late)
    }

    /// What the lists know of every live record of `kind`: its id, and the fields
    /// that name it or refer (see [`crate::ListQuery`]). No record is opened for it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn keys(&self, kind: &str) -> Result<Vec<(RecordId, Fields)>> {
        self.index_all()?;
        let mut statement = self.conn.prepare_cached("SELECT id, keys FROM listed WHERE kind = ?1")?;
        let rows = statement.query_map([kind], |row| Ok((RecordId(row.get(0)?), row.get::<_, String>(1)?)))?;
        let mut keys = Vec::new();
        for row in rows {
            let (id, text) = row?;
            keys.push((id, serde_json::from_str(&text)?));
        }
        Ok(keys)
    }

    /// Of the records `wanted`, all of `kind`, those that a live record refers to, each
    /// with one that does. However many are wanted, each ledger is gone through once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn referred_to(&self, kind: &Kind, wanted: &HashSet<RecordId>) -> Result<HashMap<RecordId, RecordId>> {
        self.index_all()?;
        let mut found = HashMap::new();
        for other in &self.catalog.kinds {
            let refers = |to: Option<&String>, by: Option<&String>| to == Some(&kind.name) && by.is_none();
            for field in other.fields.iter().filter(|field| refers(field.to.as_ref(), field.by.as_ref())) {
                let Some(sql) = list::references_sql(other, field) else { continue };
                let mut statement = self.conn.prepare(&sql)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let Some(to) = row.get_ref(0)?.as_str().ok().and_then(|id| id.parse().ok()) else { continue };
                    // Lists follow by themselves what was joined into another; the items of a set do not.
                    let to = if field.is_set() { joined::root(&self.conn, to)? } else { to };
                    if wanted.contains(&to) {
                        found.entry(to).or_insert(RecordId(row.get(1)?));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// One save among several; a refusal undoes it alone.
fn saved(tx: &Transaction<'_>, draft: Draft, admit: Admit<'_>) -> Result<std::result::Result<Fields, Refusal>> {
    tx.prepare_cached("SAVEPOINT one")?.execute([])?;
    let outcome = match enter(tx, draft, |record, change| admit(record, change)) {
        Ok(row) => Ok(row.record.fields),
        Err(SaveError::Refused(refusal)) => {
            tx.prepare_cached("ROLLBACK TO one")?.execute([])?;
            Err(refusal)
        }
        Err(SaveError::Store(error)) => return Err(error),
    };
    tx.prepare_cached("RELEASE one")?.execute([])?;
    Ok(outcome)
}

/// The fields that `actions` write, but for the number that the program gives.
fn touched(actions: &[Action]) -> Vec<String> {
    let names = actions.iter().flat_map(|action| match action {
        Action::Write { values, .. } => values.keys().cloned().collect(),
        Action::Add { field, .. } | Action::Remove { field, .. } => vec![field.clone()],
        _ => Vec::<String>::new(),
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use domain::Value;

    use super::*;

    #[test]
    fn what_a_row_writes_is_what_its_actions_name() {
        let values = Fields::from([("a".to_owned(), Value::from(1)), ("b".to_owned(), Value::Null)]);
        let actions = [
            Action::Create { state: None },
            Action::Write { group: "g".to_owned(), values },
            Action::Add { field: "c".to_owned(), items: Vec::new() },
        ];
        assert_eq!(touched(&actions), ["a", "b", "c"], "also what it empties");
    }
}
