//! A district in memory, for simulations: it begins as the bytes of another one's
//! database and has its keys, so that thousands of districts and their backups
//! take milliseconds. Laptops are let in without a code; all else is the real thing.

use std::path::PathBuf;

use domain::{DeviceId, LogEntry, Record, Scope};
use ed25519_dalek::VerifyingKey;
use sync::wire::PAGE;

use crate::attachments::Attachments;
use crate::database::device::{self, Device, Reach};
use crate::database::{Database, log, record, scope_head};
use crate::district::District;
use crate::error::{DistrictError, Result};
use crate::folder::Founding;
use crate::news::Bell;
use crate::uploads::Room;

/// More than there is: the most that SQLite can be asked for.
const ALL: usize = usize::MAX >> 1;

/// A laptop to be let in.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Its id.
    pub id: DeviceId,
    /// The order of enrolment: 1, 2, 3 …
    pub number: u32,
    /// The role of its person.
    pub role: String,
    /// Its scope; none for everything.
    pub scope: Option<Scope>,
    /// The key with which it signs.
    pub public_key: VerifyingKey,
}

impl District {
    /// Its database at this moment.
    ///
    /// # Errors
    /// When it cannot be read, or lies on a server.
    pub fn image(&self) -> Result<Vec<u8>> {
        let on_a_server = || DistrictError::Unreadable { reason: "a database on a server has no image".to_owned() };
        self.database.image()?.ok_or_else(on_a_server)
    }

    /// The same district as `image` has it, in memory; it has nothing of this one's
    /// folder but the keys and the place of attachments. A laptop that has nothing
    /// of a log longer than `fill_from` is given records first, and of either at
    /// most `page` in one answer.
    ///
    /// # Errors
    /// When the bytes are no database of a district.
    pub fn from_image(&self, image: &[u8], fill_from: usize, page: usize) -> Result<Self> {
        Ok(Self {
            database: Database::from_image(image)?,
            attachments: Attachments::open(self.attachments.place())?,
            room: Room::default(),
            bell: Bell::default(),
            catalog: self.catalog.clone(),
            revision: self.revision.clone(),
            overlay: self.overlay.clone(),
            key: self.key.clone(),
            tls: self.tls.clone(),
            own: self.own,
            recipient: self.recipient.clone(),
            fill_from,
            page: page.clamp(1, PAGE),
            data: PathBuf::new(),
            founding: Founding::default(),
        })
    }

    /// The key whose word is this district's.
    #[must_use]
    pub fn public_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// Lets a laptop in without a code.
    ///
    /// # Errors
    /// When it was let in before.
    pub fn admit(&self, guest: &Guest) -> Result<()> {
        let Guest { id, number, role, scope, public_key } = guest.clone();
        let device = Device {
            id,
            number,
            name: id.to_string(),
            role,
            reach: Reach::of(scope),
            public_key,
            enrolled_at: crate::now(),
            seen_at: None,
            revoked_at: None,
        };
        self.database.write(|tx| device::add(tx, &device, &id.to_string()))
    }

    /// The scopes whose logs have begun.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn scopes(&self) -> Result<Vec<Scope>> {
        self.database.read(|tx| scope_head::below(tx, ""))
    }

    /// The last entry of the log of `scope`, and its hash.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn head(&self, scope: &Scope) -> Result<(u64, String)> {
        self.database.read(|tx| scope_head::read(tx, scope)).map(|head| (head.seq, head.hash))
    }

    /// The log of `scope` after entry `seq`.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn log_after(&self, scope: &Scope, seq: u64) -> Result<Vec<LogEntry>> {
        self.database.read(|tx| log::after(tx, scope, seq, ALL, &mut { ALL }))
    }

    /// Every record of `scope`, by id, deleted ones as well.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn records(&self, scope: &Scope) -> Result<Vec<Record>> {
        let filled = self.database.read(|tx| record::after(tx, scope, None, ALL, &mut { ALL }))?;
        Ok(filled.into_iter().map(|filled| filled.record).collect())
    }

    /// Notes that a file has come, whole and verified, as the last piece of an upload does.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_arrived(&self, sha256: &str, bytes: u64) -> Result<()> {
        self.database.write(|tx| self.ledger(tx).arrived(sha256, bytes))
    }
}
