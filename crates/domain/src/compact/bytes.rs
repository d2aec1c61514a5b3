//! Columns of identifiers and floats as bytes: same byte of each side by side,
//! and of every byte only those bits that vary.
//!
//! Most bits of an identifier are chance and cannot shrink; that is why the few
//! others are taken out here and not left to a compressor that sees them mixed.

use super::CompactError;
use super::input::Input;
use super::ints;

/// Shorter columns are written as they are: what varies takes two bytes to say.
const SHORTEST: usize = 16;

/// Writes `rows` of `N` bytes each.
pub(super) fn put<const N: usize>(out: &mut Vec<u8>, rows: &[[u8; N]]) {
    if rows.len() < SHORTEST {
        return out.extend_from_slice(rows.as_flattened());
    }
    let base = rows[0];
    for at in 0..N {
        let varying = rows.iter().fold(0, |bits, row| bits | (row[at] ^ base[at]));
        out.push(varying);
        out.push(base[at] & !varying);
        let gathered = gather(varying);
        let bits = rows.iter().map(|row| u64::from(gathered[usize::from(row[at] & varying)]));
        ints::put_bits(out, bits, varying.count_ones() as usize);
    }
}

/// Reads `count` rows of `N` bytes each.
pub(super) fn rows<const N: usize>(input: &mut Input, count: usize) -> Result<Vec<[u8; N]>, CompactError> {
    if count < SHORTEST {
        let bytes = input.take(count * N)?;
        return Ok(bytes.as_chunks().0.to_vec());
    }
    let mut rows = vec![[0; N]; count];
    for at in 0..N {
        let varying = input.byte()?;
        let fixed = input.byte()?;
        let bits = ints::bits(input, count, varying.count_ones() as usize)?;
        let spread = scatter(varying);
        for (row, bits) in rows.iter_mut().zip(bits) {
            row[at] = fixed | spread[usize::from(bits.to_le_bytes()[0])];
        }
    }
    Ok(rows)
}

/// Writes UUIDs: the 48 bits that are a time in the newer ones as numbers, the rest by bits.
pub(super) fn put_uuids(out: &mut Vec<u8>, uuids: &[[u8; 16]]) {
    if uuids.len() < SHORTEST {
        return out.extend_from_slice(uuids.as_flattened());
    }
    let times: Vec<i64> =
        uuids.iter().map(|uuid| uuid[..6].iter().fold(0, |t, byte| t << 8 | i64::from(*byte))).collect();
    ints::put_column(out, &times);
    let rest: Vec<[u8; 10]> = uuids.iter().filter_map(|uuid| uuid.last_chunk().copied()).collect();
    put(out, &rest);
}

/// Reads `count` UUIDs.
pub(super) fn uuids(input: &mut Input, count: usize) -> Result<Vec<[u8; 16]>, CompactError> {
    if count < SHORTEST {
        return rows(input, count);
    }
    let times = ints::column(input, count)?;
    let rest = rows::<10>(input, count)?;
    let join = |(time, rest): (i64, [u8; 10])| {
        let mut uuid = [0; 16];
        uuid[..6].copy_from_slice(&time.to_be_bytes()[2..]);
        uuid[6..].copy_from_slice(&rest);
        uuid
    };
    Ok(times.into_iter().zip(rest).map(join).collect())
}

/// For every byte, its bits under `mask` moved together.
fn gather(mask: u8) -> [u8; 256] {
    let mut table = [0; 256];
    for (together, apart) in scatter(mask).into_iter().enumerate().take(1 << mask.count_ones()) {
        table[usize::from(apart)] = u8::try_from(together).unwrap_or_default();
    }
    table
}

/// For every few bits, these bits moved apart to where `mask` has them.
fn scatter(mask: u8) -> [u8; 256] {
    let mut table = [0; 256];
    let places = (0..8_u8).filter(|place| mask >> place & 1 == 1);
    for (from, to) in places.enumerate() {
        for (bits, apart) in table.iter_mut().enumerate() {
            *apart |= u8::from(bits >> from & 1 == 1) << to;
        }
    }
    table
}
