//! The data folder: keys, certificate, catalog, and where database and
//! attachments lie.
//!
//! The first start of anything makes what is missing, under a lock, so that two
//! programs started at once do not make two sets of keys. Only this user may
//! read it.

use std::fs;
use std::path::{Path, PathBuf};

use domain::Catalog;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use sync::wire::CatalogFile;

use crate::attachments::Place;
use crate::database;
use crate::error::{DistrictError, Result};
use crate::private::{make_private, write_secret};
use crate::tls;

const SIGNING_KEY: &str = "signing-key";
const STORAGE: &str = "storage.json";
const CATALOG: &str = "catalog";

/// Where a district keeps what it keeps, as it was given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Location {
    /// The data folder.
    pub data: PathBuf,
    /// Where the database is; what was said last, or the data folder, when absent.
    pub database: Option<String>,
    /// Where the attachments are; as above.
    pub attachments: Option<String>,
}

/// What the first start made. Empty on every later one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Founding {
    /// The data folder is new.
    pub folder: bool,
    /// The key that signs receipts and logs is new.
    pub signing_key: bool,
    /// The certificate by which laptops know the district is new.
    pub certificate: bool,
    /// The database is new.
    pub database: bool,
}

impl Founding {
    /// Whether anything was made.
    #[must_use]
    pub fn is_first_start(&self) -> bool {
        self.folder || self.signing_key || self.certificate || self.database
    }
}

/// Where database and attachments lie, as remembered between starts: a code
/// made at the terminal must go into the database that the server reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Storage {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    database: Option<database::Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attachments: Option<String>,
}

/// An opened data folder.
pub(crate) struct Folder {
    pub(crate) data: PathBuf,
    pub(crate) database: database::Place,
    pub(crate) attachments: Place,
    pub(crate) key: SigningKey,
    pub(crate) tls: tls::Tls,
    pub(crate) catalog: Catalog,
    /// The catalog folder's files.
    pub(crate) overlay: Vec<CatalogFile>,
    pub(crate) founding: Founding,
    /// Held while this lives in the first moments: see [`Folder::open`].
    lock: fs::File,
}

impl Folder {
    /// Opens the folder and makes what is missing in it. Until
    /// [`Folder::unlock`], no second program gets past this point.
    pub(crate) fn open(location: &Location) -> Result<Self> {
        let data = &location.data;
        // What can be wrong with the request is found before anything is made.
        let database = location.database.as_deref().map(database::Place::parse).transpose()?;
        let attachments = location.attachments.as_deref().map(Place::parse).transpose()?;
        let (catalog, overlay) = catalog(&data.join(CATALOG))?;

        let folder = !data.exists();
        let unusable = |error: std::io::Error| DistrictError::FolderUnusable {
            path: data.display().to_string(),
            reason: error.to_string(),
        };
        make_private(data).map_err(unusable)?;
        let lock = fs::File::options()
            .create(true)
            .append(true)
            .open(data.join("lock"))
            .and_then(|file| file.lock().map(|()| file))
            .map_err(unusable)?;

        let signing_key = !data.join(SIGNING_KEY).exists();
        if signing_key {
            write_secret(&data.join(SIGNING_KEY), hex::encode(crate::random::<32>()).as_bytes())?;
        }
        let certificate = !tls::is_made(data);
        if certificate {
            tls::make(data)?;
        }
        let remembered = attachments.as_ref().map(Place::remembered);
        let storage = remember(data, Storage { database, attachments: remembered })?;
        let attachments = match (attachments, storage.attachments) {
            (Some(said), _) => said, // With its keys, which are not remembered.
            (None, Some(remembered)) => Place::parse(&remembered)?,
            (None, None) => Place::Folder(data.join("attachments")),
        };
        let database = storage.database.unwrap_or_else(|| database::Place::File(data.join("district.sqlite")));
        let founding = Founding { folder, signing_key, certificate, database: false };
        Ok(Self {
            data: data.clone(),
            attachments,
            database,
            key: signing_key_of(data)?,
            tls: tls::read(data)?,
            catalog,
            overlay,
            founding,
            lock,
        })
    }

    /// Lets the next program in: everything that is made once is made.
    pub(crate) fn unlock(&self) -> Result<()> {
        Ok(self.lock.unlock()?)
    }
}

/// The catalog that ships with the program, with the files in `folder` laid
/// over it: a folder that was written for an older program has the newer kinds.
fn catalog(folder: &Path) -> Result<(Catalog, Vec<CatalogFile>)> {
    if !folder.exists() {
        return Ok((Catalog::shipped(), Vec::new()));
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).map_err(|error| DistrictError::CatalogWrong {
                file: name.clone(),
                key: "*".to_owned(),
                reason: error.to_string(),
            })?;
            files.push((name, text));
        }
    }
    files.sort(); // A folder has no order of its own, and a revision must not depend on it.
    let catalog = Catalog::over_shipped(&files)?;
    Ok((catalog, files.into_iter().map(|(name, text)| CatalogFile { name, text }).collect()))
}

fn signing_key_of(data: &Path) -> Result<SigningKey> {
    let damaged = |reason: String| DistrictError::KeyDamaged { file: SIGNING_KEY.to_owned(), reason };
    let text = fs::read_to_string(data.join(SIGNING_KEY)).map_err(|error| damaged(error.to_string()))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).map_err(|error| damaged(error.to_string()))?;
    Ok(SigningKey::from_bytes(&bytes))
}

/// Adds what was said now to what was said before.
fn remember(data: &Path, said: Storage) -> Result<Storage> {
    let file = data.join(STORAGE);
    let before: Storage = match fs::read(&file) {
        Ok(text) => serde_json::from_slice(&text)
            .map_err(|error| DistrictError::KeyDamaged { file: STORAGE.to_owned(), reason: error.to_string() })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Storage::default(),
        Err(error) => return Err(error.into()),
    };
    let storage = Storage {
        database: said.database.or_else(|| before.database.clone()),
        attachments: said.attachments.or_else(|| before.attachments.clone()),
    };
    if storage != before {
        write_secret(&file, &serde_json::to_vec_pretty(&storage)?)?;
    }
    Ok(storage)
}

/// A path, plain or after `scheme:`.
pub(crate) fn local_path(given: &str, scheme: &str) -> Option<PathBuf> {
    let path = match given.split_once(':') {
        Some((found, rest)) if found == scheme => rest.strip_prefix("//").unwrap_or(rest),
        // One letter is a drive of Windows, not a scheme.
        Some((found, _)) if found.len() > 1 && found.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+') => {
            return None;
        }
        _ => given,
    };
    (!path.is_empty()).then(|| std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_catalog_is_refused_with_its_file_before_anything_is_made() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        fs::create_dir_all(data.join(CATALOG)).expect("an empty catalog");
        let location = Location { data: data.clone(), ..Location::default() };
        fs::write(data.join(CATALOG).join("village.toml"), "kind = \"village").expect("written");
        match Folder::open(&location).err().expect("a file that breaks off") {
            DistrictError::CatalogWrong { file, .. } => assert_eq!(file, "village.toml"),
            other => panic!("{other}"),
        }
        assert!(!data.join(SIGNING_KEY).exists(), "nothing was made");
    }

    #[test]
    fn a_folder_of_an_older_program_has_the_kinds_of_this_one_and_keeps_its_own_words() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(folder.path()).expect("a folder");
        assert_eq!(catalog(folder.path()).expect("it says nothing").0, Catalog::shipped(), "so all is as it ships");
        let (_, works) = domain::catalog::SHIPPED.iter().find(|(name, _)| *name == "works.toml").expect("works ship");
        fs::write(folder.path().join("works.toml"), works.replace("合同价", "合同价款（含税）")).expect("written");
        let (catalog, _) = catalog(folder.path()).expect("one kind, in the district's words");
        let field = catalog.kind("works").and_then(|kind| kind.field("contract_amount").cloned()).expect("a field");
        assert_eq!(field.label.zh, "合同价款（含税）");
        assert!(catalog.kind("water_body").is_ok(), "a kind that the folder has never heard of");
    }

    #[test]
    fn where_the_database_lies_is_remembered_for_the_next_command() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        let elsewhere = folder.path().join("elsewhere.sqlite");
        let said = Location { data: data.clone(), database: Some(elsewhere.display().to_string()), attachments: None };
        let first = Folder::open(&said).expect("a new folder");
        first.unlock().expect("unlocks");
        let second = Folder::open(&Location { data, ..Location::default() }).expect("the same folder");
        assert_eq!(second.database, database::Place::File(elsewhere));
        assert_eq!(second.tls.fingerprint, first.tls.fingerprint, "keys are made once");
        assert_eq!(second.key, first.key);
    }

    #[cfg(unix)]
    #[test]
    fn keys_are_for_this_user_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        Folder::open(&Location { data: data.clone(), ..Location::default() }).expect("a new folder");
        let mode = |path: PathBuf| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(data.clone()), 0o700);
        assert_eq!(mode(data.join(SIGNING_KEY)), 0o600);
        assert_eq!(mode(data.join("certificate-key.pem")), 0o600);
    }
}
