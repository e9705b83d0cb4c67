//! ‖dL/dh_t‖ of a real forward and backward pass of a recurrent network, without and with the remedies that are on.
use super::gate_path;
use super::network::{NetworkConfig, Prepared};
use super::passes::{Watcher, detached};
use super::recurrence::{self, RecurrenceStudy};
use super::stacked;
use crate::bptt::{self, BackwardPass, Changes, Truncation};
use crate::dynamics;
use crate::gradient_ops;
use crate::network::{Network, Weights, index};
use crate::remedies::Update;
use nalgebra::DMatrix;

pub use super::passes::{GradientStudy, Pass};

/// As [`run_on`], looking at the recurrent matrix.
pub fn run(config: &NetworkConfig) -> GradientStudy {
    run_on(&recurrence::run(&config.recurrence), config)
}

/// Runs the network, whose recurrent matrix is the one that was looked at.
pub fn run_on(recurrence: &RecurrenceStudy, config: &NetworkConfig) -> GradientStudy {
    if let Some((opened, stack)) = config.stack() {
        return stacked::run(recurrence, config, opened, stack);
    }
    let Prepared { network, weights, sequences } = config.prepare();
    let keep = |mut backward_pass: BackwardPass| {
        if let Some(opened) = &config.recurrence.opened {
            opened.keep_parameters(&mut backward_pass);
        }
        backward_pass
    };
    let steps = sequences.steps;
    let pass = |network, spectral_norms, truncation: Truncation, backward_pass: BackwardPass| {
        let gradient_log10 = bptt::log10_global_norm(&backward_pass.gradient);
        let detached = detached(truncation, steps);
        let gate_path_log10 = gate_path::log10_norms(&network, backward_pass.top(), detached);
        Pass {
            network,
            gradient_after_log10: gradient_log10,
            gradient_log10,
            turned: None,
            spectral_norms,
            gate_path_log10,
            backward_pass,
            reverse: Vec::new(),
        }
    };
    let norms = recurrence.blocks.iter().map(|block| block.spectral_norm).collect();
    let plain = pass(network, norms, Truncation::FULL, keep(bptt::study(&network, &weights, &sequences)));
    let mut active = config.active_remedies();
    let treated = (!active.is_empty()).then(|| {
        let (prepared, plan) = config.prepare_treated();
        let same = prepared.network == network && prepared.weights == weights;
        // Many remedies leave the start and the way back as they are: then these are already known.
        let mut treated = if same && !config.changes_way_back() {
            plain.clone()
        } else {
            let Prepared { network, weights, sequences } = &prepared;
            let mut watch = Watcher { remedies: &active, steps };
            let mut changes =
                Changes { truncation: plan.truncation, omega: plan.omega, direction: None, watch: &mut watch };
            let backward_pass = keep(bptt::changed_study(network, weights, sequences, &mut changes));
            // Of many rows they would be waited for.
            let norms = match network.hidden_size {
                _ if same => plain.spectral_norms.clone(),
                size if size <= 256 => spectral_norms_of_top_layer(network, weights),
                _ => vec![f64::NAN; network.cell.gates],
            };
            pass(*network, norms, plan.truncation, backward_pass)
        };
        let mut gradient = treated.backward_pass.weights_gradient(&treated.network);
        let given = gradient.clone();
        let loss = treated.backward_pass.loss;
        let weights = &prepared.weights;
        let mut update = Update { step: 0, loss, weights, learning_rate: 0.0, skip: false, alarm: None };
        active.iter_mut().for_each(|remedy| remedy.on_gradient(&mut update, &mut gradient));
        treated.gradient_after_log10 = gradient.log10_global_norm();
        treated.turned = (given != gradient).then(|| gradient_ops::angle(&given, &gradient)).flatten();
        treated
    });
    GradientStudy { network, steps, plain, treated }
}

fn spectral_norms_of_top_layer(network: &Network, weights: &Weights<f64>) -> Vec<f64> {
    let n = network.hidden_size;
    let free = &weights.tensors[network.index(network.layers - 1, index::W_HH)].values;
    let recurrent = network.cell.effective(free, n, network.constants);
    let blocks = recurrent.chunks_exact(n * n).map(|block| DMatrix::from_row_slice(n, n, block));
    blocks.map(|block| dynamics::spectral_norm(&block)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::network::tests::config;
    use super::*;
    use crate::cells;
    use crate::math;
    use crate::param::{Settings, Value};
    use crate::remedies;
    use crate::training::{Plan, Trainer, params};

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

    fn with_remedy(slug: &str, pairs: &[(&str, &str)], mut config: NetworkConfig) -> NetworkConfig {
        let (mut settings, notices) = Settings::from_pairs(params::all(), pairs.iter().copied());
        assert!(notices.is_empty(), "{notices:?}");
        settings.set(&remedies::find(slug).expect("a remedy").toggle.spec, Value::Flag(true));
        config.remedies = settings;
        config
    }

    #[test]
    fn another_cell_as_a_remedy_is_the_study_of_that_cell() {
        for (slug, cell) in [("lstm", &cells::LSTM), ("gru", &cells::GRU)] {
            let study = run(&with_remedy(slug, &[], config("gaussian", &cells::TANH, 5)));
            let direct = run(&config("gaussian", cell, 5));
            assert_eq!(study.network.cell, &cells::TANH);
            assert_eq!(study.treated.expect("a remedy is on"), direct.plain, "{slug}");
        }
        let mut direct = config("gaussian", &cells::LSTM, 5);
        direct.forget_bias = 2.0;
        let both = with_remedy(
            "lstm",
            &[("forget-bias-init", "1"), ("forget-bias", "2")],
            config("gaussian", &cells::TANH, 5),
        );
        assert_eq!(run(&both).treated.expect("remedies are on"), run(&direct).plain);
    }

    #[test]
    fn the_treated_pass_is_the_first_one_of_training() {
        // 63 steps: every time has a place of its own in the profile.
        let pairs = |cell: &'static cells::CellSpec| {
            [
                ("task", "temporal-order"),
                ("cell", cell.kind),
                ("activation", cell.activation.unwrap_or("tanh")),
                ("hidden-size", "9"),
                ("sequence-length", "63"),
                ("batch-size", "1"),
                ("layers", "2"),
                ("recurrent", "gaussian"),
                ("seed", "5"),
                ("clip-state-limit", "0.001"),
            ]
        };
        for spec in remedies::ALL.iter().filter(|spec| spec.acts_in_one_pass) {
            for cell in [&cells::TANH, &cells::RELU, &cells::LSTM, &cells::GRU] {
                let (mut settings, _) = Settings::from_pairs(params::all(), pairs(cell));
                settings.set(&spec.toggle.spec, Value::Flag(true));
                let mut of_plan = NetworkConfig::of_plan(&Plan::new(&settings), 5);
                of_plan.remedies = settings.clone();
                let study = run(&of_plan);
                let report = Trainer::new(&settings).step().expect("a report");
                let about = format!("{} {}", spec.slug, cell.slug);
                let treated = study.treated.as_ref().expect("a remedy is on");
                for (found, profile) in treated.state_gradient_log10().iter().zip(&report.profile) {
                    // What a truncation does not reach is zero in the study and not told in a profile.
                    let both_zero = *found == f64::NEG_INFINITY && !profile.is_finite();
                    assert!(both_zero || (found - f64::from(*profile)).abs() < 1e-4, "{about}: {found} {profile}");
                }
                let norms = [
                    (treated.gradient_log10, report.gradient_log10()),
                    (treated.gradient_after_log10, report.gradient_after_log10()),
                ];
                for (found, reported) in norms {
                    assert!((found - reported).abs() < 1e-4, "{about}: {found} {reported}");
                }
            }
        }
    }

    #[test]
    fn what_needs_a_batch_or_more_updates_leaves_no_treated_pass() {
        for spec in remedies::ALL {
            let study = run(&with_remedy(spec.slug, &[], config("gaussian", &cells::TANH, 4)));
            assert_eq!(study.treated.is_some(), spec.acts_in_one_pass, "{}", spec.slug);
        }
    }

    #[test]
    fn clipping_on_the_way_back_holds_even_where_states_leave_f64() {
        let mut far = config("identity", &cells::LINEAR, 3);
        far.recurrence.recipe.gain = 5.0;
        far.sequence_length = 1_000;
        let study = run(&with_remedy("clip_state", &[("clip-state-limit", "0.01")], far));
        let (plain, treated) = (&study.plain, study.in_force());
        assert!(plain.state_gradient_log10()[0] > 600.0);
        // Entries of 0.01 in three units.
        let most = math::log10(0.01 * 3.0f64.sqrt()) + 1e-12;
        assert!(treated.state_gradient_log10().iter().all(|norm| norm.is_finite() && *norm <= most));
        assert_eq!(treated.backward_pass.loss, plain.backward_pass.loss);
    }

    #[test]
    fn masked_steps_contribute_nothing_and_the_gradient_flows_on() {
        let study = run(&with_remedy("mask_steps", &[("mask-to", "50")], config("orthogonal", &cells::TANH, 4)));
        let (plain, treated) = (&study.plain, study.in_force());
        assert_eq!(treated.state_gradient_log10(), plain.state_gradient_log10());
        let contribution = super::super::weight_gradient::of_layer(&treated.network, treated.backward_pass.top());
        assert!(contribution.contribution[..30].iter().all(|x| *x == f64::NEG_INFINITY));
        let of_w_hh = treated.backward_pass.gradient[index::W_HH].log10_norm();
        assert!((contribution.accumulated[0] - of_w_hh).abs() < 1e-12 && of_w_hh.is_finite());
        assert!(treated.gradient_log10 != plain.gradient_log10);
    }
}
