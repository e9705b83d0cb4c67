//! The singular values of the product of Jacobians over a distance back in time, and Lyapunov exponents.
//!
//! ```text
//! P_d = J_T J_{T-1} ... J_{T-d+1},   J_t = ds_t/ds_{t-1},   dL/ds_{T-d} = P_dᵀ dL/ds_T
//! ```
//!
//! s = h, or (h, c) for cells with a cell state. Of the top layer; its inputs from below are held fixed.
use super::network::{NetworkConfig, Prepared};
use crate::bptt::Workspace;
use crate::dynamics::{LyapunovExponents, ProductSingularValues};
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
    /// The finite-time Lyapunov exponents of the whole sequence, per step (nats), falling.
    pub exponents: Vec<f64>,
}

/// Runs the network forward and multiplies its Jacobians; `None` where the state is too large.
pub fn run(config: &NetworkConfig) -> Option<JacobianStudy> {
    let Prepared { network, mut weights, sequences } = config.prepare();
    let mut stream = crate::random::Stream::new(config.recurrence.seed, "initialisation");
    config.active_remedies().iter().for_each(|remedy| remedy.initialize(&mut weights, &mut stream));
    let mut workspace = Workspace::<f64>::new(&network, sequences.steps, 1, sequences.targets.at_every_step());
    let size = workspace.state_size();
    if size > LARGEST_STATE {
        return None;
    }
    workspace.inputs_mut().copy_from_slice(&sequences.inputs);
    for layer in 0..network.layers {
        let own = layer * network.hidden_size..(layer + 1) * network.hidden_size;
        workspace.hidden_start_mut(layer).copy_from_slice(&sequences.hidden_start[own]);
    }
    workspace.forward(&weights);
    let top = network.layers - 1;
    let mut product = ProductSingularValues::new(size);
    let mut lyapunov = LyapunovExponents::new(size);
    let distances = distances(sequences.steps);
    let mut singular_values_log10 = Vec::with_capacity(distances.len());
    let jacobians: Vec<Vec<f64>> = (1..=sequences.steps).map(|t| workspace.jacobian(top, t, &weights)).collect();
    jacobians.iter().for_each(|jacobian| lyapunov.push(jacobian));
    for (d, jacobian) in jacobians.iter().rev().enumerate() {
        product.push(jacobian);
        if distances.binary_search(&(d + 1)).is_ok() {
            singular_values_log10.push(product.log10_singular_values());
        }
    }
    Some(JacobianStudy { state_size: size, distances, singular_values_log10, exponents: lyapunov.exponents() })
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
    /// The mean growth of the largest singular value per step back, over the whole sequence, in nats.
    pub fn growth_per_step(&self) -> Option<f64> {
        let (d, values) = (self.distances.last()?, self.singular_values_log10.last()?);
        Some(values.first()? * math::LN_10 / *d as f64)
    }
}
