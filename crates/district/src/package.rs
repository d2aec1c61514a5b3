//! Receiving a package: verified, its signer looked up among the laptops that
//! were let in, and countersigned with the key that signs receipts.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use bag::{About, Countersigner, Receipt};
use domain::DeviceId;
use ed25519_dalek::{Signer as _, VerifyingKey};
use serde::Serialize;

use crate::database::device::{self, Device};
use crate::database::record;
use crate::district::District;
use crate::error::{DistrictError, Result};

/// A package that was received.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageReceived {
    /// What it says of itself.
    pub about: About,
    /// SHA-256 of the data, which the QR code on the printed cover must show.
    pub data: Option<String>,
    /// The laptop whose key signed it.
    pub device: DeviceId,
    /// The letter in the numbers that it gives.
    pub letter: String,
    /// The name given at its enrolment.
    pub name: String,
    /// By whom it was countersigned.
    pub by: String,
    /// When, by this server's clock.
    pub received_at: String,
    /// SHA-256 of the countersigned file.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

impl District {
    /// Verifies the package in `file` and writes it to `out` with the district's
    /// signature. `by` is the district's name in it; else its name in the list of places.
    ///
    /// # Errors
    /// What [`Receipt::of`] refuses; [`DistrictError::SignerUnknown`] for a key that no
    /// laptop here has, [`DistrictError::SignerRevoked`] for one that was shut out. Nothing
    /// is written then.
    pub fn receive_package(&self, file: &Path, out: &Path, by: Option<&str>) -> Result<PackageReceived> {
        let receipt = Receipt::of(BufReader::new(File::open(file)?))?;
        let key = receipt.device_key.clone();
        let (device, by) = self.database.read(|tx| {
            let found = device::list(tx)?.into_iter().find(|device| is_key(&device.public_key, &key));
            let device = found.ok_or_else(|| DistrictError::SignerUnknown { key: key.clone() })?;
            if let Some(at) = &device.revoked_at {
                return Err(DistrictError::SignerRevoked { name: device.name.clone(), at: at.clone() });
            }
            let scope = device.reach.scopes(tx)?.first().map(domain::Scope::district);
            let named = match (by, &scope) {
                (Some(by), _) => by.to_owned(),
                (None, Some(scope)) => {
                    // 盐城市 and 亭湖区: a district's name alone occurs in other cities.
                    let places = record::of_kind(tx, "place", Some(scope))?;
                    let named = |code: &str| {
                        let place = places.iter().find(|place| place.text("code") == Some(code));
                        place.and_then(|place| place.text("name")).unwrap_or_default().to_owned()
                    };
                    let name =
                        format!("{}{}", named(scope.as_str().get(..4).unwrap_or_default()), named(scope.as_str()));
                    if name.is_empty() { scope.to_string() } else { name }
                }
                (None, None) => String::new(),
            };
            Ok((device, named))
        })?;
        let (about, data) = (receipt.report.about.clone(), receipt.report.data.clone());
        let received_at = crate::now();
        let signer = Countersigner {
            by: by.clone(),
            key: hex::encode(self.key.verifying_key().as_bytes()),
            received_at: received_at.clone(),
            device: called(&device),
            sign: &|bytes| self.key.sign(bytes).to_bytes(),
        };
        let part = out.with_extension(format!("part{}", std::process::id()));
        let written = (|| -> Result<_> {
            let mut target = BufWriter::new(File::create(&part)?);
            let written = bag::countersign(receipt, &signer, &mut target)?;
            target.flush()?;
            target.get_ref().sync_all()?;
            fs::rename(&part, out)?;
            Ok(written)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&part); // It may never have come into being.
        }
        let written = written?;
        Ok(PackageReceived {
            about,
            data,
            device: device.id,
            letter: device.letter(),
            name: device.name,
            by,
            received_at,
            sha256: written.sha256,
            bytes: written.bytes,
        })
    }
}

fn is_key(key: &VerifyingKey, hex: &str) -> bool {
    hex::encode(key.as_bytes()) == hex
}

/// How the countersignature names the laptop: `A 王芳`.
fn called(device: &Device) -> String {
    format!("{} {}", device.letter(), device.name)
}
