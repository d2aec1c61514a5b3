//! What is in a part, in a form that can be shown: the compact binary read out
//! loud, and of files their names and which bytes of them there are.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;

use super::{Fault, Header, Item, Preface, Reader};

/// What is in a part.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents<T> {
    /// What stands outside.
    pub header: Header,
    /// The rest; nothing for who cannot open it.
    #[serde(flatten)]
    pub inside: Option<Inside<T>>,
}

/// What is inside of a part.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inside<T> {
    /// What the writer says of files.
    pub preface: Preface,
    /// The envelopes, open.
    pub envelopes: Vec<T>,
    /// The files of which there are bytes.
    pub files: Vec<FileRuns>,
    /// Whether another part follows.
    pub further: bool,
}

/// Which bytes of a file there are.
#[derive(Debug, Clone, Serialize)]
pub struct FileRuns {
    /// Its name.
    pub sha256: String,
    /// How many bytes the whole file has.
    pub total: u64,
    /// From, and up to but without.
    pub runs: Vec<(u64, u64)>,
}

impl<T> Contents<T> {
    /// A part that cannot be opened here.
    #[must_use]
    pub fn sealed(header: Header) -> Self {
        Self { header, inside: None }
    }

    /// Reads a part to its end; `open` opens an envelope.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read<R: Read>(mut reader: Reader<R>, mut open: impl FnMut(&[u8]) -> Option<T>) -> Result<Self, Fault> {
        let preface = reader.preface().clone();
        let (mut envelopes, mut files) = (Vec::new(), BTreeMap::new());
        while let Some(item) = reader.next_item()? {
            match item {
                Item::Envelope(envelope) => envelopes.extend(open(&envelope)),
                Item::Chunk(chunk) => {
                    let stop = chunk.start + chunk.bytes.len() as u64;
                    let (_, runs): &mut (u64, Vec<(u64, u64)>) =
                        files.entry(chunk.sha256).or_insert((chunk.total, Vec::new()));
                    match runs.last_mut() {
                        Some(last) if last.1 == chunk.start => last.1 = stop,
                        _ => runs.push((chunk.start, stop)),
                    }
                }
            }
        }
        let files = files.into_iter().map(|(sha256, (total, runs))| FileRuns { sha256, total, runs }).collect();
        let header = preface.header.clone();
        Ok(Self { header, inside: Some(Inside { preface, envelopes, files, further: reader.further() }) })
    }
}
