//! Moving: what a running exchange is doing, as it crosses to a screen.

use serde::{Deserialize, Serialize};
use sync::engine::Step;
use ts_rs::TS;

/// What a running exchange is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Moving {
    /// What is on its way.
    pub step: MovingStep,
    /// How much is done: changes where those move, bytes where files do.
    #[ts(type = "number")]
    pub done: u64,
    /// Of how much; as much as is done where nobody knows.
    #[ts(type = "number")]
    pub of: u64,
}

/// What moves in an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MovingStep {
    /// Changes, to the district.
    Pushing,
    /// Changes and records, from it.
    Pulling,
    /// Files, to the district.
    Sending,
    /// Files, from it.
    Receiving,
}

impl From<Step> for Moving {
    fn from(step: Step) -> Self {
        use Step as S;
        let (step, done, of) = match step {
            S::Pushing(done, of) => (MovingStep::Pushing, done, of),
            S::Pulling(done, of) => (MovingStep::Pulling, done, of),
            S::Sending(done, of) => (MovingStep::Sending, done, of),
            S::Receiving(done, of) => (MovingStep::Receiving, done, of),
        };
        Self { step, done, of }
    }
}
