//! Audit: whether everything on this laptop is what the district's logs say.

use store::{Audit, Broken, Fault};
use sync::wire::is_sealed;

use crate::{Laptop, Result};

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
