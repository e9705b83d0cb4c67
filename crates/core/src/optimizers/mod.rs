//! The REGISTRY of optimisers: one file and one line each.
//!
//! An optimiser turns the gradient into an update of the weights, w ← w + u. The formulas are PyTorch's, with its names
//! and its defaults. State (velocities, moments) is allocated once, when the optimiser is made; a step allocates
//! nothing, and its loops are plain ones over slices of one length, which the compiler turns into vector instructions.
//!
//! The learning rate is given to every step: it belongs to a schedule ([`crate::schedules`]). The update stays readable
//! after the step ([`Optimizer::update`]), so that its size costs something only where somebody asks for it.
//!
//! Weight decay that is *coupled* adds weight_decay · w to the gradient, as the L2 term (weight_decay/2) Σ w² of a loss
//! does ([`crate::penalty`]); *decoupled* weight decay shrinks the weights beside the gradient. They are the same for
//! plain SGD and differ as soon as the gradient is divided by its own size.
//!
//! Numbers that are not finite are results: an infinite gradient makes an infinite or undefined weight. What is to be
//! skipped, the caller skips.
mod adam;
mod adamw;
mod rmsprop;
mod sgd;
mod spec;

use crate::param::{ParamSpec, each_once, is_of_chosen};

pub use adam::{Adam, AdamOptions};
pub use adamw::AdamW;
pub use rmsprop::{Rmsprop, RmspropOptions};
pub use sgd::{Sgd, SgdOptions};
pub use spec::{Build, Optimizer, OptimizerSpec};

/// All optimisers, in the order of the menu.
pub static ALL: &[&OptimizerSpec] = &[&sgd::SPEC, &rmsprop::SPEC, &adam::SPEC, &adamw::SPEC];

/// The optimiser of that slug.
pub fn find(slug: &str) -> Option<&'static OptimizerSpec> {
    ALL.iter().find(|spec| spec.slug == slug).copied()
}

/// The parameters of all optimisers, each once.
pub fn params() -> impl Iterator<Item = &'static ParamSpec> {
    each_once(|| ALL.iter().flat_map(|spec| spec.params.iter().copied()))
}

/// Whether a parameter has an effect with the optimiser of that slug; it has where it is no optimiser's.
pub fn applies(spec: &ParamSpec, chosen: &str) -> bool {
    is_of_chosen(spec, ALL.iter().map(|spec| (spec.slug == chosen, spec.params)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::{Network, Role, Tensor, Weights};
    use crate::param::{Settings, Value};
    use crate::random::Stream;
    use std::collections::BTreeSet;

    /// Weights that are one number.
    pub fn one_weight(w: f64) -> Weights<f64> {
        let name = "weight_hh_l0".to_owned();
        Weights {
            tensors: vec![Tensor { name, role: Role::Recurrent, layer: Some(0), rows: 1, columns: 1, values: vec![w] }],
        }
    }

    /// One weight after each step of a sequence of gradients.
    pub fn path(optimizer: &mut dyn Optimizer<f64>, start: f64, gradients: &[f64], learning_rate: f64) -> Vec<f64> {
        let mut weights = one_weight(start);
        let mut after = |g: &f64| {
            optimizer.step(&mut weights, &one_weight(*g), learning_rate);
            weights.tensors[0].values[0]
        };
        gradients.iter().map(&mut after).collect()
    }

    /// Random numbers in the shape of a network of every cell.
    fn random(stream: &mut Stream) -> impl Iterator<Item = Weights<f64>> + '_ {
        cells::ALL.iter().map(|cell| {
            let mut weights = Network {
                cell,
                layers: 2,
                input_size: 2,
                hidden_size: 5,
                output_size: 1,
                normalization: None,
                constants: cell.usual_constants(),
            }
            .zeros();
            for tensor in &mut weights.tensors {
                tensor.values.iter_mut().for_each(|x| *x = stream.normal());
            }
            weights
        })
    }

    /// Settings with all parameters away from their defaults, so that each of them has an effect.
    fn unusual(spec: &OptimizerSpec) -> Settings {
        let mut settings = Settings::default();
        for param in spec.params {
            let value = match param.default {
                Value::Real(x) => Value::Real(0.5 * x + 0.05),
                Value::Flag(x) => Value::Flag(!x),
                other => other,
            };
            assert_eq!(settings.set(param, value), None);
        }
        settings
    }

    fn values(weights: &Weights<f64>) -> impl Iterator<Item = f64> + '_ {
        weights.tensors.iter().flat_map(|tensor| tensor.values.iter().copied())
    }

    #[test]
    fn every_optimiser_finds_the_minimum_of_a_bowl() {
        // L = ½ Σ (w - 1)², dL/dw = w - 1, from random starts.
        for spec in ALL {
            for mut weights in random(&mut Stream::new(1, "test")) {
                let mut optimizer = (spec.double)(&Settings::default(), &weights);
                let mut gradient = weights.clone();
                for step in 0..3_000 {
                    for (g, w) in gradient.tensors.iter_mut().zip(&weights.tensors) {
                        g.values.iter_mut().zip(&w.values).for_each(|(g, w)| *g = w - 1.0);
                    }
                    optimizer.step(&mut weights, &gradient, 0.05 * (1.0 - f64::from(step) / 3_000.0));
                }
                let error = values(&weights).fold(0.0, |error: f64, w| error.max((w - 1.0).abs()));
                // The weight decay λ = 0.01 of AdamW moves the minimum to |w - 1| = λ √ŝ.
                assert!(error < 0.02, "{spec:?}: {error}");
            }
        }
    }

    #[test]
    fn single_and_double_precision_agree_over_steps() {
        for spec in ALL {
            for settings in [Settings::default(), unusual(spec)] {
                let mut stream = Stream::new(2, "test");
                for weights in random(&mut stream.clone()) {
                    let (mut double, mut single) = (weights.clone(), weights.cast::<f32>());
                    let mut in_double = (spec.double)(&settings, &double);
                    let mut in_single = (spec.single)(&settings, &single);
                    for _ in 0..20 {
                        let mut gradient = weights.zeros_like();
                        gradient.tensors.iter_mut().flat_map(|t| &mut t.values).for_each(|x| *x = stream.normal());
                        in_double.step(&mut double, &gradient, 0.05);
                        in_single.step(&mut single, &gradient.cast(), 0.05);
                    }
                    for (x, y) in values(&double).zip(values(&single.cast())) {
                        // 20 steps of f32, each with a few roundings of 6e-8.
                        assert!((x - y).abs() <= 1e-5 * (1.0 + x.abs()), "{spec:?}: {x} {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_update_is_what_was_added_and_lies_where_it_lay() {
        for spec in ALL {
            for settings in [Settings::default(), unusual(spec)] {
                let mut weights = random(&mut Stream::new(3, "test")).last().unwrap();
                let mut optimizer = (spec.double)(&settings, &weights);
                assert_eq!(optimizer.update(), &weights.zeros_like(), "{spec:?}");
                let rows = weights.tensors[0].rows;
                let place = optimizer.update().tensors[0].values.as_ptr();
                for gradient in random(&mut Stream::new(4, "test")).filter(|g| g.tensors[0].rows == rows) {
                    let before = weights.clone();
                    optimizer.step(&mut weights, &gradient, 0.1);
                    let sums = values(&before).zip(values(optimizer.update())).map(|(w, u)| w + u);
                    assert!(values(&weights).eq(sums), "{spec:?}");
                    assert!(optimizer.update().log10_global_norm() > -3.0, "{spec:?}");
                }
                assert_eq!(place, optimizer.update().tensors[0].values.as_ptr(), "{spec:?}");
            }
        }
    }

    #[test]
    fn a_factor_before_the_gradient_is_a_learning_rate_for_sgd_and_nothing_for_the_others() {
        for spec in ALL {
            let settings = Settings::default();
            let start = random(&mut Stream::new(5, "test")).next().unwrap();
            let run = |factor: f64, learning_rate: f64| {
                let (mut weights, mut optimizer) = (start.clone(), (spec.double)(&settings, &start));
                let mut stream = Stream::new(6, "test");
                for _ in 0..10 {
                    let mut gradient = start.zeros_like();
                    gradient.tensors.iter_mut().flat_map(|t| &mut t.values).for_each(|x| *x = factor * stream.normal());
                    optimizer.step(&mut weights, &gradient, learning_rate);
                }
                weights
            };
            let (plain, scaled) = (run(1.0, 0.25), run(0.125, 0.25));
            if spec.slug == "sgd" {
                // Powers of two: exact.
                assert_eq!(scaled, run(1.0, 0.25 / 8.0));
                assert_ne!(scaled, plain);
            } else {
                // What is left of the factor is ε beside the gradient.
                assert!(values(&scaled).zip(values(&plain)).all(|(a, b)| (a - b).abs() < 1e-3), "{spec:?}");
            }
        }
    }

    #[test]
    fn every_parameter_of_an_optimiser_has_an_effect() {
        for spec in ALL {
            for param in spec.params {
                let (all, mut without) = (unusual(spec), unusual(spec));
                without.clear(param);
                let run = |settings: &Settings| {
                    let mut optimizer = (spec.double)(settings, &one_weight(1.0));
                    path(optimizer.as_mut(), 1.0, &[1.0, -0.5, 2.0], 0.1)
                };
                assert_ne!(run(&all), run(&without), "{spec:?} {}", param.key);
            }
        }
    }

    #[test]
    fn every_optimiser_is_documented_and_found_by_its_name() {
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
            assert!(seen.contains(param.key));
            assert!(params().any(|listed| listed == *param), "{} means two things", param.key);
            assert!(param.allows(param.default) && param.help.ends_with('.'), "{}", param.key);
        }
    }
}
