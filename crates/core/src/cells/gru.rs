//! The gated recurrent unit, with the reset gate after the matrix product.
//!
//! ```text
//! r = σ(u_r + v_r)   z = σ(u_z + v_z)   n = tanh(u_n + r ⊙ v_n)
//! h_t = (1 - z) ⊙ n + z ⊙ h_{t-1}
//! ```
//!
//! with u = W_ih x_t + b_ih and v = W_hh h_{t-1} + b_hh, rows in the order r, z, n as in PyTorch's `nn.GRU`, whose b_hn
//! stands inside the reset gate's product. Cho et al., "Learning phrase representations using RNN encoder-decoder"
//! (2014), has the reset gate before the product. Backward: dL/dh_{t-1} gets z ⊙ dh past the matrix W_hh.
use super::{BackwardStep, CellSpec, ForwardStep, Steps};
use crate::network::Real;

/// Registry entry.
pub const GRU: CellSpec = CellSpec {
    slug: "gru",
    title: "GRU",
    equation: "h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}",
    gates: 3,
    saved: 4,
    has_cell_state: false,
    derivative_bound: None,
    single: Steps { forward, backward },
    double: Steps { forward, backward },
    wide: Steps { forward, backward },
};

fn forward<R: Real>(step: ForwardStep<'_, R>) {
    let size = step.hidden.len();
    for j in 0..size {
        let sum = |gate: usize| step.input[gate * size + j] + step.recurrent[gate * size + j];
        let (r, z) = (sum(0).sigmoid(), sum(1).sigmoid());
        let recurrent = step.recurrent[2 * size + j];
        let n = (step.input[2 * size + j] + r * recurrent).tanh();
        step.hidden[j] = (R::ONE - z) * n + z * step.hidden_before[j];
        for (gate, value) in [r, z, n, recurrent].into_iter().enumerate() {
            step.saved[gate * size + j] = value;
        }
    }
}

fn backward<R: Real>(step: BackwardStep<'_, R>) {
    let size = step.hidden.len();
    for j in 0..size {
        let saved = |gate: usize| step.saved[gate * size + j];
        let (r, z, n, recurrent) = (saved(0), saved(1), saved(2), saved(3));
        let hidden_gradient = step.hidden_gradient[j];
        let to_n = hidden_gradient * (R::ONE - z) * (R::ONE - n * n);
        let to_z = hidden_gradient * (step.hidden_before[j] - n) * z * (R::ONE - z);
        let to_r = to_n * recurrent * r * (R::ONE - r);
        step.direct[j] = hidden_gradient * z;
        for (gate, (input, recurrent)) in [(to_r, to_r), (to_z, to_z), (to_n, to_n * r)].into_iter().enumerate() {
            step.input[gate * size + j] = input;
            step.recurrent[gate * size + j] = recurrent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_update_gate_carries_the_state_through_unchanged() {
        let (input, recurrent) = ([0.0, 800.0, 0.3], [0.0; 3]);
        let (mut saved, mut hidden) = ([0.0f64; 4], [0.0; 1]);
        forward(ForwardStep {
            input: &input,
            recurrent: &recurrent,
            hidden_before: &[0.7],
            cell_before: &[],
            saved: &mut saved,
            hidden: &mut hidden,
            cell: &mut [],
        });
        assert_eq!(hidden, [0.7]);
    }
}
