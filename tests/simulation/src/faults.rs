//! What befalls laptops and the district: backups that are restored, copies,
//! rights that change, clocks that jump, files that come late.

use domain::Scope;

use crate::deeds::{FILES, file};
use crate::laptop::Laptop;
use crate::oracle::{Broken, Promise, broken};
use crate::world::{DistrictBackup, TOWNSHIPS, World, every_scope, scope};

/// The most laptops there are.
const LAPTOPS: usize = 6;

impl World<'_> {
    /// A laptop's disk is copied, or becomes what an earlier copy holds.
    pub(crate) fn laptop_backup(&mut self, number: usize) {
        let ground = self.ground;
        let laptop = &mut self.laptops[number];
        let line = match laptop.backup.take_if(|_| self.chance.percent(60)) {
            Some(backup) => {
                laptop.become_again(ground, &backup);
                self.destroyed = Some("only on a laptop that was set back");
                self.touched.insert(number);
                format!("{} is set back to its backup", laptop.name)
            }
            None => {
                laptop.backup = Some(laptop.copy());
                format!("{} is backed up", laptop.name)
            }
        };
        self.say(line);
    }

    /// Somebody copies a laptop's folder to another one, and both are used.
    pub(crate) fn clone_laptop(&mut self, number: usize) {
        if self.laptops.len() >= LAPTOPS {
            return;
        }
        let laptop = &self.laptops[number];
        let copy = laptop.copy();
        let name = format!("{}{}", laptop.name, self.laptops.len());
        let store = self.ground.new_store(laptop.age);
        let mut twin = Laptop::new(name.clone(), laptop.device, laptop.id, laptop.age, laptop.role, store);
        twin.become_again(self.ground, &copy);
        let line = format!("{} is copied to {name}", laptop.name);
        self.say(line);
        self.touched.insert(self.laptops.len());
        self.laptops.push(twin);
    }

    /// The district's database is copied, or becomes what an earlier copy holds.
    pub(crate) fn district_backup(&mut self) -> Result<(), Broken> {
        let fault = |error: district::DistrictError| broken(Promise::HonestIsHeard, error.to_string());
        match self.backup.take_if(|_| self.chance.percent(60)) {
            Some(backup) => {
                self.say("the district is set back to its backup");
                self.district = self.ground.district_of(&backup.image, self.weather.page);
                self.generation += 1;
                self.oracle.forget_district();
                self.oracle.granted = backup.granted.into_iter().collect();
                self.revoked = backup.revoked;
                self.destroyed = Some("only at a district that was set back");
                self.touched.extend(0..self.laptops.len());
            }
            None => {
                self.say("the district is backed up");
                let image = self.district.image().map_err(fault)?;
                let granted = self.oracle.granted.clone().into_iter().collect();
                self.backup = Some(DistrictBackup { image, granted, revoked: self.revoked.clone() });
            }
        }
        Ok(())
    }

    /// A township is granted to a laptop, or withdrawn, or the laptop is shut out.
    pub(crate) fn rights(&mut self, number: usize) -> Result<(), Broken> {
        let fault = |error: district::DistrictError| broken(Promise::HonestIsHeard, error.to_string());
        let (device, id) = (self.laptops[number].device, self.laptops[number].id.to_string());
        if self.revoked.contains(&device) || self.oracle.granted[&device] == every_scope_of_all() {
            return Ok(());
        }
        if self.chance.percent(8) && self.revoked.is_empty() {
            self.district.revoke(&id).map_err(fault)?;
            self.revoked.insert(device);
            self.say(format!("{} is shut out", self.laptops[number].name));
            return Ok(());
        }
        let township = scope(TOWNSHIPS[self.chance.within(0..TOWNSHIPS.len())]);
        let held = self.oracle.granted[&device].contains(&township);
        let (granted, withdrawn): (Vec<Scope>, Vec<Scope>) =
            if held { (Vec::new(), vec![township.clone()]) } else { (vec![township.clone()], Vec::new()) };
        if self.district.reach(&id, &granted, &withdrawn).is_err() {
            return Ok(()); // It would hold nothing, or holds all.
        }
        let scopes = self.oracle.granted.entry(device).or_default();
        if held {
            scopes.remove(&township);
        } else {
            scopes.insert(township.clone());
        }
        let word = if held { "withdrawn from" } else { "granted to" };
        self.say(format!("{township} is {word} {}", self.laptops[number].name));
        Ok(())
    }

    /// A file reaches the district.
    pub(crate) fn file_arrives(&mut self, n: Option<usize>) -> Result<(), Broken> {
        let fault = |error: district::DistrictError| broken(Promise::HonestIsHeard, error.to_string());
        let n = n.unwrap_or_else(|| self.chance.within(0..FILES));
        self.district.note_arrived(&file(n), 7).map_err(fault)?;
        self.say(format!("file {n} arrives"));
        Ok(())
    }

    /// A laptop's clock jumps.
    pub(crate) fn clock_jumps(&mut self, number: usize) {
        let far = [0, -7 * 365 * 86_400, 86_400, -3_600, 400 * 86_400];
        let skew = self.chance.one(&far).copied().unwrap_or(0);
        self.laptops[number].skew = skew;
        self.say(format!("the clock of {} is off by {skew} s", self.laptops[number].name));
    }
}

/// What a laptop of the whole district holds.
fn every_scope_of_all() -> std::collections::BTreeSet<Scope> {
    every_scope()
}
