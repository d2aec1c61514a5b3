//! The oracle: it knows every change that a person saved, reads what the district
//! and the laptops keep, and says what must never be the case.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use district::District;
use domain::{Action, Change, ChangeId, LogEntry, Record, RecordId, Scope, Verdict};

use crate::mind::Seen;
use crate::model::{Effect, Model};

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which of the promises.
    pub promise: Promise,
    /// What is the case instead.
    pub what: String,
}

/// What the exchange promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is said in `text`")]
pub enum Promise {
    OnceInTheLog,
    NothingIsGone,
    SamePrefixSameState,
    NothingUnseenIsOverwritten,
    NotAheadOfReceipts,
    NothingOutsideItsScope,
    ItEnds,
    HonestIsHeard,
}

impl Promise {
    /// The promise in a sentence.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::OnceInTheLog => "every change is in the log exactly once, and logs are dense and chained",
            Self::NothingIsGone => "no change is ever gone: it is in the log, pending, or kept as refused",
            Self::SamePrefixSameState => "same prefix of the log, same state",
            Self::NothingUnseenIsOverwritten => "no field is overwritten by someone who had not seen it",
            Self::NotAheadOfReceipts => "the state shown is never ahead of the receipts",
            Self::NothingOutsideItsScope => "no laptop has anything outside its scopes",
            Self::ItEnds => "without faults, everybody comes to rest",
            Self::HonestIsHeard => "who is honest and up to date is not turned away",
        }
    }
}

/// Shorter to write where something is found.
pub(crate) fn broken(promise: Promise, what: impl Into<String>) -> Broken {
    Broken { promise, what: what.into() }
}

/// A change as it was saved.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    pub(crate) change: Change,
    seen: Rc<Seen>,
    /// Why it may be nowhere any more.
    pub(crate) excused: Option<&'static str>,
    /// Whether it was in the district's log at any time.
    entered: bool,
}

/// How far one log was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Read {
    seq: u64,
    hash: String,
}

/// All that the oracle knows.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    pub(crate) saved: BTreeMap<ChangeId, Saved>,
    /// What lies on each laptop that is there, in whatever form.
    on_laptops: BTreeMap<usize, BTreeSet<ChangeId>>,
    read: BTreeMap<Scope, Read>,
    in_log: BTreeMap<ChangeId, Scope>,
    records: BTreeMap<RecordId, Model>,
    /// What each laptop may hold.
    pub(crate) granted: BTreeMap<usize, BTreeSet<Scope>>,
}

impl Oracle {
    /// Somebody saved this, having seen that.
    pub(crate) fn saved(&mut self, change: Change, seen: Rc<Seen>) {
        self.saved.insert(change.id, Saved { change, seen, excused: None, entered: false });
    }

    /// A person gave it up, or wrote another in its place.
    pub(crate) fn given_up(&mut self, change: ChangeId) {
        if let Some(saved) = self.saved.get_mut(&change) {
            saved.excused = Some("given up by its writer");
        }
    }

    /// Whether the district should have it if somebody shows it as being there.
    pub(crate) fn is_owed(&self, change: ChangeId) -> bool {
        !self.in_log.contains_key(&change) && self.saved.get(&change).is_none_or(|saved| saved.excused.is_none())
    }

    /// The district is another one from here on: all of it is read anew.
    pub(crate) fn forget_district(&mut self) {
        self.read.clear();
        self.in_log.clear();
        self.records.clear();
    }

    /// Says what lies on a laptop now; nothing where it is gone.
    pub(crate) fn note_laptop(&mut self, laptop: usize, holds: BTreeSet<ChangeId>) {
        self.on_laptops.insert(laptop, holds);
    }

    /// Reads what is new at the district, and holds its records against the model.
    pub(crate) fn read_district(&mut self, district: &District) -> Result<(), Broken> {
        let fault = |error: district::DistrictError| broken(Promise::OnceInTheLog, error.to_string());
        for scope in district.scopes().map_err(fault)? {
            let (seq, hash) = district.head(&scope).map_err(fault)?;
            let read = self.read.entry(scope.clone()).or_default().clone();
            if read.seq == seq {
                if read.hash != hash {
                    return Err(broken(Promise::OnceInTheLog, format!("the log of {scope} was rewritten")));
                }
                continue;
            }
            let mut last = read;
            let mut touched = BTreeSet::new();
            for entry in district.log_after(&scope, last.seq).map_err(fault)? {
                if entry.seq != last.seq + 1 || !entry.follows(&last.hash) || entry.scope != scope {
                    let what = format!("entry {} of {scope} does not follow {}", entry.seq, last.seq);
                    return Err(broken(Promise::OnceInTheLog, what));
                }
                touched.insert(entry.change.record);
                self.take(&entry)?;
                last = Read { seq: entry.seq, hash: entry.hash };
            }
            if (last.seq, &last.hash) != (seq, &hash) {
                return Err(broken(Promise::OnceInTheLog, format!("the head of {scope} is not its last entry")));
            }
            self.read.insert(scope.clone(), last);
            self.compare(&scope, &district.records(&scope).map_err(fault)?, &touched)?;
        }
        Ok(())
    }

    fn compare(&mut self, scope: &Scope, records: &[Record], touched: &BTreeSet<RecordId>) -> Result<(), Broken> {
        for id in touched {
            let Some(model) = self.records.get_mut(id).filter(|model| model.exists) else { continue };
            let Some(record) = records.iter().find(|record| record.id == *id) else {
                return Err(broken(Promise::SamePrefixSameState, format!("{id} is missing in {scope}")));
            };
            model.compare(record).map_err(|what| broken(Promise::SamePrefixSameState, what))?;
        }
        Ok(())
    }

    /// One more entry of a log.
    fn take(&mut self, entry: &LogEntry) -> Result<(), Broken> {
        let change = &entry.change;
        if let Some(other) = self.in_log.insert(change.id, entry.scope.clone()) {
            let what = format!("{} is in the log of {other} and again at {} of {}", change.id, entry.seq, entry.scope);
            return Err(broken(Promise::OnceInTheLog, what));
        }
        let collided: &[String] = match &entry.verdict {
            Verdict::Refused { .. } => {
                self.known(change)?;
                return Ok(());
            }
            Verdict::Conflict { groups } => groups,
            _ => &[],
        };
        let model = self.records.entry(change.record).or_default();
        if let [Action::Release { change: waiting }] = change.actions.as_slice() {
            if let Some(held) = model.release(*waiting) {
                let saved = self.saved.get(waiting).ok_or_else(|| invented(*waiting))?;
                let (writer, counter, actions, seen) = (held.writer, held.counter, &held.actions, &saved.seen);
                let effect = Effect { change: *waiting, writer, counter, actions, seen, collided };
                model.take(&effect).map_err(|what| broken(Promise::NothingUnseenIsOverwritten, what))?;
            }
            return Ok(());
        }
        if let Verdict::Waiting { .. } = &entry.verdict {
            model.hold(change);
            return self.known(change).map(drop);
        }
        let Some(saved) = self.saved.get_mut(&change.id) else { return Err(invented(change.id)) };
        saved.entered = true;
        let (writer, counter, actions, seen) = (change.writer, change.counter, &saved.change.actions, &saved.seen);
        let effect = Effect { change: change.id, writer, counter, actions, seen, collided };
        model.take(&effect).map_err(|what| broken(Promise::NothingUnseenIsOverwritten, what))?;
        self.known(change).map(drop)
    }

    /// The change as it was saved, which must be what the log says of it.
    fn known(&mut self, change: &Change) -> Result<(), Broken> {
        let saved = self.saved.get_mut(&change.id).ok_or_else(|| invented(change.id))?;
        saved.entered = true;
        let ours = &saved.change;
        let same = (&ours.record, &ours.scope, &ours.kind, &ours.author, &ours.at, &ours.actions)
            == (&change.record, &change.scope, &change.kind, &change.author, &change.at, &change.actions)
            && ours.writer.device == change.writer.device;
        if same { Ok(()) } else { Err(broken(Promise::OnceInTheLog, format!("{} says something else", change.id))) }
    }

    /// Whether everything that was saved is somewhere. What is nowhere after a step
    /// that destroys copies, was only there.
    pub(crate) fn account(&mut self, destroys: Option<&'static str>, purges: bool) -> Result<(), Broken> {
        for (id, saved) in &mut self.saved {
            let somewhere = self.in_log.contains_key(id) || self.on_laptops.values().any(|holds| holds.contains(id));
            if somewhere || saved.excused.is_some() {
                continue;
            }
            saved.excused = match destroys {
                None if purges && saved.entered => {
                    Some("entered once, lost by the district, and purged with its scope")
                }
                None => {
                    let what = format!("{id}, saved by {}, is nowhere", saved.change.author);
                    return Err(broken(Promise::NothingIsGone, what));
                }
                destroyed => destroyed,
            };
        }
        Ok(())
    }
}

fn invented(change: ChangeId) -> Broken {
    broken(Promise::OnceInTheLog, format!("nobody ever saved {change}"))
}
