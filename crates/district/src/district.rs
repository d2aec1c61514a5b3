//! An opened district, and what its administrator does with it.

use std::path::Path;

use domain::catalog::JOINED_INTO;
use domain::{Catalog, DeviceId, Record, RecordId, Refusal, Scope};
use ed25519_dalek::SigningKey;
use serde::Serialize;
use sync::keys::bundle_recipient;
use sync::wire::{CatalogFile, PAGE};
use uuid::Uuid;

use crate::append::Ledger;
use crate::attachments::Attachments;
use crate::database::device::{self, Device};
use crate::database::{Database, Lock, Tx, device_scope, enrolment, record, setting};
use crate::enrolment::{NewCode, PrintedCode, make};
use crate::error::{DistrictError, Result};
use crate::folder::{Folder, Founding, Location};
use crate::news::Bell;
use crate::places::{self, Ended, Loaded, PlaceLoad, Succession};
use crate::submission::Shelf;
use crate::tls::Tls;
use crate::uploads::Room;
use crate::view::{Listed, RecordView};

/// A district's data, opened. Several processes may have it open at once.
pub struct District {
    pub(crate) database: Database,
    pub(crate) attachments: Attachments,
    pub(crate) room: Room,
    pub(crate) catalog: Catalog,
    /// The catalog's digest, which every answer says.
    pub(crate) revision: String,
    /// The files that make it so.
    pub(crate) overlay: Vec<CatalogFile>,
    pub(crate) key: SigningKey,
    pub(crate) tls: Tls,
    /// The id under which the district writes changes of its own.
    pub(crate) own: DeviceId,
    /// Rings when there is news.
    pub(crate) bell: Bell,
    /// To whom bundles for this district are encrypted.
    pub(crate) recipient: String,
    /// A laptop that has nothing of a log longer than this is given the records
    /// as they stand, and the entries afterwards.
    pub(crate) fill_from: usize,
    /// The most entries or records in one answer.
    pub(crate) page: usize,
    pub(crate) data: std::path::PathBuf,
    pub(crate) founding: Founding,
}

/// A laptop, as the administrator sees it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its id.
    pub id: DeviceId,
    /// The letter in the numbers that it gives.
    pub letter: String,
    /// The name given at enrolment.
    pub name: String,
    /// For whom the code was made, if that was said.
    pub code_for: Option<String>,
    /// The role of its person.
    pub role: String,
    /// The scopes that it holds now.
    pub scopes: Vec<domain::Scope>,
    /// When it was let in (RFC 3339, UTC).
    pub enrolled_at: String,
    /// When it last said hello.
    pub seen_at: Option<String>,
    /// When it was shut out, if it was.
    pub revoked_at: Option<String>,
}

impl District {
    /// Opens the district, and founds it where there is none.
    ///
    /// # Errors
    /// A wrong catalog, a damaged key, a database of a newer version, of another
    /// program or under another key, a folder that cannot be used.
    pub fn open(location: &Location) -> Result<Self> {
        let folder = Folder::open(location)?;
        let database = Database::open(&folder.database)?;
        let attachments = Attachments::open(&folder.attachments)?;
        let own = database.write(|tx| {
            tx.lock(Lock::Founding)?;
            same_key(tx, &folder.key)?;
            record::reread_keys(tx, &folder.catalog)?;
            own_device(tx)
        })?;
        folder.unlock()?;
        let Folder { data, key, tls, catalog, overlay, mut founding, .. } = folder;
        founding.database = database.is_new();
        let recipient = bundle_recipient(&key);
        let room = Room::default();
        let bell = Bell::default();
        Ok(Self {
            database,
            attachments,
            room,
            bell,
            revision: catalog.revision(),
            catalog,
            overlay,
            key,
            tls,
            own,
            recipient,
            fill_from: PAGE,
            page: PAGE,
            data,
            founding,
        })
    }

    /// What this opening made for the first time.
    #[must_use]
    pub fn founding(&self) -> &Founding {
        &self.founding
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Makes a one-time enrolment code.
    ///
    /// # Errors
    /// An unknown role, a code for everything that is no administrator's, or no
    /// address that laptops could call.
    pub fn code(&self, new: &NewCode) -> Result<PrintedCode> {
        self.database.write(|tx| make(tx, &self.catalog, self.tls.fingerprint, new))
    }

    /// The administrator's first code: for everything that is kept here, good
    /// for seven days. `None` when one was made before.
    ///
    /// # Errors
    /// [`DistrictError::AddressNeeded`] when laptops could not call where the
    /// server listens; it is made another time then.
    pub fn first_code(&self) -> Result<Option<PrintedCode>> {
        self.database.write(|tx| {
            tx.lock(Lock::Founding)?;
            if setting::read(tx, setting::FIRST_CODE)?.is_some() {
                return Ok(None);
            }
            let role = domain::rules::ADMIN.to_owned();
            let new = NewCode { scope: None, role, address: None, days: 7, person: None };
            let code = make(tx, &self.catalog, self.tls.fingerprint, &new)?;
            setting::write(tx, setting::FIRST_CODE, &crate::now())?;
            Ok(Some(code))
        })
    }

    /// Every laptop ever let in, in order.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn devices(&self) -> Result<Vec<DeviceView>> {
        self.database.read(|tx| device::list(tx)?.into_iter().map(|device| device_view(tx, device)).collect())
    }

    /// Shuts a laptop out, from this moment on. What it sent stays.
    ///
    /// # Errors
    /// [`DistrictError::UnknownDevice`].
    pub fn revoke(&self, id: &str) -> Result<DeviceView> {
        self.database.write(|tx| {
            let unknown = || DistrictError::UnknownDevice { device: id.to_owned() };
            let id: DeviceId = id.parse().map_err(|_| unknown())?;
            device::revoke(tx, id, &crate::now())?;
            setting::count(tx, setting::RIGHTS)?;
            let device = device::read(tx, &id.to_string())?.ok_or_else(unknown)?;
            device_view(tx, device)
        })
    }

    /// Says which townships a laptop holds from now on: those that it held, with
    /// `granted` and without `withdrawn`. What it loses it purges once its pending
    /// changes there have their verdicts.
    ///
    /// # Errors
    /// [`DistrictError::UnknownDevice`]; [`DistrictError::ReachFixed`] for a laptop
    /// that holds a whole district, and for one that would hold nothing.
    pub fn reach(&self, id: &str, granted: &[Scope], withdrawn: &[Scope]) -> Result<DeviceView> {
        self.database.write(|tx| {
            let unknown = || DistrictError::UnknownDevice { device: id.to_owned() };
            let id: DeviceId = id.parse().map_err(|_| unknown())?;
            let device = device::lock(tx, id)?.ok_or_else(unknown)?;
            let fixed = || DistrictError::ReachFixed { device: device.letter() };
            let mut scopes = device.reach.townships().ok_or_else(fixed)?;
            scopes.extend(granted.iter().filter(|scope| scope.is_township()).cloned());
            scopes.retain(|scope| !withdrawn.contains(scope));
            scopes.sort_unstable();
            scopes.dedup();
            if scopes.is_empty() {
                return Err(fixed());
            }
            device_scope::write(tx, id, &scopes)?;
            setting::count(tx, setting::RIGHTS)?;
            let device = device::read(tx, &id.to_string())?.ok_or_else(unknown)?;
            device_view(tx, device)
        })
    }

    /// One record.
    ///
    /// # Errors
    /// [`Refusal::UnknownRecord`].
    pub fn show(&self, id: &str) -> Result<RecordView> {
        let unknown = || Refusal::UnknownRecord { record: id.to_owned() };
        let id: RecordId = id.parse().map_err(|_| unknown())?;
        let record = self.database.read(|tx| record::read(tx, id))?.ok_or_else(unknown)?;
        Ok(RecordView::from(&record))
    }

    /// A page of the living records of `kind`, in the order in which they were made;
    /// what was joined into another is not listed beside it.
    ///
    /// # Errors
    /// [`Refusal::UnknownKind`] for a kind that is neither in the catalog nor
    /// came from a newer peer.
    pub fn list(&self, kind: &str, limit: Option<u64>, offset: u64) -> Result<Listed> {
        self.database.read(|tx| {
            let total = record::count(tx, kind)?;
            if total == 0 {
                self.catalog.kind(kind)?;
            }
            let limit = limit.unwrap_or(u64::MAX);
            if self.catalog.kind(kind).is_ok_and(|kind| kind.field(JOINED_INTO).is_ok()) {
                let stands = |record: &Record| domain::submission::id_in(record, JOINED_INTO).is_none();
                let standing: Vec<Record> = record::of_kind(tx, kind, None)?.into_iter().filter(stands).collect();
                let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                let page = standing.iter().skip(count(offset)).take(count(limit));
                return Ok(Listed { total: standing.len() as u64, records: page.map(RecordView::from).collect() });
            }
            let records = record::list(tx, kind, limit, offset)?;
            Ok(Listed { total, records: records.iter().map(RecordView::from).collect() })
        })
    }

    /// Brings codes, townships and villages in line with a list of codes, all or
    /// none. `author` is named in every change.
    ///
    /// # Errors
    /// [`DistrictError::PlacesWrong`], or a refusal by the catalog's rules.
    pub fn load_places(&self, file: &Path, author: &str) -> Result<Loaded> {
        let (file, author) = (file.to_owned(), author.to_owned());
        self.load_places_as(&PlaceLoad { file, author, ..PlaceLoad::default() })
    }

    /// The same with what is known of the list: since when it holds, and where it is complete.
    ///
    /// # Errors
    /// As [`District::load_places`]; [`DistrictError::PlacesDateNeeded`] where names
    /// changed or codes ended, and nobody said when.
    pub fn load_places_as(&self, load: &PlaceLoad) -> Result<Loaded> {
        self.database.write(|tx| places::load(&self.ledger(tx), load))
    }

    /// The codes that ended, with what followed them or may have.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn place_changes(&self) -> Result<Vec<Ended>> {
        self.database.read(|tx| places::changes(&self.ledger(tx)))
    }

    /// Writes down what became of a code.
    ///
    /// # Errors
    /// [`DistrictError::UnknownPlace`], [`DistrictError::PlaceInUse`], or a refusal by rule.
    pub fn succeed_place(&self, said: &Succession) -> Result<Ended> {
        self.database.write(|tx| places::succeed(&self.ledger(tx), said))
    }

    pub(crate) fn ledger<'t>(&'t self, tx: &'t Tx<'t>) -> Ledger<'t> {
        Ledger { tx, catalog: &self.catalog, own: self.own, shelf: Shelf::of(tx, &self.catalog) }
    }
}

/// Refuses a database whose logs another key has sealed: laptops would take this
/// district for an impostor, and they would be right.
fn same_key(tx: &Tx<'_>, key: &SigningKey) -> Result<()> {
    let ours = hex::encode(key.verifying_key().as_bytes());
    match setting::read(tx, setting::PUBLIC_KEY)? {
        Some(theirs) if theirs != ours => Err(DistrictError::KeyDiffers),
        Some(_) => Ok(()),
        None => setting::write(tx, setting::PUBLIC_KEY, &ours),
    }
}

fn own_device(tx: &Tx<'_>) -> Result<DeviceId> {
    if let Some(id) = setting::read(tx, setting::OWN_DEVICE)? {
        return id.parse().map_err(|_| DistrictError::Unreadable { reason: "setting: own_device".to_owned() });
    }
    let id = DeviceId(Uuid::now_v7());
    setting::write(tx, setting::OWN_DEVICE, &id.to_string())?;
    Ok(id)
}

fn device_view(tx: &Tx<'_>, device: Device) -> Result<DeviceView> {
    Ok(DeviceView {
        id: device.id,
        letter: device.letter(),
        code_for: enrolment::person_of(tx, device.id)?,
        scopes: device.reach.scopes(tx)?,
        name: device.name,
        role: device.role,
        enrolled_at: device.enrolled_at,
        seen_at: device.seen_at,
        revoked_at: device.revoked_at,
    })
}
