//! Matrices that are not symmetric, and products of many: eigenvalues, singular values, Lyapunov exponents.
//!
//! For a symmetric matrix the eigenvalues say everything about its powers. For the Jacobians of a recurrent network they
//! do not: what a product does to a gradient is said by its singular values, and what it does in the long run by its
//! Lyapunov exponents.
mod frame;
mod jacobi;
mod kernels;
mod largest;
mod leading;
mod lyapunov;
mod orthogonal;
mod product;
mod schur;
mod spectrum;

pub use largest::{Largest, LargestRun, leading_symmetric};
pub use leading::{Factors, LeadingRun};
pub use lyapunov::LyapunovExponents;
pub use product::ProductSingularValues;
pub use spectrum::{
    MatrixSpectrum, SpectrumRun, departure_from_normality, eigenvalues, relative_departure_from_normality,
    singular_values, spectral_norm, spectral_radius, symmetric_spectrum,
};
