//! ‖dL/dh_t‖ of a real forward and backward pass of a recurrent network, without and with the remedies that are on.
use super::network::{NetworkConfig, Prepared};
use crate::bptt::{self, Passage};
use crate::dynamics;
use crate::math;
use crate::network::{Network, Weights, index};
use crate::random::Stream;
use crate::remedies::Remedy;
use nalgebra::DMatrix;

/// One pass without remedies, and one with, if any is on.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientStudy {
    /// Sizes and cell.
    pub network: Network,
    /// Time steps: of a task, more than its T says.
    pub steps: usize,
    /// Without remedies.
    pub plain: Pass,
    /// With the remedies that are on; `None` if none is.
    pub treated: Option<Pass>,
}

impl GradientStudy {
    /// What is in force: with the remedies, if any is on.
    pub fn in_force(&self) -> &Pass {
        self.treated.as_ref().unwrap_or(&self.plain)
    }
}

/// What was found in a pass. Logarithms to base 10; index t = 0..=T.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// States, state gradients, dL/dθ.
    pub passage: Passage,
    /// log10 of the global norm of dL/dθ as backpropagation gave it.
    pub gradient_log10: f64,
    /// The same after the remedies that act on it.
    pub gradient_after_log10: f64,
    /// The largest singular value of each block of the top layer's W_hh (of the treated one, where a remedy replaced it).
    pub spectral_norms: Vec<f64>,
}

/// Runs the network.
pub fn run(config: &NetworkConfig) -> GradientStudy {
    let Prepared { network, weights, sequences } = config.prepare();
    let pass = |weights: &Weights<f64>, active: &[Box<dyn Remedy<f64>>]| {
        look(&network, weights, bptt::study(&network, weights, &sequences), active)
    };
    let plain = pass(&weights, &[]);
    let active = config.active_remedies();
    let treated = (!active.is_empty()).then(|| {
        let mut weights = weights.clone();
        let mut stream = Stream::new(config.recurrence.seed, "initialisation");
        active.iter().for_each(|remedy| remedy.initialize(&mut weights, &mut stream));
        pass(&weights, &active)
    });
    GradientStudy { network, steps: sequences.steps, plain, treated }
}

fn look(network: &Network, weights: &Weights<f64>, passage: Passage, active: &[Box<dyn Remedy<f64>>]) -> Pass {
    let gradient_log10 = bptt::log10_global_norm(&passage.gradient);
    let gradient_after_log10 = if active.is_empty() {
        gradient_log10
    } else {
        let mut gradient = passage.weights_gradient(network);
        active.iter().for_each(|remedy| remedy.on_gradient(&mut gradient));
        gradient.log10_global_norm()
    };
    let n = network.hidden_size;
    let recurrent = &weights.tensors[network.index(network.layers - 1, index::W_HH)].values;
    let blocks = recurrent.chunks_exact(n * n).map(|block| DMatrix::from_row_slice(n, n, block));
    Pass {
        gradient_log10,
        gradient_after_log10,
        spectral_norms: blocks.map(|block| dynamics::spectral_norm(&block)).collect(),
        passage,
    }
}

impl Pass {
    /// log10 ‖dL/dh_t‖ of the top layer.
    pub fn state_gradient_log10(&self) -> &[f64] {
        &self.passage.top().hidden_gradient_log10
    }

    /// log10 (‖dL/dh_0‖ / ‖dL/dh_T‖): what is left of the gradient at the first state.
    pub fn log10_ratio(&self) -> f64 {
        match (self.state_gradient_log10().first(), self.state_gradient_log10().last()) {
            (Some(first), Some(last)) => first - last,
            _ => f64::NAN,
        }
    }

    /// log10 (‖dL/dh_0‖ / ‖dL/dh_{T/2}‖): what the half of the way that is travelled last leaves of the gradient.
    pub fn log10_ratio_of_late_half(&self) -> f64 {
        let middle = self.state_gradient_log10().len() / 2;
        match (self.state_gradient_log10().first(), self.state_gradient_log10().get(middle)) {
            (Some(first), Some(middle)) => first - middle,
            _ => f64::NAN,
        }
    }

    /// The largest log10 (‖dL/dh_t‖ / ‖dL/dh_T‖), and its t: how far the gradient rises on its way.
    pub fn peak(&self) -> Option<(usize, f64)> {
        let last = *self.state_gradient_log10().last()?;
        let mut largest: Option<(usize, f64)> = None;
        for (t, value) in self.state_gradient_log10().iter().enumerate().rev() {
            if largest.is_none_or(|(_, best)| *value - last > best) && !value.is_nan() {
                largest = Some((t, value - last));
            }
        }
        largest
    }

    /// The mean change of ln ‖dL/dh_t‖ per step back, over the half of the way that is travelled last: there the
    /// smaller eigenvalues have had time to die out.
    pub fn slope_per_step(&self) -> f64 {
        let middle = self.state_gradient_log10().len() / 2;
        self.log10_ratio_of_late_half() * math::LN_10 / middle as f64
    }
}
