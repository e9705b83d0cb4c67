//! Every remedy on every cell, in training: it runs, it is neutral at its neutral setting, it keeps its promise.
mod promises;

use vanishing_core::cells;
use vanishing_core::math;
use vanishing_core::network::{Role, Weights};
use vanishing_core::param::{Domain, ParamSpec, Settings, Value};
use vanishing_core::remedies::{self, RemedySpec, Stage};
use vanishing_core::tasks;
use vanishing_core::training::{Report, Trainer, params};

/// Settings of a small network of that cell.
fn small(cell: &cells::CellSpec, layers: &str, more: &[(&str, &str)]) -> Settings {
    let usual = [
        ("cell", cell.kind),
        ("activation", cell.activation.unwrap_or("tanh")),
        ("layers", layers),
        ("hidden-size", "6"),
        ("sequence-length", "12"),
        ("batch-size", "4"),
        ("learning-rate", "0.01"),
    ];
    let (settings, notices) = Settings::from_pairs(params::all(), usual.into_iter().chain(more.iter().copied()));
    assert!(notices.is_empty(), "{notices:?}");
    settings
}

fn on(spec: &'static RemedySpec, mut settings: Settings) -> Settings {
    settings.set(&spec.toggle.spec, Value::Flag(true));
    settings
}

/// Some updates: the reports and the weights after them.
fn run(settings: &Settings, updates: usize) -> (Vec<Report>, Weights<f32>) {
    let mut trainer = Trainer::new(settings);
    let reports = (0..updates).map_while(|_| trainer.step()).collect();
    (reports, trainer.weights().clone())
}

fn remedy(slug: &str) -> &'static RemedySpec {
    remedies::find(slug).unwrap_or_else(|| panic!("no remedy {slug}"))
}

/// The tensors without names, as bits.
fn bits(weights: &Weights<f32>) -> Vec<Vec<u32>> {
    weights.tensors.iter().map(|tensor| tensor.values.iter().map(|w| w.to_bits()).collect()).collect()
}

/// Even a linear cell with two layers stays finite for some updates.
const CALM: (&str, &str) = ("spectral-radius", "0.7");

#[test]
fn every_remedy_trains_every_cell_on_every_task() {
    for spec in remedies::ALL {
        for cell in cells::ALL {
            for (task, layers) in tasks::ALL.iter().map(|task| task.slug).zip(["1", "2"].into_iter().cycle()) {
                let (reports, weights) =
                    run(&on(spec, small(cell, layers, &[("task", task), CALM, ("learning-rate", "0.0001")])), 4);
                let about = format!("{} {cell:?} {task}", spec.slug);
                assert_eq!(reports.len(), 4, "{about}");
                assert!(reports.iter().all(|report| report.loss.is_finite()), "{about}");
                assert!(weights.tensors.iter().all(|t| t.values.iter().all(|w| w.is_finite())), "{about}");
                let listed = reports[0].norms.iter().any(|(slug, _)| *slug == spec.slug);
                assert_eq!(listed, spec.stage == Stage::Gradient, "{about}");
            }
        }
    }
}

#[test]
fn every_remedy_with_a_neutral_setting_changes_not_one_bit_there() {
    for spec in remedies::ALL {
        let Some(neutral) = spec.neutral else { continue };
        for cell in cells::ALL {
            for task in tasks::ALL.iter().map(|task| task.slug) {
                let plain = small(cell, "2", &[("task", task), CALM]);
                let mut settings = on(spec, plain.clone());
                neutral(&mut settings);
                let (with, without) = (run(&settings, 5), run(&plain, 5));
                assert_eq!(bits(&with.1), bits(&without.1), "{} {cell:?} {task}", spec.slug);
                let losses = |reports: &[Report]| reports.iter().map(|report| report.loss).collect::<Vec<_>>();
                assert_eq!(losses(&with.0), losses(&without.0), "{} {cell:?}", spec.slug);
            }
        }
    }
}

#[test]
fn checkpointing_is_bit_identical_at_every_segment_and_takes_less_memory_and_more_steps() {
    for cell in cells::ALL {
        let plain = small(cell, "1", &[("sequence-length", "60"), ("batch-size", "16")]);
        let (reports, weights) = run(&plain, 3);
        for segment in ["1", "7", "8", "60"] {
            let mut settings = on(remedy("checkpointing"), plain.clone());
            settings.take(params::all(), "checkpoint-segment", segment);
            let (found, after) = run(&settings, 3);
            assert_eq!(bits(&after), bits(&weights), "{cell:?} {segment}");
            if segment != "60" {
                assert!(found[0].bytes < reports[0].bytes && found[0].recomputed > 0, "{cell:?} {segment}");
            }
        }
    }
}

/// The reports of a run with a remedy and of the same run without it.
fn both(slug: &str, cell: &cells::CellSpec, more: &[(&str, &str)], updates: usize) -> [(Vec<Report>, Weights<f32>); 2] {
    let plain = small(cell, "1", more);
    [run(&on(remedy(slug), plain.clone()), updates), run(&plain, updates)]
}

#[test]
fn what_clips_the_gradient_keeps_to_its_limit() {
    for cell in cells::ALL {
        for (slug, key) in [("clip_norm", "max-norm"), ("normalize", "normalized-norm")] {
            let [(with, _), (plain, _)] = both(slug, cell, &[(key, "0.01")], 1);
            assert!((with[0].gradient_after_log10() + 2.0).abs() < 1e-6, "{slug} {cell:?}");
            assert_eq!(with[0].gradient_log10(), plain[0].gradient_log10());
            assert_eq!(with[0].profile, plain[0].profile, "what acts after backpropagation does not touch dL/dh");
        }
        let [(with, _), _] = both("clip_value", cell, &[("max-value", "0.001")], 1);
        // 6 to 24 rows of 6 + 6 + 1 + 1, and a readout: fewer than 400 entries.
        assert!(with[0].gradient_after_log10() <= math::log10(400f64.sqrt() * 1e-3), "{cell:?}");
        let limits = [("layer-1-max-norm", "0.01"), ("readout-max-norm", "0.01")];
        let [(with, _), _] = both("clip_layer", cell, &limits, 1);
        assert!(with[0].gradient_after_log10() <= math::log10(2f64.sqrt() * 0.01) + 1e-6, "{cell:?}");
        let [(with, _), _] = both("clip_tensor", cell, &[("tensor-max-norm", "0.01")], 1);
        assert!(with[0].gradient_after_log10() <= math::log10(6f64.sqrt() * 0.01) + 1e-6, "{cell:?}");
    }
}

#[test]
fn clipping_on_the_way_back_bounds_the_gradient_of_every_state() {
    for cell in cells::ALL {
        let more = [("clip-state-limit", "0.00001"), ("spectral-radius", "3")];
        let [(with, _), (plain, _)] = both("clip_state", cell, &more, 1);
        let limit = math::log10(1e-5 * 24f64.sqrt()) + 1e-3;
        assert!(with[0].profile.iter().all(|x| f64::from(*x) <= limit), "{cell:?} {:?}", with[0].profile);
        assert!(plain[0].profile.iter().any(|x| f64::from(*x) > limit), "{cell:?}");
    }
}

#[test]
fn truncation_leaves_nothing_before_the_window() {
    for cell in cells::ALL {
        let more = [("truncation-window", "4"), ("task", "adding"), ("activation", "tanh")];
        let [(with, _), (plain, _)] = both("truncation", cell, &more, 1);
        // dL/dh_t is followed at t = 12, 11, 10, 9 of 12.
        let reached =
            |profile: &[f32], from: usize, to: usize| profile[from..to].iter().filter(|x| x.is_finite()).count();
        assert_eq!(reached(&with[0].profile, 0, 40), 0, "{cell:?} {:?}", with[0].profile);
        assert!(reached(&with[0].profile, 50, 64) > 0 && reached(&plain[0].profile, 0, 40) > 0, "{cell:?}");
    }
}

#[test]
fn masked_steps_change_the_gradient_and_not_its_way_back() {
    for cell in cells::ALL {
        let [(with, _), (plain, _)] = both("mask_steps", cell, &[], 1);
        assert_eq!(with[0].profile, plain[0].profile, "{cell:?}");
        assert_ne!(with[0].gradient_log10(), plain[0].gradient_log10(), "{cell:?}");
    }
}

#[test]
fn frozen_tensors_do_not_move_and_the_others_do() {
    for (which, role) in [("recurrent", Role::Recurrent), ("input", Role::Input), ("readout", Role::Readout)] {
        for cell in cells::ALL {
            let settings =
                on(remedy("mask_tensors"), small(cell, "2", &[("mask-which", which), ("optimizer", "adam")]));
            let before = Trainer::new(&settings).weights().clone();
            let (_, after) = run(&settings, 3);
            for (a, b) in before.tensors.iter().zip(&after.tensors) {
                let frozen = a.role == role || role == Role::Readout && a.role == Role::ReadoutBias;
                // The update is 0 exactly, unless the tensor's gradient is zero anyway.
                assert!(!frozen || a == b, "{which} {cell:?} {}", a.name);
                let moves = a.role != Role::RecurrentBias && !a.values.is_empty();
                assert!(frozen || !moves || a != b, "{which} {cell:?} {}", a.name);
            }
        }
    }
}

#[test]
fn scaling_is_a_smaller_rate_for_sgd_and_nothing_for_adam() {
    let moved = |optimizer: &str, rate: &str, scaled: bool| {
        let more = [("optimizer", optimizer), ("learning-rate", rate), ("gradient-scale-factor", "0.125")];
        let settings = small(&cells::TANH, "1", &more);
        run(&if scaled { on(remedy("gradient_scale"), settings) } else { settings }, 4).1
    };
    assert_eq!(bits(&moved("sgd", "0.08", true)), bits(&moved("sgd", "0.01", false)));
    let (with, without) = (moved("adam", "0.01", true), moved("adam", "0.01", false));
    let pairs = with.tensors.iter().zip(&without.tensors).flat_map(|(a, b)| a.values.iter().zip(&b.values));
    // ε is 1e-8; gradients here are far larger but for a few.
    assert!(
        pairs.clone().all(|(a, b)| (a - b).abs() < 2e-3)
            && pairs.clone().filter(|(a, b)| (*a - *b).abs() > 1e-5).count() < 5
    );
}

#[test]
fn l2_is_the_optimisers_own_coupled_weight_decay_for_sgd() {
    let decay = small(&cells::TANH, "1", &[("weight-decay", "0.1")]);
    let penalty = on(remedy("l2"), small(&cells::TANH, "1", &[("l2-strength", "0.1")]));
    let (decay, penalty) = (run(&decay, 5).1, run(&penalty, 5).1);
    for (a, b) in decay.tensors.iter().zip(&penalty.tensors) {
        assert!(a.values.iter().zip(&b.values).all(|(x, y)| (x - y).abs() < 1e-6), "{}", a.name);
    }
}

#[test]
fn penalties_and_decay_shrink_the_weights() {
    for (slug, key) in [("l1", "l1-strength"), ("l2", "l2-strength"), ("weight_decay", "weight-decay-strength")] {
        for cell in cells::ALL {
            let [(_, with), (_, plain)] = both(slug, cell, &[(key, "0.3"), ("learning-rate", "0.1")], 10);
            assert!(with.log10_global_norm() < plain.log10_global_norm(), "{slug} {cell:?}");
        }
    }
}

#[test]
fn schedules_and_curricula_change_rates_and_lengths() {
    let [(with, _), (plain, _)] = both("schedule", &cells::TANH, &[("schedule-kind", "warm-up")], 4);
    assert!(with.windows(2).all(|pair| pair[1].learning_rate > pair[0].learning_rate), "{with:?}");
    assert!(plain.iter().all(|report| report.learning_rate == 0.01));
    let more = [("curriculum-first", "4"), ("curriculum-updates", "4"), ("curriculum-stages", "3"), ("task", "adding")];
    let [(with, _), _] = both("curriculum", &cells::LSTM, &more, 6);
    assert_eq!(with.iter().map(|report| report.steps).collect::<Vec<_>>(), [4, 4, 8, 8, 12, 12]);
    assert!(with[0].profile[..40].iter().all(|x| x.is_nan()) && with[5].profile.iter().all(|x| x.is_finite()));
}

#[test]
fn detection_says_so_and_acts() {
    let more = |action| [("detect-threshold", "0.01"), ("detect-action", action)];
    let [(alarm, kept), (_, plain)] = both("detect", &cells::TANH, &more("alarm"), 3);
    assert!(alarm.iter().all(|report| report.alarm.is_some()) && bits(&kept) == bits(&plain));
    let [(skip, kept), _] = both("detect", &cells::TANH, &more("skip"), 3);
    assert!(skip.iter().all(|report| report.skipped));
    assert_eq!(bits(&kept), bits(Trainer::new(&small(&cells::TANH, "1", &[])).weights()));
    let [(halve, _), _] = both("detect", &cells::TANH, &more("halve"), 3);
    assert_eq!(halve.iter().map(|report| report.learning_rate).collect::<Vec<_>>(), [0.005, 0.0025, 0.00125]);
    let [(clip, _), _] = both("detect", &cells::TANH, &more("clip"), 3);
    assert!(clip.iter().all(|report| (report.gradient_after_log10() + 2.0).abs() < 1e-6));
    assert!(clip[0].alarm.is_some() && clip[1].alarm.is_none());
}

/// Values of a parameter besides the default: the ends of a range, or every other choice.
fn others(param: &ParamSpec) -> Vec<Value> {
    let all = match param.domain {
        Domain::Real { min, max, .. } => vec![Value::Real(min), Value::Real(max)],
        Domain::Int { min, max, .. } => vec![Value::Int(min), Value::Int(max)],
        Domain::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Domain::Choice(choices) => choices.iter().map(|choice| Value::Choice(choice.slug)).collect(),
    };
    all.into_iter().filter(|value| *value != param.default).collect()
}

/// Settings of two remedies that a run need not survive: what they say of it would be another matter.
fn is_violent(spec: &RemedySpec, param: &ParamSpec, value: Value) -> bool {
    // A step of noise of variance 1, and penalties and decays a thousand times the usual ones.
    let strong = ["l1-strength", "l2-strength", "omega-strength", "weight-decay-strength"];
    strong.contains(&param.key) && matches!((value, param.default), (Value::Real(x), Value::Real(usual)) if x > usual)
        || spec.slug == "normalize"
}

#[test]
fn every_value_of_every_parameter_of_a_remedy_trains() {
    for spec in remedies::ALL {
        for cell in [&cells::TANH, &cells::LSTM, &cells::GRU, &cells::MIN_GRU] {
            for (param, value) in
                spec.params.iter().flat_map(|param| others(param).into_iter().map(move |v| (param, v)))
            {
                let mut settings = on(spec, small(cell, "2", &[CALM, ("learning-rate", "0.0001")]));
                assert_eq!(settings.set(param, value), None);
                let (reports, weights) = run(&settings, 3);
                let about = format!("{} {cell:?} {} {value:?}", spec.slug, param.key);
                assert_eq!(reports.len(), 3, "{about}");
                let finite = weights.tensors.iter().all(|t| t.values.iter().all(|w| w.is_finite()));
                assert!(finite || is_violent(spec, param, value), "{about}");
            }
        }
    }
}

#[test]
fn of_remedies_that_fill_the_same_slot_the_last_one_counts() {
    let mut pairs = 0;
    for (place, last) in remedies::ALL.iter().enumerate().filter(|(_, spec)| spec.replaces.is_some()) {
        for first in remedies::ALL[..place].iter().filter(|first| first.replaces == last.replaces) {
            let name = format!("{} before {}", first.slug, last.slug);
            let both = on(last, on(first, small(&cells::TANH, "1", &[])));
            let (trainer, alone) = (Trainer::new(&both), Trainer::new(&on(last, small(&cells::TANH, "1", &[]))));
            assert_eq!(trainer.network(), alone.network(), "{name}");
            assert_eq!(bits(trainer.weights()), bits(alone.weights()), "{name}");
            for param in first.params {
                for value in others(param) {
                    let mut other = both.clone();
                    assert_eq!(other.set(param, value), None);
                    assert_eq!(bits(Trainer::new(&other).weights()), bits(trainer.weights()), "{name}: {}", param.key);
                }
            }
            pairs += 1;
        }
    }
    assert_eq!(pairs, 6);
}

#[test]
fn cells_initialisations_and_normalisations_are_what_they_say() {
    let network = |slug: &str| *Trainer::new(&on(remedy(slug), small(&cells::TANH, "1", &[]))).network();
    assert_eq!(network("lstm").cell.slug, "lstm");
    assert_eq!(network("gru").cell.slug, "gru");
    let spectrum = |slug: &str| Trainer::new(&on(remedy(slug), small(&cells::TANH, "1", &[]))).spectrum();
    for slug in ["orthogonal_init", "identity_init"] {
        assert!((spectrum(slug).norm - 1.0).abs() < 1e-6 && (spectrum(slug).radius - 1.0).abs() < 1e-6, "{slug}");
    }
    for (slug, gamma) in [("batch_norm", 0.1f32), ("layer_norm", 1.0)] {
        let trainer = Trainer::new(&on(remedy(slug), small(&cells::GRU, "2", &[])));
        let gains: Vec<_> = trainer.weights().tensors.iter().filter(|tensor| tensor.role.is_gain()).collect();
        assert_eq!(gains.len(), 4, "{slug}");
        assert!(gains.iter().all(|tensor| tensor.values.iter().all(|x| *x == gamma)), "{slug}");
        // The scale of the matrix drops out of the states: to f32's digits, and up to ε.
        let loss = |radius: &str| {
            run(&on(remedy(slug), small(&cells::TANH, "1", &[("spectral-radius", radius)])), 1).0[0].loss
        };
        assert!((loss("1") - loss("3")).abs() < 1e-2, "{slug}: {} {}", loss("1"), loss("3"));
    }
    let bias = Trainer::new(&on(remedy("forget_bias"), small(&cells::LSTM, "1", &[])));
    let values = &bias.weights().tensors[2].values;
    assert!(values[6..12].iter().all(|b| *b == 1.0) && values.iter().sum::<f32>() == 6.0);
}

#[test]
fn omega_brings_the_gradients_norm_nearer_to_one_factor_per_step() {
    // How far log10 ‖dL/dh_0‖ lies from log10 ‖dL/dh_T‖ after training.
    let drift = |with: bool| {
        let more =
            [("spectral-radius", "0.6"), ("clip-norm", "1"), ("omega-strength", "0.1"), ("learning-rate", "0.05")];
        let settings = small(&cells::TANH, "1", &more);
        let settings = if with { on(remedy("omega"), settings) } else { settings };
        let (reports, _) = run(&settings, 60);
        let profile = &reports[59].profile;
        f64::from(profile[0] - profile[63]).abs()
    };
    assert!(drift(true) < 0.7 * drift(false), "{} {}", drift(true), drift(false));
}
