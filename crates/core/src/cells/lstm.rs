//! Long short-term memory.
//!
//! ```text
//! i = sigm(u_i + v_i)   f = sigm(u_f + v_f)   g = tanh(u_g + v_g)   o = sigm(u_o + v_o)
//! c_t = f ⊙ c_{t-1} + i ⊙ g            h_t = o ⊙ tanh(c_t)
//! ```
//!
//! with u = W_ih x_t + b_ih and v = W_hh h_{t-1} + b_hh, rows in the order i, f, g, o as in PyTorch's `nn.LSTM`.
//! Hochreiter and Schmidhuber, "Long short-term memory" (1997); forget gate: Gers, Schmidhuber and Cummins (2000).
//! Backward, with dc the total dL/dc_t: dc += o (1 - tanh²c_t) dh, dL/dc_{t-1} = f ⊙ dc: the additive path.
use super::spec::{BackwardStep, Block, CellSpec, ForwardStep, Python, Recurrence, Steps};
use crate::real::Real;

/// Registry entry.
pub const LSTM: CellSpec = CellSpec {
    slug: "lstm",
    kind: "lstm",
    kind_title: "LSTM",
    activation: None,
    title: "LSTM",
    equation: "cₜ = f ⊙ cₜ₋₁ + i ⊙ g, hₜ = o ⊙ tanh(cₜ)",
    does: "Adds to a cell state: the gradient comes back multiplied by the forget gate alone, as far as it is open.",
    params: &[],
    recurrence: Recurrence::Free,
    gates: 4,
    blocks: &[
        Block::gate("i", "input gate"),
        Block::gate("f", "forget gate"),
        Block::candidate("g", "candidate"),
        Block::gate("o", "output gate"),
    ],
    separate: false,
    saved: 1,
    has_cell_state: true,
    derivative_bound: None,
    bounded: true,
    xavier_gain: None,
    module: Some("LSTM"),
    python: Python { definition: DEFINITION, step: "lstm" },
    single: Steps { forward, backward },
    double: Steps { forward, backward },
    wide: Steps { forward, backward },
};

const DEFINITION: &str = r#"def lstm(layer, x, h, c):
    u, v = sums(layer, x, h)
    i, f, g, o = (u + v).chunk(4)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c
"#;

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn forward<R: Real>(step: ForwardStep<'_, R>) {
    let n = step.hidden_size;
    let states = step.hidden.chunks_exact_mut(n).zip(step.cell.chunks_exact_mut(n));
    let kept = step.cell_before.chunks_exact(n).zip(step.saved.chunks_exact_mut(n));
    for ((pre_activation, (hidden, cell)), (cell_before, squashed)) in
        step.pre_activation.chunks_exact_mut(4 * n).zip(states).zip(kept)
    {
        let (i_f, g_o) = pre_activation.split_at_mut(2 * n);
        let (g, o) = g_o.split_at_mut(n);
        R::sigmoid_all(i_f);
        R::tanh_all(g);
        R::sigmoid_all(o);
        let (i, f) = i_f.split_at(n);
        for j in 0..n {
            cell[j] = f[j] * cell_before[j] + i[j] * g[j];
        }
        squashed.copy_from_slice(cell);
        R::tanh_all(squashed);
        for j in 0..n {
            hidden[j] = o[j] * squashed[j];
        }
    }
}

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn backward<R: Real>(step: BackwardStep<'_, R>) {
    let n = step.hidden_size;
    let mut through_output = step.through_output;
    let gradients = step.hidden_gradient.chunks_exact(n).zip(step.cell_gradient.chunks_exact_mut(n));
    let kept = step.blocks.chunks_exact(4 * n).zip(step.saved.chunks_exact(n)).zip(step.cell_before.chunks_exact(n));
    let out = step.input.chunks_exact_mut(4 * n).zip(step.cell_gradient_before.chunks_exact_mut(n));
    for (((hidden_gradient, total), ((blocks, squashed), cell_before)), (input, before)) in gradients.zip(kept).zip(out)
    {
        let ((i, f), (g, o)) = (blocks[..2 * n].split_at(n), blocks[2 * n..].split_at(n));
        let (to_i_f, to_g_o) = input.split_at_mut(2 * n);
        let ((to_i, to_f), (to_g, to_o)) = (to_i_f.split_at_mut(n), to_g_o.split_at_mut(n));
        // What comes through h_t first.
        if through_output.is_empty() {
            for j in 0..n {
                before[j] = hidden_gradient[j] * o[j] * (R::ONE - squashed[j] * squashed[j]);
            }
        } else {
            let (given, rest) = through_output.split_at(n);
            before.copy_from_slice(given);
            through_output = rest;
        }
        for j in 0..n {
            let (dh, squashed) = (hidden_gradient[j], squashed[j]);
            let dc = total[j] + before[j];
            total[j] = dc;
            before[j] = dc * f[j];
            to_i[j] = dc * g[j] * i[j] * (R::ONE - i[j]);
            to_f[j] = dc * cell_before[j] * f[j] * (R::ONE - f[j]);
            to_g[j] = dc * i[j] * (R::ONE - g[j] * g[j]);
            to_o[j] = dh * squashed * o[j] * (R::ONE - o[j]);
        }
    }
    step.direct.fill(R::ZERO);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_forget_gate_and_a_closed_input_gate_carry_the_cell_through_unchanged() {
        let (mut saved, mut hidden, mut cell) = ([0.0f64; 1], [0.0; 1], [0.0; 1]);
        forward(ForwardStep {
            hidden_size: 1,
            constants: [0.0; 2],
            pre_activation: &mut [-800.0, 800.0, 0.3, 0.0],
            recurrent: &[],
            hidden_before: &[0.2],
            cell_before: &[0.7],
            saved: &mut saved,
            hidden: &mut hidden,
            cell: &mut cell,
        });
        assert_eq!(cell, [0.7]);
        // o = sigm(0) = 1/2.
        assert!((hidden[0] - 0.5 * 0.7f64.tanh()).abs() < 1e-15);
    }
}
