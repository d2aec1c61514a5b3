//! Listen: the district says within a second that there is news; and of several
//! programs on one laptop, one exchanges at a time.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use sync::events::wait_after;
use sync::http::District;
use tokio::sync::oneshot;

use crate::vault::random;
use crate::{Laptop, Result, Trouble};

/// How long an exchange waits for another program's on the same laptop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Listens until it is dropped.
pub struct Listener {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Laptop {
    /// Listens to the district, in a thread of its own, and calls `ring` whenever
    /// it has news. A line that breaks is opened again, ever more patiently.
    ///
    /// # Errors
    /// When the machine gives no thread or no TLS.
    pub fn listen(&self, ring: impl Fn() + Send + 'static) -> Result<Listener> {
        self.has_a_district()?;
        let district = self.district()?;
        let (stop, stopped) = oneshot::channel();
        let storage = |error: std::io::Error| Trouble::storage(&error);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(storage)?;
        let work = move || {
            runtime.block_on(async move {
                tokio::select! {
                    () = hear(&district, ring) => {}
                    _ = stopped => {}
                }
            });
        };
        let thread = std::thread::Builder::new().name("listener".to_owned()).spawn(work).map_err(storage)?;
        Ok(Listener { stop: Some(stop), thread: Some(thread) })
    }

    /// Waits for the turn to exchange, which ends when what it gives is dropped,
    /// also by a kill.
    pub(crate) fn turn(&self) -> Result<File> {
        turn_in(&self.folder)
    }
}

/// Beside the records of every laptop that ever exchanged.
pub(crate) const EXCHANGING: &str = "exchange.lock";

/// The same for the laptop in `folder`, locked or open.
pub(crate) fn turn_in(folder: &Path) -> Result<File> {
    let storage = |error: &std::io::Error| Trouble::storage(error);
    let lock = File::create(folder.join(EXCHANGING)).map_err(|error| storage(&error))?;
    if lock.try_lock().is_ok() {
        return Ok(lock);
    }
    let (hand, turn) = sync_channel(1);
    // Whoever comes too late with his turn finds nobody there, and drops it.
    std::thread::spawn(move || hand.send(lock.lock().map(|()| lock)));
    match turn.recv_timeout(PATIENCE) {
        Ok(lock) => Ok(lock.map_err(|error| storage(&error))?),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(Trouble::ExchangeBusy.into()),
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the listener ended in a panic");
        }
    }
}

/// How long to wait after the nth failure in a row before the district is asked again.
#[must_use]
pub fn rest_after(failures: u32) -> Duration {
    let chance = random().map(u32::from_be_bytes).unwrap_or(u32::MAX);
    wait_after(failures, chance)
}

async fn hear(district: &District, ring: impl Fn()) {
    let mut failures = 0;
    loop {
        match district.events().await {
            Ok(mut events) => {
                while let Ok(true) = events.next().await {
                    failures = 0;
                    ring();
                }
            }
            Err(error) => tracing::debug!(%error, "nobody to listen to"),
        }
        failures += 1;
        tokio::time::sleep(rest_after(failures)).await;
    }
}
