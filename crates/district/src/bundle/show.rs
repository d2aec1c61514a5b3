//! What is in a bundle, for a person who wonders.

use std::fs::File;
use std::path::Path;

use serde::Serialize;
use sync::bundle::{BundleError, Contents, Fault, Party, Sealed};
use sync::keys::bundle_identity;
use sync::wire::{Message, open};

use crate::answer::unopened;
use crate::district::District;
use crate::error::Result;

impl District {
    /// What is in one part of a bundle: all of it where a laptop wrote it for this
    /// district, its outside otherwise. Nothing of it is taken.
    ///
    /// # Errors
    /// When it is none, or damaged.
    pub fn show_bundle(&self, part: &Path) -> Result<impl Serialize + use<>> {
        let fault = |fault| BundleError::of(part, fault);
        let sealed = Sealed::read(File::open(part).map_err(|error| fault(Fault::Io(error)))?).map_err(fault)?;
        let header = sealed.header().clone();
        let own = Party::District(hex::encode(self.key.verifying_key().as_bytes()));
        let Party::Laptop(_) = header.from else { return Ok(Contents::sealed(header)) };
        if header.to != own {
            return Ok(Contents::sealed(header));
        }
        let device = self.writer_of(part, &sealed)?;
        let reader = sealed.open(&bundle_identity(&self.key), device.public_key).map_err(fault)?;
        let mut wrong = None;
        let message = |envelope: &[u8]| match open::<Message>(&device.public_key, envelope) {
            Ok(message) => Some(message),
            Err(error) => {
                wrong.get_or_insert(error);
                None
            }
        };
        let contents = Contents::read(reader, message).map_err(fault)?;
        wrong.map_or(Ok(contents), |error| Err(unopened(error).into()))
    }
}
