//! The tensors of a file as they are stored: names, shapes, how the numbers are written, and where.
use crate::unpack::{self, Member};
use crate::words::{bytes, shape_text, shortened};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Places in a list by their names. One kind of map for all: each further kind is code of its own.
pub type Names = BTreeMap<String, usize>;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// IEEE 754, 8 bytes.
    F64,
    /// IEEE 754, 4 bytes.
    F32,
    /// IEEE 754, 2 bytes.
    F16,
    /// The upper half of F32.
    Bf16,
    /// Two's complement, of so many bytes.
    Signed(u8),
    /// Of so many bytes.
    Unsigned(u8),
}

impl Number {
    /// Bytes of one.
    pub fn size(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::Signed(size) | Self::Unsigned(size) => usize::from(size),
        }
    }

    /// Whether it is a whole number by its type.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Signed(_) | Self::Unsigned(_))
    }

    /// The number, from bytes with the least significant first.
    fn read(self, little: [u8; 8]) -> f64 {
        let whole = u64::from_le_bytes(little);
        match self {
            Self::F64 => f64::from_bits(whole),
            Self::F32 => f64::from(f32::from_bits(whole as u32)),
            Self::F16 => half::f16::from_bits(whole as u16).to_f64(),
            Self::Bf16 => half::bf16::from_bits(whole as u16).to_f64(),
            Self::Unsigned(_) => whole as f64,
            Self::Signed(size) => {
                let unused = 64 - 8 * u32::from(size);
                ((whole << unused) as i64 >> unused) as f64
            }
        }
    }
}

/// Where the numbers are.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// These bytes of the file, and nothing else.
    Bytes(Range<u64>),
    /// A member of a zip archive.
    Member(Member),
    /// They were read already.
    Here(Arc<[f64]>),
}

/// A tensor of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    /// Its whole name.
    pub name: String,
    /// Its shape, from the slowest dimension to the fastest.
    pub shape: Vec<usize>,
    /// The type of its numbers as the file calls it.
    pub kind: String,
    /// How they are written; `None`: in a way that is not read.
    pub number: Option<Number>,
    /// Whether the most significant byte comes first.
    pub big_endian: bool,
    /// Whether the first index is the fastest.
    pub columns_first: bool,
    /// Where they are.
    pub place: Place,
}

impl Default for Place {
    fn default() -> Self {
        Self::Bytes(0..0)
    }
}

impl Stored {
    /// How many numbers it has; as many as can be counted, if there are more.
    pub fn count(&self) -> usize {
        count(&self.shape)
    }

    /// Which bytes of the file have to be read for it.
    pub fn range(&self) -> Option<Range<u64>> {
        match &self.place {
            Place::Bytes(range) => Some(range.clone()),
            Place::Member(member) => Some(member.range.clone()),
            Place::Here(_) => None,
        }
    }

    /// Its numbers, row by row, from the bytes that were asked for.
    ///
    /// # Errors
    /// One sentence, if they cannot be read.
    pub fn numbers(&self, part: &[u8]) -> Result<Vec<f64>, String> {
        let name = shortened(&self.name);
        if let Place::Here(values) = &self.place {
            return Ok(values.to_vec());
        }
        let Some(number) = self.number else {
            return Err(format!("{name} has numbers of type {}; expected F64, F32, F16 or BF16", self.kind));
        };
        let unpacked;
        let content = match &self.place {
            Place::Bytes(_) | Place::Here(_) => part,
            Place::Member(member) => {
                unpacked = unpack::member(member, part).map_err(|why| format!("{name}: {why}"))?;
                &unpacked[member.header.min(unpacked.len())..]
            }
        };
        let expected = self.count();
        if expected.checked_mul(number.size()) != Some(content.len()) {
            return Err(format!(
                "{name} has {}, where its shape {} has {expected} numbers",
                bytes(content.len() as u64),
                shape_text(&self.shape)
            ));
        }
        let read = |chunk: &[u8]| {
            let mut little = [0; 8];
            for (to, from) in little.iter_mut().zip(chunk) {
                *to = *from;
            }
            if self.big_endian {
                little[..chunk.len().min(8)].reverse();
            }
            number.read(little)
        };
        let values: Vec<f64> = content.chunks_exact(number.size()).map(read).collect();
        Ok(if self.columns_first { rows_first(&values, &self.shape) } else { values })
    }
}

/// The product of a shape; the largest number there is, if it is more.
pub fn count(shape: &[usize]) -> usize {
    match shape.contains(&0) {
        true => 0,
        false => shape.iter().fold(1, |product, size| product.saturating_mul(*size)),
    }
}

/// Numbers that stand with the first index fastest, with the last index fastest.
fn rows_first(values: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut index = vec![0; shape.len()];
    let mut found = Vec::with_capacity(values.len());
    for _ in 0..values.len() {
        let place = index.iter().zip(shape).rev().fold(0, |place, (i, size)| place * size + i);
        found.push(values[place]);
        for (i, size) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < *size {
                break;
            }
            *i = 0;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(number: Number, big_endian: bool, shape: &[usize]) -> Stored {
        Stored {
            name: "w".to_owned(),
            shape: shape.to_vec(),
            kind: format!("{number:?}"),
            number: Some(number),
            big_endian,
            columns_first: false,
            place: Place::Bytes(0..8),
        }
    }

    #[test]
    fn numbers_are_read_in_both_byte_orders() {
        let value = -1.5f64;
        assert_eq!(stored(Number::F64, false, &[1]).numbers(&value.to_le_bytes()), Ok(vec![value]));
        assert_eq!(stored(Number::F64, true, &[1]).numbers(&value.to_be_bytes()), Ok(vec![value]));
        assert_eq!(stored(Number::F32, true, &[1]).numbers(&(value as f32).to_be_bytes()), Ok(vec![value]));
        assert_eq!(stored(Number::F16, true, &[1]).numbers(&half::f16::from_f64(value).to_be_bytes()), Ok(vec![value]));
        assert_eq!(
            stored(Number::Signed(4), true, &[2]).numbers(&[0, 0, 0, 3, 255, 255, 255, 254]),
            Ok(vec![3.0, -2.0])
        );
        assert_eq!(stored(Number::Unsigned(1), false, &[2]).numbers(&[3, 254]), Ok(vec![3.0, 254.0]));
    }

    #[test]
    fn the_first_index_fastest_becomes_the_last_index_fastest() {
        assert_eq!(rows_first(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0], &[2, 3]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let straight: Vec<f64> = (0..24).map(f64::from).collect();
        let turned: Vec<f64> = (0..24).map(|at| straight[(at % 2) * 12 + (at / 2 % 3) * 4 + at / 6]).collect();
        assert_eq!(rows_first(&turned, &[2, 3, 4]), straight);
        assert_eq!(rows_first(&[7.0], &[]), [7.0]);
    }

    #[test]
    fn a_shape_that_cannot_be_counted_is_no_shape_of_few_bytes() {
        assert_eq!(count(&[usize::MAX, 3]), usize::MAX);
        assert_eq!(count(&[usize::MAX, 0]), 0);
        assert!(stored(Number::F64, false, &[usize::MAX, 2]).numbers(&[0; 8]).is_err());
    }
}
