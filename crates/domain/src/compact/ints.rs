//! Whole numbers: LEB128, and columns of them in the shortest of five forms.
//!
//! Counters step by one, times creep, choices repeat: what a column costs is
//! what it does not let one foretell. Differences wrap, so every `i64` is safe.

use super::CompactError;
use super::input::Input;

/// `first`, `step`: nothing more, however long the column.
const PROGRESSION: u8 = 0;
/// Each number in LEB128.
const PLAIN: u8 = 1;
/// The first, then each difference in LEB128.
const DELTA: u8 = 2;
/// The least, a width in bits, then what each has above the least.
const PACKED: u8 = 3;
/// The first, the least difference, a width, then what each difference has above it.
const PACKED_DELTA: u8 = 4;

/// Writes `value` in LEB128.
pub(super) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Writes a length or an index.
pub(super) fn put_len(out: &mut Vec<u8>, value: usize) {
    put(out, u64::try_from(value).expect("a length fits 64 bits"));
}

/// Writes `value` so that small ones of either sign are short.
pub(super) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, zigzag(value));
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// Reads what [`put_signed`] wrote.
pub(super) fn signed(input: &mut Input) -> Result<i64, CompactError> {
    let value = input.number()?;
    Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

/// How many bytes LEB128 takes for `value`.
fn length(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

fn width(range: u64) -> usize {
    64 - range.leading_zeros() as usize
}

/// Writes a column; one number alone has no form to choose.
pub(super) fn put_column(out: &mut Vec<u8>, column: &[i64]) {
    let [first, rest @ ..] = column else { return };
    if rest.is_empty() {
        return put_signed(out, *first);
    }
    let deltas: Vec<i64> = column.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    if deltas.iter().all(|delta| *delta == deltas[0]) {
        out.push(PROGRESSION);
        put_signed(out, *first);
        return put_signed(out, deltas[0]);
    }
    let (least, range) = spread(column);
    let (least_delta, delta_range) = spread(&deltas);
    let leb = |numbers: &[i64]| numbers.iter().map(|number| length(zigzag(*number))).sum::<usize>();
    let packed = |numbers: usize, range: u64| (numbers * width(range)).div_ceil(8);
    let own = |number: i64| length(zigzag(number));
    let forms = [
        (leb(column), PLAIN),
        (own(*first) + leb(&deltas), DELTA),
        (own(least) + 1 + packed(column.len(), range), PACKED),
        (own(*first) + own(least_delta) + 1 + packed(deltas.len(), delta_range), PACKED_DELTA),
    ];
    // Bytes that are alike still shrink under zstd, packed bits do not: these must win clearly.
    let cost = |&(bytes, form): &(usize, u8)| if form < PACKED { bytes * 3 } else { bytes * 4 };
    let form = forms.iter().min_by_key(|form| cost(form)).map_or(PLAIN, |best| best.1);
    out.push(form);
    match form {
        PLAIN => column.iter().for_each(|number| put_signed(out, *number)),
        DELTA => {
            put_signed(out, *first);
            deltas.iter().for_each(|delta| put_signed(out, *delta));
        }
        PACKED => {
            put_signed(out, least);
            put_above(out, column, least, range);
        }
        _ => {
            put_signed(out, *first);
            put_signed(out, least_delta);
            put_above(out, &deltas, least_delta, delta_range);
        }
    }
}

/// The least number, and how far above it the others go.
fn spread(numbers: &[i64]) -> (i64, u64) {
    let least = numbers.iter().min().copied().unwrap_or_default();
    let most = numbers.iter().max().copied().unwrap_or_default();
    (least, most.wrapping_sub(least).cast_unsigned())
}

fn put_above(out: &mut Vec<u8>, numbers: &[i64], least: i64, range: u64) {
    let width = width(range);
    out.push(u8::try_from(width).expect("at most 64"));
    put_bits(out, numbers.iter().map(|number| number.wrapping_sub(least).cast_unsigned()), width);
}

/// Reads a column of `count` numbers.
pub(super) fn column(input: &mut Input, count: usize) -> Result<Vec<i64>, CompactError> {
    match count {
        0 => return Ok(Vec::new()),
        1 => return Ok(vec![signed(input)?]),
        _ => {}
    }
    let form = input.byte()?;
    let first = signed_unless(input, form == PLAIN)?;
    let running = |start: i64, deltas: &mut dyn Iterator<Item = i64>| {
        let mut numbers = Vec::with_capacity(count);
        numbers.push(start);
        let mut at = start;
        numbers.extend(deltas.map(|delta| {
            at = at.wrapping_add(delta);
            at
        }));
        numbers
    };
    match form {
        PROGRESSION => {
            let step = signed(input)?;
            Ok(running(first, &mut std::iter::repeat_n(step, count - 1)))
        }
        PLAIN => plain(input, count),
        DELTA => {
            let deltas = plain(input, count - 1)?;
            Ok(running(first, &mut deltas.into_iter()))
        }
        PACKED => above(input, count, first),
        PACKED_DELTA => {
            let least = signed(input)?;
            let deltas = above(input, count - 1, least)?;
            Ok(running(first, &mut deltas.into_iter()))
        }
        _ => Err(CompactError::Damaged),
    }
}

fn signed_unless(input: &mut Input, plain: bool) -> Result<i64, CompactError> {
    if plain { Ok(0) } else { signed(input) }
}

fn plain(input: &mut Input, count: usize) -> Result<Vec<i64>, CompactError> {
    input.holds(count)?;
    (0..count).map(|_| signed(input)).collect()
}

fn above(input: &mut Input, count: usize, least: i64) -> Result<Vec<i64>, CompactError> {
    let width = usize::from(input.byte()?);
    let bits = bits(input, count, width)?;
    Ok(bits.into_iter().map(|above| least.wrapping_add(above.cast_signed())).collect())
}

/// Writes each number in `width` bits, the low ones first.
pub(super) fn put_bits(out: &mut Vec<u8>, numbers: impl Iterator<Item = u64>, width: usize) {
    let mut held: u128 = 0;
    let mut filled = 0;
    for number in numbers {
        held |= u128::from(number) << filled;
        filled += width;
        while filled >= 8 {
            out.push(held.to_le_bytes()[0]);
            held >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        out.push(held.to_le_bytes()[0]);
    }
}

/// Reads `count` numbers of `width` bits each.
pub(super) fn bits(input: &mut Input, count: usize, width: usize) -> Result<Vec<u64>, CompactError> {
    if width > 64 {
        return Err(CompactError::Damaged);
    }
    let bytes = input.take(count.checked_mul(width).ok_or(CompactError::Damaged)?.div_ceil(8))?;
    let mask = if width == 64 { u64::MAX } else { (1 << width) - 1 };
    let mut bytes = bytes.iter();
    let mut held: u128 = 0;
    let mut filled = 0;
    let next = |_| {
        while filled < width {
            held |= u128::from(bytes.next().copied().unwrap_or_default()) << filled;
            filled += 8;
        }
        let low = u64::from_le_bytes(*held.to_le_bytes().first_chunk().unwrap_or(&[0; 8]));
        held >>= width;
        filled -= width;
        low & mask
    };
    Ok((0..count).map(next).collect())
}
