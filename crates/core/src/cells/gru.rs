//! The gated recurrent unit, with the reset gate after the matrix product.
//!
//! ```text
//! r = sigm(u_r + v_r)   z = sigm(u_z + v_z)   n = tanh(u_n + r ⊙ v_n)
//! h_t = (1 - z) ⊙ n + z ⊙ h_{t-1}
//! ```
//!
//! with u = W_ih x_t + b_ih and v = W_hh h_{t-1} + b_hh, rows in the order r, z, n as in PyTorch's `nn.GRU`, whose b_hn
//! stands inside the reset gate's product. Cho et al., "Learning phrase representations using RNN encoder-decoder"
//! (2014), has the reset gate before the product. Backward: dL/dh_{t-1} gets z ⊙ dh past the matrix W_hh.
use super::spec::{BackwardStep, Block, CellSpec, ForwardStep, Python, Recurrence, Steps};
use crate::real::Real;

/// Registry entry.
pub const GRU: CellSpec = CellSpec {
    slug: "gru",
    kind: "gru",
    kind_title: "GRU",
    activation: None,
    title: "GRU",
    equation: "hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁",
    does: "Lets the state pass by the matrices as far as the update gate is open; the gradient comes back the same way.",
    params: &[],
    recurrence: Recurrence::Free,
    gates: 3,
    blocks: &[Block::gate("r", "reset gate"), Block::gate("z", "update gate"), Block::candidate("n", "candidate")],
    separate: true,
    saved: 1,
    has_cell_state: false,
    derivative_bound: None,
    bounded: true,
    xavier_gain: None,
    module: Some("GRU"),
    python: Python { definition: DEFINITION, step: "gru" },
    single: Steps { forward, backward },
    double: Steps { forward, backward },
    wide: Steps { forward, backward },
};

const DEFINITION: &str = r#"def gru(layer, x, h, c):
    u, v = sums(layer, x, h)
    (ur, uz, un), (vr, vz, vn) = u.chunk(3), v.chunk(3)
    r, z = torch.sigmoid(ur + vr), torch.sigmoid(uz + vz)
    n = torch.tanh(un + r * vn)
    return (1 - z) * n + z * h, c
"#;

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn forward<R: Real>(step: ForwardStep<'_, R>) {
    let size = step.hidden_size;
    let products = step.pre_activation.chunks_exact_mut(3 * size).zip(step.recurrent.chunks_exact(3 * size));
    let states = step.hidden.chunks_exact_mut(size).zip(step.hidden_before.chunks_exact(size));
    for (((pre_activation, recurrent), (hidden, before)), saved) in
        products.zip(states).zip(step.saved.chunks_exact_mut(size))
    {
        let (gates, n) = pre_activation.split_at_mut(2 * size);
        let (to_gates, to_n) = recurrent.split_at(2 * size);
        for (u, v) in gates.iter_mut().zip(to_gates) {
            *u += *v;
        }
        R::sigmoid_all(gates);
        let (r, z) = gates.split_at(size);
        for j in 0..size {
            n[j] += r[j] * to_n[j];
        }
        R::tanh_all(n);
        saved.copy_from_slice(to_n);
        for j in 0..size {
            hidden[j] = (R::ONE - z[j]) * n[j] + z[j] * before[j];
        }
    }
}

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn backward<R: Real>(step: BackwardStep<'_, R>) {
    let size = step.hidden_size;
    let kept = step.blocks.chunks_exact(3 * size).zip(step.saved.chunks_exact(size));
    let states = step.hidden_gradient.chunks_exact(size).zip(step.hidden_before.chunks_exact(size));
    let out = step.input.chunks_exact_mut(3 * size).zip(step.recurrent.chunks_exact_mut(3 * size));
    let rows = kept.zip(states).zip(out).zip(step.direct.chunks_exact_mut(size));
    for ((((blocks, saved), (hidden_gradient, before)), (input, recurrent)), direct) in rows {
        let ((r, z), n) = (blocks[..2 * size].split_at(size), &blocks[2 * size..]);
        let (to_gates, to_n) = input.split_at_mut(2 * size);
        let (to_r, to_z) = to_gates.split_at_mut(size);
        let (shared, through_r) = recurrent.split_at_mut(2 * size);
        for j in 0..size {
            let dh = hidden_gradient[j];
            let dn = dh * (R::ONE - z[j]) * (R::ONE - n[j] * n[j]);
            to_n[j] = dn;
            through_r[j] = dn * r[j];
            to_r[j] = dn * saved[j] * r[j] * (R::ONE - r[j]);
            to_z[j] = dh * (before[j] - n[j]) * z[j] * (R::ONE - z[j]);
            direct[j] = dh * z[j];
        }
        shared.copy_from_slice(to_gates);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_update_gate_carries_the_state_through_unchanged() {
        let (mut saved, mut hidden) = ([0.0f64; 1], [0.0; 1]);
        forward(ForwardStep {
            hidden_size: 1,
            constants: [0.0; 2],
            pre_activation: &mut [0.0, 800.0, 0.3],
            recurrent: &[0.0; 3],
            hidden_before: &[0.7],
            cell_before: &[],
            saved: &mut saved,
            hidden: &mut hidden,
            cell: &mut [],
        });
        assert_eq!(hidden, [0.7]);
    }
}
