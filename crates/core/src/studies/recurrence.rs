//! What the recurrent matrix says by itself: eigenvalues, singular values, and the direction that a gradient turns to.
//!
//! ```text
//! g_{t-1} = Wᵀ g_t (linear cell): g turns towards the eigenvector of Wᵀ that belongs to λ_1, or, where λ_1 is one of a
//! complex pair, into the plane that the pair spans.
//! ```
use super::network::RecurrenceConfig;
use crate::dynamics;
use crate::spectral::euclidean_norm;
use nalgebra::{DMatrix, DVector};

/// The blocks of the top layer.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrenceStudy {
    /// One for each gate.
    pub blocks: Vec<BlockStudy>,
    /// Where a gradient of a plain cell turns to; `None` for cells with several blocks, and where no eigenvalue or
    /// single pair leads.
    pub leading: Option<LeadingSpace>,
}

/// One square block of W_hh.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockStudy {
    /// The gate's symbol.
    pub symbol: &'static str,
    /// The eigenvalues (real part, imaginary part) by falling magnitude.
    pub eigenvalues: Vec<(f64, f64)>,
    /// ρ = max |λ|.
    pub spectral_radius: f64,
    /// σ_1.
    pub spectral_norm: f64,
    /// Henrici's departure from normality.
    pub departure: f64,
}

/// An orthonormal basis of one or two vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadingSpace {
    /// The basis.
    pub basis: Vec<Vec<f64>>,
}

impl LeadingSpace {
    /// |cos| of the angle between a vector and the space; NaN for the zero vector.
    pub fn cosine(&self, vector: &[f64]) -> f64 {
        let along = self.basis.iter().map(|v| v.iter().zip(vector).map(|(a, b)| a * b).sum::<f64>());
        let squares: f64 = along.map(|c| c * c).sum();
        squares.sqrt() / euclidean_norm(vector)
    }
}

/// How much smaller than |λ_1| the next eigenvalue has to be.
const GAP: f64 = 1e-6;

/// Looks at the blocks of the top layer.
pub fn run(config: &RecurrenceConfig) -> RecurrenceStudy {
    let blocks = config.blocks(config.layers.saturating_sub(1));
    let studies: Vec<BlockStudy> = blocks
        .iter()
        .zip(config.cell.blocks)
        .map(|(block, spec)| {
            let eigenvalues = dynamics::eigenvalues(block);
            BlockStudy {
                symbol: spec.symbol,
                spectral_radius: eigenvalues.first().map_or(0.0, |(re, im)| crate::math::hypot(*re, *im)),
                eigenvalues,
                spectral_norm: dynamics::spectral_norm(block),
                departure: dynamics::departure_from_normality(block),
            }
        })
        .collect();
    let leading = match (&blocks[..], &studies[..]) {
        ([block], [study]) => leading_space(&block.transpose(), &study.eigenvalues),
        _ => None,
    };
    RecurrenceStudy { blocks: studies, leading }
}

/// The space of the leading eigenvalue of A (or of its complex pair), by inverse iteration.
fn leading_space(a: &DMatrix<f64>, eigenvalues: &[(f64, f64)]) -> Option<LeadingSpace> {
    let n = a.nrows();
    let (re, im) = *eigenvalues.first()?;
    let dimension = if im == 0.0 { 1 } else { 2 };
    let magnitude = |i: usize| eigenvalues.get(i).map_or(0.0, |(re, im)| crate::math::hypot(*re, *im));
    let radius = magnitude(0);
    if radius == 0.0 || magnitude(dimension) > radius * (1.0 - GAP) {
        return None;
    }
    // A pair: the plane is the null space of (A - re)² + im². A little off, so that there is an inverse.
    let off = radius * 1e-10;
    let shifted = a - DMatrix::identity(n, n) * (re + if dimension == 1 { off } else { 0.0 });
    let nearly_singular =
        if dimension == 1 { shifted } else { &shifted * &shifted + DMatrix::identity(n, n) * (im * im + off * radius) };
    let decomposed = nearly_singular.lu();
    let mut basis: Vec<DVector<f64>> =
        (0..dimension).map(|k| DVector::from_fn(n, |i, _| 1.0 + ((i * (k + 1)) % 7) as f64)).collect();
    for _ in 0..4 {
        for k in 0..dimension {
            let mut v = decomposed.solve(&basis[k])?;
            for other in &basis[..k] {
                v -= other * other.dot(&v);
            }
            let norm = euclidean_norm(v.as_slice());
            if norm == 0.0 || !norm.is_finite() {
                return None;
            }
            basis[k] = v / norm;
        }
    }
    Some(LeadingSpace { basis: basis.into_iter().map(|v| v.as_slice().to_vec()).collect() })
}

#[cfg(test)]
mod tests {
    use super::super::gradients;
    use super::super::network::tests::config;
    use super::*;
    use crate::cells;

    #[test]
    fn a_gradient_in_a_linear_cell_turns_to_the_leading_direction_or_into_the_leading_plane() {
        for (kind, eigenvalues) in [("symmetric", vec![1.05, 0.9, -0.7]), ("spectrum", Vec::new())] {
            for departure in [0.0, 1.0] {
                let mut config = config(kind, &cells::LINEAR, 5);
                config.recurrence.recipe.eigenvalues = eigenvalues.clone();
                config.recurrence.recipe.pairs = vec![(0.7, 0.7), (0.3, 0.2), (-0.4, 0.0)];
                config.recurrence.recipe.departure = departure;
                config.sequence_length = 200;
                let leading = run(&config.recurrence).leading.expect("one leads");
                assert_eq!(leading.basis.len(), if kind == "symmetric" { 1 } else { 2 });
                let passage = gradients::run(&config).plain.passage;
                let gradients = &passage.top().hidden_gradients;
                assert!((leading.cosine(&gradients[0].values) - 1.0).abs() < 1e-9, "{kind} {departure}");
                assert!(leading.cosine(&gradients[200].values) < 0.999);
            }
        }
    }

    #[test]
    fn no_direction_leads_in_an_orthogonal_matrix_or_among_several_gates() {
        assert_eq!(run(&config("orthogonal", &cells::LINEAR, 5).recurrence).leading, None);
        assert_eq!(run(&config("identity", &cells::LINEAR, 5).recurrence).leading, None);
        let study = run(&config("gaussian", &cells::GRU, 5).recurrence);
        assert_eq!((study.blocks.len(), study.leading), (3, None));
    }
}
