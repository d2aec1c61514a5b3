//! Whether two works are one, recorded twice: on two laptops, or by two people.
//!
//! Nothing here decides. A pair is given points for what it has in common, each
//! with its reason, and from a threshold on a person is asked. The points are data
//! (`rules.toml`), since no authority says how much an overlapping period is worth.
//! Works in two villages are never a pair, whatever they are called: 生活污水管网
//! is built in every village.

mod search;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use search::search;

use crate::geo::Point;
use crate::places::Letters;

/// How much counts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// From so many points on, the pair is offered.
    pub threshold: u8,
    /// Metres within which two places count as one.
    pub near: f64,
    /// Names alike by at least so many percent count.
    pub name_from: u8,
    /// What each thing in common is worth.
    pub points: Points,
}

/// What each thing in common is worth.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the reasons of the same names say it")]
pub struct Points {
    pub same_category: u8,
    pub name: u8,
    pub dates_overlap: u8,
    pub same_contract: u8,
    pub near: u8,
    pub same_photo: u8,
}

impl Rules {
    /// The rules that ship with the program.
    ///
    /// # Panics
    /// Never in a released program: a test reads the same file.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("rules.toml")).expect("the shipped rules are checked by a test")
    }

    /// The rules that `text` says.
    ///
    /// # Errors
    /// What is wrong with it, for whoever edits it.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }
}

/// What of a works is compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Its village.
    pub village: String,
    /// Its category.
    pub category: String,
    /// Its name.
    pub name: String,
    /// First and last day, as far as they are known; the real ones before the planned.
    pub span: (Option<NaiveDate>, Option<NaiveDate>),
    /// The numbers of its contracts.
    pub contracts: BTreeSet<String>,
    /// Where it is.
    pub place: Option<Point>,
    /// The files that it and its entries name, by hash.
    pub photos: BTreeSet<String>,
}

/// One thing that two works have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "reason", rename_all = "camelCase")]
pub enum Reason {
    /// The category.
    SameCategory,
    /// The name, more or less.
    Name {
        /// How alike, in percent.
        percent: u8,
    },
    /// Days on which both are built.
    DatesOverlap {
        /// The first.
        from: String,
        /// The last.
        until: String,
    },
    /// A contract.
    SameContract {
        /// Its number.
        number: String,
    },
    /// The place, or nearly so.
    Near {
        /// How far apart.
        metres: u32,
    },
    /// Photos or papers, byte by byte.
    SamePhoto {
        /// How many.
        count: u32,
    },
}

/// How much speaks for two works being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// From 0 to 100.
    pub score: u8,
    /// What they have in common.
    pub reasons: Vec<Reason>,
}

/// What two works of one village have in common; none for works of two villages.
#[must_use]
pub fn compare(rules: &Rules, one: &Facts, other: &Facts) -> Option<Likeness> {
    compare_named(rules, (one, &Name::of(one)), (other, &Name::of(other)))
}

/// A name as it is compared.
struct Name {
    figures: String,
    letters: Letters,
}

impl Name {
    fn of(works: &Facts) -> Self {
        Self { figures: figures(&works.name), letters: Letters::of(&works.name) }
    }

    /// How alike, in percent; not at all where their figures differ.
    fn likeness(&self, other: &Self) -> u8 {
        if self.figures == other.figures { self.letters.likeness(&other.letters) } else { 0 }
    }
}

fn compare_named(rules: &Rules, (one, name): (&Facts, &Name), (other, called): (&Facts, &Name)) -> Option<Likeness> {
    if one.village.is_empty() || one.village != other.village {
        return None;
    }
    let (points, mut score, mut reasons) = (&rules.points, 0_u32, Vec::new());
    let mut count = |worth: u32, reason: Reason| {
        score += worth;
        reasons.push(reason);
    };
    if !one.category.is_empty() && one.category == other.category {
        count(points.same_category.into(), Reason::SameCategory);
    }
    let percent = name.likeness(called);
    if percent >= rules.name_from {
        count(u32::from(points.name) * u32::from(percent) / 100, Reason::Name { percent });
    }
    if let Some((from, until)) = overlap(one.span, other.span) {
        let (from, until) = (from.to_string(), until.to_string());
        count(points.dates_overlap.into(), Reason::DatesOverlap { from, until });
    }
    if let Some(number) = one.contracts.intersection(&other.contracts).next() {
        count(points.same_contract.into(), Reason::SameContract { number: number.clone() });
    }
    if let Some(metres) = metres(one, other).filter(|metres| *metres <= rules.near) {
        // Within a distance of metres, and never below nought.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the rule's metres")]
        count(points.near.into(), Reason::Near { metres: metres.round() as u32 });
    }
    let shared = one.photos.intersection(&other.photos).count();
    if shared > 0 {
        count(points.same_photo.into(), Reason::SamePhoto { count: u32::try_from(shared).unwrap_or(u32::MAX) });
    }
    Some(Likeness { score: u8::try_from(score.min(100)).unwrap_or(100), reasons })
}

fn metres(one: &Facts, other: &Facts) -> Option<f64> {
    Some(one.place?.metres_to(other.place?))
}

/// The figures in a name: 一期 and 二期 are two works, however alike they are called.
fn figures(name: &str) -> String {
    let figure = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十甲乙丙丁".contains(*c);
    name.chars().map(|c| if ('０'..='９').contains(&c) { plain(c) } else { c }).filter(figure).collect()
}

fn plain(full_width: char) -> char {
    char::from_u32(u32::from(full_width) - 0xfee0).unwrap_or(full_width)
}

/// A first and a last day, as far as they are known.
type Span = (Option<NaiveDate>, Option<NaiveDate>);

/// The days that lie in both spans; none where either has no first day. What has
/// no last day yet goes on, and ends with the other.
fn overlap(one: Span, other: Span) -> Option<(NaiveDate, NaiveDate)> {
    let from = one.0?.max(other.0?);
    let until = one.1.into_iter().chain(other.1).min().unwrap_or(from);
    (from <= until).then_some((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn works(name: &str) -> Facts {
        Facts {
            village: "中东村".to_owned(), category: "sewage".to_owned(), name: name.to_owned(), ..Facts::default()
        }
    }

    fn score(one: &Facts, other: &Facts) -> u8 {
        compare(&Rules::shipped(), one, other).map_or(0, |likeness| likeness.score)
    }

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    #[test]
    fn the_same_works_called_a_little_differently_is_offered() {
        let rules = Rules::shipped();
        let one = works("中东村生活污水管网工程");
        let other = works("中东村生活污水管网建设工程");
        assert!(score(&one, &other) >= rules.threshold, "{}", score(&one, &other));
        assert!(score(&one, &works("中东村公共厕所改造")) < rules.threshold, "another works of the same category");
        let elsewhere = Facts { village: "正洋村".to_owned(), ..one.clone() };
        assert_eq!(compare(&rules, &one, &elsewhere), None, "another village is another works");
    }

    #[test]
    fn a_first_and_a_second_stage_are_two_works() {
        let rules = Rules::shipped();
        for (one, other) in [("污水管网一期", "污水管网二期"), ("1号泵站", "2号泵站"), ("甲组管网", "乙组管网")]
        {
            assert!(score(&works(one), &works(other)) < rules.threshold, "{one} and {other}");
        }
        assert!(score(&works("１号泵站"), &works("1号泵站")) >= rules.threshold, "width is no difference");
    }

    #[test]
    fn one_contract_or_one_photo_says_more_than_two_names() {
        let rules = Rules::shipped();
        let mut one = works("污水治理");
        let mut other = Facts { category: "other".to_owned(), ..works("农户接管") };
        assert_eq!(score(&one, &other), 0, "nothing in common but the village");
        one.contracts.insert("盐环合〔2026〕7号".to_owned());
        other.contracts.insert("盐环合〔2026〕7号".to_owned());
        let found = compare(&rules, &one, &other).expect("one village");
        assert!(found.score >= rules.threshold);
        assert_eq!(found.reasons, [Reason::SameContract { number: "盐环合〔2026〕7号".to_owned() }]);
        one.photos.insert("ab".repeat(32));
        other.photos.insert("ab".repeat(32));
        assert_eq!(score(&one, &other), 100, "never more than a hundred");
    }

    #[test]
    fn near_places_and_common_days_count_and_far_ones_do_not() {
        let mut one = works("污水治理");
        let mut other = works("农户接管");
        let at = |lon: f64| Point::new(lon, 33.4, crate::geo::System::Wgs84);
        (one.place, other.place) = (at(120.1), at(120.1003));
        let near = compare(&Rules::shipped(), &one, &other).expect("one village");
        assert!(matches!(near.reasons[1], Reason::Near { metres: 20..=40 }), "{:?}", near.reasons);
        other.place = at(120.2);
        (one.span, other.span) = ((day("2026-03-01"), day("2026-06-30")), (day("2026-06-30"), None));
        let found = compare(&Rules::shipped(), &one, &other).expect("one village").reasons;
        let common = Reason::DatesOverlap { from: "2026-06-30".to_owned(), until: "2026-06-30".to_owned() };
        assert_eq!(found, [Reason::SameCategory, common], "one common day, and nine kilometres are not near");
        other.span = (day("2026-07-01"), None);
        assert_eq!(compare(&Rules::shipped(), &one, &other).expect("one village").reasons, [Reason::SameCategory]);
    }

    #[test]
    fn rules_that_say_nothing_of_something_are_refused() {
        assert!(Rules::parse("threshold = 50").is_err(), "what is left out is not guessed");
        assert!(Rules::parse(include_str!("rules.toml")).is_ok());
    }
}
