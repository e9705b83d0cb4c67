//! Dynamic loss scaling: the loss is multiplied by a power of two on the way back, and the gradient divided by it.
//!
//! ```text
//! g = 2^-k d(2^k L)/dθ
//! a number that is not finite in it:  the update is left out, k ← k - 1
//! n updates on end without one:       k ← k + 1
//! ```
//!
//! Micikevicius et al., "Mixed precision training" (2018), section 3.2 and, of the choice of the scale, section 4.5; PyTorch's
//! `GradScaler`. There it keeps gradients within half precision. Training here is in single precision: on the way back numbers
//! from 2^-84 ≈ 5e-26 ([`crate::bptt::LEAST`]; smaller ones are taken for zero) to 2^128 ≈ 3e38 are told apart, and 2^k moves
//! these ends to 2^(-84 - k) and 2^(128 - k) for ∂L/∂h_t. A power of two changes no digit. The gradient of the weights is divided
//! again, before anything else sees it.
use super::spec::{Alarm, AlarmAction, Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::network::Weights;
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "loss_scale",
    title: "dynamic loss scaling",
    does: "Multiplies the loss by 2ᵏ on the way back and divides the gradient by it: ∂L/∂hₜ is told from 0 down to 5·10⁻²⁶ · 2⁻ᵏ. An update that is not finite is left out, and 2ᵏ halved.",
    does_not: "It moves the range of the numbers and changes no gradient within it: what has vanished to 10⁻²⁰ is still 10⁻²⁰, and what explodes within the range is taken.",
    source: "Micikevicius et al. 2018, sections 3.2 and 4.5; PyTorch, GradScaler",
    method: Method::Scaling,
    is_common: false,
    treats: Treats::Both,
    stage: Stage::Backward,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: false,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&EXPONENT.spec, Value::Int(0));
    }),
    toggle: &TOGGLE,
    params: &[&EXPONENT.spec, &INTERVAL.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("loss-scale", "dynamic loss scaling", false).help(
    "Multiply the loss by a power of two on the way back; leave out updates that are not finite, and halve it then.",
);

/// k of the first update.
pub static EXPONENT: Param<usize> = Param::count("loss-scale-exponent", "first power of two", 16, 0, 100)
    .symbol("k")
    .help("The loss is multiplied by two to this power at first; 16 is PyTorch’s.");

/// n: the updates on end without a number that is not finite after which the scale is doubled.
pub static INTERVAL: Param<usize> = Param::count("loss-scale-interval", "updates until it doubles", 200, 1, 10_000)
    .fine_until(50)
    .symbol("n")
    .help("The scale is doubled after this many updates on end that were finite; 2,000 is usual in long runs.");

/// The powers of two that the scale may reach.
const RANGE: std::ops::RangeInclusive<i64> = -100..=100;

struct LossScale {
    exponent: i64,
    interval: u64,
    /// Updates on end that were finite.
    good: u64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(LossScale { exponent: settings.get(&EXPONENT) as i64, interval: settings.get(&INTERVAL) as u64, good: 0 })
}

impl<R: Real> Remedy<R> for LossScale {
    fn loss_exponent(&self) -> i64 {
        self.exponent
    }

    fn on_gradient(&mut self, update: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        let is_finite = gradient.tensors.iter().all(|tensor| tensor.values.iter().all(|x| x.is_finite()));
        if is_finite {
            self.good += 1;
            if self.good >= self.interval {
                (self.exponent, self.good) = ((self.exponent + 1).min(*RANGE.end()), 0);
            }
        } else {
            (self.exponent, self.good) = ((self.exponent - 1).max(*RANGE.start()), 0);
            update.skip = true;
            update.alarm = Some(Alarm { log10_norm: gradient.log10_global_norm(), action: AlarmAction::Skipped });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    #[test]
    fn the_scale_is_halved_after_what_is_not_finite_and_doubled_after_enough_that_is() {
        let mut remedy = LossScale { exponent: 3, interval: 2, good: 0 };
        let weights = gradient(&[0.0]);
        let mut after = |value: f64| {
            let (mut update, mut g) = (update(&weights), gradient(&[value]));
            Remedy::<f64>::on_gradient(&mut remedy, &mut update, &mut g);
            (update.skip, update.alarm.is_some(), remedy.exponent)
        };
        let found = [1.0, f64::INFINITY, 1.0, 1.0, 1.0, f64::NAN].map(&mut after);
        assert_eq!(found.map(|(_, _, exponent)| exponent), [3, 2, 2, 3, 3, 2]);
        assert_eq!(found.map(|(skip, alarm, _)| skip && alarm), [false, true, false, false, false, true]);
    }

    #[test]
    fn the_scale_stays_within_its_range() {
        let weights = gradient(&[0.0]);
        for (exponent, value) in [(-100, f64::NAN), (100, 1.0)] {
            let mut remedy = LossScale { exponent, interval: 1, good: 0 };
            Remedy::<f64>::on_gradient(&mut remedy, &mut update(&weights), &mut gradient(&[value]));
            assert_eq!(remedy.exponent, exponent);
        }
    }
}
