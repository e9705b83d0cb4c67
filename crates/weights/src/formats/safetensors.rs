//! safetensors: 8 bytes with the length of a header, the header in JSON (names, types, shapes, places), then the numbers.
//!
//! A large model is cut into several files (shards), each with a header of its own; an index says which tensor is in which.
use super::spec::{File, Format, Reader, Step, Tensors};
use crate::json::Node;
use crate::limits::LARGEST_HEADER;
use crate::strict;
use crate::tensors::{Names, Number, Place, Stored, count};
use crate::words::{bytes, shape_text, shortened};

/// Registry entry.
pub const SPEC: Format = Format {
    title: "safetensors",
    several: true,
    is: |first| header_length(first).is_some() && first.get(8) == Some(&b'{'),
    begin,
};

fn header_length(first: &[u8]) -> Option<u64> {
    first.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The headers of these files are to be read.
struct Headers(Vec<File>);

fn begin(files: &[File]) -> Result<Step, String> {
    if let Some(why) = incomplete(files) {
        return Err(why);
    }
    let range = |file: &File| {
        let length = header_length(&file.first).unwrap_or(0);
        check_length(length, file.size).map_err(|why| named(files, file, why))?;
        Ok(file.start + 8..file.start + 8 + length)
    };
    let ranges = files.iter().map(range).collect::<Result<_, String>>()?;
    Ok(Step::Read(Box::new(Headers(files.to_vec())), ranges))
}

/// With the file's name, if there are several.
fn named(files: &[File], file: &File, why: String) -> String {
    if files.len() == 1 { why } else { format!("{}: {why}", file.name) }
}

/// Whether a header of that length can be.
fn check_length(length: u64, size: u64) -> Result<(), String> {
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

impl Reader for Headers {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let Self(files) = *self;
        let mut all = Tensors::default();
        let mut owners = Names::new();
        for (number, (file, part)) in files.iter().zip(parts).enumerate() {
            let stored = header(part, file).map_err(|why| named(&files, file, why))?;
            for tensor in &stored {
                if let Some(other) = owners.insert(tensor.name.clone(), number) {
                    let other = &files[other].name;
                    return Err(format!(
                        "{} is in {other} and in {}; expected it once",
                        shortened(&tensor.name),
                        file.name
                    ));
                }
            }
            all.stored.extend(stored);
        }
        Ok(Step::Tensors(all))
    }
}

/// `model-00001-of-00003.safetensors` says that there are three; a sentence, if not all of them are here.
fn incomplete(files: &[File]) -> Option<String> {
    let total = |file: &File| {
        let (_, rest) = file.name.rsplit_once("-of-")?;
        let digits = rest.split('.').next()?;
        digits.parse::<usize>().ok().filter(|total| *total > 1)
    };
    let (file, total) = files.iter().find_map(|file| Some((file, total(file)?)))?;
    let here = match files.len() {
        1 => "it is one".to_owned(),
        count if count < total => format!("{} and the others are {count}", file.name),
        _ => return None,
    };
    Some(format!(
        "{here} of {total} files of a model, and a network may go on in the others: give all of them together"
    ))
}

/// The tensors that a header names, in the order of the file.
fn header(header: &[u8], file: &File) -> Result<Vec<Stored>, String> {
    let broken = |why: String| format!("its header cannot be read: {why}");
    let value = strict::parse(header).map_err(broken)?;
    let begin = file.start + 8 + header.len() as u64;
    let length = file.size - 8 - header.len() as u64;
    let mut stored = Vec::new();
    for (name, node) in Node::new("the header", &value).members().map_err(broken)? {
        if name != "__metadata__" {
            stored.push(entry(name, &node, begin, length).map_err(broken)?);
        }
    }
    let mut order: Vec<(u64, u64, usize)> = Vec::new();
    for (index, tensor) in stored.iter().enumerate() {
        order.extend(tensor.range().map(|range| (range.start, range.end, index)));
    }
    order.sort_unstable();
    let stored: Vec<Stored> = order.into_iter().map(|(.., index)| std::mem::take(&mut stored[index])).collect();
    let mut end = begin;
    let mut last = "";
    for tensor in &stored {
        let Some(place) = tensor.range() else { continue };
        if place.start < end {
            return Err(format!("{} and {} overlap in it", shortened(last), shortened(&tensor.name)));
        }
        if place.start > end {
            return Err(format!("{} before {} belong to no tensor", bytes(place.start - end), shortened(&tensor.name)));
        }
        (end, last) = (place.end, &tensor.name);
    }
    let told = end - begin;
    if told > length {
        return Err(format!("it is cut off: {} are missing at its end", bytes(told - length)));
    }
    if told < length {
        return Err(format!("it has {} more than its header tells", bytes(length - told)));
    }
    Ok(stored)
}

/// One tensor of the header.
fn entry(name: &str, node: &Node, begin: u64, length: u64) -> Result<Stored, String> {
    let kind = node.field("dtype")?.text()?;
    let sizes = node.field("shape")?.list()?;
    let shape = sizes.iter().map(|size| size.count().map(to_usize)).collect::<Result<Vec<_>, _>>()?;
    let offsets = node.field("data_offsets")?.list_of(2)?;
    let (from, to) = match &offsets[..] {
        [from, to] => (from.count()?, to.count()?),
        _ => (0, 0),
    };
    let short = shortened(name);
    // Offsets that no file can have would wrap around when the header's length is added.
    if from > to || to > u64::MAX / 2 {
        return Err(format!("{short} is said to lie from byte {from} to {to} of {length}"));
    }
    let number = number(kind);
    if let Some(number) = number {
        let expected = count(&shape) as u128 * number.size() as u128;
        if expected != u128::from(to - from) {
            let has = bytes(to - from);
            return Err(format!("{short} has {has}, where its shape {} of {kind} has {expected}", shape_text(&shape)));
        }
    }
    Ok(Stored {
        name: name.to_owned(),
        shape,
        kind: shortened(kind),
        number,
        big_endian: false,
        columns_first: false,
        place: Place::Bytes(begin + from..begin + to),
    })
}

/// A size; one that this machine cannot count is larger than any file.
fn to_usize(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

fn number(kind: &str) -> Option<Number> {
    Some(match kind {
        "F64" => Number::F64,
        "F32" => Number::F32,
        "F16" => Number::F16,
        "BF16" => Number::Bf16,
        "I64" => Number::Signed(8),
        "I32" => Number::Signed(4),
        "I16" => Number::Signed(2),
        "I8" => Number::Signed(1),
        "U64" => Number::Unsigned(8),
        "U32" => Number::Unsigned(4),
        "U16" => Number::Unsigned(2),
        "U8" | "BOOL" => Number::Unsigned(1),
        _ => return None,
    })
}

/// The index of a model in several files, `{"weight_map": {"tensor": "file"}}`: whether these are all.
///
/// # Errors
/// One sentence with the files that are missing.
pub fn check_index(weight_map: &Node, files: &[&str]) -> Result<(), String> {
    let needed = index_files(weight_map)?;
    let missing: Vec<&str> = needed.iter().map(String::as_str).filter(|name| !files.contains(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let them = if missing.len() == 1 { "it" } else { "them" };
    Err(format!(
        "it is only the index of a model in {}; {} of them {} missing ({}): give {them} together with the index",
        crate::words::counted(needed.len(), "file"),
        missing.len(),
        if missing.len() == 1 { "is" } else { "are" },
        crate::words::some_of(missing.iter().copied()),
    ))
}

/// The files that an index names, each once.
///
/// # Errors
/// One sentence if one is no plain name: a file elsewhere is never read.
pub fn index_files(weight_map: &Node) -> Result<Vec<String>, String> {
    let mut files = Names::new();
    for (_, node) in weight_map.members()? {
        let file = node.text()?;
        if file.is_empty() || file.contains(['/', '\\', ':']) || file.starts_with("..") {
            return Err(format!("its index names the file “{}”; expected a name without a folder", shortened(file)));
        }
        files.insert(file.to_owned(), 0);
    }
    Ok(files.into_keys().collect())
}
