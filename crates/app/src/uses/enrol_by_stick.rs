//! Enrol by a stick: a laptop that has no line asks in a file, and is let in by
//! the bundle that the district writes in return, which brings its first records.
//!
//! Between the two it is nobody's laptop: its keys lie in its own database, under
//! its PIN, and the folder counts as enrolled only when the reply was read.

use std::fs::File;
use std::path::{Path, PathBuf};

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use store::Store;
use sync::bundle::{BundleError, Fault, Party, Sealed};
use sync::keys::{bundle_identity, bundle_recipient};
use sync::wire::{Asking, CodeKey, EnrolReply, EnrolmentCode, StickRequest, VERSION};
use ts_rs::TS;

use crate::files::{FileVault, write_whole};
use crate::laptop::{Laptop, database, open_database, read_vault};
use crate::types::Enrolled;
use crate::uses::enrol::{Enrolment, clear, enrolled, identity, keep, prepare};
use crate::uses::pin::tried;
use crate::vault::{SHORTEST_PIN, Vault, random};
use crate::{AppError, Result, Trouble, catalog};

/// The ending of a request's name.
const ENDING: &str = "nhe";

/// Under which name the open request is kept.
const ASKED: &str = "enrolmentAsked";

/// A request that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// Where it is.
    pub file: String,
    /// Opens the records if the PIN is forgotten; shown once.
    pub recovery_key: String,
}

/// What is kept until the reply comes.
#[derive(Serialize, Deserialize)]
struct Open {
    code: String,
    #[serde(with = "hex::serde")]
    signing_key: [u8; 32],
    text: String,
}

/// Writes the request of the laptop in `folder` to `file`; into a folder, under a
/// name of its own. Asking anew with the same code and PIN asks for the same laptop,
/// so that a request that got lost costs no second code.
///
/// # Errors
/// [`Trouble::AlreadyEnrolled`], [`Trouble::CodeUnreadable`], [`Trouble::PinTooShort`],
/// or a disk or stick that cannot be written; nothing was asked then.
pub fn ask_to_enrol(folder: &Path, asked: &Enrolment, file: &Path) -> Result<Asked> {
    if let Some(vault) = read_vault(folder)? {
        return Err(Trouble::AlreadyEnrolled { person: vault.person }.into());
    }
    let code: EnrolmentCode = asked.code.parse().map_err(|_| Trouble::CodeUnreadable)?;
    if asked.pin.chars().count() < SHORTEST_PIN {
        return Err(Trouble::PinTooShort { least: SHORTEST_PIN.to_string() }.into());
    }
    let before = earlier(folder, &asked.pin).filter(|open| open.code == code.to_string());
    let signing_key = match before {
        Some(open) => open.signing_key,
        None => random()?,
    };
    let signing = SigningKey::from_bytes(&signing_key);
    let request = StickRequest {
        version: VERSION,
        code: CodeKey::of(&code).name(),
        name: asked.name.clone(),
        public_key: hex::encode(signing.verifying_key().as_bytes()),
        recipient: bundle_recipient(&signing),
        catalog: catalog::load(folder)?.revision(),
        at: Laptop::now(),
    };
    let text = CodeKey::of(&code).ask(request).to_text();
    // The stick first: should it take nothing, an earlier request still waits for its reply.
    let file = named(file, &asked.name);
    write_whole(&file, text.as_bytes()).map_err(|error| BundleError::writing(&file, &error))?;
    let open = Open { code: code.to_string(), signing_key, text };
    match wait(folder, asked, &open) {
        Ok(recovery_key) => Ok(Asked { file: file.display().to_string(), recovery_key }),
        Err(error) => {
            clear(folder)?;
            Err(error)
        }
    }
}

/// The request of before, for who knows its PIN.
fn earlier(folder: &Path, pin: &str) -> Option<Open> {
    let key = Vault::read_asked(folder).ok()??.open(pin).ok()?;
    open(&open_database(folder, &key).ok()?).ok()?
}

fn open(store: &Store) -> Result<Option<Open>> {
    let text = store.meta(ASKED)?.filter(|text| !text.is_empty());
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Makes the folder one that waits for the reply; its recovery key.
fn wait(folder: &Path, asked: &Enrolment, open: &Open) -> Result<String> {
    prepare(folder)?;
    let key = random()?;
    let store = Store::open(&database(folder), &key, catalog::load(folder)?)?;
    let kept = serde_json::to_string(open).map_err(|error| Trouble::Storage { reason: error.to_string() })?;
    store.set_meta(ASKED, &kept)?;
    let (vault, recovery_key) = Vault::new(&asked.name, &asked.pin, &key)?;
    vault.write_asked(folder)?;
    Ok(recovery_key)
}

/// The file that was meant: the one named, or one in the folder that was named.
fn named(file: &Path, person: &str) -> PathBuf {
    if !file.is_dir() {
        return file.to_owned();
    }
    file.join(crate::file_names::safe(&format!("nonghuan-{person}.{ENDING}")))
}

/// Reads the district's reply to the request of `folder`, and opens the laptop that
/// this makes it. Its first records are in the same file: [`Laptop::read_bundle`].
///
/// # Errors
/// [`Trouble::NotAsked`], [`Trouble::WrongPin`], [`Trouble::AdmissionForeign`], or a
/// file that cannot be read. The request stays open then.
pub fn enrol_by_reply(folder: &Path, pin: &str, file: &Path) -> Result<(Laptop, Enrolled)> {
    let vault = Vault::read_asked(folder)?.ok_or(Trouble::NotAsked)?;
    let key = tried(folder, &vault, pin)?;
    let mut store = open_database(folder, &key)?;
    let open = open(&store)?.ok_or(Trouble::NotAsked)?;
    let code: EnrolmentCode = open.code.parse().map_err(|_| Trouble::NotAsked)?;
    let asking = Asking::read(open.text.as_bytes()).map_err(|_| Trouble::NotAsked)?;
    let signing = SigningKey::from_bytes(&open.signing_key);
    let reply = admission(file, &signing, &code, &asking)?;
    let identity = identity(&asking.request.name, FileVault::new_key(), &code, &signing, &reply)?;
    keep(&mut store, &identity, &reply)?;
    store.set_meta(ASKED, "")?;
    drop(store);
    Vault::let_in(folder)?;
    Ok((Laptop::with_key(folder, key)?, enrolled(reply, String::new())))
}

/// What the bundle in `file` says to this laptop, if it is the answer to its request.
fn admission(file: &Path, signing: &SigningKey, code: &EnrolmentCode, asking: &Asking) -> Result<EnrolReply> {
    let fault = |fault| BundleError::of(file, fault);
    let foreign = || Trouble::AdmissionForeign { file: file.display().to_string() };
    let sealed = Sealed::read(File::open(file).map_err(|error| fault(Fault::Io(error)))?).map_err(fault)?;
    let Party::District(named) = sealed.header().from.clone() else { return Err(foreign().into()) };
    let writer = hex::decode(&named).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
    let writer = writer.and_then(|key| VerifyingKey::from_bytes(&key).ok()).ok_or_else(foreign)?;
    // Whose district it is, only the proof says: until then its key is whatever the file names.
    let reader = sealed.open(&bundle_identity(signing), writer).map_err(|error| match error {
        Fault::Damaged(_) => foreign().into(),
        other => AppError::from(fault(other)),
    })?;
    let admission = reader.preface().admission.as_ref().ok_or_else(foreign)?;
    let reply = CodeKey::of(code).admitted(asking, admission).ok_or_else(foreign)?;
    if reply.district_key == named { Ok(reply) } else { Err(foreign().into()) }
}
