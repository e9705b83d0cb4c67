//! `.npz`, NumPy's archive of arrays: a zip with a member `NAME.npy` for each array.
use super::closed;
use super::npy;
use super::spec::{File, Format, Reader, Step, Tensors};
use super::zip::{self, Listed};
use crate::tensors::{Place, Stored, count};
use crate::unpack::{self, Member};
use crate::words::{bytes, shape_text, shortened};
use std::ops::Range;

/// Registry entry.
pub const SPEC: Format = Format {
    title: ".npz",
    several: false,
    is: |first| first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06"),
    begin,
};

/// How much is read of a member to see what it is; NumPy's header has 128 bytes.
const HEAD: usize = 1024;
/// How much more its local header may have than its name; NumPy writes 20 bytes.
const EXTRA: u64 = 512;

fn begin(files: &[File]) -> Result<Step, String> {
    let Some(file) = files.first().cloned() else { return Ok(Step::Tensors(Tensors::default())) };
    let tail = file.start + file.size.saturating_sub(zip::LONGEST_TAIL)..file.start + file.size;
    Ok(Step::Read(Box::new(Tail(file)), std::iter::once(tail).collect()))
}

/// The end of the archive was asked for.
struct Tail(File);

impl Reader for Tail {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let Self(file) = *self;
        let tail = parts.first().map(Vec::as_slice).unwrap_or_default();
        let (first, length, count) = zip::directory(tail, file.size)?;
        let range = file.start + first..file.start + first + length;
        Ok(Step::Read(Box::new(Directory { file, count, end: first }), std::iter::once(range).collect()))
    }
}

/// The directory was asked for.
struct Directory {
    file: File,
    count: u64,
    /// Where the members end.
    end: u64,
}

impl Reader for Directory {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let Self { file, count, end } = *self;
        let directory = parts.first().map(Vec::as_slice).unwrap_or_default();
        let mut members = zip::members(directory, count)?;
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        if !names.iter().any(|name| name.ends_with(".npy")) {
            return Err(closed::archive(&names, &file.name));
        }
        members.retain(|member| member.name.ends_with(".npy"));
        let mut order: Vec<(u64, u64, usize)> =
            members.iter().enumerate().map(|(index, member)| (member.offset, 0, index)).collect();
        order.sort_unstable();
        let members: Vec<Listed> = order.into_iter().map(|(.., index)| std::mem::take(&mut members[index])).collect();
        let mut ends: Vec<u64> = members.iter().skip(1).map(|member| member.offset).collect();
        ends.push(end);
        let mut heads = Vec::new();
        for (listed, end) in members.into_iter().zip(ends) {
            // Whoever lets members overlap makes much out of few bytes.
            let room = end.saturating_sub(listed.offset);
            if listed.packed.saturating_add(listed.local_length(0)) > room {
                return Err(format!("{} overlaps with another member of the archive", shortened(&listed.name)));
            }
            let deflated = listed.deflated()?;
            let length = room.min(listed.local_length(EXTRA) + HEAD as u64);
            let range = file.start + listed.offset..file.start + listed.offset + length;
            heads.push(Head { listed, deflated, range, end: file.start + end });
        }
        let ranges = heads.iter().map(|head| head.range.clone()).collect();
        Ok(Step::Read(Box::new(Heads(heads)), ranges))
    }
}

/// The beginnings of the members were asked for.
struct Heads(Vec<Head>);

struct Head {
    listed: Listed,
    deflated: bool,
    /// What was asked for.
    range: Range<u64>,
    /// Where the next member, or the directory, begins.
    end: u64,
}

impl Reader for Heads {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let stored = self.0.iter().zip(parts).map(|(head, part)| head.stored(part)).collect::<Result<Vec<_>, _>>()?;
        let nameless = |tensor: &Stored| {
            tensor.name.strip_prefix("arr_").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let hint = stored.iter().any(nameless).then(|| {
            "arrays called arr_0, arr_1, ... say nothing of what they are: save them by their names, np.savez(file, \
             **{name: array, ...})"
                .to_owned()
        });
        Ok(Step::Tensors(Tensors { stored, hint, ..Tensors::default() }))
    }
}

impl Head {
    fn stored(&self, part: &[u8]) -> Result<Stored, String> {
        let listed = &self.listed;
        let short = shortened(&listed.name);
        let begins = listed.begins(part)?;
        let start = self.range.start + begins as u64;
        let range = start..start.saturating_add(listed.packed);
        if range.end > self.end {
            return Err(format!("{short} overlaps with another member of the archive"));
        }
        let content = part.get(begins..part.len().min(begins + listed.packed as usize)).unwrap_or_default();
        let unpacked;
        let content = match self.deflated {
            true => {
                unpacked = unpack::beginning(content, HEAD.min(listed.size as usize));
                &unpacked
            }
            false => content,
        };
        let header = npy::header(content).map_err(|what| format!("{short} {what}"))?;
        let numbers = listed.size.saturating_sub(header.length as u64);
        if let Some((number, _)) = header.number {
            let expected = count(&header.shape) as u128 * number.size() as u128;
            if expected != u128::from(numbers) {
                return Err(format!(
                    "{short} has {}, where its shape {} of {} has {expected}",
                    bytes(numbers),
                    shape_text(&header.shape),
                    header.kind
                ));
            }
        }
        Ok(Stored {
            name: listed.name.trim_end_matches(".npy").to_owned(),
            shape: header.shape,
            kind: header.kind,
            number: header.number.map(|(number, _)| number),
            big_endian: header.number.is_some_and(|(_, big_endian)| big_endian),
            columns_first: header.columns_first,
            place: Place::Member(Member {
                range,
                deflated: self.deflated,
                size: usize::try_from(listed.size).map_err(|_| format!("{short} has {}", bytes(listed.size)))?,
                header: header.length,
                crc: listed.crc,
            }),
        })
    }
}
