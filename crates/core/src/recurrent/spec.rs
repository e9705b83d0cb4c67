//! What every kind of recurrent matrix is: what it is made from, how, and the data that menus are made from.
use crate::random::Stream;
use nalgebra::DMatrix;

/// All that a recurrent matrix may be made from; each kind uses its part ([`RecurrentSpec::uses`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// g: the factor of the random kinds, the orthogonal and the identity matrix.
    pub gain: f64,
    /// The chosen real eigenvalues of the symmetric kind.
    pub eigenvalues: Vec<f64>,
    /// The chosen pairs of eigenvalues re ± i·im of the general kind; im = 0 is a double real eigenvalue.
    pub pairs: Vec<(f64, f64)>,
    /// Henrici's departure from normality of the general kind, at least 0.
    pub departure: f64,
}

/// A part of a [`Recipe`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ingredient {
    /// [`Recipe::gain`].
    Gain,
    /// [`Recipe::eigenvalues`].
    Eigenvalues,
    /// [`Recipe::pairs`].
    Pairs,
    /// [`Recipe::departure`].
    Departure,
}

/// A way to make a recurrent matrix, as data.
pub struct RecurrentSpec {
    /// The name in addresses and on the command line.
    pub slug: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// How a block comes from the recipe, as an equation in Unicode.
    pub equation: &'static str,
    /// Paper and equation.
    pub source: &'static str,
    /// What it does to the spectrum, in a sentence.
    pub help: &'static str,
    /// The parts of the recipe that it reads.
    pub uses: &'static [Ingredient],
    /// The law of one entry of a matrix of (rows, columns, gain), where all entries are independent of one law.
    pub distribution: Option<fn(usize, usize, f64) -> Distribution>,
    /// One n by n block.
    pub build: fn(&Recipe, usize, &mut Stream) -> DMatrix<f64>,
}

impl RecurrentSpec {
    /// Whether the matrix changes with this part of the recipe.
    pub fn uses(&self, ingredient: Ingredient) -> bool {
        self.uses.contains(&ingredient)
    }
}

impl std::fmt::Debug for RecurrentSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.slug)
    }
}

impl PartialEq for RecurrentSpec {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

/// The law of one entry, where all entries of a matrix are independent. The mean is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// U(-bound, bound); its standard deviation is bound/√3.
    Uniform {
        /// The largest size of an entry.
        bound: f64,
    },
    /// N(0, standard_deviation²).
    Normal {
        /// √variance, above 0.
        standard_deviation: f64,
    },
}

impl Distribution {
    /// The largest size of an entry; `None` if there is no bound.
    pub fn bound(self) -> Option<f64> {
        match self {
            Self::Uniform { bound } => Some(bound),
            Self::Normal { .. } => None,
        }
    }

    /// √variance of an entry.
    pub fn standard_deviation(self) -> f64 {
        match self {
            Self::Uniform { bound } => bound / 3.0f64.sqrt(),
            Self::Normal { standard_deviation } => standard_deviation,
        }
    }

    /// A matrix of independent entries, drawn row by row.
    pub fn sample(self, rows: usize, columns: usize, stream: &mut Stream) -> DMatrix<f64> {
        let mut draw = || match self {
            Self::Uniform { bound } => stream.uniform_between(-bound, bound),
            Self::Normal { standard_deviation } => standard_deviation * stream.normal(),
        };
        DMatrix::from_row_iterator(rows, columns, (0..rows * columns).map(|_| draw()))
    }
}
