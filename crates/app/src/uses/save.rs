//! Save: add a record, edit it, move it along, delete it, bring it back.
//!
//! Each is one change, checked by the rules that the district will apply, and
//! on disk together with its place in the outbox when the function returns.

use std::sync::Arc;

use chrono::Datelike;
use domain::catalog::{Field, FieldType, Kind, ScopeRule, conceal};
use domain::{Action, Change, ChangeId, Fields, RecordId, Refusal, Scope, Value, rules};
use store::{Draft, Numbering, Row};
use uuid::Uuid;

use crate::types::Shown;
use crate::{AppError, Laptop, Result};

impl Laptop {
    /// Values for `kind` from text as a person types it, such as `contract_amount=12.5万元`.
    ///
    /// # Errors
    /// The first value that cannot be read, as a refusal that names its field.
    pub fn read_fields<'t>(&self, kind: &str, texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Fields> {
        let kind = self.kind(kind)?;
        let mut fields = Fields::new();
        for (name, text) in texts {
            fields.insert(name.to_owned(), kind.field(name)?.read_text(text)?);
        }
        Ok(fields)
    }

    /// Adds a record of `kind` with these values.
    ///
    /// # Errors
    /// What the rules refuse, with nothing saved.
    pub fn add(&mut self, kind: &str, fields: Fields) -> Result<Shown> {
        let kind = self.kind(kind)?;
        let fields = self.checked(&kind, fields)?;
        let (record, scope, actions) = self.beginning(&kind, fields)?;
        let number = kind.number.as_ref().map(|pattern| self.numbering(&kind, pattern)).transpose()?;
        let row = self.save(record, &kind, scope, actions, number)?;
        self.shown(row)
    }

    /// Sets fields of a record; `null` empties one. Saving what is there already changes nothing.
    ///
    /// # Errors
    /// What the rules refuse, with nothing saved.
    pub fn set(&mut self, id: RecordId, fields: Fields) -> Result<Shown> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let fields = self.checked(&kind, fields)?;
        let actions = kind.edit(&row.record.fields, &fields)?;
        if actions.is_empty() {
            return self.shown(row);
        }
        let row = self.save(id, &kind, row.record.scope, actions, None)?;
        self.shown(row)
    }

    /// Takes a record out of every list; its history stays, and it can be brought back.
    ///
    /// # Errors
    /// What the rules refuse.
    pub fn delete(&mut self, id: RecordId) -> Result<Shown> {
        self.act(id, Action::Delete)
    }

    /// Brings a deleted record back.
    ///
    /// # Errors
    /// What the rules refuse.
    pub fn restore(&mut self, id: RecordId) -> Result<Shown> {
        self.act(id, Action::Restore)
    }

    /// Moves a record along its lifecycle.
    ///
    /// # Errors
    /// [`Refusal::WrongState`], [`Refusal::MoveNotAllowed`], or a field that the state needs.
    pub fn move_to(&mut self, id: RecordId, state: &str, remark: Option<String>) -> Result<Shown> {
        self.act(id, Action::Move { to: state.to_owned(), remark })
    }

    /// The states to which this person may move the record now.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn moves(&self, id: RecordId) -> Result<Vec<String>> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let moves = rules::moves(&kind, row.record.state.as_deref(), &self.identity.role);
        Ok(moves.into_iter().map(|state| state.name.clone()).collect())
    }

    /// What brings a new record of `kind` into being: its id, its scope, its first actions.
    pub(crate) fn beginning(&self, kind: &Kind, mut fields: Fields) -> Result<(RecordId, Scope, Vec<Action>)> {
        derive(kind, &mut fields);
        let scope = self.scope_of_new(kind, &fields)?;
        Ok((RecordId(Uuid::now_v7()), scope, creation(kind, &fields)?))
    }

    /// Whether a save of these actions would be admitted, without saving.
    pub(crate) fn admissible(&self, record: RecordId, kind: &Kind, scope: Scope, actions: Vec<Action>) -> Result<()> {
        self.passes_gate(kind, record, &scope, &actions)?;
        let before = self.store.record(record)?.map(|row| row.record);
        let change = self.change_of(record, kind, scope, actions)?;
        Ok(rules::admit(self.catalog(), &self.post()?, before.as_ref(), &change)?)
    }

    /// The change that a save of these actions would be.
    pub(crate) fn change_of(
        &self,
        record: RecordId,
        kind: &Kind,
        scope: Scope,
        actions: Vec<Action>,
    ) -> Result<Change> {
        Ok(Change {
            id: ChangeId(Uuid::now_v7()),
            writer: self.store.writer()?,
            counter: 0,
            author: self.identity.person.clone(),
            at: Self::now(),
            record,
            kind: kind.name.clone(),
            scope,
            seen: u64::MAX,
            actions,
        })
    }

    fn act(&mut self, id: RecordId, action: Action) -> Result<Shown> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let row = self.save(id, &kind, row.record.scope, vec![action], None)?;
        self.shown(row)
    }

    pub(crate) fn row(&self, id: RecordId) -> Result<Row> {
        Ok(self.store.record(id)?.ok_or_else(|| Refusal::UnknownRecord { record: id.to_string() })?)
    }

    pub(crate) fn save(
        &mut self,
        record: RecordId,
        kind: &Kind,
        scope: Scope,
        actions: Vec<Action>,
        number: Option<Numbering>,
    ) -> Result<Row> {
        self.passes_gate(kind, record, &scope, &actions)?;
        let draft = self.draft_of(record, kind, scope, actions, number);
        let post = self.post()?;
        let catalog = Arc::clone(&self.rules);
        Ok(self.store.save(draft, |before, change| rules::admit(&catalog, &post, before, change))?)
    }

    /// Saves several drafts that only make sense together, or none of them.
    pub(crate) fn save_together(&mut self, drafts: Vec<Draft>) -> Result<()> {
        for draft in &drafts {
            let kind = self.kind(&draft.kind)?;
            self.passes_gate(&kind, draft.record, &draft.scope, &draft.actions)?;
        }
        let (post, catalog) = (self.post()?, Arc::clone(&self.rules));
        let mut admit =
            |before: Option<&domain::Record>, change: &Change| rules::admit(&catalog, &post, before, change);
        Ok(self.store.save_all(drafts, &mut admit)?)
    }

    /// What this laptop's person asks to be saved now.
    pub(crate) fn draft_of(
        &self,
        record: RecordId,
        kind: &Kind,
        scope: Scope,
        actions: Vec<Action>,
        number: Option<Numbering>,
    ) -> Draft {
        Draft {
            change: ChangeId(Uuid::now_v7()),
            author: self.identity.person.clone(),
            at: Self::now(),
            record,
            kind: kind.name.clone(),
            scope,
            actions,
            number,
        }
    }

    /// Every value in its field's one form, and every reference as what it names.
    pub(crate) fn checked(&self, kind: &Kind, fields: Fields) -> Result<Fields> {
        let mut checked = Fields::new();
        for (name, value) in fields {
            let field = kind.field(&name)?;
            if field.given {
                return Err(Refusal::GivenByProgram { field: name }.into());
            }
            let value = match field.field_type {
                FieldType::Reference if value.is_string() => self.reference(field, &value)?,
                FieldType::References => match value.as_array() {
                    Some(items) => items.iter().map(|item| self.reference(field, item)).collect::<Result<Value>>()?,
                    None => value,
                },
                _ => value,
            };
            match (&field.concealed, value.as_str()) {
                (Some(mark), Some(text)) => self.conceal(&mut checked, field, mark, text),
                _ => drop(checked.insert(name, field.check(&value)?)),
            }
        }
        Ok(checked)
    }

    /// Puts a personal number among `fields` as it is kept. What shows its end alone is
    /// what a form was given back: the digest beside it stays as it stands.
    pub(crate) fn conceal(&self, fields: &mut Fields, field: &Field, mark: &str, text: &str) {
        let text = text.trim();
        let (shown, digest) = match conceal::is_concealed(text) {
            true => (text.to_owned(), None),
            false => {
                let kept = conceal::conceal(text, &self.identity.fingerprint);
                (kept.shown, Some(kept.mark))
            }
        };
        fields.insert(field.name.clone(), shown.into());
        fields.extend(digest.map(|digest| (mark.to_owned(), digest.into())));
    }

    /// What a reference field holds for `value`, an id, key or name.
    pub(crate) fn reference(&self, field: &Field, value: &Value) -> Result<Value> {
        self.resolve(field, value.as_str().unwrap_or_default().trim())
    }

    /// What a reference means by `text`: an id, the key of a record (工程编号, 区划代码) or its name.
    fn resolve(&self, field: &Field, text: &str) -> Result<Value> {
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let unknown = || Refusal::UnknownReference { field: field.name.clone(), given: text.to_owned() };
        let kind = self.kind(field.to.as_deref().unwrap_or_default())?;
        if let Ok(id) = text.parse::<RecordId>() {
            let row = self
                .store
                .record(id)?
                .filter(|row| row.record.kind == kind.name && !row.record.deleted)
                .ok_or_else(unknown)?;
            return Ok(match &field.by {
                Some(by) => row.record.fields.get(by).cloned().unwrap_or_default(),
                None => id.to_string().into(),
            });
        }
        // A place code means its place even where that place is no record here.
        if field.by.is_some() && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(text.into());
        }
        for name in kind.key.iter().chain([&kind.title]) {
            let found = self.store.find(&kind, name, &text.into())?;
            match found.as_slice() {
                [] => {}
                [row] => {
                    let by = field.by.as_ref().and_then(|by| row.record.fields.get(by).cloned());
                    return Ok(by.unwrap_or_else(|| row.record.id.to_string().into()));
                }
                several => {
                    let (field, given, count) = (field.name.clone(), text.to_owned(), several.len().to_string());
                    return Err(Refusal::AmbiguousReference { field, given, count }.into());
                }
            }
        }
        Err(unknown().into())
    }

    /// Which scope a new record belongs to, by its kind's rule.
    pub(crate) fn scope_of_new(&self, kind: &Kind, fields: &Fields) -> Result<Scope> {
        let scopes = self.scopes()?;
        let required = |field: &str| Refusal::Required { field: field.to_owned() };
        match &kind.scope {
            ScopeRule::Code(field) => {
                let code = fields.get(field).and_then(Value::as_str).ok_or_else(|| required(field))?;
                let scope = code.get(..9).and_then(Scope::parse).filter(|scope| scopes.contains(scope));
                Ok(scope.ok_or_else(|| outside(code, &scopes))?)
            }
            ScopeRule::Reference(field) => self.scope_of_referred(fields, std::slice::from_ref(field)),
            ScopeRule::References(names) => self.scope_of_referred(fields, names),
            ScopeRule::Laptop => match scopes.iter().filter(|scope| scope.is_township()).collect::<Vec<_>>().as_slice()
            {
                [one] => Ok((*one).clone()),
                several => Err(scope_needed(several)),
            },
            ScopeRule::Shared => {
                match scopes.iter().filter(|scope| !scope.is_township()).collect::<Vec<_>>().as_slice() {
                    [one] => Ok((*one).clone()),
                    several => Err(scope_needed(several)),
                }
            }
        }
    }

    /// The scope of the record that the first filled of these references names.
    fn scope_of_referred(&self, fields: &Fields, names: &[String]) -> Result<Scope> {
        let named = |name: &String| fields.get(name).and_then(Value::as_str).and_then(|id| id.parse().ok());
        let required = || Refusal::Required { field: names.first().cloned().unwrap_or_default() };
        let id: RecordId = names.iter().find_map(named).ok_or_else(required)?;
        Ok(self.row(id)?.record.scope)
    }

    /// The series of a record's number. A folder that was copied or restored counts
    /// in a series of its own, for its letter is another life's as well.
    pub(crate) fn numbering(&self, kind: &Kind, pattern: &str) -> Result<Numbering> {
        let year = chrono::Local::now().year();
        let (letter, mut series) = (&self.identity.letter, format!("number:{}:{year}", kind.name));
        let device = match self.store.writer()?.incarnation {
            1 => letter.clone(),
            life => {
                let life = 1_000 + life % 9_000;
                series = format!("{series}:{life}");
                format!("{letter}{life}")
            }
        };
        Ok(Numbering { series, pattern: pattern.replace("{year}", &year.to_string()).replace("{device}", &device) })
    }
}

/// The first actions of a new record: it is made, in its lifecycle's first state, with these values.
pub(crate) fn creation(kind: &Kind, fields: &Fields) -> Result<Vec<Action>> {
    let state = kind.states.first().map(|state| state.name.clone());
    let mut actions = vec![Action::Create { state }];
    actions.extend(kind.edit(&Fields::new(), fields)?);
    Ok(actions)
}

/// Fills what a code says of itself: a village's township is the first nine digits of its code.
pub(crate) fn derive(kind: &Kind, fields: &mut Fields) {
    for field in &kind.fields {
        let empty = fields.get(&field.name).is_none_or(Value::is_null);
        if let (true, Some(from), Some(digits)) = (empty, &field.from_code, field.digits) {
            let code = fields.get(from).and_then(Value::as_str).and_then(|code| code.get(..digits));
            if let Some(code) = code.map(Value::from) {
                fields.insert(field.name.clone(), code);
            }
        }
    }
}

fn scope_needed(several: &[&Scope]) -> AppError {
    let scopes = several.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
    Refusal::ScopeNeeded { scopes }.into()
}

fn outside(given: &str, scopes: &[Scope]) -> Refusal {
    let scopes = scopes.iter().map(Scope::as_str).collect::<Vec<_>>().join(", ");
    Refusal::OutsideScope { given: given.to_owned(), scopes }
}
