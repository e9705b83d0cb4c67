//! The wire format of Protocol Buffers, as far as it is needed to find fields: a key with number and type, then a varint, a
//! fixed number of bytes, or a length and so many bytes.
use std::ops::Range;

/// A message: these bytes of all.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    all: &'a [u8],
    at: usize,
    end: usize,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Field<'a> {
    /// A whole number; also one of four or eight bytes, as its bits.
    Number(u64),
    /// Bytes: a text, numbers, or another message.
    Bytes(Message<'a>),
}

impl<'a> Message<'a> {
    /// All of these bytes.
    pub fn new(all: &'a [u8]) -> Self {
        Self { all, at: 0, end: all.len() }
    }

    /// Where its bytes are among all.
    pub fn range(&self) -> Range<usize> {
        self.at..self.end
    }

    /// It as a text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.all.get(self.range()).unwrap_or_default()).into_owned()
    }

    /// Its fields, each with its number, in their order.
    ///
    /// # Errors
    /// One sentence if it is cut off, or none.
    pub fn fields(&self) -> Result<Vec<(u64, Field<'a>)>, String> {
        let mut rest = self.clone();
        let mut found = Vec::new();
        while rest.at < rest.end {
            found.push(rest.field().ok_or("it is a damaged ONNX file: a message in it is cut off")?);
        }
        Ok(found)
    }

    /// Its whole numbers, one after the other.
    pub fn varints(&self) -> Vec<u64> {
        let mut rest = self.clone();
        std::iter::from_fn(|| rest.varint()).collect()
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for place in 0..10 {
            if self.at >= self.end {
                return None;
            }
            let byte = *self.all.get(self.at)?;
            self.at += 1;
            value |= u64::from(byte & 127).checked_shl(7 * place)?;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.varint()?;
        let length = match key & 7 {
            0 => return Some((key >> 3, Field::Number(self.varint()?))),
            1 => 8,
            5 => 4,
            2 => usize::try_from(self.varint()?).ok()?,
            _ => return None,
        };
        let (from, to) = (self.at, self.at.checked_add(length)?);
        if to > self.end {
            return None;
        }
        self.at = to;
        let bytes = self.all.get(from..to)?;
        Some((
            key >> 3,
            match key & 7 {
                2 => Field::Bytes(Message { all: self.all, at: from, end: to }),
                _ => Field::Number(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))),
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_all_types_are_found() {
        // 1: 300; 2: "ab"; 3: four bytes; 4: eight bytes.
        let all = [8, 172, 2, 18, 2, b'a', b'b', 29, 1, 0, 0, 0, 33, 2, 0, 0, 0, 0, 0, 0, 0];
        let fields = Message::new(&all).fields().unwrap();
        let found: Vec<String> = fields
            .iter()
            .map(|(number, field)| match field {
                Field::Number(value) => format!("{number}: {value}"),
                Field::Bytes(message) => format!("{number}: {} {:?}", message.text(), message.range()),
            })
            .collect();
        assert_eq!(found, ["1: 300", "2: ab 5..7", "3: 1", "4: 2"]);
        for cut in 1..all.len() {
            let _ = Message::new(&all[..cut]).fields();
        }
        assert!(Message::new(&all[..6]).fields().is_err() && Message::new(&[8]).fields().is_err());
        assert!(
            Message::new(&[255; 12]).fields().is_err() && Message::new(&[18, 255, 255, 255, 255, 15]).fields().is_err()
        );
        assert_eq!(Message::new(&[3, 172, 2]).varints(), [3, 300]);
    }
}
