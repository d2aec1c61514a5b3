//! Programmes of any sort: one that holds together and always computes, or a list
//! of what is wrong with it.

use domain::programme::{Case, Programme};

/// Reads `data` as a programme, and, after a line of its own, a case for it.
///
/// # Panics
/// Where the reader does, or where an amount is not the sum of its parts.
pub fn one(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (text, case) = text.split_once("\n#case ").unwrap_or((&text, "{}"));
    let programme = match Programme::parse(text) {
        Ok(programme) => programme,
        Err(problems) => return assert!(!problems.is_empty(), "nothing was said to be wrong"),
    };
    let case: Case = serde_json::from_str(case.lines().next().unwrap_or_default()).unwrap_or_default();
    let asked = programme.documents(&case);
    assert!(asked.iter().all(|demand| demand.asked != Some(false)), "what is not asked for is not listed");
    let unmet = programme.unmet(&case);
    assert!(unmet.len() <= programme.requirements.len() * (1 + case.villages.len() + case.works.len()));
    match programme.amount(&case) {
        Ok(amount) => {
            let shares: i64 = amount.shares.iter().map(|share| share.amount).sum();
            assert!(amount.shares.is_empty() || shares == amount.total, "{shares} of {}", amount.total);
            assert!(amount.steps.iter().all(|step| !step.words.zh.is_empty() && !step.words.en.is_empty()));
            assert_eq!(programme.amount(&case).as_ref(), Ok(&amount), "the same every time");
        }
        Err(problems) => assert!(!problems.is_empty(), "no amount, and no reason"),
    }
}
