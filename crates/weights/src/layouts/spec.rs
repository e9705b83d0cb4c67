//! The tensors of a file on their way to PyTorch's names, and what a layout does with them.
use crate::recipe::Recipe;
use crate::tensors::{Names, Stored};
use crate::words::{shape_text, shortened};

/// A way in which weights are named and laid out.
#[derive(Debug)]
pub struct Layout {
    /// What it is called.
    pub title: &'static str,
    /// Puts PyTorch's tensors in the place of those that it knows.
    pub apply: fn(&mut Tensors),
}

/// A tensor by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its shape.
    pub shape: Vec<usize>,
    /// How it is made; or why it cannot be, in a sentence.
    pub made: Result<Recipe, String>,
    /// What is to be said if it is used.
    pub says: Option<String>,
}

/// All tensors, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    names: Names,
    /// Those that there ever were.
    list: Vec<Tensor>,
}

impl Tensors {
    /// Those of a file, as they are.
    ///
    /// # Errors
    /// One sentence if two have the same name.
    pub fn new(stored: &[Stored]) -> Result<Self, String> {
        let mut all = Self::default();
        for (index, tensor) in stored.iter().enumerate() {
            if all.get(&tensor.name).is_some() {
                return Err(format!("two tensors have the name {}; expected one", shortened(&tensor.name)));
            }
            let shape = tensor.shape.clone();
            let recipe = Recipe::Stored(index, shape.clone());
            all.put(tensor.name.clone(), Tensor { shape, made: Ok(recipe), says: None });
        }
        Ok(all)
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.names.iter().map(|(name, index)| (name.as_str(), &self.list[*index]))
    }

    /// The one of that name.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.names.get(name).map(|index| &self.list[*index])
    }

    /// The first part of the names that end in `end`.
    pub fn before(&self, end: &str) -> Vec<String> {
        self.names.keys().filter_map(|name| name.strip_suffix(end).map(str::to_owned)).collect()
    }

    /// The recipe of a tensor.
    pub fn recipe(&self, name: &str) -> Option<Recipe> {
        self.get(name).and_then(|tensor| tensor.made.clone().ok())
    }

    /// Puts one to them that is made of others.
    pub fn put(&mut self, name: String, tensor: Tensor) {
        self.names.insert(name, self.list.len());
        self.list.push(tensor);
    }

    /// Says of a tensor why it cannot be used.
    pub fn refuse(&mut self, name: &str, why: &str) {
        if let Some(index) = self.names.get(name) {
            self.list[*index].made = Err(why.to_owned());
        }
    }

    /// Takes tensors out and puts another in their place.
    pub fn replace(&mut self, taken: &[&str], name: String, made: Result<Recipe, String>, says: &str) {
        let says = if says.is_empty() { None } else { Some(says.to_owned()) };
        let shape = match &made {
            Ok(recipe) => recipe.shape(),
            Err(_) => {
                taken.iter().find_map(|name| self.get(name)).map(|tensor| tensor.shape.clone()).unwrap_or_default()
            }
        };
        for name in taken {
            self.names.remove(*name);
        }
        self.put(name, Tensor { shape, made, says });
    }
}

/// The sentence for parts of a tensor whose shapes do not fit each other.
pub fn misfit(name: &str, one: (&str, &[usize]), other: (&str, &[usize])) -> String {
    format!(
        "{}: its parts {} {} and {} {} do not fit each other",
        shortened(name),
        shortened(one.0),
        shape_text(one.1),
        shortened(other.0),
        shape_text(other.1)
    )
}
