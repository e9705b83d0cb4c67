//! The REGISTRY of remedies against vanishing and exploding gradients: one file and one line each.
//!
//! A remedy acts at its stages of a training step and does nothing at the others. It addresses tensors by their
//! [`crate::network::Role`], never by a cell's name, so that it fits cells that are not yet written.
//!
//! ```text
//! configure → initialize → ( forward → on_state_gradient, counts: t falling → on_gradient → optimiser → after_step )*
//! ```
mod batch_norm;
mod checkpointing;
mod chrono_init;
mod clip_layer;
mod clip_norm;
mod clip_state;
mod clip_tensor;
mod clip_value;
mod curriculum;
mod detect;
mod forget_bias;
mod gradient_noise;
mod gradient_scale;
mod gru;
mod identity_init;
mod l1;
mod l2;
mod layer_norm;
mod loss_scale;
mod lstm;
mod mask_steps;
mod mask_tensors;
mod normalize;
mod omega;
mod orthogonal_init;
mod rescale_init;
mod schedule;
mod spec;
mod spectral_norm;
mod truncation;
mod weight_decay;
mod xavier_init;

use crate::param::{ParamSpec, Settings, each_once, is_of_chosen};

pub use clip_norm::{MAX_NORM, clip_by_global_norm};
pub use forget_bias::{BIAS as FORGET_BIAS, TOGGLE as FORGET_BIAS_INIT};
pub use orthogonal_init::{GAIN as ORTHOGONAL_GAIN, MATRIX as ORTHOGONAL_MATRIX};
pub use rescale_init::RADIUS as RESCALE_RADIUS;
pub use schedule::KIND as SCHEDULE_KIND;
pub use spec::{Alarm, AlarmAction, Method, Remedy, RemedySpec, Slot, Stage, Treats, Update};
pub use truncation::{STRIDE, WINDOW};

/// All remedies, in the order of the pipeline: that of their stages, and the order in which they act within a stage.
pub static ALL: &[RemedySpec] = &[
    curriculum::SPEC,
    lstm::SPEC,
    gru::SPEC,
    batch_norm::SPEC,
    layer_norm::SPEC,
    xavier_init::SPEC,
    orthogonal_init::SPEC,
    identity_init::SPEC,
    rescale_init::SPEC,
    forget_bias::SPEC,
    chrono_init::SPEC,
    checkpointing::SPEC,
    loss_scale::SPEC,
    truncation::SPEC,
    clip_state::SPEC,
    mask_steps::SPEC,
    omega::SPEC,
    detect::SPEC,
    l1::SPEC,
    l2::SPEC,
    gradient_scale::SPEC,
    mask_tensors::SPEC,
    clip_value::SPEC,
    clip_tensor::SPEC,
    clip_layer::SPEC,
    clip_norm::SPEC,
    normalize::SPEC,
    gradient_noise::SPEC,
    schedule::SPEC,
    weight_decay::SPEC,
    spectral_norm::SPEC,
];

/// The remedy of that slug.
pub fn find(slug: &str) -> Option<&'static RemedySpec> {
    ALL.iter().find(|spec| spec.slug == slug)
}

/// The parameters of all remedies, each once: a toggle, followed by its own.
pub fn params() -> impl Iterator<Item = &'static ParamSpec> {
    each_once(|| ALL.iter().flat_map(|spec| std::iter::once(&spec.toggle.spec).chain(spec.params.iter().copied())))
}

/// Whether a parameter has an effect, as far as these remedies decide: none lists it, or one that is switched on does.
pub fn applies<'a>(remedies: impl IntoIterator<Item = &'a RemedySpec>, spec: &ParamSpec, settings: &Settings) -> bool {
    is_of_chosen(spec, remedies.into_iter().map(|spec| (settings.get(spec.toggle), spec.params)))
}

/// Of remedies that are on, in their order: whether what this one puts in stays, because no later one fills the same slot.
pub fn counts<'a>(spec: &RemedySpec, mut on: impl DoubleEndedIterator<Item = &'a RemedySpec>) -> bool {
    spec.replaces.is_none()
        || on.rfind(|other| other.replaces == spec.replaces).is_none_or(|last| last.slug == spec.slug)
}

/// The remedies that are switched on.
pub fn switched_on(settings: &Settings) -> impl Iterator<Item = &'static RemedySpec> + '_ {
    ALL.iter().filter(|spec| settings.get(spec.toggle))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::cells::{self, CellSpec};
    use crate::network::{Network, Role, Tensor, Weights};
    use crate::param::Value;
    use crate::random::Stream;

    /// A gradient of tensors of one entry each, all recurrent weights of the first layer.
    pub fn gradient(values: &[f64]) -> Weights<f64> {
        let tensor = |value: &f64| Tensor {
            name: String::new(),
            role: Role::Recurrent,
            layer: Some(0),
            rows: 1,
            columns: 1,
            values: vec![*value],
        };
        Weights { tensors: values.iter().map(tensor).collect() }
    }

    /// A network of two units a layer that reads one number.
    pub fn network(cell: &'static CellSpec, layers: usize) -> Network {
        Network {
            cell,
            layers,
            input_size: 1,
            hidden_size: 2,
            output_size: 1,
            normalization: None,
            constants: cell.usual_constants(),
        }
    }

    /// A network of every cell with random weights.
    fn networks() -> impl Iterator<Item = (Network, Weights<f64>)> {
        cells::ALL.iter().map(|cell| {
            let network = Network { input_size: 2, hidden_size: 5, ..network(cell, 1) };
            let mut weights = network.zeros();
            let mut stream = Stream::new(1, "conformance");
            for tensor in &mut weights.tensors {
                tensor.values.iter_mut().for_each(|x| *x = 3.0 * stream.normal());
            }
            (network, weights)
        })
    }

    pub fn update<R>(weights: &Weights<R>) -> Update<'_, R> {
        Update { step: 0, loss: 1.0, weights, learning_rate: 0.1, skip: false, alarm: None }
    }

    #[test]
    fn every_remedy_keeps_shapes_and_finite_numbers_on_every_cell() {
        for spec in ALL {
            let mut settings = Settings::default();
            settings.set(&spec.toggle.spec, Value::Flag(true));
            let mut remedy = (spec.double)(&settings);
            for (network, mut weights) in networks() {
                let shape = |w: &Weights<f64>| {
                    w.tensors.iter().map(|t| (t.rows, t.columns, t.values.len())).collect::<Vec<_>>()
                };
                let before = shape(&weights);
                remedy.initialize(&network, &mut weights, &mut Stream::new(2, "conformance"));
                let given = weights.clone();
                remedy.on_gradient(&mut update(&given), &mut weights);
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
            for (network, weights) in networks() {
                let (mut double, mut single) = (weights.clone(), weights.cast::<f32>());
                (spec.double)(&settings).initialize(&network, &mut double, &mut Stream::new(2, "conformance"));
                (spec.single)(&settings).initialize(&network, &mut single, &mut Stream::new(2, "conformance"));
                let given = double.clone();
                (spec.double)(&settings).on_gradient(&mut update(&given), &mut double);
                let given = single.clone();
                (spec.single)(&settings).on_gradient(&mut update(&given), &mut single);
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
        for spec in ALL.iter().filter(|spec| spec.replaces == Some(Slot::RecurrentMatrix)) {
            let mut settings = Settings::default();
            settings.set(&spec.toggle.spec, Value::Flag(true));
            for (network, mut weights) in networks() {
                let before = weights.clone();
                (spec.double)(&settings).initialize(&network, &mut weights, &mut Stream::new(2, "conformance"));
                for (a, b) in weights.tensors.iter().zip(&before.tensors) {
                    assert_eq!(
                        a.values != b.values,
                        a.role == Role::Recurrent && a.rows > 0,
                        "{} {}",
                        spec.slug,
                        a.name
                    );
                }
            }
        }
    }

    #[test]
    fn the_registry_is_in_the_order_of_the_stages() {
        assert!(ALL.windows(2).all(|pair| pair[0].stage <= pair[1].stage));
    }
}
