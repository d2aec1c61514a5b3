//! The one place where a change gets its place.
//!
//! Laptops' changes, the district's own and the releases of waiting ones all go
//! through [`Ledger::enter`]: the next number of the scope, the entry chained to
//! the one before, the record that follows and the receipt, in the caller's one
//! transaction. What is refused is in the log as well, so that everybody sees
//! why a draft went no further; only a change for a scope that its device does
//! not hold is in no log, for nobody there should have to read it.

use std::collections::BTreeSet;

use domain::change::{Action, item_key};
use domain::log::LogEntry;
use domain::merge::{collides, hold};
use domain::record::Attachment;
use domain::rules::{self, Post};
use domain::{
    Catalog, Change, ChangeId, DeviceId, Record, RecordId, Refusal, Scope, Value, Verdict, Writer, canonical, merge,
    overlay,
};
use sync::wire::{PAGE, Push, PushReply, Receipt, WireError};
use uuid::Uuid;

use crate::database::device::{self, Device};
use crate::database::scope_head::{self, ScopeHead};
use crate::database::{Lock, Tx, attachment, attachment_name, awaited, log, receipt, record};
use crate::error::Result;

/// The most bytes that one change may have, so that a page of a log always fits
/// into an envelope.
pub(crate) const MAX_CHANGE: usize = 4 << 20;

/// The person named in changes that nobody but the district itself makes.
const DISTRICT: &str = "district";

/// The logs and records, open in one transaction.
pub(crate) struct Ledger<'t> {
    pub(crate) tx: &'t Tx<'t>,
    pub(crate) catalog: &'t Catalog,
    /// The id under which the district writes.
    pub(crate) own: DeviceId,
}

impl Ledger<'_> {
    /// Orders a laptop's changes: all of them, or none where the push itself is wrong.
    ///
    /// # Errors
    /// A gap, a fork, or changes that are not the device's own; the caller rolls
    /// the transaction back.
    pub(crate) fn push(&self, device: &Device, push: &Push) -> Result<PushReply> {
        if push.writer.device != device.id {
            return Err(bad("the changes are another device's"));
        }
        if push.changes.len() > PAGE {
            return Err(bad(&format!("more than {PAGE} changes at once")));
        }
        // As it is now: revoked a moment ago, it sends nothing more.
        let device = device::lock(self.tx, device.id)?.ok_or(WireError::DeviceUnknown)?;
        if let Some(at) = device.revoked_at {
            return Err(WireError::DeviceRevoked { at }.into());
        }
        let scopes = push.changes.iter().map(|change| &change.scope);
        scope_head::lock_all(self.tx, scopes.filter(|scope| device.reach.covers(scope)))?;
        let mut next = receipt::next_counter(self.tx, push.writer)?;
        let mut post = Post { role: device.role.clone(), scopes: device.reach.scopes(self.tx)? };
        let mut receipts = Vec::with_capacity(push.changes.len());
        for change in &push.changes {
            if change.writer != push.writer {
                return Err(bad("a change is another writer's"));
            }
            let bytes = canonical::to_vec(change);
            if bytes.len() > MAX_CHANGE {
                return Err(WireError::RequestTooLarge { limit: MAX_CHANGE.to_string() }.into());
            }
            let digest = crate::sha256_hex(&bytes);
            if change.counter < next {
                receipts.push(self.said_before(change, &digest)?);
                continue;
            }
            if change.counter > next {
                let (expected, given) = (next.to_string(), change.counter.to_string());
                return Err(WireError::CounterGap { expected, given }.into());
            }
            if device.reach.covers(&change.scope) && !post.scopes.contains(&change.scope) {
                post.scopes.push(change.scope.clone()); // Within reach, and its log begins here.
            }
            receipts.push(self.order(&post, change, &digest)?);
            next += 1;
        }
        Ok(PushReply { receipts, next_counter: next })
    }

    /// The receipt that a change sent again had before.
    fn said_before(&self, change: &Change, digest: &str) -> Result<Receipt> {
        match receipt::read(self.tx, change.writer, change.counter)? {
            Some(kept) if kept.digest == digest => Ok(kept.receipt),
            _ => Err(WireError::CounterFork { counter: change.counter.to_string() }.into()),
        }
    }

    /// Gives one new change its place and its verdict.
    fn order(&self, post: &Post, change: &Change, digest: &str) -> Result<Receipt> {
        if receipt::knows(self.tx, change.id)? {
            return Err(bad("a change of this name was sent before, under another number"));
        }
        if !post.scopes.contains(&change.scope) {
            let scopes: Vec<&str> = post.scopes.iter().map(Scope::as_str).collect();
            let refusal = Refusal::OutsideScope { given: change.scope.to_string(), scopes: scopes.join(", ") };
            let verdict = Verdict::Refused { refusal };
            let word = Receipt { change: change.id, counter: change.counter, seq: None, verdict };
            receipt::keep(self.tx, change, digest, &word)?;
            return Ok(word);
        }
        let head = scope_head::read(self.tx, &change.scope)?;
        if change.seen > head.seq {
            return Err(bad(&format!("{} entries seen of {} in {}", change.seen, head.seq, change.scope)));
        }
        let before = record::read(self.tx, change.record)?;
        if let Some(refusal) = self.refusal(post, before.as_ref(), change)? {
            return self.enter(&head, change, digest, Verdict::Refused { refusal }, None);
        }
        let missing = self.missing(before.as_ref(), change)?;
        if !missing.is_empty() {
            let after = hold(before, change);
            let word =
                self.enter(&head, change, digest, Verdict::Waiting { missing: missing.clone() }, Some(&after))?;
            for sha256 in &missing {
                awaited::note(self.tx, change, head.seq + 1, sha256)?;
            }
            return Ok(word);
        }
        let (after, verdict) = merge(before, change, head.seq + 1);
        let word = self.enter(&head, change, digest, verdict, Some(&after))?;
        if change.actions.iter().any(|action| matches!(action, Action::Remove { .. } | Action::Delete)) {
            // What was taken out of a record need not be waited for any more.
            for waiting in awaited::waiting_in(self.tx, &change.scope)? {
                self.reconsider(waiting)?;
            }
        }
        Ok(word)
    }

    /// Writes the entry after `head`, what became of its record, and the receipt.
    fn enter(
        &self,
        head: &ScopeHead,
        change: &Change,
        digest: &str,
        verdict: Verdict,
        after: Option<&Record>,
    ) -> Result<Receipt> {
        let entry = LogEntry::chained(&head.hash, head.seq + 1, change.clone(), verdict, None);
        scope_head::advance(self.tx, &change.scope, &ScopeHead { seq: entry.seq, hash: entry.hash.clone() })?;
        log::append(self.tx, &entry)?;
        if let Some(after) = after {
            record::write(self.tx, self.catalog, after)?;
            for sha256 in named(change) {
                attachment_name::note(self.tx, &sha256, &change.scope)?;
            }
        }
        let seq = Some(entry.seq);
        let word = Receipt { change: change.id, counter: change.counter, seq, verdict: entry.verdict };
        receipt::keep(self.tx, change, digest, &word)?;
        Ok(word)
    }

    /// Why `change` is not applied, if it is not.
    fn refusal(&self, post: &Post, before: Option<&Record>, change: &Change) -> Result<Option<Refusal>> {
        let not_allowed = || Refusal::NotAllowed { role: post.role.clone(), kind: change.kind.clone() };
        let Ok(kind) = self.catalog.kind(&change.kind) else {
            // A newer peer's kind is kept unread. What can be asked without
            // reading it is asked: the record is its own, and the role writes at all.
            let foreign = before.is_some_and(|record| record.scope != change.scope || record.kind != change.kind);
            if foreign {
                return Ok(Some(Refusal::UnknownRecord { record: change.record.to_string() }));
            }
            let writes = self.catalog.role(&post.role).is_some_and(|role| !role.writes.is_empty());
            let releases = change.actions.iter().any(|action| matches!(action, Action::Release { .. }));
            return Ok((!writes || releases).then(not_allowed));
        };
        if let Err(refusal) = rules::admit(self.catalog, post, before, change) {
            return Ok(Some(refusal));
        }
        let applied = |action: &&Action| before.is_none_or(|record| !collides(record, change, action));
        let Some(key) = &kind.key else { return Ok(None) };
        let names = change.actions.iter().filter(applied).any(|action| match action {
            Action::Write { values, .. } => values.contains_key(key),
            Action::Restore => true,
            _ => false,
        });
        let after = overlay(before.cloned(), change);
        let Some(given) = after.text(key).filter(|_| names) else { return Ok(None) };
        self.tx.lock(Lock::Key { kind: &kind.name, key: given })?;
        let taken = record::with_key(self.tx, &kind.name, given)?.is_some_and(|holder| holder != change.record);
        Ok(taken.then(|| Refusal::Duplicate { field: key.clone(), given: given.to_owned() }))
    }

    /// The attachments that must arrive before `change` can count: those of the
    /// record and of the records it refers to, where the change brings it into a
    /// state that is reached only when complete.
    fn missing(&self, before: Option<&Record>, change: &Change) -> Result<Vec<String>> {
        let Ok(kind) = self.catalog.kind(&change.kind) else { return Ok(Vec::new()) };
        let completes = change.actions.iter().any(|action| match action {
            Action::Move { to, .. } => {
                let collided = before.is_some_and(|record| collides(record, change, action));
                !collided && kind.state(to).is_ok_and(|state| state.complete)
            }
            _ => false,
        });
        if !completes {
            return Ok(Vec::new());
        }
        let after = overlay(before.cloned(), change);
        let needed = self.needed(&after)?;
        for sha256 in needed.iter().collect::<BTreeSet<_>>() {
            self.tx.lock(Lock::File(sha256))?; // Or it could arrive now, and see nobody waiting.
        }
        let mut missing: Vec<String> = Vec::new();
        for sha256 in needed {
            if !attachment::is_held(self.tx, &sha256)? && !missing.contains(&sha256) {
                missing.push(sha256);
            }
        }
        Ok(missing)
    }

    /// Every attachment that `record` and the living records it refers to name.
    fn needed(&self, record: &Record) -> Result<Vec<String>> {
        let mut files: Vec<String> = record.attachments().map(|file| file.sha256).collect();
        let Ok(kind) = self.catalog.kind(&record.kind) else { return Ok(files) };
        let sets = kind.fields.iter().filter(|field| field.field_type == domain::catalog::FieldType::References);
        for item in sets.flat_map(|field| record.items(&field.name)) {
            let Some(id) = item.as_str().and_then(|text| text.parse::<RecordId>().ok()) else { continue };
            if let Some(other) = record::read(self.tx, id)?.filter(|other| !other.deleted) {
                files.extend(other.attachments().map(|file| file.sha256));
            }
        }
        Ok(files)
    }

    /// Notes that a file has arrived, and lets every change pass that waited for
    /// nothing else.
    pub(crate) fn arrived(&self, sha256: &str, bytes: u64) -> Result<()> {
        scope_head::lock_all(self.tx, &attachment_name::scopes(self.tx, sha256)?)?;
        self.tx.lock(Lock::File(sha256))?;
        attachment::note(self.tx, sha256, bytes)?;
        for waiting in awaited::waiting_for(self.tx, sha256)? {
            self.reconsider(waiting)?;
        }
        Ok(())
    }

    /// Forgets what the change no longer waits for: files that have come, and
    /// files that its records have let go of. Nothing is ever added to the list:
    /// a photo that someone takes after the submission does not hold it up.
    fn reconsider(&self, waiting: ChangeId) -> Result<()> {
        let Some(change) = log::change(self.tx, waiting)? else { return Ok(()) };
        scope_head::lock(self.tx, &change.scope)?; // Before anything is read that a push may be changing.
        let Some(standing) = record::read(self.tx, change.record)? else { return Ok(()) };
        let needed = self.needed(&overlay(Some(standing.clone()), &change))?;
        let mut left = 0;
        for sha256 in awaited::files(self.tx, waiting)? {
            if needed.contains(&sha256) && !attachment::is_held(self.tx, &sha256)? {
                left += 1;
            } else {
                awaited::forget(self.tx, waiting, &sha256)?;
            }
        }
        if left == 0 { self.release(standing, waiting) } else { Ok(()) }
    }

    fn release(&self, standing: Record, waiting: ChangeId) -> Result<()> {
        let actions = vec![Action::Release { change: waiting }];
        let change = self.own_change(standing.id, &standing.kind, &standing.scope, DISTRICT, actions)?;
        let head = scope_head::read(self.tx, &change.scope)?;
        let (after, verdict) = merge(Some(standing), &change, head.seq + 1);
        self.enter(&head, &change, &canonical::digest(&change), verdict, Some(&after))?;
        Ok(())
    }

    /// Saves something that the district itself has to say, by the same rules
    /// and in the same order as everyone's. `author` is the person at its terminal.
    pub(crate) fn write(
        &self,
        record: RecordId,
        kind: &str,
        scope: &Scope,
        author: &str,
        actions: Vec<Action>,
    ) -> Result<Receipt> {
        let change = self.own_change(record, kind, scope, author, actions)?;
        let post = Post { role: rules::ADMIN.to_owned(), scopes: vec![scope.clone()] };
        self.order(&post, &change, &canonical::digest(&change))
    }

    fn own_change(
        &self,
        record: RecordId,
        kind: &str,
        scope: &Scope,
        author: &str,
        actions: Vec<Action>,
    ) -> Result<Change> {
        let writer = Writer { device: self.own, incarnation: 1 };
        let seen = scope_head::lock(self.tx, scope)?.seq;
        self.tx.lock(Lock::OwnCounter)?;
        Ok(Change {
            id: ChangeId(Uuid::now_v7()),
            writer,
            counter: receipt::next_counter(self.tx, writer)?,
            author: author.to_owned(),
            at: crate::now(),
            record,
            kind: kind.to_owned(),
            scope: scope.clone(),
            seen,
            actions,
        })
    }
}

/// The attachments that a change names, wherever in it they stand.
fn named(change: &Change) -> Vec<String> {
    let file = |item: &Value| Attachment::read(item).map(|_| item_key(item));
    let mut names = Vec::new();
    for action in &change.actions {
        match action {
            Action::Add { items, .. } => names.extend(items.iter().filter_map(file)),
            Action::Write { values, .. } => {
                names.extend(values.values().filter_map(Value::as_array).flatten().filter_map(file));
            }
            _ => {}
        }
    }
    names
}

fn bad(reason: &str) -> crate::DistrictError {
    WireError::BadRequest { reason: reason.to_owned() }.into()
}
