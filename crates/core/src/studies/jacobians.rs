//! The singular values of the product of Jacobians over a distance back in time, and finite-time Lyapunov exponents.
//!
//! ```text
//! P_d = J_T J_{T-1} ... J_{T-d+1},   J_t = ds_t/ds_{t-1},   dL/ds_{T-d} = P_dᵀ dL/ds_T
//! exponents: ln σ_i(P_T) / T
//! ```
//!
//! s = h, or (h, c) for cells with a cell state. Of the top layer; its inputs from below are held fixed. All singular values
//! cost the cube of the state; of a large state the largest are found, a piece at a time ([`LeadingJacobians`]).
use super::network::{LossAt, NetworkConfig, Prepared, RecurrenceConfig};
use super::opened::SharedNetwork;
use crate::bptt::{LayerFactors, Workspace};
use crate::dynamics::{Factors, LeadingRun, ProductSingularValues};
use crate::math;
use crate::remedies::{self, Stage};

/// Up to so many numbers in a state all singular values are computed, and where they are asked for.
pub const LARGEST_STATE: usize = 64;

/// So many are found of a larger state.
pub const LEADING: usize = 10;

/// How many distances are looked at, about.
const DISTANCES: usize = 24;

/// The same where each is dear.
const FEW_DISTANCES: usize = 8;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct JacobianStudy {
    /// Numbers in a state.
    pub state_size: usize,
    /// The distances d, rising.
    pub distances: Vec<usize>,
    /// log10 of the singular values of P_d, falling, for each distance; -∞ for zero. All of them, or the [`LEADING`] largest.
    pub singular_values_log10: Vec<Vec<f64>>,
}

/// The configuration without what changes no Jacobian: where the loss looks, remedies that act on gradients, what is known
/// of an opened network's spectrum.
pub fn decisive(config: &NetworkConfig) -> NetworkConfig {
    let early = remedies::ALL.iter().filter(|spec| spec.stage <= Stage::Initialization);
    let params = early.flat_map(|spec| std::iter::once(&spec.toggle.spec).chain(spec.params.iter().copied()));
    let opened = config.recurrence.opened.as_ref().map(SharedNetwork::without_spectrum);
    NetworkConfig {
        remedies: config.remedies.only(params),
        loss_at: LossAt::Last,
        recurrence: RecurrenceConfig { opened, ..config.recurrence.clone() },
        ..config.clone()
    }
}

/// Whether the Jacobians are a recurrent matrix and slopes of single units, of which a large state's largest singular values
/// are found ([`factors`]). A normalisation ties the units to each other.
pub fn has_factors(config: &NetworkConfig) -> bool {
    config.normalization_in_force().is_none()
}

/// Recurrent matrices of more numbers are left out: their Jacobians' products would take hours.
pub const LARGEST_MATRIX: usize = 8 << 20;

/// Whether the recurrent matrix is larger than that.
pub fn is_too_large(config: &NetworkConfig) -> bool {
    let size = config.recurrence.hidden_size;
    size.saturating_mul(size).saturating_mul(config.cell_in_force().gates) > LARGEST_MATRIX
}

/// Numbers in the state of one layer, as the remedies leave the cell.
pub fn state_size(config: &NetworkConfig) -> usize {
    config.recurrence.hidden_size * if config.cell_in_force().has_cell_state { 2 } else { 1 }
}

/// Runs the network forward and multiplies its Jacobians; `None` where the state is too large.
pub fn run(config: &NetworkConfig) -> Option<JacobianStudy> {
    let size = state_size(config);
    if size > LARGEST_STATE {
        return None;
    }
    let Prepared { network, weights, sequences } = config.prepare_in_force();
    let mut workspace = Workspace::<f64>::filled(&network, &sequences);
    workspace.forward(&weights);
    let top = network.layers - 1;
    let mut product = ProductSingularValues::new(size);
    let distances = distances(sequences.steps, DISTANCES);
    let mut singular_values_log10 = Vec::with_capacity(distances.len());
    for d in 1..=sequences.steps {
        product.push(&workspace.jacobian(top, sequences.steps - d + 1, &weights));
        if distances.binary_search(&d).is_ok() {
            singular_values_log10.push(product.log10_singular_values());
        }
    }
    Some(JacobianStudy { state_size: size, distances, singular_values_log10 })
}

/// Runs the network forward and takes the Jacobians of its top layer apart: all that [`LeadingJacobians`] needs.
pub fn factors(config: &NetworkConfig) -> LayerFactors {
    let Prepared { network, weights, sequences } = config.prepare_in_force();
    let mut workspace = Workspace::<f64>::filled(&network, &sequences);
    workspace.forward(&weights);
    workspace.factors(network.layers - 1, &weights)
}

/// The [`LEADING`] largest singular values, a piece at a time: of a thousand units they take many seconds, in which somebody
/// may want to hear how far they are, or change their mind.
#[derive(Clone, Debug)]
pub struct LeadingJacobians {
    state_size: usize,
    distances: Vec<usize>,
    run: LeadingRun<LayerFactors>,
}

impl LeadingJacobians {
    /// At its beginning.
    pub fn new(factors: LayerFactors) -> Self {
        let (state_size, distances) = (factors.size(), distances(factors.count(), FEW_DISTANCES));
        Self { state_size, run: LeadingRun::new(factors, distances.clone(), LEADING), distances }
    }

    /// Does a piece of it; `false`: there was nothing left to do.
    pub fn advance(&mut self) -> bool {
        self.run.advance()
    }

    /// The share that is done, about.
    pub fn progress(&self) -> f64 {
        self.run.progress()
    }

    /// What was found; what is left is done.
    pub fn finish(self) -> JacobianStudy {
        let Self { state_size, distances, run } = self;
        JacobianStudy { state_size, distances, singular_values_log10: run.finish() }
    }
}

/// 1, 2, 3, then about evenly up to T.
fn distances(steps: usize, count: usize) -> Vec<usize> {
    let mut distances: Vec<usize> = (1..=3.min(steps)).collect();
    for i in 1..=count {
        let d = (steps * i).div_ceil(count);
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
            let backward_pass = gradients::run(&config).plain;
            let norms = backward_pass.state_gradient_log10();
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
    fn the_largest_singular_values_of_a_taken_apart_network_are_those_of_the_whole() {
        for cell in [&cells::TANH, &cells::RELU, &cells::GRU, &cells::LSTM] {
            let mut config = config("gaussian", cell, 32);
            config.recurrence.layers = 2;
            let whole = run(&config).expect("a small state");
            let mut largest = LeadingJacobians::new(factors(&config));
            while largest.advance() {}
            assert_eq!(largest.progress(), 1.0);
            let largest = largest.finish();
            assert_eq!((largest.state_size, largest.distances.last()), (whole.state_size, whole.distances.last()));
            for (d, found) in largest.distances.iter().zip(&largest.singular_values_log10) {
                assert_eq!(found.len(), LEADING);
                let Some(at) = whole.distances.iter().position(|other| other == d) else { continue };
                let wanted = &whole.singular_values_log10[at];
                for (found, wanted) in found.iter().zip(wanted) {
                    assert!(found == wanted || (found - wanted).abs() < 5e-4, "{cell:?}: {found} {wanted}");
                }
            }
        }
    }

    #[test]
    fn the_state_of_an_lstm_is_h_and_c_and_too_large_a_state_is_left_out() {
        assert_eq!(run(&config("orthogonal", &cells::LSTM, 4)).expect("a small state").state_size, 8);
        assert_eq!(run(&config("orthogonal", &cells::LSTM, 33)), None);
    }

    #[test]
    fn the_jacobians_are_those_of_the_network_that_the_remedies_leave() {
        let with = |slug: &str| {
            let mut config = config("gaussian", &cells::TANH, 5);
            config.remedies.set(&remedies::find(slug).expect("a remedy").toggle.spec, crate::param::Value::Flag(true));
            config
        };
        assert_eq!(state_size(&with("lstm")), 10);
        assert_eq!(run(&with("lstm")), run(&config("gaussian", &cells::LSTM, 5)));
        assert!(has_factors(&with("lstm")) && !has_factors(&with("layer_norm")));
        assert_ne!(run(&with("layer_norm")), run(&config("gaussian", &cells::TANH, 5)));
    }
}
