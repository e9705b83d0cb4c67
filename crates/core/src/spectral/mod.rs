//! Symmetric matrices with a chosen spectrum: their powers, power iteration, and alignment with the leading direction.
mod alignment;
mod ensemble;
mod family;
mod haar;
mod polar;
mod power_iteration;
mod powers;
mod probability;
mod symmetric;

pub use alignment::{Alignment, Threshold, align, steps_to_align};
pub use ensemble::{Ensemble, EnsemblePower, ensemble};
pub use family::{Family, spectrum};
pub use haar::haar_orthogonal;
pub use polar::nearest_orthogonal;
pub use power_iteration::{Iterate, power_iteration};
pub use powers::{MatrixPower, Squares, log10_abs_eigenvalues, power, scaled_spectral_power};
pub use probability::{
    Probability, alignment_probability, exact_steps, first_coordinate_density, gap_bound, gap_steps, theorem_steps,
};
pub use symmetric::{SymmetricMatrix, eigenvalues, order_by_magnitude};

pub use crate::vector::{accurate_dot, euclidean_norm};
