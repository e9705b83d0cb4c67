//! Files of every kind, opened as the page opens them.

mod choices;
mod containers;
mod layouts;
mod libraries;
mod state_dicts;

use safetensors::tensor::{Dtype, TensorView, serialize};
use vanishing_core::random::Stream;
use vanishing_weights::open;

/// A tensor as PyTorch would save it: name, shape, numbers.
type Given = (String, Vec<usize>, Vec<f32>);

fn tensor(name: &str, shape: &[usize]) -> Given {
    let count = shape.iter().product();
    let values = Stream::new(7, name).normals(count).iter().map(|x| *x as f32).collect();
    (name.to_owned(), shape.to_vec(), values)
}

/// The state dict of `gates` blocks, input size 2, hidden size 3, in so many layers.
fn state_dict(prefix: &str, gates: usize, layers: usize) -> Vec<Given> {
    let layer = |layer: usize| {
        let below = if layer == 0 { 2 } else { 3 };
        [
            tensor(&format!("{prefix}weight_ih_l{layer}"), &[3 * gates, below]),
            tensor(&format!("{prefix}weight_hh_l{layer}"), &[3 * gates, 3]),
            tensor(&format!("{prefix}bias_ih_l{layer}"), &[3 * gates]),
            tensor(&format!("{prefix}bias_hh_l{layer}"), &[3 * gates]),
        ]
    };
    (0..layers).flat_map(layer).collect()
}

fn encode(dtype: Dtype, values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|x| match dtype {
            Dtype::F64 => f64::from(*x).to_le_bytes().to_vec(),
            Dtype::F16 => half::f16::from_f32(*x).to_le_bytes().to_vec(),
            Dtype::BF16 => half::bf16::from_f32(*x).to_le_bytes().to_vec(),
            Dtype::I32 => (*x as i32).to_le_bytes().to_vec(),
            _ => x.to_le_bytes().to_vec(),
        })
        .collect()
}

fn file_of(dtype: Dtype, tensors: &[Given]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|(_, _, values)| encode(dtype, values)).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (name.clone(), TensorView::new(dtype, shape.clone(), bytes).expect("a tensor"))
    });
    serialize(views, None).expect("a file")
}

fn file(tensors: &[Given]) -> Vec<u8> {
    file_of(Dtype::F32, tensors)
}

fn sentence(content: &[u8]) -> String {
    open("w.safetensors", content).expect_err("this should not open")
}
