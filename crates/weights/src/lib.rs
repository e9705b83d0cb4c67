//! Networks from files: what a file is, which recurrent network it holds, and that network ready to be run.
//!
//! A file's format ([`formats`]) says which tensors there are: safetensors (one file, or the parts of one model), NumPy's
//! `.npz`, JSON. Their names say in which library's layout they are ([`layouts`]), and each layout is turned into that of
//! PyTorch's `nn.RNN`, `nn.LSTM` and `nn.GRU`, under any prefix, in one or several layers. Besides the weights, tensors
//! `input` and `target` and a linear layer are what the network is run on ([`run_on`]). JSON may also be one of the project's
//! reference cases, weights with inputs and targets ([`case`]).
//!
//! Whoever has the file hands over the parts that are asked for, so that a file of gigabytes is never held in memory as a
//! whole; [`Reading`] says which. Nothing in a file is believed before it was checked, and nothing in it is ever code: a
//! pickle is refused.
mod assembly;
pub mod case;
pub mod formats;
pub mod json;
pub mod layouts;
mod limits;
mod networks;
mod opened;
mod reading;
pub mod recipe;
pub mod run_on;
mod state_dict;
mod strict;
pub mod tensors;
mod unpack;
mod words;

pub use formats::beside_index;
pub use limits::{LARGEST_JSON, MOST_MEMORY, MOST_STEPS, MOST_UNITS};
pub use opened::{Choice, Found, FoundNetwork, FoundReadout, Opened};
pub use reading::{Next, Reading, open, open_all};
