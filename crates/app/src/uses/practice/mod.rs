//! Practice: a ledger of samples in a folder of its own, to learn on, which is
//! gone without a trace when it ends.
//!
//! It is an ordinary laptop with ordinary records, so that whoever learns on it
//! learns the program and not a picture of it: only its district is missing. What
//! a district would have sent is put through the same rules, merge and log once,
//! when the ledger is made ([`district`]); from then on nothing leaves it and
//! nothing comes in ([`Trouble::PracticeStaysHere`]). It keeps to the forms that
//! ship, whatever a real district has laid over them, so that the samples fit.

mod district;
mod samples;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Days, Local};
use domain::{Action, DeviceId, RecordId, Writer};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use store::Store;
use ts_rs::TS;
use uuid::Uuid;

use self::district::PracticeDistrict;
use self::samples::{CLERK, CLOSED, COLLIDING, DISTRICT, LETTER, PHOTO, PROGRAMME, PROMISED, Sample, TOWNSHIP};
use crate::files::FileVault;
use crate::laptop::{IDENTITY, Identity, Laptop, database};
use crate::uses::enrol::prepare;
use crate::vault::{Vault, random};
use crate::{Fields, Result, Trouble, catalog};

/// Below the laptop's own folder, so that it is found, and goes where that goes.
const FOLDER: &str = "practice";

/// The records of a practice ledger that its tour leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticePlaces {
    /// A village that has most of its file.
    pub village: RecordId,
    /// A works under way, with a photo before and a photo during.
    pub works: RecordId,
    /// A works with nothing but its contract.
    pub bare_works: RecordId,
    /// An application with something left to mend.
    pub application: RecordId,
    /// A picture to take in, in the practice ledger's own folder.
    pub photo: String,
}

/// Where the practice ledger of the laptop in `folder` lies, whether there is one or not.
#[must_use]
pub fn practice_folder(folder: &Path) -> PathBuf {
    folder.join(FOLDER)
}

/// Makes a practice ledger for the laptop in `folder`, in the place of the last one, and opens it.
///
/// `person` is who learns. `pin` opens it again for as long as it is there; without
/// one nobody does, and it is good for as long as what is given back here.
///
/// # Errors
/// [`Trouble::PinTooShort`], or when the folder cannot be written.
pub fn begin_practice(folder: &Path, person: &str, pin: Option<&str>) -> Result<Laptop> {
    end_practice(folder)?;
    let folder = practice_folder(folder);
    let nobody_knows = hex::encode(random::<16>()?);
    let made = make(&folder, person, pin.unwrap_or(&nobody_knows));
    if made.is_err() {
        remove(&folder)?; // Half a ledger would only confuse who opens it.
    }
    made
}

/// Removes the practice ledger of the laptop in `folder` and everything in it. Whether there was one.
///
/// # Errors
/// When it cannot be removed, as when another program has it open.
pub fn end_practice(folder: &Path) -> Result<bool> {
    remove(&practice_folder(folder))
}

fn remove(folder: &Path) -> Result<bool> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Trouble::storage(&error).into()),
    }
}

fn make(folder: &Path, person: &str, pin: &str) -> Result<Laptop> {
    prepare(folder)?;
    let key = random()?;
    let (vault, _) = Vault::new(person, pin, &key)?;
    let mut district = PracticeDistrict::new(SigningKey::from_bytes(&random()?));
    let device = DeviceId(Uuid::now_v7());
    let identity = Identity {
        device,
        letter: LETTER.to_owned(),
        person: person.to_owned(),
        // Whoever makes the samples may make all of them; who learns is a clerk, see below.
        role: "admin".to_owned(),
        address: String::new(),
        fingerprint: [0; 32],
        token: String::new(),
        district_key: *district.verifying_key().as_bytes(),
        signing_key: random()?,
        files_key: FileVault::new_key(),
        practice: true,
    };
    let mut store = Store::open(&database(folder), &key, catalog::load(folder)?)?;
    store.begin_as(Writer { device, incarnation: 1 }, (IDENTITY, &text_of(&identity)?))?;
    for scope in [TOWNSHIP, DISTRICT] {
        store.hold_scope(&samples::scope(scope))?;
    }
    drop(store);
    let photo = folder.join(PHOTO.0);
    crate::files::write_whole(&photo, PHOTO.1).map_err(|error| Trouble::writing(&photo, &error))?;

    let mut laptop = Laptop::with_key(folder, key)?;
    let made = laptop.take_samples(&mut district)?;
    let there = |name: &str| made.get(name).copied().ok_or(Trouble::Storage { reason: name.to_owned() });
    let places = PracticePlaces {
        village: there("east")?,
        works: there("ditch")?,
        bare_works: there("bins")?,
        application: there("application")?,
        photo: photo.display().to_string(),
    };
    laptop.store.set_meta(PLACES, &text_of(&places)?)?;
    laptop.identity = Identity { person: person.to_owned(), role: "clerk".to_owned(), ..laptop.identity };
    laptop.store.set_meta(IDENTITY, &text_of(&laptop.identity)?)?;
    laptop.store.index_all()?;
    vault.write(folder)?; // Last: from here on it counts as one.
    laptop.twin()
}

/// Under which name the tour's places are kept.
const PLACES: &str = "practicePlaces";

fn text_of(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(|error| Trouble::Storage { reason: error.to_string() })?)
}

impl Laptop {
    /// Whether this is a practice ledger.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.identity.practice
    }

    /// Where the tour leads; nowhere on a real laptop.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn practice_places(&self) -> Result<Option<PracticePlaces>> {
        let Some(text) = self.store.meta(PLACES)? else { return Ok(None) };
        Ok(serde_json::from_str(&text).map_err(|error| Trouble::Storage { reason: error.to_string() })?)
    }

    /// That this laptop has a district to speak with.
    pub(crate) fn has_a_district(&self) -> Result<()> {
        if self.is_practice() { Err(Trouble::PracticeStaysHere.into()) } else { Ok(()) }
    }

    /// Records the samples, some of them as the district has them, some as the laptop alone does.
    fn take_samples(&mut self, district: &mut PracticeDistrict) -> Result<BTreeMap<&'static str, RecordId>> {
        let mut made = BTreeMap::new();
        let year = Local::now().format("%Y").to_string();
        let published = self.publish_programme(&PROGRAMME.replace("{year}", &year), false)?;
        made.extend(published.id.map(|id| (PROMISED, id)));
        for sample in samples::AT_THE_DISTRICT {
            self.take_sample(sample, &mut made)?;
        }
        let of = |name: &str| made.get(name).copied().ok_or(Trouble::Storage { reason: name.to_owned() });
        self.prefill(of("application")?, Some("f2"))?;
        let post = self.post()?;
        district.takes_all(&mut self.store, &post)?;

        // A colleague writes what is written here as well, and closes what is still edited
        // here. Neither laptop had seen the other: one becomes a conflict, one is refused.
        self.identity.person = CLERK.to_owned();
        let (collided, closed) = (of(COLLIDING.0)?, of(CLOSED.0)?);
        let kind = self.kind("works")?;
        let theirs = self.read_fields("works", [COLLIDING.2])?;
        let theirs = kind.edit(&self.row(collided)?.record.fields, &theirs)?;
        for (works, field) in [(collided, COLLIDING.1), (closed, CLOSED.1)] {
            let fields = self.read_fields("works", [field])?;
            self.set(works, fields)?;
        }
        let accepted = vec![Action::Move { to: "accepted".to_owned(), remark: None }];
        district.hears_another(&mut self.store, &post, collided, theirs)?;
        district.hears_another(&mut self.store, &post, closed, accepted)?;
        district.takes_all(&mut self.store, &post)?;
        for sample in samples::HERE {
            self.take_sample(sample, &mut made)?;
        }
        Ok(made)
    }

    fn take_sample(&mut self, sample: &Sample, made: &mut BTreeMap<&'static str, RecordId>) -> Result<()> {
        self.identity.person = sample.by.to_owned();
        let texts: Vec<(&str, String)> = sample.fields.iter().map(|(field, text)| (*field, said(text, made))).collect();
        let mut fields: Fields =
            self.read_fields(sample.kind, texts.iter().map(|(field, text)| (*field, text.as_str())))?;
        for (field, names) in sample.several {
            let ids: Vec<String> = names.iter().filter_map(|name| made.get(name)).map(ToString::to_string).collect();
            fields.insert((*field).to_owned(), ids.into());
        }
        let id = self.add(sample.kind, fields)?.id;
        made.insert(sample.name, id);
        for (field, name, bytes) in sample.photos {
            self.attach(id, Some(field), &[(name, bytes)])?;
        }
        for state in sample.states {
            self.move_to(id, state, None)?;
        }
        Ok(())
    }
}

/// A sample's text as it is typed today: `@-40` is the day forty days ago, `#ditch` the id of that sample.
fn said(text: &str, made: &BTreeMap<&'static str, RecordId>) -> String {
    let today = Local::now().date_naive();
    let day = |days: &str| {
        let days: i64 = days.parse().ok()?;
        let by = Days::new(days.unsigned_abs());
        if days < 0 { today.checked_sub_days(by) } else { today.checked_add_days(by) }
    };
    if let Some(day) = text.strip_prefix('@').and_then(day) {
        return day.to_string();
    }
    let id = text.strip_prefix('#').and_then(|name| made.get(name));
    id.map_or_else(|| text.replace("{year}", &today.format("%Y").to_string()), ToString::to_string)
}
