//! Bytes in columns: variable-length integers, runs, and numbers in their shortest exact form.

use super::PositionsError;

/// Writes columns.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// With room for so many fixes, mostly, and for what a seal adds.
    pub(super) fn for_fixes(fixes: usize) -> Self {
        Self(Vec::with_capacity(160 + 24 * fixes))
    }

    /// An unsigned number: seven bits a byte, lowest first.
    pub(super) fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// A signed number, near zero short.
    pub(super) fn signed(&mut self, value: i64) {
        self.unsigned(folded(value));
    }

    /// A text behind its length.
    pub(super) fn text(&mut self, text: &str) {
        self.unsigned(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A column as runs: value, length, value, length …
    pub(super) fn runs(&mut self, values: impl Iterator<Item = u64>) {
        let mut run: Option<(u64, u64)> = None;
        for value in values {
            match &mut run {
                Some((same, length)) if *same == value => *length += 1,
                _ => {
                    self.run(run);
                    run = Some((value, 1));
                }
            }
        }
        self.run(run);
    }

    fn run(&mut self, run: Option<(u64, u64)>) {
        if let Some((value, length)) = run {
            self.unsigned(value);
            self.unsigned(length);
        }
    }
}

/// Reads columns; nothing in them is believed.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Fails unless everything was read.
    pub(super) const fn end(&self) -> Result<(), PositionsError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(PositionsError::Trailing {
                bytes: self.0.len(),
            })
        }
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], PositionsError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(PositionsError::Cut)?;
        self.0 = rest;
        Ok(*bytes)
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, PositionsError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.bytes()?;
            let bits = u64::from(byte & 0x7f);
            if bits.leading_zeros() < shift {
                return Err(PositionsError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(PositionsError::Number)
    }

    pub(super) fn signed(&mut self) -> Result<i64, PositionsError> {
        self.unsigned().map(unfolded)
    }

    /// A number of things, at most `max`.
    pub(super) fn count(&mut self, max: usize) -> Result<usize, PositionsError> {
        let count = self.unsigned()?;
        match usize::try_from(count) {
            Ok(count) if count <= max => Ok(count),
            _ => Err(PositionsError::Count { count, max }),
        }
    }

    pub(super) fn text(&mut self) -> Result<&'a str, PositionsError> {
        let length = self.count(64)?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(PositionsError::Cut)?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| PositionsError::Text)
    }

    /// A column of `count` values, each below `limit`.
    pub(super) fn runs(
        &mut self,
        count: usize,
        limit: usize,
    ) -> Result<Vec<usize>, PositionsError> {
        self.runs_of(count, |reader| {
            let max = limit.checked_sub(1).ok_or(PositionsError::Cut)?;
            reader.count(max)
        })
    }

    /// A column of `count` signed values.
    pub(super) fn signed_runs(&mut self, count: usize) -> Result<Vec<i64>, PositionsError> {
        self.runs_of(count, Self::signed)
    }

    fn runs_of<T: Copy>(
        &mut self,
        count: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, PositionsError>,
    ) -> Result<Vec<T>, PositionsError> {
        let mut values = Vec::with_capacity(count);
        while values.len() < count {
            let value = read(self)?;
            let length = self.count(count - values.len())?;
            if length == 0 {
                return Err(PositionsError::Number);
            }
            values.resize(values.len() + length, value);
        }
        Ok(values)
    }
}

/// A signed number as an unsigned one, near zero small: 0, -1, 1, -2 …
pub(super) const fn folded(value: i64) -> u64 {
    (value.wrapping_shl(1) ^ (value >> 63)).cast_unsigned()
}

const fn unfolded(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// How one number of a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Not there.
    Absent = 0,
    /// A whole number of the column's last decimal, as the difference from the one before.
    Whole = 1,
    /// The four bytes of a single-precision number that is equal.
    Single = 2,
    /// The eight bytes.
    Double = 3,
}

impl Form {
    /// How many there are.
    pub(super) const COUNT: usize = 4;

    pub(super) const fn of_index(index: usize) -> Self {
        match index {
            0 => Self::Absent,
            1 => Self::Whole,
            2 => Self::Single,
            _ => Self::Double,
        }
    }

    /// The shortest form that gives back every bit.
    pub(super) fn of(value: Option<f64>, scale: f64) -> Self {
        let Some(value) = value else {
            return Self::Absent;
        };
        if whole(value, scale).is_some() {
            Self::Whole
        } else if f64::from(value as f32).to_bits() == value.to_bits() {
            Self::Single
        } else {
            Self::Double
        }
    }
}

/// The number of units that a value is, when it is exactly so many.
pub(super) fn whole(value: f64, scale: f64) -> Option<i64> {
    let units = (value * scale).round();
    // 2^53: beyond it not every whole number is a double.
    let fits = units.abs() < 9_007_199_254_740_992.0;
    let units = units as i64;
    (fits && (units as f64 / scale).to_bits() == value.to_bits()).then_some(units)
}

/// How many units one is, at so many decimals (0 to 8): a table, because a computed power may differ between platforms.
pub(super) fn scale(decimals: u8) -> f64 {
    const POWERS: [f64; 9] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
    POWERS[usize::from(decimals.min(8))]
}
