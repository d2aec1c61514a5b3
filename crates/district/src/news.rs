//! News: who listens is told within a second that there is something to fetch.
//!
//! What this server wrote itself it rings for at once. For what another one on the
//! same database wrote, or a command at the terminal, the heads of the logs are
//! looked at several times a second. Both are one short query, and only while
//! somebody listens. What a listener is told is that there is news in its own
//! scopes, and nothing of what it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{DeviceId, Scope};
use tokio::sync::watch;

use crate::database::{Database, Tx, device, scope_head, setting};
use crate::district::District;
use crate::error::Result;

/// How often the heads are looked at.
const LOOK: Duration = Duration::from_millis(300);

/// The state of all logs and rights, in two numbers that only grow.
type Mark = (u64, u64);

/// What listeners wait for.
pub(crate) struct Bell(watch::Sender<Option<Mark>>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(Some((0, 0))))
    }
}

impl Bell {
    /// Looks for news until the server stops.
    pub(crate) async fn watch(district: Arc<District>) {
        let mut tick = tokio::time::interval(LOOK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if !district.bell.is_heard() {
                continue;
            }
            let looked = Arc::clone(&district);
            if let Err(error) = tokio::task::spawn_blocking(move || looked.bell.look(&looked.database)).await {
                tracing::error!(%error, "looking for news ended in a panic");
            }
        }
    }

    /// Rings where the logs or rights are not as they were at the last look.
    pub(crate) fn look(&self, database: &Database) {
        if !self.is_heard() {
            return;
        }
        match database.read(mark) {
            Ok(mark) => drop(self.0.send_if_modified(|standing| {
                // Also where a backup has set them back while this server runs.
                let new = standing.is_some() && *standing != Some(mark);
                if new {
                    *standing = Some(mark);
                }
                new
            })),
            Err(error) => tracing::warn!(%error, "cannot look for news"),
        }
    }

    fn is_heard(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Lets every listener go: the server stops.
    pub(crate) fn close(&self) {
        self.0.send_replace(None);
    }

    pub(crate) fn listen(&self) -> Listener {
        Listener { bell: self.0.subscribe(), known: None }
    }
}

/// One laptop that listens.
pub(crate) struct Listener {
    bell: watch::Receiver<Option<Mark>>,
    known: Option<BTreeMap<Scope, u64>>,
}

impl Listener {
    /// Waits for news in the device's scopes; at once the first time, for it
    /// cannot know what it missed. `false` when there will be none: the server
    /// stops, or the device was revoked.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn next(&mut self, district: &Arc<District>, device: DeviceId) -> Result<bool> {
        loop {
            if self.known.is_some() && self.bell.changed().await.is_err() {
                return Ok(false);
            }
            if self.bell.borrow_and_update().is_none() {
                return Ok(false);
            }
            let looked = Arc::clone(district);
            let heads = crate::apart(move || looked.database.read(|tx| heads(tx, device))).await?;
            let Some(heads) = heads else { return Ok(false) };
            if self.known.as_ref() != Some(&heads) {
                self.known = Some(heads);
                return Ok(true);
            }
        }
    }
}

fn mark(tx: &Tx<'_>) -> Result<Mark> {
    let rights = setting::read(tx, setting::RIGHTS)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok((scope_head::entries(tx)?, rights))
}

/// How far the logs go that the device holds; none for one that was revoked.
fn heads(tx: &Tx<'_>, id: DeviceId) -> Result<Option<BTreeMap<Scope, u64>>> {
    let Some(device) = device::read(tx, &id.to_string())?.filter(|device| device.revoked_at.is_none()) else {
        return Ok(None);
    };
    let scopes = device.reach.scopes(tx)?.into_iter();
    scopes.map(|scope| Ok((scope.clone(), scope_head::read(tx, &scope)?.seq))).collect::<Result<_>>().map(Some)
}
