//! Gradient noise: normal random numbers, ever smaller ones, added to the gradient.
//!
//! ```text
//! g_i ← g_i + N(0, σ_t²),   σ_t² = η/(1 + t)^γ,   t: the number of the update, from 0
//! ```
//!
//! Neelakantan, Vilnis, Le, Sutskever, Kaiser, Kurach and Martens, "Adding gradient noise improves learning for very deep networks"
//! (2015), equation 1, with γ = 0.55 and η one of 0.01, 0.3 and 1. It is added after clipping, so that no limit holds for it, and
//! only to tensors whose gradient is not zero: what is masked stays frozen.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::math;
use crate::network::Weights;
use crate::param::{Param, Settings, Value};
use crate::random::Stream;
use crate::real::Real;
use crate::training::matrix::SEED;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "gradient_noise",
    title: "gradient noise",
    does: "Adds normal random numbers to the gradient, of variance η/(1 + t)^γ at update t: the weights move even where the gradient has vanished.",
    does_not: "It carries no information about the loss: where the gradient has vanished, the weights wander, and nothing says whereto.",
    source: "Neelakantan et al. 2015, equation 1",
    method: Method::Noise,
    is_common: false,
    treats: Treats::Vanishing,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&STRENGTH.spec, Value::Real(0.0));
    }),
    toggle: &TOGGLE,
    params: &[&STRENGTH.spec, &DECAY.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("gradient-noise", "gradient noise", false)
    .help("Add normal random numbers, ever smaller ones, to the gradient. Acts after clipping.");

/// η: the variance of the noise in the first update.
pub static STRENGTH: Param<f64> =
    Param::real("noise-strength", "first variance", 0.01, 0.0, 1.0, 0.001).symbol("η₀").help(
        "The variance of the noise in each entry of the gradient, in the first update; the paper has 0.01, 0.3 and 1.",
    );

/// γ: how fast the noise becomes smaller.
pub static DECAY: Param<f64> = Param::real("noise-decay", "fall of the noise", 0.55, 0.0, 2.0, 0.05)
    .symbol("γ")
    .help("The exponent with which the variance of the noise falls over the updates; 0 is no fall.");

struct Noise {
    strength: f64,
    decay: f64,
    stream: Stream,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Noise {
        strength: settings.get(&STRENGTH),
        decay: settings.get(&DECAY),
        stream: Stream::new(settings.get(&SEED), "gradient noise"),
    })
}

impl<R: Real> Remedy<R> for Noise {
    fn on_gradient(&mut self, update: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        if self.strength == 0.0 {
            return;
        }
        let deviation = (self.strength / math::powf(1.0 + update.step as f64, self.decay)).sqrt();
        for tensor in gradient.tensors.iter_mut().filter(|tensor| tensor.values.iter().any(|x| *x != R::ZERO)) {
            tensor.values.iter_mut().for_each(|x| *x = R::from_f64(x.to_f64() + deviation * self.stream.normal()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    /// Mean and variance of what is added to 4,000 entries of 1 at an update.
    fn added(step: u64) -> (f64, f64) {
        let mut settings = Settings::default();
        settings.set(&STRENGTH.spec, Value::Real(0.5));
        settings.set(&DECAY.spec, Value::Real(1.0));
        let (weights, mut g) = (gradient(&[0.0]), gradient(&[1.0; 4_000]));
        build::<f64>(&settings).on_gradient(&mut Update { step, ..update(&weights) }, &mut g);
        let noise: Vec<f64> = g.tensors.iter().map(|tensor| tensor.values[0] - 1.0).collect();
        let mean = noise.iter().sum::<f64>() / 4e3;
        (mean, noise.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 4e3)
    }

    #[test]
    fn the_variance_is_the_chosen_one_and_falls_with_the_updates() {
        for (step, variance) in [(0, 0.5), (9, 0.05)] {
            let (mean, found) = added(step);
            // Standard errors: √(v/4000) and v √(2/4000).
            assert!(mean.abs() < 4.0 * (variance / 4e3).sqrt(), "{step}: {mean}");
            assert!((found / variance - 1.0).abs() < 4.0 * (2.0 / 4e3f64).sqrt(), "{step}: {found}");
        }
    }

    #[test]
    fn each_update_has_noise_of_its_own_the_same_seed_the_same_and_zeros_stay() {
        let mut settings = Settings::default();
        settings.set(&DECAY.spec, Value::Real(0.0));
        let run = |settings: &Settings| {
            let (mut noise, weights) = (build::<f64>(settings), gradient(&[0.0]));
            let mut once = || {
                let mut g = gradient(&[1.0, 0.0]);
                noise.on_gradient(&mut update(&weights), &mut g);
                assert_eq!(g.tensors[1].values, [0.0]);
                g.tensors[0].values[0]
            };
            [once(), once()]
        };
        let first = run(&settings);
        assert_ne!(first[0], first[1]);
        assert_eq!(first, run(&settings));
        settings.set_text(&SEED.spec, "2");
        assert_ne!(first, run(&settings));
    }
}
