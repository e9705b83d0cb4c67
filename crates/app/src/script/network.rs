//! Chapter 3, in PyTorch and NumPy.
use super::spec::{Script, array, matrix};
use crate::{model, schema};
use vanishing_core::bptt::Targets;
use vanishing_core::cells;
use vanishing_core::studies::network::{NetworkConfig, Prepared};

/// The eigenvalues of W_hh.
pub const SPECTRUM: Script = Script {
    figures: &["spectrum"],
    near: "Prints real and imaginary part of every eigenvalue of the blocks of W_hh of the top layer: to 1e-6 (of normal matrices).",
    needs: "import numpy as np",
    body: |settings, opened| {
        let config = model::configs_with(settings, opened).network;
        if let Some(why) = too_much(&config) {
            return why;
        }
        let (prepared, n) = (prepared(&config), config.recurrence.hidden_size);
        // As the state meets it: a cell may make it of W_hh.
        let network = prepared.network;
        let free = tensor(&prepared, &format!("weight_hh_l{}", network.layers - 1));
        let w_hh = network.cell.effective(free, n, network.constants);
        format!(
            "W_hh = {}\n\nprint(\"re,im\")\nfor block in W_hh.reshape(-1, {n}, {n}):\n    for z in np.linalg.eigvals(block):\n        print(z.real, z.imag, sep=\",\")\n",
            array(&w_hh)
        )
    },
};

/// The gradient of the opening.
pub const OPENING: Script = Script {
    figures: &["opening"],
    near: "Prints t and ‖∂L/∂h_t‖ / ‖∂L/∂h_T‖ of a linear network with W_hh = g Q, for a Q of its own: the same for every orthogonal Q, to 1e-9.",
    needs: "import numpy as np",
    body: |settings, _| {
        let config = model::opening(settings.get(&schema::OPENING_GAIN));
        format!(
            "g, T, n = {:?}, {}, {}\n\nrng = np.random.default_rng(1)\nQ, _ = np.linalg.qr(rng.standard_normal((n, n)))\nW_hh = g * Q\ngradient = rng.standard_normal(n)  # dL/dh_T\nlast = np.linalg.norm(gradient)\nprint(\"t,ratio\")\nfor t in range(T, -1, -1):\n    print(t, np.linalg.norm(gradient) / last, sep=\",\")\n    gradient = W_hh.T @ gradient  # the derivative of a linear cell is 1\n",
            config.recurrence.recipe.gain, config.sequence_length, config.recurrence.hidden_size
        )
    },
};

/// ‖dL/dh_t‖ by PyTorch's own differentiation.
pub const NORMS: Script = Script {
    figures: &["gradient-norms"],
    near: "Prints t and log10 ‖∂L/∂h_t‖ of the top layer, by PyTorch's autograd in double precision: to 1e-8, as long as it stays within the range of a double.",
    needs: "import numpy as np\nimport torch",
    body: |settings, opened| {
        let config = model::configs_with(settings, opened).network;
        if let Some(why) = too_much(&config) {
            return why;
        }
        let layers = config.recurrence.layers;
        let prepared = prepared(&config);
        if prepared.network.normalization.is_some() {
            return String::from("# A network whose products are normalised is not written out here.\n");
        }
        let changed = config.changes_way_back();
        let mut text = String::new();
        if changed {
            text += "# Remedies that act on the way back are left out here: the figure has them.\n";
        }
        text += "weights = {\n";
        for tensor in &prepared.weights.tensors {
            let values = match &tensor.name[..] {
                name if name.contains("weight") => matrix(&tensor.values, tensor.rows),
                _ => array(&tensor.values),
            };
            text += &format!("    \"{}\": {values},\n", tensor.name);
        }
        let sequences = &prepared.sequences;
        text += &format!(
            "}}\nweights = {{name: torch.tensor(values) for name, values in weights.items()}}\nx = torch.tensor({})  # (time, features)\nh0 = torch.tensor({})  # (layers, units)\n",
            matrix(&sequences.inputs, sequences.steps),
            matrix(&sequences.hidden_start, layers)
        );
        text += SUMS;
        // Each kind of cell has a definition of its own.
        let kinds = cells::ALL.iter().enumerate().filter(|(place, _)| cells::is_first_of_its_kind(*place));
        kinds.for_each(|(_, cell)| text += &format!("\n\n{}", cell.python.definition));
        let network = prepared.network;
        let constants: Vec<String> =
            network.cell.params.iter().zip(network.constants).map(|(_, value)| format!("{value:?}")).collect();
        let called = if constants.is_empty() { String::new() } else { format!("({})", constants.join(", ")) };
        text += &format!("\n\nstep = {}{called}\n", network.cell.python.step);
        text += FORWARD;
        text += &loss(&sequences.targets, sequences.loss_scale);
        text += BACKWARD;
        text
    },
};

const SUMS: &str = r#"

def sums(layer, x, h):
    u = weights[f"weight_ih_l{layer}"] @ x + weights[f"bias_ih_l{layer}"]
    v = weights[f"weight_hh_l{layer}"] @ h + weights[f"bias_hh_l{layer}"]
    return u, v
"#;

const FORWARD: &str = r#"
h = [state.clone().requires_grad_() for state in h0]
c = [torch.zeros_like(state) for state in h0]
top, outputs = [h[-1]], []
for x_t in x:
    for layer in range(len(h)):
        h[layer], c[layer] = step(layer, x_t, h[layer], c[layer])
        x_t = h[layer]
    if not h[-1].requires_grad:
        h[-1].requires_grad_()
    h[-1].retain_grad()
    top.append(h[-1])
    outputs.append(weights["weight_out"] @ h[-1] + weights["bias_out"])
"#;

const BACKWARD: &str = r#"loss.backward()
print("t,log10 norm")
for t, state in enumerate(top):
    print(t, torch.log10(state.grad.norm()).item() if state.grad is not None else "-inf", sep=",")
"#;

/// Instead of a script, for a network from a file that cannot be written out.
fn too_much(config: &NetworkConfig) -> Option<String> {
    /// Numbers that make a text of about two megabytes.
    const MOST: usize = 200_000;
    let opened = config.recurrence.opened.as_ref()?;
    if let Some(stack) = &opened.stack {
        let what = match (stack.directions > 1, stack.is_projected()) {
            (true, _) => "A network in both directions".to_owned(),
            (_, true) => "A network with projected states".to_owned(),
            _ => format!("A network of {} numbers", stack.numbers()),
        };
        return Some(format!("# {what} is not written out here.\n"));
    }
    let count: usize = opened.weights.tensors.iter().map(|tensor| tensor.values.len()).sum();
    let batch = opened.sequences.as_ref().map_or(1, |sequences| sequences.batch_size);
    if count > MOST {
        return Some(format!("# This network has {count} numbers, too many to be written out here.\n"));
    }
    (batch > 1).then(|| format!("# The file has {batch} sequences at a time; this script would be for one.\n"))
}

fn loss(targets: &Targets, scale: f64) -> String {
    let classes = |classes: &[usize]| classes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    match targets {
        Targets::SquaredErrorLast(values) => {
            format!("loss = {scale:?} * ((outputs[-1] - torch.tensor({})) ** 2).sum()\n", array(values))
        }
        Targets::SquaredErrorAll(values) => format!(
            "loss = {scale:?} * ((torch.stack(outputs) - torch.tensor({}).reshape(len(outputs), -1)) ** 2).sum()\n",
            array(values)
        ),
        Targets::CrossEntropyLast(of) => format!(
            "loss = {scale:?} * torch.nn.functional.cross_entropy(outputs[-1][None], torch.tensor([{}]), reduction=\"sum\")\n",
            classes(of)
        ),
        Targets::LogisticLast(of) => format!(
            "loss = {scale:?} * torch.nn.functional.binary_cross_entropy_with_logits(outputs[-1], torch.tensor([{}], dtype=outputs[-1].dtype), reduction=\"sum\")\n",
            classes(of)
        ),
        Targets::CrossEntropyAll(of) => format!(
            "loss = {scale:?} * torch.nn.functional.cross_entropy(torch.stack(outputs), torch.tensor([{}]), reduction=\"sum\")\n",
            classes(of)
        ),
    }
}

/// The network with the weights that the remedies gave it.
fn prepared(config: &NetworkConfig) -> Prepared {
    config.prepare_in_force()
}

fn tensor<'a>(prepared: &'a Prepared, name: &str) -> &'a [f64] {
    prepared.weights.tensors.iter().find(|tensor| tensor.name == name).map_or(&[], |tensor| &tensor.values)
}
