//! A network in both directions, or with projected states, from named tensors.
//!
//! ```text
//! weight_ih_l0 (gates × hidden size, input size)          above: (gates × hidden size, directions × state size)
//! weight_hh_l0 (gates × hidden size, state size)          weight_hr_l0 (state size, hidden size), where it is projected
//! bias_ih_l0, bias_hh_l0 (gates × hidden size)            the same with _reverse for the direction backwards in time
//! weight_out (output size, directions × state size)       bias_out (output size)
//! ```
//!
//! Names and layout are PyTorch's. The state size is the hidden size, or proj_size. What is left out is as in
//! [`super::GivenNetwork`].
use super::network::names;
use super::shape::{Dimension, Named, at_least_one, described};
use crate::cells::CellSpec;
use crate::network::{Network, Role, Tensor, Weights, index};
use crate::stack::{Projection, REVERSE, Stack, Unit};

/// Such a network as it is given.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenStack {
    /// The cell of every layer.
    pub cell: &'static CellSpec,
    /// Number of layers.
    pub layers: usize,
    /// Whether each layer runs in both directions.
    pub bidirectional: bool,
    /// Numbers in the state, where it is a projection; only an LSTM's can be.
    pub projection: Option<usize>,
    /// Features of an input.
    pub input_size: usize,
    /// Units of a layer in one direction.
    pub hidden_size: usize,
    /// Features of the output; needed with a readout alone.
    pub output_size: Option<usize>,
    /// The tensors, in any order.
    pub tensors: Vec<Named>,
}

impl GivenStack {
    /// Puts every tensor in its place.
    ///
    /// # Errors
    /// One sentence for the first that is missing, unknown, of a wrong shape or not finite; and where the state is projected,
    /// for a cell without c, and for a projection that is not smaller than the hidden size.
    pub fn build(mut self) -> Result<Stack, String> {
        let sizes =
            [("input size", self.input_size), ("hidden size", self.hidden_size), ("the number of layers", self.layers)];
        sizes.into_iter().try_for_each(|(what, size)| at_least_one(what, size))?;
        if let Some(size) = self.projection {
            at_least_one("projection size", size)?;
            if !self.cell.has_cell_state {
                return Err(format!("the state of the cell {} cannot be projected; expected an lstm", self.cell.kind));
            }
            if size >= self.hidden_size {
                let hidden = self.hidden_size;
                return Err(format!("the projection size is {size}; expected fewer than the {hidden} hidden units"));
            }
        }
        let directions = if self.bidirectional { 2 } else { 1 };
        let mut stack = Stack {
            layers: self.layers,
            directions,
            input_size: self.input_size,
            hidden_size: self.hidden_size,
            state_size: self.projection.unwrap_or(self.hidden_size),
            units: Vec::new(),
            readout: None,
            readout_given: [false; 2],
        };
        for layer in 0..stack.layers {
            for direction in 0..directions {
                let unit = self.unit(&stack, layer, direction)?;
                stack.units.push(unit);
            }
        }
        self.read_out(&mut stack)?;
        match self.tensors.first() {
            Some(left) => Err(self.unknown(&left.name)),
            None => Ok(stack),
        }
    }

    fn unit(&mut self, stack: &Stack, layer: usize, direction: usize) -> Result<Unit, String> {
        let suffix = format!("_l{layer}{}", if direction == 0 { "" } else { REVERSE });
        let of_rows = |gates: usize| match gates {
            1 => "hidden size".to_owned(),
            gates => format!("{gates} gates × hidden size"),
        };
        let state = ("state size", stack.state_size);
        let inputs = match layer {
            0 => ("input size", self.input_size),
            _ => ("directions × state size of the layer below", stack.layer_input_size(layer)),
        };
        let shapes = [
            ("weight_ih", Role::Input, Some(inputs)),
            ("weight_hh", Role::Recurrent, Some(state)),
            ("bias_ih", Role::InputBias, None),
            ("bias_hh", Role::RecurrentBias, None),
        ];
        let (mut tensors, mut given) = (Vec::new(), [true; index::PER_LAYER]);
        for ((part, role, columns), given) in shapes.into_iter().zip(&mut given) {
            let name = format!("{part}{suffix}");
            let gates = Network::blocks_of(self.cell, role);
            let (of_rows, rows) = (of_rows(gates), gates.saturating_mul(self.hidden_size));
            let shape: Vec<Dimension> = std::iter::once((of_rows.as_str(), rows)).chain(columns).collect();
            // One that the cell does not have is left over, and so unknown.
            let values = if gates > 0 { self.take(&name, &shape, columns.is_some())? } else { None };
            *given = values.is_some();
            let columns = columns.map_or(1, |(_, size)| size);
            let values = values.unwrap_or_else(|| vec![0.0; rows]);
            tensors.push(Tensor { name, role, layer: Some(layer), rows, columns, values });
        }
        let projection = match self.projection {
            None => None,
            Some(_) => {
                let name = format!("weight_hr{suffix}");
                let shape = [state, ("hidden size", self.hidden_size)];
                let values = self.take(&name, &shape, true)?.unwrap_or_default();
                let (rows, columns) = (stack.state_size, self.hidden_size);
                let layer = Some(layer);
                let matrix = Tensor { name, role: Role::Projection, layer, rows, columns, values };
                let recurrent = tensors[index::W_HH].clone();
                let projection = Projection { matrix, recurrent };
                (tensors[index::W_HH].columns, tensors[index::W_HH].values) = (columns, projection.product());
                Some(projection)
            }
        };
        let empty = |name: &str, role, columns| Tensor {
            name: name.to_owned(),
            role,
            layer: None,
            rows: 0,
            columns,
            values: Vec::new(),
        };
        tensors.extend([empty("weight_out", Role::Readout, self.hidden_size), empty("bias_out", Role::ReadoutBias, 1)]);
        Ok(Unit { weights: Weights { tensors }, given, projection })
    }

    fn read_out(&mut self, stack: &mut Stack) -> Result<(), String> {
        let has = |name: &str| self.tensors.iter().any(|tensor| tensor.name == name);
        if !has("weight_out") {
            return match (has("bias_out"), self.output_size) {
                (true, _) => Err("weight_out is missing beside bias_out".to_owned()),
                (false, Some(size)) if size != stack.output_size() => Err(format!(
                    "weight_out is missing; without it the output is the state, of size {}, and not {size}",
                    stack.output_size()
                )),
                _ => Ok(()),
            };
        }
        let rows = self.output_size.ok_or("the output size is missing; expected the number of rows of weight_out")?;
        at_least_one("output size", rows)?;
        let columns = stack.directions * stack.state_size;
        let shape = [("output size", rows), ("directions × state size", columns)];
        let matrix = self.take("weight_out", &shape, true)?.unwrap_or_default();
        let bias = self.take("bias_out", &shape[..1], false)?;
        stack.readout_given = [true, bias.is_some()];
        let tensor = |name: &str, role, columns, values| Tensor {
            name: name.to_owned(),
            role,
            layer: None,
            rows,
            columns,
            values,
        };
        stack.readout = Some([
            tensor("weight_out", Role::Readout, columns, matrix),
            tensor("bias_out", Role::ReadoutBias, 1, bias.unwrap_or_else(|| vec![0.0; rows])),
        ]);
        Ok(())
    }

    /// Takes the tensor of that name out of the given ones, if it is there and fits.
    fn take(&mut self, name: &str, shape: &[Dimension], is_required: bool) -> Result<Option<Vec<f64>>, String> {
        match self.tensors.iter().position(|tensor| tensor.name == name) {
            Some(index) => self.tensors.swap_remove(index).of_shape(shape).map(Some),
            None if is_required => Err(format!("{name} is missing; expected {}", described(shape))),
            None => Ok(None),
        }
    }

    fn unknown(&self, name: &str) -> String {
        let projected = if self.projection.is_some() { ", weight_hr_lK" } else { "" };
        let both = if self.bidirectional { ", each also with _reverse" } else { "" };
        format!(
            "{name} is unknown, or given twice; expected {}{projected} with the layer K from 0 to {}{both}, weight_out, bias_out",
            names(self.cell),
            self.layers - 1
        )
    }
}
