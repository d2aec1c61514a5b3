//! Exchange: push, pull and files, once.

use std::future::Future;

use sync::engine::{Exchange, Report, Step};

use crate::laptop::{IDENTITY, LAST_CONTACT};
use crate::types::{Moved, SyncReport, Verdicts};
use crate::{AppError, Laptop, Result, Trouble};

impl Laptop {
    /// One exchange with the district. Whatever was done before a failure stays done.
    ///
    /// # Errors
    /// Why it broke off.
    pub fn exchange(&mut self, progress: &mut (dyn FnMut(Step) + Send)) -> Result<SyncReport> {
        let (key, district_key, district) = (self.signing_key(), self.district_key()?, self.district()?);
        let files = self.files.clone();
        let mut report = Report::default();
        let mut exchange = Exchange {
            store: &mut self.store,
            files: &files,
            district: &district,
            key: &key,
            district_key: &district_key,
        };
        let outcome = wait(exchange.run(&mut report, &mut |step| progress(step)));
        if !report.role.is_empty() {
            self.heard_from_district(&report)?;
        }
        self.index();
        outcome.map_err(|error| named(error.into(), &self.identity.address))?;
        let [accepted, merged, conflict, refused, waiting] = report.verdicts;
        Ok(SyncReport {
            pushed: report.pushed,
            pulled: report.pulled,
            verdicts: Verdicts { accepted, merged, conflict, refused, waiting },
            attachments: Moved { sent: report.sent, received: report.received },
        })
    }

    fn heard_from_district(&mut self, report: &Report) -> Result<()> {
        self.store.set_meta(LAST_CONTACT, &Self::now())?;
        if self.identity.role != report.role {
            self.identity.role.clone_from(&report.role);
            let text = serde_json::to_string(&self.identity)
                .map_err(|error| Trouble::Storage { reason: error.to_string() })?;
            self.store.set_meta(IDENTITY, &text)?;
        }
        Ok(())
    }
}

/// The error with the address that it is about.
pub(crate) fn named(error: AppError, address: &str) -> AppError {
    match error {
        AppError::Trouble(Trouble::Untrusted { .. }) => Trouble::Untrusted { address: address.to_owned() }.into(),
        other => other,
    }
}

/// Waits for `work` on a runtime of its own, in a thread of its own, so that it
/// may be called from anywhere, also from within another runtime.
pub(crate) fn wait<T: Send, E: Send + From<sync::http::Error>>(
    work: impl Future<Output = std::result::Result<T, E>> + Send,
) -> std::result::Result<T, E> {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let unreachable = |error: std::io::Error| E::from(sync::http::Error::Unreachable(error.to_string()));
        runtime.map_err(unreachable)?.block_on(work)
    };
    std::thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
