//! What an exchange is to do, decided from what both sides say of themselves.
//!
//! Pure, so that it can be reasoned about and tested without a network.

use domain::Scope;

use crate::wire::Head;

/// What a laptop has to pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Whose log.
    pub scope: Scope,
    /// From after this `seq`.
    pub after: u64,
}

/// The logs to pull: every scope that the district grants and that goes further
/// than what was applied here.
///
/// A log that is *shorter* at the district than here belongs to a district that
/// was itself restored; nothing is pulled from it, and [`behind`] names it.
#[must_use]
pub fn pulls(here: &[(Scope, u64)], heads: &[Head]) -> Vec<Pull> {
    let applied = |scope: &Scope| here.iter().find(|(held, _)| held == scope).map_or(0, |(_, seq)| *seq);
    let further = heads.iter().filter(|head| head.seq > applied(&head.scope));
    further.map(|head| Pull { scope: head.scope.clone(), after: applied(&head.scope) }).collect()
}

/// The scopes of which this laptop has seen more than the district now holds.
#[must_use]
pub fn behind(here: &[(Scope, u64)], heads: &[Head]) -> Vec<Scope> {
    let lost = |(scope, seq): &&(Scope, u64)| heads.iter().any(|head| head.scope == *scope && head.seq < *seq);
    here.iter().filter(lost).map(|(scope, _)| scope.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::parse(text).expect("a scope")
    }

    #[test]
    fn only_what_grew_is_pulled_and_a_new_scope_from_its_start() {
        let here = [(scope("320902"), 5), (scope("320902107"), 9)];
        let head = |text, seq| Head { scope: scope(text), seq };
        let heads = [head("320902", 5), head("320902107", 12), head("320902102", 3)];
        let expected = [Pull { scope: scope("320902107"), after: 9 }, Pull { scope: scope("320902102"), after: 0 }];
        assert_eq!(pulls(&here, &heads), expected);
    }

    #[test]
    fn a_district_that_lost_its_newest_entries_is_noticed() {
        let here = [(scope("320902107"), 9)];
        let heads = [Head { scope: scope("320902107"), seq: 7 }];
        assert!(pulls(&here, &heads).is_empty(), "there is nothing to pull from it");
        assert_eq!(behind(&here, &heads), [scope("320902107")], "and this laptop holds what it lost");
    }
}
