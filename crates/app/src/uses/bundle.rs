//! Bundle: the exchange on a stick. Write what there is to say, read what the
//! district replied, look into a bundle.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sync::bundle::{BundleError, Contents, Fault, LIMIT, Party, Sealed, Terms, room};
use sync::engine::Report;
use sync::keys::bundle_identity;
use sync::stick::{Stick, Wishes};
use sync::wire::{Answer, open};
use ts_rs::TS;

use crate::laptop::DISTRICT_RECIPIENT;
use crate::types::{AttachmentsDue, ErrorView, Moved, SyncReport, Verdicts};
use crate::uses::exchange::life;
use crate::{AppError, Laptop, Result, Trouble};

/// How a person wants a bundle to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct BundleWishes {
    /// The most bytes in one file; what FAT32 takes when absent.
    #[ts(type = "number | null")]
    pub limit: Option<u64>,
    /// The most bytes in all; what is free when absent.
    #[ts(type = "number | null")]
    pub room: Option<u64>,
    /// Records alone, without photos.
    pub no_photos: bool,
    /// All photos once more, also those that went with an earlier stick.
    pub again: bool,
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BundleWritten {
    /// Its name.
    pub bundle: String,
    /// Its parts.
    pub parts: Vec<BundlePart>,
    /// Changes in it.
    #[ts(type = "number")]
    pub changes: u64,
    /// Changes that did not fit, and go with the next one.
    #[ts(type = "number")]
    pub changes_left: u64,
    /// Files in it, whole or in part, and their bytes.
    pub carried: AttachmentsDue,
    /// Files of which something is left for the next one.
    pub left: AttachmentsDue,
    /// Files that went with earlier ones, and of which nothing was heard yet.
    #[ts(type = "number")]
    pub under_way: u64,
}

/// One part of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BundlePart {
    /// Where it is.
    pub file: String,
    /// How many bytes it has.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A reply that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BundleTaken {
    /// When the district wrote it, by its clock.
    pub at: String,
    /// Parts that were read.
    #[ts(type = "number")]
    pub parts: u64,
    /// Files beside it that are parts of another bundle, and were not read.
    #[ts(type = "number")]
    pub passed_over: u64,
    /// What it brought, as an exchange over the line brings it; files sent are
    /// those that the district says to hold now.
    pub brought: SyncReport,
    /// Whether the district has more to say than fitted.
    pub more: bool,
    /// What was wrong with a part, if something was: all else was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

impl Laptop {
    /// Writes what this laptop has to say, and files that the district lacks, into
    /// a bundle that the district alone can open.
    ///
    /// # Errors
    /// [`BundleError`]; [`Trouble::DistrictRecipientUnknown`] on a laptop that was
    /// enrolled by an earlier program and never exchanged since.
    pub fn write_bundle(
        &mut self,
        file: &Path,
        wishes: &BundleWishes,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<BundleWritten> {
        self.has_a_district()?;
        let _turn = self.turn()?;
        let there = is_there(file);
        let outcome = self.write_in_turn(file, wishes, progress).map_err(|error| gone(there, file, error));
        self.note_written(file, &outcome)?;
        outcome
    }

    fn write_in_turn(
        &mut self,
        file: &Path,
        wishes: &BundleWishes,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<BundleWritten> {
        let recipient = self.store.meta(DISTRICT_RECIPIENT)?.ok_or(Trouble::DistrictRecipientUnknown)?;
        let BundleWishes { limit, room: most, no_photos, again } = *wishes;
        let terms = Terms { limit: limit.unwrap_or(LIMIT), room: most.or_else(|| room(file)).unwrap_or(u64::MAX) };
        let wishes = Wishes { terms, files: !no_photos, again };
        let packed = self.at_stick(|stick| stick.write(file, &recipient, &wishes, progress))?;
        self.index();
        let part =
            |part: &sync::bundle::Written| BundlePart { file: part.file.display().to_string(), bytes: part.bytes };
        let due = |amount: sync::stick::Amount| AttachmentsDue { files: amount.files, bytes: amount.bytes };
        Ok(BundleWritten {
            bundle: packed.bundle.to_string(),
            parts: packed.parts.iter().map(part).collect(),
            changes: packed.changes,
            changes_left: packed.changes_left,
            carried: due(packed.carried),
            left: due(packed.left),
            under_way: packed.under_way,
        })
    }

    /// Reads the district's reply, with all its parts that lie beside it.
    ///
    /// # Errors
    /// [`BundleError`]; a reply that is another laptop's or another district's.
    /// What was taken until then stays taken.
    pub fn read_bundle(
        &mut self,
        file: &Path,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<BundleTaken> {
        self.has_a_district()?;
        let _turn = self.turn()?;
        let there = is_there(file);
        let outcome = self.read_in_turn(file, progress).map_err(|error| gone(there, file, error));
        self.note_taken(file, &outcome)?;
        outcome
    }

    fn read_in_turn(
        &mut self,
        file: &Path,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<BundleTaken> {
        let mut report = Report::default();
        let outcome = self.at_stick(|stick| stick.read(file, &mut report, progress));
        if !report.role.is_empty() {
            self.heard_from_district(&report)?;
        }
        let rules = self.take_rules(&report)?;
        self.index();
        let unpacked = outcome?;
        let [accepted, merged, conflict, refused, waiting] = report.verdicts;
        Ok(BundleTaken {
            at: unpacked.at,
            parts: unpacked.parts,
            passed_over: unpacked.passed_over,
            brought: SyncReport {
                pushed: report.pushed,
                pulled: report.pulled,
                filled: report.filled,
                returned: report.returned,
                reborn: report.reborn,
                clock_skew: None,
                verdicts: Verdicts { accepted, merged, conflict, refused, waiting },
                attachments: Moved { sent: unpacked.at_district, received: unpacked.received.files },
                rules,
            },
            more: unpacked.more,
            error: unpacked.wrong.map(|error| AppError::from(error).view()),
        })
    }

    /// What is in one part of a bundle: all of it where the district wrote it for
    /// this laptop, its outside otherwise. Nothing of it is taken.
    ///
    /// # Errors
    /// When it is none, or damaged.
    pub fn show_bundle(&self, part: &Path) -> Result<serde_json::Value> {
        let fault = |fault| BundleError::of(part, fault);
        let sealed = Sealed::read(File::open(part).map_err(|error| fault(Fault::Io(error)))?).map_err(fault)?;
        let header = sealed.header().clone();
        let (own, district) = (Party::Laptop(self.identity.device), self.district_key()?);
        let contents = if header.to == own && header.from == Party::District(hex::encode(district.as_bytes())) {
            let reader = sealed.open(&bundle_identity(&self.signing_key()), district).map_err(fault)?;
            let answer = |envelope: &[u8]| open::<Answer>(&district, envelope).ok();
            Contents::read(reader, answer).map_err(fault)?
        } else {
            Contents::sealed(header)
        };
        let unreadable = |error: serde_json::Error| Trouble::Storage { reason: error.to_string() };
        Ok(serde_json::to_value(contents).map_err(unreadable)?)
    }

    fn at_stick<T>(
        &mut self,
        work: impl FnOnce(&mut Stick<'_>) -> std::result::Result<T, sync::stick::Error>,
    ) -> Result<T> {
        let (key, district_key) = (self.signing_key(), self.district_key()?);
        let mut stick = Stick {
            store: &mut self.store,
            files: &self.files,
            key: &key,
            district_key: &district_key,
            now: &Self::now,
            life: &life,
        };
        Ok(work(&mut stick)?)
    }
}

/// The folder that a bundle lies in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether that folder can be looked into.
fn is_there(file: &Path) -> bool {
    std::fs::read_dir(folder_of(file)).is_ok()
}

/// The error, or that the stick is not there: then that is why.
fn gone(there: bool, file: &Path, error: AppError) -> AppError {
    let at_stick =
        matches!(error, AppError::Bundle(BundleError::BundleUnwritable { .. } | BundleError::BundleUnreadable { .. }));
    match (at_stick && !is_there(file), there) {
        (true, true) => Trouble::StickGone { file: file.display().to_string() }.into(),
        (true, false) => Trouble::FolderGone { folder: folder_of(file).display().to_string() }.into(),
        (false, _) => error,
    }
}
