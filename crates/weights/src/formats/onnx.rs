//! ONNX: a graph of nodes, of which `RNN`, `LSTM` and `GRU` are recurrent layers, and its initial values.
//!
//! W (directions, g × hidden, inputs), R (directions, g × hidden, hidden), B (directions, 2 g × hidden) = W's biases, R's
//! biases; gates in the order i, o, f, c and z, r, h. <https://onnx.ai/onnx/operators/onnx__LSTM.html>
use super::protobuf::{Field, Message};
use super::spec::{File, Format, Made, Reader, Step, Tensors};
use crate::recipe::{How, Recipe};
use crate::tensors::{Names, Number, Place, Stored};
use crate::words::{bytes, shortened};
use vanishing_core::cells;

/// Registry entry.
pub const SPEC: Format = Format {
    title: "ONNX",
    several: false,
    // The version, then a field of the model.
    is: |first| matches!(first, [8, 1..=30, 18 | 26 | 34 | 40 | 50 | 58 | 66, ..]),
    begin,
};

/// The largest file: it is looked through as a whole.
const LARGEST: u64 = 256 << 20;
/// What is a recurrent layer.
const RECURRENT: [&str; 3] = ["RNN", "LSTM", "GRU"];
/// How many graphs are looked for one within the other.
const DEEPEST: usize = 4;
/// Nodes that leave the numbers of a layer's output as they are.
const PASSING: [&str; 7] = ["Squeeze", "Unsqueeze", "Reshape", "Transpose", "Identity", "Dropout", "Cast"];

fn begin(files: &[File]) -> Result<Step, String> {
    let Some(file) = files.first() else { return Ok(Step::Tensors(Tensors::default())) };
    if file.size > LARGEST {
        return Err(format!("it has {} of ONNX; at most {} are read", bytes(file.size), bytes(LARGEST)));
    }
    let all = file.start..file.start + file.size;
    Ok(Step::Read(Box::new(Whole(file.start)), std::iter::once(all).collect()))
}

/// All of the file, which begins there, was asked for.
struct Whole(u64);

/// A node of the graph.
#[derive(Default)]
struct Node {
    op: String,
    name: String,
    inputs: Vec<String>,
    outputs: Vec<String>,
    /// Attributes that are numbers.
    numbers: Vec<(String, u64)>,
    /// Attributes that are texts.
    texts: Vec<(String, Vec<String>)>,
    /// A recurrent layer within a graph that is an attribute of it.
    inner: Option<String>,
}

impl Reader for Whole {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let content = parts.first().map(Vec::as_slice).unwrap_or_default();
        let mut found = Tensors::default();
        let mut nodes = Vec::new();
        for (number, field) in Message::new(content).fields()? {
            let (7, Field::Bytes(graph)) = (number, field) else { continue };
            for (number, field) in graph.fields()? {
                match (number, field) {
                    (1, Field::Bytes(message)) => nodes.push(node(&message, self.0, &mut found.stored)?),
                    (5, Field::Bytes(message)) => found.stored.push(tensor(&message, self.0)?),
                    _ => {}
                }
            }
        }
        let graph = Graph::new(&nodes, &found.stored);
        let mut layers: Vec<Layer> = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            layers.extend(Layer::new(node, index, &graph, &layers));
        }
        let made: Vec<Made> = layers.iter().flat_map(|layer| layer.translate(&nodes[layer.node], &graph)).collect();
        found.made = made;
        for layer in &layers {
            let activation = nodes[layer.node].activation();
            found.activations.extend(activation.map(|activation| (layer.prefix.clone(), activation)));
        }
        found.hint = nodes.iter().find_map(Node::hint).filter(|_| layers.is_empty());
        Ok(Step::Tensors(found))
    }
}

/// The first recurrent layer of a graph that is an attribute, or of one within it.
fn recurrent_of(graph: &Message, depth: usize) -> Result<Option<String>, String> {
    for (number, field) in graph.fields()? {
        let (1, Field::Bytes(node)) = (number, field) else { continue };
        for (number, field) in node.fields()? {
            match (number, field) {
                (4, Field::Bytes(op)) if RECURRENT.contains(&op.text().as_str()) => return Ok(Some(op.text())),
                (5, Field::Bytes(attribute)) if depth > 0 => {
                    for (number, field) in attribute.fields()? {
                        if let (6, Field::Bytes(inner)) = (number, field)
                            && let Some(op) = recurrent_of(&inner, depth - 1)?
                        {
                            return Ok(Some(op));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(None)
}

fn tensor(message: &Message, start: u64) -> Result<Stored, String> {
    let (mut shape, mut kind, mut name, mut range) = (Vec::new(), 0, String::new(), None);
    for (number, field) in message.fields()? {
        match (number, field) {
            (1, Field::Number(size)) => shape.push(size),
            (1, Field::Bytes(sizes)) => shape.extend(sizes.varints()),
            (2, Field::Number(found)) => kind = found,
            (8, Field::Bytes(found)) => name = found.text(),
            // Raw, or as packed floats or doubles; in a file of its own it is not read.
            (4 | 9 | 10, Field::Bytes(found)) => range = Some(found.range()),
            _ => {}
        }
    }
    let (name_of_kind, number) = match kind {
        1 => ("FLOAT", Some(Number::F32)),
        2 => ("UINT8", Some(Number::Unsigned(1))),
        6 => ("INT32", Some(Number::Signed(4))),
        7 => ("INT64", Some(Number::Signed(8))),
        9 => ("BOOL", Some(Number::Unsigned(1))),
        10 => ("FLOAT16", Some(Number::F16)),
        11 => ("DOUBLE", Some(Number::F64)),
        16 => ("BFLOAT16", Some(Number::Bf16)),
        _ => ("OTHER", None),
    };
    let elsewhere = range.is_none();
    let range = range.unwrap_or(0..0);
    Ok(Stored {
        name,
        shape: shape.into_iter().map(|size| usize::try_from(size).unwrap_or(usize::MAX)).collect(),
        kind: if elsewhere { format!("{name_of_kind} outside of the file") } else { name_of_kind.to_owned() },
        number: number.filter(|_| !elsewhere),
        big_endian: false,
        columns_first: false,
        place: Place::Bytes(start + range.start as u64..start + range.end as u64),
    })
}

/// A node; the tensor of a constant is put to the initial values.
fn node(message: &Message, start: u64, stored: &mut Vec<Stored>) -> Result<Node, String> {
    let mut node = Node::default();
    let mut constant = None;
    for (number, field) in message.fields()? {
        let Field::Bytes(found) = field else { continue };
        match number {
            1 => node.inputs.push(found.text()),
            2 => node.outputs.push(found.text()),
            3 => node.name = found.text(),
            4 => node.op = found.text(),
            5 => {
                let mut name = String::new();
                for (number, field) in found.fields()? {
                    match (number, field) {
                        (1, Field::Bytes(found)) => name = found.text(),
                        (2 | 3, Field::Number(value)) => node.numbers.push((name.clone(), value)),
                        (4 | 9, Field::Bytes(text)) => match node.texts.last_mut() {
                            Some((last, texts)) if *last == name => texts.push(text.text()),
                            _ => node.texts.push((name.clone(), vec![text.text()])),
                        },
                        (5, Field::Bytes(found)) => constant = Some(tensor(&found, start)?),
                        (6, Field::Bytes(graph)) => node.inner = node.inner.or(recurrent_of(&graph, DEEPEST)?),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    if let (Some(mut tensor), Some(output)) = (constant.filter(|_| node.op == "Constant"), node.outputs.first()) {
        tensor.name.clone_from(output);
        stored.push(tensor);
    }
    Ok(node)
}

impl Node {
    fn text(&self, key: &str) -> Option<&[String]> {
        self.texts.iter().find(|(name, _)| name == key).map(|(_, texts)| texts.as_slice())
    }

    /// Why its recurrent layer is not found, if it has one that is not read.
    fn hint(&self) -> Option<String> {
        if let Some(inner) = &self.inner {
            return Some(format!(
                "its {inner} lies in a branch of “{}”; export the model without that choice",
                self.op
            ));
        }
        let quantised = self.op.starts_with("DynamicQuantize") && RECURRENT.iter().any(|op| self.op.ends_with(op));
        quantised.then(|| {
            format!("its weights are whole numbers of 8 bits (“{}”); export it before it is quantised", self.op)
        })
    }

    /// The activation of a plain cell, the same in both directions, if it is one that is run.
    fn activation(&self) -> Option<&'static str> {
        let names = self.text("activations").unwrap_or_default();
        let first = names.first().map_or("tanh".to_owned(), |name| name.to_ascii_lowercase());
        let cell = cells::of_kind("rnn", &first).filter(|_| self.op == "RNN")?;
        cell.activation.filter(|_| names.iter().all(|name| name.to_ascii_lowercase() == first))
    }
}

/// The nodes, and who makes which value.
struct Graph<'a> {
    nodes: &'a [Node],
    /// The initial values by their names, with their place in the list of all.
    tensors: Names,
    stored: &'a [Stored],
    /// The nodes by what they put out first.
    makers: Names,
}

impl<'a> Graph<'a> {
    fn new(nodes: &'a [Node], stored: &'a [Stored]) -> Self {
        let tensors = stored.iter().enumerate().map(|(index, tensor)| (tensor.name.clone(), index));
        let maker = |(index, node): (usize, &Node)| Some((node.outputs.first()?.clone(), index));
        let makers = nodes.iter().enumerate().filter_map(maker).collect();
        Self { nodes, tensors: tensors.collect(), stored, makers }
    }

    fn recipe(&self, name: Option<&String>) -> Option<Recipe> {
        let index = *self.tensors.get(name?.as_str())?;
        Some(Recipe::Stored(index, self.stored[index].shape.clone()))
    }

    /// The node that a value comes from, through nodes that leave it as it is.
    fn source(&self, value: &str) -> Option<usize> {
        // Between two layers an exporter puts a few.
        const MOST: usize = 16;
        let mut value = value;
        for _ in 0..MOST {
            let index = *self.makers.get(value)?;
            let node = &self.nodes[index];
            if !PASSING.contains(&node.op.as_str()) {
                return Some(index);
            }
            value = node.inputs.first()?;
        }
        None
    }
}

/// A recurrent node, and its place in a network.
struct Layer {
    node: usize,
    prefix: String,
    /// From 0.
    number: usize,
    directions: usize,
    hidden: usize,
}

impl Layer {
    fn new(node: &Node, index: usize, graph: &Graph, below: &[Self]) -> Option<Self> {
        if !RECURRENT.contains(&node.op.as_str()) {
            return None;
        }
        let (w, r) = (graph.recipe(node.inputs.get(1))?.shape(), graph.recipe(node.inputs.get(2))?.shape());
        let ([directions, _, features], [_, _, hidden]) = (&w[..], &r[..]) else { return None };
        let source = graph.source(node.inputs.first()?);
        let lower = below.iter().find(|layer| {
            let other = &graph.nodes[layer.node];
            Some(layer.node) == source
                && other.op == node.op
                && (layer.directions, layer.hidden) == (*directions, *hidden)
                && directions.checked_mul(*hidden) == Some(*features)
        });
        let own = [&node.name, node.outputs.first().unwrap_or(&node.name)].into_iter().find(|name| !name.is_empty());
        let name = own.cloned().unwrap_or_else(|| format!("{}_{index}", node.op));
        Some(Self {
            node: index,
            prefix: lower.map_or(format!("{name}/"), |layer| layer.prefix.clone()),
            number: lower.map_or(0, |layer| layer.number + 1),
            directions: *directions,
            hidden: *hidden,
        })
    }

    /// PyTorch's tensors of it.
    fn translate(&self, node: &Node, graph: &Graph) -> Vec<Made> {
        let mut to = Vec::new();
        let (gates, order): (usize, &'static [usize]) = match node.op.as_str() {
            "LSTM" => (4, &[0, 2, 3, 1]),
            "GRU" => (3, &[1, 0, 2]),
            _ => (1, &[0]),
        };
        let recipe = |input: usize| graph.recipe(node.inputs.get(input));
        let (Some(w), Some(r)) = (recipe(1), recipe(2)) else { return to };
        let refused = self.refused(node);
        let mut says = format!("ONNX’s {} was given PyTorch’s names and order of gates.", node.op);
        if node.text("direction").is_some_and(|direction| direction == ["reverse"]) {
            says += " It reads its inputs backwards in time.";
        }
        let b = recipe(3).filter(|b| b.shape() == [self.directions, 2 * gates * self.hidden]);
        for direction in 0..self.directions.min(2) {
            let suffix = if direction == 0 { "" } else { "_reverse" };
            let mut put = |part: &str, recipe: Recipe| {
                let made = match &refused {
                    Some(why) if part == "weight_hh" => Err(why.clone()),
                    _ => Ok(recipe.clone().then(How::Blocks(order))),
                };
                to.push(Made {
                    name: format!("{}{part}_l{}{suffix}", self.prefix, self.number),
                    shape: recipe.shape(),
                    made,
                    says: says.clone(),
                });
            };
            put("weight_ih", w.clone().then(How::Entry(direction)));
            put("weight_hh", r.clone().then(How::Entry(direction)));
            if let Some(b) = &b {
                let both = b.clone().then(How::Entry(direction));
                put("bias_ih", both.clone().then(How::Half(0)));
                put("bias_hh", both.then(How::Half(1)));
            }
        }
        to
    }

    /// Why such a node is not run.
    fn refused(&self, node: &Node) -> Option<String> {
        let name = shortened(&self.prefix);
        let on = |key: &str| node.numbers.iter().any(|(name, value)| name == key && *value != 0);
        if node.op == "GRU" && !on("linear_before_reset") {
            return Some(format!(
                "{name}: this GRU has linear_before_reset = 0 and takes tanh(W x + U (r ⊙ h) + b) for its candidate, where \
                 PyTorch, cuDNN and this page have tanh(W x + b + r ⊙ (U h + c)); only the latter is run"
            ));
        }
        if node.inputs.get(7).is_some_and(|input| !input.is_empty()) {
            return Some(format!("{name}: this LSTM has peepholes; only LSTMs without them are run"));
        }
        if on("input_forget") || on("clip") {
            return Some(format!("{name}: this node couples its gates or clips its sums, which is not run"));
        }
        if node.op == "RNN" {
            let activations = node.text("activations").filter(|_| node.activation().is_none())?.join(", ");
            return Some(format!(
                "{name}: its activation is {}; only Tanh, Relu and Sigmoid are run",
                shortened(&activations)
            ));
        }
        let usual: &[&str] = if node.op == "LSTM" { &["Sigmoid", "Tanh", "Tanh"] } else { &["Sigmoid", "Tanh"] };
        let activations = node.text("activations")?;
        let as_usual = activations.chunks(usual.len()).all(|chunk| chunk == usual);
        (!as_usual).then(|| {
            format!(
                "{name}: its activations are {}; only {} are run",
                shortened(&activations.join(", ")),
                usual.join(", ")
            )
        })
    }
}
