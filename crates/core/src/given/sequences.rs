//! What a network is run on: inputs, states at time 0, targets and a loss, and the memory that a pass over them takes.
use super::shape::{Dimension, Named, at_least_one};
use crate::bptt::{Sequences, Targets};
use crate::network::Network;

/// Which loss, at which times; see [`Targets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenLoss {
    /// Σ_b ‖y_T - target_b‖².
    SquaredErrorLast,
    /// Σ_t Σ_b ‖y_t - target_tb‖².
    SquaredErrorAll,
    /// Σ_b -ln softmax(y_T)_{class_b}.
    CrossEntropyLast,
    /// Σ_t Σ_b -ln softmax(y_t)_{class_tb}.
    CrossEntropyAll,
}

/// What a network is run on, as it is given. Arrays are time-major: `input[t][sequence][feature]`.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenSequences {
    /// T: time steps, at least 1.
    pub steps: usize,
    /// B: sequences, at least 1.
    pub batch_size: usize,
    /// x: (T, B, input size).
    pub inputs: Named,
    /// h_0: (layers, B, hidden size); zeros if it is left out.
    pub hidden_start: Option<Named>,
    /// c_0: the same, for cells that have one.
    pub cell_start: Option<Named>,
    /// Which loss, and whether it looks at all outputs or at the last.
    pub loss: GivenLoss,
    /// What the outputs should be: numbers (B, output size), or classes (B), at every time (T, ...) for the losses that
    /// look at all.
    pub targets: Named,
    /// The factor before the loss.
    pub loss_scale: f64,
}

impl GivenSequences {
    /// Checks that everything fits the network.
    ///
    /// # Errors
    /// One sentence for the first thing that does not.
    pub fn build(self, network: &Network) -> Result<Sequences, String> {
        let sizes = [("sequence length", self.steps), ("batch size", self.batch_size)];
        sizes.into_iter().try_for_each(|(what, size)| at_least_one(what, size))?;
        let [steps, batch] = sizes;
        if !self.loss_scale.is_finite() {
            return Err(format!("the scale of the loss is {}; expected a finite number", self.loss_scale));
        }
        let inputs = self.inputs.of_shape(&[steps, batch, ("input size", network.input_size)])?;
        let start = [("layers", network.layers), batch, ("hidden size", network.hidden_size)];
        let start = |given: Option<Named>| given.map_or(Ok(Vec::new()), |given| given.of_shape(&start));
        let hidden_start = start(self.hidden_start)?;
        if let (false, Some(given)) = (network.cell.has_cell_state, &self.cell_start) {
            return Err(format!("{}: the cell {} has no cell state c, only h", given.name, network.cell.kind));
        }
        let cell_start = start(self.cell_start)?;
        let outputs = ("output size", network.output_size);
        let targets = match self.loss {
            GivenLoss::SquaredErrorLast => Targets::SquaredErrorLast(self.targets.of_shape(&[batch, outputs])?),
            GivenLoss::SquaredErrorAll => Targets::SquaredErrorAll(self.targets.of_shape(&[steps, batch, outputs])?),
            GivenLoss::CrossEntropyLast => Targets::CrossEntropyLast(classes(self.targets, &[batch], outputs.1)?),
            GivenLoss::CrossEntropyAll => Targets::CrossEntropyAll(classes(self.targets, &[steps, batch], outputs.1)?),
        };
        Ok(Sequences {
            steps: self.steps,
            batch_size: self.batch_size,
            inputs,
            hidden_start,
            cell_start,
            targets,
            loss_scale: self.loss_scale,
        })
    }
}

fn classes(given: Named, shape: &[Dimension], count: usize) -> Result<Vec<usize>, String> {
    let name = given.name.clone();
    let class = |(index, x): (usize, f64)| {
        let fits = x >= 0.0 && x < count as f64 && x.fract() == 0.0;
        fits.then_some(x as usize).ok_or_else(|| {
            format!(
                "{name}: entry {index} is {x}; expected whole numbers from 0 to {}, below the output size",
                count - 1
            )
        })
    };
    given.of_shape(shape)?.into_iter().enumerate().map(class).collect()
}

/// The most bytes that one forward and backward pass with everything that it finds may need.
///
/// Counted for the case that the pass leaves the range of f64 and is repeated in [`crate::scaled::Wide`]: what a layer
/// keeps of every time step in both number types, the state gradients, and the result.
pub fn bytes_needed(network: &Network, steps: usize, batch_size: usize) -> u128 {
    let cell = network.cell;
    let (gates, separate) = (cell.gates, if cell.separate { cell.gates } else { 0 });
    let states = if cell.has_cell_state { 2 } else { 1 };
    let kept = 2 * gates + separate + cell.saved + states + 1;
    let numbers = 3 * kept + 2 * states + (states + 1 + 2 * gates);
    let layers = numbers as u128 * network.layers as u128 * network.hidden_size as u128;
    let around = 3 * (network.input_size as u128 + 2 * network.output_size as u128);
    (8 * (steps as u128 + 1) * batch_size as u128).saturating_mul(layers + around)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::network::tests::{given, named};
    use super::*;

    /// One sequence of four steps of two features.
    pub fn sequences(loss: GivenLoss, targets: Vec<f64>) -> GivenSequences {
        GivenSequences {
            steps: 4,
            batch_size: 1,
            inputs: named("inputs", (0..8).map(f64::from).collect()),
            hidden_start: None,
            cell_start: None,
            loss,
            targets: named("targets", targets),
            loss_scale: 1.0,
        }
    }

    #[test]
    fn what_a_network_is_run_on_must_fit_it() {
        let network = given("rnn", 1).build().unwrap().network;
        let plain = || sequences(GivenLoss::SquaredErrorLast, vec![0.0; 2]);
        let sentence = |given: GivenSequences| given.build(&network).unwrap_err();
        assert_eq!(
            sentence(GivenSequences { steps: 0, ..plain() }),
            "sequence length is 0; expected a whole number from 1 on"
        );
        assert_eq!(
            sentence(GivenSequences { steps: 5, ..plain() }),
            "inputs has 8 numbers; expected 10, of shape (5, 1, 2) = (sequence length, batch size, input size)"
        );
        assert_eq!(
            sentence(GivenSequences { hidden_start: Some(named("h0", vec![0.0; 2])), ..plain() }),
            "h0 has 2 numbers; expected 3, of shape (1, 1, 3) = (layers, batch size, hidden size)"
        );
        let cell_start = Some(named("c0", vec![0.0; 3]));
        assert_eq!(sentence(GivenSequences { cell_start, ..plain() }), "c0: the cell rnn has no cell state c, only h");
        assert_eq!(
            sentence(sequences(GivenLoss::SquaredErrorAll, vec![0.0; 2])),
            "targets has 2 numbers; expected 8, of shape (4, 1, 2) = (sequence length, batch size, output size)"
        );
        for class in [2.0, -1.0, 0.5] {
            let found = sentence(sequences(GivenLoss::CrossEntropyLast, vec![class]));
            assert!(found.ends_with("expected whole numbers from 0 to 1, below the output size"), "{found}");
        }
    }
}
