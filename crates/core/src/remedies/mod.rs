//! The REGISTRY of remedies against vanishing and exploding gradients: one file and one line each.
//!
//! A remedy acts at its stages of a training step and does nothing at the others. It addresses tensors by their
//! [`crate::network::Role`], never by a cell's name, so that it fits cells that are not yet written.
mod clip_norm;
mod orthogonal_init;

use crate::network::{Real, Weights};
use crate::param::{Param, ParamSpec, Settings};
use crate::random::Stream;

pub use clip_norm::{MAX_NORM, clip_by_global_norm};
pub use orthogonal_init::GAIN as ORTHOGONAL_GAIN;

/// What a remedy does, stage by stage, in the order of a training step. Every stage defaults to nothing.
pub trait Remedy<R: Real> {
    /// After the default initialisation: where the weights start.
    fn initialize(&self, _weights: &mut Weights<R>, _stream: &mut Stream) {}

    /// dL/dθ, after backpropagation and before the optimiser. It cannot change dL/dh_t any more.
    fn on_gradient(&self, _gradient: &mut Weights<R>) {}
}

/// What a remedy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treats {
    /// Gradients that grow.
    Explosion,
    /// Gradients that shrink.
    Vanishing,
    /// Both.
    Both,
}

/// A remedy, as data.
pub struct RemedySpec {
    /// The name in documents and tests: the file's.
    pub slug: &'static str,
    /// The name on the page.
    pub title: &'static str,
    /// What it does to the gradient, in a sentence.
    pub does: &'static str,
    /// What it does not do, in a sentence.
    pub does_not: &'static str,
    /// Paper and equation.
    pub source: &'static str,
    /// What it is for.
    pub treats: Treats,
    /// The parameter that switches it on.
    pub toggle: &'static Param<bool>,
    /// Its further parameters.
    pub params: &'static [&'static ParamSpec],
    /// Makes it, in f32, from settings in which it is switched on.
    pub single: fn(&Settings) -> Box<dyn Remedy<f32>>,
    /// Makes it in f64.
    pub double: fn(&Settings) -> Box<dyn Remedy<f64>>,
}

/// All remedies. The order is the order in which they act within a stage.
pub static ALL: &[RemedySpec] = &[orthogonal_init::SPEC, clip_norm::SPEC];

/// The remedies that are switched on.
pub fn switched_on(settings: &Settings) -> impl Iterator<Item = &'static RemedySpec> + '_ {
    ALL.iter().filter(|spec| settings.get(spec.toggle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::{Network, Role};
    use crate::param::Value;

    /// A network of every cell with random weights.
    fn networks() -> impl Iterator<Item = Weights<f64>> {
        cells::ALL.iter().map(|cell| {
            let network = Network { cell, layers: 1, input_size: 2, hidden_size: 5, output_size: 1 };
            let mut weights = network.zeros();
            let mut stream = Stream::new(1, "conformance");
            for tensor in &mut weights.tensors {
                tensor.values.iter_mut().for_each(|x| *x = 3.0 * stream.normal());
            }
            weights
        })
    }

    #[test]
    fn every_remedy_keeps_shapes_and_finite_numbers_on_every_cell() {
        for spec in ALL {
            let mut settings = Settings::default();
            settings.set(&spec.toggle.spec, Value::Flag(true));
            let remedy = (spec.double)(&settings);
            for mut weights in networks() {
                let shape = |w: &Weights<f64>| {
                    w.tensors.iter().map(|t| (t.rows, t.columns, t.values.len())).collect::<Vec<_>>()
                };
                let before = shape(&weights);
                remedy.initialize(&mut weights, &mut Stream::new(2, "conformance"));
                remedy.on_gradient(&mut weights);
                assert_eq!(before, shape(&weights), "{}", spec.slug);
                assert!(weights.tensors.iter().all(|t| t.values.iter().all(|x| x.is_finite())), "{}", spec.slug);
            }
        }
    }

    #[test]
    fn single_and_double_precision_agree() {
        for spec in ALL {
            let mut settings = Settings::default();
            settings.set(&spec.toggle.spec, Value::Flag(true));
            for weights in networks() {
                let (mut double, mut single) = (weights.clone(), weights.cast::<f32>());
                (spec.double)(&settings).initialize(&mut double, &mut Stream::new(2, "conformance"));
                (spec.single)(&settings).initialize(&mut single, &mut Stream::new(2, "conformance"));
                (spec.double)(&settings).on_gradient(&mut double);
                (spec.single)(&settings).on_gradient(&mut single);
                for (a, b) in double.tensors.iter().zip(&single.tensors) {
                    for (x, y) in a.values.iter().zip(&b.values) {
                        assert!((x - f64::from(*y)).abs() <= 1e-5 * (1.0 + x.abs()), "{} {}", spec.slug, a.name);
                    }
                }
            }
        }
    }

    #[test]
    fn every_remedy_is_off_by_default_and_documented() {
        for spec in ALL {
            assert!(!Settings::default().get(spec.toggle), "{}", spec.slug);
            for text in [spec.title, spec.does, spec.does_not, spec.source, spec.toggle.spec.help] {
                assert!(!text.is_empty(), "{}", spec.slug);
            }
        }
    }

    #[test]
    fn initialisations_leave_input_weights_and_biases_alone() {
        let mut settings = Settings::default();
        settings.set(&orthogonal_init::SPEC.toggle.spec, Value::Flag(true));
        for mut weights in networks() {
            let before = weights.clone();
            (orthogonal_init::SPEC.double)(&settings).initialize(&mut weights, &mut Stream::new(2, "conformance"));
            for (a, b) in weights.tensors.iter().zip(&before.tensors) {
                assert_eq!(a.values == b.values, a.role != Role::Recurrent, "{}", a.name);
            }
        }
    }
}
