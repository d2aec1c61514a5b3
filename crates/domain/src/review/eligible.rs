//! Whether the money may pay for it, and for how much: the programme's validity,
//! categories, requirements and amount, and what no such money may pay for.

use super::{Policy, Review, inputs, yuan};
use crate::finding::{Finding, FindingRule, Severity};
use crate::programme::{AmountProblem, Case, Programme, Weight};
use crate::{Record, RecordId};

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let mut found = excluded(review);
    let application = review.application();
    let of = |rule, fields: &[(&str, String)]| {
        Finding::of(rule, &[application], fields).mended_in(application, Some("policy"))
    };
    match &review.policy {
        Policy::None => found.push(of(FindingRule::PolicyMissing, &[])),
        Policy::Broken(problems) => {
            let reason = problems.first().map(ToString::to_string).unwrap_or_default();
            found.push(of(FindingRule::PolicyUnreadable, &[("policy", policy_name(review)), ("reason", reason)]));
        }
        Policy::Read(read) => {
            let (programme, case) = read.as_ref();
            if review.is_being_written() {
                found.extend(in_force(review, programme));
            }
            found.extend(categories(review, programme));
            found.extend(requirements(review, programme, case));
            found.extend(entitled(review, programme, case));
            found.extend(differing(review, programme));
        }
    }
    found
}

fn policy_name(review: &Review<'_>) -> String {
    review.submission.programme.as_ref().map(|record| review.name(record)).unwrap_or_default()
}

fn in_force(review: &Review<'_>, programme: &Programme) -> Option<Finding> {
    let application = review.application();
    let state = review.submission.programme.as_ref()?.state.as_deref();
    if state == Some("published") && programme.in_force(review.today) {
        return None;
    }
    let rule = match state {
        Some("published") => FindingRule::PolicyNotInForce,
        _ => FindingRule::PolicyUnpublished,
    };
    let fields = [
        ("policy", programme.name.zh.clone()),
        ("from", programme.from.to_string()),
        ("until", programme.until.map_or("…".to_owned(), |until| until.to_string())),
        ("today", review.day()),
    ];
    let found = Finding::of(rule, &[application], &fields).by(&programme.document);
    Some(found.mended_in(application, Some("policy")))
}

fn categories(review: &Review<'_>, programme: &Programme) -> Vec<Finding> {
    let mut found = Vec::new();
    for works in &review.submission.works {
        let Some(category) = works.text("category") else { continue };
        if programme.eligible(category, review.today) {
            continue;
        }
        let fields = [
            ("works", review.name(works)),
            ("category", review.catalog.choice("works", "category", category)),
            ("policy", programme.name.zh.clone()),
        ];
        let one = Finding::of(FindingRule::CategoryNotEligible, &[works, review.application()], &fields);
        found.push(one.by(&programme.document).mended_in(works, Some("category")));
    }
    found
}

/// Lines of the estimate and contents of works that speak of what is not paid for.
fn excluded(review: &Review<'_>) -> Vec<Finding> {
    let lines = review.submission.lines.iter().map(|line| (line, ["part", "content"]));
    let works = review.submission.works.iter().map(|works| (works, ["name", "content"]));
    lines.chain(works).filter_map(|(record, fields)| speaks_of(review, record, fields)).collect()
}

fn speaks_of(review: &Review<'_>, record: &Record, fields: [&str; 2]) -> Option<Finding> {
    let today = review.day();
    fields.into_iter().find_map(|field| {
        let text = record.text(field)?;
        let own = review.programme().and_then(|programme| {
            let excluded = programme.excluded(text)?;
            Some((excluded.label.zh.clone(), programme.cite(&excluded.clause)))
        });
        let (what, clause) = own.or_else(|| {
            let excluded = review.catalog.excluded(text, &today)?;
            Some((excluded.label.zh.clone(), excluded.source.clone()))
        })?;
        let blanks = [("record", review.name(record)), ("what", what)];
        let found = Finding::of(FindingRule::NotEligible, &[record, review.application()], &blanks);
        Some(found.by(&clause).mended_in(record, Some(field)))
    })
}

fn requirements(review: &Review<'_>, programme: &Programme, case: &Case) -> Vec<Finding> {
    let application = review.application();
    let unmet = programme.unmet(case).into_iter().map(|unmet| {
        let about = format!("{} {}", unmet.requirement, unmet.of.id);
        let record = unmet.of.id.parse::<RecordId>().ok().and_then(|id| review.submission.find(id));
        let record = record.unwrap_or(application);
        let of = [("what", unmet.label.zh), ("who", review.name(record))];
        let found = match unmet.unknown.as_slice() {
            [] => {
                let severity = if unmet.weight == Weight::Block { Severity::Block } else { Severity::Warn };
                Finding::of(FindingRule::RequirementUnmet, &[record, application], &of).graded(severity)
            }
            unknown => {
                let [what, who] = of;
                let fields = [what, who, ("missing", missing(unknown))];
                Finding::of(FindingRule::RequirementOpen, &[record, application], &fields)
            }
        };
        let found = found.about(&about).by(&unmet.clause).mended_in(record, None);
        inputs::mended(review, programme, found, &unmet.unknown)
    });
    unmet.collect()
}

/// What must be filled before something can be decided.
fn missing(problems: &[AmountProblem]) -> String {
    let names = problems.iter().map(|problem| match problem {
        AmountProblem::AmountInputMissing { label, who, .. } => format!("{who} {label}"),
        AmountProblem::AmountInputWrong { label, who, given, .. } => format!("{who} {label}（{given}）"),
        other => other.to_string(),
    });
    names.collect::<Vec<_>>().join("、")
}

fn entitled(review: &Review<'_>, programme: &Programme, case: &Case) -> Option<Finding> {
    let application = review.application();
    let requested = application.integer("requested")?;
    match programme.amount(case) {
        Ok(amount) if requested <= amount.asked => None,
        Ok(amount) => {
            let fields = [
                ("requested", yuan(requested)),
                ("entitled", yuan(amount.asked)),
                ("policy", programme.name.zh.clone()),
            ];
            let found = Finding::of(FindingRule::OverEntitled, &[application], &fields);
            Some(found.by(&programme.document).mended_in(application, Some("requested")))
        }
        Err(problems) => {
            let fields = [("policy", programme.name.zh.clone()), ("missing", missing(&problems))];
            let found = Finding::of(FindingRule::AmountUnknown, &[application], &fields);
            let found = found.by(&programme.document).mended_in(application, None);
            Some(inputs::mended(review, programme, found, &problems))
        }
    }
}

/// Each source that says something else than the programme comes to. More asked for
/// than is due is a finding of its own.
fn differing(review: &Review<'_>, programme: &Programme) -> Vec<Finding> {
    let application = review.application();
    let computed = programme.recompute(review.submission, review.today);
    let shares = computed.amount.as_ref().map(|amount| amount.shares.as_slice()).unwrap_or_default();
    let found = computed.differences.iter().filter(|one| one.field != "requested" || one.said < Some(one.computed));
    let found = found.filter(|one| one.field != "requested" || one.said.is_some()).map(|one| {
        let clause = shares.iter().find(|share| share.level.field() == one.field).map(|share| share.clause.as_str());
        let fields = [
            ("source", review.label("application", &one.field)),
            ("said", yuan(one.said.unwrap_or_default())),
            ("computed", yuan(one.computed)),
            ("policy", programme.name.zh.clone()),
        ];
        let found = Finding::of(FindingRule::AmountDiffers, &[application], &fields).about(&one.field);
        found.by(clause.unwrap_or(&programme.document)).mended_in(application, Some(&one.field))
    });
    found.collect()
}
