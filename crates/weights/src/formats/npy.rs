//! The header of NumPy's arrays: a magic word, a version, and a Python dictionary with type, order and shape.
//!
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
use crate::tensors::Number;
use crate::words::shortened;

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Bytes before the numbers.
    pub length: usize,
    /// The type as NumPy writes it: `<f8`.
    pub kind: String,
    /// How it is read, and whether the most significant byte comes first.
    pub number: Option<(Number, bool)>,
    /// Whether the first index is the fastest.
    pub columns_first: bool,
    /// Its shape.
    pub shape: Vec<usize>,
}

/// Reads the header at the beginning of these bytes.
///
/// # Errors
/// What is wrong with it, without a subject.
pub fn header(content: &[u8]) -> Result<Header, String> {
    let unreadable = || "has a header of NumPy that cannot be read".to_owned();
    let rest = content.strip_prefix(b"\x93NUMPY").ok_or("is no array of NumPy")?;
    let (before, length) = match *rest {
        [1, _, a, b, ..] => (10usize, usize::from(u16::from_le_bytes([a, b]))),
        [2 | 3, _, a, b, c, d, ..] => (12, u32::from_le_bytes([a, b, c, d]) as usize),
        _ => return Err(unreadable()),
    };
    let text = before.checked_add(length).and_then(|end| content.get(before..end)).ok_or_else(unreadable)?;
    let text = std::str::from_utf8(text).map_err(|_| unreadable())?;
    let value = |key: &str| {
        let (_, rest) = text.split_once(&format!("'{key}'"))?;
        rest.trim_start().strip_prefix(':').map(str::trim_start)
    };
    let kind = value("descr").ok_or_else(unreadable)?;
    // A list is a record with several fields.
    let kind = match kind.strip_prefix('\'') {
        Some(rest) => rest.split('\'').next().unwrap_or_default(),
        None => kind.split([']', '}']).next().unwrap_or_default(),
    };
    let order = value("fortran_order").ok_or_else(unreadable)?;
    let columns_first = order.starts_with("True");
    if !columns_first && !order.starts_with("False") {
        return Err(unreadable());
    }
    let sizes = value("shape").and_then(|rest| rest.strip_prefix('(')).ok_or_else(unreadable)?;
    let (sizes, _) = sizes.split_once(')').ok_or_else(unreadable)?;
    let size = |text: &str| text.trim().trim_end_matches('L').parse().map_err(|_| unreadable());
    let shape = sizes.split(',').filter(|text| !text.trim().is_empty()).map(size).collect::<Result<_, _>>()?;
    Ok(Header { length: before + length, kind: shortened(kind), number: number(kind), columns_first, shape })
}

fn number(kind: &str) -> Option<(Number, bool)> {
    let big_endian = match kind.as_bytes().first()? {
        b'<' | b'|' => false,
        b'>' => true,
        _ => return None,
    };
    let number = match &kind[1..] {
        "f8" => Number::F64,
        "f4" => Number::F32,
        "f2" => Number::F16,
        "i8" => Number::Signed(8),
        "i4" => Number::Signed(4),
        "i2" => Number::Signed(2),
        "i1" => Number::Signed(1),
        "u8" => Number::Unsigned(8),
        "u4" => Number::Unsigned(4),
        "u2" => Number::Unsigned(2),
        "u1" | "b1" => Number::Unsigned(1),
        _ => return None,
    };
    Some((number, big_endian))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Header, String> {
        let mut content = b"\x93NUMPY\x01\x00".to_vec();
        content.extend((text.len() as u16).to_le_bytes());
        content.extend(text.bytes());
        header(&content)
    }

    #[test]
    fn types_orders_and_shapes_are_read() {
        let found = read("{'descr': '<f8', 'fortran_order': False, 'shape': (20, 5), }   \n").unwrap();
        assert_eq!(
            (found.number, found.columns_first, &found.shape[..]),
            (Some((Number::F64, false)), false, &[20, 5][..])
        );
        assert_eq!(found.length, 10 + 64);
        let found = read("{'descr': '>f2', 'fortran_order': True, 'shape': (7L,), }").unwrap();
        assert_eq!((found.number, found.columns_first, &found.shape[..]), (Some((Number::F16, true)), true, &[7][..]));
        assert_eq!(read("{'descr': '|b1', 'fortran_order': False, 'shape': (), }").unwrap().shape, [0usize; 0]);
        for other in ["'|O'", "'<c16'", "'<U5'", "[('a', '<f8'), ('b', '<i4')]", "'f8'", "''"] {
            let found = read(&format!("{{'descr': {other}, 'fortran_order': False, 'shape': (), }}")).unwrap();
            assert_eq!(found.number, None, "{other}");
        }
    }

    #[test]
    fn what_is_no_header_is_said() {
        assert_eq!(header(b"PK\x03\x04").unwrap_err(), "is no array of NumPy");
        for text in [
            "",
            "{'descr': '<f8', 'fortran_order': False}",
            "{'descr': '<f8', 'fortran_order': Maybe, 'shape': ()}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2",
        ] {
            assert_eq!(read(text).unwrap_err(), "has a header of NumPy that cannot be read", "{text}");
        }
        assert!(header(b"\x93NUMPY\x01\x00\xff\xff{}").is_err() && header(b"\x93NUMPY\x09\x00\x02\x00{}").is_err());
    }
}
