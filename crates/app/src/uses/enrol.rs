//! Enrol: a one-time code makes this folder a laptop of the district; or makes a
//! laptop that its district does not know any more one of its laptops again.

use std::fs;
use std::path::Path;

use domain::{DeviceId, Writer};
use ed25519_dalek::SigningKey;
use store::Store;
use sync::http::District;
use sync::wire::{EnrolReply, EnrolRequest, EnrolmentCode, VERSION};

use crate::files::FileVault;
use crate::laptop::{DISTRICT_RECIPIENT, IDENTITY, Identity, Laptop, database, read_vault};
use crate::types::Enrolled;
use crate::uses::exchange;
use crate::uses::thumbnail::not_shown;
use crate::vault::{SHORTEST_PIN, Vault, random};
use crate::{Result, Trouble, catalog};

/// What a person brings to the enrolment.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The one-time code, as text.
    pub code: String,
    /// The person's name.
    pub name: String,
    /// The PIN that they choose.
    pub pin: String,
}

/// Enrols the laptop in `folder` and opens it.
///
/// Everything is made ready on disk before the code is spent, and the folder
/// counts as enrolled only when all of it is kept.
///
/// # Errors
/// [`Trouble::AlreadyEnrolled`], [`Trouble::CodeUnreadable`], [`Trouble::PinTooShort`],
/// what the district says of the code, or what the line or the disk does.
pub fn enrol(folder: &Path, asked: &Enrolment) -> Result<(Laptop, Enrolled)> {
    if let Some(vault) = read_vault(folder)? {
        return Err(Trouble::AlreadyEnrolled { person: vault.person }.into());
    }
    let code: EnrolmentCode = asked.code.parse().map_err(|_| Trouble::CodeUnreadable)?;
    if asked.pin.chars().count() < SHORTEST_PIN {
        return Err(Trouble::PinTooShort { least: SHORTEST_PIN.to_string() }.into());
    }
    prepare(folder)?;
    let key = random()?;
    match admitted(folder, asked, &code, &key) {
        Ok(enrolled) => Ok((Laptop::with_key(folder, key)?, enrolled)),
        Err(error) => {
            // Its key is known to nobody; the next try begins with nothing.
            clear(folder)?;
            Err(error)
        }
    }
}

/// The enrolment code in a picture of its QR code, as the district sent or printed it.
///
/// # Errors
/// A picture that cannot be read, or that holds no such code.
pub fn code_in_picture(name: &str, bytes: &[u8]) -> Result<String> {
    let texts = photo::codes(bytes).map_err(|error| not_shown(name, error))?;
    let code = texts.into_iter().find(|text| text.parse::<EnrolmentCode>().is_ok());
    Ok(code.ok_or_else(|| Trouble::NoCodeInPicture { name: name.to_owned() })?)
}

/// Asks the district, with a database ready to keep its answer.
fn admitted(folder: &Path, asked: &Enrolment, code: &EnrolmentCode, key: &store::Key) -> Result<Enrolled> {
    let mut store = Store::open(&database(folder), key, catalog::load(folder)?)?;
    let signing = SigningKey::from_bytes(&random()?);
    let reply = ask(code, &asked.name, &signing)?;
    let identity = identity(&asked.name, FileVault::new_key(), code, &signing, &reply)?;
    keep(&mut store, &identity, &reply)?;
    let (vault, recovery_key) = Vault::new(&asked.name, &asked.pin, key)?;
    vault.write(folder)?;
    Ok(enrolled(reply, recovery_key))
}

impl Laptop {
    /// Enrols this laptop anew at its own district, which does not know it any more:
    /// it was restored from a backup that is older than the laptop, or revoked it.
    /// Records, photos and PIN stay; what the district has not got goes out again.
    ///
    /// # Errors
    /// [`Trouble::CodeUnreadable`], [`Trouble::AnotherDistrict`] for the code of another
    /// district, what the district says of the code, or what the line or the disk does.
    pub fn enrol_again(&mut self, code: &str) -> Result<Enrolled> {
        self.has_a_district()?;
        let code: EnrolmentCode = code.parse().map_err(|_| Trouble::CodeUnreadable)?;
        if code.fingerprint != self.identity.fingerprint {
            return Err(Trouble::AnotherDistrict.into()); // Before the code is spent.
        }
        let signing = SigningKey::from_bytes(&random()?);
        let reply = ask(&code, &self.identity.person, &signing)?;
        let identity = identity(&self.identity.person, self.identity.files_key.clone(), &code, &signing, &reply)?;
        keep(&mut self.store, &identity, &reply)?;
        self.identity = identity;
        Ok(enrolled(reply, String::new()))
    }
}

/// Spends the code.
fn ask(code: &EnrolmentCode, person: &str, signing: &SigningKey) -> Result<EnrolReply> {
    let request = EnrolRequest {
        version: VERSION,
        secret: hex::encode(code.secret),
        name: person.to_owned(),
        public_key: hex::encode(signing.verifying_key().as_bytes()),
    };
    let district = District::new(&code.address, code.fingerprint, "")?;
    exchange::wait(district.enrol(&request)).map_err(|error| exchange::named(error.into(), &code.address))
}

pub(super) fn enrolled(reply: EnrolReply, recovery_key: String) -> Enrolled {
    Enrolled {
        device: reply.device.to_string(),
        letter: reply.letter,
        role: reply.role,
        scopes: reply.scopes.iter().map(ToString::to_string).collect(),
        recovery_key,
    }
}

/// The folder, empty of what an earlier attempt left behind.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    let storage = |error: std::io::Error| Trouble::storage(&error);
    fs::create_dir_all(folder).map_err(storage)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(storage)?;
    }
    clear(folder)
}

/// Removes a database that belongs to no enrolled laptop, and what was asked with it.
pub(super) fn clear(folder: &Path) -> Result<()> {
    Vault::forget_asked(folder)?;
    for end in ["db", "db-wal", "db-shm", "lock"] {
        let path = database(folder).with_extension(end);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Trouble::storage(&error).into()),
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn identity(
    person: &str,
    files_key: String,
    code: &EnrolmentCode,
    signing: &SigningKey,
    reply: &EnrolReply,
) -> Result<Identity> {
    let district_key = hex::decode(&reply.district_key).ok().and_then(|key| key.try_into().ok());
    Ok(Identity {
        device: reply.device,
        letter: reply.letter.clone(),
        person: person.to_owned(),
        role: reply.role.clone(),
        address: code.address.clone(),
        fingerprint: code.fingerprint,
        token: reply.token.clone(),
        district_key: district_key.ok_or_else(|| unreadable("the district's key"))?,
        signing_key: signing.to_bytes(),
        files_key,
        practice: false,
    })
}

pub(super) fn keep(store: &mut Store, identity: &Identity, reply: &EnrolReply) -> Result<()> {
    let text = serde_json::to_string(identity).map_err(|error| unreadable(&error.to_string()))?;
    if let Some(recipient) = &reply.recipient {
        store.set_meta(DISTRICT_RECIPIENT, recipient)?;
    }
    // Who it is and under which name it writes are one: no half of it may be kept.
    store.begin_as(Writer { device: DeviceId(reply.device.0), incarnation: 1 }, (IDENTITY, &text))?;
    for scope in &reply.scopes {
        store.hold_scope(scope)?;
    }
    Ok(())
}

fn unreadable(what: &str) -> Trouble {
    Trouble::Unreadable { reason: what.to_owned() }
}
