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
use domain::log::chain;
use domain::merge::{collides, hold};
use domain::record::Attachment;
use domain::review::GUARDED;
use domain::rules::{self, Post};
use domain::weight::{MAX_CHANGE, bounded, is_readable};
use domain::{
    Catalog, Change, ChangeId, DeviceId, Record, RecordId, Refusal, Scope, Value, Verdict, Writer, canonical, merge,
    overlay,
};
use sync::wire::{PAGE, Receipt, WireError};
use uuid::Uuid;

use crate::clock::skew;
use crate::database::device::Device;
use crate::database::log::Entry;
use crate::database::scope_head::{self, ScopeHead};
use crate::database::{Lock, Tx, attachment, attachment_name, awaited, log, receipt, record, renumbered};
use crate::error::Result;
use crate::submission::Shelf;

/// The person named in changes that nobody but the district itself makes.
pub(crate) const DISTRICT: &str = "district";

/// The logs and records, open in one transaction.
pub(crate) struct Ledger<'t> {
    pub(crate) tx: &'t Tx<'t>,
    pub(crate) catalog: &'t Catalog,
    /// The id under which the district writes.
    pub(crate) own: DeviceId,
    /// The records around a change, as far as they were asked for.
    pub(crate) shelf: Shelf<'t>,
}

/// Changes as they came in.
pub(crate) struct Sent<'s> {
    pub(crate) writer: Writer,
    pub(crate) changes: &'s [Change],
    /// By how many seconds the laptop's clock was wrong when it sent them over
    /// the line; nothing is known of it where they came on a stick.
    pub(crate) clock: Option<i64>,
}

impl Sent<'_> {
    /// What is wrong with the wall time of `change`, if so much is that it must
    /// not be believed.
    fn skew(&self, change: &Change) -> Option<i64> {
        // Written in the future: no clock that is right now can have said so.
        self.clock.or_else(|| skew(&change.at).filter(|ahead| *ahead > 0))
    }
}

/// A change with its canonical form, which is both compared and chained.
pub(crate) struct Said<'c> {
    pub(crate) change: &'c Change,
    bytes: Vec<u8>,
    digest: String,
}

impl<'c> Said<'c> {
    pub(crate) fn of(change: &'c Change) -> Self {
        let bytes = canonical::to_vec(change);
        let digest = crate::sha256_hex(&bytes);
        Self { change, bytes, digest }
    }
}

/// A change that has its place now.
pub(crate) struct Entered {
    pub(crate) receipt: Receipt,
    pub(crate) scope: Scope,
    pub(crate) skew: Option<i64>,
    /// The hash of its entry.
    pub(crate) hash: String,
}

/// What became of them.
pub(crate) struct Taken {
    pub(crate) receipts: Vec<Receipt>,
    /// The counter that is expected next.
    pub(crate) next: u64,
    /// Why no further ones were taken, if so.
    pub(crate) stopped: Option<WireError>,
    /// Those that came into a log by this, in their order.
    pub(crate) entered: Vec<Entered>,
}

impl Taken {
    /// None, where the counter that is expected is `next`.
    pub(crate) fn nothing(next: u64) -> Self {
        Self { receipts: Vec::new(), next, stopped: None, entered: Vec::new() }
    }
}

impl Ledger<'_> {
    /// Orders a laptop's changes, up to one that leaves a gap or takes a number
    /// that another change has: from there on it must first find out what it is.
    ///
    /// # Errors
    /// Changes that are not the device's own, or that no honest laptop sends; the
    /// caller rolls the transaction back.
    pub(crate) fn take(&self, device: &Device, sent: &Sent<'_>) -> Result<Taken> {
        if sent.changes.len() > PAGE {
            return Err(bad(&format!("more than {PAGE} changes at once")));
        }
        let scopes = sent.changes.iter().map(|change| &change.scope);
        scope_head::lock_all(self.tx, scopes.filter(|scope| device.reach.covers(scope)))?;
        let mut taken = Taken::nothing(receipt::next_counter(self.tx, sent.writer)?);
        let mut post = Post { role: device.role.clone(), scopes: device.reach.scopes(self.tx)? };
        for change in sent.changes {
            if change.writer != sent.writer {
                return Err(bad("a change is another writer's"));
            }
            let said = Said::of(change);
            if said.bytes.len() > MAX_CHANGE {
                return Err(WireError::RequestTooLarge { limit: MAX_CHANGE.to_string() }.into());
            }
            if !is_readable(change) {
                return Err(bad("a change is nested too deep to be read again"));
            }
            if change.counter > taken.next {
                let (expected, given) = (taken.next.to_string(), change.counter.to_string());
                taken.stopped = Some(WireError::CounterGap { expected, given });
                return Ok(taken);
            }
            if change.counter < taken.next {
                let Some(word) = self.said_before(&said)? else {
                    taken.stopped = Some(WireError::CounterFork { counter: change.counter.to_string() });
                    return Ok(taken);
                };
                taken.receipts.push(word);
                continue;
            }
            if device.reach.covers(&change.scope) && !post.scopes.contains(&change.scope) {
                post.scopes.push(change.scope.clone()); // Within reach, and its log begins here.
            }
            taken.next += 1;
            if let Some(word) = self.said_of(change)? {
                renumbered::note(self.tx, change.writer, change.counter, change.id)?;
                taken.receipts.push(word);
                continue;
            }
            match self.order(&post, &said, sent.skew(change))? {
                Ordered::Entered(entered) => {
                    taken.receipts.push(entered.receipt.clone());
                    taken.entered.push(entered);
                }
                Ordered::Outside(word) => taken.receipts.push(word),
            }
        }
        Ok(taken)
    }

    /// The receipt that a change sent again had before; none where its number was
    /// given to another change.
    fn said_before(&self, said: &Said<'_>) -> Result<Option<Receipt>> {
        let change = said.change;
        if let Some(kept) = receipt::read(self.tx, change.writer, change.counter)? {
            // Kept by an older program, it does not say of which change it is.
            let word = Receipt { change: change.id.mark(), ..kept.receipt };
            return Ok((kept.digest == said.digest).then_some(word));
        }
        match renumbered::read(self.tx, change.writer, change.counter)? {
            Some(id) if id == change.id => self.said_of(change),
            _ => Ok(None),
        }
    }

    /// The district's word on a change that it knows by name, for the number
    /// under which it comes now.
    fn said_of(&self, change: &Change) -> Result<Option<Receipt>> {
        if !receipt::is_known(self.tx, change.id)? {
            return Ok(None);
        }
        if let Some(entry) = log::entry_of(self.tx, change.id)? {
            if !is_same(&entry.change, change) {
                return Err(bad("a change of this name, and with other contents, was sent before"));
            }
            let verdict = entry.verdict;
            return Ok(Some(Receipt {
                counter: change.counter,
                change: change.id.mark(),
                seq: Some(entry.seq),
                verdict,
            }));
        }
        let word = receipt::named(self.tx, change.id)?;
        Ok(word.map(|word| Receipt { counter: change.counter, change: change.id.mark(), ..word }))
    }

    /// Gives one new change its place and its verdict.
    fn order(&self, post: &Post, said: &Said<'_>, skew: Option<i64>) -> Result<Ordered> {
        let change = said.change;
        if !post.scopes.contains(&change.scope) {
            let scopes: Vec<&str> = post.scopes.iter().map(Scope::as_str).collect();
            let refusal = Refusal::OutsideScope { given: change.scope.to_string(), scopes: scopes.join(", ") };
            let verdict = Verdict::Refused { refusal };
            let word = Receipt { counter: change.counter, change: change.id.mark(), seq: None, verdict };
            receipt::keep(self.tx, change, &said.digest, &word)?;
            return Ok(Ordered::Outside(word));
        }
        let head = scope_head::read(self.tx, &change.scope)?;
        if change.seen > head.seq {
            return Err(bad(&format!("{} entries seen of {} in {}", change.seen, head.seq, change.scope)));
        }
        let before = record::read(self.tx, change.record)?;
        if let Some(refusal) = self.refusal(post, before.as_ref(), change)? {
            return self.chain(&head, said, Verdict::Refused { refusal }, skew, None).map(Ordered::Entered);
        }
        self.apply(&head, before, said, skew).map(Ordered::Entered)
    }

    /// Enters a change that is allowed: merged now, or when its files have come.
    pub(crate) fn apply(
        &self,
        head: &ScopeHead,
        before: Option<Record>,
        said: &Said<'_>,
        skew: Option<i64>,
    ) -> Result<Entered> {
        let (change, seq) = (said.change, head.seq + 1);
        let missing = self.missing(before.as_ref(), change)?;
        if !missing.is_empty() {
            let (after, verdict) = (hold(before, change), Verdict::Waiting { missing: missing.clone() });
            let word = self.chain(head, said, verdict, skew, Some(&after))?;
            for sha256 in &missing {
                awaited::note(self.tx, change, seq, sha256)?;
            }
            return Ok(word);
        }
        let (after, verdict) = merge(before, change, seq);
        let word = self.chain(head, said, verdict, skew, Some(&after))?;
        if change.actions.iter().any(|action| matches!(action, Action::Remove { .. } | Action::Delete)) {
            // What was taken out of a record need not be waited for any more.
            for waiting in awaited::waiting_in(self.tx, &change.scope)? {
                self.reconsider(waiting)?;
            }
        }
        Ok(word)
    }

    /// Enters a change after the last entry of its log.
    pub(crate) fn chain(
        &self,
        head: &ScopeHead,
        said: &Said<'_>,
        verdict: Verdict,
        skew: Option<i64>,
        after: Option<&Record>,
    ) -> Result<Entered> {
        let (seq, scope) = (head.seq + 1, said.change.scope.clone());
        let hash = chain(&head.hash, seq, &said.bytes, &verdict, skew);
        let entry = Entry { scope: &scope, seq, change: said.change, verdict: &verdict, skew, hash: &hash };
        self.enter(entry, &said.digest, after)?;
        let (counter, change) = (said.change.counter, said.change.id.mark());
        let receipt = Receipt { counter, change, seq: Some(seq), verdict };
        Ok(Entered { receipt, scope, skew, hash })
    }

    /// Writes the entry at the end of its log, what became of its record, and the receipt.
    pub(crate) fn enter(&self, entry: Entry<'_>, digest: &str, after: Option<&Record>) -> Result<()> {
        let change = entry.change;
        scope_head::advance(self.tx, entry.scope, entry.seq, entry.hash)?;
        log::append(self.tx, &entry)?;
        if let Some(after) = after {
            record::write(self.tx, self.catalog, after, entry.seq)?;
            self.shelf.follow(after);
            for sha256 in named(change) {
                attachment_name::note(self.tx, &sha256, &change.scope)?;
            }
        }
        let (counter, mark, verdict) = (change.counter, change.id.mark(), entry.verdict.clone());
        let word = Receipt { counter, change: mark, seq: Some(entry.seq), verdict };
        receipt::keep(self.tx, change, digest, &word)
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
            if let Err(refusal) = bounded(before, change) {
                return Ok(Some(refusal));
            }
            let writes = self.catalog.role(&post.role).is_some_and(|role| !role.writes.is_empty());
            let releases = change.actions.iter().any(|action| matches!(action, Action::Release { .. }));
            return Ok((!writes || releases).then(not_allowed));
        };
        if let Err(refusal) = rules::admit(self.catalog, post, before, change) {
            return Ok(Some(refusal));
        }
        let collided = |action: &Action| before.is_some_and(|record| collides(record, change, action));
        if !change.actions.iter().any(collided)
            && let Some(refusal) = self.gate(before, change)?
        {
            return Ok(Some(refusal));
        }
        if let Some(refusal) = self.breaks_books(before, change)? {
            return Ok(Some(refusal));
        }
        let applied = |action: &&Action| before.is_none_or(|record| !collides(record, change, action));
        let Some(key) = &kind.key else { return Ok(None) };
        let names = change.actions.iter().filter(applied).any(|action| match action {
            Action::Write { values, .. } => values.contains_key(key),
            Action::Restore => true,
            _ => false,
        });
        let written = change.actions.iter().rev().find_map(|action| match action {
            Action::Write { values, .. } => values.get(key),
            _ => None,
        });
        let standing = || before.and_then(|record| record.fields.get(key));
        let Some(given) = written.or_else(standing).and_then(Value::as_str).filter(|_| names) else { return Ok(None) };
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
        let held = standing.waiting.iter().find(|held| held.id == waiting).cloned();
        let late = match &held {
            Some(held) => self.gate(Some(&standing), held)?,
            None => None,
        };
        let actions = vec![Action::Release { change: waiting }];
        let change = self.own_change(standing.id, &standing.kind, &standing.scope, DISTRICT, actions)?;
        let head = scope_head::read(self.tx, &change.scope)?;
        let (after, verdict) = merge(Some(standing), &change, head.seq + 1);
        self.chain(&head, &Said::of(&change), verdict, None, Some(&after))?;
        match late {
            Some(refusal) if after.state.as_deref() == Some(GUARDED) => self.send_back(&after, &refusal),
            _ => Ok(()),
        }
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
        self.order(&post, &Said::of(&change), None).map(|ordered| match ordered {
            Ordered::Entered(entered) => entered.receipt,
            Ordered::Outside(word) => word,
        })
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

/// What became of a new change.
enum Ordered {
    /// It is in its log.
    Entered(Entered),
    /// Its device does not hold its scope, so it is in no log.
    Outside(Receipt),
}

/// The attachments that a change names, wherever in it they stand.
pub(crate) fn named(change: &Change) -> Vec<String> {
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

/// Whether two changes of one name say the same. Number and life differ when a
/// restored laptop sends again, and what it has seen when a log began anew.
fn is_same(one: &Change, other: &Change) -> bool {
    let alike = Change { writer: one.writer, counter: one.counter, seen: one.seen, ..other.clone() };
    *one == alike
}

pub(crate) fn bad(reason: &str) -> crate::DistrictError {
    WireError::BadRequest { reason: reason.to_owned() }.into()
}
