//! The checks themselves: pure functions over facts and what records say.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};

use super::{Facts, Limits, Oddity, Phase};
use crate::RecordId;
use crate::finding::{Finding, FindingRule, PhotoRef};
use crate::geo::Point;

/// One use of a picture: which record names it, and for what.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The picture.
    pub sha256: String,
    /// What its file is called.
    pub name: String,
    /// The record that names it.
    pub record: RecordId,
    /// The works that it shows, where it shows one.
    pub works: Option<RecordId>,
    /// The village that it lies in.
    pub village: Option<RecordId>,
    /// The phase that it stands for, where somebody has said so.
    pub phase: Option<Phase>,
    /// When it was attached (RFC 3339), by the clock of who did it.
    pub attached: Option<String>,
    /// When the file itself was last written (RFC 3339), as it was found on the disk.
    pub modified: Option<String>,
    /// Where it is used, in words.
    pub shown: String,
}

impl Use {
    /// The picture as a finding names it.
    fn photo(&self) -> PhotoRef {
        PhotoRef { sha256: self.sha256.clone(), name: self.name.clone(), record: self.record }
    }
}

/// What the checks need of the works.
#[derive(Debug, Clone, PartialEq)]
pub struct WorksFrame {
    /// The works.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// The actual start, or the planned one.
    pub start: Option<NaiveDate>,
    /// The actual end, or the planned one.
    pub end: Option<NaiveDate>,
    /// Whether the works is completed.
    pub completed: bool,
    /// Its own place.
    pub place: Option<Point>,
    /// The place of its village.
    pub village_place: Option<Point>,
}

/// What one use of a picture asks about: dates, place, EXIF and clock.
#[must_use]
pub fn of_photo(limits: &Limits, works: Option<&WorksFrame>, used: &Use, facts: &Facts) -> Vec<Finding> {
    let records = || vec![used.record].into_iter().chain(used.works).collect::<Vec<_>>();
    let finding = |rule, fields: &[(&str, String)]| {
        let photo = ("photo", used.name.clone());
        Finding::new(rule, records(), vec![used.photo()], &[&[photo], fields].concat())
    };
    let mut found = Vec::new();
    if facts.exif && facts.taken.is_some() {
        found.extend(works.and_then(|works| outside(limits, works, used, facts)).map(|(taken, from, to)| {
            let day = |date: NaiveDate| date.format("%Y-%m-%d").to_string();
            let fields = [
                ("taken", day(taken)),
                ("from", from.map_or("…".to_owned(), day)),
                ("to", to.map_or("…".to_owned(), day)),
            ];
            finding(FindingRule::PhotoOutsideDates, &fields)
        }));
    } else if !facts.odd.contains(&Oddity::TimeImpossible) {
        found.push(finding(FindingRule::PhotoWithoutExif, &[]));
    }
    if let Some((metres, limit)) = works.and_then(|works| far(limits, works, facts)) {
        let fields = [("metres", format!("{metres:.0}")), ("limit", limit.to_string())];
        found.push(finding(FindingRule::PhotoFarAway, &fields));
    }
    if let Some(how) = edited(limits, facts) {
        found.push(finding(FindingRule::PhotoEdited, &[("how", how)]));
    }
    let unset = facts.taken_local().filter(|taken| never_set(*taken)).map(|taken| taken.format("%Y-%m-%d").to_string());
    let odd = facts.odd.iter().map(|odd| odd_words(*odd).to_owned()).chain(unset).collect::<Vec<_>>();
    if !odd.is_empty() {
        found.push(finding(FindingRule::PhotoOdd, &[("what", odd.join("，"))]));
    }
    if let Some((by, minutes)) = clock(limits, used, facts) {
        found.push(finding(FindingRule::PhotoClock, &[("by", by), ("minutes", minutes.to_string())]));
    }
    found
}

fn odd_words(odd: Oddity) -> &'static str {
    match odd {
        Oddity::PositionZero => "位置 0°, 0°",
        Oddity::PositionBroken => "位置 0/0",
        Oddity::TimeImpossible => "没有这样的拍摄时间",
        Oddity::ExifDamaged => "EXIF 损坏",
        Oddity::CutShort => "文件不完整",
    }
}

/// A day in a phase, the first and the last day that it may be.
type Days3 = (NaiveDate, Option<NaiveDate>, Option<NaiveDate>);

/// The day on which a picture was taken, where that is not in its phase.
fn outside(limits: &Limits, works: &WorksFrame, used: &Use, facts: &Facts) -> Option<Days3> {
    let taken = facts.taken_local()?.date();
    let early = |date: Option<NaiveDate>, days: u32| date?.checked_sub_days(Days::new(days.into()));
    let late = |date: Option<NaiveDate>, days: u32| date?.checked_add_days(Days::new(days.into()));
    let Limits { slack_days: slack, before_days, after_days, .. } = *limits;
    let (from, to) = match used.phase {
        Some(Phase::Before) => (early(works.start, before_days), late(works.start, slack)),
        Some(Phase::During) => (early(works.start, slack), late(works.end, slack)),
        Some(Phase::After) => (early(works.end, slack), late(works.end, after_days)),
        None => (early(works.start, before_days), late(works.end, after_days)),
    };
    let inside = from.is_none_or(|from| taken >= from) && to.is_none_or(|to| taken <= to);
    (!inside).then_some((taken, from, to))
}

/// How far from the works it was taken, with the limit, where that is too far. What
/// the camera says it may be off by is in its favour.
fn far(limits: &Limits, works: &WorksFrame, facts: &Facts) -> Option<(f64, u32)> {
    let place = facts.place.as_ref()?;
    let (there, limit) = match (works.place, works.village_place) {
        (Some(there), _) => (there, limits.works_metres),
        (None, Some(there)) => (there, limits.village_metres),
        (None, None) => return None,
    };
    let metres = place.metres_to(there)? - place.accuracy.unwrap_or_default().clamp(0.0, 1_000.0);
    (metres > f64::from(limit)).then_some((metres, limit))
}

/// How a picture shows that it was edited.
fn edited(limits: &Limits, facts: &Facts) -> Option<String> {
    if let Some(software) = facts.software.as_ref().filter(|software| limits.edits(software)) {
        return Some(software.clone());
    }
    let (taken, changed) = (facts.taken_local()?, facts.changed_local()?);
    let later = changed.signed_duration_since(taken).num_minutes();
    (later > i64::from(limits.clock_minutes)).then(|| changed.format("%Y-%m-%d %H:%M").to_string())
}

/// By what a camera's clock is seen to be wrong, and by how many minutes: the
/// satellites', the disk's on which the file lay, or the laptop's that took it in.
/// A picture cannot be younger than its file.
fn clock(limits: &Limits, used: &Use, facts: &Facts) -> Option<(String, i64)> {
    let taken = facts.taken_utc()?;
    let limit = i64::from(limits.clock_minutes);
    if let Some(satellite) = facts.satellite_utc() {
        let minutes = taken.signed_duration_since(satellite).num_minutes();
        // Some cameras keep the satellites' time of their last fix; a day is no fix.
        return (minutes.abs() > limit).then(|| ("GPS".to_owned(), minutes));
    }
    for (by, at) in [("文件时间", &used.modified), ("存入时间", &used.attached)] {
        let at = at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let minutes = at.map(|at| taken.signed_duration_since(at).num_minutes());
        if let Some(minutes) = minutes.filter(|minutes| *minutes > limit) {
            return Some((by.to_owned(), minutes));
        }
    }
    None
}

/// Whether this is what a clock says that nobody ever set, or that began again
/// without a battery: a year long before any works that is kept here.
fn never_set(taken: NaiveDateTime) -> bool {
    let first = NaiveDate::from_ymd_opt(2008, 1, 1);
    first.is_some_and(|first| taken.date() < first)
}

/// That one picture is used more than once for different things; `uses` are all
/// its uses, those of the works asked about first.
#[must_use]
pub fn twice(uses: &[Use]) -> Option<Finding> {
    let apart = uses.iter().enumerate().any(|(at, one)| uses[at + 1..].iter().any(|other| stand_apart(one, other)));
    let first = uses.first().filter(|_| apart)?;
    let records: Vec<RecordId> = uses.iter().map(|used| used.record).collect();
    let photos = uses.iter().map(Use::photo).collect();
    let fields = [("photo", first.name.clone()), ("count", uses.len().to_string()), ("places", places(uses))];
    Some(Finding::new(FindingRule::PhotoTwice, records, photos, &fields))
}

/// That two pictures look nearly the same and are used for different things.
#[must_use]
pub fn alike(limits: &Limits, one: &[Use], other: &[Use], distance: u32) -> Option<Finding> {
    if distance > limits.alike_bits {
        return None;
    }
    let (mine, theirs) =
        one.iter().find_map(|mine| Some((mine, other.iter().find(|other| stand_apart(mine, other))?)))?;
    let fields = [
        ("photo", mine.name.clone()),
        ("other", theirs.name.clone()),
        ("distance", distance.to_string()),
        ("places", places(&[mine.clone(), theirs.clone()])),
    ];
    let photos = vec![mine.photo(), theirs.photo()];
    Some(Finding::new(FindingRule::PhotoAlike, vec![mine.record, theirs.record], photos, &fields))
}

/// Whether two uses say different things: of two works or villages, or of two
/// phases of one. A works and its progress report may well show the same picture.
fn stand_apart(one: &Use, other: &Use) -> bool {
    let phases = one.phase.zip(other.phase).is_some_and(|(one, other)| one != other);
    let elsewhere = match (one.works, other.works) {
        (Some(one), Some(other)) => one != other,
        _ => one.village != other.village,
    };
    elsewhere || phases
}

fn places(uses: &[Use]) -> String {
    let mut names: Vec<&str> = uses.iter().map(|used| used.shown.as_str()).collect();
    names.dedup();
    names.join("；")
}

/// That a completed works lacks a picture of before or after.
#[must_use]
pub fn missing(works: &WorksFrame, uses: &[Use]) -> Option<Finding> {
    let has = |phase| uses.iter().any(|used| used.works == Some(works.id) && used.phase == Some(phase));
    let lacks: Vec<&str> = [(Phase::Before, "整治前"), (Phase::After, "整治完成")]
        .into_iter()
        .filter(|(phase, _)| !has(*phase))
        .map(|(_, words)| words)
        .collect();
    (works.completed && !lacks.is_empty()).then(|| {
        let fields = [("works", works.name.clone()), ("phases", lacks.join("、"))];
        Finding::new(FindingRule::PhotoMissing, vec![works.id], Vec::new(), &fields)
    })
}
