//! Photos as evidence: what a picture says of itself, and what a reviewer would
//! look at twice.
//!
//! Facts come out of a file's bytes alone, so everyone who holds the bytes has
//! the same facts. Findings come out of facts, records and limits alone, so
//! laptop and district find the same. A finding is a question with its reason,
//! never an accusation: every rule here has honest exceptions, which is why a
//! person can accept one with a remark.

mod check;
mod facts;
mod likeness;
mod limits;

pub use check::{Use, WorksFrame, alike, missing, of_photo, twice};
pub use facts::{Facts, Oddity, PhotoPlace};
pub use likeness::{Likeness, near, pairs};
pub use limits::Limits;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::{Field, FieldType};

/// Whether a field holds pictures that show a place. A scan of a contract is a
/// picture too, and says nothing of where a works lies.
#[must_use]
pub fn is_photo_field(field: &Field) -> bool {
    let shows = field.name == "photos" || field.name.ends_with("_photos") || Phase::named(&field.name).is_some();
    field.field_type == FieldType::Attachments && shows
}

/// When in a works' life a picture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// 整治前.
    Before,
    /// 整治中.
    During,
    /// 整治完成.
    After,
}

impl Phase {
    /// All three, in their order.
    pub const ALL: [Self; 3] = [Self::Before, Self::During, Self::After];

    /// Its name in data: the field of a `spot` that holds its pictures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::During => "during",
            Self::After => "after",
        }
    }

    /// The phase called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }
}
