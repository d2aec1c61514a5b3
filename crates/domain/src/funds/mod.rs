//! Funds: what money was promised, came, went and is left, from entries that are
//! never edited.
//!
//! An entry says which way its money goes by its sort; a mistake is undone by a
//! reversal that names it, so every balance is a plain sum over entries and does
//! not depend on the order in which they were written or arrived. Whoever reverses
//! twice changes nothing the second time.
//!
//! Two questions are asked of the sums: what a contract's stages, as the records
//! stand, allow to be paid ([`due`]), and what a reviewer would find wrong
//! ([`findings`]). What would break a rule is refused before it is saved
//! ([`admit`]), by the same code.

mod around;
mod balance;
mod books;
mod check;
mod due;
mod entry;
mod terms;

pub use around::Around;
pub use balance::{Balance, Basis, Group, Rate};
pub use books::{Books, Effect, Line, Papers};
pub use check::{admit, findings, of_submission};
pub use due::{ContractDue, Missing, StageDue, due};
pub(crate) use due::{accepted, accepted_by_contract};
pub use entry::{Entry, Sort, Source, Stage};
pub use terms::{PaymentTerms, RetentionTerms, StagePlan, StageStep};
