//! Money that went out, held against what may: the books' own checks.

use super::Review;
use crate::finding::Finding;
use crate::funds;

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    funds::of_submission(review.submission, &review.day())
}
