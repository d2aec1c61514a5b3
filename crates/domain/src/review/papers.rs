//! Papers: whether everything is there that belongs to an application, by the
//! programme's own list, or by the general one where none is chosen.

use super::{Policy, Review, filled};
use crate::Record;
use crate::finding::{Finding, FindingRule, Severity};
use crate::gate::is_open;
use crate::prefill::{self, Outline, outline};
use crate::submission::{id_in, ids};

/// What nearly every call asks for; the second part only where what was built is
/// rewarded. The list is inferred from several calls.
const CHECKLIST: &[(&str, bool)] = &[
    ("request", false),
    ("form", false),
    ("plan", false),
    ("estimate", false),
    ("targets", false),
    ("village_meeting", false),
    ("notice_proof", false),
    ("matching_commitment", false),
    ("upkeep_commitment", false),
    ("site_map", false),
    ("status_photos", false),
    ("no_duplicate", false),
    ("truthfulness", false),
    ("standard_reached", true),
    ("works_list", true),
    ("invoices", true),
];

/// The fields of the form that a reviewer expects to be filled.
const FORM: &[&str] = &[
    "name",
    "year",
    "programme",
    "applicant",
    "department",
    "leader",
    "phone",
    "villages",
    "linking",
    "works",
    "problems",
    "start",
    "end",
    "total",
    "requested",
    "other_central",
    "benefit_households",
    "benefit_people",
    "keeper",
    "upkeep_cost",
    "upkeep_source",
];

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let mut found = documents(review);
    found.extend(chapters(review));
    found.extend(outlines(review));
    found.extend(targets(review));
    found.extend(fields(review));
    found.extend(villages(review));
    found.extend(written_twice(review));
    if review.is_being_written() {
        found.extend(remarks(review));
    }
    let application = review.application();
    let span = application.text("start").zip(application.text("end"));
    if let Some((start, end)) = span.filter(|(start, end)| start > end) {
        let fields = [("start", start.to_owned()), ("end", end.to_owned())];
        let one = Finding::of(FindingRule::SpanReversed, &[application], &fields);
        found.push(one.mended_in(application, Some("end")));
    }
    found
}

fn documents(review: &Review<'_>) -> Vec<Finding> {
    let application = review.application();
    let finding = |sort: &str| {
        let found = Finding::of(
            FindingRule::DocumentMissing,
            &[application],
            &[("document", review.catalog.choice("document", "sort", sort))],
        );
        let found = found.about(sort);
        match sort {
            "plan" => found.mended_by(application, "chapter"),
            "estimate" => found.mended_by(application, "estimate_line"),
            "targets" => found.mended_by(application, "target"),
            "notice_proof" => found.mended_by(application, "notice"),
            "status_photos" => found.mended_by(application, "spot"),
            _ => found.mended_by(application, "document"),
        }
    };
    if let Policy::Read(read) = &review.policy
        && !read.0.papers.is_empty()
    {
        let (programme, case) = read.as_ref();
        let demands = programme.documents(case).into_iter().filter(|demand| !is_held(review, &demand.sort));
        let missing = demands.map(|demand| {
            // Whether it is asked for is not known yet: somebody should look.
            let severity = if demand.asked == Some(true) { Severity::Block } else { Severity::Warn };
            finding(&demand.sort).graded(severity).by(&demand.clause)
        });
        return missing.collect();
    }
    let rewards = review.submission.programme.as_ref().and_then(|record| record.text("sort")) == Some("reward");
    let asked = CHECKLIST.iter().filter(|(sort, built)| (rewards || !built) && !is_held(review, sort));
    asked.map(|(sort, _)| finding(sort)).collect()
}

/// Whether a paper is there: as a document, or as records of which it is made.
fn is_held(review: &Review<'_>, sort: &str) -> bool {
    let submission = review.submission;
    let is_one = |document: &Record| document.text("sort") == Some(sort) && filled(document, "files");
    submission.documents.iter().any(is_one)
        || match sort {
            // The package makes these out of records.
            "request" | "form" | "works_list" => true,
            "plan" => submission.chapters.iter().any(|chapter| filled(chapter, "text")),
            "estimate" => !submission.lines.is_empty(),
            "targets" => !submission.targets.is_empty(),
            "notice_proof" => {
                submission.notices.iter().any(|notice| filled(notice, "photos") || filled(notice, "files"))
            }
            "site_map" => {
                let placed = |record: &Record| record.fields.get("place").is_some_and(|place| !place.is_null());
                let works = &submission.works;
                !works.is_empty()
                    && works.iter().all(|one| placed(one) || submission.village_of(one).is_some_and(placed))
            }
            "status_photos" => {
                let shown = |works: &Record| {
                    let of_it = |spot: &&Record| id_in(spot, "works") == Some(works.id);
                    submission.spots.iter().filter(of_it).any(|spot| filled(spot, "before"))
                        || submission.village_of(works).is_some_and(|village| filled(village, "photos"))
                };
                !submission.works.is_empty() && submission.works.iter().all(shown)
            }
            _ => false,
        }
}

/// The chapters of the outline that are missing, or have no text.
fn chapters(review: &Review<'_>) -> Option<Finding> {
    let (application, chapters) = (review.application(), &review.submission.chapters);
    // Without a single chapter the whole plan is missing, and that is said already.
    let named = chapters.first()?.text("outline").and_then(Outline::named)?;
    let written = |code: &str| {
        let is_it = |chapter: &&Record| chapter.text("code") == Some(code);
        chapters.iter().filter(is_it).any(|chapter| filled(chapter, "text"))
    };
    let missing: Vec<&str> =
        outline(named).iter().filter(|chapter| !written(chapter.code)).map(|chapter| chapter.title).collect();
    if missing.is_empty() {
        return None;
    }
    let found = Finding::of(FindingRule::ChapterMissing, &[application], &[("chapters", missing.join("、"))]);
    Some(found.mended_by(application, "chapter"))
}

/// Chapters of two outlines, as two laptops write them that have not met. Those that
/// a person added belong to none.
fn outlines(review: &Review<'_>) -> Option<Finding> {
    let of_outline = |chapter: &&Record| chapter.text("code").is_some() && filled(chapter, "text");
    let written = review.submission.chapters.iter().filter(of_outline);
    let mut begun: Vec<(&str, &Record)> = Vec::new();
    for chapter in written {
        let outline = chapter.text("outline").unwrap_or_default();
        if begun.iter().all(|(known, _)| *known != outline) {
            begun.push((outline, chapter));
        }
    }
    let (_, second) = begun.get(1)?;
    let names: Vec<String> =
        begun.iter().map(|(outline, _)| review.catalog.choice("chapter", "outline", outline)).collect();
    let records: Vec<&Record> = begun.iter().map(|(_, first)| *first).chain([review.application()]).collect();
    let fields = [("count", begun.len().to_string()), ("outlines", names.join("、"))];
    Some(Finding::of(FindingRule::OutlinesMixed, &records, &fields).mended_in(second, None))
}

/// Each level has a target, and each core target a value.
fn targets(review: &Review<'_>) -> Vec<Finding> {
    let (application, targets) = (review.application(), &review.submission.targets);
    if targets.is_empty() {
        return Vec::new(); // The whole table is missing, and that is said already.
    }
    let Some(kind) = review.kind("target") else { return Vec::new() };
    let levels = kind.field("level").map(|field| field.choices.as_slice()).unwrap_or_default();
    let mut found = Vec::new();
    for level in levels {
        let has = |target: &Record| target.text("level") == Some(&level.value) && filled(target, "value");
        if !targets.iter().any(has) {
            let one = Finding::of(FindingRule::TargetMissing, &[application], &[("what", level.label.zh.clone())]);
            found.push(one.about(&level.value).mended_by(application, "target"));
        }
    }
    let core = |target: &&Record| target.fields.get("core").and_then(crate::Value::as_bool) == Some(true);
    for target in targets.iter().filter(core).filter(|target| !filled(target, "value")) {
        let fields = [("what", format!("★{}", review.name(target)))];
        let one = Finding::of(FindingRule::TargetMissing, &[target, application], &fields);
        found.push(one.mended_in(target, Some("value")));
    }
    found
}

fn fields(review: &Review<'_>) -> Option<Finding> {
    let application = review.application();
    let empty: Vec<&str> = FORM.iter().copied().filter(|field| !filled(application, field)).collect();
    let first = *empty.first()?;
    let labels: Vec<String> = empty.iter().map(|field| review.label("application", field)).collect();
    let fields = [("fields", labels.join("、")), ("count", empty.len().to_string())];
    Some(Finding::of(FindingRule::FieldsMissing, &[application], &fields).mended_in(application, Some(first)))
}

fn villages(review: &Review<'_>) -> Vec<Finding> {
    let application = review.application();
    if !filled(application, "villages") {
        return Vec::new();
    }
    let named: Vec<_> = ids(application, "villages").collect();
    let strange = review.submission.villages.iter().filter(|village| !named.contains(&village.id));
    let found = strange.map(|village| {
        let here = review.submission.works.iter().filter(|works| id_in(works, "village") == Some(village.id));
        let works: Vec<String> = here.map(|works| review.name(works)).collect();
        let fields = [("works", works.join("、")), ("village", review.name(village))];
        let found = Finding::of(FindingRule::VillageNotNamed, &[application, village], &fields);
        found.mended_in(application, Some("villages"))
    });
    found.collect()
}

/// What two laptops wrote from the records before they met: each part is there twice.
fn written_twice(review: &Review<'_>) -> Vec<Finding> {
    let found = prefill::twins(review.submission).into_iter().map(|twins| {
        let kind = review.kind(&twins.keeps.kind).map_or_else(String::new, |kind| kind.label.zh.clone());
        let fields =
            [("what", review.name(twins.keeps)), ("sort", kind), ("count", twins.records().count().to_string())];
        let second = twins.others.first().copied().unwrap_or(twins.keeps);
        let records: Vec<&Record> = twins.records().chain([review.application()]).collect();
        Finding::of(FindingRule::WrittenTwice, &records, &fields).mended_in(second, None)
    });
    found.collect()
}

fn remarks(review: &Review<'_>) -> Vec<Finding> {
    let found = review.submission.remarks.iter().filter(|remark| is_open(remark)).map(|remark| {
        let number = remark.integer("place").unwrap_or_default().to_string();
        let fields = [("number", number), ("text", remark.text("text").unwrap_or_default().to_owned())];
        let found = Finding::of(FindingRule::RemarkOpen, &[remark, review.application()], &fields);
        found.by(remark.text("clause").unwrap_or_default()).mended_in(remark, Some("reply"))
    });
    found.collect()
}
