//! Gradient masking by tensor: chosen tensors, or whole layers, are frozen.
//!
//! ```text
//! dL/dW ← 0 for chosen W
//! ```
//!
//! Freezing layers is as old as transfer learning; for recurrent networks with a fixed W_hh see Jaeger, "The echo state
//! approach" (2001), which trains the readout alone. A frozen tensor gets no update, by whatever optimiser; decoupled weight
//! decay still shrinks it.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::network::{Role, Tensor, Weights};
use crate::param::{Choice, Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "mask_tensors",
    title: "freeze tensors",
    does: "Sets the gradient of chosen tensors or layers to zero: a frozen Wₕₕ keeps the spectrum that it started with.",
    does_not: "The gradient that flows back through a frozen matrix still vanishes or explodes, and reaches the other tensors so.",
    source: "Jaeger 2001 (a frozen recurrent matrix)",
    method: Method::Masking,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&WHICH.spec, Value::Choice("none"));
    }),
    toggle: &TOGGLE,
    params: &[&WHICH.spec, &LAYER.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> =
    Param::flag("mask-tensors", "freeze tensors", false).help("Set the gradient of chosen tensors to zero.");

static TENSORS: [Choice; 6] = [
    Choice { slug: "recurrent", label: "recurrent weights Wₕₕ" },
    Choice { slug: "input", label: "input weights Wᵢₕ" },
    Choice { slug: "bias", label: "biases" },
    Choice { slug: "readout", label: "the readout" },
    Choice { slug: "all", label: "all but the readout" },
    Choice { slug: "none", label: "nothing" },
];

/// The role of the tensors that get no update.
pub static WHICH: Param<&'static str> =
    Param::choice("mask-which", "frozen", "recurrent", &TENSORS).help("The tensors that get no update.");

static LAYERS: [Choice; 4] = [
    Choice { slug: "every", label: "in every layer" },
    Choice { slug: "1", label: "in layer 1" },
    Choice { slug: "2", label: "in layer 2" },
    Choice { slug: "3", label: "in layer 3" },
];

/// In which layer.
pub static LAYER: Param<&'static str> =
    Param::choice("mask-layer", "where", "every", &LAYERS).help("Freeze in all layers, or in one only.");

struct Freeze {
    which: &'static str,
    layer: Option<usize>,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    let layer = settings.get(&LAYER).parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    Box::new(Freeze { which: settings.get(&WHICH), layer })
}

impl Freeze {
    fn freezes<R>(&self, tensor: &Tensor<R>) -> bool {
        let readout = matches!(tensor.role, Role::Readout | Role::ReadoutBias);
        let chosen = match self.which {
            "recurrent" => tensor.role == Role::Recurrent,
            "input" => tensor.role == Role::Input,
            "bias" => matches!(tensor.role, Role::InputBias | Role::RecurrentBias | Role::ReadoutBias),
            "readout" => readout,
            "all" => !readout,
            _ => false,
        };
        chosen && (readout || self.layer.is_none() || self.layer == tensor.layer)
    }
}

impl<R: Real> Remedy<R> for Freeze {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        for tensor in &mut gradient.tensors {
            if self.freezes(tensor) {
                tensor.values.fill(R::ZERO);
            }
        }
    }
}
