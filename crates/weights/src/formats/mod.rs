//! The formats of files: those that are read, one file and one line each, and those that stay closed.
mod closed;
mod npy;
mod npz;
mod onnx;
mod protobuf;
mod safetensors;
mod spec;
mod text;
mod zip;

use crate::json::Node;
use crate::limits::LARGEST_HEADER;
use crate::strict;
use crate::words::{bytes, some_of};
pub use safetensors::index_files;
pub use spec::{BEGINNING, File, Format, Made, Reader, Step, Tensors};

/// All formats that are read, in the order in which a file is compared with them.
pub const ALL: &[&Format] = &[&safetensors::SPEC, &npz::SPEC, &onnx::SPEC, &text::SPEC];

fn of(file: &File) -> Result<&'static Format, String> {
    let found = ALL.iter().find(|format| (format.is)(&file.first));
    found.copied().ok_or_else(|| closed::what(&file.first, &file.name))
}

/// Begins with files of which the first bytes are known.
///
/// # Errors
/// One sentence if they are none that are read, or do not belong together.
pub fn begin(files: &[File]) -> Result<Step, String> {
    let [file] = files else { return begin_several(files) };
    (of(file)?.begin)(files)
}

/// Several files: those of one safetensors model, perhaps with its index.
fn begin_several(files: &[File]) -> Result<Step, String> {
    let (mut shards, mut index) = (Vec::new(), None);
    for file in files {
        let format = of(file).map_err(|why| format!("{}: {why}", file.name))?;
        match format.several {
            true => shards.push(file.clone()),
            false if file.name.ends_with(".index.json") && index.is_none() => index = Some(file.clone()),
            false => {
                return Err(format!(
                    "{} is no safetensors file: several files are taken together only if they are the parts of one \
                     safetensors model and its index; open {0} alone",
                    file.name
                ));
            }
        }
    }
    let Some(index) = index else { return (safetensors::SPEC.begin)(&shards) };
    if index.size > LARGEST_HEADER {
        return Err(format!("{} has {}; at most {} are read", index.name, bytes(index.size), bytes(LARGEST_HEADER)));
    }
    let range = index.start..index.start + index.size;
    Ok(Step::Read(Box::new(Index { index, shards }), std::iter::once(range).collect()))
}

/// The index of a model in several files was asked for.
struct Index {
    index: File,
    shards: Vec<File>,
}

impl Reader for Index {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let names: Vec<&str> = self.shards.iter().map(|file| file.name.as_str()).collect();
        let checked = strict::parse(parts.first().map(Vec::as_slice).unwrap_or_default()).and_then(|value| {
            let weight_map = Node::new("the index", &value);
            let weight_map = weight_map.field("weight_map")?;
            safetensors::check_index(&weight_map, &names)?;
            safetensors::index_files(&weight_map)
        });
        let needed = checked.map_err(|why| format!("{}: {why}", self.index.name))?;
        let other: Vec<&str> = names.into_iter().filter(|name| !needed.iter().any(|needed| needed == name)).collect();
        match other.is_empty() {
            true => (safetensors::SPEC.begin)(&self.shards),
            false => Err(format!("{} does not name {}", self.index.name, some_of(other.iter().copied()))),
        }
    }
}

/// The files that must be there beside an index, from its content; none, if it is no index.
///
/// # Errors
/// One sentence if it names a file elsewhere.
pub fn beside_index(content: &[u8]) -> Result<Vec<String>, String> {
    let Ok(value) = strict::parse(content) else { return Ok(Vec::new()) };
    match Node::new("the index", &value).optional("weight_map") {
        Some(weight_map) if weight_map.members().is_ok() => index_files(&weight_map),
        _ => Ok(Vec::new()),
    }
}
