//! The verdict: what the district says became of a change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Refusal;

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "verdict", rename_all = "camelCase")]
pub enum Verdict {
    /// Applied; nobody else had changed the record meanwhile.
    Accepted,
    /// Applied beside others' changes that its writer had not seen.
    Merged,
    /// In these groups another had written meanwhile: kept beside, for a person to decide.
    Conflict {
        /// The groups that collided; all others of the change were applied.
        groups: Vec<String>,
    },
    /// Not applied; the change stays with its writer as a draft.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// In order, to be applied when these attachments are at the district.
    Waiting {
        /// SHA-256 of each attachment that the district does not hold yet.
        missing: Vec<String>,
    },
}

impl Verdict {
    /// The verdict's name, as people and JSON call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Merged => "merged",
            Self::Conflict { .. } => "conflict",
            Self::Refused { .. } => "refused",
            Self::Waiting { .. } => "waiting",
        }
    }
}
