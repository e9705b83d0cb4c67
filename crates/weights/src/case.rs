//! A network and what it is run on, as a reference case says it in JSON: `cell`, the sizes T, B, D, H, O, `params`, `x`, `h0`,
//! `c0`, `targets`, `loss`.
use crate::json::Node;
use vanishing_core::bptt::{Sequences, Targets};
use vanishing_core::cells;
use vanishing_core::network::{Network, Normalization, Weights};

/// The reference's names of the tensors, in the network's order.
pub const NAMES: [&str; 6] = ["W_ih", "W_hh", "b_ih", "b_hh", "W_out", "b_out"];

/// What a network is run on, as far as it is said in numbers.
pub struct GivenShape {
    /// Cell and sizes.
    pub network: Network,
    steps: usize,
    batch: usize,
}

/// The sizes of a case; a plain cell's activation is `usual` where it does not say.
///
/// # Errors
/// One sentence for the first thing that is missing or unknown.
pub fn shape(
    inputs: &Node,
    usual: Option<&'static str>,
    normalization: Option<Normalization>,
) -> Result<GivenShape, String> {
    let size = |name: &str| inputs.field(name)?.size();
    let (steps, batch, features, hidden, outputs) = (size("T")?, size("B")?, size("D")?, size("H")?, size("O")?);
    let cell_name = inputs.field("cell")?.text()?;
    let takes_activation = cells::takes_activation(cell_name);
    let slug = match (usual, inputs.optional("activation")) {
        (Some(usual), None) if takes_activation => usual,
        _ if takes_activation => inputs.field("activation")?.text()?,
        _ => cell_name,
    };
    let cell = cells::find(slug).ok_or_else(|| {
        let known: Vec<&str> = cells::ALL.iter().map(|cell| cell.slug).collect();
        format!("cell: “{slug}” is not one of {}", known.join(", "))
    })?;
    if let Some(node) = inputs.optional("activation").filter(|_| !takes_activation) {
        return Err(node.refusal(&format!("the cell {cell_name} has none to choose")));
    }
    let network = Network {
        cell,
        layers: 1,
        input_size: features,
        hidden_size: hidden,
        output_size: outputs,
        normalization,
        constants: cell.usual_constants(),
    };
    Ok(GivenShape { network, steps, batch })
}

impl GivenShape {
    /// Inputs, start and targets.
    ///
    /// # Errors
    /// One sentence for the first thing that does not fit.
    pub fn sequences(&self, inputs: &Node) -> Result<Sequences, String> {
        let Self { network, steps, batch } = *self;
        let (features, hidden, outputs, cell) =
            (network.input_size, network.hidden_size, network.output_size, network.cell);
        let loss = inputs.field("loss")?;
        let targets = inputs.field("targets")?;
        if let Some(node) = inputs.optional("c0").filter(|_| !cell.has_cell_state) {
            return Err(node.refusal(&format!("the cell {} has no cell state", cell.slug)));
        }
        let targets = match loss.field("type")?.text()? {
            "se_last" => Targets::SquaredErrorLast(targets.finite_array(&[batch, outputs])?),
            "se_all" => Targets::SquaredErrorAll(targets.finite_array(&[steps, batch, outputs])?),
            "ce_last" => {
                let classes = targets.list_of(batch)?;
                let class = |node: &Node| match node.count()? as usize {
                    class if class < outputs => Ok(class),
                    class => Err(format!("targets: class {class} is not below O = {outputs}")),
                };
                Targets::CrossEntropyLast(classes.iter().map(class).collect::<Result<_, String>>()?)
            }
            other => return Err(format!("loss.type: “{other}” is not se_last, se_all or ce_last")),
        };
        Ok(Sequences {
            steps,
            batch_size: batch,
            inputs: inputs.field("x")?.finite_array(&[steps, batch, features])?,
            hidden_start: inputs.field("h0")?.finite_array(&[batch, hidden])?,
            cell_start: if cell.has_cell_state {
                inputs.field("c0")?.finite_array(&[batch, hidden])?
            } else {
                Vec::new()
            },
            targets,
            loss_scale: loss.field("scale")?.number()?,
        })
    }
}

/// Network, weights and sequences of a case.
///
/// # Errors
/// One sentence for the first thing that does not fit.
pub fn read(inputs: &Node) -> Result<(Network, Weights<f64>, Sequences), String> {
    let shape = shape(inputs, None, None)?;
    let mut weights = shape.network.zeros::<f64>();
    let params = inputs.field("params")?;
    for (tensor, name) in weights.tensors.iter_mut().zip(NAMES) {
        let shape = if name.starts_with('b') { vec![tensor.rows] } else { vec![tensor.rows, tensor.columns] };
        tensor.values = params.field(name)?.finite_array(&shape)?;
    }
    Ok((shape.network, weights, shape.sequences(inputs)?))
}
