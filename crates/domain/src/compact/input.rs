//! The bytes that are read, and how much may still be made of them.

use super::CompactError;

/// What is left to read. Nothing here can panic: whatever is not there is an error.
pub(super) struct Input<'a> {
    rest: &'a [u8],
    budget: usize,
}

impl<'a> Input<'a> {
    /// All of `bytes`, of which at most `budget` bytes may be made.
    pub(super) fn new(bytes: &'a [u8], budget: usize) -> Self {
        Self { rest: bytes, budget }
    }

    /// Says beforehand that `count` things of `each` bytes will be made.
    pub(super) fn charge(&mut self, count: usize, each: usize) -> Result<(), CompactError> {
        let cost = count.checked_mul(each).ok_or(CompactError::TooLarge)?;
        self.budget = self.budget.checked_sub(cost).ok_or(CompactError::TooLarge)?;
        Ok(())
    }

    /// That at least `count` bytes are left: so many things can follow, and no more.
    pub(super) fn holds(&self, count: usize) -> Result<(), CompactError> {
        if count <= self.rest.len() { Ok(()) } else { Err(CompactError::Damaged) }
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], CompactError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(CompactError::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next byte, which stays.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, CompactError> {
        let (byte, rest) = self.rest.split_first().ok_or(CompactError::Damaged)?;
        self.rest = rest;
        Ok(*byte)
    }

    /// The next number, in LEB128.
    pub(super) fn number(&mut self) -> Result<u64, CompactError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(CompactError::Damaged);
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(CompactError::Damaged)
    }

    /// The next number, as a length or an index.
    pub(super) fn len(&mut self) -> Result<usize, CompactError> {
        usize::try_from(self.number()?).map_err(|_| CompactError::TooLarge)
    }

    /// That nothing is left.
    pub(super) fn end(&self) -> Result<(), CompactError> {
        if self.rest.is_empty() { Ok(()) } else { Err(CompactError::Damaged) }
    }
}
