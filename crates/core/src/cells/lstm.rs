//! Long short-term memory.
//!
//! ```text
//! i = σ(u_i + v_i)   f = σ(u_f + v_f)   g = tanh(u_g + v_g)   o = σ(u_o + v_o)
//! c_t = f ⊙ c_{t-1} + i ⊙ g            h_t = o ⊙ tanh(c_t)
//! ```
//!
//! with u = W_ih x_t + b_ih and v = W_hh h_{t-1} + b_hh, rows in the order i, f, g, o as in PyTorch's `nn.LSTM`.
//! Hochreiter and Schmidhuber, "Long short-term memory" (1997); forget gate: Gers, Schmidhuber and Cummins (2000).
//! Backward, with dc the total dL/dc_t: dc += o (1 - tanh²c_t) dh, dL/dc_{t-1} = f ⊙ dc: the additive path.
use super::{BackwardStep, CellSpec, ForwardStep, Steps};
use crate::network::Real;

/// Registry entry.
pub const LSTM: CellSpec = CellSpec {
    slug: "lstm",
    title: "LSTM",
    equation: "c_t = f ⊙ c_{t-1} + i ⊙ g, h_t = o ⊙ tanh(c_t)",
    gates: 4,
    saved: 5,
    has_cell_state: true,
    derivative_bound: None,
    single: Steps { forward, backward },
    double: Steps { forward, backward },
    wide: Steps { forward, backward },
};

fn forward<R: Real>(step: ForwardStep<'_, R>) {
    let size = step.hidden.len();
    for j in 0..size {
        let sum = |gate: usize| step.input[gate * size + j] + step.recurrent[gate * size + j];
        let (i, f, g, o) = (sum(0).sigmoid(), sum(1).sigmoid(), sum(2).tanh(), sum(3).sigmoid());
        let c = f * step.cell_before[j] + i * g;
        let squashed = c.tanh();
        step.cell[j] = c;
        step.hidden[j] = o * squashed;
        for (gate, value) in [i, f, g, o, squashed].into_iter().enumerate() {
            step.saved[gate * size + j] = value;
        }
    }
}

fn backward<R: Real>(step: BackwardStep<'_, R>) {
    let size = step.hidden.len();
    for j in 0..size {
        let saved = |gate: usize| step.saved[gate * size + j];
        let (i, f, g, o, squashed) = (saved(0), saved(1), saved(2), saved(3), saved(4));
        let hidden_gradient = step.hidden_gradient[j];
        let total = step.cell_gradient[j] + hidden_gradient * o * (R::ONE - squashed * squashed);
        step.cell_gradient[j] = total;
        step.cell_gradient_before[j] = total * f;
        step.direct[j] = R::ZERO;
        let through = [
            total * g * i * (R::ONE - i),
            total * step.cell_before[j] * f * (R::ONE - f),
            total * i * (R::ONE - g * g),
            hidden_gradient * squashed * o * (R::ONE - o),
        ];
        for (gate, value) in through.into_iter().enumerate() {
            step.input[gate * size + j] = value;
            step.recurrent[gate * size + j] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_forget_gate_and_a_closed_input_gate_carry_the_cell_through_unchanged() {
        let (input, recurrent) = ([-800.0, 800.0, 0.3, 0.0], [0.0; 4]);
        let (mut saved, mut hidden, mut cell) = ([0.0f64; 5], [0.0; 1], [0.0; 1]);
        forward(ForwardStep {
            input: &input,
            recurrent: &recurrent,
            hidden_before: &[0.2],
            cell_before: &[0.7],
            saved: &mut saved,
            hidden: &mut hidden,
            cell: &mut cell,
        });
        assert_eq!(cell, [0.7]);
        // o = σ(0) = 1/2.
        assert!((hidden[0] - 0.5 * 0.7f64.tanh()).abs() < 1e-15);
    }
}
