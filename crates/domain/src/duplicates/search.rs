//! The pairs among many works, without looking at every two of them: a village of
//! six thousand works has nineteen million pairs.
//!
//! Category and period alone never make a pair, as long as the rules give them less
//! than the threshold. So a pair has one of four things in common that can be looked
//! up: the figures in its names, a contract, a file, or its place. Each way passes
//! over what an earlier one has found.

use std::collections::BTreeMap;

use super::{Facts, Likeness, Name, Rules, compare_named, metres};

/// Metres in a degree of latitude, or less: what is farther apart in degrees is farther apart in metres.
const DEGREE: f64 = 110_000.0;

/// Tells `found` of every two works that have the rules' threshold in common, by their places in `works`.
pub fn search(rules: &Rules, works: &[Facts], found: &mut dyn FnMut(usize, usize, Likeness)) {
    let mut villages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, one) in works.iter().enumerate() {
        villages.entry(&one.village).or_default().push(at);
    }
    let names: Vec<Name> = works.iter().map(Name::of).collect();
    for members in villages.values() {
        Village { rules, works, names: &names, members }.search(found);
    }
}

/// The works of one village.
struct Village<'w> {
    rules: &'w Rules,
    works: &'w [Facts],
    names: &'w [Name],
    members: &'w [usize],
}

impl Village<'_> {
    fn search(&self, found: &mut dyn FnMut(usize, usize, Likeness)) {
        let mut look = |one: usize, other: usize| {
            let named = |at: usize| (&self.works[at], &self.names[at]);
            let alike = compare_named(self.rules, named(one), named(other));
            if let Some(alike) = alike.filter(|alike| alike.score >= self.rules.threshold) {
                found(one, other, alike);
            }
        };
        let points = &self.rules.points;
        if u16::from(points.same_category) + u16::from(points.dates_overlap) >= u16::from(self.rules.threshold) {
            return pairs(self.members, &mut look);
        }
        let of_figures = self.grouped(|at| std::iter::once(self.names[at].figures.as_str()));
        of_figures.values().for_each(|group| {
            pairs(group, &mut |one, other| {
                if self.alike(one, other) {
                    look(one, other);
                }
            });
        });
        let of_contract = self.grouped(|at| self.works[at].contracts.iter().map(String::as_str));
        of_contract.iter().for_each(|(number, group)| {
            pairs(group, &mut |one, other| {
                if !self.alike(one, other) && self.contract(one, other) == Some(number) {
                    look(one, other);
                }
            });
        });
        let of_file = self.grouped(|at| self.works[at].photos.iter().map(String::as_str));
        of_file.iter().for_each(|(file, group)| {
            pairs(group, &mut |one, other| {
                let earlier = self.alike(one, other) || self.contract(one, other).is_some();
                if !earlier && self.file(one, other) == Some(file) {
                    look(one, other);
                }
            });
        });
        self.neighbours(&mut |one, other| {
            let earlier =
                self.alike(one, other) || self.contract(one, other).is_some() || self.file(one, other).is_some();
            if !earlier {
                look(one, other);
            }
        });
    }

    fn grouped<'s, I: Iterator<Item = &'s str>>(&'s self, of: impl Fn(usize) -> I) -> BTreeMap<&'s str, Vec<usize>> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in self.members {
            of(*at).for_each(|key| groups.entry(key).or_default().push(*at));
        }
        groups
    }

    fn alike(&self, one: usize, other: usize) -> bool {
        self.names[one].likeness(&self.names[other]) >= self.rules.name_from
    }

    /// The first contract that both have.
    fn contract(&self, one: usize, other: usize) -> Option<&str> {
        self.works[one].contracts.intersection(&self.works[other].contracts).next().map(String::as_str)
    }

    /// The first file that both have.
    fn file(&self, one: usize, other: usize) -> Option<&str> {
        self.works[one].photos.intersection(&self.works[other].photos).next().map(String::as_str)
    }

    /// Every two that stand near each other.
    fn neighbours(&self, near: &mut dyn FnMut(usize, usize)) {
        let placed = self.members.iter().filter_map(|at| Some((self.works[*at].place?.lat, *at)));
        let mut placed: Vec<(f64, usize)> = placed.collect();
        placed.sort_by(|one, other| one.0.total_cmp(&other.0));
        let reach = self.rules.near / DEGREE;
        for (at, (lat, one)) in placed.iter().enumerate() {
            for (_, other) in placed[at + 1..].iter().take_while(|(other, _)| other - lat <= reach) {
                if metres(&self.works[*one], &self.works[*other]).is_some_and(|metres| metres <= self.rules.near) {
                    near(*one.min(other), *one.max(other));
                }
            }
        }
    }
}

fn pairs(group: &[usize], look: &mut dyn FnMut(usize, usize)) {
    for (at, one) in group.iter().enumerate() {
        group[at + 1..].iter().for_each(|other| look(*one, *other));
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare;
    use super::*;
    use crate::geo::{Point, System};

    /// Works that have each thing in common with some of the others, in every mixture.
    fn office() -> Vec<Facts> {
        let names = ["中东村污水管网一期", "中东村污水管网工程一期", "中东村污水管网二期", "公厕改造", "1号泵站", ""];
        let mut works = Vec::new();
        for turn in 0..240_u32 {
            let pick = |step: u32, of: u32| turn / step % of;
            let start = format!("2026-0{}-01", 1 + pick(3, 4)).parse().ok();
            let lon = 120.0 + f64::from(pick(2, 5)) * 0.0004;
            works.push(Facts {
                village: ["中东村", "正洋村", ""][pick(5, 3) as usize].to_owned(),
                category: ["sewage", "waste"][pick(7, 2) as usize].to_owned(),
                name: names[pick(1, 6) as usize].to_owned(),
                span: (start, start),
                contracts: (0..pick(11, 3)).map(|one| format!("{}", one + pick(4, 3))).collect(),
                place: Point::new(lon, 33.4 + f64::from(pick(6, 3)) * 0.000_4, System::Wgs84).filter(|_| turn % 4 != 0),
                photos: (0..pick(13, 3)).map(|one| format!("{}", one + pick(5, 4))).collect(),
            });
        }
        works
    }

    fn found(rules: &Rules, works: &[Facts]) -> Vec<(usize, usize, Likeness)> {
        let mut found = Vec::new();
        search(rules, works, &mut |one, other, alike| found.push((one, other, alike)));
        found.sort_by_key(|(one, other, _)| (*one, *other));
        found
    }

    #[test]
    fn what_is_looked_up_is_what_looking_at_every_two_would_find() {
        let works = office();
        let shipped = Rules::shipped();
        let lower = Rules { threshold: 30, ..shipped.clone() };
        let near = Rules { threshold: 31, ..shipped.clone() };
        for rules in [shipped, lower, near] {
            let mut all = Vec::new();
            for one in 0..works.len() {
                for other in one + 1..works.len() {
                    let alike = compare(&rules, &works[one], &works[other]);
                    all.extend(alike.filter(|alike| alike.score >= rules.threshold).map(|alike| (one, other, alike)));
                }
            }
            assert!(all.len() > 100 && all.len() < 28_000, "the office has both sorts: {}", all.len());
            assert_eq!(found(&rules, &works), all, "each once, from a threshold of {}", rules.threshold);
        }
    }
}
