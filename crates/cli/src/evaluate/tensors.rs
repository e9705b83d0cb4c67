//! Named tensors of any shape: {"W_hh": [[...], ...], "b": [...]}.
use serde_json::Value;
use vanishing_core::network::{Role, Tensor, Weights};
use vanishing_weights::json::{Node, nested, object};

/// Tensors in the order of their names, and the shapes in which they are written again.
pub struct Tensors {
    /// The tensors. Roles mean nothing here.
    pub weights: Weights<f64>,
    shapes: Vec<Vec<usize>>,
}

impl Tensors {
    /// The tensors of an object; entries may be infinite or undefined.
    pub fn read(node: &Node) -> Result<Self, String> {
        let (mut tensors, mut shapes) = (Vec::new(), Vec::new());
        for (name, node) in node.members()? {
            let shape = node.shape();
            let values = node.array(&shape)?;
            let rows = shape.first().copied().unwrap_or(1);
            let columns = shape.iter().skip(1).product();
            tensors.push(Tensor { name: name.to_owned(), role: Role::Recurrent, layer: None, rows, columns, values });
            shapes.push(shape);
        }
        Ok(Self { weights: Weights { tensors }, shapes })
    }

    /// Tensors of the same names and shapes.
    pub fn read_alike(&self, node: &Node) -> Result<Weights<f64>, String> {
        let members = node.members()?;
        if let Some((name, _)) = members.iter().find(|(name, _)| self.index(name).is_none()) {
            return Err(node.refusal(&format!("“{name}” is not one of {}", self.names())));
        }
        let mut alike = self.weights.clone();
        for (tensor, shape) in alike.tensors.iter_mut().zip(&self.shapes) {
            let found = members.iter().find(|(name, _)| *name == tensor.name);
            let (_, found) = found.ok_or_else(|| node.refusal(&format!("“{}” is missing", tensor.name)))?;
            tensor.values = found.array(shape)?;
        }
        Ok(alike)
    }

    /// The place of a tensor.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.weights.tensors.iter().position(|tensor| tensor.name == name)
    }

    /// The names of all tensors, for a sentence.
    pub fn names(&self) -> String {
        self.weights.tensors.iter().map(|tensor| tensor.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The tensors as they are now.
    pub fn json(&self) -> Value {
        self.json_of(&self.weights)
    }

    /// Other values in the same shapes.
    pub fn json_of(&self, weights: &Weights<f64>) -> Value {
        let member =
            |(tensor, shape): (&Tensor<f64>, &Vec<usize>)| (tensor.name.clone(), nested(&tensor.values, shape));
        object(weights.tensors.iter().zip(&self.shapes).map(member))
    }
}
