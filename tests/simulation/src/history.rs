//! A history: so many steps drawn from one seed, and then a time without faults
//! in which everything must come to rest and be one and the same everywhere.

use district::Arrival;

use crate::deeds::FILES;
use crate::ground::Ground;
use crate::oracle::{Broken, Promise, broken};
use crate::world::World;

/// The most turns that a laptop may take to come to rest.
const PATIENCE: usize = 60;

/// A history that broke a promise.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What to draw it from again.
    pub seed: u64,
    /// What was broken.
    pub broken: Broken,
    /// Everything that happened until then.
    pub trace: Vec<String>,
}

/// Something that can happen.
#[derive(Debug, Clone, Copy)]
enum Step {
    Deed,
    Decide,
    TakeUp,
    Exchange,
    Stick,
    Arrives,
    LaptopBackup,
    Clone,
    DistrictBackup,
    Rights,
    File,
    Clock,
}

/// Runs the history of `seed`; its trace.
///
/// # Errors
/// The first promise that is broken, with all that led to it.
pub fn run(ground: &Ground, seed: u64) -> Result<Vec<String>, Box<Failure>> {
    let mut world = World::new(ground, seed);
    match world.live() {
        Ok(()) => Ok(world.trace),
        Err(broken) => Err(Box::new(Failure { seed, broken, trace: world.trace })),
    }
}

impl World<'_> {
    fn live(&mut self) -> Result<(), Broken> {
        let steps = self.chance.within(15..50);
        self.touched.extend(0..self.laptops.len());
        for _ in 0..steps {
            self.now += u64::try_from(self.chance.within(1..90_000)).unwrap_or(1);
            self.step()?;
            self.check()?;
        }
        self.come_to_rest()
    }

    fn step(&mut self) -> Result<(), Broken> {
        let weather = self.weather;
        let if_so = |so: bool, weight: usize| if so { weight } else { 0 };
        let steps = [
            (Step::Deed, 36),
            (Step::Decide, 4),
            (Step::TakeUp, 3),
            (Step::Exchange, 30),
            (Step::Stick, if_so(weather.sticks, 6)),
            (Step::Arrives, if_so(!self.post.is_empty(), 8)),
            (Step::LaptopBackup, if_so(weather.laptop_backups, 4)),
            (Step::Clone, if_so(weather.clones, 1)),
            (Step::DistrictBackup, if_so(weather.district_backups, 4)),
            (Step::Rights, if_so(weather.rights, 3)),
            (Step::File, if_so(weather.files, 3)),
            (Step::Clock, 1),
        ];
        let step = self.chance.weighted(&steps).unwrap_or(Step::Deed);
        let number = self.chance.within(0..self.laptops.len());
        match step {
            Step::Deed => self.deed(number),
            Step::Decide => self.decide(number).map(drop),
            Step::TakeUp => self.take_up(number, false).map(drop),
            Step::Exchange => {
                for _ in 0..self.chance.within(1..4) {
                    if !self.exchange(number)?.is_some_and(|heard| heard.more) {
                        break;
                    }
                    self.check()?;
                }
                Ok(())
            }
            Step::Stick => {
                if let Some((letter, message)) = self.compose(number, Arrival::Stick)? {
                    self.post.push(letter);
                    self.went_out(number, &message)?;
                }
                Ok(())
            }
            Step::Arrives => self.arrives(),
            Step::LaptopBackup => {
                self.laptop_backup(number);
                Ok(())
            }
            Step::Clone => {
                self.clone_laptop(number);
                Ok(())
            }
            Step::DistrictBackup => self.district_backup(),
            Step::Rights => self.rights(number),
            Step::File => self.file_arrives(None),
            Step::Clock => {
                self.clock_jumps(number);
                Ok(())
            }
        }
    }

    /// No faults any more: everybody exchanges until there is nothing to say.
    fn come_to_rest(&mut self) -> Result<(), Broken> {
        self.say("from here on nothing goes wrong");
        self.post.clear();
        (self.weather.broken_lines, self.weather.crashes) = (false, false);
        for n in 0..FILES {
            self.file_arrives(Some(n))?;
            self.check()?;
        }
        for round in 0..3 {
            for number in 0..self.laptops.len() {
                self.rest(number)?;
                while self.take_up(number, true)? {}
                if round == 0 {
                    self.decide(number)?;
                }
                self.check()?;
            }
        }
        for number in 0..self.laptops.len() {
            if !self.revoked.contains(&self.laptops[number].device) {
                self.is_at_rest(number)?;
            }
        }
        Ok(())
    }

    fn rest(&mut self, number: usize) -> Result<(), Broken> {
        if self.revoked.contains(&self.laptops[number].device) {
            return Ok(());
        }
        for _ in 0..PATIENCE {
            let heard = self.exchange(number)?;
            self.check()?;
            if heard.is_some_and(|heard| !heard.more && !heard.is_news()) {
                return Ok(());
            }
        }
        Err(broken(Promise::ItEnds, format!("{} never comes to rest", self.laptops[number].name)))
    }

    /// Nothing is pending, and what the laptop has is what the district has.
    fn is_at_rest(&mut self, number: usize) -> Result<(), Broken> {
        let fault = |error: store::Error| broken(Promise::HonestIsHeard, error.to_string());
        let laptop = &self.laptops[number];
        let name = &laptop.name;
        if let Some(pending) = laptop.store.outbox().map_err(fault)?.first() {
            return Err(broken(Promise::ItEnds, format!("{} is still pending on {name}", pending.change.id)));
        }
        if let Some(kept) = laptop.store.kept_changes().map_err(fault)?.first() {
            return Err(broken(Promise::ItEnds, format!("{} still waits on {name} for its log", kept.id)));
        }
        let mut ours = std::collections::BTreeMap::new();
        for kept in laptop.store.every_record().map_err(fault)? {
            let id = kept.shown.record.id;
            let Some((record, _)) = kept.confirmed else {
                return Err(broken(Promise::SamePrefixSameState, format!("{id} on {name} is of no log")));
            };
            ours.insert(id, record);
        }
        for scope in &self.oracle.granted[&laptop.device] {
            let error = |error: district::DistrictError| broken(Promise::HonestIsHeard, error.to_string());
            for record in self.district.records(scope).map_err(error)? {
                let here = ours.remove(&record.id);
                if here.as_ref() != Some(&record) {
                    let what = format!("{name} has {here:?}, and the district {record:?}");
                    return Err(broken(Promise::SamePrefixSameState, what));
                }
            }
        }
        if let Some(id) = ours.keys().next() {
            return Err(broken(Promise::SamePrefixSameState, format!("the district has no {id}, {name} has")));
        }
        let audit = laptop.store.audit(&mut |_| {}).map_err(fault)?;
        if !audit.ok {
            let what = format!("the audit of {name} finds {:?}", audit.broken);
            return Err(broken(Promise::SamePrefixSameState, what));
        }
        let found = self.district.audit(&mut |_| {});
        match found {
            Ok(audit) if audit.ok => Ok(()),
            Ok(audit) => {
                let what = format!("the audit of the district finds {:?}", audit.broken);
                Err(broken(Promise::SamePrefixSameState, what))
            }
            Err(error) => Err(broken(Promise::HonestIsHeard, error.to_string())),
        }
    }
}
