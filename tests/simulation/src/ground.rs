//! What every history of one thread begins from: a district with its keys and an
//! empty database, and an empty laptop for each age of program, all as bytes. A
//! migration takes longer than a whole history.

use district::{District, Location};
use domain::Catalog;
use ed25519_dalek::SigningKey;
use store::Store;
use tempfile::TempDir;

use crate::catalog::Age;

/// A laptop that has nothing of a log longer than this is given records first.
const FILL_FROM: usize = 8;

/// The beginnings of histories.
pub struct Ground {
    template: District,
    district: Vec<u8>,
    laptops: Vec<(Catalog, Vec<u8>)>,
    /// Holds what the template was opened from.
    _folder: TempDir,
}

impl Ground {
    /// Makes the databases once.
    ///
    /// # Panics
    /// Where there is no room for a few files.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("district");
        std::fs::create_dir_all(data.join("catalog")).expect("a folder");
        for (name, text) in Age::Same.files() {
            std::fs::write(data.join("catalog").join(name), text).expect("a file");
        }
        // The same key in every run: who reads two traces beside each other compares signatures too.
        std::fs::write(data.join("signing-key"), hex::encode([42; 32])).expect("a file");
        let location = Location { data, ..Location::default() };
        let template = District::open(&location).expect("a new district");
        let district = template.image().expect("an SQLite database");
        let laptop = |age: Age| {
            let file = folder.path().join(format!("{age:?}.db"));
            let store = Store::open(&file, &[7; 32], age.catalog()).expect("a new database");
            (age.catalog(), store.image().expect("an image"))
        };
        let laptops = Age::ALL.map(laptop).into();
        Self { template, district, laptops, _folder: folder }
    }

    /// A district that nobody has spoken to, and whose answers bring at most `page`
    /// entries or records.
    pub(crate) fn new_district(&self, page: usize) -> District {
        self.district_of(&self.district, page)
    }

    /// The district as `image` has it.
    pub(crate) fn district_of(&self, image: &[u8], page: usize) -> District {
        self.template.from_image(image, FILL_FROM, page).expect("the image of a district")
    }

    /// A laptop on which nothing was ever saved.
    pub(crate) fn new_store(&self, age: Age) -> Store {
        let (catalog, image) = &self.laptops[age as usize];
        Store::from_image(image, catalog.clone()).expect("the image of a laptop")
    }

    /// A laptop as `image` has it.
    pub(crate) fn store_of(&self, age: Age, image: &[u8]) -> Store {
        Store::from_image(image, self.laptops[age as usize].0.clone()).expect("the image of a laptop")
    }
}

impl Default for Ground {
    fn default() -> Self {
        Self::new()
    }
}

/// The key of the laptop that was let in as number `n`.
pub(crate) fn key_of(n: usize) -> SigningKey {
    SigningKey::from_bytes(&[u8::try_from(n + 1).unwrap_or(u8::MAX); 32])
}
