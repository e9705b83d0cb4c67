//! A file that is being read, part by part.
use crate::assembly::Assembly;
use crate::formats::{self, BEGINNING, File, Reader, Step};
use crate::opened::{Choice, Opened};
use crate::words::shortened;
use std::fmt;
use std::ops::Range;

/// A file, or the files of one model, being read.
pub struct Reading {
    name: String,
    files: Vec<File>,
    choice: Choice,
    stage: Stage,
}

enum Stage {
    /// The first bytes say what they are.
    Beginning,
    /// A format reads which tensors there are.
    Format(Box<dyn Reader>),
    /// The tensors that belong to the network.
    Tensors(Box<Assembly>),
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// These parts of the file, in bytes, are to be read and handed to [`Reading::go_on`].
    Read(Reading, Vec<Range<u64>>),
    /// The file was read to its end: here is its network.
    Opened(Box<Opened>),
}

impl fmt::Debug for Reading {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "Reading({})", self.name)
    }
}

impl Reading {
    /// Begins with a file of that name and size in bytes; the parts to be read first.
    ///
    /// # Errors
    /// One sentence if it is empty.
    pub fn begin(name: &str, size: u64) -> Result<(Self, Vec<Range<u64>>), String> {
        Self::begin_all(&[(name.to_owned(), size)], Choice::default())
    }

    /// Begins with several files of one model, each with its size in bytes, and with what of it is to be opened. The parts to
    /// be read are places in all files laid one after the other in this order; no part reaches over a file's end.
    ///
    /// # Errors
    /// One sentence if one is empty.
    pub fn begin_all(files: &[(String, u64)], choice: Choice) -> Result<(Self, Vec<Range<u64>>), String> {
        let mut start = 0u64;
        let mut all = Vec::new();
        for (name, size) in files {
            let name = shortened(name);
            if *size == 0 {
                return Err(format!("{name} is empty; expected a network"));
            }
            all.push(File { name, start, size: *size, first: Vec::new() });
            start = start.checked_add(*size).ok_or_else(|| "the files are too large to be read together".to_owned())?;
        }
        let name = match &all[..] {
            [] => return Err("there is no file".to_owned()),
            [file] => file.name.clone(),
            [file, rest @ ..] => format!("{} and {} more", file.name, rest.len()),
        };
        let ranges = all.iter().map(|file| file.start..file.start + file.size.min(BEGINNING)).collect();
        Ok((Self { name, files: all, choice, stage: Stage::Beginning }, ranges))
    }

    /// Goes on with the parts that were asked for, in their order.
    ///
    /// # Errors
    /// One sentence, with the file's name, that says what is wrong with it and what was expected.
    pub fn go_on(self, parts: &[Vec<u8>]) -> Result<Next, String> {
        let name = self.name.clone();
        self.next(parts).map_err(|why| format!("{name}: {why}"))
    }

    fn next(mut self, parts: &[Vec<u8>]) -> Result<Next, String> {
        let step = match self.stage {
            Stage::Beginning => {
                for (file, part) in self.files.iter_mut().zip(parts) {
                    file.first.clone_from(part);
                }
                formats::begin(&self.files)?
            }
            Stage::Format(reader) => reader.go_on(parts)?,
            Stage::Tensors(assembly) => {
                return assembly.open(self.name, parts).map(|opened| Next::Opened(Box::new(opened)));
            }
        };
        let ranges = match step {
            Step::Opened(_) if self.choice != Choice::default() => {
                return Err("it is a case with one network and its loss; there is nothing to choose in it".to_owned());
            }
            Step::Opened(opened) => return Ok(Next::Opened(opened)),
            Step::Read(reader, ranges) => {
                self.stage = Stage::Format(reader);
                ranges
            }
            Step::Tensors(tensors) => {
                let assembly = Assembly::new(tensors, &self.choice)?;
                let ranges = assembly.ranges();
                self.stage = Stage::Tensors(Box::new(assembly));
                ranges
            }
        };
        Ok(Next::Read(self, ranges))
    }
}

/// Opens a file that is all in memory.
///
/// # Errors
/// As [`Reading::go_on`].
pub fn open(name: &str, content: &[u8]) -> Result<Opened, String> {
    open_all(&[(name.to_owned(), content.len() as u64)], Choice::default(), &mut |range| {
        Ok(content.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec())
    })
}

/// Opens files of which the parts can be read at once, as [`Reading::begin_all`] asks for them.
///
/// # Errors
/// As [`Reading::go_on`], or what `read` says.
pub fn open_all(
    files: &[(String, u64)],
    choice: Choice,
    read: &mut dyn FnMut(Range<u64>) -> Result<Vec<u8>, String>,
) -> Result<Opened, String> {
    let (mut reading, mut ranges) = Reading::begin_all(files, choice)?;
    loop {
        let parts = ranges.into_iter().map(&mut *read).collect::<Result<Vec<_>, _>>()?;
        match reading.go_on(&parts)? {
            Next::Read(next, wanted) => (reading, ranges) = (next, wanted),
            Next::Opened(opened) => return Ok(*opened),
        }
    }
}
