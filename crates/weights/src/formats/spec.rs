//! What a format of files is.
use crate::opened::Opened;
use crate::recipe::Recipe;
use crate::tensors::Stored;
use std::ops::Range;

/// How many bytes of a file are enough to see what it is.
pub const BEGINNING: u64 = 512;

/// A file that is offered. Several files lie one after the other: what is read is named by its place among all their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as it is shown.
    pub name: String,
    /// Where it begins.
    pub start: u64,
    /// How many bytes it has.
    pub size: u64,
    /// Its first bytes, at most [`BEGINNING`].
    pub first: Vec<u8>,
}

/// A format that is read.
#[derive(Debug)]
pub struct Format {
    /// Its name in sentences.
    pub title: &'static str,
    /// Whether several of its files together are one network.
    pub several: bool,
    /// Whether a file begins like this.
    pub is: fn(&[u8]) -> bool,
    /// Begins with the files, which are of this format.
    pub begin: fn(&[File]) -> Result<Step, String>,
}

/// What comes next.
pub enum Step {
    /// These bytes are to be read.
    Read(Box<dyn Reader>, Vec<Range<u64>>),
    /// These tensors are in it.
    Tensors(Tensors),
    /// It is a whole network with what it is run on.
    Opened(Box<Opened>),
}

/// The tensors of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    /// In the order of the file.
    pub stored: Vec<Stored>,
    /// PyTorch's tensors that a format says by itself how to make of them.
    pub made: Vec<Made>,
    /// The activations of networks of which the file says it, by their prefixes.
    pub activations: Vec<(String, &'static str)>,
    /// What else may be the reason if there is no whole network in it: a sentence.
    pub hint: Option<String>,
}

/// A tensor of PyTorch that is made of those of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// Its name, with the network's prefix.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// How it is made; or why it is not, in a sentence.
    pub made: Result<Recipe, String>,
    /// What is to be said if it is used.
    pub says: String,
}

/// A format in the midst of reading.
pub trait Reader {
    /// Goes on with the bytes that were asked for, in their order.
    ///
    /// # Errors
    /// One sentence for what is wrong with the file.
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String>;
}
