//! Where an input of a programme is entered: in the field of the record that holds
//! it, in a new record of the kind that it is counted from, or, where only the
//! programme asks for it, as a figure of its own (测算数据).

use super::Review;
use crate::Record;
use crate::finding::Finding;
use crate::programme::{AmountProblem, Programme, STANDARD, Unit};
use crate::submission::id_in;

/// `found`, mended where the first of these problems is.
pub(super) fn mended(
    review: &Review<'_>,
    programme: &Programme,
    found: Finding,
    problems: &[AmountProblem],
) -> Finding {
    match problems.iter().find_map(|problem| Missing::of(review, programme, problem)) {
        Some(missing) => missing.mend(review, found),
        None => found,
    }
}

/// An input that is not there, or cannot be what it says.
struct Missing<'r> {
    /// Whose it is.
    owner: &'r Record,
    unit: Unit,
    name: String,
    /// Only this programme asks for it.
    declared: bool,
}

impl<'r> Missing<'r> {
    fn of(review: &Review<'r>, programme: &Programme, problem: &AmountProblem) -> Option<Self> {
        use AmountProblem::{AmountInputMissing, AmountInputWrong};
        let (AmountInputMissing { input, who, .. } | AmountInputWrong { input, who, .. }) = problem else {
            return None;
        };
        let (unit, name) = input.split_once('.')?;
        let unit = Unit::named(unit)?;
        let submission = review.submission;
        let called = |records: &'r [Record]| records.iter().find(|record| review.name(record) == *who);
        let owner = match unit {
            Unit::Application => &submission.application,
            Unit::Village => called(&submission.villages)?,
            Unit::Works => called(&submission.works)?,
        };
        let declared = programme.inputs.iter().any(|input| input.place() == Some((unit, name)));
        Some(Self { owner, unit, name: name.to_owned(), declared })
    }

    fn mend(&self, review: &Review<'_>, found: Finding) -> Finding {
        if self.declared {
            return self.figure(review, found);
        }
        let counted = STANDARD.iter().any(|one| one.unit == self.unit && one.name == self.name && one.counted);
        match self.name.as_str() {
            name if !counted => found.mended_in(self.owner, Some(name)),
            "estimate" => found.mended_by(review.application(), "estimate_line"),
            "prepaid" => found.mended_by(review.application(), "fund_entry"),
            "evaluation_score" | "outcome_score" => found.mended_by(review.application(), "evaluation"),
            "acceptance_score" | "accepted_level" => found.mended_by(self.owner, "acceptance"),
            "stage" => found.mended_by(self.owner, "progress"),
            "water_bodies" | "water_area" => found.mended_in(review.application(), Some("works")),
            _ => found.mended_in(self.owner, None),
        }
    }

    /// The figure that says it wrongly, else a new one that names input and owner already.
    fn figure(&self, review: &Review<'_>, found: Finding) -> Finding {
        let owner = match self.unit {
            Unit::Application => None,
            Unit::Village => Some(("village", self.owner.id.to_string())),
            Unit::Works => Some(("works", self.owner.id.to_string())),
        };
        let own = |figure: &&Record| {
            let of = id_in(figure, "works").or_else(|| id_in(figure, "village"));
            figure.text("input") == Some(&self.name) && of == owner.as_ref().map(|_| self.owner.id)
        };
        let standing = review.submission.figures.iter().filter(own).max_by_key(|one| (one.text("dated"), one.id));
        if let Some(figure) = standing {
            return found.mended_in(figure, Some("value"));
        }
        let with: Vec<(&str, String)> = [("input", self.name.clone())].into_iter().chain(owner).collect();
        found.mended_by_one(review.application(), "figure", &with)
    }
}
