//! What a step of an application's lifecycle rests on: the records without which
//! nobody may say that it was accepted, paid, handed over or evaluated. Which step
//! rests on what is the catalog's (`grounds`).

use chrono::NaiveDate;

use crate::catalog::Ground;
use crate::funds::{Balance, Books, Papers, accepted, accepted_by_contract};
use crate::submission::Submission;
use crate::views::Works;
use crate::{Record, Refusal};

/// What is missing of `ground` on the day `today`; nothing where it is there.
pub(super) fn missing(submission: &Submission, ground: Ground, to: &str, today: NaiveDate) -> Option<Refusal> {
    let (papers, today) = (Papers::of(submission), today.to_string());
    let of = |record: &Record| record.text("name").unwrap_or_default().to_owned();
    // What was given up is neither accepted nor handed over.
    let mut works = submission.works.iter().filter(|works| !Works(works).is_stopped());
    let is_accepted = |works: &Record, level: &str| {
        accepted(&papers, &[works], Some(level), &today).is_some()
            || accepted_by_contract(&papers, works, level, &today)
    };
    let not_accepted = |works: &Record| Refusal::NotAccepted { of: of(works), to: to.to_owned() };
    match ground {
        Ground::TownshipAcceptance => works.find(|works| !is_accepted(works, "township")).map(not_accepted),
        Ground::CountyAcceptance => works.find(|works| !is_accepted(works, "county")).map(not_accepted),
        // Only some of the villages are looked at.
        Ground::SpotCheck => {
            let above = ["city", "province", "spot_check"];
            let seen = works.any(|works| above.iter().any(|level| is_accepted(works, level)));
            (!seen).then(|| not_accepted(&submission.application))
        }
        Ground::Payment => {
            let books = Books::of(&papers);
            let lines = books.lines.iter().filter(|line| line.application == Some(submission.application.id));
            let balance: Balance = lines.collect();
            (balance.spent() <= 0).then(|| Refusal::NotPaid { of: of(&submission.application) })
        }
        Ground::Handover => {
            let open = works.find(|works| works.text("handed_over_on").is_none_or(|on| *on > *today));
            open.map(|works| Refusal::NotHandedOver { of: of(works) })
        }
        Ground::Evaluation => {
            let counts = |one: &Record| matches!(one.state.as_deref(), Some("handed_in" | "confirmed"));
            let none = !submission.evaluations.iter().any(counts);
            none.then(|| Refusal::NotEvaluated { of: of(&submission.application) })
        }
    }
}
