//! What can be learned: the same short run over a grid of spectral radii and sequence lengths, and what came of each.
//!
//! ```text
//! learned    the mean accuracy of the last 30 of 300 batches is at least 0.95
//! diverged   a number became infinite or not a number
//! exploded   neither; at some update the gradient had grown on its way back, ‖dL/dh_0‖ > ‖dL/dh_T‖
//! vanished   neither; at every update it had shrunk
//! ```
//!
//! A gradient of the linear part alone is multiplied by about |λ₁|^T on its way, and by σ₁^T at most; where these cross 10⁻³ and
//! 10³ is at the radii 10^(∓3/T) ρ/|λ₁| and 10^(∓3/T) ρ/σ₁. How deep a signal travels bounds what can be learned: the
//! trainability depth of Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, "Deep information propagation" (2017), for recurrent
//! networks Chen, Pennington and Schoenholz, "Dynamical isometry and a mean field theory of RNNs" (2018).
mod file;
mod grid;
mod order;
mod run;
mod shipped;

pub use file::{csv, line, read_csv, setting};
pub use grid::{COLUMNS, LENGTHS, POINTS, Point, RADII, ROWS, at};
pub use order::{nearest, next};
pub use run::{Found, Known, Outcome, Run, UPDATES, norm_beside_radius};
pub use shipped::{shipped, text};
