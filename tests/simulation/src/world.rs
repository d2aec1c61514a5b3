//! The world of one history: a district, its laptops, what is on its way between
//! them, and one scheduler that draws every step from the seed.

use std::collections::BTreeSet;

use district::{District, Guest};
use domain::{DeviceId, Scope};

use crate::catalog::Age;
use crate::chance::Chance;
use crate::ground::{Ground, key_of};
use crate::laptop::Laptop;
use crate::oracle::{Broken, Oracle};
use crate::post::Letter;

/// The district's shared scope.
pub(crate) const DISTRICT: &str = "320902";
/// The townships.
pub(crate) const TOWNSHIPS: [&str; 2] = ["320902101", "320902102"];

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("a constant")
}

/// The scopes of the world.
pub(crate) fn every_scope() -> BTreeSet<Scope> {
    TOWNSHIPS.into_iter().chain([DISTRICT]).map(scope).collect()
}

/// Set in a seed whose laptops speak ahead over the line: the next message is said
/// before the answer to the last one was taken.
const AHEAD: u64 = 1 << 63;

/// The seed of the `nth` history: in every other one laptops speak ahead.
#[must_use]
pub fn seed_of(nth: u64) -> u64 {
    if nth.is_multiple_of(2) { (nth / 2) | AHEAD } else { nth }
}

/// Which faults a history may have; a world with all of them at once would hide
/// the plain ones behind the wild ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    pub(crate) broken_lines: bool,
    pub(crate) sticks: bool,
    pub(crate) crashes: bool,
    pub(crate) laptop_backups: bool,
    pub(crate) clones: bool,
    pub(crate) district_backups: bool,
    pub(crate) rights: bool,
    pub(crate) files: bool,
    pub(crate) ahead: bool,
    /// The most entries or records in one answer.
    pub(crate) page: usize,
}

impl Weather {
    fn of(chance: &mut Chance, seed: u64) -> Self {
        Self {
            broken_lines: chance.percent(70),
            sticks: chance.percent(50),
            crashes: chance.percent(60),
            laptop_backups: chance.percent(40),
            clones: chance.percent(20),
            district_backups: chance.percent(40),
            rights: chance.percent(30),
            files: chance.percent(50),
            ahead: seed & AHEAD != 0,
            page: chance.weighted(&[(2, 1), (4, 1), (1_000, 2)]).unwrap_or(1_000),
        }
    }
}

/// A district as it was.
pub(crate) struct DistrictBackup {
    pub(crate) image: Vec<u8>,
    pub(crate) granted: Vec<(usize, BTreeSet<Scope>)>,
    pub(crate) revoked: BTreeSet<usize>,
}

/// Everything there is.
pub(crate) struct World<'g> {
    pub(crate) ground: &'g Ground,
    pub(crate) chance: Chance,
    pub(crate) weather: Weather,
    /// Seconds since 1970, in this world.
    pub(crate) now: u64,
    pub(crate) district: District,
    /// Counts up with every restore of the district.
    pub(crate) generation: u32,
    pub(crate) backup: Option<DistrictBackup>,
    pub(crate) laptops: Vec<Laptop>,
    pub(crate) revoked: BTreeSet<usize>,
    pub(crate) post: Vec<Letter>,
    pub(crate) oracle: Oracle,
    /// What happened, one line each.
    pub(crate) trace: Vec<String>,
    /// Why changes may be gone after this step.
    pub(crate) destroyed: Option<&'static str>,
    /// A scope was purged in this step.
    pub(crate) purged: bool,
    /// Laptops to be looked at after this step.
    pub(crate) touched: BTreeSet<usize>,
    /// Records that somebody began: id, kind, scope.
    pub(crate) records: Vec<domain::RecordId>,
}

impl<'g> World<'g> {
    pub(crate) fn new(ground: &'g Ground, seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let weather = Weather::of(&mut chance, seed);
        let mut world = Self {
            ground,
            weather,
            now: 1_780_000_000,
            district: ground.new_district(weather.page),
            generation: 0,
            backup: None,
            laptops: Vec::new(),
            revoked: BTreeSet::new(),
            post: Vec::new(),
            oracle: Oracle::default(),
            trace: vec![format!("weather: {weather:?}")],
            destroyed: None,
            purged: false,
            touched: BTreeSet::new(),
            records: Vec::new(),
            chance,
        };
        let many = world.chance.within(2..5);
        for number in 0..many {
            world.enrol(number);
        }
        world
    }

    fn enrol(&mut self, number: usize) {
        let chance = &mut self.chance;
        let id = DeviceId(chance.uuid(self.now));
        let age = chance.weighted(&[(Age::Same, 7), (Age::Old, 2), (Age::Newer, 1)]).unwrap_or(Age::Same);
        let role = chance.weighted(&[("clerk", 17), ("admin", 2), ("reader", 1)]).unwrap_or("clerk");
        let own = match chance.within(0..10) {
            0 => scope(DISTRICT),
            n if n < 8 => scope(TOWNSHIPS[0]),
            _ => scope(TOWNSHIPS[1]),
        };
        let held: BTreeSet<Scope> =
            if own.is_township() { [own.clone(), own.district()].into() } else { every_scope() };
        let guest = Guest {
            id,
            number: u32::try_from(number + 1).unwrap_or(1),
            role: role.to_owned(),
            scope: Some(own.clone()),
            public_key: key_of(number).verifying_key(),
        };
        self.district.admit(&guest).expect("a new laptop");
        let store = self.ground.new_store(age);
        store.set_writer(domain::Writer { device: id, incarnation: 1 }).expect("memory");
        for scope in &held {
            store.hold_scope(scope).expect("memory");
        }
        let name = ["A", "B", "C", "D"][number % 4].to_owned();
        self.say(format!("{name} is let in: {role}, {own}, {age:?}"));
        let mut laptop = Laptop::new(name, number, id, age, role, store);
        laptop.told_of(held.iter().cloned());
        self.oracle.granted.insert(number, held);
        self.laptops.push(laptop);
    }

    pub(crate) fn say(&mut self, line: impl Into<String>) {
        self.trace.push(line.into());
    }

    /// Looks at all that this step has touched.
    pub(crate) fn check(&mut self) -> Result<(), Broken> {
        self.oracle.read_district(&self.district)?;
        for number in std::mem::take(&mut self.touched) {
            self.laptops[number].check(number, &mut self.oracle, self.generation)?;
        }
        self.oracle.account(self.destroyed.take(), std::mem::take(&mut self.purged))
    }
}
