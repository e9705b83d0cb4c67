//! Diagnoses of networks of which the answer is known.
use super::super::gradients;
use super::super::network::tests::config;
use super::super::network::{Inputs, LossAt, NetworkConfig};
use super::*;
use crate::cells;
use crate::math;

fn linear(leading: f64, steps: usize) -> NetworkConfig {
    let mut config = config("symmetric", &cells::LINEAR, 4);
    config.recurrence.recipe.eigenvalues = vec![leading, 0.5, -0.3, 0.1];
    config.sequence_length = steps;
    config
}

fn curve<'a>(diagnosis: &'a Diagnosis, slug: &str) -> (&'a Course, Outcome) {
    let found = diagnosis.treatments.iter().find(|treatment| treatment.proposal.slug() == slug).expect(slug);
    let Effect::Curve(course) = &found.effect else { panic!("{found:?}") };
    (course, found.outcome(&diagnosis.course).expect("it changes the curve"))
}

fn slugs(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis.treatments.iter().map(|treatment| treatment.proposal.slug()).collect()
}

#[test]
fn a_linear_network_with_a_known_spectrum_is_diagnosed_by_its_leading_eigenvalue() {
    let found = run(&linear(0.95, 200), Effort::LONG);
    let Pace::Halves(half_life) = found.course.pace else { panic!("{:?}", found.course.pace) };
    assert!((half_life / (math::LN_2 / -math::ln(0.95)) - 1.0).abs() < 1e-9, "{half_life}");
    assert_eq!((found.fate(), found.units.len(), found.left_out.len()), (Fate::Vanishing, 1, 0));
    // Of a linear network the inputs change nothing of it.
    assert_eq!(found.fates.map(|fates| fates.vanishing), Some(SEQUENCES));
    let block = found.units[0].blocks[0];
    assert!((block.spectral_radius - 0.95).abs() < 1e-12 && (block.spectral_norm - 0.95).abs() < 1e-12);
    assert_eq!((found.growth.source, found.units[0].mean_slope), (Source::Jacobians, 1.0));
    assert!((found.growth.per_step - math::ln(0.95)).abs() < 1e-12);
    let reach = found.course.reach.expect("it falls below a thousandth");
    let (norms, at) = (&found.course.norms_log10, 200 - reach);
    let limit = norms.iter().copied().fold(f64::NEG_INFINITY, f64::max) - 3.0;
    assert!(norms[at] < limit && norms[at + 1] >= limit, "{reach}");
    assert_eq!(slugs(&found), ["rescale", "orthogonal", "gated-cell", "window", "clip"]);
    let (rescaled, outcome) = curve(&found, "rescale");
    assert!(rescaled.slope.abs() < 1e-12 && outcome == Outcome::Steadied, "{outcome:?} {}", rescaled.slope);
    // The nearest orthogonal matrix of a symmetric one has the signs of its eigenvalues: no length changes.
    let (orthogonal, outcome) = curve(&found, "orthogonal");
    assert!(orthogonal.whole_log10.abs() < 1e-10 && outcome == Outcome::Cured, "{}", orthogonal.whole_log10);
}

#[test]
fn an_exploding_network_is_clipped_first_and_rescaled_below_one() {
    let found = run(&linear(1.1, 100), Effort::LONG);
    assert_eq!((found.fate(), slugs(&found)), (Fate::Exploding, vec!["clip", "rescale", "orthogonal", "window"]));
    let Pace::Doubles(time) = found.course.pace else { panic!("{:?}", found.course.pace) };
    assert!((time / (math::LN_2 / math::ln(1.1)) - 1.0).abs() < 1e-9);
    let (rescaled, outcome) = curve(&found, "rescale");
    assert!((rescaled.slope - math::ln(0.95)).abs() < 1e-9 && outcome == Outcome::Turned);
    let Effect::Norms { threshold_log10, update, quartiles_log10: [low, median, high], largest_log10, sequences } =
        &found.treatments[0].effect
    else {
        panic!("{:?}", found.treatments[0])
    };
    // The norms are huge, and so is an update of that length; one of length 1 is not.
    let update = update.expect("it was made");
    assert!(*threshold_log10 == 0.0 && *median > 1.0, "{threshold_log10} {median}");
    assert!(update.plain > 10.0 * update.before, "{update:?}");
    assert!(update.clipped < update.before, "{update:?}");
    assert!(low < median && median < high && high < largest_log10 && *sequences == SEQUENCES);
    // Without inputs there is one sequence, and its norm is that of the pass.
    let still = NetworkConfig { inputs: Inputs::Zero, ..linear(1.1, 100) };
    let found = run(&still, Effort::LONG);
    assert!(found.fates.is_none() && !found.is_random);
    let wanted = gradients::run(&still).plain.gradient_log10;
    let Effect::Norms { quartiles_log10, largest_log10, sequences: 1, .. } = found.treatments[0].effect else {
        panic!("{:?}", found.treatments[0])
    };
    assert_eq!((quartiles_log10, largest_log10), ([wanted; 3], wanted));
}

#[test]
fn of_one_linear_unit_without_inputs_a_window_keeps_its_share_of_the_steps() {
    // h_t = w^t h_0: each of the T terms of dL/dw is w^(T-1) times the same.
    let mut config = config("identity", &cells::LINEAR, 1);
    config.recurrence.recipe.gain = 0.9;
    config.inputs = Inputs::Zero;
    for (steps, windows) in [(60, vec![35]), (150, vec![35, 100]), (30, vec![])] {
        config.sequence_length = steps;
        let found = run(&config, Effort::LONG);
        assert_eq!(found.cuts.iter().map(|cut| cut.window).collect::<Vec<_>>(), windows);
        for cut in &found.cuts {
            let lost = (steps - cut.window) as f64 / steps as f64;
            assert!((cut.lost_log10 - math::log10(lost)).abs() < 1e-12 && cut.angle.abs() < 1e-6, "{cut:?} {lost}");
        }
    }
}

#[test]
fn of_gates_alone_the_half_life_is_that_of_the_forget_gate_and_its_bias_is_read_as_it_stands() {
    let mut config = config("gaussian", &cells::LSTM, 3);
    config.inputs = Inputs::Zero;
    config.recurrence.recipe.gain = 0.0;
    config.forget_bias = 2.0;
    let found = run(&config, Effort::LONG);
    let path = found.gate_path.as_ref().expect("an LSTM has one");
    let wanted = math::LN_2 / -math::ln(math::sigmoid(2.0));
    assert!(matches!(path.pace, Pace::Halves(time) if (time / wanted - 1.0).abs() < 1e-9), "{:?}", path.pace);
    let unit = &found.units[0];
    let bias = unit.bias.expect("a bias was given");
    assert_eq!((bias.gate, bias.mean, bias.least, bias.largest), ("forget gate", 2.0, 2.0, 2.0));
    let means: Vec<Option<f64>> = unit.blocks.iter().map(|block| block.mean).collect();
    assert!(means[2].is_none() && (means[1].expect("a gate") - math::sigmoid(2.0)).abs() < 1e-12, "{means:?}");
}

#[test]
fn a_raised_bias_opens_the_way_back_of_both_cells_with_gates() {
    for cell in [&cells::LSTM, &cells::GRU] {
        let mut config = config("gaussian", cell, 16);
        config.recurrence.recipe.gain = 0.4;
        let found = run(&config, Effort::LONG);
        assert_eq!(slugs(&found)[..2], ["gate-bias", "orthogonal"], "{cell:?}");
        let (raised, _) = curve(&found, "gate-bias");
        assert!(raised.whole_log10 > found.course.whole_log10 + 1.0, "{cell:?}");
    }
}

#[test]
fn what_is_too_costly_is_left_out_and_said() {
    let found = run(&linear(0.95, 200), Effort(0));
    assert_eq!(found.course, run(&linear(0.95, 200), Effort::LONG).course);
    assert!(found.units[0].blocks[0].spectral_radius.is_nan() && found.cuts.is_empty());
    assert_eq!((found.growth.source, slugs(&found)), (Source::Gradient, vec!["gated-cell"]));
    let effects = ["rescale", "orthogonal", "window", "clip"].map(LeftOut::Effect);
    let left_out =
        [&[LeftOut::Spectra, LeftOut::Jacobians, LeftOut::Cuts][..], &effects[..], &[LeftOut::Others]].concat();
    assert_eq!(found.left_out, left_out);
}

#[test]
fn a_lower_layer_that_explodes_decides() {
    // Below, what comes down at every step is added to what comes back.
    let mut config = linear(0.5, 60);
    config.recurrence.layers = 2;
    let found = run(&config, Effort::LONG);
    assert_eq!((found.layer, found.units.len(), found.fate()), (1, 2, Fate::Vanishing));
    let mut config = linear(1.2, 60);
    config.recurrence.layers = 2;
    let found = run(&config, Effort::LONG);
    assert_eq!((found.layer, found.fate()), (0, Fate::Exploding));
    assert_eq!(found.course, found.units[0].course);
    assert!(found.units[0].course.whole_log10 > found.units[1].course.whole_log10);
}

#[test]
fn with_a_loss_at_every_step_windows_are_chunks() {
    let mut config = linear(0.9, 80);
    config.loss_at = LossAt::Every;
    let found = run(&config, Effort::LONG);
    assert!(found.loss_at_every_step && found.cuts.len() == 1 && found.cuts[0].lost_log10 < -1.0);
}

#[test]
fn of_many_losses_the_last_alone_is_followed_and_their_sum_is_told_apart() {
    // Without inputs h_t = 0.97^t h_0: the losses of the first steps are the largest, and their sum grows on its way back.
    let still = |loss_at| NetworkConfig { inputs: Inputs::Zero, loss_at, ..linear(0.97, 120) };
    let (every, last) = (run(&still(LossAt::Every), Effort::LONG), run(&still(LossAt::Last), Effort::LONG));
    let together = every.together.as_ref().expect("many losses");
    assert!(together.whole_log10 > 1.0 && together.fate == Fate::Exploding, "{}", together.whole_log10);
    assert_eq!((every.fate(), every.meets(Fate::Exploding), last.together.is_none()), (Fate::Vanishing, false, true));
    assert!(
        (every.course.slope - math::ln(0.97)).abs() < 1e-9
            && (every.course.whole_log10 - last.course.whole_log10).abs() < 1e-9
    );
    // So are the proposals' curves.
    let (rescaled, _) = curve(&every, "rescale");
    assert!(rescaled.slope.abs() < 1e-9, "{}", rescaled.slope);
}

#[test]
fn inputs_of_another_size_are_tried_and_no_inputs_are_not_random() {
    let found = run(&linear(0.95, 60), Effort::LONG);
    let (deviation, course) = found.other_scale.as_ref().expect("random inputs");
    // A linear network does the same at every scale.
    assert!(*deviation != 0.0 && (course.slope - found.course.slope).abs() < 1e-9);
    let quiet = NetworkConfig { inputs: Inputs::Noise { deviation: 0.0 }, ..linear(0.95, 60) };
    let found = run(&quiet, Effort::LONG);
    assert!(!found.is_random && found.other_scale.is_none() && found.fates.is_none());
}

#[test]
fn what_hurts_stands_last() {
    // Far below 1 and rescaled far above what is kept: worse, not turned.
    let course = |whole: f64| Course::new((0..=40).map(|t| whole * f64::from(40 - t) / 40.0).collect());
    let of = |before: f64, after: f64| {
        let treatment = Treatment { proposal: Proposal::Orthogonal, effect: Effect::Curve(course(after)) };
        (treatment.outcome(&course(before)), treatment.rank(&course(before)))
    };
    assert_eq!(of(2.6, -5.6), (Some(Outcome::Worse), 2));
    assert_eq!(of(5.6, -2.6), (Some(Outcome::Turned), 1));
    assert_eq!(of(2.6, 0.1), (Some(Outcome::Cured), 0));
    // A window that leaves out most of it, or turns it away.
    let cut = |lost_log10: f64, angle: f64| Effect::Cut(Cut { window: 5, lost_log10, angle });
    let rank = |effect: Effect| Treatment { proposal: Proposal::Window(5), effect }.rank(&course(2.0));
    assert_eq!([rank(cut(-2.0, 0.1)), rank(cut(-0.1, 0.1)), rank(cut(-0.4, 1.5))], [0, 2, 2]);
    // Clipping that is worse than none, and one that is better.
    let update = |before: f64, plain: f64, clipped: f64| Effect::Norms {
        threshold_log10: 0.0,
        update: Some(ClippedUpdate { before, plain, clipped }),
        quartiles_log10: [1.0; 3],
        largest_log10: 1.0,
        sequences: SEQUENCES,
    };
    let rank = |effect: Effect| Treatment { proposal: Proposal::Clip, effect }.rank(&course(2.0));
    assert_eq!(
        [rank(update(13.8, 11.9, 13.7)), rank(update(23.3, 20.7, 30.7)), rank(update(5.0, f64::NAN, 4.0))],
        [2, 2, 0]
    );
}
