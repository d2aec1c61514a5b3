//! Place codes: which level a code has, above which it stands, what a newer
//! official list says about an older one, and who may have followed whom.
//!
//! The official list changes every year (2022 to 2023: 7,969 villages more, 6,660
//! fewer, 13,538 renamed). A *place* is therefore one code under one name for one
//! period; a new name begins a new period, and nothing is ever rewritten, so that
//! a record of 2019 still says the name that was right in 2019. Places are records
//! of the kind `place` in the district's shared scope, and no table of their own:
//! history, conflicts, permission and the way to every laptop come with that, and
//! the laptop of a township that is no more still learns what became of it. The
//! ledger of a village (`village`, its 一村一档) is another thing and stays, under
//! whatever code it was begun.
//!
//! Who follows whom is never guessed: a list does not say it, so the district does,
//! and names only make the suggestions here.

mod likeness;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::{Record, RecordId};

pub(crate) use likeness::Letters;
pub use likeness::{likeness, stem};

/// The levels of a code from the province down, as the kind `place` calls them.
pub const LEVELS: [&str; 5] = ["province", "city", "county", "township", "village"];

/// How many digits a code of each level has.
const DIGITS: [usize; 5] = [2, 4, 6, 9, 12];

/// The level of `code`, from 1 (province) to 5 (village), by its digits.
#[must_use]
pub fn level(code: &str) -> Option<usize> {
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    DIGITS.iter().position(|n| digits && *n == code.len()).map(|at| at + 1)
}

/// The twelve digits of the official list as a code of `level`; none where what
/// is cut off says something.
#[must_use]
pub fn cut(twelve: &str, level: usize) -> Option<&str> {
    let (code, rest) = twelve.split_at_checked(*DIGITS.get(level.checked_sub(1)?)?)?;
    let whole = twelve.len() == 12 && twelve.bytes().all(|b| b.is_ascii_digit());
    (whole && rest.bytes().all(|b| b == b'0')).then_some(code)
}

/// The codes above `code`, from the province down.
pub fn above(code: &str) -> impl Iterator<Item = &str> {
    DIGITS.iter().filter(|digits| **digits < code.len()).filter_map(|digits| code.get(..*digits))
}

/// A record of the kind `place`.
pub struct Place<'r>(pub &'r Record);

impl<'r> Place<'r> {
    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] =
        &["code", "name", "level", "category", "valid_from", "valid_until", "change", "successors"];

    /// The code.
    #[must_use]
    pub fn code(&self) -> &'r str {
        self.0.text("code").unwrap_or_default()
    }

    /// The name in this period.
    #[must_use]
    pub fn name(&self) -> &'r str {
        self.0.text("name").unwrap_or_default()
    }

    /// The first day of the period, where it is known.
    #[must_use]
    pub fn from(&self) -> Option<NaiveDate> {
        self.0.text("valid_from")?.parse().ok()
    }

    /// The first day after the period.
    #[must_use]
    pub fn until(&self) -> Option<NaiveDate> {
        self.0.text("valid_until")?.parse().ok()
    }

    /// The periods that follow this one, as the district said.
    pub fn successors(&self) -> impl Iterator<Item = RecordId> + 'r {
        self.0.items("successors").iter().filter_map(|item| item.as_str()?.parse().ok())
    }

    /// Whether it ended and nobody has said yet what became of it.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.until().is_some() && self.successors().next().is_none() && self.0.text("change") != Some("abolished")
    }
}

/// Of the periods of one code the one that holds on `day`; else the one that is
/// nearest: a record older than the oldest list has that list's name. `span` says
/// the first day of a period and the first after it.
pub fn on<P>(
    periods: impl IntoIterator<Item = P>,
    day: NaiveDate,
    span: impl Fn(&P) -> (Option<NaiveDate>, Option<NaiveDate>),
) -> Option<P> {
    let distance = |period: &P| {
        let (from, until) = span(period);
        let early = from.map_or(0, |from| (from - day).num_days().max(0));
        // The day on which a period ends is no longer in it.
        let late = until.map_or(0, |until| ((day - until).num_days() + 1).max(0));
        early.max(late)
    };
    periods.into_iter().min_by_key(distance)
}

/// A place as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The code, of the digits of its level.
    pub code: String,
    /// The name.
    pub name: String,
    /// The list's own word for what it is: 镇, 村委会 …
    pub category: String,
}

/// What a list says about what is known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison<'l> {
    /// Codes that are not known.
    pub new: Vec<&'l Listed>,
    /// Codes whose name is another one, with the name that is known.
    pub renamed: Vec<(String, &'l Listed)>,
    /// How many say what is known.
    pub same: u64,
    /// Codes that are known and not in the list, though the list is complete there.
    pub gone: Vec<String>,
}

/// Compares `listed` with `known`, the present names by code. Only within the
/// codes of `complete` does a place that is not in the list count as gone: a list
/// of one township says nothing about the others.
#[must_use]
pub fn compare<'l>(listed: &'l [Listed], known: &BTreeMap<String, String>, complete: &[String]) -> Comparison<'l> {
    let mut comparison = Comparison::default();
    for place in listed {
        match known.get(&place.code) {
            None => comparison.new.push(place),
            Some(name) if *name != place.name => comparison.renamed.push((name.clone(), place)),
            Some(_) => comparison.same += 1,
        }
    }
    let there: BTreeSet<&str> = listed.iter().map(|place| place.code.as_str()).collect();
    let asked = |code: &str| complete.iter().any(|prefix| code.len() > prefix.len() && code.starts_with(prefix));
    let gone = known.keys().filter(|code| asked(code) && !there.contains(code.as_str()));
    comparison.gone = gone.cloned().collect();
    comparison
}

/// The codes among `present` that may have followed `code`, called `name`, best
/// first and five at most: of the same level and county, and called alike.
#[must_use]
pub fn suggestions(code: &str, name: &str, present: &BTreeMap<String, String>) -> Vec<String> {
    let county = code.get(..code.len().min(6)).unwrap_or_default();
    let alike = |(other, called): (&String, &String)| {
        let fits = other.len() == code.len() && other != code && other.starts_with(county);
        let near = i64::from(other.get(..9) == code.get(..9)) * 5; // Of two alike, the one in the same township.
        let alike = i64::from(likeness(&stem(name), &stem(called)));
        (fits && alike >= 50).then(|| (-(alike + near), other.clone()))
    };
    let mut found: Vec<(i64, String)> = present.iter().filter_map(alike).collect();
    found.sort();
    found.into_iter().take(5).map(|(_, code)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(places: &[(&str, &str)]) -> BTreeMap<String, String> {
        places.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn a_code_has_the_level_of_its_digits_and_stands_below_its_beginnings() {
        assert_eq!(level("320902107200"), Some(5), "twelve digits are a village");
        assert!(
            level("32090").is_none() && level("3209021072x0").is_none(),
            "five digits are nothing, letters neither"
        );
        assert_eq!(above("320902107200").collect::<Vec<_>>(), ["32", "3209", "320902", "320902107"]);
        assert_eq!(cut("320902107000", 4), Some("320902107"));
        assert_eq!(cut("320902107200", 4), None, "a village is no township");
        assert_eq!(cut("３２０９０２１０７０００", 4), None, "full-width digits are no code");
    }

    #[test]
    fn a_day_has_the_name_that_was_right_then() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let periods = [("正洋村委会", None, Some("2024-01-01")), ("正洋社区居委会", Some("2024-01-01"), None)];
        let name = |on_day: &str| {
            on(periods, day(on_day), |(_, from, until)| (from.map(day), until.map(day))).map(|(name, ..)| name)
        };
        assert_eq!(name("2019-05-01"), Some("正洋村委会"));
        assert_eq!(name("2023-12-31"), Some("正洋村委会"), "the last day before");
        assert_eq!(name("2024-01-01"), Some("正洋社区居委会"), "the first day of the new name is in it, and no other");
        let ended = [("新灶村委会", Some("2010-01-01"), Some("2024-01-01"))];
        for out_of_it in ["2001-01-01", "2026-01-01"] {
            let found = on(ended, day(out_of_it), |(_, from, until)| (from.map(day), until.map(day)));
            assert_eq!(found.map(|(name, ..)| name), Some("新灶村委会"), "the nearest name where none is right");
        }
    }

    #[test]
    fn a_list_of_one_township_makes_nothing_of_another_disappear() {
        let known = known(&[("320902107", "盐东镇"), ("320902107200", "中东村委会"), ("320902102202", "古河村委会")]);
        let listed = [("320902107", "盐东镇"), ("320902107201", "正洋村委会")].map(|(code, name)| Listed {
            code: code.to_owned(),
            name: name.to_owned(),
            category: String::new(),
        });
        let some = compare(&listed, &known, &[]);
        assert!(some.gone.is_empty(), "nobody said that the list is complete");
        let all = compare(&listed, &known, &["320902107".to_owned()]);
        assert_eq!(all.gone, ["320902107200"], "古河村 lies elsewhere, and the township itself is there");
        assert_eq!((all.same, all.new.len()), (1, 1));
    }

    #[test]
    fn a_successor_is_suggested_by_name_within_the_county_and_nearest_first() {
        let present = known(&[
            ("320902107205", "中东社区居委会"),
            ("320902102205", "中东村委会"),
            ("320902107206", "古河村委会"),
            ("320903107205", "中东村委会"),
        ]);
        let found = suggestions("320902107200", "中东村委会", &present);
        assert_eq!(found, ["320902107205", "320902102205"], "the same township first; another county never");
    }
}
