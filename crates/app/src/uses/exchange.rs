//! Exchange: push, pull and files, once.

use std::future::Future;

use chrono::DateTime;
use sync::engine::{Exchange, Report, Step};
use sync::turn;

use crate::catalog::{self, Kept};
use crate::laptop::{CLOCK_SKEW, DISTRICT_RECIPIENT, IDENTITY, LAST_CONTACT};
use crate::types::{Moved, NewRules, SyncReport, Verdicts};
use crate::vault::random;
use crate::{AppError, Laptop, Result, Trouble};

/// By how many seconds a clock may be wrong before anybody is told.
const TOLERANCE: i64 = 600;

impl Laptop {
    /// One exchange with the district. Whatever was done before a failure stays done.
    ///
    /// # Errors
    /// Why it broke off.
    pub fn exchange(&mut self, progress: &mut (dyn FnMut(Step) + Send)) -> Result<SyncReport> {
        self.exchange_until(progress, &|| false)
    }

    /// The same; once `stop` says yes, no further piece of a file is moved. What
    /// was moved stays, and the next exchange goes on from there.
    ///
    /// # Errors
    /// Why it broke off.
    pub fn exchange_until(
        &mut self,
        progress: &mut (dyn FnMut(Step) + Send),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<SyncReport> {
        self.has_a_district()?;
        let _turn = self.turn()?;
        let outcome = self.exchange_in_turn(progress, stop);
        self.note_line(&outcome)?;
        outcome
    }

    fn exchange_in_turn(
        &mut self,
        progress: &mut (dyn FnMut(Step) + Send),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<SyncReport> {
        let terms = self.terms()?;
        let (key, district_key, district) = (self.signing_key(), self.district_key()?, self.district()?);
        let (files, recipient) = (self.files.clone(), sync::keys::bundle_recipient(&key));
        let mut report = Report::default();
        let mut exchange = Exchange {
            store: &mut self.store,
            files: &files,
            district: &district,
            key: &key,
            district_key: &district_key,
            recipient: &recipient,
            now: &Self::now,
            life: &life,
            terms,
            stop,
        };
        let outcome = wait(exchange.run(&mut report, &mut |step| progress(step)));
        if !report.role.is_empty() {
            self.heard_from_district(&report)?;
        }
        let rules = self.take_rules(&report)?;
        self.index();
        self.collect_files()?;
        outcome.map_err(|error| named(error.into(), &self.identity.address))?;
        let [accepted, merged, conflict, refused, waiting] = report.verdicts;
        let clock_skew = report.clocks.as_ref().and_then(skew);
        Ok(SyncReport {
            pushed: report.pushed,
            pulled: report.pulled,
            filled: report.filled,
            returned: report.returned,
            reborn: report.reborn,
            clock_skew,
            verdicts: Verdicts { accepted, merged, conflict, refused, waiting },
            attachments: Moved { sent: report.sent, received: report.received },
            rules,
        })
    }

    /// Takes the district's forms and rules, where they were brought; from here on
    /// this laptop is open with them.
    pub(crate) fn take_rules(&mut self, report: &Report) -> Result<Option<NewRules>> {
        let Some(files) = &report.overlay else { return Ok(None) };
        let kept = catalog::keep(&self.folder, files)?;
        turn::catalog_brought(&self.store, &report.catalog)?;
        Ok(match kept {
            Kept::Same => None,
            Kept::Unreadable => Some(NewRules::TooNew),
            Kept::New => {
                *self = self.twin()?;
                Some(NewRules::Taken)
            }
        })
    }

    pub(crate) fn heard_from_district(&mut self, report: &Report) -> Result<()> {
        self.store.set_meta(LAST_CONTACT, &Self::now())?;
        if let Some(clocks) = &report.clocks {
            let skew = skew(clocks).map(|seconds| seconds.to_string());
            self.store.set_meta(CLOCK_SKEW, &skew.unwrap_or_default())?;
        }
        if !report.recipient.is_empty() && self.store.meta(DISTRICT_RECIPIENT)?.as_ref() != Some(&report.recipient) {
            self.store.set_meta(DISTRICT_RECIPIENT, &report.recipient)?;
        }
        if self.identity.role != report.role {
            self.identity.role.clone_from(&report.role);
            let text = serde_json::to_string(&self.identity)
                .map_err(|error| Trouble::Storage { reason: error.to_string() })?;
            self.store.set_meta(IDENTITY, &text)?;
        }
        Ok(())
    }
}

/// A number for a new life of this laptop. The first is 1; that two of the later
/// ones are the same is as likely as nothing.
pub(crate) fn life() -> u32 {
    u32::from_be_bytes(random().unwrap_or([0xFF; 4])).max(2)
}

/// By how many seconds this laptop's clock is ahead of the district's, where it
/// is so far off that a person should set it.
fn skew((district, here): &(String, String)) -> Option<i64> {
    let read = |text: &String| DateTime::parse_from_rfc3339(text).ok();
    let ahead = read(here)?.signed_duration_since(read(district)?).num_seconds();
    (ahead.abs() > TOLERANCE).then_some(ahead)
}

/// The error with the address that it is about.
pub(crate) fn named(error: AppError, address: &str) -> AppError {
    match error {
        AppError::Trouble(Trouble::Untrusted { .. }) => Trouble::Untrusted { address: address.to_owned() }.into(),
        other => other,
    }
}

/// Waits for `work` on a runtime of its own, in a thread of its own, so that it
/// may be called from anywhere, also from within another runtime. A second thread
/// keeps the line going while this one writes down what it brought.
pub(crate) fn wait<T: Send, E: Send + From<sync::http::Error>>(
    work: impl Future<Output = std::result::Result<T, E>> + Send,
) -> std::result::Result<T, E> {
    let run = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let unreachable = |error: std::io::Error| E::from(sync::http::Error::Unreachable(error.to_string()));
        runtime.map_err(unreachable)?.block_on(work)
    };
    std::thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
