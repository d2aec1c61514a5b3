//! A file that flows to the disk while it is written, so that the sync at its end
//! finds little left to do.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// After how many bytes the disk is asked to take what there is.
const SOME: u64 = 32 << 20;

/// The writing end.
pub(super) struct Flowing {
    out: BufWriter<File>,
    since: u64,
    more: Option<Sender<()>>,
    flushing: Option<JoinHandle<io::Result<()>>>,
}

impl Flowing {
    pub(super) fn to(file: &File) -> io::Result<Self> {
        let (out, flushed) = (file.try_clone()?, file.try_clone()?);
        let (more, asked) = channel();
        let flushing = std::thread::spawn(move || {
            while asked.recv().is_ok() {
                let _ = asked.try_iter().count(); // What was asked for meanwhile is taken along.
                // A system says once only that the disk failed: whoever hears it must tell.
                flushed.sync_data()?;
            }
            Ok(())
        });
        Ok(Self { out: BufWriter::new(out), since: 0, more: Some(more), flushing: Some(flushing) })
    }

    /// Gives the last bytes to the file; they are on disk once it is synced.
    pub(super) fn end(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.settle()
    }

    fn settle(&mut self) -> io::Result<()> {
        self.more = None;
        let Some(flushing) = self.flushing.take() else { return Ok(()) };
        flushing.join().unwrap_or_else(|_| Err(io::Error::other("the syncing broke off")))
    }
}

impl Write for Flowing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.since += written as u64;
        if self.since >= SOME {
            self.since = 0;
            if let Some(more) = &self.more {
                let _ = more.send(()); // One that stopped has its reason told at the end.
            }
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Flowing {
    fn drop(&mut self) {
        let _ = self.settle(); // Dropped before its end, it is thrown away.
    }
}
