//! Zip archives: the directory at their end, and where the members begin.
//!
//! PKWARE, "APPNOTE.TXT: .ZIP File Format Specification", with the 64-bit fields (zip64).
use crate::limits::LARGEST_HEADER;
use crate::tensors::Names;
use crate::unpack::MOST_FROM_ONE;
use crate::words::{bytes, shortened};

/// The directory's end, with the longest comment that it may have, and the 64-bit one before it.
pub const LONGEST_TAIL: u64 = 22 + 65_535 + 20 + 56;
/// The most members that are looked at.
const MOST_MEMBERS: u64 = 20_000;
/// The bytes of a local header, before name and extra field.
const LOCAL: usize = 30;

/// A member as the directory has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its name, with folders.
    pub name: String,
    /// How it is packed: 0 not at all, 8 deflated.
    method: u16,
    flags: u16,
    /// The checksum of the unpacked bytes.
    pub crc: u32,
    /// Bytes in the file.
    pub packed: u64,
    /// Bytes when it is unpacked.
    pub size: u64,
    /// Where its local header begins, from the beginning of the archive.
    pub offset: u64,
}

fn number(content: &[u8], at: usize, size: usize) -> Option<u64> {
    let part = content.get(at..at.checked_add(size)?)?;
    Some(part.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn cut_off() -> String {
    "it is a zip archive that is cut off: the directory at its end is missing".to_owned()
}

/// Where the directory is (first byte, number of bytes), and how many members it has, from the end of the archive.
///
/// # Errors
/// One sentence if there is none.
pub fn directory(tail: &[u8], size: u64) -> Result<(u64, u64, u64), String> {
    let start = size - tail.len() as u64;
    let ends = |at: &usize| {
        tail[*at..].starts_with(b"PK\x05\x06") && number(tail, at + 20, 2) == Some((tail.len() - at - 22) as u64)
    };
    let at = (0..(tail.len() + 1).saturating_sub(22)).rev().find(ends).ok_or_else(cut_off)?;
    let field = |offset: usize, bytes: usize| number(tail, at + offset, bytes).ok_or_else(cut_off);
    let (mut members, mut length, mut first) = (field(10, 2)?, field(12, 4)?, field(16, 4)?);
    let locator = at.checked_sub(20).filter(|at| tail[*at..].starts_with(b"PK\x06\x07"));
    if let Some(locator) = locator {
        let place = number(tail, locator + 8, 8).ok_or_else(cut_off)?;
        let record = place.checked_sub(start).and_then(|at| usize::try_from(at).ok()).ok_or_else(cut_off)?;
        if !tail.get(record..).is_some_and(|rest| rest.starts_with(b"PK\x06\x06")) {
            return Err(cut_off());
        }
        let field = |offset: usize| number(tail, record + offset, 8).ok_or_else(cut_off);
        (members, length, first) = (field(32)?, field(40)?, field(48)?);
    }
    let end = start + at as u64;
    if first.checked_add(length).is_none_or(|last| last > end) {
        return Err("it is a damaged zip archive: its directory does not fit into the file".to_owned());
    }
    if length > LARGEST_HEADER || members > MOST_MEMBERS {
        return Err(format!(
            "it is a zip archive of {members} members; at most {MOST_MEMBERS}, with a directory of {}, are read",
            bytes(LARGEST_HEADER)
        ));
    }
    Ok((first, length, members))
}

/// The members that a directory lists.
///
/// # Errors
/// One sentence if it is damaged, or has a name twice.
pub fn members(directory: &[u8], count: u64) -> Result<Vec<Listed>, String> {
    let damaged = || "it is a damaged zip archive: its directory cannot be read".to_owned();
    let mut found: Vec<Listed> = Vec::new();
    let mut at = 0;
    for _ in 0..count {
        if !directory.get(at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02")) {
            return Err(damaged());
        }
        let field = |offset: usize, size: usize| number(directory, at + offset, size).ok_or_else(damaged);
        let (name, extra, comment) = (field(28, 2)? as usize, field(30, 2)? as usize, field(32, 2)? as usize);
        let text = |from: usize, length: usize| directory.get(at + from..at + from + length).ok_or_else(damaged);
        let (mut size, mut packed, mut offset) = (field(24, 4)?, field(20, 4)?, field(42, 4)?);
        for (wide, place) in [&mut size, &mut packed, &mut offset]
            .into_iter()
            .filter(|field| **field == 0xffff_ffff)
            .zip(long_fields(text(46 + name, extra)?))
        {
            *wide = place;
        }
        found.push(Listed {
            name: String::from_utf8_lossy(text(46, name)?).into_owned(),
            method: field(10, 2)? as u16,
            flags: field(8, 2)? as u16,
            crc: field(16, 4)? as u32,
            packed,
            size,
            offset,
        });
        at += 46 + name + extra + comment;
    }
    let mut names = Names::new();
    match found.iter().find(|member| names.insert(member.name.clone(), 0).is_some()) {
        Some(member) => Err(format!("“{}” is in the archive twice; expected it once", shortened(&member.name))),
        None => Ok(found),
    }
}

/// The 64-bit fields of an extra field: those that did not fit into 32 bits, in their order.
fn long_fields(mut extra: &[u8]) -> Vec<u64> {
    while let (Some(kind), Some(length)) = (number(extra, 0, 2), number(extra, 2, 2)) {
        let Some(content) = extra.get(4..4 + length as usize) else { break };
        if kind == 1 {
            return content.chunks_exact(8).filter_map(|chunk| number(chunk, 0, 8)).collect();
        }
        extra = &extra[4 + length as usize..];
    }
    Vec::new()
}

impl Listed {
    /// Whether it is deflated; an archive that is packed or locked in another way is refused, and so is a member that would
    /// unpack to more than deflate can make.
    ///
    /// # Errors
    /// One sentence.
    pub fn deflated(&self) -> Result<bool, String> {
        let name = shortened(&self.name);
        if self.flags & 1 == 1 {
            return Err(format!("{name} is encrypted; only archives without a password are read"));
        }
        match self.method {
            0 if self.packed == self.size => Ok(false),
            8 if self.size <= self.packed.saturating_mul(MOST_FROM_ONE) => Ok(true),
            0 | 8 => Err(format!(
                "{name} is said to unpack from {} to {}, which cannot be",
                bytes(self.packed),
                bytes(self.size)
            )),
            method => Err(format!("{name} is packed by method {method}; only deflate, NumPy’s, is read")),
        }
    }

    /// Where its bytes begin behind its local header, from the first bytes of that.
    ///
    /// # Errors
    /// One sentence if the header is not this member's.
    pub fn begins(&self, local: &[u8]) -> Result<usize, String> {
        let damaged = || format!("it is a damaged zip archive: {} has no header of its own", shortened(&self.name));
        let (name, extra) = (number(local, 26, 2).ok_or_else(damaged)?, number(local, 28, 2).ok_or_else(damaged)?);
        let end = LOCAL + name as usize;
        let same = local.get(LOCAL..end).is_some_and(|name| String::from_utf8_lossy(name) == self.name);
        if !local.starts_with(b"PK\x03\x04") || !same {
            return Err(damaged());
        }
        Ok(end + extra as usize)
    }

    /// The bytes of its local header, if its extra field has no more than `extra`.
    pub fn local_length(&self, extra: u64) -> u64 {
        LOCAL as u64 + self.name.len() as u64 + extra
    }
}
