//! Households: one that is on the lists twice for one thing, in this application
//! or anywhere in the district, and one whose householder had died before it was reached.

use std::collections::BTreeMap;

use super::{Review, date};
use crate::Record;
use crate::finding::{Finding, FindingRule};
use crate::submission::id_in;

/// By what two entries are seen to be of one household.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Same {
    Identity(String),
    Door(String),
    /// The name, where neither says more.
    Name(String),
}

impl Same {
    fn word(&self) -> &'static str {
        match self {
            Self::Identity(_) => "身份证号",
            Self::Door(_) => "门牌号",
            Self::Name(_) => "户主姓名",
        }
    }

    fn of(household: &Record) -> Vec<Self> {
        let village = household.text("village").unwrap_or_default();
        let plain = |field: &str| {
            let text: String = household.text(field)?.chars().filter(|c| !c.is_whitespace()).collect();
            (!text.is_empty()).then(|| text.to_uppercase())
        };
        let (identity, door) = (plain("id_mark"), plain("door_number"));
        let name = plain("householder").filter(|_| identity.is_none() && door.is_none());
        // A door and a name say nothing outside their village.
        let there = |text: String| format!("{village} {text}");
        let all = [
            identity.map(Self::Identity),
            door.map(|door| Self::Door(there(door))),
            name.map(|name| Self::Name(there(name))),
        ];
        all.into_iter().flatten().collect()
    }
}

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let own = &review.submission.households;
    let mut known: BTreeMap<Same, Vec<&Record>> = BTreeMap::new();
    for household in &review.submission.others.households {
        for same in Same::of(household) {
            known.entry(same).or_default().push(household);
        }
    }
    let mut found = Vec::new();
    for household in own {
        let signs = Same::of(household);
        // By one sign two entries are one household already.
        let twin = signs.iter().find_map(|same| {
            let other = known.get(same)?.iter().find(|other| for_one_thing(household, other))?;
            Some((same.word(), *other))
        });
        found.extend(twin.map(|(what, other)| twice(review, household, other, what)));
        found.extend(deceased(review, household));
        for same in signs {
            known.entry(same).or_default().push(household);
        }
    }
    found
}

/// A household may be connected and have its toilet built; not the same twice.
fn for_one_thing(one: &Record, other: &Record) -> bool {
    let benefit = |record: &Record| record.text("benefit").map(str::to_owned);
    benefit(one).zip(benefit(other)).is_none_or(|(one, other)| one == other)
}

fn twice(review: &Review<'_>, household: &Record, other: &Record, what: &str) -> Finding {
    let benefit = household.text("benefit").map(|one| review.catalog.choice("household", "benefit", one));
    let fields = [
        ("who", named(review, household)),
        ("what", what.to_owned()),
        ("benefit", benefit.unwrap_or_default()),
        ("other", format!("{} {}", other.text("number").unwrap_or("…"), other.text("householder").unwrap_or_default())),
    ];
    let records = [household, other, review.application()];
    let field = if what == Same::Door(String::new()).word() { "door_number" } else { "householder" };
    Finding::of(FindingRule::HouseholdTwice, &records, &fields).mended_in(household, Some(field))
}

fn deceased(review: &Review<'_>, household: &Record) -> Option<Finding> {
    let died = date(household, "deceased_on")?;
    let reached = date(household, "benefited_on");
    if reached.is_some_and(|reached| reached < died) {
        return None;
    }
    let fields = [
        ("who", named(review, household)),
        ("died", died.to_string()),
        ("reached", reached.map_or_else(|| "…".to_owned(), |reached| reached.to_string())),
    ];
    let found = Finding::of(FindingRule::HouseholderDeceased, &[household, review.application()], &fields);
    Some(found.mended_in(household, Some("deceased_on")))
}

/// A household as a sentence names it: its village, door and householder.
fn named(review: &Review<'_>, household: &Record) -> String {
    let village = id_in(household, "village");
    let village = review.submission.villages.iter().find(|one| Some(one.id) == village);
    let village = village.map(|village| review.name(village)).unwrap_or_default();
    let door = household.text("door_number").unwrap_or_default();
    format!("{village}{door} {}", household.text("householder").unwrap_or_default()).trim().to_owned()
}
