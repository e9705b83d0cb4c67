//! What is found in the passes of a network: without remedies, and with those that are on.
use crate::bptt::{BackwardPass, LayerPass, Truncation, Watch};
use crate::math;
use crate::network::Network;
use crate::remedies::Remedy;

/// One pass without remedies, and one with, if any is on.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientStudy {
    /// Sizes and cell without remedies; those of a pass are its own ([`Pass::network`]).
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
    /// Sizes, cell and normalisation: of the treated one, as the remedies left them.
    pub network: Network,
    /// States, state gradients, dL/dθ; of a network in both directions the states forwards in time.
    pub backward_pass: BackwardPass,
    /// What each layer saw backwards in time, by its own steps; empty for a network in one direction.
    pub reverse: Vec<LayerPass>,
    /// log10 of the global norm of dL/dθ as backpropagation gave it; NaN where the network is too large for it.
    pub gradient_log10: f64,
    /// The same after the remedies that act on it.
    pub gradient_after_log10: f64,
    /// The angle by which those remedies turned it, in radians; `None` where they left it as it was, or it has no
    /// direction.
    pub turned: Option<f64>,
    /// The largest singular value of each block of the top layer's W_hh (of the treated one, where a remedy replaced it).
    pub spectral_norms: Vec<f64>,
    /// What comes back through the gates alone, see [`super::gate_path::log10_norms`]; empty for cells without such a path.
    pub gate_path_log10: Vec<f64>,
}

impl Pass {
    /// log10 ‖dL/dh_t‖ of the top layer.
    pub fn state_gradient_log10(&self) -> &[f64] {
        &self.backward_pass.top().hidden_gradient_log10
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

/// Lets the remedies act on the state gradients, as training does.
pub(super) struct Watcher<'a> {
    pub remedies: &'a [Box<dyn Remedy<f64>>],
    pub steps: usize,
}

impl Watch<f64> for Watcher<'_> {
    fn hidden(&mut self, layer: usize, t: usize, gradient: &mut [f64], exponent: i64) {
        self.remedies.iter().for_each(|remedy| remedy.on_state_gradient(layer, t, gradient, exponent));
    }

    fn counts(&self, layer: usize, t: usize) -> bool {
        self.remedies.iter().all(|remedy| remedy.counts(layer, t, self.steps))
    }
}

/// The time of the state at which truncated backpropagation stops.
pub(super) fn detached(truncation: Truncation, steps: usize) -> usize {
    truncation.segments(steps).last().map_or(0, |segment| segment.boundary)
}
