//! A laptop without a line is let in: its request comes on a stick, and the bundle
//! that goes back brings what makes it a laptop, and its first records.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use domain::{DeviceId, Scope, Writer};
use serde::Serialize;
use sync::bundle::{BundleError, Fault};
use sync::keys::is_recipient;
use sync::wire::{Asking, Cursor, EnrolReply, MAX_ASKING, Message, VERSION};

use super::{Heard, Progress, Replied, ReplyTerms, Verdicts, reply, same};
use crate::append::bad;
use crate::database::Tx;
use crate::database::device::Device;
use crate::district::District;
use crate::enrolment::redeem_asking;
use crate::error::Result;

/// A laptop that was let in by a stick.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Admitted {
    /// Its id.
    pub device: DeviceId,
    /// The letter in the numbers that it gives.
    pub letter: String,
    /// Its person.
    pub name: String,
    /// Their role.
    pub role: String,
    /// The scopes that it holds.
    pub scopes: Vec<Scope>,
    /// What was written for it.
    pub reply: Replied,
}

impl District {
    /// Lets in the laptop whose request lies in `file`, and writes what it is to
    /// read. The same request may be answered any number of times.
    ///
    /// # Errors
    /// A file that is no request, what is wrong with its code, or a reply that
    /// cannot be written; with the last one the laptop is let in, and answering the
    /// request again writes the reply.
    pub fn let_in_by_stick(
        self: &Arc<Self>,
        file: &Path,
        reply: &Path,
        wanted: &ReplyTerms,
        progress: Progress<'_>,
    ) -> Result<Admitted> {
        if same(file, reply) {
            let reason = "the reply would take the place of what it answers".to_owned();
            return Err(BundleError::BundleUnwritable { file: reply.display().to_string(), reason }.into());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let asking = asked(file)?;
        if !is_recipient(&asking.request.recipient) {
            return Err(bad("nothing can be encrypted to this recipient"));
        }
        let (device, admission, scopes) = self.database.write(|tx| {
            let (device, token, code) = redeem_asking(tx, &self.key, &asking)?;
            let welcome = self.welcome(tx, device.clone(), token)?;
            Ok((device, code.admit(&asking, &welcome), welcome.scopes))
        })?;
        let heard = Heard {
            last: first_message(self, &device, &asking, &scopes),
            device,
            bundle: None,
            at: asking.request.at,
            offers: Vec::new(),
            wants: Vec::new(),
            answers: Vec::new(),
            verdicts: Verdicts::default(),
        };
        let replied = reply::write(self, &runtime, reply, &heard, Some(admission), wanted, progress)?;
        let Device { id, name, role, .. } = &heard.device;
        let (letter, name, role) = (heard.device.letter(), name.clone(), role.clone());
        Ok(Admitted { device: *id, letter, name, role, scopes, reply: replied })
    }

    /// What a laptop is told that was let in.
    pub(crate) fn welcome(&self, tx: &Tx<'_>, device: Device, token: String) -> Result<EnrolReply> {
        let district_key = hex::encode(self.key.verifying_key().as_bytes());
        let (letter, scopes) = (device.letter(), device.reach.scopes(tx)?);
        let recipient = Some(self.recipient.clone());
        Ok(EnrolReply { device: device.id, letter, role: device.role, scopes, token, district_key, recipient })
    }
}

/// The request in `file`.
fn asked(file: &Path) -> Result<Asking> {
    let fault = |fault| BundleError::of(file, fault);
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MAX_ASKING).read_to_end(&mut bytes));
    read.map_err(|error| fault(Fault::Io(error)))?;
    Ok(Asking::read(&bytes).map_err(|_| fault(Fault::Foreign))?)
}

/// What the laptop would say first, had it a line.
fn first_message(district: &District, device: &Device, asking: &Asking, scopes: &[Scope]) -> Message {
    Message {
        turn: 0,
        version: VERSION,
        abilities: Vec::new(),
        district: hex::encode(district.key.verifying_key().as_bytes()),
        writer: Writer { device: device.id, incarnation: 1 },
        at: asking.request.at.clone(),
        recipient: asking.request.recipient.clone(),
        changes: Vec::new(),
        holds: None,
        cursors: scopes.iter().map(Cursor::beginning).collect(),
        returned: Vec::new(),
        catalog: Some(asking.request.catalog.clone()),
        room: None,
    }
}
