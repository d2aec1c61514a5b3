//! Verify: whether a package is whole, and who signed it. Needs no laptop.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::types::{Verified, VerifyProblem, VerifySignature};
use crate::{Result, Trouble};

/// Checks the package at `path`.
///
/// # Errors
/// When the file cannot be opened; everything wrong inside it is in the answer.
pub fn verify(path: &Path) -> Result<Verified> {
    let file = File::open(path).map_err(|error| Trouble::reading(path, &error))?;
    let report = bag::verify(BufReader::new(file));
    let kind = |kind: bag::ProblemKind| {
        let name = serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned));
        name.unwrap_or_default()
    };
    Ok(Verified {
        ok: report.ok,
        problems: report.problems.into_iter().map(|p| VerifyProblem { path: p.path, kind: kind(p.kind) }).collect(),
        signatures: report
            .signatures
            .into_iter()
            .map(|signature| VerifySignature { by: format!("{} ({})", signature.by, signature.key), ok: signature.ok })
            .collect(),
    })
}
