//! What a virtual screen shows at this moment, read out of Xvfb's own memory.
//!
//! Xvfb keeps its screen in a mapped file (`-fbdir`) in the form of an X window
//! dump. Reading that asks neither the server nor the program that paints, so
//! looking every few milliseconds changes nothing of what is looked at.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::{Trouble, trouble};

/// Every so many lines are looked at: less than the height of a line of text.
const STEP: usize = 8;

/// A look at a virtual screen.
#[derive(Debug)]
pub struct Frame<F = File> {
    file: F,
    /// Where the first line of pixels begins, in bytes.
    start: u64,
    /// Lines of pixels.
    height: usize,
    /// The bytes of one line, as they were last read.
    line: Vec<u8>,
}

impl Frame {
    /// Opens the screen that Xvfb keeps in `file`.
    ///
    /// # Errors
    /// When there is none, or it is no window dump of four bytes a pixel.
    pub fn open(file: &Path) -> Result<Self, Trouble> {
        let opened = File::open(file).map_err(trouble(file.display()))?;
        Self::read(opened).map_err(trouble(file.display()))
    }
}

impl<F: Read + Seek> Frame<F> {
    fn read(mut file: F) -> io::Result<Self> {
        // Words of the header, big-endian: its own length, version, format, depth, width, height, …
        let mut header = [0; 100];
        file.read_exact(&mut header)?;
        let word = |at: usize| {
            header.get(4 * at..4 * at + 4).map_or(0, |word| word.iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte)))
        };
        let (length, version, height, bits, stride, colours) =
            (word(0), word(1), word(5), word(11), word(12), word(19));
        if (version, bits) != (7, 32) {
            return Err(io::Error::other("no window dump of four bytes a pixel"));
        }
        Ok(Self {
            file,
            // A table of colours stands before the pixels, twelve bytes each.
            start: u64::from(length) + 12 * u64::from(colours),
            height: height as usize,
            line: vec![0; stride as usize],
        })
    }

    /// How many colours are on the screen, counted up to `enough`. An empty screen
    /// or window has one or two; letters, softened at their edges, have dozens.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn colours(&mut self, enough: usize) -> Result<usize, Trouble> {
        let mut colours = BTreeSet::new();
        for line in (0..self.height).step_by(STEP) {
            self.file
                .seek(SeekFrom::Start(self.start + (line * self.line.len()) as u64))
                .map_err(trouble("the screen"))?;
            self.file.read_exact(&mut self.line).map_err(trouble("the screen"))?;
            let (pixels, _) = self.line.as_chunks::<4>();
            let mut last = None;
            for pixel in pixels {
                if last.replace(pixel) != Some(pixel) {
                    colours.insert(*pixel);
                }
            }
            if colours.len() >= enough {
                break;
            }
        }
        Ok(colours.len())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A dump of 4 × 16 pixels with one entry in its table of colours.
    fn dump(paint: impl Fn(usize, usize) -> u32) -> Vec<u8> {
        let mut words = [0u32; 25];
        (words[0], words[1], words[4], words[5], words[11], words[12], words[19]) = (100, 7, 4, 16, 32, 16, 1);
        let pixels = (0..64).map(|at| paint(at % 4, at / 4));
        words.into_iter().chain([0xAA; 3]).chain(pixels).flat_map(u32::to_be_bytes).collect()
    }

    fn colours(dump: Vec<u8>, enough: usize) -> usize {
        Frame::read(Cursor::new(dump))
            .and_then(|mut frame| frame.colours(enough).map_err(io::Error::other))
            .expect("a dump")
    }

    #[test]
    fn an_empty_screen_has_one_colour() {
        assert_eq!(colours(dump(|_, _| 0), 16), 1, "the table of colours before the pixels is no pixel");
    }

    #[test]
    fn what_is_painted_is_counted_until_it_is_enough() {
        let painted = || dump(|x, y| u32::from(y == 8) * x as u32);
        assert_eq!(colours(painted(), 16), 4, "one line of four colours");
        assert_eq!(colours(painted(), 1), 1, "one is enough, and was found in the first line");
    }

    #[test]
    fn another_file_is_no_screen() {
        assert!(Frame::read(Cursor::new(vec![0; 400])).is_err(), "all zero is no header");
        assert!(Frame::read(Cursor::new(vec![0; 4])).is_err(), "too short for a header");
    }
}
