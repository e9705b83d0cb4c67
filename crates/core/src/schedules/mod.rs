//! The REGISTRY of learning-rate schedules: one file and one line each.
//!
//! A schedule says which learning rate a training step uses; steps are counted from 0. The formulas are those of
//! PyTorch's `lr_scheduler`, in closed form: the rate of a step does not depend on how one came there, so that it can
//! be drawn before the training and resumed in its middle. PyTorch multiplies from step to step, which differs by
//! rounding. Where PyTorch counts epochs, steps are counted here.
//!
//! One schedule looks at the loss ([`ReduceOnPlateau`]); it is given the loss through [`Schedule::observe`].
mod constant;
mod cosine;
mod exponential;
mod inverse_time;
mod plateau;
mod spec;
mod step_decay;
mod warm_up;

use crate::param::{ParamSpec, each_once, is_of_chosen};

pub use constant::Constant;
pub use cosine::Cosine;
pub use exponential::Exponential;
pub use inverse_time::InverseTime;
pub use plateau::{Improvement, PlateauOptions, ReduceOnPlateau};
pub use spec::{Schedule, ScheduleSpec};
pub use step_decay::StepDecay;
pub use warm_up::WarmUp;

/// All schedules, in the order of the menu.
pub static ALL: &[&ScheduleSpec] = &[
    &constant::SPEC,
    &step_decay::SPEC,
    &exponential::SPEC,
    &inverse_time::SPEC,
    &cosine::SPEC,
    &warm_up::SPEC,
    &warm_up::THEN_COSINE,
    &plateau::SPEC,
];

/// The schedule of that slug.
pub fn find(slug: &str) -> Option<&'static ScheduleSpec> {
    ALL.iter().find(|spec| spec.slug == slug).copied()
}

/// The parameters of all schedules, each once.
pub fn params() -> impl Iterator<Item = &'static ParamSpec> {
    each_once(|| ALL.iter().flat_map(|spec| spec.params.iter().copied()))
}

/// Whether a parameter has an effect with the schedule of that slug; it has where it is no schedule's.
pub fn applies(spec: &ParamSpec, chosen: &str) -> bool {
    is_of_chosen(spec, ALL.iter().map(|spec| (spec.slug == chosen, spec.params)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param::{Domain, Settings, Value};
    use std::collections::BTreeSet;

    /// The rates of the first steps, for losses that fall no further.
    fn rates(schedule: &mut dyn Schedule, base: f64, steps: u64) -> Vec<f64> {
        let mut rate = |step| {
            let rate = schedule.rate(base, step);
            schedule.observe(base, step, 1.0);
            rate
        };
        (0..steps).map(&mut rate).collect()
    }

    #[test]
    fn every_schedule_stays_between_zero_and_the_chosen_rate() {
        for spec in ALL {
            for base in [1e-4, 0.1, 10.0] {
                let rates = rates((spec.build)(&Settings::default()).as_mut(), base, 12_000);
                assert!(rates.iter().all(|rate| (0.0..=base).contains(rate)), "{spec:?}");
                assert!(rates.contains(&base), "{spec:?} never uses the chosen rate");
            }
        }
    }

    #[test]
    fn a_rate_is_a_multiple_of_the_chosen_one() {
        for spec in ALL {
            let of = |base: f64| rates((spec.build)(&Settings::default()).as_mut(), base, 4_000);
            for (one, eight) in of(0.125).into_iter().zip(of(1.0)) {
                assert!((8.0 * one - eight).abs() <= 1e-15, "{spec:?}: {one} {eight}");
            }
        }
    }

    #[test]
    fn every_parameter_of_a_schedule_has_an_effect() {
        for spec in ALL {
            for param in spec.params {
                let mut settings = Settings::default();
                let value = match param.default {
                    Value::Real(x) => match param.domain {
                        Domain::Real { max, .. } => Value::Real(0.5 * (x + max)),
                        _ => unreachable!(),
                    },
                    Value::Int(x) => Value::Int(x / 2 + 1),
                    other => other,
                };
                assert_eq!(settings.set(param, value), None);
                let run = |settings: &Settings| {
                    // Falling so slowly is an improvement for small thresholds only.
                    let mut schedule = (spec.build)(settings);
                    let mut loss = 1.0;
                    let mut rates = Vec::new();
                    for step in 0..5_000 {
                        rates.push(schedule.rate(0.1, step));
                        schedule.observe(0.1, step, loss);
                        loss *= 1.0 - 3e-5;
                    }
                    rates
                };
                // What a plateau does is seen on a plateau.
                let mut flat = [(spec.build)(&settings), (spec.build)(&Settings::default())];
                let [changed, usual] = flat.each_mut().map(|schedule| rates(schedule.as_mut(), 0.1, 5_000));
                assert!(changed != usual || run(&settings) != run(&Settings::default()), "{spec:?} {}", param.key);
            }
        }
    }

    #[test]
    fn every_schedule_is_documented_and_found_by_its_name() {
        for spec in ALL {
            assert_eq!(find(spec.slug), Some(*spec));
            for text in [spec.title, spec.equation, spec.source, spec.help] {
                assert!(!text.is_empty(), "{spec:?}");
            }
        }
        assert_eq!(find("tea"), None);
    }

    #[test]
    fn a_parameter_that_is_shared_is_one_parameter_and_is_listed_once() {
        let mut seen = BTreeSet::new();
        assert!(params().all(|param| seen.insert(param.key)));
        for param in ALL.iter().flat_map(|spec| spec.params) {
            assert!(params().any(|listed| listed == *param), "{} means two things", param.key);
            assert!(param.allows(param.default) && param.help.ends_with('.'), "{}", param.key);
        }
    }
}
