//! Phone: a door for the photos of one record, through which a phone on the same
//! Wi-Fi puts them in; and what is kept of each.

use std::sync::{Mutex, PoisonError};

use domain::catalog::FieldType;
use domain::change::item_key;
use domain::evidence::is_photo_field;
use domain::{RecordId, Refusal};
use handover::{Desk, Handover, Kept, News, NotKept, Photo, PhotoSet, Terms};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::file_names::safe;
use crate::texts::{Language, sentence};
use crate::uses::attach::set_of;
use crate::{AppError, Laptop, Result, Trouble};

/// An open door. Dropping it shuts it.
pub struct PhoneDoor {
    /// How it is found.
    pub view: PhoneView,
    door: Handover,
}

/// How a phone finds an open door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PhoneView {
    /// Where the photos go.
    pub title: String,
    /// The addresses, the likeliest first.
    pub addresses: Vec<PhoneAddress>,
}

/// An address that a phone may open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PhoneAddress {
    /// To be typed or scanned.
    pub url: String,
    /// The same as a QR code, in SVG.
    pub svg: String,
}

impl PhoneDoor {
    /// Waits until it is shut, by the phone or by time.
    pub fn wait(self) {
        self.door.wait();
    }
}

impl Laptop {
    /// Opens a door for the photos of a record. `field` is the set that is chosen at
    /// first; the phone may choose another one that the record has. `told` hears
    /// what happens, from another thread.
    ///
    /// # Errors
    /// A record that has no photos or may not have more of them; no network.
    pub fn open_to_phone(
        &self,
        id: RecordId,
        field: Option<&str>,
        told: impl Fn(News) + Send + Sync + 'static,
    ) -> Result<PhoneDoor> {
        self.open_to_phone_at(Terms::default(), id, field, told)
    }

    /// The same on other terms.
    ///
    /// # Errors
    /// As [`Laptop::open_to_phone`].
    pub fn open_to_phone_at(
        &self,
        terms: Terms,
        id: RecordId,
        field: Option<&str>,
        told: impl Fn(News) + Send + Sync + 'static,
    ) -> Result<PhoneDoor> {
        let row = self.row(id)?;
        let kind = self.kind(&row.record.kind)?;
        let photo_sets: Vec<_> = kind.fields.iter().filter(|field| is_photo_field(field)).collect();
        let named = field.or_else(|| photo_sets.first().map(|field| field.name.as_str()));
        let chosen = set_of(&kind, named)?.to_owned();
        let mut sets = Vec::new();
        let all = kind.fields.iter().filter(|field| field.field_type == FieldType::Attachments);
        for field in all.filter(|field| field.name == chosen || is_photo_field(field)) {
            // Asked before anybody stands in the field with a phone in his hand.
            let any = serde_json::json!({"sha256": "0".repeat(64), "name": "", "bytes": 0});
            let add = domain::Action::Add { field: field.name.clone(), items: vec![any] };
            match self.admissible(id, &kind, row.record.scope.clone(), vec![add]) {
                Ok(()) => sets.push(PhotoSet {
                    name: field.name.clone(),
                    zh: field.label.zh.clone(),
                    en: field.label.en.clone(),
                }),
                Err(error) if field.name == chosen => return Err(error),
                Err(_) => {}
            }
        }
        let title = store::title(self.catalog(), &row.record);
        let desk = Desk { title: title.clone(), sets, chosen };
        let laptop = Mutex::new(self.twin()?);
        let keep = move |photo: Photo| {
            let mut laptop = laptop.lock().unwrap_or_else(PoisonError::into_inner);
            laptop.keep_photo(id, &photo).map_err(|error| not_kept(&error))
        };
        let door = handover::open(terms, desk, std::sync::Arc::new(keep), std::sync::Arc::new(told));
        let door = door.map_err(|error| match error {
            handover::Error::NoNetwork => Trouble::NoNetwork,
            handover::Error::Io(error) => Trouble::storage(&error),
        })?;
        let address = |url: &String| PhoneAddress { url: url.clone(), svg: handover::qr_svg(url) };
        let view = PhoneView { title, addresses: door.urls.iter().map(address).collect() };
        Ok(PhoneDoor { view, door })
    }

    /// Makes a photo the record's, as it came; what is no picture is none of it.
    fn keep_photo(&mut self, id: RecordId, photo: &Photo) -> Result<Kept> {
        let name = safe(&photo.name);
        if ::photo::Format::of(&photo.bytes).is_none() {
            return Err(Trouble::NotAPhoto { name }.into());
        }
        let sha256 = hex::encode(Sha256::digest(&photo.bytes));
        let row = self.row(id)?;
        if row.record.deleted {
            return Err(Refusal::Deleted { record: id.to_string() }.into());
        }
        let same = row.record.items(&photo.set).iter().any(|item| item_key(item) == sha256);
        self.attach(id, Some(&photo.set), &[(&name, &photo.bytes)])?;
        self.index();
        let facts = ::photo::facts(&photo.bytes);
        Ok(Kept { same, taken: facts.taken.map(|taken| taken.to_string()), place: facts.place.is_some() })
    }
}

fn not_kept(error: &AppError) -> NotKept {
    let view = error.view();
    NotKept::new(&view.code, sentence(&view, Language::Zh), sentence(&view, Language::En))
}
