//! Whether the same thing is paid for twice: by another application of the same
//! stream, by the other ministry's, or by other central money.
//!
//! Of two applications for one thing the one that came first is not stopped by
//! the other: it was made earlier, or is with the district already.

use chrono::NaiveDate;

use super::{GIVEN_UP, Review, date};
use crate::finding::{Finding, FindingRule, Severity};
use crate::programme::Level;
use crate::submission::{id_in, ids};
use crate::{Record, RecordId};

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let live = |other: &&Record| !other.state.as_deref().is_some_and(|state| GIVEN_UP.contains(&state));
    let others: Vec<&Record> = review.submission.others.applications.iter().filter(live).collect();
    let mut found: Vec<Finding> = others.iter().flat_map(|other| beside(review, other)).collect();
    found.extend(other_central(review));
    found.extend(funded_already(review, &others));
    found
}

/// What another application has in common with this one.
fn beside(review: &Review<'_>, other: &Record) -> Vec<Finding> {
    let (application, submission) = (review.application(), review.submission);
    let theirs: Vec<RecordId> = ids(other, "works").collect();
    let stream = |programme: Option<&Record>| Some(programme?.text("sort")? == "agriculture");
    let streams = stream(submission.programme.as_ref()).zip(stream(submission.others.programme_of(other)));
    let across = streams.is_some_and(|(mine, theirs)| mine != theirs);
    let there_first = other.id < application.id
        || (review.stands_from(other, super::GUARDED) && other.state.as_deref() != Some("returned"));
    let severity = if there_first { Severity::Block } else { Severity::Warn };
    let grade = |found: Finding| match across {
        true => found,
        false => found.graded(severity),
    };
    let rule = |rule: FindingRule| if across { FindingRule::OtherStream } else { rule };
    let mut found = Vec::new();
    for works in submission.works.iter().filter(|works| theirs.contains(&works.id)) {
        let fields = [("works", review.name(works)), ("other", named(review, other))];
        let fields = match across {
            true => vec![("what", review.name(works)), ("other", named(review, other))],
            false => fields.to_vec(),
        };
        let one = Finding::of(rule(FindingRule::WorksTwice), &[works, application, other], &fields);
        found.push(grade(one.mended_in(application, Some("works"))));
    }
    for (mine, their) in pairs(review, other, &theirs) {
        let village = submission.village_of(mine).map(|village| review.name(village)).unwrap_or_default();
        let what = format!("{village} {}", review.name(mine));
        let fields = match across {
            true => vec![("what", what), ("other", named(review, other))],
            false => vec![
                ("village", village),
                ("works", review.name(mine)),
                ("others", review.name(their)),
                ("other", named(review, other)),
            ],
        };
        let one = Finding::of(rule(FindingRule::DuplicateFunding), &[mine, their, application, other], &fields);
        found.push(grade(one.mended_in(application, Some("works"))));
    }
    found
}

/// Works of both in one village, of one category and at the same time.
fn pairs<'r>(review: &Review<'r>, other: &Record, theirs: &[RecordId]) -> Vec<(&'r Record, &'r Record)> {
    let (application, submission) = (review.application(), review.submission);
    let there: Vec<&Record> = submission.others.works.iter().filter(|works| theirs.contains(&works.id)).collect();
    let mut pairs = Vec::new();
    for mine in &submission.works {
        let same = there.iter().filter(|their| {
            let alike = |field: &str| mine.text(field).is_some() && mine.text(field) == their.text(field);
            let stopped = their.state.as_deref() == Some("stopped");
            !stopped && alike("village") && alike("category") && overlap((application, mine), (other, their))
        });
        pairs.extend(same.map(|their| (mine, *their)));
    }
    pairs
}

/// Whether two works, each in its application, run at the same time. What is not
/// dated runs as long as its application, and that for its whole year.
fn overlap(one: (&Record, &Record), other: (&Record, &Record)) -> bool {
    let span = |(application, works): (&Record, &Record)| span_of_works(works).or_else(|| span_of(application));
    match (span(one), span(other)) {
        (Some((from, until)), Some((start, end))) => from <= end && start <= until,
        // What is known of neither day nor year may well be at the same time.
        _ => true,
    }
}

fn span_of_works(works: &Record) -> Option<(NaiveDate, NaiveDate)> {
    let start = date(works, "actual_start").or_else(|| date(works, "planned_start"))?;
    let end = date(works, "actual_end").or_else(|| date(works, "planned_end"))?;
    Some((start, end))
}

fn span_of(application: &Record) -> Option<(NaiveDate, NaiveDate)> {
    let own = date(application, "start").zip(date(application, "end"));
    own.or_else(|| {
        let year = i32::try_from(application.integer("year")?).ok()?;
        Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?))
    })
}

fn named(review: &Review<'_>, application: &Record) -> String {
    match application.text("number") {
        Some(number) => format!("{number} {}", review.name(application)),
        None => review.name(application),
    }
}

fn other_central(review: &Review<'_>) -> Option<Finding> {
    let application = review.application();
    if application.fields.get("other_central")?.as_bool() != Some(true) {
        return None;
    }
    let document = application.text("other_central_document").unwrap_or("…").to_owned();
    let own = review.programme().is_some_and(|programme| !matches!(programme.level, Level::Central | Level::Province));
    let severity = if own { Severity::Warn } else { Severity::Block };
    let found = Finding::of(FindingRule::OtherCentral, &[application], &[("document", document)]);
    Some(found.graded(severity).mended_in(application, Some("other_central")))
}

/// Works that have money by their own record, before this application brought any:
/// its own, and others of the village, category and time that no application bundles.
fn funded_already(review: &Review<'_>, others: &[&Record]) -> Vec<Finding> {
    if review.has_reached("allocated") {
        return Vec::new();
    }
    let (application, submission) = (review.application(), review.submission);
    let funded = |works: &&Record| works.integer("granted").is_some_and(|granted| granted > 0);
    let finding = |mine: &Record, works: &Record| {
        let fund = works.text("fund").or_else(|| works.text("fund_document")).unwrap_or("…").to_owned();
        let granted = super::yuan(works.integer("granted").unwrap_or_default());
        let fields = [("works", review.name(works)), ("fund", fund), ("granted", granted)];
        let found = Finding::of(FindingRule::FundedAlready, &[mine, works, application], &fields);
        found.mended_in(works, Some("granted"))
    };
    let mut found: Vec<Finding> = submission.works.iter().filter(funded).map(|works| finding(works, works)).collect();
    let bundled = |works: &Record| others.iter().any(|other| ids(other, "works").any(|id| id == works.id));
    for other in submission.others.works.iter().filter(funded).filter(|works| !bundled(works)) {
        let same = submission.works.iter().find(|mine| {
            let category = mine.text("category").is_some() && mine.text("category") == other.text("category");
            let village = id_in(mine, "village") == id_in(other, "village");
            village && category && overlap((application, mine), (application, other))
        });
        found.extend(same.map(|mine| finding(mine, other)));
    }
    found
}
