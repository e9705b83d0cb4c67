//! What spectral normalisation, the further starts, scaled losses and noise promise.
use super::{CALM, bits, both, on, remedy, run, small};
use vanishing_core::cells;
use vanishing_core::training::{Report, Trainer, params};

#[test]
fn the_largest_singular_value_stays_at_the_bound_at_every_update() {
    for cell in [&cells::TANH, &cells::RELU, &cells::LSTM, &cells::GRU] {
        let more = [("recurrent", "gaussian"), ("gain", "2"), ("spectral-norm-bound", "0.9"), ("learning-rate", "0.3")];
        let settings = on(remedy("spectral_norm"), small(cell, "1", &more));
        let mut trainer = Trainer::new(&settings);
        for _ in 0..20 {
            let norm = trainer.spectrum().norm;
            assert!(norm < 0.9 + 1e-6, "{cell:?}: {norm}");
            trainer.step().expect("a report");
        }
        let [(_, with), (_, plain)] = both("spectral_norm", cell, &more, 3);
        assert_ne!(bits(&with), bits(&plain), "{cell:?}");
    }
}

#[test]
fn a_rescaled_start_has_the_radius_whatever_was_there_and_keeps_its_eigenvectors() {
    for (cell, kind) in [(&cells::TANH, "gaussian"), (&cells::LSTM, "orthogonal"), (&cells::GRU, "symmetric")] {
        let settings = small(cell, "1", &[("recurrent", kind), ("rescale-init-radius", "1.7")]);
        let (plain, scaled) = (Trainer::new(&settings), Trainer::new(&on(remedy("rescale_init"), settings.clone())));
        let [w, v] = [&plain, &scaled].map(|trainer| &trainer.weights().tensors[1].values);
        for (a, b) in w.chunks_exact(36).zip(v.chunks_exact(36)) {
            let factor = b[0] / a[0];
            assert!(a.iter().zip(b).all(|(x, y)| (x * factor - y).abs() < 1e-5), "{cell:?}");
        }
        assert!((scaled.spectrum().radius - 1.7).abs() < 1e-5, "{cell:?}");
    }
}

#[test]
fn the_nearest_orthogonal_start_is_nearer_than_a_drawn_one_and_orthogonal() {
    let settings = small(&cells::TANH, "1", &[("recurrent", "gaussian")]);
    let distance = |which: &str| {
        let mut settings = on(remedy("orthogonal_init"), settings.clone());
        settings.take(params::all(), "orthogonal-matrix", which);
        let (orthogonal, plain) =
            (Trainer::new(&settings), Trainer::new(&small(&cells::TANH, "1", &[("recurrent", "gaussian")])));
        assert!((orthogonal.spectrum().norm - 1.0).abs() < 1e-6, "{which}");
        let pairs = orthogonal.weights().tensors[1].values.iter().zip(&plain.weights().tensors[1].values);
        pairs.map(|(x, y)| f64::from((x - y) * (x - y))).sum::<f64>().sqrt()
    };
    assert!(distance("nearest") < 0.8 * distance("drawn"), "{} {}", distance("nearest"), distance("drawn"));
}

#[test]
fn a_scaled_loss_changes_no_bit_within_the_range_and_tells_smaller_gradients_from_zero() {
    for cell in cells::ALL {
        for more in [[CALM, ("omega-strength", "0.1")], [CALM, ("clip-state-limit", "0.001")]] {
            let toggle = more[1].0.strip_suffix("-strength").or(more[1].0.strip_suffix("-limit")).expect("a toggle");
            let plain = small(cell, "2", &[more[0], more[1], (toggle, "1")]);
            let scaled = on(remedy("loss_scale"), plain.clone());
            assert_eq!(bits(&run(&scaled, 4).1), bits(&run(&plain, 4).1), "{cell:?} {toggle}");
            assert_eq!(run(&scaled, 2).0[1].profile, run(&plain, 2).0[1].profile, "{cell:?} {toggle}");
        }
    }
    let more = [("rescale", "1"), ("spectral-radius", "0.3"), ("sequence-length", "80"), ("loss-scale-exponent", "30")];
    let [(with, _), (plain, _)] = both("loss_scale", &cells::TANH, &more, 1);
    let reached = |reports: &[Report]| reports[0].profile.iter().filter(|x| x.is_finite()).count();
    assert!(reached(&with) > reached(&plain) + 10, "{} {}", reached(&with), reached(&plain));
    let least = |reports: &[Report]| reports[0].profile.iter().copied().filter(|x| x.is_finite()).fold(0.0, f32::min);
    assert!((least(&plain) - -25.0).abs() < 1.0 && (least(&with) - -34.0).abs() < 1.0, "{}", least(&with));
}

#[test]
fn a_scale_that_is_too_large_is_halved_until_the_gradient_is_finite_and_no_weight_moves_before() {
    let more = [
        ("activation", "linear"),
        ("spectral-radius", "2.5"),
        ("sequence-length", "40"),
        ("task", "adding"),
        ("loss-scale-exponent", "100"),
    ];
    let settings = on(
        remedy("loss_scale"),
        small(&cells::LINEAR, "1", &[&more[1..], &[("rescale", "1"), ("learning-rate", "1e-6")]].concat()),
    );
    let mut trainer = Trainer::new(&settings);
    let start = trainer.weights().clone();
    let mut skipped = 0;
    while trainer.step().expect("a report").skipped {
        assert_eq!(bits(trainer.weights()), bits(&start));
        skipped += 1;
        assert!(skipped < 100);
    }
    assert!(skipped > 0 && bits(trainer.weights()) != bits(&start), "{skipped}");
}

#[test]
fn noise_moves_weights_and_leaves_frozen_ones() {
    let settings = on(remedy("mask_tensors"), small(&cells::TANH, "1", &[("mask-which", "recurrent")]));
    let noisy = on(remedy("gradient_noise"), settings.clone());
    let (plain, with) = (run(&settings, 3).1, run(&noisy, 3).1);
    assert_eq!(plain.tensors[1], with.tensors[1], "it is frozen");
    assert_ne!(plain.tensors[0], with.tensors[0]);
}

#[test]
fn chrono_biases_spread_the_times_and_the_chosen_forget_bias_does_not_count() {
    let chrono = |more: &[(&str, &str)]| Trainer::new(&on(remedy("chrono_init"), small(&cells::LSTM, "1", more)));
    let bias = chrono(&[("chrono-longest", "100")]).weights().tensors[2].values.clone();
    let (i, f) = (&bias[..6], &bias[6..12]);
    assert!(
        f.iter().all(|b| (0.0..=vanishing_core::math::ln(99.0) as f32).contains(b))
            && i.iter().zip(f).all(|(i, f)| *i == -f)
    );
    let both = chrono(&[("chrono-longest", "100"), ("forget-bias-init", "1"), ("forget-bias", "4")]);
    assert_eq!(both.weights().tensors[2].values, bias);
}
