//! The minimal gated recurrent unit: gate and candidate know the input alone.
//!
//! ```text
//! z_t = sigm(W_z x_t + b_z),  n_t = W_n x_t + b_n
//! h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ n_t
//! dL/dh_{t-1} = z_t ⊙ dL/dh_t: nothing else, for no matrix stands between h_{t-1} and h_t
//! ```
//!
//! Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, "Were RNNs all we needed?" (2024), section 3.1. z is what is kept, as in PyTorch's
//! `nn.GRU`; the paper's z is 1 - z. W_z and W_n (the paper's `linear_z` and `linear_h`) are the rows of `weight_ih`, in this order;
//! there is no W_hh and no b_hh. The Jacobian is diagonal and does not depend on the state, so that nothing can explode: each z < 1.
use super::spec::{BackwardStep, Block, CellSpec, ForwardStep, Python, Recurrence, Steps};
use crate::real::Real;

/// Registry entry.
pub const MIN_GRU: CellSpec = CellSpec {
    slug: "min-gru",
    kind: "min-gru",
    kind_title: "minGRU",
    activation: None,
    title: "minGRU",
    equation: "hₜ = zₜ ⊙ hₜ₋₁ + (1 − zₜ) ⊙ nₜ, zₜ = sigm(Uz xₜ + bz), nₜ = Un xₜ + bn",
    does: "Reads gate and candidate off the input alone: the gradient comes back through zₜ, unit by unit, past every matrix.",
    params: &[],
    recurrence: Recurrence::Without,
    gates: 2,
    blocks: &[Block::gate("z", "update gate"), Block { symbol: "n", name: "candidate", gate: false, slope: |_| 1.0 }],
    separate: false,
    saved: 0,
    has_cell_state: false,
    derivative_bound: None,
    bounded: false,
    xavier_gain: None,
    module: None,
    python: Python { definition: DEFINITION, step: "min_gru" },
    single: Steps { forward, backward },
    double: Steps { forward, backward },
    wide: Steps { forward, backward },
};

const DEFINITION: &str = r#"def min_gru(layer, x, h, c):
    z, n = (weights[f"weight_ih_l{layer}"] @ x + weights[f"bias_ih_l{layer}"]).chunk(2)
    z = torch.sigmoid(z)
    return z * h + (1 - z) * n, c
"#;

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn forward<R: Real>(step: ForwardStep<'_, R>) {
    let size = step.hidden_size;
    let states = step.hidden.chunks_exact_mut(size).zip(step.hidden_before.chunks_exact(size));
    for (blocks, (hidden, before)) in step.pre_activation.chunks_exact_mut(2 * size).zip(states) {
        let (z, n) = blocks.split_at_mut(size);
        R::sigmoid_all(z);
        for j in 0..size {
            hidden[j] = z[j] * before[j] + (R::ONE - z[j]) * n[j];
        }
    }
}

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn backward<R: Real>(step: BackwardStep<'_, R>) {
    let size = step.hidden_size;
    let states = step.hidden_gradient.chunks_exact(size).zip(step.hidden_before.chunks_exact(size));
    let out = step.input.chunks_exact_mut(2 * size).zip(step.direct.chunks_exact_mut(size));
    for ((blocks, (hidden_gradient, before)), (input, direct)) in
        step.blocks.chunks_exact(2 * size).zip(states).zip(out)
    {
        let ((z, n), (to_z, to_n)) = (blocks.split_at(size), input.split_at_mut(size));
        for j in 0..size {
            let dh = hidden_gradient[j];
            to_z[j] = dh * (before[j] - n[j]) * z[j] * (R::ONE - z[j]);
            to_n[j] = dh * (R::ONE - z[j]);
            direct[j] = dh * z[j];
        }
    }
}
