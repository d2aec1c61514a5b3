//! `Range` of RFC 9110, as far as a file that broke off needs it: one run of bytes.

use std::ops::Range;

/// What a `Range` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Everything. So is answered what is no range of bytes, or several at once,
    /// as the standard allows.
    Whole,
    /// These bytes; never none.
    Part(Range<u64>),
    /// Bytes that the file does not have.
    Beyond,
}

/// The `Range` of everything from `start` on.
#[must_use]
pub fn from(start: u64) -> String {
    format!("bytes={start}-")
}

/// What `header` asks of a file of `length` bytes.
#[must_use]
pub fn read(header: &str, length: u64) -> Asked {
    let number = super::tus::number;
    let Some((first, last)) = header.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => return Asked::Whole,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        (None, Some(last)) if first.is_empty() => length.saturating_sub(last)..length,
        _ => return Asked::Whole,
    };
    if range.is_empty() { Asked::Beyond } else { Asked::Part(range) }
}

/// The `Content-Range` of an answer with `part` of a file of `length` bytes.
#[must_use]
pub fn content(part: &Range<u64>, length: u64) -> String {
    format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1))
}

/// Where the bytes of an answer begin, and how many the file has, by its `Content-Range`.
#[must_use]
pub fn start(content: &str) -> Option<(u64, u64)> {
    let number = super::tus::number;
    let (range, length) = content.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last, length) = (number(first)?, number(last)?, number(length)?);
    (first <= last && last < length).then_some((first, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-", Asked::Part(0..10)),
            ("bytes=4-", Asked::Part(4..10)),
            ("bytes=4-6", Asked::Part(4..7)),
            ("bytes=4-4", Asked::Part(4..5)),
            ("bytes=4-99999999999999999", Asked::Part(4..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=6-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=0-1,4-5", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("lines=0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(read(header, 10), expected, "{header}");
        }
        assert_eq!(read("bytes=0-", 0), Asked::Beyond, "an empty file has no byte to give");
        assert_eq!(read("bytes=18446744073709551615-18446744073709551615", 5), Asked::Beyond, "no sum overflows");
    }

    #[test]
    fn the_laptop_reads_what_the_district_writes() {
        assert_eq!(read(&from(7), 10), Asked::Part(7..10));
        assert_eq!(start(&content(&(7..10), 10)), Some((7, 10)));
        for odd in ["", "bytes */10", "bytes 7-10/10", "bytes 9-7/10", "bytes 7-9/*", "7-9/10"] {
            assert_eq!(start(odd), None, "`{odd}`");
        }
    }
}
