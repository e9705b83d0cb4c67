//! What the chapters on gradients and on the cliff claim, held against what its links show: each test follows the link of the page itself.
use crate::claims::{self, claim};
use crate::support::follow;
use std::collections::{BTreeMap, BTreeSet};
use vanishing_app::{Lab, model};
use vanishing_charts::Model;
use vanishing_core::math;
use vanishing_core::studies::cliff::{self, Stop};
use vanishing_core::studies::gradients::Pass;
use vanishing_core::studies::hidden_states;
use vanishing_tests::markup;

/// The names and the queries of the chapter's links.
pub fn presets() -> BTreeMap<&'static str, String> {
    // Those of chapter 4 are in `laboratory`.
    let elsewhere = |name: &str| ["lab-", "workbench-"].iter().any(|part| name.starts_with(part));
    markup::presets().into_iter().filter(|(name, _)| !elsewhere(name)).collect()
}

/// What the page shows once a link was followed with this seed.
pub struct Shown {
    pub model: Model,
    pub readouts: BTreeMap<&'static str, String>,
}

impl Shown {
    pub fn new(preset: &str, seed: u64) -> Self {
        claims::note(preset);
        let query = &presets()[preset];
        let mut lab = Lab::new(&format!("seed={seed}")).0;
        let effects = follow(&mut lab, query);
        assert_eq!(effects.notices.unwrap_or_default(), [], "{preset}");
        let model = Model::new(model::configs(lab.settings()));
        let readouts = model::readouts(&model).into_iter().collect();
        Self { model, readouts }
    }

    pub fn pass(&self) -> &Pass {
        self.model.gradients().in_force()
    }

    /// log10 ‖g_t‖ for t = 0..=T.
    fn norms(&self) -> &[f64] {
        self.pass().state_gradient_log10()
    }

    /// Decades from g_T to g_0.
    pub fn decades(&self) -> f64 {
        self.pass().log10_ratio()
    }

    /// The mean change of ln ‖g‖ per step back from step `late` to step `early`.
    pub fn slope(&self, early: usize, late: usize) -> f64 {
        (self.norms()[early] - self.norms()[late]) * math::LN_10 / (late - early) as f64
    }

    pub fn says(&self, readout: &str, words: &str) {
        let text = &self.readouts[readout];
        assert!(text.contains(words), "{readout}: “{text}” does not say “{words}”");
    }
}

/// The seeds that every claim is tried with.
pub const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;

/// Tries a claim with all seeds.
pub fn always(preset: &str, claim: impl Fn(&Shown)) {
    SEEDS.for_each(|seed| claim(&Shown::new(preset, seed)));
}

/// With how many of the seeds it is so.
fn how_often(preset: &str, claim: impl Fn(&Shown) -> bool) -> usize {
    SEEDS.filter(|seed| claim(&Shown::new(preset, *seed))).count()
}

#[test]
fn every_link_of_the_chapter_has_its_claim() {
    let names: BTreeSet<&str> = presets().into_keys().collect();
    assert!(names.len() >= 20, "{names:?}");
    let claimed: BTreeSet<&str> = claims::all().filter(|name| presets().contains_key(name)).collect();
    assert_eq!(claimed, names);
}

claim!(chapters_one_and_two_begin_with_four_eigenvalues, ["alignment", "powers"], || {
    for preset in ["powers", "alignment"] {
        claims::note(preset);
        let mut lab = Lab::new("eigenvalue-1=2&hidden-size=9&shift=1&spectral-radius=3&start=chosen").0;
        let matrix = |lab: &Lab| model::configs(lab.settings()).matrix.eigenvalues;
        assert_eq!(matrix(&lab).len(), 9);
        follow(&mut lab, &presets()[preset]);
        assert_eq!(matrix(&lab), [1.05, 0.9, -0.7, 0.4], "{preset}");
    }
});

claim!(a_small_eigenvalue_drowns_in_the_rounding, ["rounding-12", "rounding-14", "rounding-5"], || {
    let [five, twelve, fourteen] = ["rounding-5", "rounding-12", "rounding-14"].map(|preset| Shown::new(preset, 1));
    let apart = |shown: &Shown| shown.model.matrix_power().point.largest_disagreement().unwrap();
    assert!((1e-12..3e-11).contains(&apart(&five)), "about eleven digits: {}", apart(&five));
    assert!((1e-3..3e-2).contains(&apart(&twelve)), "about two: {}", apart(&twelve));
    fourteen.says("drowned", "1");
    assert!(apart(&fourteen) > 0.9, "no digit is left: {}", apart(&fourteen));
});

claim!(chapter_three_begins_with_a_linear_network_whose_matrix_is_m, ["gradients"], || {
    always("gradients", |shown| {
        let slope = shown.pass().slope_per_step();
        assert!((slope - math::ln(1.05)).abs() < 0.002, "{slope}");
        assert_eq!(shown.norms().len(), 101);
    });
});

claim!(a_linear_symmetric_cell_has_the_slope_of_its_leading_eigenvalue, ["linear-explodes", "linear-vanishes"], || {
    for (preset, lambda, word) in [("linear-vanishes", 0.9f64, "vanishing"), ("linear-explodes", 1.1, "exploding")] {
        always(preset, |shown| {
            let slope = shown.pass().slope_per_step();
            assert!((slope - math::ln(lambda)).abs() < 0.002, "{preset}: {slope}");
            shown.says("verdict", word);
            shown.says("radius-condition", if lambda < 1.0 { "vanishes in the end" } else { "explodes in the end" });
        });
    }
    Shown::new("linear-vanishes", 1).says("norm-condition", "σ₁γ = 0.9 < 1: the gradient must vanish");
    Shown::new("linear-explodes", 1).says("norm-condition", "σ₁γ = 1.1 > 1: the gradient may explode");
    // The numbers that stand in the text.
    assert_eq!((format!("{:.3}", math::ln(0.9)), format!("{:.3}", math::ln(1.1))), ("-0.105".into(), "0.095".into()));
});

claim!(
    a_linear_symmetric_gradient_turns_to_the_leading_eigenvector,
    ["linear-explodes", "linear-vanishes", "orthogonal"],
    || {
        for preset in ["linear-vanishes", "linear-explodes"] {
            always(preset, |shown| {
                let cosine: f64 = shown.readouts["direction-at-time"].parse().unwrap();
                assert!(cosine > 0.9999, "{preset}: {cosine}");
            });
        }
        // No direction leads where all eigenvalues have the same size.
        Shown::new("orthogonal", 1).says("direction-at-time", "undefined");
    }
);

claim!(an_orthogonal_linear_cell_keeps_the_norm_exactly, ["orthogonal"], || {
    always("orthogonal", |shown| {
        let last = *shown.norms().last().unwrap();
        assert!(shown.norms().iter().all(|norm| (norm - last).abs() < 1e-11), "{:?}", shown.norms());
        shown.says("verdict", "preserved");
        shown.says("norm-condition", "σ₁γ = 1: the gradient cannot grow");
    });
});

#[test]
fn no_step_back_stretches_by_more_than_the_bound() {
    for (preset, query) in presets() {
        if query.contains("cell=rnn") && !query.contains("sequence-length=1000") {
            let shown = Shown::new(preset, 1);
            let cell = shown.model.network().recurrence.cell;
            let bound = math::log10(shown.pass().spectral_norms[0] * cell.derivative_bound.unwrap());
            for pair in shown.norms().windows(2) {
                assert!(pair[0] - pair[1] <= bound + 1e-9, "{preset}: {pair:?} {bound}");
            }
        }
    }
}

claim!(a_sigmoid_makes_the_gradient_vanish_though_an_eigenvalue_is_above_one, ["sigmoid"], || {
    always("sigmoid", |shown| {
        shown.says("norm-condition", "σ₁γ = 0.375 < 1: the gradient must vanish");
        shown.says("radius-condition", "this alone decides nothing");
        shown.says("verdict", "vanishing");
        assert!(shown.pass().slope_per_step() < math::ln(0.375) + 1e-9);
        // At once: at every step.
        assert!(shown.norms().windows(2).all(|pair| pair[0] < pair[1]));
    });
});

claim!(a_matrix_that_is_far_from_normal_lets_the_gradient_grow_and_then_vanish, ["non-normal"], || {
    always("non-normal", |shown| {
        let (t, rise) = shown.pass().peak().unwrap();
        assert!(rise > 0.7 && (80..98).contains(&t), "{t} {rise}");
        shown.says("verdict", "vanishing");
        shown.says("recurrent-radius", "0.9");
        shown.says("radius-condition", "vanishes in the end");
        shown.says("norm-condition", "may explode; nothing is promised");
        let end = shown.slope(0, 1);
        assert!(end < 0.0 && end > math::ln(0.9) - 1e-9, "the last steps fall, never faster than 0.9: {end}");
    });
    // The numbers that stand in the text: norms of the powers.
    let shown = Shown::new("non-normal", 1);
    let w = &shown.model.network().recurrence.blocks(0)[0];
    for (k, norm) in [(1, 5.2), (2, 9.1), (5, 16.4), (9, 19.4), (20, 13.5)] {
        let power = (1..k).fold(w.clone(), |power, _| power * w);
        assert!((power.singular_values().max() - norm).abs() < 0.06, "{k}");
    }
});

claim!(a_symmetric_tanh_cell_above_one_does_not_keep_exploding, ["tanh-symmetric"], || {
    always("tanh-symmetric", |shown| {
        shown.says("norm-condition", "σ₁γ = 1.3 > 1: the gradient may explode; nothing is promised");
        shown.says("verdict", "vanishing");
        assert!(shown.decades() < -5.0, "{}", shown.decades());
    });
});

claim!(from_a_tiny_state_it_grows_first_and_then_dies, ["tanh-dies", "tanh-grows"], || {
    let expected = math::ln(1.3);
    always("tanh-grows", |shown| {
        let slope = shown.slope(0, 20);
        assert!((slope - expected).abs() < 0.005, "{slope}");
        shown.says("verdict", "exploding");
        assert!(shown.decades() > 1.0, "{}", shown.decades());
    });
    always("tanh-dies", |shown| {
        assert!(shown.decades() < -5.0, "{}", shown.decades());
        // Coming from the right it dies; over the first steps it grows again.
        assert!(shown.slope(80, 200) < -0.1, "{}", shown.slope(80, 200));
        assert!((shown.slope(0, 40) - expected).abs() < 0.01, "{}", shown.slope(0, 40));
        let slopes = hidden_states::mean_slope(&shown.model.gradients().network, shown.pass().backward_pass.top());
        let saturated = slopes.iter().position(|slope| *slope < 0.9).unwrap();
        assert!((50..=75).contains(&saturated), "about 60 steps: {saturated}");
    });
});

claim!(an_orthogonal_tanh_cell_shrinks_the_gradient_slowly, ["orthogonal-tanh"], || {
    always("orthogonal-tanh", |shown| {
        assert!((-5.0..-0.05).contains(&shown.decades()), "{}", shown.decades());
        assert!(shown.norms().windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    });
});

claim!(a_general_tanh_cell_keeps_exploding, ["chaos", "chaos-mild", "chaos-strong"], || {
    let explodes = |shown: &Shown| shown.readouts["verdict"].ends_with("exploding");
    let found = ["chaos-mild", "chaos", "chaos-strong"].map(|preset| how_often(preset, explodes));
    assert_eq!(found, [7, 9, 10], "the shares that stand in the text");
    let slopes = ["chaos-mild", "chaos", "chaos-strong"].map(|preset| {
        SEEDS.map(|seed| Shown::new(preset, seed).pass().slope_per_step()).sum::<f64>() / SEEDS.count() as f64
    });
    assert!(slopes.is_sorted() && slopes[1] > 0.05 && slopes[2] > 0.15, "faster still: {slopes:?}");
});

claim!(xavier_promises_nothing, ["xavier", "xavier-linear"], || {
    let mut words = BTreeMap::new();
    always("xavier", |shown| {
        shown.says("norm-condition", "nothing is promised");
        assert!(shown.pass().slope_per_step().abs() < 0.2);
    });
    for seed in SEEDS {
        let verdict = Shown::new("xavier", seed).readouts["verdict"].clone();
        *words.entry(verdict.rsplit(' ').next().unwrap().to_owned()).or_insert(0) += 1;
    }
    assert!(words.len() > 1, "it depends on the draw: {words:?}");
    let radii: Vec<f64> =
        SEEDS.map(|seed| Shown::new("xavier-linear", seed).model.recurrence().blocks[0].spectral_radius).collect();
    assert!(radii.iter().all(|radius| (0.85..1.3).contains(radius)), "{radii:?}");
    assert!(radii.iter().filter(|radius| **radius > 1.0).count() >= 7, "{radii:?}");
    always("xavier-linear", |shown| {
        let theory = math::ln(shown.model.recurrence().blocks[0].spectral_radius);
        assert!((shown.pass().slope_per_step() - theory).abs() < 0.03, "{} {theory}", shown.pass().slope_per_step());
        assert!((1.7..2.2).contains(&shown.pass().spectral_norms[0]));
    });
});

claim!(pytorchs_default_makes_gradients_vanish, ["pytorch"], || {
    always("pytorch", |shown| {
        let radius = shown.model.recurrence().blocks[0].spectral_radius;
        assert!((0.45..0.75).contains(&radius), "{radius}");
        assert!(shown.decades() < -10.0);
        shown.says("verdict", "vanishing");
    });
});

claim!(identity_and_relu_nearly_keep_the_norm, ["identity-relu"], || {
    always("identity-relu", |shown| {
        assert!((-0.34..-0.08).contains(&shown.decades()), "{}", shown.decades());
        shown.says("verdict", "preserved");
    });
});

claim!(
    the_larger_the_forget_bias_the_more_gradient_reaches_the_first_state,
    ["lstm-0", "lstm-1", "lstm-3", "lstm-minus-1"],
    || {
        for seed in SEEDS {
            let shown = ["lstm-minus-1", "lstm-0", "lstm-1", "lstm-3"].map(|preset| Shown::new(preset, seed));
            let hidden = shown.each_ref().map(|shown| shown.norms()[0]);
            let cell = shown.each_ref().map(|shown| shown.pass().backward_pass.top().cell_gradient_log10[0]);
            assert!(hidden.is_sorted() && cell.is_sorted(), "{hidden:?} {cell:?}");
            assert!(hidden[1] - hidden[0] > 5.0 && hidden[2] - hidden[1] > 5.0 && hidden[3] - hidden[2] > 3.0);
            assert!(shown[3].decades().abs() < 1.5, "nearly whole: {}", shown[3].decades());
            // Little of it came by the gates alone: less than a tenth at every seed.
            for shown in &shown {
                let (path, all) =
                    (&shown.pass().gate_path_log10, &shown.pass().backward_pass.top().cell_gradient_log10);
                assert!((path[100] - all[100]).abs() < 1e-12 && path[0] < all[0] - 1.0, "{} {}", path[0], all[0]);
                shown.says("gate-path", "came through the gates alone");
            }
            if seed == 1 {
                let path = &shown[3].pass().gate_path_log10;
                let left = math::powf(10.0, path[0] - path[100]);
                assert!((left - 0.0064).abs() < 5e-5, "{left}");
                assert!((math::powf(math::sigmoid(3.0), 100.0) - 0.0078).abs() < 5e-5);
                shown[3].says("verdict", "but grows on the second half of its way: preserved so far");
            }
            shown[0].says("norm-condition", "these conditions are for h = φ(a) only");
        }
    }
);

claim!(a_gru_at_the_start_forgets, ["gru"], || {
    always("gru", |shown| {
        shown.says("verdict", "vanishing");
        assert!(shown.decades() < -10.0);
        let gates = hidden_states::gates(&shown.model.gradients().network, shown.pass().backward_pass.top());
        let update = gates.iter().find(|gate| gate.symbol == "z").unwrap();
        assert!(update.spread.iter().all(|spread| (spread[0] - 0.5).abs() < 0.1), "about 1/2");
    });
});

claim!(cells_with_gates_can_explode, ["gru-explodes", "lstm-explodes"], || {
    for preset in ["lstm-explodes", "gru-explodes"] {
        let often =
            how_often(preset, |shown| shown.decades() > 1.0 && shown.readouts["verdict"].ends_with("exploding"));
        assert!(often >= 8, "{preset}: {often} of 10");
    }
});

claim!(a_thousand_steps_leave_the_range_of_a_double_and_are_numbers_still, ["long-explodes", "long-vanishes"], || {
    for (preset, lambda) in [("long-explodes", 1.5f64), ("long-vanishes", 0.4)] {
        for seed in 1..=3 {
            let shown = Shown::new(preset, seed);
            assert!(shown.norms().iter().all(|norm| norm.is_finite()), "{preset}");
            assert!((shown.pass().slope_per_step() - math::ln(lambda)).abs() < 1e-3, "{preset}");
            let first = shown.norms()[0];
            assert!(if lambda > 1.0 { first > 308.3 } else { first < -324.0 }, "{preset}: {first}");
        }
    }
});

claim!(
    truncation_cuts_nothing_where_gradients_vanish_and_nearly_all_where_they_explode,
    ["chaos-strong", "pytorch"],
    || {
        let steps = |preset: &str, which: &str| -> usize {
            let text = Shown::new(preset, 1).readouts["weight-steps"].clone();
            let number = text.strip_prefix(which).unwrap_or_else(|| panic!("{preset}: {text}"));
            number.split(' ').next().unwrap().parse().unwrap()
        };
        assert!(steps("pytorch", "the last ") <= 15);
        assert!(steps("chaos-strong", "the first ") <= 50);
    }
);

claim!(the_largest_lyapunov_exponent_tells_order_from_chaos, ["chaos-strong", "non-normal", "tanh-symmetric"], || {
    let exponent = |preset: &str| Shown::new(preset, 1).model.jacobians().unwrap().exponents()[0];
    assert!(exponent("tanh-symmetric") < -0.02, "{}", exponent("tanh-symmetric"));
    assert!(exponent("chaos-strong") > 0.15, "{}", exponent("chaos-strong"));
    // A few directions grow, most vanish.
    let shown = Shown::new("chaos-strong", 1);
    let values = shown.model.jacobians().unwrap().singular_values_log10.last().unwrap();
    let growing = values.iter().filter(|value| **value > 0.0).count();
    assert!(0 < growing && growing < values.len() / 2, "{growing} of {}", values.len());
    Shown::new("non-normal", 1).says("departure", "5");
});

/// A number among the readouts.
fn number(shown: &Shown, readout: &str) -> f64 {
    let text = &shown.readouts[readout];
    text.parse().unwrap_or_else(|_| panic!("{readout}: {text}"))
}

/// The first step of a descent that is longer than the picture is wide.
fn thrown(stops: &[Stop]) -> Option<(usize, Stop)> {
    let far = stops.iter().position(|stop| stop.stride > 2.0)?;
    Some((far + 1, stops[far]))
}

claim!(a_plain_descent_is_thrown_off_the_cliff_for_good_and_a_clipped_one_walks_on, ["cliff-thrown"], || {
    let shown = Shown::new("cliff-thrown", 1);
    let study = shown.model.cliff();
    let (step, from) = thrown(&study.unclipped).unwrap();
    assert_eq!((step, from.norm.round()), (45, 3048.0));
    assert_eq!(study.unclipped[45].w.round(), 166.0);
    assert!(study.unclipped[45..].iter().all(|stop| stop.norm == 0.0), "it stays there");
    // Until then both are the same; the clipped one meets the same gradient.
    assert_eq!(study.clipped[..44], study.unclipped[..44]);
    assert_eq!(study.clipped[44].norm, from.norm);
    assert!(number(&shown, "cliff-error-clipped") < 0.02 && study.clipped[180..].iter().all(|stop| stop.error < 0.02));
    assert_eq!((number(&shown, "cliff-error-unclipped"), number(&shown, "cliff-stride-clipped")), (0.09, 0.1));
    // The numbers in the text.
    assert_eq!(study.clipped[..200].iter().filter(|stop| stop.norm > 1.0).count(), 10);
    let s = math::sigmoid(cliff::START);
    let factor = 5.2 * s * (1.0 - s);
    assert_eq!(format!("{factor:.2} {:.0}", math::powf(factor, 50.0) / 100.0), "1.22 226");
});

claim!(beside_the_cliff_the_gradient_is_small_and_on_it_large, ["cliff-thrown"], || {
    let place = cliff::steepest(5.2).unwrap();
    assert!(place.norm > 1e4, "{place:?}");
    for side in [-1e-3, 1e-3] {
        let norm = cliff::slope(5.2, place.b + side).norm();
        assert!(norm < 1.0, "{side}: {norm}");
    }
    let shown = Shown::new("cliff-thrown", 1);
    assert_eq!(number(&shown, "cliff-steepest"), place.norm.round());
    shown.says("cliff-steepest-bias", "−2.73680");
    // Where there is no cliff, none is named.
    let lab = Lab::new("cliff-w=3.9").0;
    let readouts = model::readouts(&Model::new(model::configs(lab.settings())));
    assert!(readouts.contains(&("cliff-steepest", "no cliff".to_owned())));
});

claim!(one_plain_step_from_the_face_is_thousands_of_times_longer_than_a_clipped_one, ["cliff-edge"], || {
    let shown = Shown::new("cliff-edge", 1);
    assert_eq!((number(&shown, "cliff-stride-unclipped"), number(&shown, "cliff-stride-clipped")), (67.6, 0.01));
});

claim!(a_threshold_that_is_too_high_comes_too_late, ["cliff-loose"], || {
    let shown = Shown::new("cliff-loose", 1);
    let (step, from) = thrown(&shown.model.cliff().clipped).unwrap();
    assert_eq!((step, from.stride), (45, 10.0));
    assert!(number(&shown, "cliff-error-clipped") > 0.08);
});

claim!(a_smaller_learning_rate_only_puts_the_cliff_off, ["cliff-slow"], || {
    let shown = Shown::new("cliff-slow", 1);
    let study = shown.model.cliff();
    let (step, from) = thrown(&study.unclipped).unwrap();
    assert_eq!((step, from.norm.round()), (85, 251.0));
    // They part where a gradient is first cut.
    let parts = (0..160).find(|step| study.clipped[*step + 1].w != study.unclipped[*step + 1].w).unwrap();
    assert_eq!((parts, (10.0 * study.unclipped[parts].norm).round()), (73, 14.0));
    let (start, then) = (study.clipped[0], study.clipped[85]);
    assert!(math::hypot(then.w - start.w, then.b - start.b) < 0.2, "{then:?}");
});

claim!(where_no_cliff_is_ahead_clipping_changes_nothing, ["cliff-valley"], || {
    let shown = Shown::new("cliff-valley", 1);
    let study = shown.model.cliff();
    assert_eq!(study.clipped, study.unclipped);
    assert!(study.clipped.iter().all(|stop| stop.norm < 1.0));
    assert!(study.clipped[160].error < 1e-20, "{:?}", study.clipped[160]);
});
