//! The one exact ZIP form of a package.
//!
//! Entries are stored, not compressed (photos gain nothing by it, and no
//! compressor's version can change the bytes), with UTF-8 names, no extra fields,
//! no comment, and the first day that ZIP knows as their time. They stand in the
//! order in which they become ready: the originals in their folders, the files
//! made for the package, the bag's own; each sort by path. (Until November 2026
//! all were sorted by path alone; such packages are still whole.)
//!
//! The form is written here and not left to a ZIP library, because it is a
//! contract: a package of today is compared with it byte for byte in ten years,
//! by whatever library then reads it.
//!
//! Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14–16, 4.5.3.

use std::cmp::{Ordering, Reverse};

/// In which order two entries stand, by their paths.
pub(crate) fn order(one: &str, other: &str) -> Ordering {
    // The deeper, the earlier: `top/data/folder/…`, `top/data/file`, `top/bagit.txt`.
    let place = |path: &str| Reverse(path.matches('/').count().min(3));
    place(one).cmp(&place(other)).then_with(|| one.cmp(other))
}

/// The longest file in a package; longer ones would need a second form of header.
pub(crate) const MAX_FILE: u64 = 0xffff_fffe;

/// Beyond these, a number moves into the ZIP64 records.
const U16: u64 = 0xffff;
const U32: u64 = 0xffff_ffff;

/// One file of the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// With the top folder, `/` between.
    pub(crate) path: String,
    pub(crate) crc: u32,
    pub(crate) bytes: u64,
}

/// What central and local headers share: version, flags, method, time, date, checksum, sizes, name length.
fn common(entry: &Entry, version: u16, out: &mut Vec<u8>) {
    const UTF8: u16 = 1 << 11;
    const STORED: u16 = 0;
    const MIDNIGHT: u16 = 0;
    const FIRST_OF_1980: u16 = 1 << 5 | 1;
    for field in [version, UTF8, STORED, MIDNIGHT, FIRST_OF_1980] {
        out.extend(field.to_le_bytes());
    }
    out.extend(entry.crc.to_le_bytes());
    out.extend(short32(entry.bytes));
    out.extend(short32(entry.bytes));
    out.extend(short16(entry.path.len() as u64));
}

/// The header in front of an entry's bytes.
pub(crate) fn local_header(entry: &Entry) -> Vec<u8> {
    let mut out = b"PK\x03\x04".to_vec();
    common(entry, 20, &mut out);
    out.extend([0, 0]); // No extra field.
    out.extend(entry.path.as_bytes());
    out
}

/// Where each entry's header stands, and where the central directory begins.
pub(crate) fn offsets(entries: &[Entry]) -> (Vec<u64>, u64) {
    let mut at = 0_u64;
    let mut offsets = Vec::with_capacity(entries.len());
    for entry in entries {
        offsets.push(at);
        at += local_header(entry).len() as u64 + entry.bytes;
    }
    (offsets, at)
}

/// Everything behind the last entry: the central directory and its end.
pub(crate) fn tail(entries: &[Entry]) -> Vec<u8> {
    let (offsets, start) = offsets(entries);
    let mut out = Vec::new();
    for (entry, offset) in entries.iter().zip(offsets) {
        out.extend(b"PK\x01\x02");
        let far = offset >= U32;
        let version: u16 = if far { 45 } else { 20 };
        out.extend((3 << 8 | version).to_le_bytes()); // Made on Unix, which is how file modes are given.
        common(entry, version, &mut out);
        let extra: u16 = if far { 12 } else { 0 };
        // Extra field, comment, disk, internal attributes.
        for field in [extra, 0, 0, 0] {
            out.extend(field.to_le_bytes());
        }
        out.extend((0o100_644_u32 << 16).to_le_bytes());
        out.extend(short32(offset));
        out.extend(entry.path.as_bytes());
        if far {
            out.extend(1_u16.to_le_bytes());
            out.extend(8_u16.to_le_bytes());
            out.extend(offset.to_le_bytes());
        }
    }
    let (count, size) = (entries.len() as u64, out.len() as u64);
    if count >= U16 || size >= U32 || start >= U32 {
        out.extend(b"PK\x06\x06");
        out.extend(44_u64.to_le_bytes());
        out.extend((3_u16 << 8 | 45).to_le_bytes());
        out.extend(45_u16.to_le_bytes());
        out.extend([0; 8]); // This disk, and the directory's.
        for field in [count, count, size, start] {
            out.extend(field.to_le_bytes());
        }
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend((start + size).to_le_bytes());
        out.extend(1_u32.to_le_bytes());
    }
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(short16(count));
    out.extend(short16(count));
    out.extend(short32(size));
    out.extend(short32(start));
    out.extend([0, 0]); // No comment.
    out
}

/// `value` in 32 bits, or the mark that it stands in a ZIP64 record.
fn short32(value: u64) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}

/// `value` in 16 bits, or the mark that it stands in a ZIP64 record.
fn short16(value: u64) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes()
}

/// Whether `path` stays inside the folder it is unpacked into, on every system.
pub(crate) fn is_safe(path: &str) -> bool {
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..")
            && !part.ends_with([' ', '.'])
            && !part.contains(['\\', ':', '\0', '*', '?', '"', '<', '>', '|'])
    };
    path.len() < 1_000 && path.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read, Seek, SeekFrom};

    use super::*;

    /// A file of zeros with `parts` in it, which costs no disk and no memory.
    struct Sparse {
        parts: Vec<(u64, Vec<u8>)>,
        length: u64,
        at: u64,
    }

    impl Read for Sparse {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let left = usize::try_from(self.length.saturating_sub(self.at)).expect("64 bits");
            let count = buffer.len().min(left);
            for (byte, at) in buffer[..count].iter_mut().zip(self.at..) {
                let part = self.parts.iter().find(|(start, bytes)| (*start..*start + bytes.len() as u64).contains(&at));
                *byte = part.map_or(0, |(start, bytes)| bytes[usize::try_from(at - start).expect("inside")]);
            }
            self.at += count as u64;
            Ok(count)
        }
    }

    impl Seek for Sparse {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(by) => self.length.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?,
                SeekFrom::Current(by) => self.at.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?,
            };
            Ok(self.at)
        }
    }

    #[test]
    fn a_package_beyond_four_gigabytes_is_still_a_zip() {
        let entries: Vec<Entry> =
            (0..3).map(|i| Entry { path: format!("SB/data/{i}.mp4"), crc: 0, bytes: 3_000_000_000 }).collect();
        let (starts, end) = offsets(&entries);
        let tail = tail(&entries);
        let length = end + tail.len() as u64;
        let mut parts: Vec<(u64, Vec<u8>)> =
            entries.iter().map(local_header).zip(&starts).map(|(h, at)| (*at, h)).collect();
        parts.push((end, tail));
        let mut archive = zip::ZipArchive::new(Sparse { parts, length, at: 0 }).expect("any ZIP reader opens it");
        for (i, (entry, start)) in entries.iter().zip(starts).enumerate() {
            let found = archive.by_index(i).expect("its header is where the directory says");
            assert_eq!(found.size(), entry.bytes, "the length of {}", entry.path);
            let bytes_at = start + local_header(entry).len() as u64;
            assert_eq!(found.data_start(), Some(bytes_at), "the place of {}", entry.path);
        }
    }
}
