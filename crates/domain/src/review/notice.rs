//! 公示: the choice of the project before it is reported, the use of the money
//! once it is allocated, the result once it is accepted, and waters for longer.

use super::{Review, date};
use crate::Record;
use crate::calendar::Term;
use crate::finding::{Finding, FindingRule, Severity};
use crate::programme::ClockName;
use crate::submission::ids;

/// A notice that an application must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    /// What it is about: a choice of the notice's field `about`.
    about: &'static str,
    /// From which state on it is asked for.
    from: &'static str,
}

impl Wanted {
    /// The three that are made public.
    const ALL: [Self; 3] = [
        Self { about: "selection", from: "draft" },
        Self { about: "funds", from: "allocated" },
        Self { about: "result", from: "district_accepted" },
    ];
}

/// How long a notice hangs, and by which clause.
struct Span {
    term: Term,
    clause: String,
}

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let asked = Wanted::ALL.into_iter().filter(|wanted| wanted.from == "draft" || review.has_reached(wanted.from));
    let mut found: Vec<Finding> = asked.filter_map(|wanted| one(review, wanted)).collect();
    found.extend(waters(review));
    found
}

fn posted(notice: &Record) -> bool {
    matches!(notice.state.as_deref(), Some("posted" | "ended"))
}

fn one(review: &Review<'_>, wanted: Wanted) -> Option<Finding> {
    let application = review.application();
    let about = |notice: &&Record| notice.text("about") == Some(wanted.about) && posted(notice);
    let notices: Vec<&Record> = review.submission.notices.iter().filter(about).collect();
    let label = review.catalog.choice("notice", "about", wanted.about);
    if notices.is_empty() {
        let found = Finding::of(FindingRule::NoticeMissing, &[application], &[("about", label)]);
        return Some(found.about(wanted.about).mended_by(application, "notice"));
    }
    judged(review, &notices, "notice", ClockName::Notice)
}

/// What is wrong with the best of some notices.
fn judged(review: &Review<'_>, notices: &[&Record], times: &str, clock: ClockName) -> Option<Finding> {
    // One that is right is enough.
    let faults: Vec<Finding> =
        notices.iter().map(|notice| fault(review, notice, times, clock)).collect::<Option<_>>()?;
    let running = |found: &&Finding| found.rule == FindingRule::NoticeRunning;
    faults.iter().find(running).or(faults.last()).cloned()
}

fn fault(review: &Review<'_>, notice: &Record, times: &str, clock: ClockName) -> Option<Finding> {
    let application = review.application();
    let text = |field: &str| notice.text(field).unwrap_or("…").to_owned();
    let span = span(review, notice, times, clock);
    let fields = [
        ("notice", review.name(notice)),
        ("start", text("start")),
        ("end", text("end")),
        ("days", span.as_ref().map_or(0, |span| span.term.length).to_string()),
    ];
    let finding = |rule, clause: &str| {
        let found = Finding::of(rule, &[notice, application], &fields).by(clause);
        found.mended_in(notice, Some("end"))
    };
    let (start, end) = (date(notice, "start")?, date(notice, "end")?);
    let span = span?;
    if end < span.term.after(review.catalog, start)? {
        return Some(finding(FindingRule::NoticeShort, &span.clause));
    }
    let running = end >= review.today && review.is_being_written();
    running.then(|| finding(FindingRule::NoticeRunning, &span.clause))
}

/// What the programme says, or else what holds for all.
fn span(review: &Review<'_>, notice: &Record, times: &str, clock: ClockName) -> Option<Span> {
    let own = review.programme().and_then(|programme| {
        let clock = programme.clock(clock)?;
        Some(Span { term: Term { length: clock.length, unit: clock.unit }, clause: programme.cite(&clock.clause) })
    });
    own.or_else(|| {
        let clock = review.catalog.clock(times, notice.text("start")?)?;
        Some(Span { term: Term::of(clock)?, clause: clock.source.clone() })
    })
}

/// That the waters which are treated were made public, and long enough.
fn waters(review: &Review<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for water in &review.submission.water_bodies {
        let names = |notice: &&Record| {
            notice.text("about") == Some("black_odour")
                && posted(notice)
                && ids(notice, "water_bodies").any(|id| id == water.id)
        };
        let notices: Vec<&Record> = review.submission.notices.iter().filter(names).collect();
        if notices.is_empty() {
            let fields = [(
                "about",
                format!("{} {}", review.catalog.choice("notice", "about", "black_odour"), review.name(water)),
            )];
            let one = Finding::of(FindingRule::NoticeMissing, &[water, review.application()], &fields);
            found.push(one.graded(Severity::Warn).mended_by(water, "notice"));
        } else {
            found.extend(judged(review, &notices, "notice_black_odour", ClockName::BlackOdourNotice));
        }
    }
    found
}
