//! A laptop: its folder, its open database, its keys, and who sits before it.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::catalog::Kind;
use domain::rules::Post;
use domain::{Catalog, DeviceId, Refusal, Scope};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use store::{Places, Store};
use sync::http::District;

use crate::files::FileVault;
use crate::types::Stage;
use crate::uses::listen::EXCHANGING;
use crate::uses::pin::unlocked;
use crate::vault::{self, Vault};
use crate::{Result, Trouble, catalog};

/// Who this laptop is to its district; kept in the encrypted database.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity {
    pub(crate) device: DeviceId,
    pub(crate) letter: String,
    pub(crate) person: String,
    pub(crate) role: String,
    pub(crate) address: String,
    #[serde(with = "hex::serde")]
    pub(crate) fingerprint: [u8; 32],
    pub(crate) token: String,
    #[serde(with = "hex::serde")]
    pub(crate) district_key: [u8; 32],
    #[serde(with = "hex::serde")]
    pub(crate) signing_key: [u8; 32],
    pub(crate) files_key: String,
    /// Whether this is a practice ledger, which has no district.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) practice: bool,
}

/// The name under which the identity is kept.
pub(crate) const IDENTITY: &str = "identity";

/// How wrong this laptop's clock was then, in seconds; empty where it was right.
pub(crate) const CLOCK_SKEW: &str = "clockSkew";

/// The age recipient to which a bundle for the district is encrypted.
pub(crate) const DISTRICT_RECIPIENT: &str = "districtRecipient";

/// When the district last answered.
pub(crate) const LAST_CONTACT: &str = "lastContact";

/// An open laptop.
pub struct Laptop {
    pub(crate) folder: PathBuf,
    pub(crate) store: Store,
    pub(crate) identity: Identity,
    pub(crate) files: FileVault,
    /// The list behind the place picker, once it was asked.
    pub(crate) places: OnceCell<Places>,
    /// The store's catalog once more, to be held while the store is written to.
    pub(crate) rules: Arc<Catalog>,
    /// Its kinds one by one: a kind is too large to be copied for each row of a list.
    kinds: Vec<Arc<Kind>>,
    key: store::Key,
}

/// How far the set-up of the laptop in `folder` has come, before it is opened.
///
/// # Errors
/// When the folder cannot be read.
pub fn stage(folder: &Path) -> Result<Stage> {
    Ok(match read_vault(folder)? {
        None => match Vault::read_asked(folder)? {
            None => Stage::New,
            Some(vault) => Stage::Asked { person: vault.person },
        },
        Some(vault) => Stage::Locked { person: vault.person },
    })
}

impl Laptop {
    /// Opens the laptop in `folder` with its PIN or its recovery key.
    ///
    /// # Errors
    /// [`Trouble::NotEnrolled`], [`Trouble::WrongPin`], [`Trouble::PinTooSoon`], a
    /// wrong catalog, or a database that cannot be opened.
    pub fn open(folder: &Path, pin: &str) -> Result<Self> {
        Self::with_key(folder, unlocked(folder, pin)?.1)
    }

    pub(crate) fn with_key(folder: &Path, key: store::Key) -> Result<Self> {
        let store = open_database(folder, &key)?;
        let identity = store.meta(IDENTITY)?.ok_or(Trouble::DatabaseDamaged)?;
        let identity: Identity = serde_json::from_str(&identity).map_err(|_| Trouble::DatabaseDamaged)?;
        let files = FileVault::open(folder, &identity.files_key)?;
        let rules = Arc::new(store.catalog().clone());
        let kinds = rules.kinds.iter().cloned().map(Arc::new).collect();
        let places = OnceCell::new();
        Ok(Self { folder: folder.to_owned(), store, identity, files, places, rules, kinds, key })
    }

    /// The same laptop over a connection of its own, for work beside the screen.
    ///
    /// # Errors
    /// As [`Laptop::open`].
    pub fn twin(&self) -> Result<Self> {
        Self::with_key(&self.folder, self.key)
    }

    /// All kinds, as this laptop knows them.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        self.store.catalog()
    }

    /// That the laptop is open, for whom.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stage(&self) -> Result<Stage> {
        let scopes = self.scopes()?.iter().map(Scope::to_string).collect();
        Ok(Stage::Open {
            person: self.identity.person.clone(),
            role: self.identity.role.clone(),
            scopes,
            practice: self.identity.practice,
        })
    }

    pub(crate) fn kind(&self, name: &str) -> std::result::Result<Arc<Kind>, Refusal> {
        let found = self.kinds.iter().find(|kind| kind.name == name);
        found.cloned().ok_or_else(|| Refusal::UnknownKind { kind: name.to_owned() })
    }

    pub(crate) fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(self.store.scopes()?.into_iter().map(|row| row.scope).collect())
    }

    /// In which post the person sits before this laptop.
    pub(crate) fn post(&self) -> Result<Post> {
        Ok(Post { role: self.identity.role.clone(), scopes: self.scopes()? })
    }

    pub(crate) fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.identity.signing_key)
    }

    pub(crate) fn district_key(&self) -> Result<VerifyingKey> {
        let key = VerifyingKey::from_bytes(&self.identity.district_key);
        Ok(key.map_err(|_| Trouble::Storage { reason: "the district's key is damaged".to_owned() })?)
    }

    pub(crate) fn district(&self) -> Result<District> {
        Ok(District::new(&self.identity.address, self.identity.fingerprint, &self.identity.token)?)
    }

    /// The wall time as changes carry it; for display only.
    pub(crate) fn now() -> String {
        chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }
}

pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("records.db")
}

/// The vault of the laptop in `folder`, if it is one.
///
/// # Errors
/// Also where it is gone: a folder that has exchanged was a laptop, and whoever
/// enrolled it anew would clear its records away.
pub(crate) fn read_vault(folder: &Path) -> Result<Option<Vault>> {
    let vault = Vault::read(folder)?;
    if vault.is_none() && database(folder).exists() && folder.join(EXCHANGING).exists() {
        return Err(Trouble::KeysMissing { file: vault::path(folder).display().to_string() }.into());
    }
    Ok(vault)
}

/// The database of the laptop in `folder`. One that is gone, or was emptied, is not
/// made anew in silence: its person would believe the records lost for good.
pub(crate) fn open_database(folder: &Path, key: &store::Key) -> Result<Store> {
    let path = database(folder);
    let missing = || Trouble::DatabaseMissing { file: path.display().to_string() };
    match std::fs::metadata(&path) {
        Ok(meta) if meta.len() > 0 => Ok(Store::open(&path, key, catalog::load(folder)?)?),
        Ok(_) => Err(missing().into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(missing().into()),
        Err(error) => Err(Trouble::storage(&error).into()),
    }
}
