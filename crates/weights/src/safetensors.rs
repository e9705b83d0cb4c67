//! The header of a safetensors file: 8 bytes with its length, then names, types, shapes and places as JSON.
use crate::limits::LARGEST_HEADER;
use crate::words::{bytes, shortened};
use safetensors::tensor::{Dtype, Metadata};
use std::ops::Range;

/// A tensor of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its whole name.
    pub name: String,
    /// Its shape, from the slowest dimension to the fastest.
    pub shape: Vec<usize>,
    /// The type of its numbers.
    pub dtype: Dtype,
    /// Where its bytes are in the file.
    pub place: Range<u64>,
}

/// Whether a header of that length can be.
pub fn check_length(length: u64, size: u64) -> Result<(), String> {
    if length > size.saturating_sub(8) {
        return Err(format!(
            "its header should have {}, and the whole file has {}: it is cut off, or no safetensors file",
            bytes(length),
            bytes(size)
        ));
    }
    if length > LARGEST_HEADER {
        return Err(format!("its header has {}; at most {} are read", bytes(length), bytes(LARGEST_HEADER)));
    }
    Ok(())
}

/// The tensors that a header names, in the order of the file.
pub fn header(header: &[u8], size: u64) -> Result<Vec<Entry>, String> {
    let metadata: Metadata =
        serde_json::from_slice(header).map_err(|error| format!("its header cannot be read: {error}"))?;
    let begin = 8 + header.len() as u64;
    let end = begin + metadata.data_len() as u64;
    if end > size {
        return Err(format!("it is cut off: {} are missing at its end", bytes(end - size)));
    }
    if end < size {
        return Err(format!("it has {} more than its header tells", bytes(size - end)));
    }
    let mut entries: Vec<Entry> = metadata
        .tensors()
        .into_iter()
        .map(|(name, info)| {
            let (from, to) = info.data_offsets;
            Entry { name, shape: info.shape.clone(), dtype: info.dtype, place: begin + from as u64..begin + to as u64 }
        })
        .collect();
    entries.sort_by(|a, b| (a.place.start, &a.name).cmp(&(b.place.start, &b.name)));
    Ok(entries)
}

/// The numbers of a tensor.
pub fn numbers(entry: &Entry, content: &[u8]) -> Result<Vec<f64>, String> {
    let each = |size: usize, number: &dyn Fn(&[u8]) -> f64| content.chunks_exact(size).map(number).collect();
    let found: Vec<f64> = match entry.dtype {
        Dtype::F64 => each(8, &|b| f64::from_le_bytes(b.try_into().unwrap_or_default())),
        Dtype::F32 => each(4, &|b| f64::from(f32::from_le_bytes(b.try_into().unwrap_or_default()))),
        Dtype::F16 => each(2, &|b| half::f16::from_le_bytes(b.try_into().unwrap_or_default()).to_f64()),
        Dtype::BF16 => each(2, &|b| half::bf16::from_le_bytes(b.try_into().unwrap_or_default()).to_f64()),
        other => {
            return Err(format!(
                "{} has numbers of type {other:?}; expected F64, F32, F16 or BF16",
                shortened(&entry.name)
            ));
        }
    };
    let expected: usize = entry.shape.iter().product();
    match found.len() == expected {
        true => Ok(found),
        false => Err(format!("{} has {} numbers, where its shape has {expected}", shortened(&entry.name), found.len())),
    }
}
