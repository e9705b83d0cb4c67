//! Clipping by the norm of each layer, each layer with its own threshold.
//!
//! ```text
//! g_l ← g_l · c_l/‖g_l‖   if ‖g_l‖ > c_l,   g_l: all tensors of layer l together; the readout is a layer of its own
//! ```
//!
//! Or input and recurrent weights of each layer apart, each with a threshold of its own: g_l is then W_hh, b_hh and their gain
//! with c_l, and W_ih, b_ih and theirs with another c_l.
//!
//! A layer keeps its own direction; the direction of the whole changes. Of layer-wise limits in training: You, Gitman and
//! Ginsburg, "Large batch training of convolutional networks" (2017), who scale each layer's update instead.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::network::{Role, Tensor, Weights};
use crate::param::{Choice, Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "clip_layer",
    title: "clip each layer",
    does: "Shortens the gradient of every layer, or its input and recurrent weights each by themselves, to a threshold of its own: where one explodes, the others keep theirs.",
    does_not: "It does not keep the direction of the whole gradient, and ∂L/∂hₜ has exploded on its way back as before.",
    source: "Layer-wise form of Pascanu, Mikolov and Bengio 2013, algorithm 1; compare You, Gitman and Ginsburg 2017",
    method: Method::ClippingPerLayer,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        for param in RECURRENT.iter().chain(&INPUT).copied().chain([&READOUT]) {
            settings.set(&param.spec, Value::Real(1e3));
        }
    }),
    toggle: &TOGGLE,
    params: &[
        &PARTS.spec,
        &FIRST.spec,
        &SECOND.spec,
        &THIRD.spec,
        &FIRST_INPUT.spec,
        &SECOND_INPUT.spec,
        &THIRD_INPUT.spec,
        &READOUT.spec,
    ],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("clip-layer", "clip each layer", false)
    .help("Shorten the gradient of each layer to a threshold of its own. Acts after backpropagation.");

static CHOICES: [Choice; 2] = [
    Choice { slug: "layer", label: "each layer" },
    Choice { slug: "weights", label: "input and recurrent weights apart" },
];

/// Whether a layer's tensors have one threshold, or its input weights another than its recurrent ones.
pub static PARTS: Param<&'static str> = Param::choice("clip-layer-parts", "shortened together", "layer", &CHOICES)
    .help("Whether all tensors of a layer are shortened together, or its input weights and its recurrent weights each by themselves.");

fn apart(settings: &Settings) -> bool {
    settings.get(&PARTS) == "weights"
}

const fn limit(key: &'static str, label: &'static str) -> Param<f64> {
    Param::log(key, label, 1.0, 1e-3, 1e3, 0.05).symbol("c").help(
        "The longest gradient of this layer’s tensors together that is let through; of its recurrent weights, where the input weights have their own.",
    )
}

const fn limit_of_input(key: &'static str, label: &'static str) -> Param<f64> {
    Param::log(key, label, 1.0, 1e-3, 1e3, 0.05)
        .symbol("c")
        .help("The longest gradient of this layer’s input weights and their bias that is let through.")
        .applies(apart)
}

/// c_1: the largest norm of the gradient of layer 1, or of its recurrent weights.
pub static FIRST: Param<f64> = limit("layer-1-max-norm", "layer 1");
/// c_2: the largest norm of the gradient of layer 2, or of its recurrent weights.
pub static SECOND: Param<f64> = limit("layer-2-max-norm", "layer 2");
/// c_3: the largest norm of the gradient of layer 3, or of its recurrent weights.
pub static THIRD: Param<f64> = limit("layer-3-max-norm", "layer 3");
/// The largest norm of the gradient of W_ih and b_ih of layer 1, where they have their own.
pub static FIRST_INPUT: Param<f64> = limit_of_input("input-1-max-norm", "layer 1, input");
/// The largest norm of the gradient of W_ih and b_ih of layer 2, where they have their own.
pub static SECOND_INPUT: Param<f64> = limit_of_input("input-2-max-norm", "layer 2, input");
/// The largest norm of the gradient of W_ih and b_ih of layer 3, where they have their own.
pub static THIRD_INPUT: Param<f64> = limit_of_input("input-3-max-norm", "layer 3, input");
/// The limits of the layers; further layers have the last.
static RECURRENT: [&Param<f64>; 3] = [&FIRST, &SECOND, &THIRD];
static INPUT: [&Param<f64>; 3] = [&FIRST_INPUT, &SECOND_INPUT, &THIRD_INPUT];
/// The largest norm of the gradient of W_out and b_out together.
pub static READOUT: Param<f64> = limit("readout-max-norm", "readout");

struct ClipLayer {
    limits: [f64; 3],
    /// Those of the input weights, where they have their own.
    inputs: Option<[f64; 3]>,
    readout: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    let of = |params: [&Param<f64>; 3]| params.map(|param| settings.get(param));
    let inputs = apart(settings).then(|| of(INPUT));
    Box::new(ClipLayer { limits: of(RECURRENT), inputs, readout: settings.get(&READOUT) })
}

impl ClipLayer {
    /// What a tensor is shortened together with, in the order of the layers: the layer, and whether it is of its input weights.
    fn group<R>(&self, tensor: &Tensor<R>) -> (usize, bool) {
        let of_input = matches!(tensor.role, Role::Input | Role::InputBias | Role::InputGain);
        (tensor.layer.unwrap_or(usize::MAX), of_input && self.inputs.is_some())
    }

    fn limit(&self, (layer, of_input): (usize, bool)) -> f64 {
        let of = |limits: &[f64; 3]| limits[layer.min(limits.len() - 1)];
        match &self.inputs {
            _ if layer == usize::MAX => self.readout,
            Some(inputs) if of_input => of(inputs),
            _ => of(&self.limits),
        }
    }
}

impl<R: Real> Remedy<R> for ClipLayer {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        // What is shortened together stands apart: for a moment each group's tensors stand together.
        let mut order: Vec<usize> = (0..gradient.tensors.len()).collect();
        order.sort_by_key(|i| self.group(&gradient.tensors[*i]));
        let mut places: Vec<Option<_>> = gradient.tensors.drain(..).map(Some).collect();
        let mut sorted: Vec<_> = order.iter().filter_map(|i| places[*i].take()).collect();
        for group in sorted.chunk_by_mut(|a, b| self.group(a) == self.group(b)) {
            gradient_ops::clip_norm(group, self.limit(self.group(&group[0])), 2.0);
        }
        for (i, tensor) in order.into_iter().zip(sorted) {
            places[i] = Some(tensor);
        }
        gradient.tensors = places.into_iter().flatten().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    #[test]
    fn each_layer_is_shortened_to_its_own_limit_and_the_order_of_the_tensors_stays() {
        let (weights, mut g) = (gradient(&[1.0; 4]), gradient(&[3.0, 10.0, 0.5, -4.0]));
        for (tensor, (name, layer)) in
            g.tensors.iter_mut().zip([("a", Some(0)), ("b", Some(1)), ("c", None), ("d", Some(0))])
        {
            tensor.name = name.to_owned();
            tensor.layer = layer;
        }
        ClipLayer { limits: [2.5, 4.0, 1.0], inputs: None, readout: 0.25 }.on_gradient(&mut update(&weights), &mut g);
        let found: Vec<(&str, f64)> = g.tensors.iter().map(|tensor| (tensor.name.as_str(), tensor.values[0])).collect();
        assert_eq!(found, [("a", 1.5), ("b", 4.0), ("c", 0.25), ("d", -2.0)]);
    }

    #[test]
    fn input_and_recurrent_weights_of_a_layer_are_shortened_each_to_its_own_limit() {
        use Role::{Input, InputBias, Readout, Recurrent, RecurrentBias, RecurrentGain};
        let (weights, mut g) = (gradient(&[1.0; 7]), gradient(&[3.0, 6.0, -4.0, 8.0, 10.0, 5.0, 0.0]));
        let roles = [
            (Input, Some(0)),
            (Recurrent, Some(0)),
            (InputBias, Some(0)),
            (RecurrentBias, Some(0)),
            (Input, Some(1)),
            (Readout, None),
            (RecurrentGain, Some(0)),
        ];
        for (tensor, (role, layer)) in g.tensors.iter_mut().zip(roles) {
            (tensor.role, tensor.layer) = (role, layer);
        }
        let mut remedy = ClipLayer { limits: [20.0, 1.0, 1.0], inputs: Some([2.5, 4.0, 1.0]), readout: 0.25 };
        remedy.on_gradient(&mut update(&weights), &mut g);
        // ‖(3, -4)‖ = 5 is halved; ‖(6, 8, 0)‖ = 10 is within 20.
        let found: Vec<f64> = g.tensors.iter().map(|tensor| tensor.values[0]).collect();
        assert_eq!(found, [1.5, 6.0, -2.0, 8.0, 4.0, 0.25, 0.0]);
        remedy.limits[0] = 5.0;
        remedy.on_gradient(&mut update(&weights), &mut g);
        assert_eq!([g.tensors[0].values[0], g.tensors[1].values[0], g.tensors[3].values[0]], [1.5, 3.0, 4.0]);
    }
}
