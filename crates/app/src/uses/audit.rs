//! Audit: whether everything on this laptop is what the district's logs say.

use serde::{Deserialize, Serialize};
use store::{Audit, Broken, Fault};
use sync::wire::is_sealed;
use ts_rs::TS;

use crate::{Laptop, Result};

/// What an audit found, for a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditView {
    /// Whether everything holds.
    pub ok: bool,
    /// Log entries read.
    #[ts(type = "number")]
    pub entries: u64,
    /// Logs read.
    #[ts(type = "number")]
    pub scopes: u64,
    /// What does not hold: the first of each log, and of what waits.
    pub broken: Vec<AuditBroken>,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditBroken {
    /// Whose log; none for what waits here.
    pub scope: Option<String>,
    /// The entry; none for what concerns the whole log.
    #[ts(type = "number | null")]
    pub seq: Option<u64>,
    /// What is wrong, as a code.
    pub fault: String,
}

impl From<&Audit> for AuditView {
    fn from(audit: &Audit) -> Self {
        let broken = |one: &Broken| AuditBroken {
            scope: one.scope.as_ref().map(ToString::to_string),
            seq: one.seq,
            fault: serde_json::to_value(&one.fault)
                .ok()
                .and_then(|fault| Some(fault["code"].as_str()?.to_owned()))
                .unwrap_or_default(),
        };
        Self {
            ok: audit.ok,
            entries: audit.scopes.iter().map(|scope| scope.entries).sum(),
            scopes: u64::try_from(audit.scopes.len()).unwrap_or(u64::MAX),
            broken: audit.broken.iter().map(broken).collect(),
        }
    }
}

impl Laptop {
    /// Reads every log on this laptop from its first entry to its last, and holds
    /// the end of each against the district's seal; `progress` hears how many
    /// entries were read.
    ///
    /// # Errors
    /// When the database cannot be read. What does not hold is no error: it is
    /// what was asked for.
    pub fn audit(&self, progress: &mut dyn FnMut(u64)) -> Result<Audit> {
        let key = self.district_key()?;
        let mut audit = self.store.audit(progress)?;
        for read in &audit.scopes {
            let seq = read.past + read.entries;
            let is_told = audit.broken.iter().any(|broken| broken.scope.as_ref() == Some(&read.scope));
            let seal = read.seal.as_ref().filter(|_| !is_told);
            if seal.is_some_and(|seal| !is_sealed(&key, &read.scope, seq, &read.hash, seal)) {
                let scope = Some(read.scope.clone());
                audit.broken.push(Broken { scope, seq: Some(seq), fault: Fault::NotSealed });
            }
        }
        audit.ok = audit.broken.is_empty();
        Ok(audit)
    }
}
