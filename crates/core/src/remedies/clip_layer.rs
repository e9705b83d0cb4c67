//! Clipping by the norm of each layer, each layer with its own threshold.
//!
//! ```text
//! g_l ← g_l · c_l/‖g_l‖   if ‖g_l‖ > c_l,   g_l: all tensors of layer l together; the readout is a layer of its own
//! ```
//!
//! A layer keeps its own direction; the direction of the whole changes. Of layer-wise limits in training: You, Gitman and
//! Ginsburg, "Large batch training of convolutional networks" (2017), who scale each layer's update instead.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::network::Weights;
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "clip_layer",
    title: "clip each layer",
    does: "Shortens the gradient of every layer to that layer’s own threshold: where one layer explodes, the others keep theirs.",
    does_not: "It does not keep the direction of the whole gradient, and ∂L/∂hₜ has exploded on its way back as before.",
    source: "Layer-wise form of Pascanu, Mikolov and Bengio 2013, algorithm 1; compare You, Gitman and Ginsburg 2017",
    method: Method::ClippingPerLayer,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        for param in [&FIRST, &SECOND, &THIRD, &READOUT] {
            settings.set(&param.spec, Value::Real(1e3));
        }
    }),
    toggle: &TOGGLE,
    params: &[&FIRST.spec, &SECOND.spec, &THIRD.spec, &READOUT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("clip-layer", "clip each layer", false)
    .help("Shorten the gradient of each layer to a threshold of its own. Acts after backpropagation.");

const fn limit(key: &'static str, label: &'static str) -> Param<f64> {
    Param::log(key, label, 1.0, 1e-3, 1e3, 0.05)
        .symbol("c")
        .help("The longest gradient of this layer’s tensors together that is let through.")
}

/// c_1: the largest norm of the gradient of layer 1.
pub static FIRST: Param<f64> = limit("layer-1-max-norm", "layer 1");
/// c_2: the largest norm of the gradient of layer 2.
pub static SECOND: Param<f64> = limit("layer-2-max-norm", "layer 2");
/// c_3: the largest norm of the gradient of layer 3.
pub static THIRD: Param<f64> = limit("layer-3-max-norm", "layer 3");
/// The largest norm of the gradient of W_out and b_out together.
pub static READOUT: Param<f64> = limit("readout-max-norm", "readout");

struct ClipLayer {
    limits: [f64; 3],
    readout: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    let limits = [&FIRST, &SECOND, &THIRD].map(|param| settings.get(param));
    Box::new(ClipLayer { limits, readout: settings.get(&READOUT) })
}

impl<R: Real> Remedy<R> for ClipLayer {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        // A layer's gains stand apart from its other tensors: for a moment each layer's tensors stand together.
        let mut order: Vec<usize> = (0..gradient.tensors.len()).collect();
        order.sort_by_key(|i| gradient.tensors[*i].layer.map_or(usize::MAX, |layer| layer));
        let mut places: Vec<Option<_>> = gradient.tensors.drain(..).map(Some).collect();
        let mut sorted: Vec<_> = order.iter().filter_map(|i| places[*i].take()).collect();
        for layer in sorted.chunk_by_mut(|a, b| a.layer == b.layer) {
            let limit = layer[0].layer.map_or(self.readout, |l| self.limits[l.min(self.limits.len() - 1)]);
            gradient_ops::clip_norm(layer, limit, 2.0);
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
        ClipLayer { limits: [2.5, 4.0, 1.0], readout: 0.25 }.on_gradient(&mut update(&weights), &mut g);
        let found: Vec<(&str, f64)> = g.tensors.iter().map(|tensor| (tensor.name.as_str(), tensor.values[0])).collect();
        assert_eq!(found, [("a", 1.5), ("b", 4.0), ("c", 0.25), ("d", -2.0)]);
    }
}
