//! Table `device`: the laptops that were let in.

use domain::{DeviceId, Scope};
use ed25519_dalek::VerifyingKey;

use super::{Row, Tx, device_scope, params, scope_head, scope_in};
use crate::error::{DistrictError, Result};

/// What a laptop may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One township, and the shared scope of its district.
    Township(Scope),
    /// These townships, and the shared scopes of their districts: granted later.
    Townships(Vec<Scope>),
    /// A district's shared scope and all its townships.
    District(Scope),
    /// All that is kept here: the administrator's.
    Everything,
}

impl Reach {
    /// The reach of a code for `scope`, or for all.
    pub(crate) fn of(scope: Option<Scope>) -> Self {
        match scope {
            None => Self::Everything,
            Some(scope) if scope.is_township() => Self::Township(scope),
            Some(scope) => Self::District(scope),
        }
    }

    /// Whether `scope` is within reach, also while its log has not begun.
    pub(crate) fn covers(&self, scope: &Scope) -> bool {
        match self {
            Self::Township(own) => scope == own || *scope == own.district(),
            Self::Townships(own) => own.contains(scope) || own.iter().any(|own| *scope == own.district()),
            Self::District(own) => scope.district() == *own,
            Self::Everything => true,
        }
    }

    /// The scopes within reach, as far as they exist.
    pub(crate) fn scopes(&self, tx: &Tx<'_>) -> Result<Vec<Scope>> {
        let mut scopes = match self {
            Self::Township(own) => vec![own.clone(), own.district()],
            Self::Townships(own) => own.iter().flat_map(|own| [own.clone(), own.district()]).collect(),
            Self::District(own) => {
                let mut scopes = scope_head::below(tx, own.as_str())?;
                scopes.push(own.clone());
                scopes
            }
            Self::Everything => {
                let mut scopes = scope_head::below(tx, "")?;
                scopes.extend(scopes.clone().iter().map(Scope::district));
                scopes
            }
        };
        scopes.sort_unstable();
        scopes.dedup();
        Ok(scopes)
    }

    /// The townships that it holds one by one; none where it holds a whole district.
    pub(crate) fn townships(&self) -> Option<Vec<Scope>> {
        match self {
            Self::Township(own) => Some(vec![own.clone()]),
            Self::Townships(own) => Some(own.clone()),
            Self::District(_) | Self::Everything => None,
        }
    }

    fn column(&self) -> Option<&str> {
        match self {
            Self::Township(scope) | Self::District(scope) => Some(scope.as_str()),
            Self::Townships(_) | Self::Everything => None,
        }
    }
}

/// One laptop.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    /// The order of enrolment: 1, 2, 3 …
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) reach: Reach,
    pub(crate) public_key: VerifyingKey,
    pub(crate) enrolled_at: String,
    pub(crate) seen_at: Option<String>,
    pub(crate) revoked_at: Option<String>,
}

impl Device {
    /// A, B … Z, AA …: the letter in the numbers that it gives.
    pub(crate) fn letter(&self) -> String {
        let (mut letters, mut rest) = (Vec::new(), self.number);
        while rest > 0 {
            let place = u8::try_from((rest - 1) % 26).unwrap_or_default();
            letters.push(char::from(b'A' + place));
            rest = (rest - 1) / 26;
        }
        letters.iter().rev().collect()
    }
}

const COLUMNS: &str = "id, number, name, role, scope, public_key, enrolled_at, seen_at, revoked_at";

pub(crate) fn add(tx: &Tx<'_>, device: &Device, token_sha256: &str) -> Result<()> {
    let sql = "INSERT INTO device (id, number, name, role, scope, public_key, token_sha256, enrolled_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let key = hex::encode(device.public_key.as_bytes());
    let Device { id, number, name, role, reach, enrolled_at, .. } = device;
    tx.execute(sql, params![id, number, name, role, reach.column(), key, token_sha256, enrolled_at])?;
    Ok(())
}

pub(crate) fn next_number(tx: &Tx<'_>) -> Result<u32> {
    tx.only("SELECT coalesce(max(number), 0) + 1 FROM device", params![], |row| row.get(0))
}

pub(crate) fn with_token(tx: &Tx<'_>, token_sha256: &str) -> Result<Option<Device>> {
    let found =
        tx.one(&format!("SELECT {COLUMNS} FROM device WHERE token_sha256 = ?1"), params![token_sha256], from_row)?;
    found.map(|device| granted(tx, device)).transpose()
}

pub(crate) fn read(tx: &Tx<'_>, id: &str) -> Result<Option<Device>> {
    let found = tx.one(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"), params![id], from_row)?;
    found.map(|device| granted(tx, device)).transpose()
}

/// As [`read`], and alone with the device until the transaction ends: what it
/// sends at the same time through another server waits.
pub(crate) fn lock(tx: &Tx<'_>, id: DeviceId) -> Result<Option<Device>> {
    let found = tx.one_locked(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"), params![id], from_row)?;
    found.map(|device| granted(tx, device)).transpose()
}

pub(crate) fn list(tx: &Tx<'_>) -> Result<Vec<Device>> {
    let devices = tx.all(&format!("SELECT {COLUMNS} FROM device ORDER BY number"), params![], from_row)?;
    devices.into_iter().map(|device| granted(tx, device)).collect()
}

/// The device with the reach that it was granted after its enrolment, if it was.
fn granted(tx: &Tx<'_>, device: Device) -> Result<Device> {
    let scopes = device_scope::read(tx, device.id)?;
    Ok(if scopes.is_empty() { device } else { Device { reach: Reach::Townships(scopes), ..device } })
}

/// To whom a bundle for the device is encrypted.
pub(crate) fn recipient(tx: &Tx<'_>, id: DeviceId) -> Result<Option<String>> {
    Ok(tx.one("SELECT recipient FROM device WHERE id = ?1", params![id], |row| row.get(0))?.flatten())
}

pub(crate) fn note_recipient(tx: &Tx<'_>, id: DeviceId, recipient: &str) -> Result<()> {
    tx.execute("UPDATE device SET recipient = ?2 WHERE id = ?1", params![id, recipient])?;
    Ok(())
}

pub(crate) fn note_seen(tx: &Tx<'_>, id: DeviceId, at: &str) -> Result<()> {
    tx.execute("UPDATE device SET seen_at = ?2 WHERE id = ?1", params![id, at])?;
    Ok(())
}

/// Revokes the device; one that is revoked already keeps its date.
pub(crate) fn revoke(tx: &Tx<'_>, id: DeviceId, at: &str) -> Result<()> {
    tx.execute("UPDATE device SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1", params![id, at])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<Device> {
    let damaged = |what: &str| DistrictError::Unreadable { reason: format!("device: {what}") };
    let mut bytes = [0; 32];
    hex::decode_to_slice(&*row.text(5)?, &mut bytes).map_err(|_| damaged("public key"))?;
    let everything = row.get::<Option<String>>(4)?.is_none();
    Ok(Device {
        id: row.text(0)?.parse().map_err(|_| damaged("id"))?,
        number: row.get(1)?,
        name: row.get(2)?,
        role: row.get(3)?,
        reach: Reach::of(if everything { None } else { Some(scope_in(row, 4)?) }),
        public_key: VerifyingKey::from_bytes(&bytes).map_err(|_| damaged("public key"))?,
        enrolled_at: row.get(6)?,
        seen_at: row.get(7)?,
        revoked_at: row.get(8)?,
    })
}

/// When the last laptop was heard of.
pub(crate) fn last_seen(tx: &Tx<'_>) -> Result<Option<String>> {
    tx.only("SELECT max(seen_at) FROM device", params![], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_follow_the_order_of_enrolment_and_never_run_out() {
        let letter = |number| {
            let device = Device {
                id: DeviceId(uuid::Uuid::nil()),
                number,
                name: String::new(),
                role: String::new(),
                reach: Reach::Everything,
                public_key: VerifyingKey::from_bytes(&[0; 32]).expect("a point of the curve"),
                enrolled_at: String::new(),
                seen_at: None,
                revoked_at: None,
            };
            device.letter()
        };
        assert_eq!([1, 2, 26, 27, 52, 53, 702, 703].map(letter), ["A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_township_reaches_itself_and_the_shared_scope_and_no_neighbour() {
        let scope = |text: &str| Scope::parse(text).expect("a scope");
        let township = Reach::of(Some(scope("320902107")));
        assert!(township.covers(&scope("320902107")) && township.covers(&scope("320902")));
        assert!(!township.covers(&scope("320902106")), "the neighbour's");
        assert!(!township.covers(&scope("320903")), "another district's");
        let district = Reach::of(Some(scope("320902")));
        assert!(district.covers(&scope("320902106")) && !district.covers(&scope("320903001")));
    }
}
