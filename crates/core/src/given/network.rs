//! A network from named tensors.
//!
//! ```text
//! weight_ih_l0 (gates × hidden size, input size)    bias_ih_l0 (gates × hidden size)
//! weight_hh_l0 (gates × hidden size, hidden size)   bias_hh_l0 (gates × hidden size)
//! weight_out   (output size, hidden size)           bias_out   (output size)
//! ```
//!
//! Names, layout and the order of the gates are those of PyTorch's `nn.RNN`, `nn.LSTM` and `nn.GRU` (l1, l2, ... for
//! higher layers), so that a `state_dict` carries over. A bias that is left out is zero. A readout that is left out is
//! the identity: y_t = h_t. What is left out is no parameter: it has no gradient and no part in the global norm.
use super::shape::{Dimension, Named, at_least_one, described};
use crate::bptt::BackwardPass;
use crate::cells::{self, CellSpec};
use crate::network::{Network, Role, Tensor, Weights, log10_sum_of_squares};
use crate::scaled::Scaled;

/// The cell of that kind (rnn, lstm, gru, ...), with an activation where the kind has a choice: tanh unless one is named.
///
/// # Errors
/// One sentence with the names there are.
pub fn cell(kind: &str, activation: Option<&str>) -> Result<&'static CellSpec, String> {
    let of_kind = || cells::ALL.iter().filter(|cell| cell.kind == kind);
    let Some(first) = of_kind().next() else {
        return Err(format!("cell: “{kind}” is not one of {}", cells::kinds()));
    };
    match (first.activation, activation) {
        (None, Some(_)) => Err(format!("activation: the cell {kind} has none to choose from")),
        (_, activation) => cells::of_kind(kind, activation.unwrap_or(cells::TANH.slug)).ok_or_else(|| {
            let names: Vec<&str> = of_kind().filter_map(|cell| cell.activation).collect();
            format!("activation: “{}” is not one of {}", activation.unwrap_or_default(), names.join(", "))
        }),
    }
}

/// A network as it is given.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenNetwork {
    /// The cell of every layer.
    pub cell: &'static CellSpec,
    /// Number of layers.
    pub layers: usize,
    /// Features of an input.
    pub input_size: usize,
    /// Units of the state of each layer.
    pub hidden_size: usize,
    /// Features of the output; without a readout those of the state, and then it need not be given.
    pub output_size: Option<usize>,
    /// The tensors, in any order.
    pub tensors: Vec<Named>,
}

/// A network whose weights fit.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltNetwork {
    /// Cell and sizes, without a normalisation.
    pub network: Network,
    /// All tensors of the network; a bias that was not given is zero, such a readout the identity.
    pub weights: Weights<f64>,
    /// Which of the tensors were given, in the order of the weights.
    given: Vec<bool>,
}

impl GivenNetwork {
    /// Puts every tensor in its place.
    ///
    /// # Errors
    /// One sentence for the first that is missing, unknown, of a wrong shape or not finite.
    pub fn build(mut self) -> Result<BuiltNetwork, String> {
        let sizes =
            [("input size", self.input_size), ("hidden size", self.hidden_size), ("the number of layers", self.layers)];
        sizes.into_iter().try_for_each(|(what, size)| at_least_one(what, size))?;
        let output_size = self.output_size()?;
        let network = Network {
            cell: self.cell,
            layers: self.layers,
            input_size: self.input_size,
            hidden_size: self.hidden_size,
            output_size,
            normalization: None,
            constants: self.cell.usual_constants(),
        };
        // The given tensors are as long as they should be before any buffer is made from the sizes.
        let (mut found, mut given) = (Vec::new(), Vec::new());
        for layer in 0..network.layers {
            for (part, role) in LAYER {
                let name = format!("{part}_l{layer}");
                // One that the cell does not have is left over, and so unknown.
                if Network::blocks_of(network.cell, role) == 0 {
                    given.push(false);
                    found.push(None);
                    continue;
                }
                let tensor = self.take(&name, &shape(&network, layer, role))?;
                let required = matches!(role, Role::Input | Role::Recurrent);
                if required && tensor.is_none() {
                    let expected = described(&shape(&network, layer, role).dimensions());
                    return Err(format!("{name} is missing; expected {expected}"));
                }
                given.push(tensor.is_some());
                found.push(tensor);
            }
        }
        for (name, role) in READOUT {
            let tensor = self.take(name, &shape(&network, 0, role))?;
            given.push(tensor.is_some());
            found.push(tensor);
        }
        let mut weights = network.zeros::<f64>();
        if let Some(left) = self.tensors.first() {
            let is_known = weights.tensors.iter().any(|tensor| tensor.name == left.name && tensor.rows > 0);
            return Err(if is_known {
                format!("{} is given twice; expected it once", left.name)
            } else {
                self.unknown(&left.name)
            });
        }
        for (tensor, values) in weights.tensors.iter_mut().zip(found) {
            match values {
                Some(values) => tensor.values = values,
                None if tensor.role == Role::Readout => identity(tensor),
                None => {}
            }
        }
        Ok(BuiltNetwork { network, weights, given })
    }

    /// The output size, which a network without a readout has from its state.
    fn output_size(&self) -> Result<usize, String> {
        let has = |name: &str| self.tensors.iter().any(|tensor| tensor.name == name);
        match (has("weight_out"), self.output_size) {
            (true, Some(size)) => at_least_one("output size", size).map(|()| size),
            (true, None) => Err("the output size is missing; expected the number of rows of weight_out".to_owned()),
            (false, _) if has("bias_out") => Err(format!(
                "weight_out is missing beside bias_out; expected shape (output size, {}) = (output size, hidden size)",
                self.hidden_size
            )),
            (false, None) => Ok(self.hidden_size),
            (false, Some(size)) if size == self.hidden_size => Ok(size),
            (false, Some(size)) => Err(format!(
                "weight_out is missing; expected shape ({size}, {hidden}) = (output size, hidden size), for without it \
                 the output is the state, of size {hidden}",
                hidden = self.hidden_size
            )),
        }
    }

    /// Takes the tensor of that name out of the given ones, if it is there and fits.
    fn take(&mut self, name: &str, shape: &Shape) -> Result<Option<Vec<f64>>, String> {
        let Some(index) = self.tensors.iter().position(|tensor| tensor.name == name) else { return Ok(None) };
        self.tensors.swap_remove(index).of_shape(&shape.dimensions()).map(Some)
    }

    fn unknown(&self, name: &str) -> String {
        let count = match self.layers {
            1 => "1 layer".to_owned(),
            count => format!("{count} layers"),
        };
        format!(
            "{name}: the cell {} of {count} has no such tensor; expected {} with the layer K from 0 to {}, weight_out, bias_out",
            self.cell.kind,
            names(self.cell),
            self.layers - 1
        )
    }
}

impl BuiltNetwork {
    /// Which tensors were given, in the order of the weights.
    pub fn given(&self) -> &[bool] {
        &self.given
    }

    /// The gradients of the tensors that were given.
    pub fn gradients<'a>(
        &'a self,
        backward_pass: &'a BackwardPass,
    ) -> impl Iterator<Item = (&'a Tensor<f64>, &'a Scaled<f64>)> {
        let all = self.weights.tensors.iter().zip(&backward_pass.gradient).zip(&self.given);
        all.filter(|(_, given)| **given).map(|(pair, _)| pair)
    }

    /// log10 of the Euclidean norm of those gradients together; NaN where one of them is.
    pub fn log10_global_norm(&self, backward_pass: &BackwardPass) -> f64 {
        let norms: Vec<f64> = self.gradients(backward_pass).map(|(_, gradient)| gradient.log10_norm()).collect();
        match norms.iter().any(|norm| norm.is_nan()) {
            true => f64::NAN,
            false => log10_sum_of_squares(norms.into_iter()),
        }
    }
}

/// The tensors of a layer, in the network's order, and the readout's.
const LAYER: [(&str, Role); 4] = [
    ("weight_ih", Role::Input),
    ("weight_hh", Role::Recurrent),
    ("bias_ih", Role::InputBias),
    ("bias_hh", Role::RecurrentBias),
];
const READOUT: [(&str, Role); 2] = [("weight_out", Role::Readout), ("bias_out", Role::ReadoutBias)];

/// The names of the tensors that the layers of a cell have, for layer K.
pub(super) fn names(cell: &CellSpec) -> String {
    let has = |(name, role): &(&str, Role)| (Network::blocks_of(cell, *role) > 0).then(|| format!("{name}_lK"));
    LAYER.iter().filter_map(has).collect::<Vec<_>>().join(", ")
}

/// The expected shape of a tensor, in words and numbers.
struct Shape {
    rows: (String, usize),
    columns: Option<Dimension<'static>>,
}

impl Shape {
    fn dimensions(&self) -> Vec<Dimension<'_>> {
        std::iter::once((self.rows.0.as_str(), self.rows.1)).chain(self.columns).collect()
    }
}

fn shape(network: &Network, layer: usize, role: Role) -> Shape {
    let (gates, hidden) = (Network::blocks_of(network.cell, role), ("hidden size", network.hidden_size));
    let rows = match (role, gates) {
        (Role::Readout | Role::ReadoutBias, _) => ("output size".to_owned(), network.output_size),
        (_, 1) => ("hidden size".to_owned(), network.hidden_size),
        (_, gates) => (format!("{gates} gates × hidden size"), gates.saturating_mul(network.hidden_size)),
    };
    let columns = match role {
        Role::Input if layer == 0 => Some(("input size", network.input_size)),
        Role::Input => Some(("hidden size of the layer below", network.hidden_size)),
        Role::Recurrent | Role::Readout | Role::Projection => Some(hidden),
        Role::InputBias
        | Role::RecurrentBias
        | Role::ReadoutBias
        | Role::InputGain
        | Role::RecurrentGain
        | Role::CellGain
        | Role::CellBias => None,
    };
    Shape { rows, columns }
}

fn identity(tensor: &mut Tensor<f64>) {
    tensor.values.iter_mut().step_by(tensor.columns + 1).for_each(|w| *w = 1.0);
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::sequences::GivenLoss;
    use super::super::sequences::tests::sequences;
    use super::*;
    use crate::bptt;
    use crate::random::Stream;

    pub fn named(name: &str, values: Vec<f64>) -> Named {
        Named { name: name.to_owned(), values }
    }

    /// A network of that kind with all its tensors: input size 2, hidden size 3, output size 2.
    pub fn given(kind: &str, layers: usize) -> GivenNetwork {
        let cell = cell(kind, None).unwrap();
        let network = Network {
            cell,
            layers,
            input_size: 2,
            hidden_size: 3,
            output_size: 2,
            normalization: None,
            constants: cell.usual_constants(),
        };
        let mut stream = Stream::new(7, "test");
        let tensors = network.zeros::<f64>().tensors.into_iter();
        let tensors = tensors.map(|t| named(&t.name, stream.normals(t.rows * t.columns))).collect();
        GivenNetwork { cell, layers, input_size: 2, hidden_size: 3, output_size: Some(2), tensors }
    }

    fn without(mut given: GivenNetwork, names: &[&str]) -> GivenNetwork {
        given.tensors.retain(|tensor| !names.contains(&tensor.name.as_str()));
        given
    }

    fn with(given: GivenNetwork, name: &str, values: Vec<f64>) -> GivenNetwork {
        let mut given = without(given, &[name]);
        given.tensors.push(named(name, values));
        given
    }

    fn sentence(given: GivenNetwork) -> String {
        given.build().unwrap_err()
    }

    #[test]
    fn tensors_find_their_places_whatever_their_order() {
        for kind in ["rnn", "lstm", "gru"] {
            let straight = given(kind, 2);
            let mut turned = straight.clone();
            turned.tensors.reverse();
            let built = straight.clone().build().unwrap();
            assert_eq!(built, turned.build().unwrap());
            for (tensor, given) in built.weights.tensors.iter().zip(&straight.tensors) {
                assert_eq!((&tensor.name, &tensor.values), (&given.name, &given.values));
            }
        }
    }

    #[test]
    fn a_wrong_shape_names_the_tensor_and_what_was_expected() {
        assert_eq!(
            sentence(with(given("lstm", 1), "weight_hh_l0", vec![0.0; 35])),
            "weight_hh_l0 has 35 numbers; expected 36, of shape (12, 3) = (4 gates × hidden size, hidden size)"
        );
        assert_eq!(
            sentence(with(given("rnn", 1), "weight_ih_l0", vec![0.0; 9])),
            "weight_ih_l0 has 9 numbers; expected 6, of shape (3, 2) = (hidden size, input size)"
        );
        assert_eq!(
            sentence(with(given("gru", 2), "weight_ih_l1", vec![0.0; 18])),
            "weight_ih_l1 has 18 numbers; expected 27, of shape (9, 3) = (3 gates × hidden size, hidden size of the layer below)"
        );
        assert_eq!(
            sentence(with(given("gru", 1), "bias_ih_l0", vec![0.0; 3])),
            "bias_ih_l0 has 3 numbers; expected 9, of shape (9) = (3 gates × hidden size)"
        );
    }

    #[test]
    fn missing_unknown_and_infinite_tensors_are_named() {
        assert_eq!(
            sentence(without(given("gru", 1), &["weight_hh_l0"])),
            "weight_hh_l0 is missing; expected shape (9, 3) = (3 gates × hidden size, hidden size)"
        );
        let mut twice = given("rnn", 1);
        twice.tensors.push(twice.tensors[0].clone());
        assert_eq!(sentence(twice), "weight_ih_l0 is given twice; expected it once");
        let unknown = sentence(with(given("rnn", 1), "weight_hh_l1", vec![0.0; 9]));
        assert!(unknown.starts_with("weight_hh_l1: the cell rnn of 1 layer has no such tensor"), "{unknown}");
        let mut values = vec![0.0; 9];
        values[5] = f64::INFINITY;
        assert_eq!(
            sentence(with(given("rnn", 1), "weight_hh_l0", values)),
            "weight_hh_l0: entry (1, 2) is infinity; expected finite numbers of shape (3, 3) = (hidden size, hidden size)"
        );
    }

    #[test]
    fn sizes_of_zero_are_told() {
        let sentence = |change: fn(&mut GivenNetwork)| {
            let mut network = given("rnn", 1);
            change(&mut network);
            sentence(network)
        };
        assert_eq!(sentence(|n| n.hidden_size = 0), "hidden size is 0; expected a whole number from 1 on");
        assert_eq!(sentence(|n| n.input_size = 0), "input size is 0; expected a whole number from 1 on");
        assert_eq!(sentence(|n| n.output_size = Some(0)), "output size is 0; expected a whole number from 1 on");
        assert_eq!(sentence(|n| n.layers = 0), "the number of layers is 0; expected a whole number from 1 on");
        assert!(sentence(|n| n.hidden_size = usize::MAX).starts_with("weight_ih_l0 has 6 numbers; expected "));
    }

    #[test]
    fn without_a_readout_the_output_is_the_state_and_the_readout_is_no_parameter() {
        let mut bare = without(given("gru", 1), &["weight_out", "bias_out", "bias_ih_l0"]);
        bare.output_size = None;
        let built = bare.clone().build().unwrap();
        let run_on = sequences(GivenLoss::SquaredErrorLast, vec![0.1; 3]).build(&built.network).unwrap();
        let mut backward_pass = bptt::study(&built.network, &built.weights, &run_on);
        let hidden = &backward_pass.top().hidden;
        assert_eq!(backward_pass.output_last, hidden[hidden.len() - 3..]);
        let names: Vec<&str> = built.gradients(&backward_pass).map(|(tensor, _)| tensor.name.as_str()).collect();
        assert_eq!(names, ["weight_ih_l0", "weight_hh_l0", "bias_hh_l0"]);
        assert!(built.log10_global_norm(&backward_pass) < bptt::log10_global_norm(&backward_pass.gradient));
        backward_pass.gradient[0].values[0] = f64::NAN;
        assert!(built.log10_global_norm(&backward_pass).is_nan());
        bare.output_size = Some(2);
        assert!(
            sentence(bare).starts_with("weight_out is missing; expected shape (2, 3) = (output size, hidden size)")
        );
        let lonely = without(given("gru", 1), &["weight_out"]);
        assert!(sentence(lonely).starts_with("weight_out is missing beside bias_out"));
    }

    #[test]
    fn kinds_and_activations_are_found_by_name() {
        assert_eq!(cell("rnn", None), Ok(&cells::TANH));
        assert_eq!(cell("rnn", Some("relu")), Ok(&cells::RELU));
        let kinds = cells::kinds();
        assert!(kinds.starts_with("rnn, lstm, gru, leaky"), "{kinds}");
        assert_eq!(cell("tea", None).unwrap_err(), format!("cell: “tea” is not one of {kinds}"));
        assert_eq!(
            cell("rnn", Some("tea")).unwrap_err(),
            "activation: “tea” is not one of linear, tanh, relu, sigmoid"
        );
        assert_eq!(cell("gru", Some("tanh")).unwrap_err(), "activation: the cell gru has none to choose from");
    }
}
