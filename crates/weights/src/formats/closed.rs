//! Files that stay closed: each is called what it is, with the lines that make a file of it that opens.
use crate::words::{shortened, some_of};

/// How a file of PyTorch is converted; of a checkpoint, the state dict is an entry of it.
const FROM_PYTORCH: &str = "In PyTorch: import torch, safetensors.torch; state = torch.load(\"FILE\", map_location=\"cpu\", weights_only=True); \
     state = next((x for x in state.values() if isinstance(x, dict) and x and all(map(torch.is_tensor, x.values()))), state); \
     safetensors.torch.save_file({name: w.clone().contiguous() for name, w in state.items()}, \"weights.safetensors\")";
/// How a program of TorchScript is.
const FROM_TORCH_SCRIPT: &str = "In PyTorch: import torch, safetensors.torch; state = torch.jit.load(\"FILE\", map_location=\"cpu\").state_dict(); \
     safetensors.torch.save_file({name: w.clone().contiguous() for name, w in state.items()}, \"weights.safetensors\")";
/// How a model of Keras is converted.
const FROM_KERAS: &str = "In Keras: import keras, numpy; model = keras.models.load_model(\"FILE\"); \
     numpy.savez(\"weights.npz\", **{w.path: w.numpy() for w in model.weights})";
/// The same where weights alone may have been saved.
const FROM_HDF5: &str = "In Keras: import keras, numpy; model = keras.models.load_model(\"FILE\"), or, of weights alone, the model’s own code and \
     model.load_weights(\"FILE\"); numpy.savez(\"weights.npz\", **{w.path: w.numpy() for w in model.weights})";

/// A kind of file that is known and not opened.
struct Closed {
    /// Whether a file begins like this.
    is: fn(&[u8]) -> bool,
    /// What it is, and what to do.
    says: &'static str,
    /// How it is converted.
    lines: &'static str,
}

const ALL: &[Closed] = &[
    // The number that torch.save wrote before PyTorch 1.6, as a pickle.
    Closed {
        is: |first| first.starts_with(b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"),
        says: "it is a file of torch.save from before PyTorch 1.6; that is a pickle, which is a program, so it is not opened",
        lines: FROM_PYTORCH,
    },
    Closed {
        is: |first| matches!(first, [0x80, 2..=5, ..]),
        says: "it is a pickle, which is a program, so it is not opened",
        lines: "Load it in Python and save its arrays by their names with numpy.savez(\"weights.npz\", **arrays)",
    },
    Closed {
        is: |first| first.starts_with(b"\x89HDF\r\n\x1a\n"),
        says: "it is an HDF5 file, as Keras writes them (.h5), which is not read",
        lines: FROM_HDF5,
    },
    Closed {
        is: |first| first.starts_with(b"version https://git-lfs"),
        says: "it is not the file but a pointer of Git LFS to it; fetch the file with git lfs pull",
        lines: "",
    },
    Closed {
        is: is_markup,
        says: "it is a web page and not the file that the page offers; download the file itself (on a hub: the raw file, not \
               the page about it)",
        lines: "",
    },
    Closed {
        is: |first| first.starts_with(b"GGUF"),
        says: "it is a GGUF file, which is not read; save the network as safetensors",
        lines: "",
    },
    Closed {
        is: |first| first.starts_with(b"\x93NUMPY"),
        says: "it is one array of NumPy (.npy), without a name; save all arrays by their names with numpy.savez",
        lines: "",
    },
    Closed {
        is: |first| first.starts_with(b"\x1f\x8b"),
        says: "it is compressed with gzip; unpack it first",
        lines: "",
    },
    Closed {
        is: |first| first.get(257..262) == Some(&b"ustar"[..]),
        says: "it is a tar archive; unpack it first",
        lines: "",
    },
    Closed {
        is: |first| first.get(4..8) == Some(&b"TFL3"[..]),
        says: "it is a TensorFlow Lite file, which is not read; save the Keras model’s weights as .npz",
        lines: "",
    },
    Closed {
        is: |first| first_letter(first) == Some(b'['),
        says: "it is a JSON list; a network is an object, {…}",
        lines: "",
    },
];

fn first_letter(first: &[u8]) -> Option<u8> {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    text.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn is_markup(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins(b"<!doctype html") || begins(b"<html") || begins(b"<?xml") || begins(b"<head")
}

fn with_lines(says: &str, lines: &str, name: &str) -> String {
    match lines {
        "" => says.to_owned(),
        _ => format!("{says}. {}", lines.replace("FILE", &shortened(name))),
    }
}

/// What a file is that begins like this, and what to do.
pub fn what(first: &[u8], name: &str) -> String {
    match ALL.iter().find(|closed| (closed.is)(first)) {
        Some(closed) => with_lines(closed.says, closed.lines, name),
        None => "its first bytes are of no format that is read (safetensors, .npz, ONNX, JSON)".to_owned(),
    }
}

/// What a zip archive without arrays of NumPy is, by the names of its members.
pub fn archive(members: &[&str], name: &str) -> String {
    let has = |end: &str| members.iter().any(|member| *member == end || member.ends_with(&format!("/{end}")));
    if has("constants.pkl") {
        let says = "it is a program of TorchScript (torch.jit.save), which is not run";
        return with_lines(says, FROM_TORCH_SCRIPT, name);
    }
    if has("data.pkl") {
        let says =
            "it is a file of torch.save (.pt, .pth); that holds a pickle, which is a program, so it is not opened";
        return with_lines(says, FROM_PYTORCH, name);
    }
    if has("model.weights.h5") {
        return with_lines(
            "it is a Keras model (.keras) with an HDF5 file inside, which is not read",
            FROM_KERAS,
            name,
        );
    }
    match members {
        [] => "it is an empty zip archive".to_owned(),
        _ => format!(
            "it is a zip archive without arrays of NumPy, so it is no .npz; it has {}",
            some_of(members.iter().copied())
        ),
    }
}
