//! The singular values of the product of Jacobians over a distance back in time, and finite-time Lyapunov exponents.
//!
//! ```text
//! P_d = J_T J_{T-1} ... J_{T-d+1},   J_t = ds_t/ds_{t-1},   dL/ds_{T-d} = P_dᵀ dL/ds_T
//! exponents: ln σ_i(P_T) / T
//! ```
//!
//! s = h, or (h, c) for cells with a cell state. Of the top layer; its inputs from below are held fixed.
use super::network::{NetworkConfig, Prepared};
use crate::bptt::Workspace;
use crate::dynamics::ProductSingularValues;
use crate::math;

/// Up to here the page computes them: the time grows with the cube.
pub const LARGEST_STATE: usize = 64;

/// How many distances are looked at, about.
const DISTANCES: usize = 24;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct JacobianStudy {
    /// Numbers in a state.
    pub state_size: usize,
    /// The distances d, rising.
    pub distances: Vec<usize>,
    /// log10 of all singular values of P_d, falling, for each distance; -∞ for zero.
    pub singular_values_log10: Vec<Vec<f64>>,
}

/// Runs the network forward and multiplies its Jacobians; `None` where the state is too large.
pub fn run(config: &NetworkConfig) -> Option<JacobianStudy> {
    let Prepared { network, mut weights, sequences } = config.prepare();
    config.initialize(&mut weights);
    let mut workspace = Workspace::<f64>::filled(&network, &sequences);
    let size = workspace.state_size();
    if size > LARGEST_STATE {
        return None;
    }
    workspace.forward(&weights);
    let top = network.layers - 1;
    let mut product = ProductSingularValues::new(size);
    let distances = distances(sequences.steps);
    let mut singular_values_log10 = Vec::with_capacity(distances.len());
    for d in 1..=sequences.steps {
        product.push(&workspace.jacobian(top, sequences.steps - d + 1, &weights));
        if distances.binary_search(&d).is_ok() {
            singular_values_log10.push(product.log10_singular_values());
        }
    }
    Some(JacobianStudy { state_size: size, distances, singular_values_log10 })
}

/// 1, 2, 3, then about evenly up to T.
fn distances(steps: usize) -> Vec<usize> {
    let mut distances: Vec<usize> = (1..=3.min(steps)).collect();
    for i in 1..=DISTANCES {
        let d = (steps * i).div_ceil(DISTANCES);
        if distances.last().is_none_or(|last| d > *last) {
            distances.push(d);
        }
    }
    distances
}

impl JacobianStudy {
    /// The finite-time Lyapunov exponents of the whole sequence, per step (nats), falling.
    pub fn exponents(&self) -> Vec<f64> {
        let (Some(d), Some(values)) = (self.distances.last(), self.singular_values_log10.last()) else {
            return Vec::new();
        };
        values.iter().map(|log10| log10 * math::LN_10 / *d as f64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::gradients;
    use super::super::network::tests::config;
    use super::*;
    use crate::cells;

    #[test]
    fn a_gradient_grows_no_more_than_the_largest_singular_value_and_no_less_than_the_smallest() {
        for cell in [&cells::LINEAR, &cells::TANH, &cells::RELU, &cells::GRU] {
            let config = config("gaussian", cell, 6);
            let study = run(&config).expect("a small state");
            let passage = gradients::run(&config).plain;
            let norms = passage.state_gradient_log10();
            for (d, values) in study.distances.iter().zip(&study.singular_values_log10) {
                let ratio = norms[60 - d] - norms[60];
                assert!(ratio <= values[0] + 1e-9 && ratio >= values[5] - 1e-9, "{cell:?} {d}: {ratio} {values:?}");
            }
        }
    }

    #[test]
    fn an_orthogonal_linear_network_has_all_singular_values_one_and_all_exponents_zero() {
        let study = run(&config("orthogonal", &cells::LINEAR, 6)).expect("a small state");
        assert!(study.singular_values_log10.iter().flatten().all(|x| x.abs() < 1e-12));
        assert!(study.exponents().iter().all(|x| x.abs() < 1e-13));
        assert_eq!((study.distances[0], *study.distances.last().expect("some")), (1, 60));
    }

    #[test]
    fn the_state_of_an_lstm_is_h_and_c_and_too_large_a_state_is_left_out() {
        assert_eq!(run(&config("orthogonal", &cells::LSTM, 4)).expect("a small state").state_size, 8);
        assert_eq!(run(&config("orthogonal", &cells::LSTM, 33)), None);
    }
}
