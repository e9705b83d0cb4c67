//! The spectra of the square blocks of W_hh: eigenvalues, singular values, and the direction that a gradient turns to.
//!
//! ```text
//! g_{t-1} = Wᵀ g_t (linear cell): g turns towards the eigenvector of Wᵀ that belongs to λ_1, or, where λ_1 is one of a
//! complex pair, into the plane that the pair spans.
//! ```
//!
//! Only matrices are looked at here; which network they belong to is for [`super::recurrence`] to say.
use crate::cells::CellSpec;
use crate::dynamics::{Largest, LargestRun, MatrixSpectrum, SpectrumRun, symmetric_spectrum};
use crate::spectral::euclidean_norm;
use nalgebra::{DMatrix, DVector};

/// The blocks of the top layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecurrenceStudy {
    /// One for each gate.
    pub blocks: Vec<BlockStudy>,
    /// Where a gradient of a plain cell turns to; `None` for cells with several blocks, and where no eigenvalue or
    /// single pair leads.
    pub leading: Option<LeadingSpace>,
}

impl RecurrenceStudy {
    /// ρ of all blocks, as far as their spectra are known; `None` while none is.
    pub fn spectral_radius(&self) -> Option<f64> {
        self.blocks.iter().map(|block| block.spectral_radius).filter(|radius| !radius.is_nan()).reduce(f64::max)
    }
}

/// One square block of W_hh.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockStudy {
    /// The gate's symbol.
    pub symbol: &'static str,
    /// The eigenvalues (real part, imaginary part) by falling magnitude; of more than [`LARGEST_WHOLE`] rows only λ_1, or the pair that
    /// leads, and nothing where many lead together.
    pub eigenvalues: Vec<(f64, f64)>,
    /// ρ = max |λ|; NaN where the spectrum is not known yet.
    pub spectral_radius: f64,
    /// σ_1, the largest singular value; NaN where the spectrum is not known yet.
    pub spectral_norm: f64,
    /// Henrici's departure from normality; NaN of more than [`LARGEST_WHOLE`] rows.
    pub departure: f64,
}

/// An orthonormal basis of one or two vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadingSpace {
    /// One or two vectors of hidden_size numbers.
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

/// Up to so many rows all eigenvalues of a block are computed, which cost their cube; of more the largest is found by iteration.
pub const LARGEST_WHOLE: usize = 1024;

/// Studies the blocks of a layer, a piece at a time.
pub struct RecurrenceRun {
    cell: &'static CellSpec,
    blocks: Vec<DMatrix<f64>>,
    /// The block that is worked on.
    current: Option<Current>,
    found: Vec<Found>,
}

/// A block that is worked on: for all of its eigenvalues, or for the largest.
enum Current {
    Whole(SpectrumRun),
    Largest(LargestRun),
}

/// What was found of a block.
struct Found {
    spectrum: MatrixSpectrum,
    spectral_radius: f64,
}

impl From<MatrixSpectrum> for Found {
    fn from(spectrum: MatrixSpectrum) -> Self {
        let spectral_radius = spectrum.eigenvalues.first().map_or(0.0, |(re, im)| crate::math::hypot(*re, *im));
        Self { spectrum, spectral_radius }
    }
}

impl From<Largest> for Found {
    fn from(Largest { spectral_radius, spectral_norm, leading }: Largest) -> Self {
        let spectrum = MatrixSpectrum { eigenvalues: leading, spectral_norm, departure: f64::NAN };
        Self { spectrum, spectral_radius }
    }
}

impl RecurrenceRun {
    /// On the blocks of a layer, one for each gate.
    pub fn new(blocks: Vec<DMatrix<f64>>, cell: &'static CellSpec) -> Self {
        Self { cell, blocks, current: None, found: Vec::new() }
    }

    /// Does a piece of it; `false`: there was nothing left to do.
    pub fn advance(&mut self) -> bool {
        let Some(block) = self.blocks.get(self.found.len()) else { return false };
        match &mut self.current {
            None if block.nrows() > LARGEST_WHOLE => {
                self.current = Some(Current::Largest(LargestRun::new(block.nrows())))
            }
            None => match symmetric_spectrum(block) {
                Some(found) => self.found.push(found.into()),
                None => self.current = Some(Current::Whole(SpectrumRun::new(block.clone()))),
            },
            Some(run) => {
                let goes_on = match run {
                    Current::Whole(run) => run.advance(),
                    Current::Largest(run) => run.advance(block),
                };
                if let Some(run) = self.current.take_if(|_| !goes_on) {
                    self.found.push(match run {
                        Current::Whole(run) => run.finish().into(),
                        Current::Largest(run) => run.finish(block).into(),
                    });
                }
            }
        }
        self.found.len() < self.blocks.len()
    }

    /// The share that is done, about.
    pub fn progress(&self) -> f64 {
        let current = match &self.current {
            None => 0.0,
            Some(Current::Whole(run)) => run.progress(),
            Some(Current::Largest(run)) => run.progress(),
        };
        (self.found.len() as f64 + current) / self.blocks.len().max(1) as f64
    }

    /// What was found; what is left is done.
    pub fn finish(mut self) -> RecurrenceStudy {
        while self.advance() {}
        let leading = match (&self.blocks[..], &self.found[..]) {
            ([block], [found]) if block.nrows() <= LARGEST_WHOLE => {
                leading_space(&block.transpose(), &found.spectrum.eigenvalues)
            }
            _ => None,
        };
        let studies = self.found.into_iter().zip(self.cell.blocks).map(|(found, spec)| BlockStudy {
            symbol: spec.symbol,
            spectral_radius: found.spectral_radius,
            eigenvalues: found.spectrum.eigenvalues,
            spectral_norm: found.spectrum.spectral_norm,
            departure: found.spectrum.departure,
        });
        RecurrenceStudy { blocks: studies.collect(), leading }
    }
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
