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
    let name = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let problem = |p: bag::Problem| VerifyProblem { path: p.path, kind: name(serde_json::to_value(p.kind)) };
    let signature = |signature: bag::SignatureCheck| VerifySignature {
        role: name(serde_json::to_value(signature.role)),
        by: format!("{} ({})", signature.by, signature.key),
        at: signature.at,
        device: signature.device,
        ok: signature.ok,
    };
    Ok(Verified {
        ok: report.ok,
        problems: report.problems.into_iter().map(problem).collect(),
        signatures: report.signatures.into_iter().map(signature).collect(),
        organization: report.about.organization,
        identifier: report.about.identifier,
        date: report.about.date,
        data: report.data,
        files: report.files,
        bytes: report.bytes,
    })
}
