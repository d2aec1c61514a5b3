//! Letting laptops in: a one-time code is made at the terminal, and redeemed by
//! the laptop that has its secret and a key of its own.

use chrono::{DateTime, Days, SecondsFormat, Utc};
use domain::{Catalog, DeviceId, Scope, rules};
use ed25519_dalek::{SigningKey, VerifyingKey};
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;
use sync::wire::{Asking, CodeKey, EnrolRequest, EnrolmentCode, VERSION, WireError};
use uuid::Uuid;

use crate::database::device::{self, Device, Reach};
use crate::database::enrolment::{self, Enrolment};
use crate::database::{Lock, Tx, setting};
use crate::error::{DistrictError, Result};

/// What a code shall be good for.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// The township, or the district; none for all that is kept here, which
    /// only an administrator gets.
    pub scope: Option<Scope>,
    /// A role of the catalog.
    pub role: String,
    /// `host:port` as laptops call it; where the server last listened when absent.
    pub address: Option<String>,
    /// For how many days it is good.
    pub days: u32,
    /// For whom it is, as a note to the administrator.
    pub person: Option<String>,
}

/// A code as it is handed over. It cannot be shown a second time: only its
/// hash is kept.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrintedCode {
    /// The text to type or to scan.
    pub code: String,
    /// The scope it lets in to.
    pub scope: Option<Scope>,
    /// The role it gives.
    pub role: String,
    /// Where the laptop will call.
    pub address: String,
    /// Until when it is good (RFC 3339, UTC).
    pub expires_at: String,
}

/// Makes a code for laptops that will call a district of this `fingerprint`.
pub(crate) fn make(tx: &Tx<'_>, catalog: &Catalog, fingerprint: [u8; 32], new: &NewCode) -> Result<PrintedCode> {
    if catalog.role(&new.role).is_none() {
        let roles: Vec<&str> = catalog.roles.iter().map(|role| role.name.as_str()).collect();
        return Err(DistrictError::UnknownRole { role: new.role.clone(), roles: roles.join(", ") });
    }
    if new.scope.is_none() && new.role != rules::ADMIN {
        return Err(DistrictError::ScopeNeeded { role: new.role.clone() });
    }
    let address = match &new.address {
        Some(address) => address.clone(),
        None => callable(setting::read(tx, setting::ADDRESS)?.as_deref().unwrap_or(DEFAULT_ADDRESS))?,
    };
    let secret = crate::random::<16>();
    let expires_at = (Utc::now() + Days::new(u64::from(new.days))).to_rfc3339_opts(SecondsFormat::Secs, true);
    let kept = Enrolment {
        scope: new.scope.clone(),
        role: new.role.clone(),
        person: new.person.clone(),
        expires_at: expires_at.clone(),
        used_at: None,
    };
    enrolment::add(tx, &crate::sha256_hex(&secret), &kept)?;
    let code = EnrolmentCode { address: address.clone(), fingerprint, secret }.to_string();
    Ok(PrintedCode { code, scope: new.scope.clone(), role: new.role.clone(), address, expires_at })
}

/// Where `serve` listens unless it is told otherwise.
pub(crate) const DEFAULT_ADDRESS: &str = "127.0.0.1:7443";

/// `listen` as a laptop can call it, if it can.
fn callable(listen: &str) -> Result<String> {
    let everywhere = listen.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_unspecified());
    if everywhere { Err(DistrictError::AddressNeeded { listen: listen.to_owned() }) } else { Ok(listen.to_owned()) }
}

/// Lets one laptop in: the device, and its bearer token, which is in no one's
/// hands but the laptop's from here on.
///
/// # Errors
/// What is wrong with the code or the request; the code stays as it was.
pub(crate) fn redeem(tx: &Tx<'_>, request: &EnrolRequest) -> Result<(Device, String)> {
    let who = Who::read(request.version, &request.name, &request.public_key)?;
    let mut secret = [0; 16];
    hex::decode_to_slice(&request.secret, &mut secret).map_err(|_| bad("a secret of 16 bytes in hex"))?;
    let token = hex::encode(crate::random::<32>());
    let device = let_in(tx, &crate::sha256_hex(&secret), &who, |_| token.clone())?;
    Ok((device, token))
}

/// The same for a laptop that asks on a stick. Whoever lost the answer asks again
/// with the same file: it is the same laptop then, under the same token, which is
/// why that one follows from the district's own `key`.
///
/// # Errors
/// As [`redeem`]; [`WireError::CodeUnknown`] also where the request is not proved.
pub(crate) fn redeem_asking(tx: &Tx<'_>, key: &SigningKey, asking: &Asking) -> Result<(Device, String, CodeKey)> {
    let request = &asking.request;
    let who = Who::read(request.version, &request.name, &request.public_key)?;
    let (secret, code) = named(tx, &request.code)?.ok_or(WireError::CodeUnknown)?;
    if !code.proves(asking) {
        return Err(WireError::CodeUnknown.into());
    }
    if let Some(device) = enrolment::device_of(tx, &secret)?
        && let Some(device) = device::read(tx, &device)?
        && device.public_key == who.public_key
    {
        if let Some(at) = device.revoked_at {
            return Err(WireError::DeviceRevoked { at }.into());
        }
        let token = stick_token(key, device.id);
        return Ok((device, token, code));
    }
    let device = let_in(tx, &secret, &who, |id| stick_token(key, id))?;
    let token = stick_token(key, device.id);
    Ok((device, token, code))
}

/// The code that a request names: the hash of its secret, and what that proves.
fn named(tx: &Tx<'_>, name: &str) -> Result<Option<(String, CodeKey)>> {
    for secret in enrolment::secrets(tx)? {
        let mut hash = [0; 32];
        if hex::decode_to_slice(&secret, &mut hash).is_ok() {
            let key = CodeKey::of_hash(hash);
            if key.name() == name {
                return Ok(Some((secret, key)));
            }
        }
    }
    Ok(None)
}

/// The token of a laptop that was let in by a stick.
fn stick_token(key: &SigningKey, id: DeviceId) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"nonghuan stick token 1\n");
    mac.update(id.0.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// Who asks to be let in.
struct Who {
    name: String,
    public_key: VerifyingKey,
}

impl Who {
    fn read(version: u32, name: &str, key: &str) -> Result<Self> {
        if version != VERSION {
            let (district, laptop) = (VERSION.to_string(), version.to_string());
            return Err(WireError::VersionMismatch { district, laptop }.into());
        }
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(bad("a name of 1 to 100 characters"));
        }
        let public_key = public_key(key).ok_or_else(|| bad("an Ed25519 public key in hex"))?;
        Ok(Self { name: name.to_owned(), public_key })
    }
}

/// Spends the code of this secret, and makes the device.
fn let_in(tx: &Tx<'_>, secret: &str, who: &Who, token: impl FnOnce(DeviceId) -> String) -> Result<Device> {
    let code = enrolment::lock(tx, secret)?.ok_or(WireError::CodeUnknown)?;
    if let Some(at) = code.used_at {
        return Err(WireError::CodeUsed { at }.into());
    }
    let expired = DateTime::parse_from_rfc3339(&code.expires_at).map_or(true, |until| until < Utc::now());
    if expired {
        return Err(WireError::CodeExpired { at: code.expires_at }.into());
    }
    let now = crate::now();
    tx.lock(Lock::DeviceNumber)?;
    let device = Device {
        id: DeviceId(Uuid::now_v7()),
        number: device::next_number(tx)?,
        name: who.name.clone(),
        role: code.role,
        reach: Reach::of(code.scope),
        public_key: who.public_key,
        enrolled_at: now.clone(),
        seen_at: None,
        revoked_at: None,
    };
    device::add(tx, &device, &crate::sha256_hex(token(device.id).as_bytes()))?;
    enrolment::note_used(tx, secret, device.id, &now)?;
    Ok(device)
}

/// A key with which signatures mean something: the few weak points of the
/// curve, for which anyone can sign, are none.
fn public_key(hex: &str) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(hex, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
}

fn bad(expected: &str) -> DistrictError {
    WireError::BadRequest { reason: format!("expected {expected}") }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_means_everywhere_is_no_address_to_call() {
        assert_eq!(callable("127.0.0.1:7443").ok().as_deref(), Some("127.0.0.1:7443"));
        assert!(callable("0.0.0.0:7443").is_err());
        assert!(callable("[::]:7443").is_err());
    }

    #[test]
    fn a_key_for_which_anyone_can_sign_is_no_key() {
        assert!(public_key(&"00".repeat(32)).is_none());
        assert!(public_key("厕所").is_none());
        let good = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        assert_eq!(public_key(&hex::encode(good.as_bytes())), Some(good));
    }
}
