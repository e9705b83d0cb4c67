//! JSON: a reference case, or tensors as nested lists under their names.
use super::safetensors;
use super::spec::{File, Format, Reader, Step, Tensors};
use crate::case;
use crate::json::Node;
use crate::limits::{Form, LARGEST_JSON, MOST_STEPS, check_sizes};
use crate::opened::{Found, Opened};
use crate::strict;
use crate::tensors::{Place, Stored};
use crate::words::{bytes, shape_text, shortened};
use serde_json::Value;
use std::sync::Arc;
use vanishing_core::cells;
use vanishing_core::studies::opened::OpenedNetwork;

/// Registry entry.
pub const SPEC: Format = Format { title: "JSON", several: false, is: is_object, begin };

/// How numbers of JSON are called in the list of tensors.
const KIND: &str = "JSON";

fn is_object(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

fn begin(files: &[File]) -> Result<Step, String> {
    let Some(file) = files.first() else { return Ok(Step::Tensors(Tensors::default())) };
    if file.size > LARGEST_JSON {
        return Err(format!(
            "it has {} of JSON; at most {} are read. As safetensors it may be larger",
            bytes(file.size),
            bytes(LARGEST_JSON)
        ));
    }
    let all = file.start..file.start + file.size;
    Ok(Step::Read(Box::new(Whole(file.name.clone())), std::iter::once(all).collect()))
}

/// All of the file was asked for.
struct Whole(String);

impl Reader for Whole {
    fn go_on(self: Box<Self>, parts: &[Vec<u8>]) -> Result<Step, String> {
        let value = strict::parse(parts.first().map(Vec::as_slice).unwrap_or_default())?;
        let root = Node::new("the file", &value);
        if let Some(weight_map) = root.optional("weight_map").filter(|node| node.members().is_ok()) {
            // One that names no other file is no index either.
            safetensors::check_index(&weight_map, &[])?;
        }
        let inputs = root.optional("inputs").filter(|node| node.members().is_ok());
        let is_case = inputs.is_some() || root.optional("cell").is_some_and(|node| node.text().is_ok());
        if is_case {
            let opened = open_case(self.0, &inputs.unwrap_or(root))?;
            return Ok(Step::Opened(Box::new(opened)));
        }
        let mut stored = Vec::new();
        collect(&value, "", &mut stored)?;
        Ok(Step::Tensors(Tensors { stored, ..Tensors::default() }))
    }
}

/// The tensors below `value`; those within objects have their names joined with dots. What is no number is left out.
fn collect(value: &Value, name: &str, to: &mut Vec<Stored>) -> Result<(), String> {
    match value {
        Value::Object(object) => {
            for (own, value) in object {
                let name = if name.is_empty() { own.clone() } else { format!("{name}.{own}") };
                collect(value, &name, to)?;
            }
            Ok(())
        }
        Value::Array(_) | Value::Number(_) => {
            let short = shortened(name);
            let node = Node::new(&short, value);
            let shape = node.shape();
            let mut leaf = value;
            while let Value::Array(list) = leaf {
                leaf = list.first().unwrap_or(&Value::Null);
            }
            if !leaf.is_number() {
                return Ok(());
            }
            let values = node.array(&shape).map_err(|why| match shape.len() {
                0 => why,
                _ => format!("{why}, as its shape {} wants it", shape_text(&shape)),
            })?;
            to.push(Stored {
                name: name.to_owned(),
                shape,
                kind: KIND.to_owned(),
                number: None,
                big_endian: false,
                columns_first: false,
                place: Place::Here(Arc::from(values)),
            });
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

/// A network from a case, or from what stands in its `inputs`.
fn open_case(name: String, inputs: &Node) -> Result<Opened, String> {
    let shape = case::shape(inputs, Some(cells::TANH.slug), None)?;
    check_sizes(&shape.network, Form::plain(&shape.network))?;
    let params = inputs.field("params")?;
    let found = params.members()?.into_iter().map(|(name, node)| {
        let used = case::NAMES.contains(&name);
        Found { name: shortened(name), shape: node.shape(), kind: KIND.to_owned(), used }
    });
    let found = found.collect();
    let (network, weights, sequences) = case::read(inputs)?;
    if sequences.steps > MOST_STEPS {
        return Err(format!("T is {}; expected at most {MOST_STEPS}", sequences.steps));
    }
    let given = vec![true; weights.tensors.len()];
    let network = OpenedNetwork {
        network,
        weights,
        stack: None,
        given,
        says_activation: true,
        sequences: Some(sequences),
        inputs: None,
    };
    Ok(Opened {
        name,
        network,
        found,
        remarks: Vec::new(),
        unfit: Vec::new(),
        networks: Vec::new(),
        chosen: 0,
        readouts: Vec::new(),
    })
}
