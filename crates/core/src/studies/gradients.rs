//! ‖dL/dh_t‖ of a real forward and backward pass of a recurrent network, without and with the remedies that are on.
use super::network::{NetworkConfig, Prepared};
use super::recurrence::{self, RecurrenceStudy};
use crate::bptt::{self, BackwardPass};
use crate::dynamics;
use crate::math;
use crate::network::{Network, Weights, index};
use crate::remedies::Update;
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
    pub backward_pass: BackwardPass,
    /// log10 of the global norm of dL/dθ as backpropagation gave it.
    pub gradient_log10: f64,
    /// The same after the remedies that act on it.
    pub gradient_after_log10: f64,
    /// The largest singular value of each block of the top layer's W_hh (of the treated one, where a remedy replaced it).
    pub spectral_norms: Vec<f64>,
}

/// As [`run_on`], looking at the recurrent matrix.
pub fn run(config: &NetworkConfig) -> GradientStudy {
    run_on(&recurrence::run(&config.recurrence), config)
}

/// Runs the network, whose recurrent matrix is the one that was looked at.
pub fn run_on(recurrence: &RecurrenceStudy, config: &NetworkConfig) -> GradientStudy {
    let Prepared { network, weights, sequences } = config.prepare();
    let study = |weights: &Weights<f64>| {
        let mut backward_pass = bptt::study(&network, weights, &sequences);
        if let Some(opened) = &config.recurrence.opened {
            opened.keep_parameters(&mut backward_pass);
        }
        backward_pass
    };
    let backward_pass = study(&weights);
    let gradient_log10 = bptt::log10_global_norm(&backward_pass.gradient);
    let spectral_norms = recurrence.blocks.iter().map(|block| block.spectral_norm).collect();
    let plain = Pass { gradient_after_log10: gradient_log10, gradient_log10, spectral_norms, backward_pass };
    let mut active = config.active_remedies();
    let treated = (!active.is_empty()).then(|| {
        let mut treated_weights = weights.clone();
        config.initialize(&mut treated_weights);
        // Most remedies leave the start as it is: then the way back is the one that is already known.
        let mut pass = if treated_weights == weights {
            plain.clone()
        } else {
            let backward_pass = study(&treated_weights);
            let gradient_log10 = bptt::log10_global_norm(&backward_pass.gradient);
            // Of many rows that would be waited for.
            let spectral_norms = match network.hidden_size {
                size if size <= 256 => spectral_norms_of_top_layer(&network, &treated_weights),
                _ => vec![f64::NAN; network.cell.gates],
            };
            Pass { gradient_after_log10: gradient_log10, gradient_log10, spectral_norms, backward_pass }
        };
        let mut gradient = pass.backward_pass.weights_gradient(&network);
        let mut update = Update {
            step: 0,
            loss: pass.backward_pass.loss,
            weights: &treated_weights,
            learning_rate: 0.0,
            skip: false,
            alarm: None,
        };
        active.iter_mut().for_each(|remedy| remedy.on_gradient(&mut update, &mut gradient));
        pass.gradient_after_log10 = gradient.log10_global_norm();
        pass
    });
    GradientStudy { network, steps: sequences.steps, plain, treated }
}

fn spectral_norms_of_top_layer(network: &Network, weights: &Weights<f64>) -> Vec<f64> {
    let n = network.hidden_size;
    let recurrent = &weights.tensors[network.index(network.layers - 1, index::W_HH)].values;
    let blocks = recurrent.chunks_exact(n * n).map(|block| DMatrix::from_row_slice(n, n, block));
    blocks.map(|block| dynamics::spectral_norm(&block)).collect()
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

#[cfg(test)]
mod tests {
    use super::super::network::tests::config;
    use super::*;
    use crate::cells;
    use crate::param::Value;
    use crate::remedies;

    #[test]
    fn in_a_linear_cell_the_slope_is_the_logarithm_of_the_leading_eigenvalue() {
        for lambda in [0.9, 1.1, -1.05] {
            let mut config = config("symmetric", &cells::LINEAR, 4);
            config.recurrence.recipe.eigenvalues = vec![lambda, 0.5, -0.3, 0.1];
            config.sequence_length = 200;
            let slope = run(&config).plain.slope_per_step();
            assert!((slope - lambda.abs().ln()).abs() < 1e-12, "{lambda}: {slope}");
        }
    }

    #[test]
    fn far_beyond_the_range_of_f64_norms_are_still_right() {
        for (gain, steps) in [(5.0, 8_000), (0.1, 8_000)] {
            let mut config = config("identity", &cells::LINEAR, 3);
            config.recurrence.recipe.gain = gain;
            config.sequence_length = steps;
            let expected = steps as f64 * gain.log10();
            let found = run(&config).plain.log10_ratio();
            assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn the_gradient_of_the_weights_is_right_where_states_and_errors_are_both_huge() {
        let mut config = config("identity", &cells::LINEAR, 3);
        config.recurrence.recipe.gain = 1.5;
        config.sequence_length = 1_000;
        let found = run(&config).plain;
        // Each of the two is near 1.5^1000; the parts of W_out are their products.
        assert!((found.gradient_log10 - 2.0 * 1_000.0 * 1.5f64.log10()).abs() < 10.0, "{}", found.gradient_log10);
        let weights = super::super::weight_gradient::of_layer(&run(&config).network, found.backward_pass.top());
        assert!(weights.contribution.iter().chain(&weights.accumulated).all(|x| x.is_finite()));
    }

    #[test]
    fn a_tanh_cell_with_a_symmetric_matrix_above_one_saturates_and_its_gradient_dies() {
        let mut config = config("symmetric", &cells::TANH, 4);
        config.recurrence.recipe.eigenvalues = vec![1.5, 0.5, -0.3, 0.1];
        let slope = run(&config).plain.slope_per_step();
        assert!(slope < -0.2, "{slope}");
    }

    #[test]
    fn a_gradient_may_rise_before_it_falls_although_every_eigenvalue_is_below_one() {
        let mut config = config("spectrum", &cells::LINEAR, 6);
        config.recurrence.recipe.pairs = vec![(0.9, 0.0), (0.9, 0.0), (0.9, 0.0)];
        config.recurrence.recipe.departure = 5.0;
        config.sequence_length = 200;
        let plain = run(&config).plain;
        let (t, height) = plain.peak().expect("a gradient");
        assert!((100..200).contains(&t) && height > 1.0, "{t} {height}");
        assert!(plain.log10_ratio() < -1.0, "{}", plain.log10_ratio());
    }

    #[test]
    fn orthogonal_initialisation_keeps_the_norm_of_a_linear_cells_gradient() {
        let mut config = config("symmetric", &cells::LINEAR, 4);
        config.remedies.set(&remedies::find("orthogonal_init").expect("a remedy").toggle.spec, Value::Flag(true));
        let treated = run(&config).treated.expect("a remedy is on");
        let first = treated.state_gradient_log10()[0];
        assert!(treated.state_gradient_log10().iter().all(|x| (x - first).abs() < 1e-12));
        assert!((treated.spectral_norms[0] - 1.0).abs() < 1e-13);
    }

    #[test]
    fn clipping_changes_the_parameter_gradient_and_not_the_state_gradients() {
        let mut config = config("symmetric", &cells::LINEAR, 4);
        config.recurrence.recipe.eigenvalues = vec![1.3];
        config.remedies.set(&remedies::find("clip_norm").expect("a remedy").toggle.spec, Value::Flag(true));
        let study = run(&config);
        let treated = study.in_force();
        assert_eq!(treated.state_gradient_log10(), study.plain.state_gradient_log10());
        assert!(treated.gradient_log10 > 5.0);
        assert!(treated.gradient_after_log10.abs() < 1e-12);
    }
}
