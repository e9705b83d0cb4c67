//! Chrono initialisation: the biases of the gates are drawn so that the forgetting times cover the time to be remembered.
//!
//! ```text
//! b_f ~ log U(1, T_max - 1),   b_i = -b_f          LSTM
//! b_z ~ log U(1, T_max - 1)                        cells with one gate z between the old state and the new: GRU, minGRU
//! ```
//!
//! Tallec and Ollivier, "Can recurrent neural networks warp time?" (2018), equation 16. With the bias log u a gate is sigm(log u) =
//! u/(u + 1), and a state falls to 1/e in about u steps: with u spread evenly up to T_max, some units remember as long as anything
//! has to be. The paper's leaky cell has one gate for both, as has z here (PyTorch's, by which the old state is multiplied). Of a given
//! network the drawn bias is added to the given one.
use super::spec::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::math;
use crate::network::{Network, Role, Weights};
use crate::param::{Param, Settings};
use crate::random::Stream;
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "chrono_init",
    title: "chrono initialisation",
    does: "Draws the bias of each forget gate as log U(1, Tmax − 1), and the input gate’s as its opposite: the units forget over times spread up to Tmax.",
    does_not: "It does nothing in cells without such a gate, and half of the units still forget within half of Tmax.",
    source: "Tallec and Ollivier 2018, equation 16",
    method: Method::Gates,
    is_common: false,
    treats: Treats::Vanishing,
    stage: Stage::Initialization,
    replaces: Some(Slot::ForgetBias),
    changes_matrix: false,
    idle: |cell| cell.carry_gate().is_none().then_some("this cell has no gate that its old state is multiplied by"),
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&LONGEST.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("chrono-init", "chrono initialisation", false)
    .help("Draw the biases of the forget gates so that the units remember over times up to Tmax.");

/// T_max: the longest time that is to be remembered, in steps.
pub static LONGEST: Param<usize> = Param::count("chrono-longest", "longest time", 30, 3, 1_000)
    .fine_until(100)
    .symbol("Tmax")
    .help("The longest time, in steps, over which something is to be remembered; the sequence length is usual.");

struct Chrono {
    longest: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Chrono { longest: settings.get(&LONGEST) as f64 })
}

impl<R: Real> Remedy<R> for Chrono {
    fn configure(&self, plan: &mut Plan) {
        // The gate's bias is drawn, and not the one that is chosen.
        plan.forget_bias = 0.0;
    }

    fn initialize(&self, network: &Network, weights: &mut Weights<R>, stream: &mut Stream) {
        let cell = network.cell;
        let Some(carry) = cell.carry_gate() else { return };
        // Where the new is let in by a gate of its own, that one gets the opposite.
        let input = cell.forget_gate().and_then(|_| cell.blocks.iter().position(|block| block.symbol == INPUT_GATE));
        for tensor in weights.tensors.iter_mut().filter(|tensor| tensor.role == Role::InputBias) {
            let n = tensor.rows / cell.gates;
            for j in 0..n {
                let bias = math::ln(stream.uniform_between(1.0, self.longest - 1.0));
                let mut add = |gate: usize, by: f64| {
                    let to = &mut tensor.values[gate * n + j];
                    *to = R::from_f64(to.to_f64() + by);
                };
                add(carry, bias);
                input.into_iter().for_each(|gate| add(gate, -bias));
            }
        }
    }
}

/// The symbol of the gate by which a candidate is let into the cell state.
const INPUT_GATE: &str = "i";

#[cfg(test)]
mod tests {
    use super::super::tests::network;
    use super::*;
    use crate::cells;
    use crate::network::index;

    fn biases(cell: &'static cells::CellSpec) -> Vec<f64> {
        let network = Network { hidden_size: 400, ..network(cell, 2) };
        let mut weights = network.zeros::<f64>();
        Chrono { longest: 41.0 }.initialize(&network, &mut weights, &mut Stream::new(1, "test"));
        let touched = |tensor: &crate::network::Tensor<f64>| tensor.values.iter().any(|x| *x != 0.0);
        assert!(weights.tensors.iter().all(|tensor| !touched(tensor) || tensor.role == Role::InputBias));
        assert_ne!(weights.tensors[index::B_IH].values, weights.tensors[index::PER_LAYER + index::B_IH].values);
        weights.tensors.swap_remove(index::B_IH).values
    }

    #[test]
    fn times_are_uniform_up_to_the_longest_and_the_input_gate_has_the_opposite() {
        let b = biases(&cells::LSTM);
        let (i, f) = (&b[..400], &b[400..800]);
        assert!(i.iter().zip(f).all(|(i, f)| *i == -f) && b[800..].iter().all(|x| *x == 0.0));
        // e^b is U(1, 40): mean 20.5, standard deviation 39/√12 = 11.3, of 400 numbers 0.56.
        let times: Vec<f64> = f.iter().map(|b| math::exp(*b)).collect();
        assert!(times.iter().all(|u| (1.0..=40.0 + 1e-12).contains(u)));
        assert!((times.iter().sum::<f64>() / 400.0 - 20.5).abs() < 2.0);
    }

    #[test]
    fn a_cell_with_one_gate_for_old_and_new_has_its_bias_alone() {
        let b = biases(&cells::GRU);
        assert!(b[..400].iter().chain(&b[800..]).all(|x| *x == 0.0) && b[400..800].iter().all(|x| *x >= 0.0));
        assert!(biases(&cells::MIN_GRU)[..400].iter().all(|x| *x >= 0.0));
    }
}
